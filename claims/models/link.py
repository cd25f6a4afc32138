"""How statements bear on claims, and claims on each other."""

from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from articles.dates import VagueDate, vague
from articles.models import UidManager
from claims.models.base import JudgementQuerySet, UidJudgement, is_one_of, sees_desk
from claims.models.claim import Claim

WITHDRAWN_TWIN = "This link exists and is withdrawn: bring it back instead of making it again."


class AppearanceQuerySet(JudgementQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For the public: of a confirmed statement in a published claim."""
        if sees_desk(user):
            return self
        return self.current().filter(
            is_one_of(Claim.objects.visible_to(user), "claim"),
            statement__state="confirmed",
            statement__withdrawn_at=None,
        )


class Appearance(UidJudgement):
    """One statement making, or answering, one claim."""

    class Stance(models.TextChoices):
        """Where the root of the statement stands on the claim."""

        ASSERTS = "asserts", "asserts"
        HEDGES = "hedges", "hedges"
        QUESTIONS = "questions", "questions"
        DENIES = "denies", "denies"

    SAYING = (Stance.ASSERTS, Stance.HEDGES)
    """The stances that make a statement one for the claim, and so count towards its sources."""

    statement = models.ForeignKey("claims.Statement", models.PROTECT, related_name="appearances")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="appearances")
    stance = models.CharField(max_length=10, choices=Stance.choices, default=Stance.ASSERTS)
    start = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Where in the article's text the claim is made, if not in all of the statement.",
    )
    end = models.PositiveIntegerField(null=True, blank=True)

    objects = UidManager.from_queryset(AppearanceQuerySet)()

    class Meta:
        ordering = ["claim", "statement", "id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(withdrawn_at__isnull=False), name="claims_appearance_withdrawn"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "claim"],
                name="claims_appearance_once",
                violation_error_message="This statement is already linked to this claim.",
            ),
            models.CheckConstraint(
                condition=Q(start=None, end=None) | Q(start__lt=F("end")),
                name="claims_appearance_span_not_empty",
                violation_error_message="Give both ends of the span, the start before the end, or neither.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stance_display()}: {self.claim}"

    def get_absolute_url(self) -> str:
        """The statement's place on the page of the claim."""
        return f"{self.claim.get_absolute_url()}#s{self.statement_id}"

    def clean(self) -> None:
        twins = Appearance.objects.exclude(pk=self.pk).exclude(withdrawn_at=None)
        if twins.filter(statement=self.statement_id, claim=self.claim_id).exists():
            raise ValidationError(WITHDRAWN_TWIN)
        if self.start is None or self.end is None or self.statement_id is None:
            return
        if not self.statement.start <= self.start < self.end <= self.statement.end:
            raise ValidationError({"start": "The span does not lie within the statement."})


@dataclass(frozen=True)
class LinkWords:
    """How one kind of cross-reference reads from either end, and its name in CiTO where there is one."""

    forward: str
    inverse: str
    cito: str = ""
    acyclic: bool = False

    @property
    def symmetric(self) -> bool:
        return self.forward == self.inverse


class ClaimLinkQuerySet(JudgementQuerySet):
    def confirmed(self) -> Self:
        return self.current().filter(state="confirmed")

    def visible_to(self, user: Any) -> Self:
        """For the public: confirmed, with both ends visible."""
        if sees_desk(user):
            return self
        visible = Claim.objects.visible_to(user)
        return self.confirmed().filter(is_one_of(visible, "from_claim"), is_one_of(visible, "to_claim"))


class ClaimLink(UidJudgement):
    """One cross-reference between two claims."""

    class Kind(models.TextChoices):
        SAME_AS = "same_as", "same as"
        CONTRADICTS = "contradicts", "contradicts"
        DISPUTES = "disputes", "disputes"
        NARROWER = "narrower", "narrower than"
        UPDATES = "updates", "updates"
        SUPPORTS = "supports", "supports"
        QUALIFIES = "qualifies", "qualifies"
        RESPONDS_TO = "responds_to", "responds to"

    class State(models.TextChoices):
        SUGGESTED = "suggested", "suggested"
        CONFIRMED = "confirmed", "confirmed"
        REJECTED = "rejected", "rejected"

    WORDS = {
        Kind.SAME_AS: LinkWords("same as", "same as"),
        Kind.CONTRADICTS: LinkWords("contradicts", "contradicts"),
        Kind.DISPUTES: LinkWords("disputes", "disputed by", "disputes"),
        Kind.NARROWER: LinkWords("narrower than", "broader than", acyclic=True),
        Kind.UPDATES: LinkWords("updates", "updated by", "updates", acyclic=True),
        Kind.SUPPORTS: LinkWords("supports", "supported by", "supports"),
        Kind.QUALIFIES: LinkWords("qualifies", "qualified by", "qualifies"),
        Kind.RESPONDS_TO: LinkWords("responds to", "has response", "repliesTo"),
    }

    from_claim = models.ForeignKey(Claim, models.PROTECT, related_name="links_out")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    to_claim = models.ForeignKey(Claim, models.PROTECT, related_name="links_in")
    note = models.TextField("reason", max_length=2000, blank=True, help_text="Why the two claims relate so.")
    drawn_by = models.ForeignKey(
        "claims.Statement",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="links_drawn",
        help_text="The statement that draws the link itself. Empty: the desk drew it.",
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.CONFIRMED)
    method = models.CharField(max_length=50, blank=True, editable=False)
    score = models.FloatField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UidManager.from_queryset(ClaimLinkQuerySet)()

    class Meta:
        verbose_name = "cross-reference"
        ordering = ["kind", "from_claim", "to_claim", "id"]
        indexes = [
            # The work list: suggested cross-references.
            models.Index(fields=["state", "id", "withdrawn_at"], name="claims_link_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["from_claim", "to_claim", "kind"],
                name="claims_link_once",
                violation_error_message="These two claims are already linked in this way.",
            ),
            models.CheckConstraint(
                condition=~Q(from_claim=F("to_claim")),
                name="claims_link_not_to_itself",
                violation_error_message="A claim cannot be linked to itself.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["same_as", "contradicts"]) | Q(from_claim__lt=F("to_claim")),
                name="claims_link_symmetric_lower_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_claim} {self.words.forward} {self.to_claim}"

    def get_absolute_url(self) -> str:
        """The cross-references on the page of the claim that it leads from."""
        return f"{self.from_claim.get_absolute_url()}#cross-references"

    @property
    def words(self) -> LinkWords:
        return self.WORDS[self.Kind(self.kind)]

    def words_from(self, claim_id: int) -> str:
        """How the link reads on the page of one of its ends: "disputes" or "disputed by"."""
        return self.words.forward if claim_id == self.from_claim_id else self.words.inverse

    def other_end(self, claim_id: int) -> Claim:
        return self.to_claim if claim_id == self.from_claim_id else self.from_claim

    def put_in_order(self) -> None:
        """Store a symmetric link from the lower number to the higher, so that it exists once."""
        both_given = self.kind and self.from_claim_id and self.to_claim_id
        if both_given and self.words.symmetric and self.from_claim_id > self.to_claim_id:
            self.from_claim, self.to_claim = self.to_claim, self.from_claim

    def clean(self) -> None:
        if not (self.kind and self.from_claim_id and self.to_claim_id):
            return
        self.put_in_order()
        twins = ClaimLink.objects.exclude(pk=self.pk).exclude(withdrawn_at=None)
        if twins.filter(from_claim=self.from_claim, kind=self.kind, to_claim=self.to_claim).exists():
            raise ValidationError(WITHDRAWN_TWIN)
        if self.kind == self.Kind.CONTRADICTS and not overlap_in_time(self.from_claim, self.to_claim):
            raise ValidationError(
                {"kind": "The two claims are about different times, so they do not contradict: use “updates”."}
            )
        self.refuse_circle()

    def refuse_circle(self) -> None:
        """Raise ``ValidationError`` where a link of a kind without circles would close one."""
        counts = self.withdrawn_at is None and self.state != self.State.REJECTED
        if counts and self.words.acyclic and self.closes_a_circle():
            raise ValidationError(
                {"to_claim": f"The other claim is already {self.words.forward} this one, directly or through others."}
            )

    def closes_a_circle(self) -> bool:
        """Whether following links of this kind from ``to_claim`` leads to ``from_claim``. One query a step."""
        links = ClaimLink.objects.current().filter(kind=self.kind).exclude(state=self.State.REJECTED)
        seen: set[int] = set()
        frontier = {self.to_claim_id}
        while frontier:
            if self.from_claim_id in frontier:
                return True
            seen |= frontier
            ahead = links.exclude(pk=self.pk).filter(from_claim__in=frontier)
            frontier = set(ahead.values_list("to_claim_id", flat=True)) - seen
        return False

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the link in its order; raises ``ValidationError`` where it would close a circle."""
        self.put_in_order()
        self.refuse_circle()
        fields = kwargs.get("update_fields")
        if fields is not None and {"kind", "from_claim", "to_claim", "from_claim_id", "to_claim_id"} & set(fields):
            kwargs["update_fields"] = {*fields, "from_claim", "to_claim"} - {"from_claim_id", "to_claim_id"}
        super().save(*args, **kwargs)


def overlap_in_time(one: Claim, other: Claim) -> bool:
    """Whether what two claims are about overlaps in time. No start is any time before; a start without an end
    is that day, month or year alone."""

    def after(start: VagueDate | None, end: VagueDate | None) -> bool:
        return bool(start and end and start.on > end.end)

    starts = [vague(claim.about_from, claim.about_precision) for claim in (one, other)]
    ends = [
        vague(claim.about_to, claim.about_precision) or vague(claim.about_from, claim.about_precision)
        for claim in (one, other)
    ]
    return not after(starts[0], ends[1]) and not after(starts[1], ends[0])

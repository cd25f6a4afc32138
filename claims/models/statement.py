"""Who said what, according to whom: statements, and the chain of attribution on each."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Greatest, Least, Substr

from articles import text as texts
from articles.dates import DatePrecision, VagueDate, vague
from articles.models import ArticleVersion, UidManager, refuse_loop
from claims.models.base import Judgement, JudgementQuerySet, UidJudgement, is_one_of, sees_desk
from claims.models.link import Appearance


class Commitment(models.TextChoices):
    """How far a relay commits itself to what it passes on: FactBank's scale."""

    CERTAIN = "CT+", "certain"
    PROBABLE = "PR+", "probable"
    POSSIBLE = "PS+", "possible"
    CERTAINLY_NOT = "CT-", "denied"
    PROBABLY_NOT = "PR-", "probably not"
    POSSIBLY_NOT = "PS-", "possibly not"
    CERTAIN_UNKNOWN = "CTu", "certain, not known which way"
    NOT_COMMITTED = "Uu", "not committed"


class QuotationType(models.TextChoices):
    """In what form words are given; ``own`` is an article speaking for itself."""

    DIRECT = "direct", "direct"
    INDIRECT = "indirect", "indirect"
    MIXED = "mixed", "mixed"
    BLOCK = "block", "block"
    OWN = "own", "own words"


class StatementQuerySet(JudgementQuerySet):
    def confirmed(self) -> Self:
        return self.current().filter(state=Statement.State.CONFIRMED)

    def visible_to(self, user: Any) -> Self:
        """For the public: confirmed, and made or answered in a published claim."""
        if sees_desk(user):
            return self
        shown = Appearance.objects.visible_to(user).filter(statement=OuterRef("pk"))
        return self.confirmed().filter(Exists(shown))

    def proposed(self) -> Self:
        """What programs proposed, decided on or not."""
        return self.current().filter(confidence__isnull=False)

    def unlinked(self) -> Self:
        """Confirmed, and neither made nor answered in any claim yet."""
        return self.confirmed().filter(unlinked=True)

    def with_chains(self) -> Self:
        """With all that ``represent.chain_of`` reads: two queries for any number of statements."""
        hops = Attribution.objects.current().select_related("source", "addressee", "role__organisation")
        return (
            self.select_related(
                "version__article__publisher",
                "version__article__republishes__publisher",
                "version__article__republishes__republishes__publisher",
            )
            .defer("version__text")
            .prefetch_related(Prefetch("attributions", hops))
        )

    def misplaced(self) -> Self:
        """Statements whose stored words are not the text at their span. Empty, unless something wrote
        behind the doors: forms check each row, imports and ``loaddata`` ask this once."""
        room = texts.CONTEXT_CHARS
        text = F("version__text")
        return self.exclude(
            exact=Substr(text, F("start") + 1, F("end") - F("start")),
            prefix=Substr(text, Greatest(F("start") - room, 0) + 1, Least(F("start"), room)),
            suffix=Substr(text, F("end") + 1, room),
        )


class Statement(UidJudgement):
    """One act of saying, as one version of an article records it."""

    class State(models.TextChoices):
        SUGGESTED = "suggested", "suggested"
        CONFIRMED = "confirmed", "confirmed"
        REJECTED = "rejected", "rejected"

    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="statements")
    start = models.PositiveIntegerField(help_text="In Unicode code points from the start of the text.")
    end = models.PositiveIntegerField(help_text="The first code point after the statement.")
    exact = models.TextField("words", help_text="The text at the span, letter by letter.")
    prefix = models.CharField(max_length=texts.CONTEXT_CHARS, blank=True, editable=False)
    suffix = models.CharField(max_length=texts.CONTEXT_CHARS, blank=True, editable=False)
    gaps = models.JSONField(
        default=list, blank=True, help_text="Stretches that are not the voice's words: [[start, end], …] in the text."
    )
    words = models.JSONField(
        "words verbatim",
        default=list,
        blank=True,
        help_text="In a mixed statement the stretches that are verbatim: [[start, end], …] in the text.",
    )
    occasion = models.ForeignKey("claims.Occasion", models.PROTECT, null=True, blank=True, related_name="statements")
    commitment = models.CharField(
        "the article's commitment", max_length=3, choices=Commitment.choices, default=Commitment.NOT_COMMITTED
    )
    derived_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="derived",
        help_text="The statement in the report that this one was taken from.",
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.CONFIRMED)
    method = models.CharField(max_length=50, blank=True, editable=False)
    confidence = models.FloatField(
        null=True, blank=True, editable=False, validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    proposed = models.JSONField(null=True, blank=True, editable=False, help_text="What the program proposed.")
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
    corrected = models.BooleanField(
        default=False, editable=False, help_text="What was confirmed is not what the program proposed."
    )
    reason = models.CharField("reason for the decision", max_length=500, blank=True)

    # Read off the chain and the links by provenance.refresh; never typed.
    DERIVED = ("depth", "quotation_type", "broken", "undated", "relay_not_captured", "unlinked")
    depth = models.PositiveSmallIntegerField(default=0, editable=False)
    quotation_type = models.CharField(max_length=10, choices=QuotationType.choices, blank=True, editable=False)
    broken = models.BooleanField(default=True, editable=False, help_text="An empty source or a missing position.")
    undated = models.BooleanField(default=True, editable=False, help_text="Nobody says when the root said it.")
    relay_not_captured = models.BooleanField(
        default=False, editable=False, help_text="It came through a relay whose own report is not stored."
    )
    unlinked = models.BooleanField(default=True, editable=False, help_text="It neither makes nor answers a claim.")

    objects = UidManager.from_queryset(StatementQuerySet)()

    class Meta:
        ordering = ["version", "start", "id"]
        indexes = [
            # The work lists: suggested statements, those that no claim links, broken chains.
            # With ``withdrawn_at`` in the index, rows are counted without being read.
            models.Index(fields=["state", "id", "withdrawn_at"], name="claims_statement_state"),
            models.Index(
                fields=["state", "id"],
                condition=Q(withdrawn_at=None, unlinked=True),
                name="claims_statement_unlinked",
            ),
            models.Index(
                fields=["state", "id"], condition=Q(withdrawn_at=None, broken=True), name="claims_statement_broken"
            ),
            models.Index(fields=["id"], condition=Q(withdrawn_at__isnull=False), name="claims_statement_withdrawn"),
            # What programs proposed, and what became of it: their precision, and the export of decisions.
            models.Index(
                fields=["method", "state", "confidence", "corrected"],
                condition=Q(withdrawn_at=None, confidence__isnull=False),
                name="claims_statement_proposed",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__lt=F("end")),
                name="claims_statement_span_not_empty",
                violation_error_message="The span ends before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(derived_from=None) | ~Q(derived_from=F("id")),
                name="claims_statement_not_from_itself",
                violation_error_message="A statement cannot be taken from itself.",
            ),
        ]

    def __str__(self) -> str:
        words = " ".join(self.exact.split())
        return words if len(words) <= 90 else f"{words[:89].rstrip()}…"

    def get_absolute_url(self) -> str:
        """The statement's place in its article."""
        return f"{self.version.get_absolute_url()}#s{self.pk}"

    def clean(self) -> None:
        self.place()
        check_stretches(self, "gaps")
        check_stretches(self, "words")
        refuse_loop(self, "A statement cannot be taken from itself, not even through others.", "derived_from")
        if self.pk:
            self.stay_where_decided()
            self.keep_appearances()

    def stay_where_decided(self) -> None:
        """Raise ``ValidationError`` where a statement that was decided on would move, or become a suggestion
        again: where it was first recorded never changes."""
        recorded = ("version_id", "start", "end", "exact")
        decided = Statement._base_manager.filter(pk=self.pk).exclude(state=Statement.State.SUGGESTED)
        stored = decided.values(*recorded).first()
        if not stored:
            return
        if self.state == Statement.State.SUGGESTED:
            raise ValidationError({"state": "This was decided on already: confirm, reject or withdraw it."})
        if any(getattr(self, column) != value for column, value in stored.items()):
            raise ValidationError(
                "Where a statement stands never changes once it is decided on: withdraw this one and record another."
            )

    def keep_appearances(self) -> None:
        """Raise ``ValidationError`` where the part of the statement that makes a claim would lie outside it."""
        if self.start is None or self.end is None:
            return
        outside = self.appearances.current().filter(Q(start__lt=self.start) | Q(end__gt=self.end))
        if outside.exists():
            raise ValidationError("A claim is made in a part of the text that is not in this span: change that first.")

    def place(self) -> None:
        """Fill in the context of the span; raise ``ValidationError`` where its words are not the text's."""
        if self.version_id is None or self.start is None or self.end is None:
            return
        try:
            around = texts.context(self.version.text, self.start, self.end)
        except ValueError as error:
            raise ValidationError({"end": f"Not a place in this text: {error}."}) from error
        if self.exact != around.exact:
            raise ValidationError(
                {"exact": f"The text at {self.start}–{self.end} reads “{shorten(around.exact)}”, not these words."}
            )
        self.prefix, self.suffix = around.prefix, around.suffix

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the statement; raises ``ValidationError`` where its words are not the text at its span."""
        fields = kwargs.get("update_fields")
        if fields is None or PLACE & set(fields):
            self.place()
            check_stretches(self, "gaps")
            check_stretches(self, "words")
            if fields is not None:
                kwargs["update_fields"] = PLACE.union(fields) - {"version_id"}
        super().save(*args, **kwargs)


PLACE = frozenset({"version", "version_id", "start", "end", "exact", "prefix", "suffix", "gaps", "words"})
"""The columns that say where a statement stands. They hold together, so they are written together."""


def shorten(words: str, size: int = 60) -> str:
    """``words`` on one line, cut with an ellipsis where longer than ``size``."""
    line = " ".join(words.split())
    return line if len(line) <= size else f"{line[: size - 1]}…"


def check_stretches(statement: Statement, field: str) -> None:
    """Raise ``ValidationError`` where ``field`` is not a list of ordered spans within the statement."""
    if statement.start is None or statement.end is None:
        return
    stretches, at = getattr(statement, field), statement.start
    try:
        if not isinstance(stretches, list):
            raise TypeError
        for start, end in stretches:
            if not (type(start) is int and type(end) is int and at <= start < end <= statement.end):
                raise ValueError
            at = end
    except (TypeError, ValueError) as error:
        raise ValidationError(
            {field: f"Give [[start, end], …], in order, within {statement.start}–{statement.end}."}
        ) from error


class AttributionManager(models.Manager):
    def get_by_natural_key(self, statement: str, position: int, source: str | None) -> Any:
        chosen = {"source": None} if source is None else {"source__slug": source}
        return self.get(statement__uid=statement, position=position, **chosen)


class AttributionQuerySet(JudgementQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For the public: the hops of visible statements."""
        if sees_desk(user):
            return self
        return self.current().filter(is_one_of(Statement.objects.visible_to(user), "statement"))


class Attribution(Judgement):
    """One voice at one hop of a statement's chain. Position 0 is the root; rows that share a position
    are one joint act; an empty source means that nobody is named."""

    class SourcingTerms(models.TextChoices):
        ON_THE_RECORD = "on_the_record", "on the record"
        BACKGROUND = "background", "background"
        DEEP_BACKGROUND = "deep_background", "deep background"
        OFF_THE_RECORD = "off_the_record", "off the record"
        NOT_STATED = "not_stated", "not stated"

    class Reliability(models.TextChoices):
        """Admiralty code, the source."""

        A = "A", "A – completely reliable"
        B = "B", "B – usually reliable"
        C = "C", "C – fairly reliable"
        D = "D", "D – not usually reliable"
        E = "E", "E – unreliable"
        F = "F", "F – cannot be judged"

    class Credibility(models.IntegerChoices):
        """Admiralty code, the information."""

        CONFIRMED = 1, "1 – confirmed by others"
        PROBABLY_TRUE = 2, "2 – probably true"
        POSSIBLY_TRUE = 3, "3 – possibly true"
        DOUBTFUL = 4, "4 – doubtful"
        IMPROBABLE = 5, "5 – improbable"
        CANNOT_BE_JUDGED = 6, "6 – cannot be judged"

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="attributions")
    position = models.PositiveSmallIntegerField(
        default=0, help_text="0 is the root; each relay towards the article is one more. Joint voices share a number."
    )
    source = models.ForeignKey(
        "claims.Source",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attributions",
        help_text="Empty: nobody is named.",
    )
    as_named = models.CharField(max_length=300, blank=True, help_text="How the text names the source.")
    uncertain = models.BooleanField(default=False, help_text="It is not certain that this source is meant.")
    role = models.ForeignKey(
        "claims.SourceRole", models.PROTECT, null=True, blank=True, related_name="+", help_text="The role held then."
    )
    addressee = models.ForeignKey(
        "claims.Source", models.PROTECT, null=True, blank=True, related_name="addressed_in", help_text="Who was told."
    )
    cue = models.CharField(max_length=200, blank=True, help_text="The words that introduce this hop: “told reporters”.")
    quotation_type = models.CharField(max_length=10, choices=QuotationType.choices, default=QuotationType.DIRECT)
    commitment = models.CharField(max_length=3, choices=Commitment.choices, default=Commitment.NOT_COMMITTED)
    sourcing_terms = models.CharField(max_length=20, choices=SourcingTerms.choices, default=SourcingTerms.NOT_STATED)
    said_on = models.DateField(null=True, blank=True, help_text="Where there is no occasion.")
    said_on_precision = models.CharField(max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY)
    said_on_as_given = models.CharField(max_length=100, blank=True, help_text="As the text gives it: “Tuesday”.")
    reliability = models.CharField(
        "source reliability", max_length=1, choices=Reliability.choices, blank=True, help_text="For the desk only."
    )
    credibility = models.PositiveSmallIntegerField(
        "information credibility", choices=Credibility.choices, null=True, blank=True, help_text="For the desk only."
    )

    objects = AttributionManager.from_queryset(AttributionQuerySet)()

    class Meta:
        verbose_name = "hop"
        ordering = ["statement", "position", "id"]
        indexes = [
            # Claims by source and its place in the chain.
            models.Index(fields=["source", "position", "statement"], name="claims_attribution_place"),
            models.Index(fields=["id"], condition=Q(withdrawn_at__isnull=False), name="claims_attribution_withdrawn"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "position", "source"],
                name="claims_attribution_voice_once_a_hop",
                violation_error_message="This source already stands at this place of the chain.",
            ),
            models.UniqueConstraint(
                fields=["statement", "position"],
                condition=Q(source=None),
                name="claims_attribution_nobody_once_a_hop",
                violation_error_message="This place of the chain already has an empty source.",
            ),
            models.CheckConstraint(
                condition=~Q(quotation_type="own") | Q(position=0, cue=""),
                name="claims_attribution_own_words_at_root",
                violation_error_message="An article's own words are a chain of one hop, without a cue.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.source or self.as_named or 'nobody named'}"

    def natural_key(self) -> tuple[str, int, str | None]:
        return (str(self.statement.uid), self.position, self.source.slug if self.source else None)

    natural_key.dependencies = ["claims.statement", "claims.source"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        """The place of its statement."""
        return self.statement.get_absolute_url()

    def clean(self) -> None:
        if self.role_id and self.source_id and self.role and self.role.source_id != self.source_id:
            raise ValidationError({"role": "This role belongs to another source."})

    @property
    def said(self) -> VagueDate | None:
        return vague(self.said_on, self.said_on_precision)

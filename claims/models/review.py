"""What reviewers concluded, on which scale, and from which evidence."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from articles.dates import DatePrecision, VagueDate, vague
from articles.models import Article, LanguageField, Publisher, SlugManager, UidManager, WebURLField
from claims.models.base import Judgement, JudgementQuerySet, UidJudgement, is_one_of, sees_desk
from claims.models.claim import Claim, Verdict
from claims.models.link import Appearance
from claims.models.statement import Statement


class RatingScaleQuerySet(JudgementQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For the public: the scales of visible ratings."""
        if sees_desk(user):
            return self
        return self.current().filter(pk__in=RatingLevel.objects.visible_to(user).values("scale"))


class RatingScale(Judgement):
    """One reviewer's scale of ratings, or one that several share."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100, unique=True)
    definition = models.TextField(blank=True)

    objects = SlugManager.from_queryset(RatingScaleQuerySet)()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class RatingLevelQuerySet(JudgementQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For the public: what visible reviews conclude."""
        if sees_desk(user):
            return self
        return self.current().filter(pk__in=Review.objects.visible_to(user).values("rating"))


class RatingLevelManager(models.Manager):
    def get_by_natural_key(self, scale: str, slug: str) -> Any:
        return self.get(scale__slug=scale, slug=slug)


class RatingLevel(Judgement):
    """One step of a rating scale."""

    scale = models.ForeignKey(RatingScale, models.PROTECT, related_name="levels")
    label = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100)
    value = models.IntegerField(help_text="Where the level stands on its scale; higher is truer.")
    normalised = models.CharField(max_length=10, choices=Verdict.choices, help_text="What the level amounts to.")

    objects = RatingLevelManager.from_queryset(RatingLevelQuerySet)()

    class Meta:
        ordering = ["scale", "-value", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["scale", "slug"],
                name="claims_level_once_a_scale",
                violation_error_message="The scale already has a level of that name.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def natural_key(self) -> tuple[str, str]:
        return (self.scale.slug, self.slug)

    natural_key.dependencies = ["claims.ratingscale"]  # type: ignore[attr-defined]


class Subject(models.TextChoices):
    """What a review or a piece of evidence is about: is it true, or was it said?"""

    CONTENT = "content", "is it true?"
    ATTRIBUTION = "attribution", "did they say it?"


class OnClaimQuerySet(JudgementQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For the public: on a published claim, and where a statement is meant, on a visible one."""
        if sees_desk(user):
            return self
        return self.current().filter(
            Q(statement=None) | is_one_of(Statement.objects.visible_to(user), "statement"),
            is_one_of(Claim.objects.visible_to(user), "claim"),
        )


class OnClaim(UidJudgement):
    """A row about one claim, or about whether one of its statements was made."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="%(class)ss")
    subject = models.CharField(max_length=12, choices=Subject.choices, default=Subject.CONTENT)
    statement = models.ForeignKey(
        Statement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        help_text="The statement in question, where the subject is whether it was made.",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject="attribution") | Q(statement__isnull=False),
                name="claims_%(class)s_on_attribution_has_statement",
                violation_error_message="Choose the statement whose attribution is in question.",
            ),
        ]

    def clean(self) -> None:
        if self.subject != Subject.ATTRIBUTION:
            return
        if not self.statement_id:
            raise ValidationError({"statement": "Choose the statement whose attribution is in question."})
        if self.claim_id and not self._made_by_statement():
            raise ValidationError({"statement": "This statement is not linked to this claim: link it first."})

    def _made_by_statement(self) -> bool:
        return Appearance.objects.current().filter(claim=self.claim_id, statement=self.statement_id).exists()


class Evidence(OnClaim):
    """One document for or against a claim, or on whether a statement was made."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", "supports"
        REFUTES = "refutes", "refutes"
        CONTEXT = "context", "gives context"

    stance = models.CharField(max_length=10, choices=Stance.choices, default=Stance.CONTEXT)
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="evidence")
    url = WebURLField("address", blank=True)
    excerpt = models.TextField(max_length=10_000, blank=True)
    note = models.TextField(max_length=5000, blank=True)
    archive_url = WebURLField("archived copy", blank=True)

    objects = UidManager.from_queryset(OnClaimQuerySet)()

    class Meta(OnClaim.Meta):
        verbose_name_plural = "evidence"
        ordering = ["claim", "id"]
        constraints = [
            *OnClaim.Meta.constraints,
            models.CheckConstraint(
                condition=Q(article__isnull=False) | ~Q(url=""),
                name="claims_evidence_is_somewhere",
                violation_error_message="Give an article or an address.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stance_display()}: {self.article or self.url}"

    def get_absolute_url(self) -> str:
        """The evidence on the page of its claim."""
        return f"{self.claim.get_absolute_url()}#evidence"


class ReviewQuerySet(OnClaimQuerySet):
    def published(self) -> Self:
        return self.current().filter(state=Review.State.PUBLISHED)

    def visible_to(self, user: Any) -> Self:
        """For the public: published reviews of what they may see."""
        visible = super().visible_to(user)
        return visible if sees_desk(user) else visible.published()


class Review(OnClaim):
    """One reviewer's conclusion on a claim's content, or on whether a statement was made."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        PUBLISHED = "published", "published"

    reviewer = models.ForeignKey(Publisher, models.PROTECT, related_name="reviews")
    url = WebURLField("address", blank=True)
    headline = models.CharField(max_length=300, blank=True)
    explanation = models.TextField(max_length=20_000, blank=True, help_text="Markdown.")
    rating = models.ForeignKey(RatingLevel, models.PROTECT, null=True, blank=True, related_name="reviews")
    textual_rating = models.CharField(max_length=200, blank=True, help_text="As the reviewer words it.")
    reviewed_on = models.DateField(null=True, blank=True)
    reviewed_on_precision = models.CharField(max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY)
    language = LanguageField(default="en")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    raw = models.JSONField(null=True, blank=True, editable=False, help_text="What was imported, as it came.")

    objects = UidManager.from_queryset(ReviewQuerySet)()

    class Meta(OnClaim.Meta):
        ordering = ["claim", F("reviewed_on").desc(nulls_last=True), "-id"]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.rating or self.textual_rating or 'no rating'}"

    def get_absolute_url(self) -> str:
        """The reviews on the page of its claim."""
        return f"{self.claim.get_absolute_url()}#reviews"

    @property
    def reviewed(self) -> VagueDate | None:
        return vague(self.reviewed_on, self.reviewed_on_precision)

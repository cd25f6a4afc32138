"""What statements amount to: claims, the tags on them, and how claims and statements relate."""

import datetime as dt
from functools import cache
from typing import Any, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.text import slugify

from articles.dates import DatePrecision, VagueDate, vague
from articles.models import LanguageField, Mergeable, SlugManager, UidManager, refuse_loop
from articles.search.entry import Matches
from articles.search.expression import ALL, Expression
from claims.models.base import Judgement, JudgementQuerySet, UidJudgement, sees_desk
from claims.models.term import is_public_in
from claims.search.terms import Facet

UNKNOWN_RANK = dt.date(1, 1, 1)
"""Where the list by date puts a claim that nobody knows the date of: last."""

NEWEST = (F("first_said_rank").desc(), F("id").desc())


class Verdict(models.TextChoices):
    """What every rating scale is mapped to, so that reviewers' conclusions compare."""

    TRUE = "true", "true"
    MIXTURE = "mixture", "mixture"
    FALSE = "false", "false"
    OTHER = "other", "other"


class TagQuerySet(JudgementQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For the public: tags of visible claims, and the tags above those."""
        return self if sees_desk(user) else self.current().filter(is_public_in(Facet.TAG))

    def with_subtree(self, tag: "Tag") -> Self:
        """``tag`` and every tag below it."""
        return self.filter(path__startswith=tag.path)


class Tag(Mergeable, Judgement):
    """One topic, place or technique that claims are filed under. Tags form a tree."""

    class Kind(models.TextChoices):
        TOPIC = "topic", "topic"
        PLACE = "place", "place"
        TECHNIQUE = "technique", "technique"

    DERIVED = ("path",)

    name = models.CharField(max_length=100)
    slug = models.SlugField(
        max_length=100,
        unique=True,
        validators=[RegexValidator(r"^[-a-z0-9_]+\Z", "Use lower-case letters, digits, hyphens and underscores.")],
        help_text="Lower case, so that paths read the same in every database.",
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TOPIC)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    definition = models.TextField(blank=True)
    path = models.CharField(
        max_length=1000,
        editable=False,
        blank=True,
        help_text="The slugs from the top of the tree, each with a slash behind it. Derived.",
    )

    objects = SlugManager.from_queryset(TagQuerySet)()

    class Meta:
        ordering = ["path", "id"]
        permissions = [("merge_tag", "Can merge tags")]
        indexes = [
            # A tag with its subtree: path LIKE 'nato/%' on PostgreSQL under any collation.
            models.Index(fields=["path"], name="claims_tag_path", opclasses=["varchar_pattern_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="claims_tag_not_its_own_parent",
                violation_error_message="A tag cannot stand below itself.",
            ),
            # Every path would begin with an empty one.
            models.CheckConstraint(condition=~Q(path=""), name="claims_tag_has_a_path"),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return reverse("tag_detail", args=[self.slug])

    def clean(self) -> None:
        refuse_loop(self, "A tag cannot stand below itself, not even through others.", "parent")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the tag; a new one at its place. ``provenance.refresh`` moves what stands already."""
        if self._state.adding:
            self.path = f"{self.parent.path if self.parent else ''}{self.slug}/"
        super().save(*args, **kwargs)

    @property
    def level(self) -> int:
        """How deep in the tree the tag stands: 0 at the top."""
        return self.path.count("/") - 1


@cache
def _folder() -> str:
    """Where claims have their addresses. Found once: a list shows fifty of them."""
    return reverse("claim_list")


class ClaimQuerySet(JudgementQuerySet):
    def published(self) -> Self:
        return self.current().filter(published_at__isnull=False)

    def visible_to(self, user: Any) -> Self:
        """For the public: published and not withdrawn. A role sees all."""
        return self if sees_desk(user) else self.published()

    def about(self, *tags: Tag) -> Self:
        """Filed under any of ``tags`` or a tag below one of them."""
        under = Q()
        for tag in tags:
            under |= Q(path__startswith=tag.path)
        filed = Claim.tags.through.objects.filter(claim=OuterRef("pk"), tag__in=Tag.objects.filter(under))
        return self.filter(Exists(filed))

    def matching(self, wanted: Expression) -> Self:
        """Claims with words or terms that are looked for, as ``language.parse`` and ``search.terms`` make them:
        in the claim, its statements, and the names of its sources, tags and publishers."""
        return self if wanted == ALL else self.filter(Matches("entry__key", wanted))

    def newest_first(self) -> Self:
        """By when the claim was first said, the newest first, unknown last."""
        return self.order_by("-first_said_rank", "-id")


class Claim(Mergeable, UidJudgement):
    """One proposition that statements make, worded affirmatively in the desk's own words."""

    class Kind(models.TextChoices):
        FACT = "fact", "fact"
        FIGURE = "figure", "figure"
        PREDICTION = "prediction", "prediction"
        PROMISE = "promise", "promise"
        DEMAND = "demand", "demand"
        ALLEGATION = "allegation", "allegation"
        OPINION = "opinion", "opinion"

    class Status(models.TextChoices):
        NEW = "new", "new"
        IN_PROGRESS = "in_progress", "in progress"
        IN_REVIEW = "in_review", "in review"
        PUBLISHED = "published", "published"
        CLOSED = "closed", "closed"

    class Priority(models.IntegerChoices):
        LOW = 1, "low"
        NORMAL = 2, "normal"
        HIGH = 3, "high"
        URGENT = 4, "urgent"

    class Qualifier(models.TextChoices):
        EXACTLY = "exactly", "exactly"
        ABOUT = "about", "about"
        AT_LEAST = "at_least", "at least"
        AT_MOST = "at_most", "at most"
        NEARLY = "nearly", "nearly"
        MORE_THAN = "more_than", "more than"
        LESS_THAN = "less_than", "less than"

    text = models.TextField(max_length=2000, help_text="One proposition, worded affirmatively in the desk's own words.")
    short_text = models.CharField(max_length=75, help_text="The same in 75 characters or fewer, for lists and exports.")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.FACT)
    tags = models.ManyToManyField(Tag, blank=True, related_name="claims")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.NEW, editable=False)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, db_index=False, related_name="assigned_claims"
    )
    due_on = models.DateField(
        null=True,
        blank=True,
        help_text="When to look at the claim again. A promise, a prediction or a figure is due again once it is out.",
    )
    language = LanguageField(default="en")
    about_from = models.DateField(null=True, blank=True, help_text="The time that the claim is about, from.")
    about_to = models.DateField(null=True, blank=True)
    about_precision = models.CharField(max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY)
    figure_low = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    figure_high = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    unit = models.CharField(max_length=50, blank=True)
    qualifier = models.CharField(max_length=10, choices=Qualifier.choices, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    # Read off the chains and the reviews by provenance.refresh; never typed.
    DERIVED = (
        *("independent_sources", "unnamed_sources", "denied_by", "circular", "statement_count", "verdict"),
        *("first_statement", "first_said_on", "first_said_precision", "first_said_is_by", "first_said_rank"),
        *("first_published_on", "first_published_precision", "first_published_is_by"),
    )
    independent_sources = models.PositiveIntegerField(default=0, editable=False)
    unnamed_sources = models.PositiveIntegerField(default=0, editable=False, help_text="Of the independent sources.")
    denied_by = models.PositiveIntegerField(default=0, editable=False)
    circular = models.BooleanField(default=False, editable=False)
    statement_count = models.PositiveIntegerField(default=0, editable=False)
    first_statement = models.ForeignKey(
        "claims.Statement", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    first_said_on = models.DateField(null=True, blank=True, editable=False)
    first_said_precision = models.CharField(
        max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY, editable=False
    )
    first_said_is_by = models.BooleanField(default=False, editable=False)
    first_said_rank = models.DateField(
        default=UNKNOWN_RANK,
        editable=False,
        help_text="The end of the interval of first said; the year 1 where unknown.",
    )
    first_published_on = models.DateField(null=True, blank=True, editable=False)
    first_published_precision = models.CharField(
        max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY, editable=False
    )
    first_published_is_by = models.BooleanField(default=False, editable=False)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True, editable=False)

    objects = UidManager.from_queryset(ClaimQuerySet)()

    class Meta:
        ordering = ["-first_said_rank", "-id"]
        indexes = [
            # The desk's list, newest first, whole and behind what its work is filtered and ordered by. With
            # ``withdrawn_at`` in the index, rows are counted without being read.
            models.Index(*NEWEST, name="claims_claim_newest"),
            models.Index(F("status"), *NEWEST, F("withdrawn_at"), name="claims_claim_status_newest"),
            models.Index(F("priority").desc(), *NEWEST, F("withdrawn_at"), name="claims_claim_priority_newest"),
            models.Index(
                F("assignee"),
                *NEWEST,
                condition=Q(withdrawn_at=None, assignee__isnull=False),
                name="claims_claim_assigned_newest",
            ),
            models.Index(
                fields=["due_on"], condition=Q(withdrawn_at=None, due_on__isnull=False), name="claims_claim_due"
            ),
            models.Index(*NEWEST, condition=Q(withdrawn_at__isnull=False), name="claims_claim_withdrawn"),
            # What the public may see, newest first.
            models.Index(
                *NEWEST, condition=Q(withdrawn_at=None, published_at__isnull=False), name="claims_claim_public_newest"
            ),
            # The feed.
            models.Index(
                fields=["-published_at", "-updated_at", "-id"],
                condition=Q(withdrawn_at=None, published_at__isnull=False),
                name="claims_claim_published",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(about_from=None) | Q(about_to=None) | Q(about_from__lte=F("about_to")),
                name="claims_claim_about_from_before_to",
                violation_error_message="The time that the claim is about ends before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(figure_low=None) | Q(figure_high=None) | Q(figure_low__lte=F("figure_high")),
                name="claims_claim_figure_low_to_high",
                violation_error_message="The lower figure is above the higher one.",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="claims_claim_published_has_date",
            ),
        ]
        permissions = [
            ("see_desk", "Can read the whole of the desk's record"),
            ("move_claim", "Can change a claim's status short of publishing"),
            ("publish_claim", "Can publish, close and reopen claims"),
            ("merge_claim", "Can merge claims"),
            ("undo_others", "Can undo what others saved"),
        ]

    def __str__(self) -> str:
        return self.short_text

    def get_absolute_url(self) -> str:
        return f"{_folder()}{self.pk}-{self.slug}/"

    @property
    def slug(self) -> str:
        """The readable half of the claim's address; the number alone finds the claim."""
        return slugify(self.short_text) or "claim"

    @property
    def single_source(self) -> bool:
        return self.independent_sources == 1

    @property
    def first_said(self) -> VagueDate | None:
        return vague(self.first_said_on, self.first_said_precision, by=self.first_said_is_by)

    @property
    def first_published(self) -> VagueDate | None:
        return vague(self.first_published_on, self.first_published_precision, by=self.first_published_is_by)

"""Events at which things were said."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from articles.dates import DatePrecision, VagueDate, vague
from articles.models import Article, UidManager
from claims.models.base import JudgementQuerySet, UidJudgement, sees_desk
from claims.models.statement import Statement


class OccasionQuerySet(JudgementQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For the public: those of visible statements."""
        if sees_desk(user):
            return self
        return self.current().filter(pk__in=Statement.objects.visible_to(user).values("occasion"))


class Occasion(UidJudgement):
    """One speech, interview, briefing, post, vote or release at which things were said."""

    class Kind(models.TextChoices):
        SPEECH = "speech", "speech"
        INTERVIEW = "interview", "interview"
        BRIEFING = "briefing", "briefing"
        POST = "post", "post"
        VOTE = "vote", "vote"
        RELEASE = "release", "release"
        MEETING = "meeting", "meeting"
        OTHER = "other", "other"

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OTHER)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY)
    as_given = models.CharField(max_length=100, blank=True, help_text="As the text gives the date: “on Thursday”.")
    place = models.CharField(max_length=200, blank=True)
    host = models.ForeignKey("claims.Source", models.PROTECT, null=True, blank=True, related_name="occasions_hosted")
    record = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="occasions", help_text="A transcript or recording."
    )

    objects = UidManager.from_queryset(OccasionQuerySet)()

    class Meta:
        ordering = [F("starts_on").desc(nulls_last=True), "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lte=F("ends_on")),
                name="claims_occasion_starts_before_ends",
                violation_error_message="The occasion ends before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def date(self) -> VagueDate | None:
        """When it was: the day that it began, known to last until it ended."""
        return vague(self.starts_on, self.precision, until=self.ends_on)

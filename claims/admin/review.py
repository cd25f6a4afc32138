"""What speaks for or against a claim, what reviewers concluded, and the scales that they use."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from articles.models import ArticleVersion
from claims.admin.base import JudgementAdmin, JudgementInline
from claims.admin.bulk import BringBack, ReasonForm, Values, Withdraw
from claims.admin.forms import LockedForm
from claims.admin.search import ThroughClaims
from claims.models import Evidence, RatingLevel, RatingScale, Review

SUBJECT = ("subject", "statement")


def without_texts(queryset: Any, article: str) -> Any:
    """Articles named by their headlines, without loading what they say."""
    return queryset.prefetch_related(Prefetch(f"{article}__versions", ArticleVersion.objects.defer("text")))


class EvidenceInline(JudgementInline):
    model = Evidence
    verbose_name = "piece of evidence"
    verbose_name_plural = "evidence"
    ordering = ["id"]
    fieldsets = [
        (None, {"fields": ["stance", "article", ("url", "archive_url"), "excerpt", "note"]}),
        ("On whether a statement was made", {"fields": [SUBJECT], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        return without_texts(super().get_queryset(request).select_related("article", "statement"), "article")


class ReviewInline(JudgementInline):
    model = Review
    ordering = ["-reviewed_on", "-id"]
    fieldsets = [
        (None, {"fields": [("reviewer", "state"), ("rating", "textual_rating"), "explanation"]}),
        ("Where and when", {"fields": ["headline", "url", ("reviewed_on", "reviewed_on_precision"), "language"]}),
        ("On whether a statement was made", {"fields": [SUBJECT], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        return super().get_queryset(request).select_related("reviewer", "rating__scale", "statement")


@admin.register(Evidence)
class EvidenceAdmin(ThroughClaims, JudgementAdmin):
    small = True
    list_display = ["claim", "stance", "subject", "document", "created_at"]
    list_filter = ["stance", "subject"]
    list_select_related = ["claim", "article", "statement"]
    search_fields = ["url", "excerpt", "note"]
    search_help_text = "Claim, address, excerpt or note"
    ordering = ["-id"]
    fieldsets = [
        (None, {"fields": ["claim", SUBJECT, "stance"]}),
        ("Document", {"fields": ["article", ("url", "archive_url"), "excerpt", "note"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        return without_texts(super().get_queryset(request), "article")

    @admin.display(description="document")
    def document(self, evidence: Evidence) -> str:
        return str(evidence.article or evidence.url)


class BringReviewBack(BringBack):
    """A claim's verdict may change by it, so it says why."""

    form_class = ReasonForm

    def log_message(self, values: Values) -> str:
        return f"Brought back: {values['reason']}"


@admin.register(Review)
class ReviewAdmin(ThroughClaims, JudgementAdmin):
    small = True
    reason_when_made = True
    withdrawals = [Withdraw(), BringReviewBack()]
    actions = withdrawals
    list_display = ["claim", "subject", "reviewer", "rating_shown", "state", "reviewed_on"]
    list_filter = ["state", "subject"]
    list_select_related = ["claim", "statement", "reviewer", "rating__scale"]
    search_fields = ["reviewer__name", "headline", "textual_rating"]
    search_help_text = "Claim, reviewer, headline or rating"
    ordering = ["-id"]
    fieldsets = [
        (None, {"fields": ["claim", SUBJECT, ("reviewer", "state"), ("rating", "textual_rating"), "explanation"]}),
        ("Where and when", {"fields": ["headline", "url", ("reviewed_on", "reviewed_on_precision"), "language"]}),
    ]

    @admin.display(description="rating")
    def rating_shown(self, review: Review) -> str:
        return str(review.rating or review.textual_rating or "none")


class LevelForm(LockedForm):
    twin_key = ("scale", "slug")


class Levels(JudgementInline):
    model = RatingLevel
    form = LevelForm
    verbose_name = "level"
    ordering = ["-value", "id"]
    fields = [("label", "slug"), ("value", "normalised")]
    prepopulated_fields = {"slug": ["label"]}


@admin.register(RatingScale)
class RatingScaleAdmin(JudgementAdmin):
    list_display = ["name", "slug", "definition"]
    search_fields = ["name", "slug"]
    search_help_text = "Name"
    ordering = ["name", "id"]
    inlines = [Levels]
    prepopulated_fields = {"slug": ["name"]}
    fields = [("name", "slug"), "definition"]


@admin.register(RatingLevel)
class RatingLevelAdmin(JudgementAdmin):
    list_display = ["label", "scale", "value", "normalised"]
    list_filter = ["normalised"]
    list_select_related = ["scale"]
    search_fields = ["label", "scale__name"]
    search_help_text = "Level or scale"
    ordering = ["scale__name", "-value", "id"]
    fields = ["scale", ("label", "slug"), ("value", "normalised")]

    @classmethod
    def choice_label(cls, row: RatingLevel) -> str:
        return f"{row.scale}: {row.label}"

    @classmethod
    def choice_note(cls, row: RatingLevel) -> str:
        return row.get_normalised_display()

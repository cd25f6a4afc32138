"""Rights of reply, corrections asked of publishers, and our own corrections."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst

from articles.admin_filters import Work, WorkFilter
from claims.admin.base import JudgementAdmin, JudgementInline
from claims.admin.review import without_texts
from claims.admin.search import ThroughClaims
from claims.models import Correction, CorrectionRequest, Inquiry


def _overdue(rows: Any) -> Any:
    return rows.overdue()


NOT_ANSWERED = Work("overdue", "questions not answered in time", _overdue)
NOT_CORRECTED = Work("overdue", "corrections not made in time", _overdue)

ASKED = ("asked_on", "asked_on_precision", "due_on")
QUESTION: list[Any] = [("source", "publisher", "name"), "question", (*ASKED, "channel")]
ANSWER: Any = ("What came back", {"fields": [("outcome", "answered_on"), "answer", "answer_public"]})
REQUEST: list[Any] = [("publisher", "article"), "wrong", ASKED]
CAME_OF_IT: Any = ("What came of it", {"fields": [("outcome", "outcome_on"), "url", "note"]})


class InquiryInline(JudgementInline):
    model = Inquiry
    ordering = ["-asked_on", "-id"]
    fieldsets = [(None, {"fields": QUESTION}), ANSWER]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Inquiry]:
        return super().get_queryset(request).select_related("source", "publisher")

    def heading(self, form: Any) -> str:
        return capfirst(str(form.instance)) if form.instance.pk else "New right of reply"


class CorrectionRequestInline(JudgementInline):
    model = CorrectionRequest
    ordering = ["-asked_on", "-id"]
    fieldsets = [(None, {"fields": REQUEST}), CAME_OF_IT]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CorrectionRequest]:
        return without_texts(super().get_queryset(request).select_related("publisher", "article"), "article")

    def heading(self, form: Any) -> str:
        return str(form.instance) if form.instance.pk else "New correction request"


class CorrectionInline(JudgementInline):
    """Only for what was published."""

    model = Correction
    verbose_name_plural = "our corrections"
    ordering = ["-corrected_on", "-id"]
    fields = ["corrected_on", "text"]

    def heading(self, form: Any) -> str:
        return f"Corrected {form.instance.corrected_on}" if form.instance.pk else "New correction"


@admin.register(Inquiry)
class InquiryAdmin(ThroughClaims, JudgementAdmin):
    small = True
    works = [NOT_ANSWERED]
    list_display = ["to", "claim", "asked_on", "due_on", "outcome", "answered_on", "answer_public"]
    list_filter = [WorkFilter, "outcome", "channel", "answer_public", "due_on"]
    list_select_related = ["claim", "source", "publisher"]
    search_fields = ["source__name", "publisher__name", "name"]
    search_help_text = "Claim, or whom the desk asked"
    ordering = ["-id"]
    fieldsets = [("Question", {"fields": ["claim", *QUESTION]}), ANSWER]

    @admin.display(description="to")
    def to(self, inquiry: Inquiry) -> str:
        return inquiry.addressee


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(ThroughClaims, JudgementAdmin):
    small = True
    works = [NOT_CORRECTED]
    list_display = ["publisher", "claim", "asked_on", "due_on", "outcome", "outcome_on"]
    list_filter = [WorkFilter, "outcome", "due_on"]
    list_select_related = ["claim", "publisher", "article"]
    search_fields = ["publisher__name"]
    search_help_text = "Claim or publisher"
    ordering = ["-id"]
    fieldsets = [("Request", {"fields": ["claim", *REQUEST]}), CAME_OF_IT]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CorrectionRequest]:
        return without_texts(super().get_queryset(request), "article")


@admin.register(Correction)
class CorrectionAdmin(ThroughClaims, JudgementAdmin):
    small = True
    list_display = ["claim", "corrected_on", "text"]
    list_filter = ["corrected_on"]
    list_select_related = ["claim"]
    search_fields = ["text"]
    search_help_text = "Claim, or words of the correction"
    ordering = ["-corrected_on", "-id"]
    fields = ["claim", "corrected_on", "text"]

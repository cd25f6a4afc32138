"""Editors' notes. Everybody edits their own; a colleague's can be read and resolved."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from articles.admin_filters import TextFilter
from articles.admin_widgets import Lines
from claims.admin.base import JudgementAdmin, JudgementInline
from claims.admin.bulk import BringBack, BulkChange, Values, Withdraw
from claims.admin.forms import PageForm
from claims.admin.place import PASTE, find_place
from claims.models import Annotation
from claims.provenance.touched import Touched


class OwnNotes(JudgementInline):
    """The viewer's own notes on the page's row."""

    model = Annotation
    verbose_name = "note of yours"
    verbose_name_plural = "your notes"
    show_change_link = False
    ordering = ["created_at", "id"]
    fields = ["body", ("motivation", "visibility")]

    def get_queryset(self, request: Any) -> QuerySet[Annotation]:
        return super().get_queryset(request).filter(created_by=request.user)


class Notes:
    """For the admin class of what can be annotated: colleagues' notes, to read."""

    target = ""

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Readonly fields get no request, so the notes are put where they can be found."""
        if obj is not None:
            notes = Annotation.objects.visible_to(request.user).current().filter(**{self.target: obj})
            obj.colleagues_notes = notes.exclude(created_by=request.user).select_related("created_by", "resolved_by")
        return super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]

    @admin.display(description="notes")
    def others_notes(self, row: Any) -> SafeString:
        notes = getattr(row, "colleagues_notes", ())
        return render_to_string("admin/claims/notes.html", {"notes": notes})


class SourceNotes(Notes):
    target = "source"


class ClaimNotes(Notes):
    target = "claim"


class StatementNotes(Notes):
    target = "statement"


class AuthorFilter(TextFilter):
    title = "author"
    parameter_name = "author"
    hint = "User name"

    def matching(self, queryset: Any, words: str) -> Any:
        return queryset.filter(created_by__username__iexact=words)


class Resolve(BulkChange):
    """Marks notes as dealt with."""

    name = "resolve"
    label = "Mark as resolved"
    button = "Resolve"
    column = "state"

    def allowed(self, desk: Any, request: HttpRequest, row: Any) -> bool:
        """Anybody who writes notes may close those of others."""
        return True

    def before(self, row: Annotation) -> str:
        return "resolved" if row.resolved_at else "open"

    def after(self, row: Annotation, values: Values) -> str:
        return "resolved"

    def write(self, rows: list[Any], values: Values, user: Any, touched: Touched) -> dict[int, str]:
        Annotation.objects.change_rows(rows, resolved_by=user, resolved_at=timezone.now())
        return {}


class Reopen(Resolve):
    """Undoes that."""

    name = "reopen"
    label = "Open again"
    button = "Open again"

    def after(self, row: Annotation, values: Values) -> str:
        return "open"

    def write(self, rows: list[Any], values: Values, user: Any, touched: Touched) -> dict[int, str]:
        Annotation.objects.change_rows(rows, resolved_by=None, resolved_at=None)
        return {}


class AnnotationForm(PageForm):
    """A note. A passage can be given by its words, as a statement's can."""

    class Meta:
        labels = {"version": "Article text"}

    passage = forms.CharField(label="Words of the passage", required=False, strip=False, widget=Lines, help_text=PASTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(self.shown_of(self.instance))

    def shown_of(self, row: Annotation) -> dict[str, Any]:
        return {"passage": row.exact}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        typed = self.cleaned_data
        if "passage" in self.changed_data and not {"start", "end"} & set(self.changed_data):
            typed.update(start=None, end=None)
        if typed.get("passage") and not typed.get("version"):
            self.add_error("version", "A passage needs its article text: choose it.")
        elif typed.get("version") and not self.errors:
            self._find_passage()
        return cleaned

    def _find_passage(self) -> None:
        find_place(self, "passage")
        typed = self.cleaned_data
        if not self.errors and typed["version"].text[typed["start"] : typed["end"]] != typed["passage"]:
            self.add_error("passage", "Other words stand at this start and end: give one or the other.")


@admin.register(Annotation)
class AnnotationAdmin(JudgementAdmin):
    """Notes leave no trace in the admin's log: a private one would be readable there."""

    form = AnnotationForm
    actions = [Resolve(), Reopen(), Withdraw(), BringBack()]
    list_display = ["note", "on", "motivation", "visibility", "created_by", "created_at", "resolved"]
    list_filter = ["motivation", "visibility", AuthorFilter]
    list_select_related = ["claim", "statement", "source", "version", "created_by"]
    search_fields = ["body", "claim__short_text", "source__name"]
    search_help_text = "Words of the note, claim or source"
    ordering = ["-created_at", "-id"]
    fieldsets = [
        (None, {"fields": ["body", ("motivation", "visibility"), "reply_to"]}),
        (
            "On one of these",
            {"fields": ["claim", "statement", "source", "version", "passage", ("start", "end")]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Annotation]:
        return super().get_queryset(request).defer("version__text")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        mine = not isinstance(obj, Annotation) or obj.created_by_id == request.user.pk
        return mine and super().has_change_permission(request, obj)

    @admin.display(description="note")
    def note(self, row: Annotation) -> str:
        return str(row)

    @admin.display(description="on")
    def on(self, row: Annotation) -> str:
        return str(row.target)

    @admin.display(description="resolved", boolean=True, ordering=F("resolved_at").asc(nulls_first=True))
    def resolved(self, row: Annotation) -> bool:
        return row.resolved_at is not None

    @classmethod
    def choice_note(cls, row: Annotation) -> str:
        return f"on {row.target}"

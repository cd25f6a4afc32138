"""Voices, the roles they held, the occasions on which they spoke, and guesses at who the unnamed ones are."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from claims.admin.annotation import OwnNotes, SourceNotes
from claims.admin.base import JudgementAdmin, JudgementInline
from claims.admin.merge import Merging
from claims.models import Identity, Occasion, Source, SourceRole


class Roles(JudgementInline):
    model = SourceRole
    fk_name = "source"
    ordering = ["-held_from", "id"]
    fields = [("title", "organisation"), ("held_from", "held_to")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceRole]:
        return super().get_queryset(request).select_related("organisation")


@admin.register(Source)
class SourceAdmin(Merging, SourceNotes, JudgementAdmin):
    list_display = ["name", "kind", "named", "description", "speaks_for", "known_through"]
    list_filter = ["kind", "named"]
    list_select_related = ["speaks_for", "known_through", "publisher"]
    search_fields = ["name", "aliases", "description"]
    search_help_text = "Name, other names or description"
    ordering = ["name", "id"]
    indexed_orders = ("name", "-name")
    prepopulated_fields = {"slug": ["name"]}
    inlines = [Roles, OwnNotes]
    readonly_fields = ["others_notes"]
    fieldsets = [
        (None, {"fields": [("name", "slug"), ("kind", "named"), "description", "aliases"]}),
        ("Whose voice", {"fields": ["speaks_for", "known_through", ("publisher", "article"), "wikidata_id"]}),
        ("Colleagues’ notes", {"fields": ["others_notes"]}),
    ]

    @classmethod
    def choice_note(cls, row: Source) -> str:
        through = f"through {row.known_through}" if row.known_through else ""
        return ", ".join(filter(None, [row.get_kind_display(), row.description, through]))


@admin.register(SourceRole)
class SourceRoleAdmin(JudgementAdmin):
    name_field = "title"
    list_display = ["title", "source", "organisation", "held_from", "held_to"]
    list_select_related = ["source", "organisation"]
    search_fields = ["title", "source__name", "organisation__name"]
    search_help_text = "Title, source or organisation"
    ordering = ["source__name", "-held_from", "id"]
    fields = ["source", ("title", "organisation"), ("held_from", "held_to")]

    @classmethod
    def choice_note(cls, row: SourceRole) -> str:
        years = f"{row.held_from.year if row.held_from else '…'}–{row.held_to.year if row.held_to else '…'}"
        return f"{row.source}, {years}"


@admin.register(Occasion)
class OccasionAdmin(JudgementAdmin):
    name_field = "title"
    list_display = ["title", "kind", "starts", "place", "host"]
    list_filter = ["kind"]
    list_select_related = ["host"]
    search_fields = ["title", "place", "host__name"]
    search_help_text = "Title, place or host"
    ordering = ["-starts_on", "-id"]
    fieldsets = [
        (None, {"fields": ["title", "kind", ("starts_on", "ends_on", "precision", "as_given")]}),
        ("Where", {"fields": ["place", "host", "record"]}),
    ]

    @admin.display(description="date", ordering="starts_on")
    def starts(self, occasion: Occasion) -> str:
        return str(occasion.date or occasion.as_given or "unknown")

    @classmethod
    def choice_note(cls, row: Occasion) -> str:
        return ", ".join(filter(None, [row.get_kind_display(), str(row.date or ""), row.place]))


@admin.register(Identity)
class IdentityAdmin(JudgementAdmin):
    """Guesses at unnamed voices: for those with the permission alone, and outside search and history."""

    list_display = ["source", "guess", "created_by", "created_at"]
    list_select_related = ["source", "guess", "created_by"]
    ordering = ["source__name", "id"]
    fields = ["source", "guess", "note"]

    def may_choose(self, request: HttpRequest) -> bool:
        return False

"""Tags: a controlled tree."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from claims.admin.base import JudgementAdmin
from claims.admin.merge import Merging
from claims.models import Tag
from claims.models.term import claims_with
from claims.search.terms import Facet


@admin.register(Tag)
class TagAdmin(Merging, JudgementAdmin):
    list_display = ["in_tree", "slug", "kind", "uses"]
    list_filter = ["kind"]
    search_fields = ["name", "path"]
    search_help_text = "Name of the tag, or of one above it"
    ordering = ["path", "id"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [(None, {"fields": [("name", "slug"), ("kind", "parent"), "definition"]})]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(uses=claims_with(Facet.TAG, desk=True))

    @admin.display(description="name", ordering="path")
    def in_tree(self, tag: Tag) -> str:
        return f"{'— ' * tag.level}{tag.name}"

    @admin.display(description="claims, with those below", ordering="uses")
    def uses(self, tag: Any) -> int:
        return int(tag.uses)

    @classmethod
    def choice_note(cls, row: Tag) -> str:
        """Where in the tree it stands: two tags may share a name."""
        return " › ".join(row.path.strip("/").split("/")[:-1])

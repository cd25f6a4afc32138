"""Tags: a controlled tree."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest

from claims.admin.base import JudgementAdmin
from claims.models import Tag


@admin.register(Tag)
class TagAdmin(JudgementAdmin):
    list_display = ["in_tree", "slug", "kind", "uses"]
    list_filter = ["kind"]
    search_fields = ["name", "path"]
    search_help_text = "Name of the tag, or of one above it"
    ordering = ["path", "id"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [(None, {"fields": [("name", "slug"), ("kind", "parent"), "definition"]})]

    def get_queryset(self, request: HttpRequest) -> Any:
        in_use = Count("claims", filter=Q(claims__withdrawn_at=None))
        return super().get_queryset(request).annotate(uses=in_use)

    @admin.display(description="name", ordering="path")
    def in_tree(self, tag: Tag) -> str:
        return f"{'— ' * tag.level}{tag.name}"

    @admin.display(description="claims", ordering="uses")
    def uses(self, tag: Any) -> int:
        return int(tag.uses)

    @classmethod
    def choice_note(cls, row: Tag) -> str:
        """Where in the tree it stands: two tags may share a name."""
        return " › ".join(row.path.strip("/").split("/")[:-1])

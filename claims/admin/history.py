"""What happened to claims, and the lists that people keep of them."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from articles.admin import ReadOnly
from articles.admin_base import DeskAdmin
from claims.admin.base import JudgementAdmin
from claims.admin.forms import LockedForm, PageForm
from claims.admin.search import ThroughClaims
from claims.filters.saved import may_share, tidied
from claims.models import Erasure, SavedList, Transition


@admin.register(Transition)
class TransitionAdmin(ThroughClaims, ReadOnly, DeskAdmin):
    """Written by ``workflow.move`` and by nothing else."""

    list_display = ["claim", "old", "new", "by", "at", "note"]
    list_filter = ["new"]
    list_select_related = ["claim", "by"]
    search_fields = ["claim"]
    search_help_text = "Words of the claim, its statements, sources and tags"
    ordering = ["-id"]
    fields = ["claim", ("old", "new"), "by", "at", "note"]


@admin.register(Erasure)
class ErasureAdmin(ReadOnly, DeskAdmin):
    """Written by ``claims.erasing`` and by nothing else."""

    list_display = ["at", "kind", "row", "by", "why"]
    list_filter = ["kind"]
    list_select_related = ["by"]
    search_fields = ["why", "by__username"]
    search_help_text = "Reason, or who erased it"
    ordering = ["-id"]
    fields = ["at", ("kind", "row"), "by", "why", "written"]
    readonly_fields = ["written"]

    @admin.display(description="rows")
    def written(self, erasure: Erasure) -> str:
        return ", ".join(f"{kind}: {count}" for kind, count in erasure.counts.items())


class SavedListForm(LockedForm):
    """A list belongs to whoever saves it first. Only who may share it chooses for whom it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.instance.owner = self.user
        if "visibility" in self.fields and not may_share(self.user):
            del self.fields["visibility"]

    def twin_values(self) -> dict[str, Any]:
        return {"owner": self.instance.owner, "name": self.cleaned_data.get("name")}

    def clean_query(self) -> str:
        """People paste the whole address, or what stands behind its question mark. It is kept as the list's own
        address gives it, so that the list knows itself again."""
        query: str = self.cleaned_data["query"].strip()
        query = query.partition("?")[2] if "?" in query else query
        return tidied(query, self.user)

    def _get_validation_exclusions(self) -> set[str]:
        """The owner is not in the form, but one owner has no two lists of a name."""
        return super()._get_validation_exclusions() - {"owner"}  # type: ignore[misc]


class PageSavedListForm(PageForm, SavedListForm):
    """The same, on the desk."""


@admin.register(SavedList)
class SavedListAdmin(JudgementAdmin):
    form = PageSavedListForm
    list_display = ["name", "owner", "visibility", "query"]
    list_filter = ["visibility"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__username"]
    search_help_text = "Name or owner"
    ordering = ["name", "id"]
    fields = ["name", "query", "visibility"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the choice for whom it is, where it is not theirs to choose."""
        fields = super().get_fields(request, obj)
        theirs = may_share(request.user) or not self.has_change_permission(request, obj)
        return fields if theirs else [name for name in fields if name != "visibility"]

    def restorable(self, request: HttpRequest) -> set[str]:
        """For whom it is chooses who may share."""
        return super().restorable(request) - (set() if may_share(request.user) else {"visibility"})

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        mine = not isinstance(obj, SavedList) or obj.owner_id == request.user.pk
        return mine and super().has_change_permission(request, obj)

"""Saves by themselves: who wrote what, when and why. Nobody changes or deletes one."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from articles.admin import ReadOnly
from articles.admin_base import DeskAdmin, is_id
from articles.admin_filters import ChoiceFilter, TextFilter
from articles.models import Revision
from claims.history.reading import Heading, Reading, read
from claims.history.saves import known_to, saves_of
from claims.history.states import with_next
from claims.undoing import may_undo

ROWS = 100
"""How many rows of a save a page shows."""

NOBODY = "-"


class PersonFilter(TextFilter):
    title = "person"
    parameter_name = "by"
    hint = "User name, or - for nobody"

    def matching(self, queryset: Any, words: str) -> Any:
        return queryset.filter(by=None) if words == NOBODY else queryset.filter(by__username__iexact=words)


class HowFilter(ChoiceFilter):
    title = parameter_name = "how"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Revision.How.choices]

    def chosen(self, queryset: Any, value: str) -> Any:
        return queryset.filter(how=value)


@admin.register(Revision)
class RevisionAdmin(ReadOnly, DeskAdmin):
    """The latest saves, whichever door they came through."""

    actions = None
    list_display = ["at", "by", "how", "label", "why", "rows_written"]
    list_display_links = ["at"]
    list_filter = [HowFilter, PersonFilter]
    list_select_related = ["by"]
    ordering = ["-id"]
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the saves of what is somebody else's alone."""
        return saves_of(request.user).select_related("by").order_by("-id")

    @admin.display(description="rows")
    def rows_written(self, revision: Any) -> int:
        return int(revision.row_count)

    @method_decorator(require_safe)
    def changeform_view(self, request: HttpRequest, object_id: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
        """The rows that the save wrote."""
        if object_id is None:
            raise PermissionDenied
        revision = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, revision):
            raise PermissionDenied
        if revision is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        page = request.GET.get("page", "1")
        pages = max(1, -(-revision.row_count // ROWS))
        if not (request.GET.keys() <= {"page", ERROR_FLAG} and is_id(page) and 0 < int(page) <= pages):
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
        context = self.admin_site.each_context(request) | {
            "title": f"Save no. {revision.pk}: {revision}",
            "opts": self.opts,
            "revision": revision,
            "undone_by": Revision.objects.filter(undoes=revision.pk).first(),
            "may_undo": may_undo(request.user, revision),
            "entry": self._entry(request, revision, int(page)),
            "page": int(page),
            "pages": pages,
        }
        return TemplateResponse(request, "admin/claims/revision.html", context)

    def _entry(self, request: HttpRequest, revision: Any, page: int) -> Any:
        changes = known_to(request.user).filter(revision=revision.pk).select_related("revision__by").order_by("pk")
        some = list(with_next(changes)[(page - 1) * ROWS : page * ROWS])
        heading = Heading(revision.at, revision.pk, count=len(some))
        return read([heading], Reading(some, request.user))[0]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """A save has no history: it is one."""
        return HttpResponseRedirect(reverse("admin:articles_revision_change", args=[object_id]))

"""The history of a row at the desk: to read, to compare, and to put a version back."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from articles import history
from articles.admin_base import is_id
from articles.models import Locked
from claims.admin.again import answered, tell_repeated
from claims.admin.restore import Restore
from claims.history.entries import NOBODY, Asked, Timeline
from claims.history.fields import Told, told_fields
from claims.history.scope import Scope, kind_of, scope_of
from claims.history.versions import compare
from claims.restoring import restorable

LIST_FILTERS = "_changelist_filters"
"""In the address of every page that was reached from a list: what the list showed."""
PARAMETERS = {"by", "kind", "field", "page", "from", "to", ERROR_FLAG, LIST_FILTERS}
NOBODY_KNOWN = ""
"""In an address, for whom nobody is known by name."""


class Unknown(Exception):
    """The address names what is not there."""


@dataclass(frozen=True)
class Choices:
    """What a history can be filtered by, as it stands in its address: accounts by name, kinds, fields by kind."""

    people: dict[str, int]
    kinds: dict[str, type[Locked]]
    fields: dict[str, Told]

    @property
    def kind_names(self) -> dict[str, str]:
        return {name: str(model._meta.verbose_name) for name, model in self.kinds.items()}

    def asked(self, given: Any) -> Asked:
        """What the address asks for. Raises ``Unknown`` where it names what is not among the choices."""
        if not given.keys() <= PARAMETERS:
            raise Unknown
        return Asked(
            _chosen(self.people, given.get("by")),
            _chosen(self.fields, given.get("field")),
            _chosen(self.kinds, given.get("kind")),
            _page(given.get("page", "1")),
        )


def _chosen(choices: dict[str, Any], value: str | None) -> Any:
    if not value:
        return None
    if value not in choices:
        raise Unknown
    return choices[value]


def _page(value: str) -> int:
    if not (is_id(value) and len(value) < 6 and int(value)):
        raise Unknown
    return int(value)


def choices_of(scope: Scope) -> Choices:
    """Two queries: who saved, and who made what no change tells of."""
    ids: set[int | None] = set(scope.changes().order_by().values_list("revision__by", flat=True).distinct())
    ids |= {row.by for row in scope.begun}
    people = dict(
        User.objects.filter(pk__in=[pk for pk in ids if pk]).order_by("username").values_list("username", "pk")
    )
    fields = {told.key: told for model in scope.kinds for told in told_fields(model).values()}
    kinds = {kind_of(model): model for model in scope.kinds}
    return Choices(people | ({"-": NOBODY} if None in ids else {}), kinds, fields)


class Historical(ModelAdmin):
    """For admin classes of rows whose history is kept. Whoever may see a row may read its history; whoever may
    change it may put a version back."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_restore"
        view = self.admin_site.admin_view(self.restore_view)
        return [path("<int:pk>/restore/<int:lock>/", view, name=name), *super().get_urls()]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        if not self.model.KEEPS_HISTORY:
            raise Http404("No history is kept of this.")
        scope = scope_of(row)
        if {"from", "to"} & request.GET.keys():
            return self._comparison(request, row, scope)
        choices = choices_of(scope)
        try:
            timeline = Timeline(scope, request.user, choices.asked(request.GET))
            if timeline.asked.page > timeline.pages:
                raise Unknown
        except Unknown:
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
        if ERROR_FLAG in request.GET:
            told = "The address named a filter or a page that does not exist: this is the whole history."
            self.message_user(request, told, messages.WARNING)
        entries = timeline.entries()
        context = self._context(request, row, "History") | {
            "timeline": timeline,
            "choices": choices,
            "entries": entries,
            "points": [entry.point for entry in entries if entry.point is not None],
        }
        return TemplateResponse(request, "admin/claims/history.html", context)

    def _comparison(self, request: HttpRequest, row: Any, scope: Scope) -> HttpResponse:
        """Two versions, each named by the change that made it. Changes of other rows are not found."""
        points = [request.GET.get(name, "") for name in ("from", "to")]
        if not all(is_id(point) for point in points):
            raise Http404("No such version.")
        found = compare(scope, request.user, int(points[0]), int(points[1]))
        if found is None:
            raise Http404("No such version.")
        context = self._context(request, row, "Two versions") | {"comparison": found}
        return TemplateResponse(request, "admin/claims/compare.html", context)

    def _context(self, request: HttpRequest, row: Any, title: str) -> dict[str, Any]:
        request.current_app = self.admin_site.name
        return self.admin_site.each_context(request) | {
            "title": f"{title}: {row}",
            "page": title,
            "row": row,
            "opts": self.opts,
            "here": self._here(row.pk),
            "preserved_filters": self.get_preserved_filters(request),
        }

    def _here(self, pk: int) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", args=[pk])

    # Putting a version back.

    def may_restore(self, request: HttpRequest, row: Any) -> bool:
        return self.has_change_permission(request, row)

    def restorable(self, request: HttpRequest) -> set[str]:
        """The names of the values that may be put back."""
        return restorable(self.model)

    def restore_view(self, request: HttpRequest, pk: int, lock: int) -> HttpResponse:
        row = self.get_object(request, str(pk))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))  # type: ignore[attr-defined]
        if not (self.model.KEEPS_HISTORY and self.may_restore(request, row)):
            raise PermissionDenied
        return answered(request, lambda: self._restore_page(request, pk, lock))

    def _restore_page(self, request: HttpRequest, pk: int, lock: int) -> HttpResponse:
        read = partial(self.get_object, request, str(pk))
        restore = Restore(read, lock, request.user, self.restorable(request))
        if restore.values is None:
            raise Http404("No such version.")
        form, status = restore.form(request.POST if request.method == "POST" else None), 200
        if form.is_bound:
            try:
                status = restore.save(form)
                if status == 302:
                    messages.success(request, f"Put back from version {lock}, as a new entry.")
            except history.AlreadySaved:
                tell_repeated(request)
                status = 302
            if status == 302:
                return HttpResponseRedirect(self._here(pk))
        context = self._context(request, restore.row, "Put a version back") | {"restore": restore, "form": form}
        return TemplateResponse(request, "admin/claims/restore.html", context, status=status)

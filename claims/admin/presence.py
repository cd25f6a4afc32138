"""Tells on a row's page who else has it open."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import URLPattern, path, reverse

from articles.admin_base import is_id
from claims import presence


class TellsPresence:
    """For the admin class of rows with a lock. ``presence.js`` says every 20 seconds that the page is still open."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.presence_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_presence"
        return [path("<int:pk>/presence/", view, name=name), *super().get_urls()]  # type: ignore[misc]

    def presence_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note that who asks has the page open, or has left it, and say who else has."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self._row_of(request, pk)
        if not presence.is_told(row):
            return JsonResponse({"others": ""})
        if "leave" in request.POST:
            presence.leave(request.user, row)
        else:
            presence.come(request.user, row)
        return JsonResponse({"others": presence.others(request.user, row)})

    def _row_of(self, request: HttpRequest, pk: int) -> Any:
        """Whoever cannot change the row need not know whether there is one."""
        desk: Any = self
        row = desk.get_object(request, str(pk)) if is_id(str(pk)) and desk.has_view_permission(request) else None
        if not desk.has_change_permission(request, row):
            raise PermissionDenied
        if row is None:
            raise Http404
        return row

    def presence_of(self, request: HttpRequest, row: Any) -> dict[str, str] | None:
        """What the page of ``row`` shows; ``None`` where nobody is told."""
        desk: Any = self
        if row is None or not presence.is_told(row) or not desk.has_change_permission(request, row):
            return None
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_presence", args=[row.pk])
        return {"url": url, "others": presence.others(request.user, row)}

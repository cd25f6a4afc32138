"""The site of Django's admin, under a name of its own: the editors' desk."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path


class Desk(AdminSite):
    """Whoever is signed in and does not work at the desk is told so, not asked for another password."""

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated and not self.has_permission(request):
            return render(request, "admin/not_yours.html", status=403)
        return super().login(request, extra_context)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Without Django's redirect from any row's number to its page: it tells of rows that are not to be seen."""
        return [path("r/<path:rest>", no_such_page), *super().get_urls()]


def no_such_page(request: HttpRequest, rest: str) -> HttpResponse:
    raise Http404


class DeskConfig(AdminConfig):
    default_site = "config.desk.Desk"

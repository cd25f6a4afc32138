"""The site of Django's admin, under a name of its own: the editors' desk."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator

from config import accounts
from config.accounts import page_or_form


class Desk(AdminSite):
    """One enters it by the same door as the rest of the site."""

    @method_decorator(page_or_form)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """Whoever is signed in and does not work at the desk is told so, not asked for another password."""
        if not request.user.is_authenticated:
            return accounts.sign_in(request, next_page="admin:index")
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        return render(request, "admin/not_yours.html", status=403)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        return HttpResponseRedirect(reverse("password_change"))

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        return page_or_form(super().admin_view(view, cacheable))

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Without Django's redirect from any row's number to its page: it tells of rows that are not to be seen."""
        return [path("r/<path:rest>", no_such_page), *super().get_urls()]


def no_such_page(request: HttpRequest, rest: str) -> HttpResponse:
    raise Http404

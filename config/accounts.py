"""Signing in and changing one's password. Both ask for a password, so both stand behind the same door."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from config import audit, door

page_or_form = require_http_methods(["GET", "HEAD", "POST"])
"""For views of Django's own, which answer any other method as if it were one of these."""


def sign_in(request: HttpRequest, *, next_page: str | None = None) -> HttpResponseBase:
    """The page; it leads to where one was, else to `next_page`, the name of an address."""
    return LoginView.as_view(redirect_authenticated_user=True, next_page=next_page)(request)


class OwnPasswordForm(PasswordChangeForm):
    """The old password is tried as at the door: whoever holds a stolen session may not guess it for ever."""

    def __init__(self, *args: Any, request: HttpRequest, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request = request

    def clean_old_password(self) -> str:
        given: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.get_username(), password=given) is None:
            raise forms.ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        door.forgive(self.request, self.user.get_username())
        return given


class ChangePassword(PasswordChangeView):
    """One stays signed in here, under a new session; every other session ends."""

    form_class = OwnPasswordForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        audit.record("password-changed", self.request)
        return answer

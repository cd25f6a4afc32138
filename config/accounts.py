"""Signing in and changing one's password. Both ask for a password, so both stand behind the same door. And setting
a new one by a link, which asks for none."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm, PasswordResetForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, PasswordChangeView, PasswordResetConfirmView, PasswordResetView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods

from config import audit, door, links

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


class ForgottenForm(PasswordResetForm):
    """Mails a link to each working account with that address. Says nothing of whether there is one."""

    def save(self, **_options: Any) -> None:  # type: ignore[override]
        users = self.get_users(self.cleaned_data["email"])
        links.send_to_each(users, template="forgotten", subject="Set a new password for Hearsay")


class Forgotten(PasswordResetView):
    """Where no mails are sent, the page says whom to ask."""

    form_class = ForgottenForm
    template_name = "registration/forgotten.html"
    success_url = reverse_lazy("password_forgotten_sent")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(**context, sends_mail=settings.SENDS_MAIL)

    def form_valid(self, form: Any) -> HttpResponse:
        audit.record("password-forgotten", self.request)
        return super().form_valid(form)


def forgotten_sent(request: HttpRequest) -> HttpResponse:
    """The same whatever was asked for."""
    return render(request, "registration/forgotten_sent.html", {"days": settings.LINK_DAYS})


class SetPassword(PasswordResetConfirmView):
    """Where a link leads. It ends with the password that is set, as all sessions of the account do."""

    template_name = "registration/set_password.html"
    success_url = reverse_lazy("login")

    def get_user(self, uidb64: str) -> User | None:
        """Nobody whose account was switched off comes back by an old link."""
        user: User | None = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        audit.record("password-set", self.request, account=form.user.get_username())
        messages.success(self.request, "Your password is set. Sign in with it.")
        return answer

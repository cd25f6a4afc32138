"""In the list of articles: suggest the statements of those that are chosen."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet, Sum
from django.db.models.functions import Length
from django.http import HttpRequest

from claims.suggesting.looking import look_at, newest
from claims.suggesting.suggest import Outcome
from config import audit

MAX_ARTICLES = 50
MAX_CHARS = 500_000
"""As much as is read while somebody waits: some ten seconds."""


class Suggesting:
    """For the admin class of articles."""

    actions: Any = ["suggest_statements"]

    def has_suggest_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("claims.add_statement")

    @admin.action(description="Suggest statements", permissions=["suggest"])
    def suggest_statements(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Look at the chosen articles, all or none. Suggestions wait to be decided on, so nothing is asked first."""
        desk: Any = self
        chosen = queryset.count()
        texts = newest().filter(article__in=queryset.order_by().values("pk"))
        chars = texts.aggregate(chars=Sum(Length("text")))["chars"] or 0
        if chosen > MAX_ARTICLES or chars > MAX_CHARS:
            message = (
                f"{chosen:,} articles with {chars:,} characters are chosen. Nothing was done: choose up to"
                f" {MAX_ARTICLES} with up to {MAX_CHARS:,}, or run “manage.py suggest_statements”."
            )
            desk.message_user(request, message, messages.ERROR)
            return
        looked = list(look_at(texts.values_list("pk", flat=True), by=request.user))
        total = sum((one.outcome for one in looked if one.outcome), Outcome())
        audit.record("suggest", request, articles=len(looked), suggested=total.new)
        without = f" {chosen - len(looked)} have no text in English." if chosen > len(looked) else ""
        desk.message_user(request, f"Articles looked at: {len(looked)} · {total}.{without}", messages.SUCCESS)
        for one in looked:
            if one.failure:
                message = f"“{one.version.headline}” failed: {one.failure}. The log says more."
                desk.message_user(request, message, messages.ERROR)

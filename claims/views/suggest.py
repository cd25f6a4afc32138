"""Names to choose from while somebody types: the options of a datalist."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.filters.claims import shown_sources, shown_tags
from claims.filters.fields import MAX_NAME_CHARS
from claims.visibility import visible_publishers

LEAST = 2
MOST = 10


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    words = _typed(request)
    return _options(request, words, shown_sources(request.user).named_like(words))


@require_safe
def publishers(request: HttpRequest) -> HttpResponse:
    words = _typed(request)
    return _options(request, words, visible_publishers(request.user).filter(name__icontains=words))


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    words = _typed(request)
    return _options(request, words, shown_tags(request.user).filter(name__icontains=words))


def _typed(request: HttpRequest) -> str:
    """What stands in the box, which is sent under its own name; ``field`` says under which."""
    return request.GET.get(request.GET.get("field", "q"), "").strip()


def _options(request: HttpRequest, words: str, found: QuerySet[Any]) -> HttpResponse:
    """Each option gives the name where that is enough to choose the row, else the slug."""
    rows = list(found.order_by("name", "pk")[:MOST]) if LEAST <= len(words) <= MAX_NAME_CHARS else []
    names = [row.name for row in rows]
    options = [(row.name if names.count(row.name) == 1 else row.slug, row.get_kind_display()) for row in rows]
    return render(request, "claims/_options.html", {"options": options})

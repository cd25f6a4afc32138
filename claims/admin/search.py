"""Searches of the desk's lists through the claims that the inverted index finds."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from articles.admin_search import COUNTED, ids_found, words_in
from articles.rows import Among
from articles.search.entry import DAY, LAST_KEY, Matches, Walk
from articles.search.expression import ALL, NOTHING, Expression, all_of
from claims.filters.claim_pages import Pages
from claims.models import ClaimEntry

THROUGH = 2_000
"""How many of the newest claims with the words are gone through to what hangs on them."""


def ask_index(request: HttpRequest, wanted: Expression) -> None:
    """Note what a filter of the list of claims asks of the index, so that all are asked together."""
    _asked(request).append(wanted)


def _asked(request: Any) -> list[Expression]:
    return vars(request).setdefault("asked_of_index", [])


def has_more(request: HttpRequest) -> bool:
    """Whether the index was asked, and found more than ``COUNTED`` claims."""
    return bool(vars(request).get("index_has_more"))


def claims_of_index(request: HttpRequest, claims: QuerySet[Any], walk: Walk, beyond: Q) -> QuerySet[Any]:
    """Those of ``claims``, filtered by their own columns so far, that the index finds on ``walk``, and for all
    filters of the list that ask it; of many, on SQLite, the newest. ``beyond`` is what it cannot tell."""
    claims = claims.filter(beyond)
    wanted = all_of([walk.wanted, *_asked(request)])
    if (wanted, walk.low, walk.high) == (ALL, 1, LAST_KEY):
        return claims
    # Withdrawn claims stand below zero in the index.
    withdrawn = bool(request.GET.get("withdrawn"))
    walk = replace(walk, wanted=wanted, low=-LAST_KEY if withdrawn and walk.low == 1 else walk.low, records=None)
    few = Pages(walk, desk=True).all_if_few
    if few is not None:
        return claims.filter(Among("pk", (abs(key) % DAY for key in few)))
    vars(request)["index_has_more"] = not beyond
    if connection.vendor == "postgresql":
        return claims.filter(Matches("entry__key", wanted), entry__key__gte=walk.low, entry__key__lt=walk.high)
    newest = replace(walk, records=None if withdrawn else claims).newest(COUNTED + 1)
    return claims.filter(Among("pk", (abs(key) % DAY for key in newest)))


class ThroughClaims:
    """For the admin class of what hangs on claims: its search looks for the words of the claim, and those of the
    few columns that ``search_fields`` names, where the table is small."""

    claims: tuple[str, ...] = ("claim",)
    """The foreign keys that lead to claims."""
    small = False

    def found(
        self, request: HttpRequest, queryset: QuerySet[Any], words: str, *, typing: bool = False
    ) -> QuerySet[Any]:
        if not words.strip():
            return queryset
        ids = claims_found(words, typing=typing)
        through = any_among((f"{name}_id" for name in self.claims), ids)
        if self.small:
            own = super().found(request, queryset, words, typing=typing)  # type: ignore[misc]
            through |= Q(pk__in=own.order_by().values("pk"))
        return queryset.filter(through)


def claims_found(words: str, *, typing: bool = False, limit: int = THROUGH) -> list[int]:
    """The ids of the newest claims that hold all of ``words``."""
    wanted = words_in(words, typing=typing)
    return ids_found(Walk(ClaimEntry, wanted), limit) if wanted != NOTHING else []


def any_among(columns: Iterable[str], ids: list[int]) -> Q:
    """Whether one of ``columns`` holds one of ``ids``."""
    found = Q()
    for column in columns:
        found |= Q(Among(column, ids))
    return found

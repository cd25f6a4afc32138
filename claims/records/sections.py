"""The newest claims under one heading of a page, read off the index, and how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet

from articles.search.entry import Walk
from articles.search.expression import Token, all_of
from claims.filters.paging import CAP
from claims.filters.told import made_in
from claims.models import Appearance, Claim, ClaimEntry, TermCount, sees_desk
from claims.represent import ClaimRow, claim_row
from claims.search.chains import fetch_chains, with_entries
from claims.search.terms import PUBLIC


@dataclass(frozen=True)
class ClaimSection:
    """Some claims under a heading, and the list that has them all."""

    title: str
    count: int
    url: str
    rows: list[ClaimRow]


@dataclass(frozen=True)
class Heading:
    """What a section holds: the claims that have ``term``. ``made`` are the appearances of which each claim shows
    the first; without, the claim's own first."""

    title: str
    url: str
    term: str
    made: QuerySet[Appearance] | None = None


def claim_sections(headings: Sequence[Heading], user: Any, *, shown: int) -> list[ClaimSection]:
    """The sections under ``headings``, each with ``shown`` rows at most. One query for all counts, two a section
    that is not empty, two at most for the chains of all."""
    desk = sees_desk(user)
    column = "desk" if desk else "public"
    counts = dict(TermCount.objects.filter(term__in=[each.term for each in headings]).values_list("term", column))
    found = {each: _newest(each, counts.get(each.term, 0), shown, desk=desk) for each in headings}
    fetch_chains([claim for claims in found.values() for claim in claims])
    return [
        ClaimSection(each.title, counts.get(each.term, 0), each.url, [claim_row(claim, desk=desk) for claim in claims])
        for each, claims in found.items()
    ]


def _newest(heading: Heading, count: int, shown: int, *, desk: bool) -> list[Claim]:
    if not count:
        return []
    walk = Walk(ClaimEntry, all_of([Token(heading.term), *([] if desk else [Token(PUBLIC)])]))
    keys = walk.newest(shown) if count > CAP else walk.newest_of_few(shown, few=CAP)
    claims: QuerySet[Claim] = with_entries(Claim.objects.filter(entry__in=keys))
    if heading.made is not None:
        claims = made_in(claims, heading.made.filter(claim=OuterRef("pk")))
    return sorted(claims, key=lambda claim: -claim.entry.key)

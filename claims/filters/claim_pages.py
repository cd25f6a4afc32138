"""The pages of the claim list, read off the inverted index."""

from dataclasses import replace
from math import isqrt

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.functional import cached_property

from articles.search.entry import LAST_KEY, Walk
from articles.search.expression import EVERYTHING, And, Expression, Token
from articles.search.words import RESERVED
from claims.filters.paging import BROKEN, CAP, END, PAGE_SIZE, Page, Place, Total, page_between, read_cursor
from claims.models import TermCount
from claims.search.terms import PUBLIC

FEW = 500
"""So many keys cost no more than to find out whether they are needed."""

MOST = 25_000
"""No page reads more keys than that."""

ROWS_A_MATCH = 500
"""What PostgreSQL passes by on its walk along the list costs it ten times as much a row as what it gathers from the
inverted index: of a term that n of N claims have, a page is passed for 50 N / n rows, and gathered for n."""

RANKED = 2000
"""How many of the newest matches are ranked: more cost too much, and nobody reads so far."""


class Pages:
    """The keys on the pages of one walk through the claims, newest first or best match first.

    ``desk`` says whose counts there are of terms. Reads the matches once where they are no more than ``CAP``.
    """

    def __init__(self, walk: Walk, *, desk: bool) -> None:
        self.walk, self.desk = walk, desk

    @cached_property
    def total(self) -> Total:
        counted = self._counted()
        if counted is not None:
            return Total(counted)
        return Total(min(len(self._found), CAP), len(self._found) > CAP)

    @property
    def all_if_few(self) -> list[int] | None:
        """All keys, the newest first, where they are no more than ``CAP``."""
        return self._sorted if self._few and len(self._found) <= CAP else None

    def page(self, place: Place) -> Page:
        """The newest first."""
        if place.after:
            found = self._newest(high=_key(place.after))
            return _page(found, place.number, back=True, on=len(found) > PAGE_SIZE)
        if place.before:
            low = 0 if place.before == END else _key(place.before) + 1
            found = self._newest(low=low, backwards=True)
            rows = found[:PAGE_SIZE][::-1]
            number = 0 if place.before == END else place.number
            return _page(rows, number, back=len(found) > PAGE_SIZE, on=place.before != END)
        start = (place.number - 1) * PAGE_SIZE
        if not self.total.more and start * 2 > self.total.number:
            # From the end there are fewer rows to count off.
            stop = max(0, self.total.number - start - PAGE_SIZE)
            limit = min(PAGE_SIZE, self.total.number - start)
            rows = self._newest(offset=stop, limit=limit, backwards=True)[::-1] if limit > 0 else []
            return _page(rows, place.number, back=start > 0, on=stop > 0)
        found = self._newest(offset=start)
        return _page(found, place.number, back=start > 0, on=len(found) > PAGE_SIZE)

    def ranked(self, place: Place) -> Page:
        """The best of the newest matches first; pages go by number alone."""
        oldest = self._newest(offset=RANKED - 1, limit=1)
        walk = replace(self.walk, low=oldest[0]) if oldest else self.walk
        start = (place.number - 1) * PAGE_SIZE
        found = walk.best(min(PAGE_SIZE + 1, RANKED - start), offset=start) if start < RANKED else []
        ends = [[key] for key in (found[0], found[-1])] if found else []
        page = page_between(found[:PAGE_SIZE], place.number, ends, back=start > 0, on=len(found) > PAGE_SIZE)
        return replace(page, by_number=True)

    def _newest(
        self,
        *,
        low: int = 0,
        high: int = LAST_KEY,
        offset: int = 0,
        limit: int = PAGE_SIZE + 1,
        backwards: bool = False,
    ) -> list[int]:
        if self._few:
            keys = [key for key in self._sorted if low <= key < high]
            return (keys[::-1] if backwards else keys)[offset : offset + limit]
        walk = replace(self.walk, low=max(low, self.walk.low), high=min(high, self.walk.high))
        return walk.newest(limit, offset=offset, backwards=backwards)

    @cached_property
    def _found(self) -> list[int]:
        """The keys of all matches, or one more than ``CAP`` of them; of a term that few have, all."""
        return self.walk.some((MOST if self._counted() is not None else CAP) + 1)

    @cached_property
    def _few(self) -> bool:
        """Whether all matches are at hand. PostgreSQL would walk the whole list for the page of a search that it
        wrongly takes for a frequent one; of one term it knows how frequent that is."""
        counted = self._counted()
        if counted is None:
            return len(self._found) <= CAP
        return counted <= self._worth_gathering() and len(self._found) <= MOST

    def _worth_gathering(self) -> int:
        """How many claims may have a term whose page is better gathered than walked to. SQLite's index is in the
        order of the list."""
        if connection.vendor == "sqlite":
            return FEW
        return max(FEW, min(MOST, isqrt(ROWS_A_MATCH * self._kept.get(EVERYTHING, 0))))

    @cached_property
    def _sorted(self) -> list[int]:
        return sorted(self._found, reverse=True)

    def _counted(self) -> int | None:
        """The count that is kept of what is wanted, if it is one term."""
        return self._kept.get(self._term, 0) if self._term else None

    @cached_property
    def _term(self) -> str:
        whole = (self.walk.low, self.walk.high, self.walk.records) == (1, LAST_KEY, None)
        return _one_term(self.walk.wanted) if whole else ""

    @cached_property
    def _kept(self) -> dict[str, int]:
        """How many claims have the term, and how many there are."""
        column = "desk" if self.desk else "public"
        return dict(TermCount.objects.filter(term__in=[self._term, EVERYTHING]).order_by().values_list("term", column))


def _one_term(wanted: Expression) -> str:
    """The one term that ``wanted`` asks for besides what the public may see; empty where there is more."""
    if isinstance(wanted, And) and not wanted.without:
        parts = [part for part in wanted.parts if part != Token(PUBLIC)]
        wanted = parts[0] if len(parts) == 1 else wanted
        if not parts:
            return EVERYTHING
    if wanted == Token(PUBLIC):
        return EVERYTHING
    is_term = isinstance(wanted, Token) and not wanted.prefix and wanted.token.startswith(RESERVED)
    return wanted.token if is_term and wanted.token[2] not in "eh" else ""  # type: ignore[union-attr]


def _key(cursor: str) -> int:
    values = read_cursor(cursor)
    if len(values) != 1 or type(values[0]) is not int:
        raise ValidationError(BROKEN)
    return values[0]


def _page(found: list[int], number: int, *, back: bool, on: bool) -> Page:
    rows = found[:PAGE_SIZE]
    return page_between(rows, number, [[rows[0]], [rows[-1]]] if rows else [], back=back, on=on)

"""Searches of the desk's lists in the inverted indexes, and lists that are counted no further than they are read."""

from typing import Any

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import cached_property

from articles.models import ArticleEntry
from articles.rows import Among
from articles.search.entry import DAY, Entry, Matches, Walk
from articles.search.expression import ALL, NOTHING, Expression, all_of, word

COUNTED = 10_000
"""How many rows of a list are counted, and can be leafed through: whoever looks for more needs a filter."""


FEW = 1_000
"""So many rows of a list are asked for by their numbers: a database may walk through all rows in the list's order
to come by the few that a filter leaves."""


class CappedPaginator(Paginator):
    """The pages of the first ``COUNTED`` rows; ``more`` says that there are others. ``known_to_have_more``: nothing
    needs to be counted to know it."""

    known_to_have_more = False
    object_list: QuerySet[Any]

    @cached_property
    def _found(self) -> int:
        if self.known_to_have_more:
            return COUNTED + 1
        few = list(self.object_list.order_by().values_list("pk", flat=True)[: FEW + 1])
        if len(few) > FEW:
            return counted(self.object_list)
        self.object_list = self.object_list.filter(Among("pk", few))
        return len(few)

    @cached_property
    def count(self) -> int:
        return min(self._found, COUNTED)

    @property
    def more(self) -> bool:
        return self._found > COUNTED


def counted(rows: QuerySet[Any]) -> int:
    """How many ``rows`` there are, or one more than ``COUNTED``."""
    return rows.order_by()[: COUNTED + 1].count()


def words_in(text: str, *, typing: bool = False) -> Expression:
    """What looks for all words of ``text``, of which the last may only have begun where somebody is ``typing``."""
    *others, last = text.split() or [""]
    wanted = all_of([*map(word, others), word(last, prefix=typing)])
    return NOTHING if wanted == ALL else wanted


def ids_found(walk: Walk, limit: int) -> list[int]:
    """The ids of the newest of what ``walk`` finds."""
    return [key % DAY for key in walk.newest_of_few(limit, few=COUNTED)]


def found_in(rows: QuerySet[Any], entries: type[Entry], wanted: Expression) -> QuerySet[Any]:
    """Those of ``rows`` whose entries are ``wanted``; of many, on SQLite, the newest."""
    keys = Walk(entries, wanted).some(COUNTED + 1)
    if len(keys) > COUNTED and connection.vendor == "postgresql":
        return rows.filter(Matches("entry__key", wanted))
    return rows.filter(Among("pk", (key % DAY for key in keys)))


def articles_found(text: str, *, typing: bool = False, limit: int = COUNTED) -> list[int]:
    """The ids of the newest articles that hold all words of ``text``."""
    return ids_found(Walk(ArticleEntry, words_in(text, typing=typing)), limit)

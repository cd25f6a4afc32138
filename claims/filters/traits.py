"""The facets beside the lists of articles, sources, publishers and tags: what their rows are, counted row by row.

A value is counted among the rows that all other filters leave. Where more than ``CAP`` are left, ``CAP`` of them
are counted, and counts are "at least". One query counts all facets that are not in use, one more each that is.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from articles.models import Publisher
from articles.text import fold
from claims.filters.base import ListFilter, every_word
from claims.filters.facets import MORE, TOP
from claims.filters.fields import as_texts
from claims.filters.paging import CAP, Total, capped
from claims.filters.shelf import NONE_LAST, FacetShown, Label, Shelf, narrowing_first
from claims.search.terms import NO_VALUE, language_of

Labels = Mapping[str, Label]
"""By value, as the rows hold it, how it reads in an address and for people."""


@dataclass(frozen=True)
class Trait:
    """One facet. ``labels`` says how values read; ``none`` is the value "there is none", where there may be;
    ``in_order``: shown in the order of their places instead of by count, and all of them. ``columns`` and
    ``values`` say which values a row has, where its columns do."""

    labels: Callable[[Collection[str]], Labels]
    none: str = ""
    in_order: bool = False
    columns: tuple[str, ...] = ()
    values: Callable[..., Iterable[str]] = lambda value: [str(value)]


@dataclass(frozen=True)
class Tally:
    """By facet and value, how many rows have it; ``capped``: of some of the rows."""

    counts: Mapping[str, Mapping[str, int]]
    capped: bool = False


class TraitFilter(ListFilter):
    """A list of rows whose facets are ``traits``. Each of its filters is a condition that may be negated."""

    traits: Mapping[str, Trait] = {}
    conditions: Mapping[str, Callable[[Any, Any], Q]] = {}
    """By filter, what its values and the list ask of a row."""

    def rows(self, *, but: str = "") -> QuerySet[Any]:
        """What the list shows, or would show without the facet ``but``, in no order."""
        found = self.everything(self.viewer)
        if self.values.get("q"):
            found = found.filter(every_word(self.values["q"], *self.looked_in))
        for name in self.filters:
            facet, asked = name.removeprefix("-"), self.values.get(name)
            if asked and facet in self.conditions and name != but:
                met = self.conditions[facet](asked, self)
                found = found.filter(~met if name.startswith("-") else met)
        return found

    def counted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """``rows`` with the numbers that the list shows and is ordered by."""
        return rows

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.counted(self.rows()).order_by(*self.orders[self.sort])

    @property
    def total(self) -> Total:
        if not hasattr(self, "_total"):
            self._total = capped(self.rows()) if self.is_valid() else Total(0)
        return self._total

    def tally(self, *, but: str = "") -> Tally:
        """All facets counted among the rows without the facet ``but``. One query."""
        columns = [column for trait in self.traits.values() for column in trait.columns]
        rows = list(self.described(self.rows(but=but)).order_by().values_list(*columns)[: CAP + 1])
        counts: dict[str, Counter[str]] = {name: Counter() for name in self.traits}
        for row in rows[:CAP]:
            at = 0
            for name, trait in self.traits.items():
                counts[name].update(trait.values(*row[at : at + len(trait.columns)]))
                at += len(trait.columns)
        return Tally(counts, len(rows) > CAP)

    def described(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """``rows`` with the columns of all traits."""
        return rows


class TraitFacets:
    """The facets of one list for its viewer."""

    def __init__(self, listing: Any) -> None:
        self.listing = listing
        self._shelf = Shelf(listing)
        self._shared: Tally | None = None

    def all(self) -> list[FacetShown]:
        """Every facet with its commonest values."""
        return narrowing_first(self.one(name, limit=TOP) for name in self.listing.traits)

    def one(self, name: str, *, find: str = "", limit: int = MORE) -> FacetShown:
        """One facet with up to ``limit`` values, of those that are called like ``find``."""
        trait, tally = self.listing.traits[name], self._tally(name)
        counts = tally.counts[name]
        labels = trait.labels([value for value in counts if value != NO_VALUE])
        found = {label.value: (label, counts[value]) for value, label in labels.items() if value in counts}
        if trait.none and counts.get(NO_VALUE):
            found[NO_VALUE] = Label(NO_VALUE, trait.none, NONE_LAST), counts[NO_VALUE]
        if find:
            found = {value: each for value, each in found.items() if fold(find) in fold(each[0].text)}
        chosen, refused = (as_texts(self.listing.values.get(key)) for key in (name, f"-{name}"))
        for key, values in ((name, chosen), (f"-{name}", refused)):
            for value in values:
                # What is in use is shown, be it ever so rare.
                found.setdefault(value, (Label(value, self.listing.label_of(key, value)), 0))
        return self._shelf.show(
            name, found, limit=None if trait.in_order else limit, by_place=trait.in_order, capped=tally.capped
        )

    def _tally(self, name: str) -> Tally:
        if self.listing.values.get(name):
            return self.listing.tally(but=name)
        if self._shared is None:
            self._shared = self.listing.tally()
        return self._shared


def choices(options: Iterable[tuple[Any, Any]]) -> Callable[[Collection[str]], Labels]:
    """Values of a fixed choice, by how columns and terms hold them."""
    labels: dict[str, Label] = {}
    for at, (value, label) in enumerate(options):
        shown = Label(str(value), str(label), f"{at:04}")
        labels |= {str(value): shown, str(value).replace("_", ""): shown}
    return lambda _values: labels


def publishers(ids: Collection[str]) -> Labels:
    """One query."""
    rows = Publisher.objects.filter(pk__in=[int(pk) for pk in ids]) if ids else ()
    return {str(row.pk): Label(row.slug, row.name, row.name) for row in rows}


def languages(values: Collection[str]) -> Labels:
    return {value: Label(language_of(value), language_of(value)) for value in values}


def years(values: Collection[str]) -> Labels:
    return {value: Label(value.zfill(4), value, 9999 - int(value)) for value in values}

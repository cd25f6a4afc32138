"""The values of a facet as they stand beside a list: ranked, and each with the ways to choose and to refuse it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.http import urlencode

from claims.filters.base import ListFilter
from claims.filters.fields import as_texts

NONE_LAST = "~"
"""The place of "none" where values have an order."""


@dataclass(frozen=True)
class Choice:
    """One value of a facet. ``tick`` is the list with it chosen, or no longer; ``refuse`` the list without
    what has it, or no longer so. ``level`` is its depth in a tree."""

    value: str
    label: str
    count: int
    chosen: bool
    refused: bool
    tick: str
    refuse: str
    level: int = 0


@dataclass(frozen=True)
class FacetShown:
    """One facet with its commonest values and those in use. ``more``: it has others. ``capped``: only some of
    the claims were counted."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    more: bool
    capped: bool

    @property
    def active(self) -> bool:
        return any(choice.chosen or choice.refused for choice in self.choices)

    @property
    def highest(self) -> int:
        """The highest count, for the bars of a histogram."""
        return max((choice.count for choice in self.choices), default=0)


def narrowing_first(facets: Iterable[FacetShown]) -> list[FacetShown]:
    """``facets`` in their order, but behind all others those whose values all rows have: ticking them changes
    nothing."""
    shown = [*facets]
    rows = max((facet.highest for facet in shown if not facet.active), default=0)
    return sorted(shown, key=lambda facet: not facet.active and all(choice.count == rows for choice in facet.choices))


@dataclass(frozen=True)
class Label:
    """How the value of a term reads: in an address, and for people. ``place`` orders it among the others
    where a facet has an order of its own."""

    value: str
    text: str
    place: Any = ""
    level: int = 0


class Shelf:
    """The facets of one list."""

    def __init__(self, listing: ListFilter) -> None:
        self.listing = listing

    def show(
        self,
        name: str,
        values: Mapping[str, tuple[Label, int]],
        *,
        limit: int | None,
        by_place: bool,
        capped: bool,
    ) -> FacetShown:
        """The facet ``name`` with those of ``values`` that are in use and with the commonest, up to ``limit``; None:
        with all. ``by_place``: in the order of their places."""
        chosen, refused = (as_texts(self.listing.values.get(key)) for key in (name, f"-{name}"))
        pinned = {*chosen, *refused}
        ranked = sorted(values, key=lambda value: (value not in pinned, -values[value][1], values[value][0].text))
        shown = ranked if limit is None else ranked[: max(limit, len(pinned))]
        if by_place:
            shown = sorted(shown, key=lambda value: _order(values[value][0].place))
        return FacetShown(
            name,
            str(self.listing.filters[name].label),
            tuple(self._choice(name, *values[value], value in chosen, value in refused) for value in shown),
            more=len(ranked) > len(shown),
            capped=capped,
        )

    def _choice(self, name: str, label: Label, count: int, chosen: bool, refused: bool) -> Choice:
        yes, no, url = (name, label.value), (f"-{name}", label.value), self.listing.url
        if chosen or refused:
            tick = url(without=yes) if chosen else url(without=no, adding=yes)
            refuse = url(without=no) if refused else url(without=yes, adding=no)
        else:
            tick, refuse = (f"{self._begin}{urlencode([pair])}" for pair in (yes, no))
        return Choice(label.value, label.text, count, chosen, refused, tick, refuse, label.level)

    @cached_property
    def _begin(self) -> str:
        """The address of the list, as far as one more parameter."""
        url = self.listing.url()
        return f"{url}{'&' if '?' in url else '?'}"


def _order(place: Any) -> tuple[bool, str]:
    """Numbers by their size; paths as they are, so that what stands below a tag stays behind it."""
    return place == NONE_LAST, f"{place:05}" if isinstance(place, int) else str(place)

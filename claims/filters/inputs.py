"""The forms around a list, as its templates draw them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from claims.columns import FIRST, Column, columns_for
from claims.filters.base import ListFilter, address
from claims.filters.claims import ClaimFilter
from claims.filters.fields import ChoiceField, ChoicesField, DayField, NamesField, NumberField, as_texts


@dataclass(frozen=True)
class Option:
    """One value that an input offers."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Input:
    """One input. ``shape`` is words, names, choices, choice, day or number.

    ``typed`` is what stands in its text box; an input of names has a tick box for each row already chosen,
    and a text box for one more, which asks ``suggest`` for names as somebody types.
    """

    name: str
    label: str
    shape: str
    typed: str = ""
    options: tuple[Option, ...] = ()
    suggest: str = ""
    error: str = ""

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def active(self) -> bool:
        return bool(self.typed or any(option.chosen for option in self.options) or self.error)


@dataclass(frozen=True)
class Group:
    """Some inputs under one heading, which stands open where one of them is in use."""

    title: str
    inputs: tuple[Input, ...]

    @property
    def open(self) -> bool:
        return any(one.active for one in self.inputs)


SHAPES = {ChoiceField: "choice", ChoicesField: "choices", DayField: "day", NumberField: "number", NamesField: "names"}


def form_of(listing: ListFilter) -> list[Group]:
    """The inputs of a list in its groups, after those of other filters that were refused, to be corrected; a
    group without a title has no heading."""
    asked = {name for _, names in listing.groups for name in names}
    refused = tuple(name for name in listing.form.errors if name in listing.filters and name not in asked)
    groups = (
        Group(title, tuple(input_of(listing, name) for name in names if name in listing.filters))
        for title, names in (("", refused), *listing.groups)
    )
    return [group for group in groups if group.inputs]


def asked_in(groups: Collection[Group]) -> list[str]:
    """The parameters that a form asks for."""
    return [each.name for group in groups for each in group.inputs]


def input_of(listing: ListFilter, name: str) -> Input:
    field = listing.filters[name].field
    shape = SHAPES.get(type(field), "words")
    given = [text for key, text in listing.as_given() if key == name and text.strip()]
    errors = listing.form.errors.get(name, [])
    common: dict[str, Any] = {"name": name, "label": str(field.label), "shape": shape, "error": " ".join(errors)}
    if shape == "names":
        refused = _refused(listing, name)
        kept = [(text, text) for text in given if text.strip() not in refused] if errors else []
        kept += [(row.slug, str(row)) for row in listing.values.get(name) or []]
        options = tuple(Option(value, label, chosen=True) for value, label in kept)
        return Input(**common, options=options, typed="".join(refused[:1]), suggest=_suggest(field, name))
    if shape in ("choice", "choices"):
        chosen_values = as_texts(listing.values.get(name))
        offered = (choice for choice in field.choices.items() if name != "sort" or listing.can_sort_by(choice[0]))
        options = tuple(Option(value, label, value in chosen_values) for value, label in offered)
        return Input(**common, options=options)
    return Input(**common, typed=given[-1] if given else "")


def _refused(listing: ListFilter, name: str) -> list[str]:
    """The value that the input was refused for; it stays in the text box, to be corrected."""
    errors = listing.form.errors.as_data().get(name, [])
    return [error.params["value"] for error in errors if error.params]


def _suggest(field: NamesField, name: str) -> str:
    return f"{reverse(field.suggest)}?field={name}"


@dataclass(frozen=True)
class Heading:
    """The head of one column. ``url`` is the list in the order of the column, or the other way round, and ``leads``
    what that order is called; ``order`` is how the list is ordered by it now: ascending, descending, or not."""

    column: Column
    url: str = ""
    order: str = ""
    leads: str = ""


def headings(listing: ListFilter, columns: Collection[Column]) -> list[Heading]:
    return [_heading(listing, column) for column in columns]


def _heading(listing: ListFilter, column: Column) -> Heading:
    if not column.sort:
        return Heading(column)
    sort, order = column.sort, "ascending" if listing.sort == column.back else ""
    if listing.sort == column.sort:
        sort, order = column.back, "descending"
    if not sort:
        return Heading(column, order=order)
    return Heading(column, in_order(listing, sort), order, f"Sort: {listing.label_of('sort', sort)}")


def in_order(listing: ListFilter, sort: str) -> str:
    """The address of the list in another order."""
    usual = next(iter(listing.orders))
    return listing.url(without=("sort", listing.sort), adding=None if sort == usual else ("sort", sort))


@dataclass(frozen=True)
class ColumnChoice:
    """One column that may be shown; ``up`` and ``down`` are the list with it one place on."""

    column: Column
    chosen: bool
    up: str = ""
    down: str = ""


def column_choices(listing: ClaimFilter) -> list[ColumnChoice]:
    """The columns that are shown, in their order, and then the others; not the first, which cannot be chosen."""
    chosen = [column for column in listing.columns if column.name != FIRST]
    names = [column.name for column in chosen]
    swaps = ["", *(_with_columns(listing, _swapped(names, at)) for at in range(len(names) - 1)), ""]
    shown = [ColumnChoice(column, chosen=True, up=swaps[at], down=swaps[at + 1]) for at, column in enumerate(chosen)]
    others = (column for column in columns_for(desk=listing.desk) if column.name not in [FIRST, *names])
    return [*shown, *(ColumnChoice(column, chosen=False) for column in others)]


def _swapped(names: list[str], at: int) -> list[str]:
    return [*names[:at], names[at + 1], names[at], *names[at + 2 :]]


def _with_columns(listing: ListFilter, names: list[str]) -> str:
    others = [pair for pair in listing.pairs() if pair[0] != "cols"]
    return address(listing.path, [*others, *(("cols", name) for name in names)])

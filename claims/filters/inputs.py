"""The form of a list, as its template draws it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from claims.filters.base import ListFilter
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
    """The inputs of a list in its groups; the first group has no heading."""
    return [
        Group(title, tuple(_input(listing, name) for name in names if name in listing.filters))
        for title, names in listing.groups
    ]


def _input(listing: ListFilter, name: str) -> Input:
    field = listing.form.fields[name]
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
        options = tuple(Option(value, label, value in chosen_values) for value, label in field.choices.items())
        return Input(**common, options=options)
    return Input(**common, typed=given[-1] if given else "")


def _refused(listing: ListFilter, name: str) -> list[str]:
    """The value that the input was refused for; it stays in the text box, to be corrected."""
    errors = listing.form.errors.as_data().get(name, [])
    return [error.params["value"] for error in errors if error.params]


def _suggest(field: NamesField, name: str) -> str:
    return f"{reverse(field.suggest)}?field={name}"

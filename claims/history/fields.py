"""The fields that history tells, and what they say in words."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import CharField, Model, TextField

from articles.dates import show_moment, vague, vague_moment
from articles.history import Values
from articles.models import Locked
from articles.models.history import typed_fields
from claims.history.names import Names
from claims.history.words import Part, differences, listed

PRECISIONS = {
    "about_from": "about_precision",
    "about_to": "about_precision",
    "said_on": "said_on_precision",
    "reviewed_on": "reviewed_on_precision",
    "starts_on": "precision",
    "ends_on": "precision",
    "published_at": "published_precision",
}
"""The columns that say how exactly a date is known, by the date's. They are told as one."""

STRETCHES = ("gaps", "words")
"""Columns that hold places in a text."""


@dataclass(frozen=True)
class Told:
    """One field as history tells it: ``name`` as in addresses, and the names of the values that it is read off."""

    model: type[Locked]
    name: str
    label: str
    values: tuple[str, ...]

    @property
    def is_list(self) -> bool:
        """Whether it names several rows."""
        return self.name in {link.name for link in self.model._meta.many_to_many}

    @property
    def is_text(self) -> bool:
        """Whether it is written freely, so that single words of it may change."""
        if self.name == "withdrawn" or self.is_list:
            return self.name == "withdrawn"
        column: Any = self.model._meta.get_field(self.name)
        return isinstance(column, (CharField, TextField)) and not column.choices

    @property
    def kind(self) -> str:
        """How a row is called that has the field."""
        return str(self.model._meta.verbose_name)

    @property
    def key(self) -> str:
        """What the field is called where there are several kinds of rows: ``claim.text``."""
        return f"{self.model._meta.model_name}.{self.name}"

    def raw(self, values: Values | None) -> tuple[Any, ...] | None:
        """What the field says, to be compared: how exactly a date is known says nothing where there is none."""
        if values is None:
            return None
        return tuple(values[name] for name in self.values) if values[self.values[0]] is not None else (None,)


@dataclass(frozen=True)
class Difference:
    """What became of one field, word by word."""

    field: Told
    parts: list[Part]

    @property
    def names(self) -> bool:
        """Whether the parts are names, each for itself."""
        return self.field.is_list


@cache
def told_fields(model: type[Locked]) -> dict[str, Told]:
    """The fields of ``model`` by name: dates with their precision, and a withdrawal as one."""
    return {field.name: field for field in _told(model)}


def _told(model: type[Locked]) -> Iterator[Told]:
    columns = {field.name: field for field in typed_fields(model)}
    exact = {date: column for date, column in PRECISIONS.items() if {date, column} <= columns.keys()}
    for name, field in columns.items():
        if name == "withdrawn_at":
            yield Told(model, "withdrawn", "withdrawn", ("withdrawn_at", "withdrawn_by_id", "withdrawn_reason"))
        elif not name.startswith("withdrawn_") and name not in exact.values():
            values = (field.attname, *([exact[name]] if name in exact else []))
            yield Told(model, name, str(field.verbose_name), values)
    for link in model._meta.many_to_many:
        yield Told(model, link.name, str(link.verbose_name), (link.name,))


def changed(model: type[Locked], before: Values | None, after: Values | None) -> list[Told]:
    """The fields that say something else. Of a row that was not there, those that say more than a new row would."""
    fields = told_fields(model).values()
    if before is None:
        return [field for field in fields if any(map(_is_said, _typed(field, after)))]
    return [field for field in fields if field.raw(before) != field.raw(after)]


def _typed(field: Told, values: Values | None) -> Iterator[tuple[Any, Any]]:
    """What stands under the first of a field's values, with what would by itself."""
    if values is not None:
        whole = field.is_list or field.name == "withdrawn"
        column: Any = None if whole else field.model._meta.get_field(field.name)
        usual = column.get_default() if column else None
        yield values[field.values[0]], usual


def _is_said(pair: tuple[Any, Any]) -> bool:
    value, usual = pair
    return value not in (None, "", []) and value != usual


def related(model: type[Locked], values: Values | None) -> Iterator[tuple[type[Model], int]]:
    """The rows that ``values`` name."""
    if values is None:
        return
    for field in typed_fields(model):
        if field.is_relation and values[field.attname]:
            yield field.related_model, values[field.attname]  # type: ignore[misc]
    for link in model._meta.many_to_many:
        yield from ((link.related_model, pk) for pk in values[link.name])


def differing(fields: list[Told], before: Values | None, after: Values | None, names: Names) -> list[Difference]:
    """What became of ``fields``; ``names`` know all rows that either names."""
    return [Difference(field, _parts(field, before, after, names)) for field in fields]


def _parts(field: Told, before: Values | None, after: Values | None, names: Names) -> list[Part]:
    if field.is_list:
        return listed(*(_all_names(field, values, names) for values in (before, after)))
    said = [in_words(field, values, names) for values in (before, after)]
    return differences(*said) if field.is_text else listed(*([words] if words else [] for words in said))


def _all_names(field: Told, values: Values | None, names: Names) -> list[str]:
    related_model: Any = field.model._meta.get_field(field.name).related_model
    return sorted(names.of(related_model, pk) for pk in (values or {}).get(field.name, ()))


def in_words(field: Told, values: Values | None, names: Names) -> str:
    """What a field says; empty where it says nothing."""
    if values is None:
        return ""
    if field.name == "withdrawn":
        return (values["withdrawn_reason"] or "yes") if values["withdrawn_at"] else ""
    column: Any = field.model._meta.get_field(field.name)
    value = values[field.values[0]]
    if value is None or value == "":
        return ""
    if column.is_relation:
        return names.of(column.related_model, value)
    if len(field.values) > 1:
        return _vague(value, values[field.values[1]])
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return _plain(field.name, value)


def _vague(value: dt.date, precision: str) -> str:
    known = vague_moment(value, precision) if isinstance(value, dt.datetime) else vague(value, precision)
    return str(known)


def _plain(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return show_moment(value, "time")
    if isinstance(value, dt.date):
        return str(vague(value, "day"))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if name in STRETCHES:
        return ", ".join(f"{start}–{end}" for start, end in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)

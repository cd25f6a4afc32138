"""The pages of a list. A page begins where the one before ended, at a row and not at a number: rows that are
added meanwhile move nothing from one page to another. A number alone jumps, by counting rows off."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from articles.text import NO_TEXT

PAGE_SIZE = 50

CAP = 10_000
"""As far as rows are counted where counting costs time."""

MAX_INTEGER = (1 << 63) - 1

END = "end"
"""The cursor behind the last row."""


@dataclass(frozen=True)
class Total:
    """How many rows a list has, or that it has more than ``number``."""

    number: int
    more: bool = False

    @property
    def pages(self) -> int:
        """As many as can be jumped to."""
        return max(1, -(-self.number // PAGE_SIZE))


@dataclass(frozen=True)
class Place:
    """Where a page begins: behind the row ``after``, before the row ``before``, else at a number of pages."""

    number: int = 1
    after: str = ""
    before: str = ""


@dataclass(frozen=True)
class Page:
    """The rows of one page, with the cursors of its first and last one where there are rows beyond; ``number``
    is 0 where only the end is known. ``by_number``: the pages beside it are found by their numbers alone."""

    rows: list[Any]
    number: int
    first: str = ""
    last: str = ""
    by_number: bool = False


def capped(rows: QuerySet[Any]) -> Total:
    """How many ``rows`` there are, counted up to ``CAP``."""
    number = rows.order_by()[: CAP + 1].count()
    return Total(min(number, CAP), number > CAP)


def page_of(rows: QuerySet[Any], place: Place, total: Total) -> Page:
    """One page of ``rows``, which are in an order that ends in a key of their own and holds no NULL."""
    keys = [_key(part) for part in rows.query.order_by]
    names = [f"order_{at}" for at in range(len(keys))]
    rows = rows.annotate(**{name: expression for name, (expression, _) in zip(names, keys, strict=True)})
    turned = [falling for _, falling in keys]
    if place.after:
        found = list(_ordered(rows.filter(_beyond(rows, names, turned, place.after)), names, turned)[: PAGE_SIZE + 1])
        return _cut(found, names, place.number, back=True, on=len(found) > PAGE_SIZE)
    against = [not falling for falling in turned]
    if place.before:
        at_end = place.before == END
        before = rows if at_end else rows.filter(_beyond(rows, names, against, place.before))
        found = list(_ordered(before, names, against)[: PAGE_SIZE + 1])
        number = 0 if at_end else place.number
        return _cut(found[:PAGE_SIZE][::-1], names, number, back=len(found) > PAGE_SIZE, on=not at_end)
    start = (place.number - 1) * PAGE_SIZE
    if start * 2 > total.number and not total.more:
        # From the end there are fewer rows to count off.
        stop = max(0, total.number - start - PAGE_SIZE)
        found = list(_ordered(rows, names, against)[stop : max(stop, total.number - start)])[::-1]
        return _cut(found, names, place.number, back=start > 0, on=stop > 0)
    found = list(_ordered(rows, names, turned)[start : start + PAGE_SIZE + 1])
    return _cut(found, names, place.number, back=start > 0, on=len(found) > PAGE_SIZE)


def _cut(found: list[Any], names: list[str], number: int, *, back: bool, on: bool) -> Page:
    """A page of the first ``found``; ``back`` and ``on`` say whether there are rows before and behind it."""
    rows = found[:PAGE_SIZE]
    ends = [[getattr(row, name) for name in names] for row in (rows[0], rows[-1])] if rows else []
    return page_between(rows, number, ends, back=back, on=on)


def page_between(rows: list[Any], number: int, ends: list[list[Any]], *, back: bool, on: bool) -> Page:
    """A page of ``rows``, whose first and last one have the values ``ends`` to be found by again."""
    first, last = (write_cursor(values) for values in ends) if ends else ("", "")
    return Page(rows, number, first if back else "", last if on else "")


def _key(part: Any) -> tuple[Any, bool]:
    """One part of an order: its expression, and whether it falls."""
    if isinstance(part, str):
        return F(part.removeprefix("-")), part.startswith("-")
    return (part.expression, part.descending) if isinstance(part, OrderBy) else (part, False)


def _ordered(rows: QuerySet[Any], names: list[str], falling: list[bool]) -> QuerySet[Any]:
    return rows.order_by(*(f"-{name}" if falls else name for name, falls in zip(names, falling, strict=True)))


def _beyond(rows: QuerySet[Any], names: list[str], falling: list[bool], cursor: str) -> Q:
    """The rows behind the one that ``cursor`` names, in that order."""
    values = read_cursor(cursor)
    if len(values) != len(names):
        raise ValidationError(BROKEN)
    fields = (rows.query.annotations[name].output_field for name in names)
    try:
        values = [field.to_python(value) for field, value in zip(fields, values, strict=True)]
    except (TypeError, ValueError, OverflowError) as error:
        raise ValidationError(BROKEN) from error
    beyond, same = Q(), Q()
    for name, falls, value in zip(names, falling, values, strict=True):
        beyond |= same & Q(**{f"{name}__{'lt' if falls else 'gt'}": value})
        same &= Q(**{name: value})
    return beyond


BROKEN = "The address of this page is broken: go back to the first one."


def write_cursor(values: list[Any]) -> str:
    """``values`` as an address can hold them."""
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> list[Any]:
    """What ``write_cursor`` was given, dates as text. Raises ``ValidationError`` where it was not."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError) as error:
        raise ValidationError(BROKEN) from error
    if not isinstance(values, list) or not all(map(_can_be_asked_for, values)):
        raise ValidationError(BROKEN)
    return values


def _can_be_asked_for(value: Any) -> bool:
    """Whether a database takes the value: no fraction, nothing empty, and text that can be stored."""
    if isinstance(value, str):
        return NO_TEXT.search(value) is None
    return isinstance(value, int) and abs(value) < MAX_INTEGER

"""Checks of single values: what JSON holds in, what the database stores out. Pure.

A check takes a value that is not None and returns it as both engines store it; it raises ``Refused`` with
words that fit behind the name of the key.
"""

import datetime as dt
import difflib
import json
import re
from collections.abc import Callable, Collection, Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from claims.importers.lines import Refused

Check = Callable[[Any], Any]

_UID = re.compile(r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CACHED = 4096


def nearest(given: str, known: Iterable[str]) -> str:
    """ " – did you mean “status”?", or nothing where no name is near."""
    near = difflib.get_close_matches(given, list(known), n=1)
    return f" – did you mean “{near[0]}”?" if near else ""


def text(longest: int | None, *, blank: bool, valid: Callable[[str], None] | None = None) -> Check:
    """Words of at most ``longest`` characters, without blanks around them; ``valid`` may refuse them too."""
    limit = longest or 10**9
    judge = lru_cache(CACHED)(valid) if valid else None

    def check(value: Any) -> str:
        if type(value) is not str:
            raise Refused(f"must be text, not {kind_of(value)}")
        value = value.strip()
        if len(value) > limit:
            raise Refused(f"longer than {limit:,} characters")
        if not value:
            if not blank:
                raise Refused("must not be blank")
        elif judge:
            judge(value)
        return value

    return check


def verbatim(value: Any) -> str:
    """Text letter by letter."""
    if type(value) is not str:
        raise Refused(f"must be text, not {kind_of(value)}")
    if not value:
        raise Refused("must not be blank")
    return value


def choice(values: Collection[Any]) -> Check:
    known = {value: value for value in values}

    def check(value: Any) -> Any:
        try:
            if type(value) is not bool:
                return known[value]
        except (KeyError, TypeError):
            pass
        hint = nearest(value, known) if type(value) is str and type(next(iter(known))) is str else ""
        shown = json.dumps(value, ensure_ascii=False)
        raise Refused(f"{shown[:60]} is none of {', '.join(map(str, known))}{hint}")

    return check


def uid(value: Any) -> str:
    """A UUID as 32 hexadecimal digits: SQLite stores it so, PostgreSQL reads it so."""
    if type(value) is not str or not _UID.fullmatch(value):
        raise Refused("must be a UUID")
    return value.replace("-", "").lower()


def flag(value: Any) -> bool:
    if type(value) is not bool:
        raise Refused(f"must be true or false, not {kind_of(value)}")
    return value


def whole(lowest: int, highest: int) -> Check:
    def check(value: Any) -> int:
        if type(value) is not int:
            raise Refused(f"must be a whole number, not {kind_of(value)}")
        if not lowest <= value <= highest:
            raise Refused(f"must lie between {lowest} and {highest}")
        return value

    return check


def number(lowest: float, highest: float) -> Check:
    def check(value: Any) -> float:
        if type(value) not in (int, float):
            raise Refused(f"must be a number, not {kind_of(value)}")
        if not lowest <= value <= highest:
            raise Refused(f"must lie between {lowest:g} and {highest:g}")
        return float(value)

    return check


def decimal(digits: int, places: int) -> Check:
    def check(value: Any) -> str:
        if type(value) not in (int, float, str):
            raise Refused(f"must be a number, not {kind_of(value)}")
        try:
            exact = Decimal(str(value))
            if not exact.is_finite() or abs(exact) >= 10 ** (digits - places):
                raise Refused(f"must have at most {digits - places} digits before the point")
            rounded = exact.quantize(Decimal(1).scaleb(-places))
        except InvalidOperation as error:
            raise Refused("must be a number") from error
        if rounded != exact:
            raise Refused(f"must have at most {places} digits behind the point")
        return str(rounded)

    return check


@lru_cache(CACHED)
def _day(value: str) -> str:
    if not _DAY.fullmatch(value):
        raise Refused("must be a date such as 2025-12-02")
    try:
        dt.date.fromisoformat(value)
    except ValueError as error:
        raise Refused(f"“{value}” is not in the calendar") from error
    return value


def day(value: Any) -> str:
    """A date as ISO text."""
    if type(value) is not str:
        raise Refused("must be a date such as 2025-12-02")
    return _day(value)


@lru_cache(CACHED)
def _moment(value: str) -> str:
    try:
        at = dt.datetime.fromisoformat(value)
        at = at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise Refused("must be a moment such as 2025-12-02T08:30:00Z") from error
    return str(at.replace(tzinfo=None))


def moment(value: Any) -> str:
    """A moment in UTC as SQLite stores it and PostgreSQL, in a session that is in UTC, reads it."""
    if type(value) is not str:
        raise Refused("must be a moment such as 2025-12-02T08:30:00Z")
    return _moment(value)


def anything(value: Any) -> str:
    """Any JSON, as both engines take it."""
    return json.dumps(value)


def lines(longest: int) -> Check:
    """A list of names as they are stored: one a line."""

    def check(value: Any) -> str:
        if type(value) is not list or not all(type(name) is str for name in value):
            raise Refused("must be a list of texts")
        joined = "\n".join(" ".join(name.split()) for name in value if name.strip())
        if len(joined) > longest:
            raise Refused(f"longer than {longest:,} characters together")
        return joined

    return check


def kind_of(value: Any) -> str:
    """What a value is, in words."""
    return {dict: "an object", list: "a list", str: "text", bool: "true or false"}.get(type(value), "a number")

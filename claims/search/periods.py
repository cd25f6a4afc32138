"""Years, months and days as people type them. Pure."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator

_PERIOD = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?\Z")
_DAY_FIRST = re.compile(r"([0-9]{1,2})-(?:([0-9]{1,2})-)?([0-9]{4})\Z")


def period(value: str) -> tuple[dt.date, dt.date] | None:
    """The first and the last day of the year, month or day ``value``; None where that is none."""
    match = _PERIOD.match(value)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = dt.date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first, first
    last_month = month or 12
    return first, dt.date(first.year, last_month, calendar.monthrange(first.year, last_month)[1])


def readings(value: str) -> Iterator[str]:
    """Days that ``value`` may be another way to write, and where its day or month is none, the period above."""
    dashed = re.sub(r"[./\s]", "-", value.strip())
    yield dashed
    day_first = _DAY_FIRST.match(dashed)
    if day_first:
        yield "-".join(part.zfill(2) for part in (day_first[3], day_first[2] or day_first[1]))
        if day_first[2]:
            yield "-".join(part.zfill(2) for part in (day_first[3], day_first[2], day_first[1]))
    parts = dashed.split("-")
    yield from ("-".join(parts[:number]) for number in (2, 1) if number < len(parts))

"""Dates that people give vaguely: "1990", "December 2025", "Tuesday". Pure: no model, no database."""

import calendar
import contextlib
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format


class Precision(models.TextChoices):
    """How exactly a date is known. A coarser date is stored as the first day of its interval."""

    TIME = "time", "time"
    DAY = "day", "day"
    MONTH = "month", "month"
    YEAR = "year", "year"


class DatePrecision(models.TextChoices):
    """The precisions of a column that holds no time of day."""

    DAY = "day", "day"
    MONTH = "month", "month"
    YEAR = "year", "year"


_GIVEN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_FINENESS = {precision.value: rank for rank, precision in enumerate(Precision)}


_END_OF_TIME = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class VagueDate:
    """A day, month or year; ``by`` means "then or earlier": the date is that of a later report.

    ``until`` is the last day, month or year of what went on for longer; ``at`` the moment, where that is known.
    """

    on: dt.date
    precision: str = Precision.DAY
    by: bool = False
    until: dt.date | None = None
    at: dt.datetime | None = None

    @property
    def end(self) -> dt.date:
        """The last day of the interval that the date stands for."""
        last = self.until or self.on
        if self.precision == Precision.YEAR:
            return last.replace(month=12, day=31)
        if self.precision == Precision.MONTH:
            return last.replace(day=calendar.monthrange(last.year, last.month)[1])
        return last

    @property
    def sort_key(self) -> tuple[dt.date, int, dt.datetime]:
        """Earlier interval ends first; where the ends are equal the finer precision, then the earlier moment."""
        return self.end, _FINENESS[str(self.precision)], self.at or _END_OF_TIME

    def as_by(self) -> "VagueDate":
        """The same date as "then or earlier"."""
        return VagueDate(self.on, self.precision, True, self.until, self.at)

    @property
    def iso(self) -> str:
        """As ``read_date`` takes it: "2025-12-02", "2025-12", "1990"."""
        length = {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(self.precision), 10)
        return self.on.isoformat()[:length]

    def __str__(self) -> str:
        """As the pages show it: "2 Dec 2025", "Dec 2025", "1990", "by 22 Nov 2025"."""
        form = {Precision.YEAR: "Y", Precision.MONTH: "M Y"}.get(Precision(self.precision), "j M Y")
        shown = date_format(self.on, form)
        return f"by {shown}" if self.by else shown


def earliest(dates: Iterable[VagueDate | None]) -> VagueDate | None:
    """The first of those dates that are known; None where none is."""
    known = [date for date in dates if date]
    return known[0] if len(known) == 1 else min(known, key=lambda date: date.sort_key, default=None)


def read_date(given: str) -> VagueDate:
    """The date that somebody typed: "2025-12-02", "2025-12" or "2025".

    Raises ``ValueError`` with a sentence for that person.
    """
    found = _GIVEN.fullmatch(given.strip())
    if not found:
        raise ValueError(f"“{given}” is no date: write 2025-12-02, 2025-12 or 2025.")
    year, month, day = found.groups()
    try:
        on = dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise ValueError(f"“{given}” is not in the calendar.") from error
    return VagueDate(on, Precision.DAY if day else Precision.MONTH if month else Precision.YEAR)


def vague(on: dt.date | None, precision: str, *, by: bool = False, until: dt.date | None = None) -> VagueDate | None:
    """A ``VagueDate`` from date columns and their precision; None where the date is unknown."""
    return VagueDate(on, precision, by, until) if on else None


def vague_moment(at: dt.datetime | None, precision: str) -> VagueDate | None:
    """A ``VagueDate`` from a moment column (UTC) and its precision; None where it is unknown.

    A moment falls on a day of the desk's time zone. A whole day is stored as its midnight in UTC, and must not
    move with the time zone.
    """
    if at is None:
        return None
    if precision == Precision.TIME:
        return VagueDate(_local(at).date(), precision, at=at)
    return VagueDate(at.astimezone(dt.UTC).date(), precision)


def show_moment(at: dt.datetime | None, precision: str) -> str:
    """A moment as the pages show it; with its time, in the desk's time zone, only where that is known."""
    if at is None:
        return ""
    if precision != Precision.TIME:
        return str(vague_moment(at, precision))
    return date_format(_local(at), "j M Y, H:i")


def _local(at: dt.datetime) -> dt.datetime:
    """``at`` in the desk's time zone; the first and the last day of the calendar have none everywhere."""
    with contextlib.suppress(OverflowError):
        return timezone.localtime(at)
    return at

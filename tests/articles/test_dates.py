import datetime as dt
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles.dates import Precision, VagueDate, read_date, show_moment, vague, vague_moment

DAY, MONTH, YEAR = dt.date(2025, 12, 2), dt.date(2025, 2, 1), dt.date(1990, 1, 1)


@pytest.mark.parametrize(
    ("given", "date"),
    [
        ("2025-12-02", VagueDate(DAY)),
        (" 2025-02 ", VagueDate(MONTH, Precision.MONTH)),
        ("1990", VagueDate(YEAR, Precision.YEAR)),
    ],
)
def test_it_reads_what_people_type(given: str, date: VagueDate) -> None:
    assert read_date(given) == date
    assert read_date(date.iso) == date


@pytest.mark.parametrize(
    "given", ["", "yesterday", "20251202", "2025-W01", "2025-1-2", "02.12.2025", "٢٠٢٥", "2025-12-02T10:00", "-500"]
)
def test_it_refuses_what_is_no_date(given: str) -> None:
    with pytest.raises(ValueError, match=r"is no date: write 2025-12-02, 2025-12 or 2025\.$"):
        read_date(given)


@pytest.mark.parametrize("given", ["2025-13", "2025-02-29", "0000", "2025-00-10"])
def test_it_refuses_what_is_not_in_the_calendar(given: str) -> None:
    with pytest.raises(ValueError, match=r"is not in the calendar\.$"):
        read_date(given)


@given(st.dates(), st.sampled_from([Precision.DAY, Precision.MONTH, Precision.YEAR]))
def test_it_reads_back_what_it_writes(on: dt.date, precision: str) -> None:
    again = read_date(VagueDate(on, precision).iso)
    assert again.iso == VagueDate(on, precision).iso
    assert again.on <= on <= again.end


@pytest.mark.parametrize(
    ("date", "end"),
    [
        (VagueDate(DAY), DAY),
        (VagueDate(MONTH, Precision.MONTH), dt.date(2025, 2, 28)),
        (VagueDate(dt.date(2024, 2, 1), Precision.MONTH), dt.date(2024, 2, 29)),
        (VagueDate(YEAR, Precision.YEAR), dt.date(1990, 12, 31)),
        (VagueDate(dt.date(9999, 1, 1), Precision.YEAR), dt.date(9999, 12, 31)),
    ],
)
def test_it_knows_the_end_of_the_interval(date: VagueDate, end: dt.date) -> None:
    assert date.end == end


def test_it_sorts_by_the_end_then_the_finer_first() -> None:
    year = VagueDate(dt.date(2025, 1, 1), Precision.YEAR)
    month = VagueDate(dt.date(2025, 12, 1), Precision.MONTH)
    last_day = VagueDate(dt.date(2025, 12, 31))
    time = VagueDate(dt.date(2025, 12, 31), Precision.TIME)
    assert sorted([year, month, last_day, time, VagueDate(DAY)], key=lambda date: date.sort_key) == [
        VagueDate(DAY),
        time,
        last_day,
        month,
        year,
    ]


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        (VagueDate(DAY), "2 Dec 2025"),
        (VagueDate(MONTH, Precision.MONTH), "Feb 2025"),
        (VagueDate(YEAR, Precision.YEAR), "1990"),
        (VagueDate(DAY, by=True), "by 2 Dec 2025"),
    ],
)
def test_it_shows_no_more_than_is_known(date: VagueDate, shown: str) -> None:
    assert str(date) == shown


def test_it_keeps_the_unknown_unknown() -> None:
    assert vague(None, Precision.DAY) is None
    assert vague_moment(None, Precision.DAY) is None
    assert show_moment(None, Precision.TIME) == ""


def test_it_reads_a_column() -> None:
    assert vague(MONTH, Precision.MONTH, by=True) == VagueDate(MONTH, Precision.MONTH, by=True)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
def test_a_whole_day_does_not_move_with_the_time_zone(zone: str) -> None:
    at = dt.datetime(2025, 12, 2, tzinfo=dt.UTC)
    with timezone.override(zone):
        assert show_moment(at, Precision.DAY) == "2 Dec 2025"
        assert vague_moment(at, Precision.DAY) == VagueDate(DAY)


@override_settings(TIME_ZONE="Europe/Berlin")
def test_it_shows_a_time_in_the_desks_zone() -> None:
    at = dt.datetime(2025, 12, 2, 23, 30, tzinfo=dt.UTC)
    assert show_moment(at, Precision.TIME) == "3 Dec 2025, 00:30"


@pytest.mark.parametrize(
    ("zone", "at", "shown"),
    [
        ("America/New_York", dt.datetime.min, "1 Jan 0001, 00:00"),
        ("Asia/Tokyo", dt.datetime.max, "31 Dec 9999, 23:59"),
    ],
)
def test_it_shows_the_ends_of_the_calendar(zone: str, at: Any, shown: str) -> None:
    with timezone.override(zone):
        assert show_moment(at.replace(tzinfo=dt.UTC), Precision.TIME) == shown

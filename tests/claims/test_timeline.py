"""Where a timeline's marks stand."""

import datetime as dt
from itertools import pairwise

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from articles.dates import VagueDate
from claims.timeline import LANE, MAX_LANES, REACH, TOP, Entry, lay_out


def entry(on, precision="day", *, by=False, kind="asserts", label="said", url="#s1"):
    return Entry(VagueDate(dt.date.fromisoformat(on), precision, by), kind, label, url)


def number(percentage):
    return float(percentage.removesuffix("%"))


def test_it_draws_nothing_of_nothing():
    assert lay_out([]) is None


def test_a_single_day_stands_in_the_middle():
    drawn = lay_out([entry("2025-12-02")])
    assert [mark.x for mark in drawn.marks] == ["50%"]
    assert [(tick.x, tick.label, tick.anchor) for tick in drawn.ticks] == [("50%", "2 Dec 2025", "middle")]
    assert drawn.span == "2 Dec 2025"


def test_days_stand_in_proportion():
    drawn = lay_out([entry("2025-01-01"), entry("2025-01-11"), entry("2025-01-05")])
    assert [mark.x for mark in drawn.marks] == ["5%", "41%", "95%"]


def test_a_year_is_a_bar_from_its_first_day_to_its_last():
    drawn = lay_out([entry("2025-01-01", "year"), entry("2025-12-31")])
    year, day = drawn.marks
    assert year.bar == ("5%", "95%")
    assert number(year.x) == 50
    assert day.bar is None


def test_a_month_given_as_any_of_its_days_is_the_whole_month():
    drawn = lay_out([entry("2025-12-15", "month"), entry("2025-12-01")])
    assert next(mark.bar for mark in drawn.marks if mark.bar) == ("5%", "95%")


def test_by_means_then_or_earlier():
    assert [mark.by for mark in lay_out([entry("2025-12-01", by=True), entry("2025-12-11")]).marks] == [True, False]


def test_marks_of_one_date_and_stance_are_one():
    drawn = lay_out([entry("2025-12-01", url="#s1"), entry("2025-12-01", url="#s2")])
    (mark,) = drawn.marks
    assert (mark.count, mark.url, mark.label) == (2, "#s1", "2 statements, asserts, 1 Dec 2025")


def test_stances_of_one_date_stand_above_each_other():
    drawn = lay_out([entry("2025-12-01"), entry("2025-12-01", kind="denies")])
    heights = [int(mark.y) for mark in drawn.marks]
    assert heights[0] - heights[1] == LANE
    assert min(heights) >= TOP


def test_a_crowd_is_drawn_together_rather_than_to_the_sky():
    days = [entry(f"2025-01-{day:02}") for day in range(1, 29)]
    drawn = lay_out([*days, entry("1990-01-01", "year")])
    assert sum(mark.count for mark in drawn.marks) == 29
    assert drawn.height < TOP + LANE * (MAX_LANES + 2)
    assert "28 statements, asserts, 1 Jan 2025 to 28 Jan 2025" in [mark.label for mark in drawn.marks]


def test_its_numbers_are_svg_in_any_language():
    entries = [entry("2025-01-01"), entry("2025-01-02"), entry("2025-01-08")]
    with translation.override("de"):
        assert lay_out(entries).marks[1].x == "17.86%"


entries = st.builds(
    Entry,
    when=st.builds(
        VagueDate,
        on=st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)),
        precision=st.sampled_from(["day", "month", "year"]),
        by=st.booleans(),
    ),
    kind=st.sampled_from(["asserts", "hedges", "questions", "denies"]),
    label=st.just("said"),
    url=st.just("#s1"),
)


@given(st.lists(entries, min_size=1, max_size=40))
def test_no_two_marks_of_a_lane_touch_and_none_leaves_the_drawing(given_entries):
    drawn = lay_out(given_entries)
    lanes = {}
    for mark in drawn.marks:
        lanes.setdefault(mark.y, []).append(number(mark.x))
        assert number(mark.x) - REACH >= 0
        assert number(mark.x) + REACH <= 100
        assert 0 < int(mark.y) < drawn.axis_y
    for places in lanes.values():
        places.sort()
        assert all(other - one >= 2 * REACH - 0.05 for one, other in pairwise(places))
    assert sum(mark.count for mark in drawn.marks) == len(given_entries)

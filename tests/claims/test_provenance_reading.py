"""The numbers that columns hold against the whole reading that the pages show, in worlds made at random."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.dates import VagueDate
from claims.provenance.reading import Hop, Said, read, tally

OUTLETS = [("publisher", number) for number in range(1, 5)]
VOICES = [
    *OUTLETS,
    *(("source", number) for number in range(1, 4)),
    *(("unnamed", outlet) for outlet in (None, OUTLETS[0], OUTLETS[1])),
]

dates = st.none() | st.builds(
    VagueDate,
    st.dates(dt.date(2025, 1, 1), dt.date(2025, 1, 4)),
    st.sampled_from(["time", "day", "month", "year"]),
)
unlike = {"min_size": 1, "max_size": 3, "unique": True}


@st.composite
def hops(draw):
    """A chain, root first: now and then a place is missing, held by several, or by nobody."""
    places = draw(st.sets(st.integers(0, 4), max_size=4) | st.integers(0, 4).map(lambda size: set(range(size))))
    one, few = st.sampled_from(VOICES).map(lambda voice: (voice,)), st.lists(st.sampled_from(VOICES), **unlike)
    made = []
    for position in sorted(places):
        voices = draw(one | one | one | few.map(tuple) | st.just(()))
        made.append(Hop(position, voices, nobody=not voices or draw(st.integers(0, 9)) == 0, said=draw(dates)))
    return tuple(made)


@st.composite
def worlds(draw):
    """Statements of one claim; some were taken from one before them, which need not be of the claim itself."""
    told = []
    for pk in range(1, draw(st.integers(0, 6)) + 1):
        told.append(
            Said(
                id=pk,
                hops=draw(hops()),
                quotation_type=draw(st.sampled_from(["indirect", "indirect", "own"])),
                articles=tuple(draw(st.lists(st.integers(1, 5), **unlike))),
                publishers=tuple(draw(st.lists(st.sampled_from(OUTLETS), max_size=3, unique=True))),
                occasion=draw(dates),
                record_published=draw(dates),
                carried=draw(dates),
                origin=draw(st.sampled_from([None, None, None, *told])),
            )
        )
    return [said for said in told if draw(st.integers(0, 4))]


@given(worlds())
def test_it_counts_as_it_reads(told):
    reading, numbers = read(told), tally(told)
    assert numbers.independent == len(reading.independent)
    assert numbers.unnamed == reading.unnamed
    assert numbers.circular == bool(reading.circles)
    assert numbers.first == reading.first
    assert numbers.first_said == reading.first_said
    assert numbers.first_published == reading.first_published


@pytest.mark.parametrize("size", [2, 3, 12])
def test_it_finds_a_circle_of_any_length(size):
    def said(pk, earlier):
        return Said(id=pk, hops=(Hop(0, (("publisher", earlier),)),), publishers=(("publisher", pk),))

    line = [said(pk, pk - 1) for pk in range(1, size + 1)]
    ring = [said(1, size), *line[1:]]
    assert (tally(line).circular, tally(line).independent) == (False, 1)
    assert (tally(ring).circular, tally(ring).independent) == (True, 0)

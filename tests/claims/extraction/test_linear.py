"""Twice the text costs about twice the work, whatever the text: no quantifier and no search is without an end."""

import sys
from types import FrameType
from typing import Any

import pytest

from claims.extraction import extract

UNITS = {
    "names": "Ana Duarte{n}, ",
    "names on lines": "Ana Duarte{n}\n",
    "opening marks": "“",
    "straight marks": '" ',
    "apostrophes": "' ",
    "open and closed": "“a” ",
    "left open on every line": "“We were told\n",
    "verbs of saying": "said ",
    "statements": "Smith said that ",
    "attributions": "Ana Duarte said, ",
    "according": "according to ",
    "commas": "a, ",
    "parentheses": "( ",
    "dashes": "a - ",
    "joined": "Ana Duarte and ",
    "of": "a spokesman of ",
    "relative clauses": "the man who ",
    "quoted as saying": "was quoted as saying ",
    "colons": "He said:\n",
    "semicolons": "he said it; ",
    "ellipses": "… ",
    "abbreviations": "A. ",
    "quotations": "“We will go home today,” Ana Duarte said. ",
    "stray ends": "it is over” ",
    "one long word": "a",
    "people and descriptions": "Ana Duarte{n} left. The minister said it was late. She said no more. ",
    "bodies and descriptions": "The Lark{n} Group left. The ministry said it was late. It said no more. ",
}


def work(text: str) -> int:
    """Function calls, built-in ones too, that extraction makes."""
    calls = 0

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        extract(text)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS.keys())
def test_twice_the_text_is_twice_the_work(unit):
    once, twice = ("".join(unit.format(n=n) for n in range(size)) for size in (300, 600))

    assert work(twice) < 2.4 * work(once) + 500


def test_it_catches_work_that_grows_with_the_square(monkeypatch):
    """The harness itself: a search through the whole text for each sentence."""
    text = "Smith said that it rained. "
    honest = [work(text * size) for size in (100, 200)]

    def slow(words: str) -> None:
        for _ in words.split("."):
            for character in words:
                character.isalpha()

    monkeypatch.setattr(sys.modules[__name__], "extract", slow)

    assert honest[1] < 2.4 * honest[0]
    assert work(text * 200) > 3 * work(text * 100)

"""A suggestion in the text around it."""

import pytest

from claims.suggesting.passage import ROOM, passage

TEXT = "Head\nBefore it.\n“We agree,” Ana Duarte said, “and gladly.” She said no more.\nAfter it."
START, END = TEXT.index("“We"), TEXT.index(" She said")
GAP = (TEXT.index(" Ana Duarte said, "), TEXT.index("“and"))


def kinds(*given, **options):
    return [(piece.kind, piece.text) for piece in passage(*given, **options)]


def test_it_tells_apart_whose_words_they_are():
    assert kinds(TEXT, (START, END), [GAP], hints=["Ana Duarte", "said", "Duarte", ""]) == [
        ("words", "“We agree,”"),
        ("around", " "),
        ("by", "Ana Duarte"),
        ("around", " "),
        ("by", "said"),
        ("around", ", "),
        ("words", "“and gladly.”"),
        ("around", " She said no more."),
    ]


def test_verbatim_words_are_told_apart_from_the_others():
    text = "Head\nHe called it “a mistake” twice."
    start = text.index("it “a")
    verbatim = (text.index("a mistake"), text.index("” twice"))
    assert kinds(text, (start, verbatim[1] + 1), verbatim=[verbatim], hints=["called"]) == [
        ("around", "He "),
        ("by", "called"),
        ("around", " "),
        ("words", "it “"),
        ("verbatim", "a mistake"),
        ("words", "”"),
        ("around", " twice."),
    ]


def test_of_several_places_the_nearest_is_marked_and_no_part_of_a_word():
    text = "Head\nShe said A. Unsaid is what he said: it rains. They said so."
    start = text.index("it rains")
    pieces = passage(text, (start, start + 8), hints=["said"])
    at = [text.index("what he ") + len("what he ")]
    found, position = [], 5
    for piece in pieces:
        if piece.kind == "by":
            found.append(position)
        position += len(piece.text)
    assert found == at


def test_a_paragraph_that_says_nothing_else_brings_the_one_before():
    text = "Head\nHe declared:\nThe negotiations begin."
    start = text.index("The neg")
    assert kinds(text, (start, len(text)), hints=["declared"]) == [
        ("around", "He "),
        ("by", "declared"),
        ("around", ":\n"),
        ("words", "The negotiations begin."),
    ]
    assert kinds("Head\nAlone.", (5, 11)) == [("words", "Alone.")]


def test_it_goes_over_paragraphs():
    text = "Head\nHe said: “One.\n“Two.”\nRest."
    start, end = text.index("“One"), text.index("\nRest")
    assert kinds(text, (start, end)) == [("around", "He said: "), ("words", "“One.\n“Two.”")]


@pytest.mark.parametrize("filler", ["word ", "w"])
def test_what_is_far_away_is_cut(filler):
    long = filler * (1000 // len(filler))
    text = f"Head\n{long} here {long}"
    start = text.index("here")
    pieces = passage(text, (start, start + 4))
    assert (pieces[0].kind, pieces[-1].kind) == ("cut", "cut")
    shown = "".join(piece.text for piece in pieces)
    assert "here" in shown
    assert len(shown) <= 2 * ROOM + 10


def test_a_hint_with_signs_is_no_pattern():
    text = "Head\nMr (a+)+ said it rains."
    start = text.index("it rains")
    assert ("by", "(a+)+") in kinds(text, (start, start + 8), hints=["(a+)+"])

"""Boolean expressions over tokens, and how each engine is asked for them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.expression import (
    ALL,
    NOTHING,
    And,
    Or,
    Phrase,
    Token,
    Within,
    all_of,
    any_of,
    for_fts5,
    for_tsquery,
    phrase,
    word,
)

A, B, C = Token("a"), Token("b"), Token("c")


def test_a_word_is_looked_for_as_it_stands_and_by_its_stem():
    assert word("Drones") == Or((Token("drones"), Token("x0edrone")))
    assert word("up") == Token("up")


def test_a_word_of_several_tokens_is_a_phrase():
    assert word("e-mail") == Phrase(("e", "mail"))
    assert word("F-16s") == phrase("f 16s")


def test_a_phrase_is_looked_for_in_its_exact_forms():
    assert phrase("Flying Drones") == Phrase(("flying", "drones"))
    assert phrase("Drones") == Token("drones")


def test_a_beginning_needs_two_letters():
    assert word("gov", prefix=True) == Token("gov", prefix=True)
    assert word("g", prefix=True) == Token("g")
    assert word("X0", prefix=True) == Token("x0h7830", prefix=True)


@pytest.mark.parametrize("text", ["", "-", "*", '"', "🔥", "()^:"])
def test_what_holds_no_word_takes_nothing_away(text):
    assert word(text) == word(text, prefix=True) == phrase(text) == ALL


def test_it_flattens_conjunctions():
    assert all_of([A, And((B,), (C,)), A]) == And((A, B), (C,))
    assert all_of([A]) == any_of([A, A]) == A
    assert all_of([ALL, A]) == A
    assert all_of([]) == ALL
    assert any_of([]) == NOTHING


@pytest.mark.parametrize(
    ("expression", "fts5", "tsquery"),
    [
        (A, '"a"', "'a'"),
        (Token("ab", prefix=True), '"ab"*', "'ab':*"),
        (Phrase(("a", "b")), '"a b"', "('a' <-> 'b')"),
        (Or((A, B)), '("a" OR "b")', "('a' | 'b')"),
        (And((A, B), (C,)), '(("a" AND "b") NOT "c")', "('a' & 'b' & !'c')"),
        (And((), (A, B)), '("x0all" NOT ("a" OR "b"))', "('x0all' & !'a' & !'b')"),
        (Within(("title", "names"), A), '{title names} : "a"', "'a':AC"),
        (ALL, '"x0all"', "'x0all'"),
        (NOTHING, '"x0never"', "'x0never'"),
    ],
)
def test_each_engine_is_asked_in_its_own_language(expression, fts5, tsquery):
    assert for_fts5(expression) == fts5
    assert for_tsquery(expression) == tsquery


@given(st.text(), st.booleans())
def test_nothing_typed_reaches_an_engine_but_as_plain_tokens(text, prefix):
    for expression in (word(text, prefix=prefix), phrase(text)):
        assert re.fullmatch(r"[a-z0-9\"*() ORAND]+", for_fts5(expression))
        assert re.fullmatch(r"[a-z0-9':*() &|!<>-]+", for_tsquery(expression))

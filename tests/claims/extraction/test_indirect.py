"""Indirect and mixed statements: where what somebody said begins and ends."""

import pytest

from claims.extraction import Kind
from tests.claims.extraction.reading import only, statements, words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The mayor said that the bridge would reopen.", "the bridge would reopen"),
        ("The mayor said the bridge would reopen.", "the bridge would reopen"),
        ("The mayor told reporters on Monday night that the bridge would reopen.", "the bridge would reopen"),
        ("The mayor said in a statement on Thursday it would reopen.", "it would reopen"),
        ("The mayor said Sunday the bridge would reopen.", "the bridge would reopen"),
        ("The mayor said, in a long letter to residents, that the bridge would reopen.", "the bridge would reopen"),
        ("The bridge would reopen, the mayor said.", "The bridge would reopen"),
        ("The bridge would reopen, said the mayor, a former engineer.", "The bridge would reopen"),
        ("The bridge, the mayor said, would reopen.", "The bridge … would reopen"),
        ("According to the mayor, the bridge would reopen.", "the bridge would reopen"),
        ("The bridge would reopen, according to the mayor.", "The bridge would reopen"),
        ("On Thursday, the mayor said the bridge would reopen.", "the bridge would reopen"),
        ("The mayor praised the crews and said the bridge would reopen.", "the bridge would reopen"),
        ("The mayor said the bridge would reopen, adding nothing else.", "the bridge would reopen"),
        ("The mayor announced Wednesday that the bridge would reopen; the crews left.", "the bridge would reopen"),
        ("Although the mayor said the bridge would reopen, the crews left.", "the bridge would reopen"),
        ("The mayor went on to say that the bridge would reopen.", "the bridge would reopen"),
        ("As the mayor told the Herald, the bridge would reopen.", "the bridge would reopen"),
        ("The mayor said it's late.", "it's late"),
        ("The mayor said she'd resign.", "she'd resign"),
        ("Last summer, said the mayor, the bridge was closed.", "the bridge was closed"),
        ("Shares fell after the mayor said that the bridge would close.", "the bridge would close"),
        ("The bridge, the mayor has insisted, was safe.", "The bridge … was safe"),
    ],
)
def test_the_span_is_what_was_said(text, said):
    quotation = only(text)

    assert words(text, quotation) == said
    assert quotation.kind is Kind.INDIRECT
    assert quotation.chain[0].source.lower() == "the mayor"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Duarte praised the crews, said the bridge was safe and added that it would reopen.",
            ["the bridge was safe", "it would reopen"],
        ),
        (
            "Duarte admitted mistakes had been made but insisted the bridge was safe.",
            ["mistakes had been made", "the bridge was safe"],
        ),
        (
            "Officials say that the dam is safe, but engineers have warned that it leaks.",
            ["the dam is safe", "it leaks"],
        ),
        (
            "Duarte said she would not resign, adding that the vote was “a farce”.",
            ["she would not resign", "the vote was “a farce”"],
        ),
    ],
)
def test_verbs_that_share_a_subject_make_a_statement_each(text, found):
    assert [said for _, said in statements(text)] == found


def test_a_mixed_statement_tells_which_words_are_verbatim():
    text = "Duarte said the talks had “gone nowhere” and that she would leave."

    quotation = only(text)

    assert quotation.kind is Kind.MIXED
    assert words(text, quotation) == "the talks had “gone nowhere” and that she would leave"
    assert [text[start:end] for start, end in quotation.verbatim] == ["gone nowhere"]


def test_a_clause_before_the_quotation_belongs_to_it():
    text = "We need to “make sure that the food is safe,” Duarte said."

    assert words(text, only(text)) == "We need to “make sure that the food is safe,”"


def test_the_offsets_are_those_of_code_points():
    text = "🌉🌉 – “We’ll rebuild it 🌉,” said Ana Duarte."

    quotation = only(text)

    assert text[quotation.start : quotation.end] == "We’ll rebuild it 🌉"

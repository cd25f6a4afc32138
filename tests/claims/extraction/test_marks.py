"""Quotation marks: curly, straight, doubled, single, mixed, missing, over several paragraphs, nested, broken."""

import pytest

from claims.extraction import Kind
from tests.claims.extraction.reading import only, statements, words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("“We will rebuild it,” said Ana Duarte.", "We will rebuild it"),
        ('"We will rebuild it," said Ana Duarte.', "We will rebuild it"),
        ("''We will rebuild it,'' said Ana Duarte.", "We will rebuild it"),
        ("‘We will rebuild it’, said Ana Duarte.", "We will rebuild it"),
        ("'We will rebuild it,' said Ana Duarte.", "We will rebuild it"),
        ("«We will rebuild it», said Ana Duarte.", "We will rebuild it"),
        ('“We will rebuild it", said Ana Duarte.', "We will rebuild it"),
        ("``We will rebuild it,'' said Ana Duarte.", "We will rebuild it"),
        ("We will rebuild it, all of it,” Ana Duarte said.", "We will rebuild it, all of it"),
        ("“We will rebuild it, Ana Duarte said. She left.", "We will rebuild it"),
        ("Ana Duarte said“We will rebuild it.”", "We will rebuild it."),
        ("Ana Duarte said:''We will rebuild it.''", "We will rebuild it."),
        ("“Will they rebuild it?” Ana Duarte asked.", "Will they rebuild it?"),
        ("‘It’s the dogs’ home that I feel for,’ said Ana Duarte.", "It’s the dogs’ home that I feel for"),
    ],
)
def test_it_is_read_however_it_is_marked(text, said):
    ((voice, found),) = statements(text)

    assert (voice, found) == ("Ana Duarte", said)


def test_a_broken_quotation_is_one_statement_of_two_spans():
    text = "“We will rebuild it,” Ana Duarte said on Monday, “and we will do it by spring.”"

    quotation = only(text)

    assert words(text, quotation) == "We will rebuild it … and we will do it by spring."
    assert [text[start:end] for start, end in quotation.gaps] == [",” Ana Duarte said on Monday, “"]
    assert quotation.kind is Kind.DIRECT


def test_no_space_after_the_verb_breaks_it_just_as_well():
    text = "“On cyber, we are kind of reactive,” Duarte said“Being more active is something we think about.”"

    assert words(text, only(text)) == (
        "On cyber, we are kind of reactive … Being more active is something we think about."
    )


def test_a_new_sentence_after_the_attribution_is_a_statement_of_its_own():
    text = "“I am done,” said Ana Duarte. “They can have it.”"

    assert statements(text) == [("Ana Duarte", "I am done"), ("Ana Duarte", "They can have it.")]


def test_several_paragraphs_with_a_mark_at_the_head_of_each_are_one_statement():
    text = "Ana Duarte said: “We will rebuild it.\n\n“And we will do it by spring.”\n\nThe bridge fell in May."

    (found,) = statements(text)

    assert found == ("Ana Duarte", "We will rebuild it.\n\n“And we will do it by spring.")


def test_a_quotation_left_open_runs_on_to_the_mark_that_ends_it():
    text = 'Duarte said, "We learned a lot.\n\nIt was a long day. But we learned."'

    assert statements(text) == [("Duarte", "We learned a lot.\n\nIt was a long day. But we learned.")]


def test_paragraphs_of_nothing_but_a_quotation_go_on_with_the_speaker():
    text = "“We had no warning,” said Ana Duarte.\n\n“The water was at the door by six.”"

    assert [voice for voice, _ in statements(text)] == ["Ana Duarte", "Ana Duarte"]


def test_a_quotation_after_a_colon_in_a_paragraph_of_its_own():
    text = "The mayor wrote on her page:\n\n“Cool bridge. We should build more of them.”"

    assert statements(text) == [("The mayor", "Cool bridge. We should build more of them.")]


def test_a_block_set_off_without_marks_is_found_to_its_end():
    text = (
        "He declared:\n\nWe must all accept that we must act now.\n\nTheir economy is geared to war.\n\n"
        "This is something we have to analyse”\n\nKeep reading\n\nThe bill was introduced on Tuesday."
    )

    quotation = only(text)

    assert quotation.kind is Kind.BLOCK
    assert words(text, quotation).startswith("We must all")
    assert words(text, quotation).endswith("to analyse")


def test_points_under_a_sentence_that_ends_with_a_colon_are_a_statement_each():
    text = "In the interview, President Duarte also said:\n\nThe country must stay in the union\n\nTaxes would not rise"

    assert [found for _, found in statements(text)] == [
        "The country must stay in the union",
        "Taxes would not rise",
    ]


def test_what_is_quoted_within_a_quotation_stays_in_it():
    text = "“I told him, ‘You can’t do this,’ and he laughed,” recalled Ana Duarte."

    assert statements(text) == [("Ana Duarte", "I told him, ‘You can’t do this,’ and he laughed")]


def test_marks_that_nobody_closes_swallow_nothing():
    text = "“The bridge fell in May.\n\nThe council met. Ana Duarte said that it would be rebuilt.\n\nIt rained."

    assert ("Ana Duarte", "it would be rebuilt") in statements(text)

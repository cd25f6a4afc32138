"""What looks like a statement and is none: scare quotes, titles, names, denials of having said, suppositions."""

import pytest

from claims.extraction import extract
from tests.claims.extraction.reading import statements


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “bedroom tax” was scrapped in May.",
        "Ministers agreed to create a “drone wall” along the border.",
        "The film, “The Man Who Said Nothing”, opens on Friday.",
        "Duarte read from her memoir, “A Bridge Too Many,” to a full hall.",
        "The programme is called “Better Schools for Everybody Now”.",
        "Duarte did not say that the dam leaked.",
        "Duarte never said she wanted the office.",
        "Nobody said that it would be easy.",
        "Duarte declined to say whether she would stand.",
        "Police would not say how many officers were hurt.",
        "If Duarte says that she knew nothing, she should be believed.",
        "Duarte could say that the dam was safe.",
        "Would Duarte say that the dam was safe?",
        "The clock on the wall said ten past nine.",
        "The plant added 200 jobs last year.",
        "Lind claimed the title in June.",
        "Recent reports on the dam were wrong.",
        "The town is noted for a bridge that was built in 1790.",
        "As they say in Lark, the tide takes everything.",
        "The alleged thief was a man who had been seen there.",
        "Lind added a clause that was never read.",
        "She said goodbye to the crowd that was waiting.",
    ],
)
def test_it_is_no_statement(text):
    assert statements(text) == []


def test_a_scare_quote_beside_a_statement_is_not_taken_for_one():
    text = "“Nobody asked us,” said Ana Duarte, who has lived in the ‘old town’ for years."

    assert statements(text) == [("Ana Duarte", "Nobody asked us")]


def test_a_denial_is_a_statement_of_what_is_denied():
    (quotation,) = extract("The Kremlin has denied that it sent the drones.")

    assert quotation.chain[0].cue == "denied"


def test_what_is_yet_to_be_said_is_less_sure():
    (later,) = extract("Ana Duarte will say on Tuesday that the dam leaks.")
    (said,) = extract("Ana Duarte said on Tuesday that the dam leaks.")

    assert later.confidence < 0.8 <= said.confidence


@pytest.mark.parametrize(
    "text",
    [
        "Asylum seekers get a “streamlined” process, and a ‘legacy backlog’ is cleared.",
        "Ukraine was pushed off that path, including the “core principle” that it may choose.",
    ],
)
def test_scare_quotes_are_never_confident(text):
    assert [quotation for quotation in extract(text) if quotation.confidence >= 0.8] == []


def test_a_headline_that_says_it_too_is_less_sure():
    headline, sentence = extract("Mayor says bridge is safe\n\nThe mayor said on Monday that the bridge was safe.")

    assert headline.confidence < 0.8 <= sentence.confidence

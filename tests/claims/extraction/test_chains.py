"""The chain: who passed on what somebody said, root first."""

import pytest

from claims.extraction import extract
from tests.claims.extraction.reading import chain, words


@pytest.mark.parametrize(
    ("text", "hops"),
    [
        ("Ana Duarte told the Lark Times that the dam leaked.", "Ana Duarte › the Lark Times"),
        ("“The dam leaks,” Ana Duarte told CNN.", "Ana Duarte › CNN"),
        ("The dam leaked, Deutsche Welle reported, citing the ministry.", "the ministry › Deutsche Welle"),
        ("The dam leaked, according to a spokesman quoted by the Lark Times.", "a spokesman › the Lark Times"),
        ("The dam leaked, according to the Lark Times, citing two officials.", "two officials › the Lark Times"),
        ("One diplomat was quoted in the FT as saying the dam leaked.", "One diplomat › the FT"),
        ("It has been reported that the dam leaked.", "nobody named"),
        ("Staff were told by the mayor that the dam leaked.", "the mayor"),
    ],
)
def test_relays_stand_after_the_root(text, hops):
    assert chain(text) == hops


def test_what_somebody_says_that_another_said_has_both():
    text = "Investigators said the man had told a friend that he wanted revenge."

    told = [q for q in extract(text) if words(text, q) == "he wanted revenge"]

    assert [[hop.source for hop in quotation.chain] for quotation in told] == [["the man", "Investigators"]]


def test_the_reports_in_a_quoted_block_come_through_whoever_quotes_it():
    text = (
        "Politiken reported:\n\n“Several dozen soldiers will join the shield from April, Deutsche Welle reported, "
        "citing Berlin’s defence ministry.\n\nThe troops will focus on engineering work, according to a ministry "
        "spokesperson quoted in the report.”"
    )

    found = {words(text, q): [voice for hop in q.chain for voice in hop.voices] for q in extract(text)}

    ministry = found["Several dozen soldiers will join the shield from April"]
    assert [voice.as_named for voice in ministry] == ["Berlin’s defence ministry", "Deutsche Welle", "Politiken"]
    spokesperson = found["The troops will focus on engineering work"]
    assert [voice.name or voice.as_named for voice in spokesperson] == [
        *("a ministry spokesperson", "Deutsche Welle", "Politiken"),
    ]


def test_the_cue_of_each_hop_is_kept():
    text = "The dam leaked, Deutsche Welle reported, citing the ministry."

    assert [hop.cue for hop in extract(text)[0].chain] == ["citing", "reported"]


def test_a_reason_is_nobody_to_cite():
    assert chain("Lark Airways said that it would not fly, citing safety concerns.") == "Lark Airways"

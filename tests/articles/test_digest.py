import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles import text as texts
from articles.importers import digest
from articles.importers.rows import MAX_RAW_CHARS, Item, Problem, urn
from articles.models import Article
from tests.articles.samples import TEN_ITEMS


def read(data: bytes | str) -> list[Item | Problem]:
    return list(digest.read(data.encode() if isinstance(data, str) else data))


def only(data: bytes | str) -> Item | Problem:
    (row,) = read(data)
    return row


def problem(data: bytes | str) -> Problem:
    row = only(data)
    assert isinstance(row, Problem)
    return row


def headlines(data: bytes | str) -> list[str]:
    return [row.headline if isinstance(row, Item) else f"! {row.reason}" for row in read(data)]


def test_it_reads_ten_awkward_items() -> None:
    assert headlines(TEN_ITEMS) == [
        "Harbour to close for repairs",
        "Council votes on bus fares",
        "Mill reopens",
        "Observatory counts meteors",
        "El niño returns, says ‘Almanac’",
        "Weather",
        "Weather",
        "Library asks all to keep reading",
        "خبر عاجل 🚢",
        "Ferry adds a stop",
    ]


def test_it_captures_one_paragraph_a_line() -> None:
    first, *_, last = read(TEN_ITEMS)
    assert first == Item(
        line=1,
        headline="Harbour to close for repairs",
        text=(
            "Harbour to close for repairs\n"
            "The harbour master said “the north pier is not safe” on Monday.\n"
            "Ships will berth at the south pier until May."
        ),
        kind="excerpt",
    )
    assert isinstance(last, Item)
    assert last.text == "Ferry adds a stop\nIt calls at the\nisland."
    assert first.kind in Article.Kind.values


def test_it_says_where_each_item_begins() -> None:
    data = "A\nb\nKeep reading\n\n\nC\nd\r\nKeep reading\r\n\r\nE\rf\rKeep reading\rG\rh"
    assert [row.line for row in read(data)] == [1, 6, 10, 13]


@pytest.mark.parametrize(
    "separator",
    [
        "Keep reading",
        "KEEP READING",
        "keep Reading",
        "  Keep reading\t",
        "Keep\u00a0reading\u202f",
        "\ufeffKeep  reading",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_it_knows_a_separator(separator: str, end: str) -> None:
    assert headlines(end.join(["A", "b", separator, "C", "d"])) == ["A", "C"]


@pytest.mark.parametrize(
    "line", ["Keep reading on", "Do keep reading", "Keepreading", "Keep readings", "Keep\n reading"]
)
def test_it_takes_no_other_line_for_a_separator(line: str) -> None:
    assert headlines(f"A\nb\n{line}\nC\nd") == ["A"]


@pytest.mark.parametrize(
    "data",
    [
        "A\nb",
        "A\nb\n",
        "A\nb\nKeep reading",
        "A\nb\nKeep reading\n\n",
        "Keep reading\nA\nb",
        "\n\nA\n\n\nb\n\nKeep reading\n",
    ],
)
def test_one_item_needs_no_separator(data: str) -> None:
    row = only(data)
    assert isinstance(row, Item)
    assert row.text == "A\nb"


@pytest.mark.parametrize(
    "data", ["", "\n \n", "\ufeff", "Keep reading", "\r\rKeep reading\r\r\u200b\nkeep reading\n\u00a0"]
)
def test_a_blank_file_has_no_items(data: str) -> None:
    assert read(data) == []


@pytest.mark.parametrize(
    ("item", "reason", "raw"),
    [
        (b"Only a headline", "no body", "Only a headline"),
        (b"x" * 301 + b"\nbody", "no headline: the first line is longer than 300 characters", "x" * 301 + "\nbody"),
        (b"A\nb\x00c", "a NUL character in line 5", "A\nb\\x00c"),
        (b"A\n\nb \x1b", "a control character (U+001B) in line 6", "A\n\nb \\x1b"),
        (b"A\r\nIt\xc2\x92s", "a control character (U+0092) in line 5", "A\r\nIt\\x92s"),
        (b"A\nIt\x92s", "byte 0x92 in line 5 is not UTF-8", "A\nIt\\x92s"),
        (b"A\nb\xed\xa0\x80", "byte 0xED in line 5 is not UTF-8", "A\nb\\xed\\xa0\\x80"),
        (b"caf\xe9\nb", "byte 0xE9 in line 4 is not UTF-8", "caf\\xe9\nb"),
        (b"A\ne" + "\u0301".encode() * 61, "more than 60 accents on one letter in line 5", "A\ne" + "\u0301" * 61),
    ],
)
def test_a_broken_item_spoils_no_other(item: bytes, reason: str, raw: str) -> None:
    before, broken, after = read(b"First\nbody\nKeep reading\n" + item + b"\nKeep reading\nLast\nbody")
    assert isinstance(before, Item)
    assert isinstance(after, Item)
    assert isinstance(broken, Problem)
    assert (broken.line, broken.reason, broken.raw) == (4, reason, raw)


def test_it_measures_texts_as_they_are_captured() -> None:
    most = texts.MAX_TEXT_CHARS
    fits = only("A\n" + "b" * (most - 2))
    assert isinstance(fits, Item)
    assert len(fits.text) == most
    assert isinstance(only("x " * 149 + "yz\n" + "\n\n   b" * 10), Item)  # a headline of 300
    assert problem("A\n" + "b" * (most - 1)).reason == "longer than 1,000,000 characters"


def test_it_keeps_much_of_a_broken_item_but_not_all() -> None:
    raw = problem("é" * (MAX_RAW_CHARS + 1)).raw
    assert raw == "é" * MAX_RAW_CHARS + "…"
    assert problem(b"\xff" * 50_000).raw.startswith("\\xff\\xff")


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"a" * 10_000_000, 1),
        (b"\n" * 1_000_000 + b"A\n" + b"\n" * 1_000_000 + b"b", 1),
        (b" " * 10_000_000, 0),
        (b"A\n" + b" \n" * 2_000_000 + b"b", 1),
        (b"keep " * 1_000_000, 1),
        (b"\xff" * 5_000_000, 1),
        (("a" + "\u0301" * 1_000_000 + "\u0327" * 1_000_000).encode(), 1),
    ],
    ids=["one line", "blank lines", "spaces", "spaced lines", "half a separator", "no text", "accents"],
)
def test_hostile_input_takes_no_more_than_its_length(data: bytes, rows: int) -> None:
    """What grows with the square of the length would take hours here."""
    assert len(read(data)) == rows


BLANK = "[ \t\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]"
SEPARATOR = re.compile(f"{BLANK}*keep{BLANK}+reading{BLANK}*", re.IGNORECASE | re.ASCII)


def stretches(text: str) -> list[str]:
    """The text between separators, read line by line: what the reader must agree with."""
    parts: list[list[str]] = [[]]
    for line in re.split(r"\r\n|\r|\n", text):
        if SEPARATOR.fullmatch(line):
            parts.append([])
        else:
            parts[-1].append(line)
    return ["\n".join(part) for part in parts]


PIECES = st.sampled_from(
    ["Keep reading", "keep\u00a0READING ", "\n", "\r", "\r\n", "\n\n", "A", "b c", " ", "\u200b", "é", "\x00", "\u2028"]
)


@given(st.lists(PIECES, max_size=30).map("".join))
@example(TEN_ITEMS.decode())
def test_items_and_problems_add_up(text: str) -> None:
    expected = [part for part in stretches(text) if "\x00" in part or texts.normalise(part)]
    assert len(read(text)) == len(expected)


@given(st.one_of(st.binary(), st.lists(st.one_of(PIECES.map(str.encode), st.binary(max_size=3))).map(b"".join)))
def test_it_answers_any_bytes(data: bytes) -> None:
    line = 0
    for row in read(data):
        assert line < row.line <= 1 + data.count(b"\n") + data.count(b"\r")
        line = row.line
        if isinstance(row, Item):
            assert texts.normalise(row.text) == row.text
            assert row.text.startswith(f"{row.headline}\n")
            assert "\n\n" not in row.text
        else:
            assert row.reason
            assert texts.objection(unicodedata.normalize("NFC", row.raw)) is None


def test_an_identifier_folds_the_headline() -> None:
    name = urn("gazette", "2025-12", "Minister’s “No”")
    assert name.startswith("urn:uuid:")
    assert urn("gazette", "2025-12", 'MINISTER\'S  "no"') == name
    others = [
        urn("herald", "2025-12", "Minister’s “No”"),
        urn("gazette", "", "Minister’s “No”"),
        urn("gazette", "2025-12", "Minister’s “Yes”"),
        urn("gazette", "2025-12", "Minister’s “No”", 2),
    ]
    assert len({name, *others}) == 5


@pytest.mark.parametrize(
    ("item", "headline"),
    [
        (b"Caf\xc3\xa9 \xc2\xad opens", "Café opens"),
        (b"\n\xe2\x80\x8b\nA  b\x20\nc\x00", "A b"),
        (b"A\xe2\x80\xa8b\xff", "A"),
        (b"A\x00\nb", ""),
        (b"caf\xe9\nb", ""),
        (b"x" * 301 + b"\nbody", ""),
    ],
)
def test_a_broken_item_has_a_headline_where_it_can_be_read(item: bytes, headline: str) -> None:
    assert problem(item).headline == headline


@pytest.mark.parametrize("blank", [*texts.BLANKS])
def test_every_blank_may_stand_around_the_separator(blank: str) -> None:
    assert len(read(f"A\nb\n{blank}Keep{blank}reading{blank}\nC\nd")) == 2

from hypothesis import given
from hypothesis import strategies as st

from articles import text as texts
from articles.importers import plain
from articles.importers.rows import Item, Problem
from articles.models import Article


def test_it_reads_one_article() -> None:
    (row,) = plain.read("\ufeff\r\nA headline\r\n\r\nOne.\r\nTwo.\r\n".encode())
    assert row == Item(line=2, headline="A headline", text="A headline\nOne.\nTwo.", kind="news")
    assert row.kind in Article.Kind.values


def test_it_knows_no_separator() -> None:
    (row,) = plain.read(b"A\nKeep reading\nB\n")
    assert isinstance(row, Item)
    assert row.text == "A\nKeep reading\nB"


def test_it_reports_what_it_cannot_take() -> None:
    assert list(plain.read(b"\nOnly a headline")) == [
        Problem(2, "no body", "Only a headline", headline="Only a headline")
    ]


def test_a_blank_file_has_no_article() -> None:
    assert list(plain.read(b" \n\r\n")) == []
    # A space of the ogham script shows nothing either.
    assert list(plain.read("\u1680\n \u1680".encode())) == []


@given(st.binary())
def test_it_answers_any_bytes(data: bytes) -> None:
    rows = list(plain.read(data))
    assert len(rows) <= 1
    assert all(isinstance(row, Problem) or texts.normalise(row.text) == row.text for row in rows)

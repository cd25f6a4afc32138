import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import text as texts


@given(st.text())
def test_it_normalises_once_and_for_all(text: str) -> None:
    once = texts.normalise(text)
    assert texts.normalise(once) == once


@given(st.text())
def test_it_folds_once_and_for_all(text: str) -> None:
    once = texts.fold(text)
    assert texts.fold(once) == once


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("5\u00a0%\u2009of\u202fit\tall", "5 % of it all"),
        ("  a   b  \n  c ", "a b\nc"),
        ("a\n\n\n\nb\n\n", "a\n\nb"),
        ("\ufeffso\u00adft\u200b", "soft"),
        ("nin\u0303o", "niño"),
        ("“It’s” – «so»", "“It’s” – «so»"),
        ("a\u200db", "a\u200db"),  # joins emoji and letters: no mere blank
    ],
)
def test_it_normalises(given: str, kept: str) -> None:
    assert texts.normalise(given) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Minister’s “No”", 'MINISTER\'S "no"'),
        ("1990–91 — ‑", "1990-91 - -"),
        ("Straße", "STRASSE"),
        ("naïve Élan", "naive elan"),
        ("ℌ ﬁne ™", "h fine tm"),
        ("a \u00a0 b\n", "a b"),
    ],
)
def test_it_folds_alike(one: str, other: str) -> None:
    assert texts.fold(one) == texts.fold(other)


@pytest.mark.parametrize(("one", "other"), [("カス", "ガス"), ("क", "क़"), ("can", "can’t")])
def test_it_keeps_letters_apart(one: str, other: str) -> None:
    assert texts.fold(one) != texts.fold(other)


@pytest.mark.parametrize(
    ("text", "reason", "at"),
    [
        ("a\x00b", "a NUL character", 1),
        ("\x1b[0m", "a control character (U+001B)", 0),
        ("It\u0092s", "a control character (U+0092)", 2),
        ("ab\ud800", "half a character (U+D800)", 2),
        ("e" + "\u0301" * 61, "more than 60 accents on one letter", 61),
    ],
)
def test_it_objects_to_what_is_no_text(text: str, reason: str, at: int) -> None:
    assert texts.objection(text) == texts.Objection(reason, at)


@pytest.mark.parametrize("text", ["", "a\tb\r\nc", "e" + "\u0301" * 60, "मुख्यमंत्री", "שָׁלוֹם", "👩‍🚀", "\ufffd"])
def test_it_has_no_objection_to_text(text: str) -> None:
    assert texts.objection(text) is None


@given(st.text())
def test_what_it_does_not_object_to_can_be_stored_as_it_is_normalised(text: str) -> None:
    if texts.objection(text) is None:
        normal = texts.normalise(text)
        assert "\x00" not in normal
        assert texts.fingerprint(normal)
        assert unicodedata.is_normalized("NFC", normal)


def test_it_finds_the_same_fingerprint_anywhere() -> None:
    assert texts.fingerprint("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"


def test_it_gives_a_span_with_its_context() -> None:
    assert texts.context("abcdef", 2, 4, size=1) == texts.Context("b", "cd", "e")
    assert texts.context("abcdef", 0, 6) == texts.Context("", "abcdef", "")
    assert texts.context("a🚢b", 1, 2).exact == "🚢"


@pytest.mark.parametrize(("start", "end"), [(2, 2), (3, 2), (-1, 2), (0, 7)])
def test_it_refuses_a_span_outside_the_text(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="does not lie in a text of 6 characters"):
        texts.context("abcdef", start, end)


@given(st.text(), st.data())
def test_context_and_span_stand_together_in_the_text(text: str, data: st.DataObject) -> None:
    if text:
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        around = texts.context(text, start, end)
        assert around.exact == text[start:end]
        assert text.startswith(around.prefix + around.exact + around.suffix, start - len(around.prefix))


def test_it_finds_the_paragraphs() -> None:
    text = "One\n\n  \nTwo three\nFour"
    assert [text[start:end] for start, end in texts.paragraphs(text)] == ["One", "Two three", "Four"]
    assert texts.paragraphs("") == []

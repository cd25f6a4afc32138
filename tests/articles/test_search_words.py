"""From text to tokens: what is folded together, what keeps apart, and how much of a text is indexed."""

import itertools
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search import words as searched
from articles.search.words import BREAK, LONG, SHORT, Room, document, find, is_english, stem, tokens
from articles.text import normalise

SCRIPTS = "aZ09 _-'’\"*:()^é̀ßłİıﬁ½…´ªЖёй’ʼअक़िकि्षعِ شא北京ゔゴﾊﾟ한글ᄒ\u1161กี่👩\u200d👧🏽\ufe0f\u00ad\u200b\u2028\n"
TEXTS = st.text(alphabet=st.one_of(st.sampled_from(SCRIPTS), st.characters(exclude_categories=["Cs"])), max_size=60)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("lodz", "Łódź"),
        ("naive", "naïve"),
        ("NAIVE", "nai\u0308ve"),
        ("kyiv", "Kyiv’s"),
        ("kyiv", "KYIV'S"),
        ("strasse", "Straße"),
        ("istanbul", "İstanbul"),
        ("oresund", "Øresund"),
        ("fine", "ﬁne"),
        ("елка", "Ёлка"),
        ("п'ять", "пʼять"),
        ("cooperation", "coo\u00adper\u200bation"),
        ("كتاب", "كِتَاب"),
        ("e mail", "e-mail"),
        ("10 000", "10,000"),
    ],
)
def test_it_finds_alike_what_people_type_alike(typed, written):
    assert tokens(typed) == tokens(written)


@pytest.mark.parametrize(
    ("one", "other"), [("が", "か"), ("क़", "क"), ("drone", "drones"), ("北京", "京北"), ("a", "á b")]
)
def test_it_keeps_apart_what_is_not_the_same(one, other):
    assert tokens(one) != tokens(other)


def test_it_gives_each_letter_of_an_unspaced_script_a_token():
    assert len(tokens("北京 NATO한글")) == 5


@pytest.mark.parametrize("forms", [("drone", "drones", "droning"), ("report", "reported", "reporting", "reports")])
def test_it_knows_the_forms_of_an_english_word(forms):
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize("token", ["up", "1e5", "f16", tokens("дроны")[0], BREAK])
def test_it_stems_nothing_but_words_of_plain_letters(token):
    assert stem(token) == "" or token.isalpha()


def test_it_indexes_stems_of_english_texts_alone():
    assert document([("Drones", True)]) == "drones x0edrone"
    assert document([("Drones", False)]) == f"drones {BREAK}"


@pytest.mark.parametrize(
    ("language", "answer"), [("en", True), ("en-GB", True), ("EN", True), ("eng", False), ("", False)]
)
def test_it_knows_english_by_its_tag(language, answer):
    assert is_english(language) is answer


@pytest.mark.parametrize("text", ["x0all", "x0edrone", "x0t12", "X0B", "x0h6162", "1e5x", "12e5"])
def test_no_word_passes_for_what_is_indexed_beside_words_or_read_as_a_number(text):
    (token,) = tokens(text)
    assert token.startswith("x0h")


@given(TEXTS)
def test_tokens_are_ascii_letters_and_digits(text):
    for token in tokens(text):
        assert re.fullmatch(r"(?!x0[^h])[a-z0-9]+", token)


@given(TEXTS.map(normalise))
def test_it_says_where_in_a_captured_text_each_token_stands(text):
    found = list(find(text))
    assert [word.token for word in found] == tokens(text)
    for word in found:
        assert 0 <= word.start < word.end <= len(text)
    for word, following in itertools.pairwise(found):
        assert (word.start, word.end) == (following.start, following.end) or word.start <= following.start


@given(TEXTS)
def test_no_span_ends_between_a_letter_and_its_accent(text):
    for word in find(text):
        for edge in (word.start, word.end):
            assert edge in (0, len(text)) or not unicodedata.category(text[edge]).startswith("M")


@given(
    st.sampled_from(["aźżąçñ", "абвдеё", "אבגד", "कखग"]).flatmap(
        lambda letters: st.text(letters, min_size=2, max_size=12)
    ),
    st.integers(2, 12),
)
def test_words_that_begin_alike_have_tokens_that_begin_alike(word, length):
    assert tokens(word)[0].startswith(tokens(word[:length])[0])


def test_it_cuts_a_long_word_to_what_can_be_looked_for():
    assert tokens("a" * 5000) == ["a" * 80]


# How much is indexed

TINY = Room(places=5, repeats=2, more=3, chars=1000)


def test_no_phrase_reaches_from_one_text_into_the_next():
    assert document([("one", False), ("", True), ("two", False)]) == f"one {BREAK} two {BREAK}"


def test_it_indexes_words_further_behind_once_each_and_in_no_phrase():
    assert document([("a b c d e f f g h", False)], TINY) == f"a b c d e {BREAK} f {BREAK}"


def test_it_prefers_stems_to_words_further_behind():
    assert document([("all these drones are flying", True)], TINY).split()[5:] == ["x0eall", "x0ethese", "x0edrone"]


def test_it_breaks_phrases_where_a_word_stands_too_often():
    assert document([("a b a c a", False)], TINY) == f"a b a c {BREAK}"


def test_it_stays_within_its_characters_and_cuts_between_tokens():
    written = document([("north south", False)] * 3, Room(places=99, repeats=99, more=99, chars=20))
    assert written == f"north south {BREAK}"


@given(st.lists(st.tuples(TEXTS, st.booleans()), max_size=4))
def test_it_indexes_every_word_and_ends_in_none(texts):
    written = document(texts).split()
    for text, english in texts:
        for token in tokens(text):
            assert token in written
            assert not english or not stem(token) or stem(token) in written
    assert written == [] or written[-1] == BREAK or written[-1].startswith("x0e")


def test_a_row_has_fewer_places_than_postgresql_keeps():
    assert LONG.places + LONG.more + 2 * (SHORT.places + SHORT.more) + 3 < 16_383
    assert LONG.repeats + 2 * SHORT.repeats < 255
    assert LONG.chars + 2 * SHORT.chars + 4 * 16_383 < 1_000_000


def test_a_word_behind_the_cut_that_stands_before_it_too_is_not_repeated() -> None:
    assert document([("a b c d e a f", False)], TINY) == f"a b c d e {BREAK} f {BREAK}"


def test_what_is_remembered_of_words_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    known = searched._Known(len)
    monkeypatch.setattr(searched._Known, "FULL", 2)
    assert [known[word] for word in ("a", "bc", "def", "a" * 1000)] == [1, 2, 3, 1000]
    assert dict(known) == {"def": 3}

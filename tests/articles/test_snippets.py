"""The part of a text that answers a search, with what was found marked."""

import unicodedata

import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from articles.search.expression import ALL, Or, all_of, any_of, phrase, word
from articles.search.snippets import highlight, snippet
from articles.search.words import tokens
from articles.text import normalise

LETTERS = "ab é̀łЖअकि北한ﬁ½’…“- <&>'\n👩\u200d👧"
TEXTS = st.text(alphabet=LETTERS, max_size=60).map(normalise)


def shown(pieces):
    return "".join(text for text, _ in pieces)


def marked(pieces):
    return [text for text, hit in pieces if hit]


@pytest.mark.parametrize(
    ("text", "expression", "hits"),
    [
        ("Drones over Łódź", word("lodz"), ["Łódź"]),
        ("Drones, a drone, droning", word("drone"), ["Drones", "drone", "droning"]),
        ("Kyiv’s drones", word("kyiv"), ["Kyiv’s"]),
        ("The govern\u00adment governs", word("govern", prefix=True), ["govern\u00adment", "governs"]),
        ("It will pay; we “will pay”, I will", phrase("will pay"), ["will pay", "will pay"]),
        ("An e-mail of 10,000 words", all_of([word("e-mail"), word("10,000")]), ["e-mail", "10,000"]),
        ("北京 and 東京", word("北京"), ["北京"]),
        ("One or two", any_of([word("one"), word("two")]), ["One", "two"]),
        ("No drones here", all_of([word("no")], [word("drones")]), ["No"]),
        ("½ full", word("1"), ["½"]),
        ("x0all x0b x0edrone", all_of([ALL, word("drone")]), []),
    ],
)
def test_it_marks_what_was_looked_for(text, expression, hits):
    assert marked(highlight(text, expression, english=True)) == hits


def test_it_marks_forms_of_a_word_in_english_alone():
    assert marked(highlight("Drone und Drones", word("drone"), english=False)) == ["Drone"]


@pytest.mark.parametrize("written", ["naïve", "nai\u0308ve"])
def test_it_marks_a_letter_with_its_accent(written):
    assert marked(highlight(f"a {written} man", word("naive"), english=True)) == [written]


def test_it_shows_a_short_text_whole():
    text = "Nobody says anything."
    assert snippet(text, word("drones"), english=True) == [(text, False)]


def test_it_shows_the_part_with_the_most_of_what_was_looked_for():
    text = f"Drones. {'Nobody says anything. ' * 30}The Kremlin denies the drones. {'Nothing else is said. ' * 30}"
    pieces = snippet(text, all_of([word("drones"), word("kremlin")]), english=True, chars=80)
    assert marked(pieces) == ["Kremlin", "drones"]
    assert shown(pieces).startswith("… ")
    assert shown(pieces).endswith(" …")
    assert len(shown(pieces)) <= 80 + 4


def test_it_shows_the_beginning_where_nothing_is_found():
    pieces = snippet("One two three four", word("zebra"), english=True, chars=10)
    assert pieces == [("One two", False), (" …", False)]


@pytest.mark.parametrize("text", ["ё" * 300, "e\u0301" * 300, "👩\u200d👧" * 300, "!" * 300, "x " * 30_000])
def test_it_cuts_any_text(text):
    part = shown(snippet(text, word("x"), english=True, chars=25)).removesuffix(" …")
    assert text.startswith(part)
    assert len(part) <= 26
    assert not unicodedata.combining(text[len(part)])


@given(TEXTS, st.sampled_from([5, 20, 200]), st.data())
def test_it_invents_no_letter_and_marks_what_the_index_finds(text, chars, data):
    typed = data.draw(st.sampled_from(text.split() or ["a"]))
    expression = Or((word(typed), phrase(text[:9])))
    assert shown(highlight(text, expression, english=True)) == text
    if tokens(typed) and typed in text.split():
        assert marked(highlight(text, expression, english=True))
    pieces = snippet(text, expression, english=True, chars=chars)
    assert shown(pieces).removeprefix("… ").removesuffix(" …") in text


def test_what_it_gives_is_escaped_where_it_is_shown():
    template = engines["django"].from_string(
        "{% for text, hit in pieces %}{% if hit %}<mark>{{ text }}</mark>{% else %}{{ text }}{% endif %}{% endfor %}"
    )
    pieces = highlight("<script>alert('drones')</script> & drones", word("script"), english=True)
    assert template.render({"pieces": pieces}) == (
        "&lt;<mark>script</mark>&gt;alert(&#x27;drones&#x27;)&lt;/<mark>script</mark>&gt; &amp; drones"
    )

"""How a text is cut where statements begin and end, overlap and have gaps."""

from hypothesis import given
from hypothesis import strategies as st

from claims.passages import Piece, Span, brings_marks, cut, marked, pieces, quoted_only


@st.composite
def texts_with_spans(draw):
    """A text of several lines, and statements at any place in it, some with a gap."""
    text = draw(st.text(alphabet="ab é😀“\n .", min_size=1, max_size=60))
    spans = []
    for key in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        first = draw(st.integers(start, end))
        last = draw(st.integers(first, end))
        spans.append(Span(key, start, end, ((first, last),) if first < last and draw(st.booleans()) else ()))
    return text, spans


def said(span, text):
    """The offsets that a statement's own words cover."""
    gaps = {at for start, end in span.gaps for at in range(start, end)}
    return set(range(span.start, span.end)) - gaps


@given(texts_with_spans())
def test_it_loses_and_invents_no_letter(given_text):
    text, spans = given_text
    assert "".join(segment.text for segment in cut(text, spans)) == text


@given(texts_with_spans())
def test_each_statement_covers_its_words_and_none_of_its_gaps(given_text):
    text, spans = given_text
    for span in spans:
        covered = {
            at
            for segment in cut(text, spans)
            if span.key in segment.keys
            for at in range(segment.start, segment.start + len(segment.text))
        }
        assert covered == said(span, text)


@given(texts_with_spans())
def test_each_statement_opens_once_and_closes_once_where_it_stands(given_text):
    text, spans = given_text
    segments = cut(text, spans)
    for span in spans:
        assert [segment.start for segment in segments if span.key in segment.opens] == [span.start]
        ends = [segment.start + len(segment.text) for segment in segments if span.key in segment.closes]
        assert ends == [span.end]


@given(texts_with_spans())
def test_paragraphs_hold_every_line_that_is_not_blank(given_text):
    text, spans = given_text
    lines = ["".join(segment.text for segment in paragraph.segments) for paragraph in marked(text, spans)]
    assert lines == [line for line in text.split("\n") if line.strip()]


@given(texts_with_spans())
def test_what_is_quoted_only_shows_no_letter_outside_a_statement(given_text):
    text, spans = given_text
    readable = set().union(*(said(span, text) for span in spans))
    for paragraph in quoted_only(marked(text, spans)):
        for segment in paragraph.segments if paragraph.number else ():
            letters = {segment.start + at for at, letter in enumerate(segment.text) if letter.isalnum()}
            assert letters <= readable


def test_overlapping_statements_share_the_middle():
    first, second = Span(1, 0, 3), Span(2, 2, 5)
    assert [(each.text, each.keys) for each in cut("abcdef", [first, second])] == [
        ("ab", (1,)),
        ("c", (1, 2)),
        ("de", (2,)),
        ("f", ()),
    ]


def test_paragraphs_without_a_statement_are_skipped_once():
    text = "Headline\nnothing\nnothing\nshe said yes\nnothing"
    start = text.index("yes")
    headline, quoted, rest = quoted_only(marked(text, [Span(1, start, start + 3)]))
    assert [segment.text for segment in headline.segments] == ["Headline"]
    assert [(segment.text, segment.hidden) for segment in quoted.segments] == [("", True), ("yes", False)]
    assert (quoted.number, quoted.skipped) == (3, True)
    assert (rest.segments, rest.skipped) == ((), True)


def test_the_words_of_a_quotation_are_told_apart():
    exact = "“Yes,” he said, “no.”"
    gap = exact.index(" he said, ")
    assert pieces(exact, 100, [[100 + gap, 100 + gap + 10]]) == [
        Piece("“Yes,”", "words"),
        Piece(" he said, ", "gap"),
        Piece("“no.”", "words"),
    ]


def test_gaps_with_nothing_to_read_between_them_are_one():
    exact = "work, he said. She added: trenches"
    found = pieces(exact, 0, [[6, 13], [15, 26]])
    assert [(piece.text, piece.kind) for piece in found] == [
        ("work, ", "words"),
        ("he said. She added: ", "gap"),
        ("trenches", "words"),
    ]
    shown = quoted_only(marked(f"Headline\n{exact}", [Span(1, 9, 9 + len(exact), ((15, 22), (24, 35)))]))[1]
    assert [(segment.text, segment.hidden) for segment in shown.segments if segment.text or segment.hidden] == [
        ("work, ", False),
        ("", True),
        ("trenches", False),
    ]


def test_verbatim_words_of_a_mixed_statement_are_told_apart():
    assert pieces("called it a signal", 5, (), [[17, 23]]) == [
        Piece("called it a ", "words"),
        Piece("signal", "verbatim"),
    ]


def test_it_knows_words_that_bring_their_quotation_marks():
    assert brings_marks("“Yes”")
    assert not brings_marks("Yes")

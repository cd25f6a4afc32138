"""The articles of ``bench/``: how much of them is found, and by whom. A floor under the figures, not a goal."""

import pytest

from bench import quotations as bench
from claims.extraction import Hop, Quotation, Voice, extract


@pytest.fixture(scope="module")
def articles():
    return bench.articles()


@pytest.fixture(scope="module")
def score(articles):
    return bench.measure(articles)


def test_most_statements_are_found_and_most_of_what_is_found_is_one(score):
    assert score.marked > 300
    assert score.precision > 0.94
    assert score.recall > 0.88


def test_the_voice_is_right_and_the_span_exact(score):
    assert score.voices > 0.94
    assert score.exact > 0.92 * score.found


def test_what_it_is_sure_of_is_right(score):
    precision, recall = score.sure()

    assert precision >= 0.95
    assert recall >= 0.5


def test_every_place_is_within_the_text_and_every_chain_has_a_root(articles):
    for article in articles:
        for quotation in extract(article.text):
            assert quotation.chain
            assert all(0 <= start < end <= len(article.text) for start, end in quotation.spans)
            assert all(left[1] <= right[0] for left, right in zip(quotation.spans, quotation.spans[1:], strict=False))


def planted(change):
    """An extractor with a fault."""
    return lambda text: [change(quotation) for quotation in extract(text)]


def shifted(quotation: Quotation) -> Quotation:
    spans = tuple((start // 2, start // 2 + 1) for start, _ in quotation.spans)
    return Quotation(spans, quotation.kind, quotation.chain, quotation.confidence)


def misattributed(quotation: Quotation) -> Quotation:
    return Quotation(quotation.spans, quotation.kind, (Hop((Voice("Nobody"),)),), quotation.confidence)


def test_the_measure_sees_spans_that_are_off(articles):
    assert bench.measure(articles[:5], planted(shifted)).f1 < 0.2


def test_the_measure_sees_wrong_voices(articles, score):
    wrong = bench.measure(articles[:5], planted(misattributed))

    assert wrong.voices < 0.1
    assert wrong.sure()[0] < 0.1


def test_the_measure_sees_what_is_left_out(articles):
    assert bench.measure(articles[:5], lambda text: extract(text)[::2]).recall < 0.6


def test_an_article_is_read_with_its_marks_taken_out():
    article = bench.read(
        "x", "@D: Ana Duarte; she\n---\nThe port said: {{D|she|said::“It is late,}} she said, {{+::so late.”}}"
    )

    (statement,) = article.statements
    assert article.text == "The port said: “It is late, she said, so late.”"
    assert [article.text[start:end] for start, end in statement.spans] == ["“It is late,", "so late.”"]
    assert statement.names == {"Ana Duarte", "she"}

"""The places of what was said: whole quotations, without the marks and stops around them."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from claims.extraction.article import Article
from claims.extraction.marks import CLOSING, MARK, Marked
from claims.extraction.quotation import Span
from claims.extraction.tokens import Token

THAT = re.compile(r"that\s{1,9}(?=\S)")
ABBREVIATION = re.compile(r"\b[A-Za-z]\.[A-Za-z]\.$")
MARKS = 200
"""Stretches between marks that are told apart within one statement."""


def span_of(s: list[Token], first: int, last: int) -> Span:
    """The place of the tokens from ``first`` to ``last``. A quotation that runs on over paragraphs is taken whole."""
    start, end = s[first].start, s[last].end
    opening, closing = s[first].quote, s[last].quote
    return min(start, opening.start if opening else start), max(end, closing.end if closing else end)


def run_of_quotes(s: list[Token]) -> int:
    """The last token of the quotations that a sentence begins with."""
    last = 0
    for at, token in enumerate(s):
        if token.tag == "Q":
            last = at
        elif token.tag not in (".", ","):
            break
    return last


def joined(article: Article, spans: Iterable[Span]) -> list[Span]:
    """In order, trimmed, without those that are empty or begin within the one before."""
    trimmed = sorted(span for span in (trim(article, *span) for span in spans) if span[0] < span[1])
    return [span for at, span in enumerate(trimmed) if not at or span[0] >= trimmed[at - 1][1]]


def verbatim(article: Article, spans: Iterable[Span]) -> Iterator[Span]:
    """The stretches between marks within ``spans``, trimmed."""
    for start, end in spans:
        at = max(0, bisect_right(article.quoted, (start, start)) - 1)
        for left, right in article.quoted[at : at + MARKS]:
            if left >= end:
                break
            if max(start, left) < min(end, right):
                left, right = trim(article, max(start, left), min(end, right))
                if left < right:
                    yield left, right


def trim(article: Article, start: int, end: int) -> Span:
    """Without the marks around it, “that” before it, and the comma before its attribution."""
    for _ in range(6):
        before = (start, end)
        start, end = _without_white_space(article.text, start, end)
        start, end = _without_marks(article, start, end)
        if article.text[end - 1 : end] == "." and start < end and not _keeps_stop(article, start, end):
            end -= 1
        if before == (start, end):
            break
    return start, end


def _without_white_space(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",;:"):
        end -= 1
    if leading := THAT.match(text, start, end):
        start = leading.end()
    return start, end


def _without_marks(article: Article, start: int, end: int) -> Span:
    text = article.text
    opening = MARK.match(text, start, end)
    quote = article.marks.get(start)
    if quote is not None:
        return _within(quote, opening.end() if opening else start, start, end, text)
    if opening and opening.group() not in "’›”»'":
        closing = _closing(text, opening.end(), end)
        if closing is None:
            return opening.end(), end
        if closing >= end - 1:
            return opening.end(), end - (_mark_size(text, end) if MARK.fullmatch(text[end - 1 : end]) else 0)
    elif text[end - 1 : end] in ("”", "»") and "“" not in text[start:end] and "«" not in text[start:end]:
        return start, end - 1
    return start, end


def _within(quote: Marked, inside: int, start: int, end: int, text: str) -> Span:
    """Within the marks of ``quote``, where the span is no more than that quotation."""
    if quote.end < end:
        return start, end
    return inside, end - _mark_size(text, end) if quote.end == end and quote.closed else end


def _mark_size(text: str, end: int) -> int:
    return 2 if text[end - 2 : end] in ("''", "``") else 1


def _closing(text: str, at: int, end: int) -> int | None:
    """Past the first mark that closes what opens before ``at``."""
    for match in MARK.finditer(text, at, end):
        single = match.group() in "’'" and not text[match.end() : match.end() + 1].isalnum()
        if match.group() in CLOSING or single:
            return match.end()
    return None


def _keeps_stop(article: Article, start: int, end: int) -> bool:
    """A full stop stays where it is the voice's own: of a sentence of its own, within marks, of an abbreviation."""
    text = article.text
    if text[start : start + 1].isupper() or text[end - 3 : end] == "...":
        return True
    near = [article.marks[at] for at in range(max(0, start - 2), start) if at in article.marks]
    marked = text[end : end + 1] in ("”", '"', "»") or text[end : end + 2] == "''"
    if marked and any(quote.start < start and end < quote.end for quote in near):
        return True
    return bool(ABBREVIATION.search(text[max(0, end - 6) : end]))

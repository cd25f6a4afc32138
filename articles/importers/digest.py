"""The format "digest": headline, paragraphs, a line "Keep reading", the next item. Pure: bytes in, rows out."""

import re
from collections.abc import Iterator

from articles import text as texts
from articles.importers.rows import Row, count_lines, take

# Read as bytes, so that an item which is no UTF-8 spoils no other. Bounded, so that no input takes long.
_BLANK = b"(?:%b)" % b"|".join(re.escape(blank.encode()) for blank in texts.BLANKS)
_SEPARATOR = re.compile(
    rb"(?<![^\r\n])%b{0,50}keep%b{1,50}reading%b{0,50}(?![^\r\n])" % (_BLANK, _BLANK, _BLANK), re.IGNORECASE
)


def read(data: bytes) -> Iterator[Row]:
    """Each item of the digest, or the problem with it, in order. Blank items are passed over."""
    start, line = 0, 1
    for end, after in _stretches(data):
        found = take(data[start:end], line, "excerpt")
        if found:
            yield found
        line += count_lines(data, start, after)
        start = after


def _stretches(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each item ends, and where the separator after it does."""
    for separator in _SEPARATOR.finditer(data):
        yield separator.span()
    yield len(data), len(data)

"""A suggested statement in the text around it: which words are the voice's, and which say whose they are. Pure."""

import re
from collections.abc import Iterable, Sequence

from articles import text as texts
from claims.passages import Piece, Stretch

ROOM = 500
"""So many characters before and after the words are shown; what is beyond is cut at a blank."""

Placed = tuple[int, int, str]


def passage(
    text: str,
    span: tuple[int, int],
    gaps: Iterable[Stretch] = (),
    verbatim: Iterable[Stretch] = (),
    hints: Iterable[str] = (),
) -> tuple[Piece, ...]:
    """The paragraphs of ``span``, and the one before where they say nothing else. ``kind`` of a piece is words or
    verbatim, by for what names a voice or introduces it, around, and cut where more stands in the text.

    ``hints`` are such names and cues as they stand in the text: the nearest of each is marked.
    """
    said = _said(span, list(gaps), list(verbatim))
    first, last = _window(text, span)
    placed = sorted([*said, *_by(text, (first, last), span, said, hints)])
    found, at = [], first
    for start, end, kind in placed:
        found += [Piece(text[at:start], "around"), Piece(text[start:end], kind)]
        at = end
    found.append(Piece(text[at:last], "around"))
    before = [Piece("", "cut")] if first and text[first - 1] != "\n" else []
    after = [Piece("", "cut")] if last < len(text) and text[last] != "\n" else []
    return (*before, *(piece for piece in found if piece.text), *after)


def _said(span: tuple[int, int], gaps: list[Stretch], verbatim: list[Stretch]) -> list[Placed]:
    """The voice's own words, cut around gaps, and verbatim ones told apart."""
    found: list[Placed] = []
    at = span[0]
    apart = [(gap[0], gap[1], "") for gap in gaps] + [(each[0], each[1], "verbatim") for each in verbatim]
    for start, end, kind in sorted(apart):
        found += [(at, start, "words"), (start, end, kind)]
        at = end
    return [(start, end, kind) for start, end, kind in [*found, (at, span[1], "words")] if kind and start < end]


def _window(text: str, span: tuple[int, int]) -> tuple[int, int]:
    start, end = span
    lines = texts.paragraphs(text)
    touching = [at for at, (first, last) in enumerate(lines) if first < end and last > start] or [0]
    first, last = lines[touching[0]][0], lines[touching[-1]][1]
    if touching[0] > 1 and not _has_words(text[first:start] + text[end:last]):
        first = lines[touching[0] - 1][0]
    if start - first > ROOM:
        first = text.find(" ", start - ROOM, start) + 1 or start
    if last - end > ROOM:
        blank = text.rfind(" ", end, end + ROOM)
        last = blank if blank > 0 else end
    return min(first, start), max(last, end)


def _by(
    text: str, window: tuple[int, int], span: tuple[int, int], said: Sequence[Placed], hints: Iterable[str]
) -> list[Placed]:
    taken, found = [*said], []
    for hint in sorted(set(filter(None, hints)), key=len, reverse=True):
        places = (
            (match.start(), match.end(), "by")
            for match in re.compile(rf"(?<!\w){re.escape(hint)}(?!\w)").finditer(text, *window)
        )
        free = [place for place in places if all(place[1] <= start or place[0] >= end for start, end, _ in taken)]
        nearest = min(free, key=lambda place: max(span[0] - place[1], place[0] - span[1], 0), default=None)
        if nearest:
            taken.append(nearest)
            found.append(nearest)
    return found


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))

"""Where statements stand in a text, cut so that marks never overlap. Pure: values in, values out.

All offsets are Unicode code points, an end is exclusive.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from articles.text import paragraphs as lines_of

Stretch = Sequence[int]
"""[start, end], as statements store them."""

OPENING_MARKS = ("“", "„", "«", "‘", '"')


@dataclass(frozen=True)
class Span:
    """Where one statement stands: ``key`` is its number, ``gaps`` the stretches that are not its words."""

    key: int
    start: int
    end: int
    gaps: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Segment:
    """A stretch that the same statements say throughout.

    ``keys`` says it, ``opens`` and ``closes`` begin and end with it. ``hidden`` stands for text that the
    reader may not see: then ``text`` is empty.
    """

    start: int
    text: str
    keys: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()
    closes: tuple[int, ...] = ()
    hidden: bool = False


@dataclass(frozen=True)
class Paragraph:
    """One line of a text; ``number`` 0 is the headline. ``skipped``: text before it is not shown."""

    number: int
    segments: tuple[Segment, ...]
    skipped: bool = False

    @property
    def opens(self) -> tuple[int, ...]:
        """The statements that begin here, in the order of the text."""
        return tuple(key for segment in self.segments for key in segment.opens)


def cut(text: str, spans: Iterable[Span]) -> list[Segment]:
    """``text`` in segments whose texts, joined, are ``text``; cut wherever a span or gap begins or ends, and
    around line ends."""
    turns: dict[int, Counter[int]] = defaultdict(Counter)
    opens: dict[int, list[int]] = defaultdict(list)
    closes: dict[int, list[int]] = defaultdict(list)
    for span in spans:
        turns[span.start][span.key] += 1
        turns[span.end][span.key] -= 1
        for start, end in span.gaps:
            turns[start][span.key] -= 1
            turns[end][span.key] += 1
        opens[span.start].append(span.key)
        closes[span.end].append(span.key)
    borders = sorted({0, len(text), *turns, *(at for line in lines_of(text) for at in line)})
    saying: Counter[int] = Counter()
    segments = []
    for start, end in pairwise(borders):
        saying.update(turns.get(start, {}))
        keys = tuple(sorted(key for key, count in saying.items() if count > 0))
        segments.append(Segment(start, text[start:end], keys, tuple(opens.get(start, ())), tuple(closes.get(end, ()))))
    return segments


def marked(text: str, spans: Iterable[Span]) -> list[Paragraph]:
    """The paragraphs of ``text`` with their segments; line ends between paragraphs belong to none."""
    segments = cut(text, spans)
    paragraphs, at = [], 0
    for number, (start, end) in enumerate(lines_of(text)):
        while segments[at].start < start:
            at += 1
        inside = []
        while at < len(segments) and segments[at].start < end:
            inside.append(segments[at])
            at += 1
        paragraphs.append(Paragraph(number, tuple(inside)))
    return paragraphs


def quoted_only(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """``paragraphs`` with nothing but the headline and the words of statements left to read.

    A paragraph without any goes; ``skipped`` on the next, or on an empty last one, says so.
    """
    kept, skipped = [], False
    last = 0
    for paragraph in paragraphs:
        last = paragraph.number
        if paragraph.number == 0:
            kept.append(paragraph)
        elif any(segment.keys or segment.opens for segment in paragraph.segments):
            kept.append(Paragraph(paragraph.number, _hide(paragraph.segments), skipped))
            skipped = False
        else:
            skipped = True
    return [*kept, Paragraph(last, (), skipped=True)] if skipped else kept


def _hide(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Other people's words become hidden; a space or a full stop may stay, but not alone between two that are."""
    shown = [
        segment if segment.keys or not _has_words(segment.text) else replace(segment, text="", hidden=True)
        for segment in segments
    ]
    hidden = [at for at, segment in enumerate(shown) if segment.hidden]
    for first, then in pairwise(hidden):
        if not any(_has_words(segment.text) for segment in shown[first + 1 : then]):
            for at in range(first + 1, then + 1):
                shown[at] = replace(shown[at], text="", keys=(), hidden=False)
    return tuple(shown)


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))


@dataclass(frozen=True)
class Piece:
    """A stretch of a quotation: ``kind`` is words, verbatim or gap."""

    text: str
    kind: str


def pieces(exact: str, start: int, gaps: Iterable[Stretch] = (), verbatim: Iterable[Stretch] = ()) -> list[Piece]:
    """The words of one statement that begins at ``start``, its gaps and verbatim stretches told apart.

    Two gaps with no more than a full stop between them are one.
    """
    kinds = {}
    for kind, stretches in (("gap", gaps), ("verbatim", verbatim)):
        for first, end in stretches:
            kinds[first - start] = (end - start, kind)
    found: list[Piece] = []
    at = 0
    for first, (end, kind) in sorted(kinds.items()):
        between = exact[at:first]
        if kind == "gap" and found and found[-1].kind == "gap" and not _has_words(between):
            found[-1] = Piece(found[-1].text + between + exact[first:end], "gap")
        else:
            found += [Piece(between, "words"), Piece(exact[first:end], kind)]
        at = end
    found.append(Piece(exact[at:], "words"))
    return [piece for piece in found if piece.text]


def brings_marks(exact: str) -> bool:
    """Whether the words as stored begin with a quotation mark of their own."""
    return exact.startswith(OPENING_MARKS)

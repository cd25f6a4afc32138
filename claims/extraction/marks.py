"""Which stretches of a text stand between quotation marks, however the marks are drawn, missed or mixed.

Places are code points of the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from claims.extraction.lexicon import FORMS
from claims.extraction.quotation import Span

MARK = re.compile("``|''|[\"“”„«»‟〝〞]|[‘’‚‹›'`]")
CLOSING = frozenset(["”", '"', "''", "»"])
"""Double marks that can end a quotation."""
DOUBLE = frozenset(["``", "''", *'"“”„«»‟〝〞'])
DRAWN_OPENING = frozenset(["``", *"“„«‟〝‘‚‹"])
DRAWN_CLOSING = frozenset("”»〞›’")
PARAGRAPH = re.compile(r"[^\n]+")
BEFORE_OPENING = "\ufeff \t\xa0\u2009\u202f([{<—–-/‘“\"'„«…*"
AFTER_CLOSING = " \t\xa0\u2009\u202f)]}>.,;:!?…—–-/’”\"'*"
ENDS_BEFORE_SINGLE = frozenset(".,?!…")
"""Before a single mark they show that it ends a quotation and is no apostrophe."""
ENDS_AFTER_SINGLE = frozenset(["", *".,;:?!)"])
"""After a single mark they show the same; the empty one is the end of the text."""
LEADS_UP = frozenset(["", ":", ","])
"""Before a single mark that nothing closes they show that it opens a quotation; the empty one is white space."""
CLIPPED = re.compile(r"(?:\d0s|em|til|tis|twas|twill|cause|cuz|bout|round|n|im|er|ere|ave|ow)\b", re.IGNORECASE)
"""What follows an apostrophe that stands for letters left out: ’90s, ’em, rock ’n’ roll."""

CARRIED = 12
"""Over how many paragraphs without a mark a quotation left open is followed to the mark that ends it."""
SINGLES_AHEAD = 60
"""Single marks among which the one that closes is looked for."""
OPEN_FOR = 2000
"""Code points that are searched for the attribution that ends a quotation left open."""

SAYS_INSIDE = re.compile(
    r"[,?!]\s{1,3}((?:[\w.’'-]{1,30}\s{1,3}){1,5}?([a-z]{3,12})|([a-z]{3,12})\s{1,3}(?:[\w.’'-]{1,30}\s{0,3}){1,4})[.,]"
)
"""An attribution inside what seems to be a quotation: the mark that ends it is missing."""


@dataclass
class Marked:
    """One stretch between quotation marks; over several paragraphs, with the marks that open each."""

    parts: list[Span]
    """A span a paragraph, marks included."""
    double: bool = True
    opened: bool = True
    closed: bool = True
    inner: list["Marked"] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.parts[0][0]

    @property
    def end(self) -> int:
        return self.parts[-1][1]

    def end_at(self, end: int) -> None:
        """End the last part there."""
        self.parts[-1] = (self.parts[-1][0], end)


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    double: bool
    opens: bool
    closes: bool


def paragraphs(text: str) -> list[Span]:
    """Every line that is not blank, without the white space around it."""
    found = []
    for match in PARAGRAPH.finditer(text):
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        if line.strip():
            found.append((start, match.start() + len(line.rstrip())))
    return found


def marked(text: str, lines: list[Span]) -> list[Marked]:
    """The outermost stretches between quotation marks, in order, each with those inside it."""
    by_line = [list(_marks(text, start, end)) for start, end in lines]
    doubles = _doubles(text, lines, [[mark for mark in marks if mark.double] for marks in by_line])
    singles = _singles(text, lines, [[mark for mark in marks if not mark.double] for marks in by_line])
    return _nested(doubles, singles)


# ------------------------------------------------------------------ what each mark can do


def _marks(text: str, start: int, end: int) -> Iterator[_Mark]:
    """The marks of one paragraph that can open or close a quotation; an apostrophe is none."""
    for match in MARK.finditer(text, start, end):
        at, to, mark = match.start(), match.end(), match.group()
        before = text[at - 1] if at > start else " "
        after = text[to] if to < end else " "
        opens, closes = _opens_or_closes(mark, before, after, first=at == start)
        if opens and mark in "‘’'" and CLIPPED.match(text, to, end):
            opens = False
        if opens or closes:
            yield _Mark(at, to, mark in DOUBLE, opens, closes)


def _opens_or_closes(mark: str, before: str, after: str, *, first: bool) -> tuple[bool, bool]:
    """Whether a mark can open a quotation and whether it can close one, by the characters beside it. ``first``: it
    begins a paragraph."""
    free_before, free_after = before in BEFORE_OPENING, after in AFTER_CLOSING
    if mark in DRAWN_OPENING:
        turned = mark in "“‘" and not free_before and free_after
        return not turned and not after.isspace(), turned
    if mark in DRAWN_CLOSING:
        if mark == "”" and first:
            return True, False
        closes = not before.isspace() and not (mark == "’" and after.isalnum())
        return not closes and free_before and after.isalnum(), closes
    return _straight(mark, before, after, first=first)


def _straight(mark: str, before: str, after: str, *, first: bool) -> tuple[bool, bool]:
    """The same for a mark that is drawn alike at both ends."""
    free_before, free_after = before in BEFORE_OPENING, after in AFTER_CLOSING
    if mark == "'":
        if not free_before and after.isalnum():
            return False, False
    elif not free_before and not free_after:
        return True, before != ":"
    opens = free_before and not after.isspace()
    closes = not before.isspace() and (free_after or not opens) and not (opens and first)
    return opens, closes


# ------------------------------------------------------------------ pairs of double marks


def _doubles(text: str, lines: list[Span], by_line: list[list[_Mark]]) -> list[Marked]:
    """Stretches between double marks. One that its paragraph leaves open goes on in the next where that shows it."""
    found: list[Marked] = []
    left_open: Marked | None = None
    for number, (line, marks) in enumerate(zip(lines, by_line, strict=True)):
        if left_open is not None:
            left_open.parts.append(line)
            if marks and marks[0].opens and marks[0].start == line[0]:
                marks = marks[1:]
        left_open = _pair(text, line, marks, left_open, found)
        if left_open is not None and not _runs_on(lines, by_line, number + 1):
            _break_off(text, left_open, line[1])
            left_open = None
    return found


def _pair(text: str, line: Span, marks: list[_Mark], opened: Marked | None, found: list[Marked]) -> Marked | None:
    """Add the quotations of one paragraph to ``found`` and give the one that it leaves open. ``opened``: the one that
    the paragraph before left open."""
    start, end = line
    depth = 0
    for position, mark in enumerate(marks):
        if opened is None:
            if mark.opens:
                opened = Marked([(mark.start, end)], closed=False)
                found.append(opened)
            elif position == 0 and mark.closes:
                found.append(Marked([(start, mark.end)], opened=False))
        elif mark.closes and not (mark.opens and depth == 0 and _two_close_after(marks, position)):
            if depth:
                depth -= 1
                continue
            opened.end_at(mark.end)
            opened.closed = True
            opened = None
        elif mark.opens:
            if _two_close_after(marks, position):
                depth += 1
                continue
            _break_off(text, opened, mark.start)
            opened = Marked([(mark.start, end)], closed=False)
            found.append(opened)
    return opened


def _two_close_after(marks: list[_Mark], position: int) -> bool:
    """Whether two marks that can close come before the next that only opens: one quotation is inside another."""
    following = marks[position + 1 : position + 3]
    return len(following) == 2 and all(mark.closes for mark in following)


def _runs_on(lines: list[Span], by_line: list[list[_Mark]], number: int) -> bool:
    """Whether the paragraph ``number`` goes on with a quotation that the one before left open: it opens with a mark
    again, or the next mark there is only closes."""
    if number >= len(lines):
        return False
    marks = by_line[number]
    if marks and marks[0].opens and marks[0].start == lines[number][0]:
        return True
    following = next((marks for marks in by_line[number : number + CARRIED] if marks), None)
    return following is not None and following[0].closes and not following[0].opens


def _break_off(text: str, quote: Marked, limit: int) -> None:
    """End a quotation whose closing mark is missing: before an attribution, else at ``limit``."""
    quote.end_at(_end_without_mark(text, quote.parts[-1][0], limit))


def _end_without_mark(text: str, start: int, end: int) -> int:
    for match in SAYS_INSIDE.finditer(text, start, min(end, start + OPEN_FOR)):
        if match[2] in FORMS or match[3] in FORMS:
            return match.start() + 1
    return start + len(text[start:end].rstrip())


# ------------------------------------------------------------------ pairs of single marks


def _singles(text: str, lines: list[Span], by_line: list[list[_Mark]]) -> list[Marked]:
    """Stretches between single marks. An apostrophe looks like the mark that ends one: where a later mark ends
    it better, with a full stop or a comma before it, that one does."""
    found = []
    for (start, end), marks in zip(lines, by_line, strict=True):
        last_closing = max((at for at, mark in enumerate(marks) if mark.closes), default=-1)
        position = 0
        while position < len(marks):
            mark = marks[position]
            closing = _closing_single(text, marks, position) if mark.opens else None
            if closing is not None:
                found.append(Marked([(mark.start, marks[closing].end)], double=False))
                position = closing + 1
                continue
            if mark.opens and last_closing <= position and _opens_unclosed(text, mark, start):
                found.append(Marked([(mark.start, _end_without_mark(text, mark.start, end))], False, closed=False))
            position += 1
    return found


def _opens_unclosed(text: str, mark: _Mark, line_start: int) -> bool:
    """Whether a single mark that nothing closes opens a quotation: at the start of a line or after a comma or a
    colon, before a capital."""
    leads_up = text[max(0, mark.start - 3) : mark.start].rstrip()[-1:] in LEADS_UP
    return (leads_up or mark.start == line_start) and text[mark.end : mark.end + 1].isupper()


def _closing_single(text: str, marks: list[_Mark], position: int) -> int | None:
    """The mark that closes what the mark at ``position`` opens, both places in ``marks``."""
    possible = None
    for at in range(position + 1, min(position + SINGLES_AHEAD, len(marks))):
        mark = marks[at]
        if mark.opens and not mark.closes:
            break
        if not mark.closes:
            continue
        before = text[mark.start - 1]
        if before in ENDS_BEFORE_SINGLE or text[mark.end : mark.end + 1] in ENDS_AFTER_SINGLE:
            return at
        if possible is None:
            if before not in "sS":
                return at
            possible = at
    return possible


def _nested(doubles: list[Marked], singles: list[Marked]) -> list[Marked]:
    """Doubles within singles belong to those, and the other way round."""
    outer: list[Marked] = []
    for one in sorted([*doubles, *singles], key=lambda marks: (marks.start, -marks.end)):
        if outer and one.start < outer[-1].end:
            if one.end <= outer[-1].end:
                outer[-1].inner.append(one)
            continue
        outer.append(one)
    return outer

"""Pure functions over captured text: values in, values out, no model and no database.

Offsets are Unicode code points everywhere, which is what ``str`` indexing, SQLite's ``substr`` and
PostgreSQL's ``substr`` all count in. (JavaScript counts UTF-16 units: convert at that border.)
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

CONTEXT_CHARS = 64
"""How many code points of context a statement keeps on either side of its span."""

MAX_TEXT_CHARS = 1_000_000
"""A longer text is refused: an article is a page, not a book."""

MAX_HEADLINE_CHARS = 300

MAX_MARKS = 60
"""How many combining marks may follow each other. No script needs a tenth of it, and the time that Unicode
normalisation takes grows with its square."""

_SPACES = "\t \u00a0\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_DROPPED = "\ufeff\u200b\u2060\u00ad"
_CAPTURED = str.maketrans(dict.fromkeys(_SPACES, " ") | dict.fromkeys(_DROPPED))

LINE_ENDS = "\n\r\u2028\u2029"
BLANKS = _SPACES + _DROPPED
"""What stands in a line and shows nothing: captured, it is a plain space or gone."""

NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""A character that no text has: a control character, or half of one beyond U+FFFF."""

FOLDED_MARKS = {
    ord(mark): ord(plain) for mark, plain in zip("’‘‚‛“”„‟«»‐‑‒–—−", 4 * "'" + 6 * '"' + 6 * "-", strict=True)
}

_LETTER_CLASSES = {0, 7, 8, 9}
"""The canonical combining classes that tell letters apart (nukta, kana voicing, virama); others are accents."""


@dataclass(frozen=True)
class Objection:
    """Why a text cannot be captured ("a NUL character"), and the offset of what is wrong with it."""

    reason: str
    at: int


def objection(text: str) -> Objection | None:
    """What keeps ``text`` from being captured, or None. Ask before ``normalise``."""
    found = NO_TEXT.search(text)
    if found is None:
        return _too_many_marks(text)
    code = ord(found.group())
    if code == 0:
        return Objection("a NUL character", found.start())
    kind = "half a character" if code >= 0xD800 else "a control character"
    return Objection(f"{kind} (U+{code:04X})", found.start())


def _too_many_marks(text: str) -> Objection | None:
    if text.isascii():
        return None
    marks = 0
    for at, char in enumerate(text):
        if char < "\u0300" or not unicodedata.combining(char):
            marks = 0
        elif (marks := marks + 1) > MAX_MARKS:
            return Objection(f"more than {MAX_MARKS} accents on one letter", at)
    return None


def normalise(text: str) -> str:
    """The form in which a text is captured: NFC, ``\\n`` line ends, plain spaces, no invisible marks.

    Letters, quotation marks and dashes stay as published. Applying it twice changes nothing.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = unicodedata.normalize("NFC", text.translate(_CAPTURED))
    lines = (re.sub(r" {2,}", " ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Bare(dict[int, int | None]):
    """For ``str.translate``: straight marks for curly ones, and nothing for an accent; found once a character."""

    def __missing__(self, code: int) -> int | None:
        self[code] = code if unicodedata.combining(chr(code)) in _LETTER_CLASSES else None
        return self[code]


_BARE = _Bare(FOLDED_MARKS)


def fold(text: str) -> str:
    """``text`` for comparison only: no case, no accents, straight quotes, single spaces.

    Applying it twice changes nothing.
    """
    # Compatibility forms first: "ℌ" has no lower case, the "H" that it stands for has.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join(plain.translate(_BARE).split())


def fingerprint(text: str) -> str:
    """The SHA-256 of ``text`` in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Context:
    """A span with the words around it: ``prefix`` + ``exact`` + ``suffix`` stand together in the text."""

    prefix: str
    exact: str
    suffix: str


def context(text: str, start: int, end: int, size: int = CONTEXT_CHARS) -> Context:
    """The span ``start``–``end`` (code points, end exclusive) with ``size`` code points on either side.

    Raises ``ValueError`` where the span is empty or lies outside the text.
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"the span {start}–{end} does not lie in a text of {len(text)} characters")
    return Context(text[max(0, start - size) : start], text[start:end], text[end : end + size])


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The spans of the lines that are not blank, in order: a captured text has one paragraph a line."""
    spans, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans

"""What every reader yields, and how a stretch of a file becomes it. Pure: bytes in, values out."""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from articles import text as texts

MAX_RAW_CHARS = 100_000
"""How much of an item that could not be taken is kept. Its file is known by its SHA-256."""

_TOO_LONG = f"longer than {texts.MAX_TEXT_CHARS:,} characters"
_NAMESPACE = uuid.UUID("6a1d2c1c-52f1-5b0e-9c86-0c3f3a6d5b0f")
_INVISIBLE = texts.BLANKS + texts.LINE_ENDS
_LINE = re.compile(f"[^{texts.LINE_ENDS}]+")


@dataclass(frozen=True)
class Item:
    """One article as a file holds it.

    ``line`` is where it begins, from 1. ``text`` is in the form in which texts are captured: the headline as
    its first line, then one paragraph a line. ``kind`` is one of ``Article.Kind``.
    """

    line: int
    headline: str
    text: str
    kind: str


@dataclass(frozen=True)
class Problem:
    """One item that cannot be taken: where it begins, why in plain words, and what the file held there.

    ``headline`` is empty where it cannot be read either.
    """

    line: int
    reason: str
    raw: str
    headline: str = ""


Row = Item | Problem
Reader = Callable[[bytes], Iterator[Row]]


def urn(publisher: str, published: str, headline: str, ordinal: int = 1) -> str:
    """The identifier of an article without an address.

    ``publisher`` is a slug, ``published`` the date as it was given (or empty). ``ordinal`` tells apart items of
    one file that have the same headline.
    """
    parts = [publisher, published, texts.fold(headline)]
    if ordinal > 1:
        parts.append(str(ordinal))
    return uuid.uuid5(_NAMESPACE, "\n".join(parts)).urn


def count_lines(data: bytes, start: int, end: int) -> int:
    """How many line ends stand between two places; CRLF is one."""
    returns, feeds, pairs = (data.count(mark, start, end) for mark in (b"\r", b"\n", b"\r\n"))
    return returns + feeds - pairs


def take(chunk: bytes, line: int, kind: str) -> Row | None:
    """The article that a stretch of a file holds; None where it is blank. ``line`` is its first line."""
    try:
        text = chunk.decode("utf-8")
    except UnicodeDecodeError as error:
        blank = len(chunk) - len(chunk.lstrip())
        begins, at = (line + count_lines(chunk, 0, place) for place in (blank, error.start))
        reason = f"byte 0x{chunk[error.start]:02X} in line {at} is not UTF-8"
        return Problem(begins, reason, _raw(chunk), _headline(chunk.decode("utf-8", "surrogateescape")))
    shown = text.lstrip(_INVISIBLE)
    if not shown:
        return None
    before = text[: len(text) - len(shown)].encode()
    begins = line + count_lines(before, 0, len(before))
    if objection := texts.objection(shown):
        ahead = shown[: objection.at].encode("utf-8")
        at = begins + count_lines(ahead, 0, len(ahead))
        return Problem(begins, f"{objection.reason} in line {at}", _raw(chunk), _headline(shown))
    return _article(shown, begins, kind)


def _article(shown: str, line: int, kind: str) -> Row | None:
    squeezed = _squeeze(shown)
    if squeezed is None:
        return Problem(line, _TOO_LONG, _raw(shown.encode()), _headline(shown))
    lines = [part for part in texts.normalise(squeezed).split("\n") if part]
    if not lines:
        return None
    text = "\n".join(lines)
    reason = _fault(lines, text)
    return Problem(line, reason, _raw(shown.encode()), _headline(shown)) if reason else Item(line, lines[0], text, kind)


def _headline(text: str) -> str:
    """The first line of an item that could not be taken, as it would be captured; empty where it is no headline."""
    first = _LINE.match(text.lstrip(_INVISIBLE))
    if not first or len(first.group()) > texts.MAX_TEXT_CHARS or texts.objection(first.group()):
        return ""
    headline = texts.normalise(first.group())
    return headline if len(headline) <= texts.MAX_HEADLINE_CHARS else ""


def _squeeze(text: str) -> str | None:
    """``text`` without its blank lines; None where it is so long that normalising it would only cost memory."""
    lines, length = [], 0
    for found in _LINE.finditer(text):
        line = found.group().strip(_INVISIBLE)
        length += len(line)
        if length > 2 * texts.MAX_TEXT_CHARS:
            return None
        if line:
            lines.append(line)
    return "\n".join(lines)


def _fault(lines: list[str], text: str) -> str:
    """Why these lines are no article; empty where they are one."""
    if len(lines[0]) > texts.MAX_HEADLINE_CHARS:
        return f"no headline: the first line is longer than {texts.MAX_HEADLINE_CHARS} characters"
    if len(lines) == 1:
        return "no body"
    return _TOO_LONG if len(text) > texts.MAX_TEXT_CHARS else ""


def _raw(chunk: bytes) -> str:
    """``chunk`` as text that can be stored and shown: what is none stands as ``\\x…``, and a long one is cut."""
    # Four bytes are at most one character, so the cut is never too short.
    text = chunk[: 4 * MAX_RAW_CHARS + 4].decode("utf-8", "backslashreplace")
    text = texts.NO_TEXT.sub(lambda found: f"\\x{ord(found.group()):02x}", text).strip(_INVISIBLE)
    return text if len(text) <= MAX_RAW_CHARS else f"{text[:MAX_RAW_CHARS]}…"

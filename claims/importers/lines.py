"""JSON Lines: bytes in, numbered lines and objects out. Pure; nothing is held but one line."""

import gzip
import io
import json
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from articles import text as texts

MAX_LINE_BYTES = 5 * 1024**2
MAX_DEPTH = 100

Line = tuple[int, bytes]
"""The number of a line, from 1, and what stands in it. One that is too long is cut, and longer than allowed."""

_BOM = b"\xef\xbb\xbf"
_MAY_HIDE = re.compile(rb"\\[ubf]|\x7f|\xc2[\x80-\x9f]")
"""Only by these can what no text holds get into a string: other control characters are no JSON."""


class Refused(ValueError):
    """A row cannot be taken; the message says why, in words that fit behind "line 14: "."""


def open_lines(path: Path) -> AbstractContextManager[IO[bytes]]:
    """The file at ``path``, unpacked where its name ends in ".gz"."""
    return cast(IO[bytes], gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def numbered(file: IO[bytes]) -> Iterator[Line]:
    """The lines of ``file`` that are not blank, without their ends."""
    read = partial(file.readline, MAX_LINE_BYTES + 1)
    for number, line in enumerate(iter(read, b""), start=1):
        if number == 1:
            line = line.removeprefix(_BOM)
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            _skip(file)
        else:
            line = line.rstrip()
        if line:
            yield number, line


def _skip(file: IO[bytes]) -> None:
    """Pass over the rest of a line."""
    while (rest := file.readline(io.DEFAULT_BUFFER_SIZE)) and not rest.endswith(b"\n"):
        pass


def read_object(line: bytes) -> dict[str, Any]:
    """The object that a line holds. Raises ``Refused``."""
    if len(line) > MAX_LINE_BYTES:
        raise Refused(f"longer than {MAX_LINE_BYTES // 1024**2} MB")
    try:
        found = _decode(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Refused(f"byte 0x{line[error.start]:02X} is not UTF-8") from error
    except Refused:
        raise
    except RecursionError as error:
        raise Refused(f"nested deeper than {MAX_DEPTH}") from error
    except ValueError as error:
        raise Refused(f"not JSON: {_why(error)}") from error
    if type(found) is not dict:
        raise Refused("not a JSON object")
    # Both are rare, and the scan for either is quick.
    if line.count(b"[") + line.count(b"{") > MAX_DEPTH or _MAY_HIDE.search(line):
        _walk(found)
    return found


def _why(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg[:1].lower()}{error.msg[1:]} at column {error.colno}"
    return "a number is too long"


def _no_number(name: str) -> None:
    raise Refused(f"{name} is no number in JSON")


_decode = json.JSONDecoder(parse_constant=_no_number).decode


def _walk(value: Any) -> None:
    """Raise ``Refused`` where ``value`` is nested too deep, or holds what no text has."""
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH + 1):
        if not level:
            return
        below: list[Any] = []
        for item in level:
            if type(item) is dict:
                below += item.keys()
                below += item.values()
            elif type(item) is list:
                below += item
            elif type(item) is str:
                _refuse_no_text(item)
        level = below
    raise Refused(f"nested deeper than {MAX_DEPTH}")


def _refuse_no_text(text: str) -> None:
    """Raise ``Refused`` where ``text`` holds a control character or half of a character."""
    if texts.NO_TEXT.search(text) and (found := texts.objection(text)):
        raise Refused(f"{found.reason} in a text")


def raw_text(line: bytes, limit: int) -> str:
    """``line`` as text that can be stored and shown: what is none stands as ``\\x…``, and a long one is cut."""
    text = line[: 4 * limit + 4].decode("utf-8", "backslashreplace")
    text = texts.NO_TEXT.sub(lambda found: f"\\x{ord(found.group()):02x}", text)
    return text if len(text) <= limit else f"{text[:limit]}…"

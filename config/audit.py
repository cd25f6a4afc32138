"""One line in the log for whatever somebody may have to answer for: who, when (UTC), what, on what, which request.

    2026-11-22T20:14:03Z INFO hearsay.audit [K7Q29FXM] exported by="editor" from="192.0.2.7" list="/claims/?tag=nato"

Every door calls `record`, once for each event. Passwords, keys and the texts of forms are never among the facts.
"""

import base64
import json
import logging
import secrets
import time
import unicodedata
from contextvars import ContextVar
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest

from config import client

logger = logging.getLogger("hearsay.audit")

MAX_FACT_CHARS = 300
NOBODY = "-"

_reference: ContextVar[str] = ContextVar("reference", default=NOBODY)


def begin() -> str:
    """A new short id for the request now begun. It stays until the next one begins, as a streamed answer is written
    after the request is over."""
    reference = base64.b32encode(secrets.token_bytes(5)).decode()
    _reference.set(reference)
    return reference


def reference() -> str:
    """The id of the request being answered, as it stands on error pages and in each line of the log."""
    return _reference.get()


def record(event: str, request: HttpRequest | None = None, *, level: int = logging.INFO, **facts: object) -> None:
    """Writes the line of one event. `by` and `from` are taken from `request`; a command says `by=` itself."""
    if request is not None:
        facts = {"by": who(request), "from": client.address(request)} | facts
    told = " ".join(f"{name}={_quoted(value)}" for name, value in facts.items())
    logger.log(level, "%s %s", event, told)


def who(request: HttpRequest) -> str:
    """The user's name, "-" for nobody; where the database cannot say, "?"."""
    try:
        return request.user.get_username() or NOBODY
    except AttributeError:  # refused before anybody was asked
        return NOBODY
    except DatabaseError:
        return "?"


def _quoted(value: object) -> str:
    text = NOBODY if value is None else str(value)
    return json.dumps(text[:MAX_FACT_CHARS], ensure_ascii=False)


class Line(logging.Formatter):
    """One line a record, in UTC, with the request's id. What steers a terminal or turns the direction of writing is
    written out, and the lines of a traceback are set in, so that nothing that was sent looks like a record."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("{asctime}Z {levelname} {name} [{reference}] {message}", "%Y-%m-%dT%H:%M:%S", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.reference = reference()
        return escaped(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:
        return "\n".join(f"  | {escaped(line)}" for line in super().formatException(ei).split("\n"))


class Faults(logging.Filter):
    """Of what Django says of answers: faults of ours. An outage has a line of its own, without a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", 500) == 500


def escaped(text: str) -> str:
    """`text` on one line: control, format and separator characters as \\n, \\x1b or \\u202e."""
    return "".join(_written_out(char) if unicodedata.category(char) in _STEERING else char for char in text)


_STEERING = ("Cc", "Cf", "Cs", "Zl", "Zp")


def _written_out(char: str) -> str:
    return char.encode("unicode_escape").decode()

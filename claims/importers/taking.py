"""Rows on their way into the database, and what all of one load share."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from articles.models import ArticleVersion, ImportRun
from claims.importers.rows import Lists, Values
from claims.importers.staging import stored_now, uids
from claims.models.statement import shorten


class Loading:
    """What all rows of one load share: its run, the moment at which they are stored, and uids for new ones."""

    def __init__(self, run: ImportRun) -> None:
        self.run, self.now = run, stored_now()
        self.uids: Iterator[str] = uids()


@dataclass(slots=True)
class Entry:
    """One row of a file on its way: its line, what it says, and what becomes of it."""

    line: int
    raw: bytes
    values: Values
    lists: Lists
    id: int = 0
    is_new: bool = True
    fault: str = ""
    waits: bool = False
    """For a row of its own kind that has not been seen yet."""


@dataclass
class Taken:
    """What became of a chunk."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Entry] = field(default_factory=list)
    waiting: list[Entry] = field(default_factory=list)


def named(noun: str, name: str) -> str:
    """The name as a person knows it."""
    if noun in ("role", "occasion", "claim", "statement"):
        return f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}"
    return shorten(name, 100)


def standing(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if not entry.fault and not entry.waits]


def given_texts(entry: Entry) -> list[Values]:
    return entry.lists.get("text") or entry.lists["versions"]


def stored_of(model: Any, entries: Iterable[Entry], *columns: str) -> list[tuple[Any, ...]]:
    ids = [entry.id for entry in entries]
    return list(model._base_manager.filter(pk__in=ids).values_list("pk", *columns)) if ids else []


def stored_texts(entries: Iterable[Entry]) -> dict[int, dict[int, str]]:
    """By stored article its texts: number and fingerprint."""
    ids = [entry.id for entry in entries if not entry.is_new]
    found: dict[int, dict[int, str]] = defaultdict(dict)
    versions = ArticleVersion.objects.filter(article__in=ids).order_by()
    for article, number, sha256 in versions.values_list("article", "number", "sha256") if ids else ():
        found[article][number] = sha256
    return found

"""Harness: killed imports. An import that is killed at any point leaves all of what it brings or nothing, of a batch
of rows too, and the same import run again leaves what one that nobody killed leaves."""

import json
import multiprocessing
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from django.core.management import call_command
from django.db import connection

from articles.text import fingerprint
from claims.provenance import drift
from claims.search.counts import count_drift
from tests.soak.digest import Digest, digest
from tests.soak.importing import NEVER, run
from tests.soak.size import WHOLE

PATIENCE_SECONDS = 120
ARTICLES = 40 if WHOLE else 8


@dataclass(frozen=True)
class Door:
    """One way in: ``write`` makes the file of an edition, 1 or 2, and returns the command that imports it.
    ``in_steps``: what was committed before the end stays."""

    name: str
    write: Callable[[Path, int], list[str]]
    in_steps: bool = False


@dataclass(frozen=True)
class Point:
    """Where an import is killed: before a statement, or after some seconds."""

    statement: int = NEVER
    seconds: float | None = None


@cache
def _processes() -> Any:
    """A server that has Django ready and forks a process for each import."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.soak.importing"])
    return context


def imported(command: list[str], point: Point = Point(), *, planted: bool = False) -> int | None:
    """Run ``command`` in a process of its own. Returns how many statements it took; None where it was killed."""
    context = _processes()
    count = context.RawValue("i", -1)
    name = str(connection.settings_dict["NAME"])
    process = context.Process(target=run, args=(name, command, point.statement, planted, count))
    process.start()
    process.join(PATIENCE_SECONDS if point.seconds is None else point.seconds)
    process.kill()
    process.join()
    took: int = count.value
    if took < 0 and point == Point():
        raise RuntimeError(f"{command} failed with {process.exitcode}")
    return took if took >= 0 else None


class Trial:
    """One door, tried again and again from the same beginning: a database that holds the first edition."""

    def __init__(self, door: Door, folder: Path) -> None:
        self.door = door
        self.first, self.second = door.write(folder, 1), door.write(folder, 2)
        self._begin_anew()
        self.before = digest()
        begun = perf_counter()
        self.statements = imported(self.second) or 0
        self.seconds = perf_counter() - begun
        self.clean = digest()
        assert self.before != self.clean, "the second edition brings nothing"

    def _begin_anew(self) -> None:
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        imported(self.first)

    def points(self, number: int, seed: str) -> Iterator[Point]:
        """Half of them before a statement, half after a moment, as long as an import takes."""
        rnd = Random(f"{seed} {self.door.name}")
        for at in range(number):
            by_moment = at % 2
            yield Point(seconds=rnd.uniform(0, self.seconds)) if by_moment else Point(rnd.randint(1, self.statements))

    def kill(self, point: Point, *, planted: bool = False) -> Iterator[str]:
        """Kill an import there, and run it again. Yields what is wrong with what it leaves."""
        self._begin_anew()
        imported(self.second, point, planted=planted)
        held = digest()
        if not self._is_whole(held):
            yield f"{self.door.name}, killed at {point}: half-written: {held - self.clean - self.before}"
        yield from self._derived(f"killed at {point}")
        imported(self.second)
        again = digest()
        if again != self.clean:
            differs = f"too much {again - self.clean}, too little {self.clean - again}"
            yield f"{self.door.name}, run again after {point}: {differs}"
        yield from self._derived(f"run again after {point}")

    def _is_whole(self, held: Digest) -> bool:
        """All or nothing; in steps, every row is as it was or as it will be."""
        if self.door.in_steps:
            return held <= (self.before | self.clean)
        return held in (self.before, self.clean)

    def _derived(self, when: str) -> Iterator[str]:
        for wrong in [*drift(), *count_drift()]:
            yield f"{self.door.name}, {when}: {wrong}"


def _articles(edition: int) -> Iterator[tuple[str, str]]:
    """Headlines and bodies; the second edition changes every third and brings half as many more."""
    for number in range(ARTICLES if edition == 1 else ARTICLES * 3 // 2):
        changed = edition == 2 and number % 3 == 0
        yield f"Item {number}", f"The minister said that he pays {number}{' twice' if changed else ''}."


def _digest(folder: Path, edition: int) -> list[str]:
    path = folder / f"digest-{edition}.txt"
    path.write_text("".join(f"{title}\n{body}\nKeep reading\n" for title, body in _articles(edition)))
    return ["import_articles", str(path), "--format", "digest", "--publisher", "The Digest", "--published", "2025-12"]


def _text(folder: Path, edition: int) -> list[str]:
    path = folder / f"text-{edition}.txt"
    path.write_text("One text\n" + "\n".join(body for _, body in _articles(edition)))
    return ["import_articles", str(path), "--format", "text", "--publisher", "The Paper", "--published", "2025-12"]


def _uid(kind: int, number: int) -> str:
    return str(uuid.UUID(int=kind * 1000 + number, version=4))


def _jsonl(folder: Path, edition: int) -> list[str]:
    """A text, a claim and a statement with a chain of two hops, again and again."""
    rows: list[dict[str, Any]] = [{"type": "source", "slug": slug, "name": slug} for slug in ("ministry", "agency")]
    rows.append({"type": "tag", "slug": "money", "name": "Money"})
    for number, (title, body) in enumerate(_articles(edition)):
        address, claim = f"https://example.org/{number}", _uid(1, number)
        text = {"text": body[:-1], "short_text": f"{body[:-1]} ({edition})"}
        place = {"version": 1, "start": len(title) + 1, "end": len(title) + 4, "exact": "The"}
        chain = [{"source": "ministry", "cue": "said" if edition == 1 else "told"}, {"source": "agency"}]
        said = {"article": address, "chain": chain[: 1 + number % 2], "claims": [{"claim": claim}], **place}
        rows.append({"type": "article", "identifier": address, "text": f"{title}\n{body}"})
        rows.append({"type": "claim", "uid": claim, "tags": ["money"] if number % 2 else [], **text})
        rows.append({"type": "statement", "uid": _uid(2, number), **said})
    path = folder / f"rows-{edition}.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return ["load_jsonl", str(path)]


def _jsonl_in_steps(folder: Path, edition: int) -> list[str]:
    return [*_jsonl(folder, edition), "--batch", "7"]


def _fixture(folder: Path, edition: int) -> list[str]:
    rows = [{"model": "claims.tag", "fields": {"slug": "money", "name": "Money"}}]
    for number, (title, body) in enumerate(_articles(edition)):
        text = f"{title}\n{body}"
        version = {"number": edition, "headline": title, "text": text, "sha256": fingerprint(text)}
        uid = _uid(1, number)
        claim = {"uid": uid, "text": body, "short_text": f"{title} ({edition})", "tags": [["money"]]}
        rows.append({"model": "articles.article", "fields": {"identifier": f"https://example.org/{number}"}})
        rows.append(
            {"model": "articles.articleversion", "fields": {"article": [f"https://example.org/{number}"], **version}}
        )
        rows.append({"model": "claims.claim", "fields": claim})
    path = folder / f"fixture-{edition}.json"
    path.write_text(json.dumps(rows))
    return ["loaddata", str(path)]


DOORS = [
    Door("digest", _digest),
    Door("text", _text),
    Door("load_jsonl", _jsonl),
    Door("load_jsonl --batch", _jsonl_in_steps, in_steps=True),
    Door("loaddata", _fixture),
]
"""Every import."""

"""From a folder, a file or a stream to its lines, kind by kind. Pure."""

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from claims.importers.checks import nearest
from claims.importers.lines import MAX_LINE_BYTES, Line, Refused, numbered, open_lines, read_object

ENDS = (".jsonl", ".jsonl.gz")


class Unreadable(Exception):
    """There is nothing to read. The message says why."""


@dataclass(frozen=True)
class Part:
    """The rows of one kind. Without a kind: rows of which nobody can say what they are."""

    kind: str
    name: str
    lines: Callable[[], AbstractContextManager[Iterator[Line]]]


@contextmanager
def parts(path: Path | IO[bytes], kinds: Mapping[str, str]) -> Iterator[list[Part]]:
    """What is to be read, in the order of ``kinds``: by the name of a kind the word for one of its rows.

    A file of several kinds is parted on disk first. Raises ``Unreadable``.
    """
    if not isinstance(path, Path):
        with _parted(nullcontext(path), "standard input", kinds) as found:
            yield found
    elif path.is_dir():
        yield _in_folder(path, kinds)
    elif (kind := _bare(path.name)) in kinds:
        yield [Part(kind, path.name, partial(_lines, path))]
    else:
        with _parted(open_lines(path), path.name, kinds) as found:
            yield found


def size(path: Path | IO[bytes]) -> int | None:
    """How many bytes there are to be read; None where that cannot be known."""
    if not isinstance(path, Path):
        return None
    files = [file for file in path.iterdir() if file.name.endswith(ENDS)] if path.is_dir() else [path]
    return None if any(file.suffix == ".gz" for file in files) else sum(file.stat().st_size for file in files)


def _bare(name: str) -> str:
    return name.removesuffix(".gz").removesuffix(".jsonl")


def _in_folder(folder: Path, kinds: Collection[str]) -> list[Part]:
    found = []
    for kind in kinds:
        files = [file for end in ENDS if (file := folder / f"{kind}{end}").is_file()]
        if len(files) > 1:
            raise Unreadable(f"{folder} holds {kind}.jsonl twice, plain and packed: take one away.")
        found += [Part(kind, file.name, partial(_lines, file)) for file in files]
    if not found:
        raise Unreadable(f"{folder} holds none of {', '.join(f'{kind}.jsonl' for kind in kinds)}.")
    return found


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[Line]]:
    with open_lines(path) as file:
        yield numbered(file)


@contextmanager
def _parted(opened: AbstractContextManager[IO[bytes]], name: str, kinds: Mapping[str, str]) -> Iterator[list[Part]]:
    of_noun = {noun: kind for kind, noun in kinds.items()}
    with ExitStack() as stack:
        piles = {kind: stack.enter_context(Pile()) for kind in ("", *kinds)}
        file = stack.enter_context(opened)
        for line in numbered(file):
            piles[_kind_of(line[1], of_noun)].add(line)
        yield [Part(kind, name, pile.lines) for kind, pile in piles.items() if pile.count]


def _kind_of(line: bytes, of_noun: Mapping[str, str]) -> str:
    try:
        return of_noun[type_of(read_object(line), of_noun)]
    except Refused:
        return ""


def type_of(row: Mapping[str, object], nouns: Collection[str]) -> str:
    """What a row says it is. Raises ``Refused``."""
    given = row.get("type")
    if given is None:
        raise Refused("says not what it is: it needs a “type”")
    if not isinstance(given, str) or given not in nouns:
        raise Refused(f"type: there is no “{str(given)[:60]}”{nearest(str(given), nouns)}")
    return given


class Pile:
    """Lines laid aside on disk, to be read again in their order."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> "Pile":
        return self

    def __exit__(self, *_: object) -> None:
        if self.count:
            self._file.close()

    def add(self, line: Line) -> None:
        if not self.count:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the pile)
        self.count += 1
        self._file.write(b"%d %b\n" % line)

    @contextmanager
    def lines(self) -> Iterator[Iterator[Line]]:
        self._file.seek(0)
        yield self._read()

    def _read(self) -> Iterator[Line]:
        # A line that is too long was cut when it was first read, one byte too late.
        for row in iter(partial(self._file.readline, MAX_LINE_BYTES + 100), b""):
            number, _, line = row.partition(b" ")
            yield int(number), line.removesuffix(b"\n")

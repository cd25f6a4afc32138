"""Loads JSON Lines: reads files a chunk at a time, keeps what cannot be taken, brings derived values up to date."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.db import DataError, IntegrityError, transaction

from articles.history import Saving, drop_if_empty, saving
from articles.importers.rows import MAX_RAW_CHARS
from articles.importers.store import take_turn
from articles.models import ImportProblem, ImportRun, Revision
from articles.retrying import tried_again
from claims import provenance
from claims.importers.files import Part, Pile, Unreadable, parts, type_of
from claims.importers.kinds import KINDS, READERS, Kind
from claims.importers.lines import Line, Refused, raw_text, read_object
from claims.importers.staging import on_postgresql, put, quick, select, stored_now, uids, workbench
from claims.importers.store import Store
from claims.importers.taking import Entry, Taken

ROWS, BYTES = 2_000, 2 * 1024**2
"""A chunk holds as many rows as this, and about as many bytes."""

PROBLEMS_SHOWN = 20
MANY = 10_000
"""From so many new rows on PostgreSQL is told anew how full its tables are."""

COUNTS = ("created", "updated", "unchanged", "rejected")
NOUNS = {name: kind.noun for name, kind in KINDS.items()}

Progress = Callable[[str, int], None]
"""Told which kind of rows is being taken, and how many bytes more have been read."""


class NothingLoaded(Exception):
    """Rows are bad, and the load did not go on without them. ``report`` says which."""

    def __init__(self, report: "Report") -> None:
        super().__init__("bad rows")
        self.report = report


@dataclass(frozen=True)
class Options:
    """``batch``: commit every so many rows; 0: once, at the end. ``check``: write nothing."""

    keep_going: bool = False
    batch: int = 0
    check: bool = False


@dataclass
class Report:
    """What a load did: how many rows of each kind came to what, and the first of its problems."""

    run: ImportRun
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    problems: list[str] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        return sum(counts["rejected"] for counts in self.counts.values())

    def lines(self) -> list[str]:
        """A line a kind: "claims: created 3 · updated 0 · unchanged 1 · rejected 0"."""
        return [
            f"{name}: {' · '.join(f'{what} {counts[what]:,}' for what in COUNTS)}"
            for name, counts in self.counts.items()
        ]


def load(path: Path | IO[bytes], options: Options, *, progress: Progress | None = None) -> Report:
    """Load a folder, a file or a stream, and return the report.

    Raises ``NothingLoaded`` where rows are bad and ``options`` do not say to go on without them, ``Unreadable``
    where there is nothing to read, ``OSError`` and ``EOFError`` where a file is broken.
    """
    name = path.name if isinstance(path, Path) else "standard input"
    with parts(path, NOUNS) as found:

        def once() -> Report:
            run = ImportRun(format="jsonl", file_name=name[:255])
            revision = {"how": Revision.How.IMPORT, "label": f"Loaded {name}"[:300], "import_run": run}
            with workbench(), saving(creations=False, **revision) as save:
                return _Load(Report(run), options, progress or (lambda kind, size: None), save).take_all(found)

        # What was committed in batches is not taken twice.
        return once() if options.batch else tried_again(once)


class _Load:
    """One load on its way."""

    def __init__(self, report: Report, options: Options, progress: Progress, save: Saving) -> None:
        self.report, self.run, self.options, self.progress = report, report.run, options, progress
        self.save = save
        self.digest = hashlib.sha256()
        self.at_once = not options.batch
        self.rows = options.batch or ROWS
        self.uids = uids()

    def take_all(self, found: list[Part]) -> Report:
        with transaction.atomic() if self.at_once else nullcontext():
            with self._step():
                self.run.save()
                self.save.begin()
                self.store = Store(self.run, notes_new=not self.at_once)
            for part in found:
                self._take_part(part)
            with self._step():
                self.run.sha256 = self.digest.hexdigest()
                self.run.save()
                if self.at_once:
                    self._stop_where_bad()
                    if not self.options.check:
                        self._bring_up_to_date()
                self.save.end()
                drop_if_empty(self.save.revision)
            if self.options.check:
                transaction.set_rollback(True)
        return self.report

    @contextmanager
    def _step(self) -> Iterator[None]:
        """What is committed together where not all is."""
        with nullcontext() if self.at_once else transaction.atomic():
            take_turn()
            if self.run.pk:
                self.save.begin()
            yield
            if not self.at_once:
                self.save.end()

    def _stop_where_bad(self) -> None:
        if self.report.rejected and not self.options.keep_going:
            raise NothingLoaded(self.report)

    def _take_part(self, part: Part) -> None:
        """All rows of one kind; those that wait for others are asked again until no more can be taken."""
        name = part.kind or part.name
        self.report.counts[name].update()
        with part.lines() as lines:
            waiting = self._take_lines(part, self._watched(name, lines))
        while waiting.count:
            with waiting, waiting.lines() as lines:
                left = self._take_lines(part, lines)
            if left.count == waiting.count:
                with left, left.lines() as lines:
                    waiting = self._take_lines(part, lines, last=True)
            else:
                waiting = left

    def _watched(self, name: str, lines: Iterable[Line]) -> Iterator[Line]:
        for line in lines:
            self.digest.update(line[1])
            self.progress(name, len(line[1]) + 1)
            yield line

    def _take_lines(self, part: Part, lines: Iterable[Line], *, last: bool = False) -> Pile:
        waiting = Pile()
        for chunk in self._chunks(lines):
            with self._step():
                for line in self._take_chunk(part, chunk, last):
                    waiting.add(line)
                if not self.at_once:
                    self._stop_where_bad()
                    self.run.save()
                    self._bring_up_to_date()
        return waiting

    def _chunks(self, lines: Iterable[Line]) -> Iterator[list[Line]]:
        chunk: list[Line] = []
        size = 0
        for line in lines:
            chunk.append(line)
            size += len(line[1])
            if len(chunk) >= self.rows or size >= BYTES:
                yield chunk
                chunk, size = [], 0
        if chunk:
            yield chunk

    def _take_chunk(self, part: Part, chunk: list[Line], last: bool) -> list[Line]:
        """Returns the lines that wait."""
        entries, bad = _read(part, chunk)
        taken = self._store(KINDS[part.kind], part, entries, last) if entries else Taken()
        refused = [(entry.line, entry.raw, entry.fault) for entry in taken.refused]
        self._keep(part, sorted(bad + refused))
        counts = {"created": taken.created, "updated": taken.updated, "unchanged": taken.unchanged}
        self.report.counts[part.kind or part.name].update(counts)
        for what, number in counts.items():
            setattr(self.run, what, getattr(self.run, what) + number)
        return [(entry.line, entry.raw) for entry in taken.waiting]

    def _store(self, kind: Kind, part: Part, entries: list[Entry], last: bool) -> Taken:
        try:
            with quick():
                return self.store.take(kind, entries, last=last)
        except (IntegrityError, DataError) as error:
            # Somebody wrote the same row meanwhile, or a rule of the database has no check here.
            where = f"between lines {entries[0].line} and {entries[-1].line}"
            reason = str(error).strip().splitlines()[0]
            self.report.problems = [f"{part.name}: {where} the database refuses a row: {reason}"]
            self.report.counts[kind.name]["rejected"] += 1
            raise NothingLoaded(self.report) from error

    def _keep(self, part: Part, bad: list[tuple[int, bytes, str]]) -> None:
        """Count the rows that cannot be taken, and keep them where the load goes on."""
        self.report.counts[part.kind or part.name]["rejected"] += len(bad)
        self.run.rejected += len(bad)
        room = PROBLEMS_SHOWN - len(self.report.problems)
        self.report.problems += [f"{part.name} line {line}: {reason}" for line, _, reason in bad[:room]]
        if self.options.keep_going:
            now = stored_now()
            columns = ("uid", "run_id", "line", "reason", "raw", "created_at", "updated_at")
            put(
                ImportProblem._meta.db_table,
                columns,
                (
                    (
                        next(self.uids),
                        self.run.pk,
                        line,
                        f"{part.name}: {why}"[:500],
                        raw_text(raw, MAX_RAW_CHARS),
                        now,
                        now,
                    )
                    for line, raw, why in bad
                ),
            )

    def _bring_up_to_date(self) -> None:
        """Mend what is derived from the rows that were stored."""
        touched, counts = self.store.touched, provenance.Counts()
        if touched.new > MANY:
            # Either engine chooses badly by the statistics of an empty table; SQLite's would read all of each.
            if not on_postgresql():
                select("PRAGMA analysis_limit = 1000")
            for table in self.store.writer.tables:
                select(f'ANALYZE "{table}"')
        if self.at_once or touched.any("tags"):
            provenance.refresh_paths()
        if self.at_once:
            provenance.refresh_loaded(self.run, counts)
        for name in MENDED:
            for ids in touched.ids(KINDS[name], also_new=not self.at_once):
                mended: Any = {name: ids}
                provenance.refresh(**mended, counts=counts)
        touched.clear()
        counts.write()


MENDED = ("tags", "publishers", "articles", "sources", "statements", "claims")
"""What ``provenance.refresh`` takes."""


def _read(part: Part, chunk: list[Line]) -> tuple[list[Entry], list[tuple[int, bytes, str]]]:
    """The rows of a chunk, and those that cannot be taken: line, what stood there, why."""
    entries, bad = [], []
    nouns = NOUNS.values()
    for number, raw in chunk:
        try:
            row = read_object(raw)
            if not part.kind:
                type_of(row, nouns)
            if row.pop("type", NOUNS[part.kind]) != NOUNS[part.kind]:
                raise Refused(f"type: this is the file of {part.kind}")
            values, lists = READERS[part.kind](row)
        except Refused as error:
            bad.append((number, raw, str(error)))
        else:
            entries.append(Entry(number, raw, values, lists))
    return entries, bad


__all__ = ["NothingLoaded", "Options", "Report", "Unreadable", "load"]

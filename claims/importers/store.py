"""Puts what rows say into their tables, a chunk at a time: what they name becomes ids, new rows are added,
those that say something else than what is stored change it."""

from collections.abc import Collection, Iterator

from articles.models import ImportRun
from claims.importers.kinds import Kind
from claims.importers.names import Names
from claims.importers.rules import CHECKS, tell_links_apart
from claims.importers.staging import empty, put, select
from claims.importers.taking import Entry, Loading, Taken, standing
from claims.importers.writer import Writer
from claims.models import Occasion, Statement

BEARS_ON = {
    "roles": (("sources", "source"),),
    "links": (("claims", "from"), ("claims", "to")),
    "reviews": (("claims", "claim"),),
    "evidence": (("claims", "claim"),),
}
"""Of what else something is derived from the rows of a kind, and under which key they name it."""


class Touched:
    """Which rows were written. New rows bear the run's number; of changed ones there may be millions, so that they
    are kept in the database."""

    STEP = 2_000

    def __init__(self, run: ImportRun) -> None:
        self.run, self.new = run, 0
        select("CREATE TEMP TABLE IF NOT EXISTS load_touched (kind text, id bigint)")
        select("CREATE INDEX IF NOT EXISTS load_touched_order ON load_touched (kind, id)")
        empty("load_touched")

    def add(self, kind: str, ids: Collection[int]) -> None:
        put("load_touched", ("kind", "id"), ((kind, pk) for pk in sorted(ids)))

    def any(self, kind: str) -> bool:
        return bool(select("SELECT 1 FROM load_touched WHERE kind = %s LIMIT 1", [kind]))

    def ids(self, kind: Kind, *, also_new: bool) -> Iterator[list[int]]:
        """The rows of a kind that were noted, some thousands at a time; those that the run made only on demand."""
        sql, last = "SELECT t.id FROM load_touched t WHERE t.kind = %s AND t.id > %s", 0
        if not also_new:
            made = (
                f'SELECT 1 FROM "{kind.model._meta.db_table}" m WHERE m.id = t.id AND m.import_run_id = {self.run.pk}'  # nosec B608 # a name and a number of ours
            )
            sql += f" AND NOT EXISTS ({made})"
        while rows := select(f"{sql} GROUP BY t.id ORDER BY t.id LIMIT {self.STEP}", [kind.name, last]):
            yield [pk for (pk,) in rows]
            last = rows[-1][0]

    def clear(self) -> None:
        self.new = 0
        empty("load_touched")


class Store:
    """Writes the rows of one import run."""

    def __init__(self, run: ImportRun, *, notes_new: bool) -> None:
        """``notes_new``: whether new rows are noted as touched; else whoever asks for them asks by the run."""
        self.notes_new = notes_new
        self.loading = Loading(run)
        self.names, self.writer = Names(self.loading), Writer(self.loading)
        self.touched = Touched(run)

    def take(self, kind: Kind, entries: list[Entry], *, last: bool = False) -> Taken:
        """Store ``entries``. Those that name a row of their own kind which is not there yet wait, unless this is
        the ``last`` time that they are asked for."""
        self.names.refer(kind, entries)
        if not kind.key:
            tell_links_apart(entries)
        self.names.recognise(kind, entries)
        for check in CHECKS.get(kind.name, ()):
            check(self.loading, standing(entries))
        self.names.resolve_own(kind, entries, last)
        fine = standing(entries)
        changed = self.writer.write(kind, fine)
        created = [entry.id for entry in fine if entry.is_new]
        self._note(kind, [entry for entry in fine if entry.is_new or entry.id in changed], changed)
        return Taken(
            len(created),
            len(changed),
            len(fine) - len(created) - len(changed),
            [entry for entry in entries if entry.fault],
            [entry for entry in entries if entry.waits],
        )

    def _note(self, kind: Kind, written: list[Entry], changed: set[int]) -> None:
        self.touched.new += len(written) - len(changed)
        self.touched.add(kind.name, [entry.id for entry in written] if self.notes_new else changed)
        for mended, key in BEARS_ON.get(kind.name, ()):
            self.touched.add(mended, {entry.values[key] for entry in written})
        if kind.model is Occasion and changed:
            told = Statement._base_manager.filter(occasion__in=changed).values_list("pk", flat=True)
            self.touched.add("statements", list(told))

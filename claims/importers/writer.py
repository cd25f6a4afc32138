"""Writes rows and their lists: adds new ones, and makes the stored ones say what is given."""

from collections.abc import Iterable, Iterator
from functools import cache
from operator import itemgetter
from typing import Any

from articles.models import Article, ArticleVersion, Locked
from claims.importers.kinds import Child, Kind
from claims.importers.rules import EXTRA, FILLED_ONCE, FILLS, FOLLOWS
from claims.importers.staging import Table, empty, positions, put, quoted, returning, same, select
from claims.importers.taking import Entry, Loading, given_texts, stored_texts

WITHDRAWN = "No longer in the file that was loaded."


class Writer:
    """Writes the rows of one load. ``tables``: the names of those that it wrote to."""

    def __init__(self, loading: Loading) -> None:
        self.loading = loading
        self.table = cache(self._table)
        self.tables: set[str] = set()

    def _table(self, model: Any, columns: tuple[str, ...]) -> Table:
        table = Table(model, columns, self.loading.run.pk, self.loading.now)
        self.tables.add(table.name)
        return table

    def write(self, kind: Kind, entries: list[Entry]) -> set[int]:
        """Store rows and their lists. Returns the ids of stored rows that changed."""
        columns = {column.key: column.column for column in kind.form.fields if column.column} | EXTRA.get(kind.name, {})
        table = self.table(kind.model, tuple(columns.values()))
        values_of = itemgetter(*columns)
        new = [entry for entry in entries if entry.is_new]
        known = [entry for entry in entries if not entry.is_new]
        for fill in FILLS.get(kind.name, ()):
            fill(self.loading, entries)
        table.insert(((entry.id, *values_of(entry.values)) for entry in new), with_ids=True)
        for follow in FOLLOWS.get(kind.name, ()):
            follow(self.loading, new)
        changed: set[int] = set()
        if known:
            table.stage((entry.id, *values_of(entry.values)) for entry in known)
            kept = {kind.key, "uid", *FILLED_ONCE}
            changed = self._update(table, [name for name in table.columns if name not in kept])
        grown: set[int] = set()
        for key, child in kind.children.items():
            self._add(child, key, new)
            given = [entry for entry in known if key in entry.lists]
            if issubclass(child.model, Locked):
                grown |= self._bring_into_line(child, key, given)
            else:
                changed |= self._file_anew(child, key, given, table, changed)
        if kind.model is Article:
            grown |= self._write_texts(entries)
        self._move(table, grown - changed)
        return changed | grown

    def _update(self, table: Table, columns: Iterable[str]) -> set[int]:
        assigned, differs = table.changes(columns)
        sql = (
            f'UPDATE "{table.name}" AS t SET {assigned} FROM "{table.staged}" s'  # nosec B608 # names of ours, values staged
            f" WHERE t.id = s.id AND {differs} {returning('id')}"
        )
        return {pk for (pk,) in select(sql)}

    def _move(self, table: Table, ids: set[int]) -> None:
        """Count rows as saved whose own columns stay as they are."""
        if not ids:
            return
        given, param = positions(sorted(ids), "bigint")
        select(
            f"UPDATE \"{table.name}\" SET updated_at = '{self.loading.now}', lock = lock + 1"  # nosec B608 # names of ours, values staged
            f" WHERE id IN (SELECT CAST(g.name AS bigint) FROM {given})",
            [param],
        )

    def _child_rows(self, child: Child, key: str, entries: Iterable[Entry]) -> tuple[Table, Iterator[tuple[Any, ...]]]:
        columns = {column.key: column.column for column in child.form.fields}
        has_uid = any(column.name == "uid" for column in child.model._meta.concrete_fields)
        names = (child.parent, *columns.values(), *(["uid"] if has_uid else []))
        keys = list(columns)

        def rows() -> Iterator[tuple[Any, ...]]:
            for entry in entries:
                for row in entry.lists.get(key, ()):
                    own = [row[name] for name in keys]
                    yield (entry.id, *own, next(self.loading.uids)) if has_uid else (entry.id, *own)

        return self.table(child.model, names), rows()

    def _add(self, child: Child, key: str, entries: list[Entry]) -> None:
        table, rows = self._child_rows(child, key, entries)
        table.insert(rows)

    def _stage_list(self, child: Child, key: str, entries: list[Entry]) -> tuple[Table, str]:
        """Bring given lists next to their table. Returns SQL too: whether a staged row s is the stored row t."""
        table, rows = self._child_rows(child, key, entries)
        table.stage(((None, *row) for row in rows), by=child.parent)
        select("CREATE TEMP TABLE IF NOT EXISTS load_parents (id bigint PRIMARY KEY)")
        empty("load_parents")
        put("load_parents", ("id",), [(entry.id,) for entry in entries])
        return table, f's."{child.parent}" = t."{child.parent}" AND ' + " AND ".join(
            same(f's."{name}"', f't."{name}"') for name in child.match
        )

    def _bring_into_line(self, child: Child, key: str, entries: list[Entry]) -> set[int]:
        """Make the stored lists of rows the ones that are given. Returns the ids of the rows whose list changed."""
        if not entries:
            return set()
        table, place = self._stage_list(child, key, entries)
        changed = self._change(child, table, place)
        columns = quoted([*table.columns, *table.fixed])
        says = ", ".join([*(f's."{name}"' for name in table.columns), *["%s"] * len(table.fixed)])
        sql = f'INSERT INTO "{table.name}" ({columns}) SELECT {says} {self._missing(table, place)}'
        added = select(f'{sql} RETURNING "{child.parent}"', list(table.fixed.values()))
        withdrawn = f"withdrawn_at = '{self.loading.now}', withdrawn_reason = %s"
        moved = f"updated_at = '{self.loading.now}', lock = t.lock + 1"
        sql = f'UPDATE "{table.name}" AS t SET {withdrawn}, {moved} WHERE t.withdrawn_at IS NULL'  # nosec B608 # names of ours, values staged
        gone = select(f"{sql} AND {self._surplus(child, table, place)} {returning(child.parent)}", [WITHDRAWN])
        return changed | {pk for (pk,) in (*added, *gone)}

    def _file_anew(self, child: Child, key: str, entries: list[Entry], owners: Table, moved: set[int]) -> set[int]:
        """The same for tags, which have no lock of their own: that of the claim moves first, unless it has
        ``moved`` already, so that history notes the tags as they were."""
        if not entries:
            return set()
        table, place = self._stage_list(child, key, entries)
        missing, surplus = self._missing(table, place), self._surplus(child, table, place)
        changed = {
            pk
            for (pk,) in select(
                f'SELECT s."{child.parent}" {missing}'  # nosec B608 # names of ours, values staged
                f' UNION SELECT t."{child.parent}" FROM "{table.name}" t WHERE {surplus}'
            )
        }
        if changed:
            self._move(owners, changed - moved)
            columns = quoted(table.columns)
            says = ", ".join(f's."{name}"' for name in table.columns)
            select(f'INSERT INTO "{table.name}" ({columns}) SELECT {says} {missing}')
            select(f'DELETE FROM "{table.name}" AS t WHERE {surplus}')  # nosec B608 # names of ours, values staged
        return changed

    def _missing(self, table: Table, place: str) -> str:
        """SQL: from the given rows s those that are not stored."""
        return f'FROM "{table.staged}" s WHERE NOT EXISTS (SELECT 1 FROM "{table.name}" t WHERE {place})'  # nosec B608 # names of ours, values staged

    def _surplus(self, child: Child, table: Table, place: str) -> str:
        """SQL: whether the stored row t is in the list of a given row, and not among what is given."""
        stored = f't."{child.parent}" IN (SELECT id FROM load_parents)'  # nosec B608 # names of ours, values staged
        return f'{stored} AND NOT EXISTS (SELECT 1 FROM "{table.staged}" s WHERE {place})'  # nosec B608 # names of ours, values staged

    def _change(self, child: Child, table: Table, place: str) -> set[int]:
        """Rows of a list that stand already. A chain is one thing: a hop that it names again stands again. A
        claim stands again where only a load had withdrawn it."""
        columns = [name for name in table.columns if name not in ("uid", child.parent, *child.match)]
        back = ("withdrawn_at = NULL", "withdrawn_by_id = NULL", "withdrawn_reason = ''")
        assigned, differs = table.changes(columns, *back)
        by_hand = "t.withdrawn_by_id IS NOT NULL" if "position" not in child.match else "1 = 0"
        sql = (
            f'UPDATE "{table.name}" AS t SET {assigned} FROM "{table.staged}" s WHERE {place}'  # nosec B608 # names of ours, values staged
            f" AND ({differs} OR t.withdrawn_at IS NOT NULL) AND NOT ({by_hand}) {returning(child.parent)}"
        )
        return {pk for (pk,) in select(sql)}

    def _write_texts(self, entries: list[Entry]) -> set[int]:
        """Add the captured texts that are not stored yet. Returns the ids of stored articles that got one."""
        stored = stored_texts(entries)
        rows, grown = [], set()
        for entry in entries:
            for text in given_texts(entry):
                numbers = stored.get(entry.id, {})
                newest = max(numbers, default=0)
                if text["number"] in numbers or (text["number"] is None and numbers.get(newest) == text["sha256"]):
                    continue
                number = text["number"] or newest + 1
                captured_at = text["captured_at"] or self.loading.now
                rows.append((entry.id, number, text["headline"], text["text"], text["sha256"], captured_at))
                if not entry.is_new:
                    grown.add(entry.id)
        self.table(ArticleVersion, ("article_id", "number", "headline", "text", "sha256", "captured_at")).insert(rows)
        return grown

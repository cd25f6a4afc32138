"""The database in bulk: rows in by COPY or ``executemany``, names turned into ids a chunk at a time."""

import datetime as dt
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.conf import settings
from django.db import connection, models

from articles.models import Article, Publisher
from claims.models import Claim, Occasion, RatingLevel, RatingScale, Source, SourceRole, Statement, Tag

MAX_KEPT = 100_000
"""How many names are remembered with their ids: a few megabytes."""

KEPT = {"publisher", "source", "tag", "user", "rating"}
"""What many rows name. Of the others most are named by rows that stand together."""

MERGEABLE: dict[str, Any] = {"publisher": Publisher, "source": Source, "tag": Tag, "claim": Claim}
"""What may have been merged: who names it means what it was merged into."""

SQLITE_CACHE_KB = 16_384
"""Uids come in no order, and each finds its place in an index: what is kept of that need not be read again."""


def on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def put(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], fixed: Mapping[str, Any] | None = None
) -> None:
    """Add ``rows`` to ``table``; ``fixed`` columns have the same value in every one of them."""
    fixed = fixed or {}
    names, constants = quoted([*columns, *fixed]), tuple(fixed.values())
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if on_postgresql():
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row((*row, *constants))
        else:
            # Written into the statement, what never changes costs nothing a row.
            marks = ", ".join(["%s"] * len(columns) + [_literal(value) for value in constants])
            many: Any = rows
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', many)  # nosec B608 # names of ours, values as parameters


def _literal(value: Any) -> str:
    if isinstance(value, (int, float)):
        return str(int(value)) if isinstance(value, bool) else repr(value)
    return "'" + str(value).replace("'", "''").replace("%", "%%") + "'"


def select(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def positions(values: Sequence[Any], kind: str) -> tuple[str, Any]:
    """SQL for a table ``g(n, name)`` of ``values`` with their places from 0, and its one parameter."""
    if on_postgresql():
        return f"(SELECT n - 1, name FROM unnest(%s::{kind}[]) WITH ORDINALITY u(name, n)) g(n, name)", list(values)  # nosec B608 # names of ours, values as parameters
    return "(SELECT key AS n, value AS name FROM json_each(%s)) g", connection.ops.adapt_json_value(list(values), None)


def distinct(one: str, other: str) -> str:
    """SQL: two values differ, or one of them is NULL."""
    return f"{one} IS DISTINCT FROM {other}" if on_postgresql() else f"{one} IS NOT {other}"


def returning(column: str) -> str:
    """SQL: of the rows t that a statement has written, their ``column``."""
    return f'RETURNING t."{column}"' if on_postgresql() else f'RETURNING "{column}"'


def empty(table: str) -> None:
    """Take all rows out of a temporary table, so that nothing of them is left to read over."""
    select(f'TRUNCATE "{table}"' if on_postgresql() else f'DELETE FROM "{table}"')  # nosec B608 # names of ours, values as parameters


def same(one: str, other: str) -> str:
    return f"{one} IS NOT DISTINCT FROM {other}" if on_postgresql() else f"{one} IS {other}"


_RATINGS = (
    f"(SELECT l.id, c.slug || '/' || l.slug AS name FROM {RatingLevel._meta.db_table} l"  # nosec B608 # names of ours, values as parameters
    f" JOIN {RatingScale._meta.db_table} c ON c.id = l.scale_id) t"
)


def _table(model: type[models.Model]) -> str:
    return f'"{model._meta.db_table}" t'


class Directory:
    """Ids by name. Asks the database once a chunk for those that it does not remember."""

    def __init__(self) -> None:
        users = settings.AUTH_USER_MODEL.lower().replace(".", "_")
        self._where = {
            "publisher": (_table(Publisher), "t.slug", "text"),
            "source": (_table(Source), "t.slug", "text"),
            "tag": (_table(Tag), "t.slug", "text"),
            "article": (_table(Article), "t.identifier", "text"),
            "role": (_table(SourceRole), "t.uid", "uuid"),
            "occasion": (_table(Occasion), "t.uid", "uuid"),
            "claim": (_table(Claim), "t.uid", "uuid"),
            "statement": (_table(Statement), "t.uid", "uuid"),
            "user": (f'"{users}" t', "t.username", "text"),
            "rating": (_RATINGS, "t.name", "text"),
        }
        self._kept: dict[str, dict[str, int]] = {noun: {} for noun in KEPT}
        self._merged: dict[str, dict[int, int]] = {}

    def ids(self, noun: str, names: Iterable[str]) -> dict[str, int]:
        """By name the id of what has it, of those of ``names`` that there are."""
        wanted = set(names)
        kept = self._kept.get(noun)
        if kept is None:
            return self._look_up(noun, wanted)
        if len(kept) > MAX_KEPT:
            kept.clear()
        kept.update(self._look_up(noun, wanted - kept.keys()))
        return kept

    def _look_up(self, noun: str, names: set[str]) -> dict[str, int]:
        if not names:
            return {}
        table, column, kind = self._where[noun]
        found = found_by(table, column, kind, sorted(names))
        merged = self.merged(noun)
        return {name: merged.get(pk, pk) for name, pk in found.items()} if merged else found

    def merged(self, noun: str) -> dict[int, int]:
        """Of what was merged, by its id, the id of what it was merged into in the end. One query a load."""
        if noun not in self._merged:
            self._merged[noun] = _survivors(MERGEABLE[noun]) if noun in MERGEABLE else {}
        return self._merged[noun]


def _survivors(model: Any) -> dict[int, int]:
    steps = dict(model._base_manager.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))
    found = {}
    for pk, step in steps.items():
        while step in steps:
            step = steps[step]
        found[pk] = step
    return found


def found_by(table: str, column: str, kind: str, names: Sequence[str]) -> dict[str, int]:
    """By name the id of the row of ``table`` (known as t) whose ``column`` is that."""
    given, param = positions(names, kind)
    found = select(f"SELECT g.n, t.id FROM {given} CROSS JOIN {table} WHERE {column} = g.name", [param])  # nosec B608 # names of ours, values as parameters
    return {names[n]: pk for n, pk in found}


def next_ids(model: type[models.Model], number: int) -> Sequence[int]:
    """As many new ids."""
    table = model._meta.db_table
    if on_postgresql():
        sql = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        return [pk for (pk,) in select(sql, [f'"{table}"', number])]
    ((last,),) = select(
        f'SELECT max(coalesce((SELECT max(id) FROM "{table}"), 0),'  # nosec B608 # names of ours, values as parameters
        " coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = %s), 0))",
        [table],
    )
    return range(last + 1, last + 1 + number)


def uids() -> Iterator[str]:
    """New UUIDs (version 7) in rising order, which an index takes ten times as quickly as random ones."""
    begun, own = time.time_ns() // 1_000_000, uuid.uuid4().int & (1 << 34) - 1

    def uid(number: int) -> str:
        high, low = divmod(number, 1 << 28)
        return f"{begun + (high >> 12):012x}7{high & 0xFFF:03x}{(2 << 62) | (low << 34) | own:016x}"

    return map(uid, count())


class Table:
    """How rows of one model are stored: which columns they bring, and what the others hold in a new row."""

    def __init__(self, model: type[models.Model], columns: Sequence[str], run: int, now: str) -> None:
        self.model, self.name, self.columns = model, model._meta.db_table, tuple(columns)
        self.now = now
        others: dict[str, Any] = {
            name: field.get_default()
            for name, field in _fields(model).items()
            if not field.primary_key and name not in columns
        }
        others |= {name: now for name in ("created_at", "updated_at") if name in others}
        others |= {name: run for name in ("import_run_id",) if name in others}
        self.fixed = {name: value for name, value in others.items() if value is not None}
        self.has_lock = "lock" in others

    @property
    def staged(self) -> str:
        return f"load_{self.name}"

    def insert(self, rows: Iterable[Sequence[Any]], *, with_ids: bool = False) -> None:
        """Store new rows: their values in the order of ``columns``, behind an id where they have one."""
        put(self.name, ("id", *self.columns) if with_ids else self.columns, rows, self.fixed)

    def stage(self, rows: Iterable[Sequence[Any]], *, by: str = "id") -> None:
        """Bring rows next to the table: an id, then the values in the order of ``columns``. They are looked up
        ``by`` one of these."""
        names = quoted(["id", *self.columns])
        select(f'CREATE TEMP TABLE IF NOT EXISTS "{self.staged}" AS SELECT {names} FROM "{self.name}" LIMIT 0')  # nosec B608 # names of ours, values as parameters
        select(f'CREATE INDEX IF NOT EXISTS "{self.staged}_by" ON "{self.staged}" ("{by}")')
        empty(self.staged)
        put(self.staged, ("id", *self.columns), rows)

    def changes(self, columns: Iterable[str], *also: str) -> tuple[str, str]:
        """SQL: the assignments that make stored rows t like staged rows s, and whether anything differs."""
        says = {name: self.value(name) for name in columns}
        assigned = [f'"{name}" = {value}' for name, value in says.items()]
        assigned += [f"updated_at = '{self.now}'"] + ["lock = t.lock + 1"] * self.has_lock
        differs = [distinct(f't."{name}"', value) for name, value in says.items()]
        return ", ".join([*assigned, *also]), f"({' OR '.join(differs)})"

    def value(self, column: str) -> str:
        """SQL: what the staged row says. What was published once keeps the moment at which it was."""
        kept = self.model is Claim and column == "published_at"
        return "COALESCE(s.published_at, t.published_at)" if kept else f's."{column}"'


def _fields(model: type[models.Model]) -> "dict[str, models.Field[Any, Any]]":
    return {str(field.column): field for field in model._meta.concrete_fields}


@contextmanager
def quick() -> Iterator[None]:
    """Within one transaction: no time limit, foreign keys checked statement by statement, and names looked up by
    index however large a table has become since it was last analysed."""
    if not on_postgresql():
        yield
        return
    switches = ("enable_hashjoin", "enable_mergejoin", "enable_seqscan")
    select("SET CONSTRAINTS ALL IMMEDIATE")
    for switch in switches:
        select(f"SET LOCAL {switch} = off")
    yield
    for switch in switches:
        select(f"SET LOCAL {switch} TO DEFAULT")
    select("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def workbench() -> Iterator[None]:
    """Around all transactions of a load: temporary tables go afterwards, and SQLite has a cache in which the
    indexes find room."""
    before = None if on_postgresql() else select("PRAGMA cache_size")[0][0]
    if before is not None:
        select(f"PRAGMA cache_size = -{SQLITE_CACHE_KB}")
    try:
        yield
    finally:
        for (table,) in select(
            "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'"
            if on_postgresql()
            else "SELECT name FROM sqlite_temp_master WHERE type = 'table'"
        ):
            if table.startswith("load_"):
                select(f'DROP TABLE "{table}"')
        if before is not None:
            select(f"PRAGMA cache_size = {before}")


def stored_now() -> str:
    """This moment, as ``checks.moment`` would give it."""
    return str(dt.datetime.now(dt.UTC).replace(tzinfo=None))

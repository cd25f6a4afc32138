"""The table in which lists find their rows, and the inverted index over it.

An entry is one row of a list as the list finds it. Its key is its place in the list, newest first, as one
number: the day of its date times 2³² plus its id; so a key range is a range of dates, and a key is where a page
ends. Rows that lists leave out (withdrawn ones) stand below zero.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from django.db import connection, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.models import BooleanField, Expression, F

from articles.search.expression import ALL, WEIGHTS, for_fts5, for_tsquery
from articles.search.expression import Expression as Wanted

DAY = 1 << 32
"""The keys of one day: ids stay below this."""

LAST_KEY = (1 << 63) - 1

_BM25_WEIGHTS = "8, 3, 2, 0"
_TS_RANK_WEIGHTS = "{0, 0.2, 0.35, 1}"


def key_of(day: dt.date, pk: int) -> int:
    """The key of the row ``pk`` that is listed under ``day``."""
    return day.toordinal() * DAY + pk


def first_key_of(day: dt.date) -> int:
    """The lowest key that a row of ``day`` may have; all earlier days are below."""
    return day.toordinal() * DAY


class KeyField(models.BigIntegerField):
    """The primary key, which on SQLite is the number of the row itself: so the full-text table shares it."""

    def db_type(self, connection: Any) -> str:
        return "integer" if connection.vendor == "sqlite" else "bigint"


class Matches(Expression):
    """Whether the entry whose key is ``key`` is one that is looked for."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, key: str, wanted: Wanted) -> None:
        super().__init__()
        self.key: Any = F(key)
        self.wanted = wanted

    def get_source_expressions(self) -> list[Any]:
        return [self.key]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        (self.key,) = exprs

    def as_sqlite(self, compiler: Any, connection: Any, **_extra: Any) -> tuple[str, list[Any]]:
        key, params = compiler.compile(self.key)
        fts = connection.ops.quote_name(_fts(self.key.target.model))
        return f"{key} IN (SELECT rowid FROM {fts} WHERE {fts} MATCH %s)", [*params, for_fts5(self.wanted)]  # nosec B608 # names of ours, values as parameters

    def as_postgresql(self, compiler: Any, connection: Any, **_extra: Any) -> tuple[str, list[Any]]:
        table = connection.ops.quote_name(self.key.alias)
        return f'{table}."vector" @@ %s::tsquery', [for_tsquery(self.wanted)]


class EntryQuerySet(models.QuerySet):
    def listed(self) -> Self:
        """The rows that lists show."""
        return self.filter(key__gt=0)

    def matching(self, wanted: Wanted) -> Self:
        return self if wanted == ALL else self.filter(Matches("key", wanted))

    def between(self, low: int, high: int) -> Self:
        """Keys from ``low``, included, to ``high``, excluded."""
        return self.filter(key__gte=low, key__lt=high)


class Entry(models.Model):
    """One row of a list as the list finds it. Derived: written by one function alone, and never dumped."""

    key = KeyField(primary_key=True)
    title = models.TextField(blank=True)
    body = models.TextField(blank=True)
    names = models.TextField(blank=True)
    terms = models.TextField(blank=True, help_text="A token for each value of each facet.")

    class Meta:
        abstract = True


@dataclass(frozen=True)
class Walk:
    """Through the entries of ``model`` that are ``wanted``, with ``low`` ≤ key < ``high``.

    ``records`` narrows them further by what only the rows themselves know: a queryset over the model that the
    entries are of, filtered by columns of its own table and by subqueries alone.
    """

    model: type[Entry]
    wanted: Wanted = ALL
    low: int = 1
    high: int = LAST_KEY
    records: models.QuerySet | None = None

    def newest(self, limit: int, *, offset: int = 0, backwards: bool = False, column: str = "key") -> list[Any]:
        """``column`` of the newest entries; ``backwards``: of the oldest, the oldest first. One query, in
        which the engine walks its index and stops at ``limit``."""
        source, where, params, key = self._parts(column)
        way = "ASC" if backwards else "DESC"
        chosen = key if column == "key" else f"{_quoted(self.model._meta.db_table)}.{_quoted(column)}"
        sql = f"SELECT {chosen} FROM {source} WHERE {where} ORDER BY {key} {way} LIMIT %s OFFSET %s"  # nosec B608 # names of ours, values as parameters
        return _first_column(sql, [*params, limit, offset])

    def newest_of_few(self, limit: int, *, few: int) -> list[int]:
        """The newest keys. Where there are no more than ``few``, PostgreSQL gives them all: it might walk the whole
        list for those of a search that it wrongly takes for a frequent one."""
        if connection.vendor == "sqlite":
            return self.newest(limit)
        keys = self.some(few + 1)
        return self.newest(limit) if len(keys) > few else sorted(keys, reverse=True)[:limit]

    def some(self, limit: int, column: str = "key") -> list[Any]:
        """As ``newest``, in no order: what PostgreSQL finds without walking the list. Where fewer than
        ``limit`` come back, they are all there are."""
        if connection.vendor == "sqlite":
            return self.newest(limit, column=column)
        source, where, params, _ = self._parts(column)
        chosen = f"{_quoted(self.model._meta.db_table)}.{_quoted(column)}"
        return _first_column(f"SELECT {chosen} FROM {source} WHERE {where} LIMIT %s", [*params, limit])  # nosec B608 # names of ours, values as parameters

    def best(self, limit: int, *, offset: int = 0) -> list[int]:
        """The keys of the best matches, the best first. Every match is ranked: choose ``low`` so that they are
        not too many. Where all are wanted none is better: the newest first."""
        if self.wanted == ALL:
            return self.newest(limit, offset=offset)
        source, where, params, key = self._parts("key")
        if connection.vendor == "sqlite":
            ranked = f"bm25({_quoted(_fts(self.model))}, {_BM25_WEIGHTS})"
            ranking: list[Any] = []
        else:
            ranked = f"ts_rank('{_TS_RANK_WEIGHTS}', {_quoted(self.model._meta.db_table)}.vector, %s::tsquery) DESC"
            ranking = [for_tsquery(self.wanted)]
        sql = f"SELECT {key} FROM {source} WHERE {where} ORDER BY {ranked}, {key} DESC LIMIT %s OFFSET %s"  # nosec B608 # names of ours, values as parameters
        return _first_column(sql, [*params, *ranking, limit, offset])

    def _parts(self, column: str) -> tuple[str, str, list[Any], str]:
        """The tables, the conditions with their parameters, and the key as SQL names it."""
        table, fts = _quoted(self.model._meta.db_table), _quoted(_fts(self.model))
        through_fts = connection.vendor == "sqlite" and self.wanted != ALL
        key = f"{fts}.rowid" if through_fts else f"{table}.key"
        where = [f"{key} >= %s", f"{key} < %s"]
        params: list[Any] = [self.low, self.high]
        sources = [fts if through_fts else table]
        if self.wanted != ALL:
            where.insert(0, f"{fts} MATCH %s" if through_fts else f"{table}.vector @@ %s::tsquery")
            params.insert(0, (for_fts5 if through_fts else for_tsquery)(self.wanted))
        if through_fts and column != "key":
            # The full-text table alone knows no other column. SQLite keeps the order of a CROSS JOIN.
            sources.append(f"{table} ON {table}.key = {key}")
        if self.records is not None:
            record = _quoted(self.records.model._meta.db_table)
            sources.append(f"{record} ON {record}.id = {key} & {DAY - 1}")
            condition, values = self._condition()
            where.append(condition)
            params += values
        join = " CROSS JOIN " if connection.vendor == "sqlite" else " JOIN "
        return join.join(sources), " AND ".join(where), params, key

    def _condition(self) -> tuple[str, list[Any]]:
        query = self.records.order_by().query  # type: ignore[union-attr]
        compiler = query.get_compiler(connection=connection)
        compiler.pre_sql_setup()
        sql, params = compiler.compile(query.where)
        return sql, [*params]


def _first_column(sql: str, params: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall()]


def _fts(model: type[models.Model]) -> str:
    return f"{model._meta.db_table}_fts"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def insert(model: type[Entry], entries: Sequence[NamedTuple]) -> None:
    """Write new entries, whose fields are called as the columns, in the engine's quickest way."""
    if not entries:
        return
    names = entries[0]._fields
    table, columns = _quoted(model._meta.db_table), ", ".join(map(_quoted, names))
    rows = _with_json(entries, [isinstance(model._meta.get_field(name), models.JSONField) for name in names])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(names))})", [*rows])  # nosec B608 # names of ours, values as parameters


def _with_json(entries: Sequence[NamedTuple], is_json: Sequence[bool]) -> Iterable[Sequence[Any]]:
    """The same with JSON written out."""
    if not any(is_json):
        return entries
    return ([*map(_written, is_json, entry)] for entry in entries)


def _written(is_json: bool, value: Any) -> Any:
    return _JSON.encode(value) if is_json and value is not None else value


_JSON = json.JSONEncoder(ensure_ascii=False)


@contextmanager
def index_later(model: type[Entry]) -> Iterator[None]:
    """Without the inverted index while very many entries are written, and with a new one afterwards. Others cannot
    read the entries meanwhile: for a load that at least doubles them."""
    table, vendor = model._meta.db_table, connection.vendor
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _UNINDEX[vendor](table):
            cursor.execute(statement)
        yield
        for statement in _REINDEX[vendor](table):
            cursor.execute(statement)


class IndexEntries(Operation):
    """Gives a table of entries its inverted index: a generated column with a GIN index on PostgreSQL, on
    SQLite a full-text table that triggers keep.

    SQLite loses the triggers and the index of keys where Django makes the table anew to change a column: take
    this back before such a change, and do it again after.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The index is no part of the model."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        build_index(schema_editor, table)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        drop_index(schema_editor, table)

    def describe(self) -> str:
        return f"Index the entries of {self.model_name}"


def build_index(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    for statement in _SQL[schema_editor.connection.vendor](table):
        schema_editor.execute(statement, params=None)


def drop_index(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        statements = [f"ALTER TABLE {table} DROP COLUMN vector"]
    else:
        statements = [*_drop_triggers(table), f"DROP TABLE {table}_fts", f"DROP INDEX {table}_key"]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def _postgresql(table: str) -> list[str]:
    weighted = (f"setweight(to_tsvector('pg_catalog.simple', {column}), '{w}')" for column, w in WEIGHTS.items())
    return [
        f"ALTER TABLE {table} ADD COLUMN vector tsvector GENERATED ALWAYS AS ({' || '.join(weighted)}) STORED",
        _gin(table),
    ]


def _gin(table: str) -> str:
    return f"CREATE INDEX {table}_vector ON {table} USING gin (vector)"


def _sqlite(table: str) -> list[str]:
    columns = ", ".join(WEIGHTS)
    fts = (
        f"CREATE VIRTUAL TABLE {table}_fts USING fts5"
        f"({columns}, content='{table}', content_rowid='key', tokenize='ascii')"
    )
    # The table is its own index by key, with whole rows in it: to count off those before a page takes 30 times as long.
    keys = f"CREATE INDEX {table}_key ON {table} (key)"
    return [fts, *_triggers(table), keys]


def _triggers(table: str) -> list[str]:
    columns = ", ".join(WEIGHTS)
    old, new = (", ".join(f"{row}.{column}" for column in WEIGHTS) for row in ("old", "new"))
    forget = f"INSERT INTO {table}_fts({table}_fts, rowid, {columns}) VALUES ('delete', old.key, {old});"  # nosec B608 # names of ours, values as parameters
    add = f"INSERT INTO {table}_fts(rowid, {columns}) VALUES (new.key, {new});"  # nosec B608 # names of ours, values as parameters
    return [
        f"CREATE TRIGGER {table}_insert AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER {table}_delete AFTER DELETE ON {table} BEGIN {forget} END",
        f"CREATE TRIGGER {table}_update AFTER UPDATE OF key, {columns} ON {table} BEGIN {forget} {add} END",
    ]


def _drop_triggers(table: str) -> list[str]:
    return [f"DROP TRIGGER {table}_{event}" for event in ("insert", "update", "delete")]


_GATHERED = 1024**2
"""The bytes of words that FTS5 gathers before it writes them. The more, the less has to be put together after."""


def _gathering(table: str, size: int) -> str:
    return f"INSERT INTO {table}_fts({table}_fts, rank) VALUES ('hashsize', {size})"  # nosec B608 # names of ours, values as parameters


# What is still to be checked of foreign keys would keep the table from being indexed.
_READY = ("SET CONSTRAINTS ALL IMMEDIATE", "SET LOCAL maintenance_work_mem = '256MB'")
_SQL = {"postgresql": _postgresql, "sqlite": _sqlite}
_UNINDEX = {"postgresql": lambda table: [f"DROP INDEX {table}_vector"], "sqlite": _drop_triggers}
_REINDEX = {
    "postgresql": lambda table: [
        *_READY,
        _gin(table),
    ],
    "sqlite": lambda table: [
        _gathering(table, 8 * _GATHERED),
        f"INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')",  # nosec B608 # names of ours, values as parameters
        _gathering(table, _GATHERED),
        *_triggers(table),
    ],
}

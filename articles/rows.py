"""Asking for many rows at once."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import F, Lookup, QuerySet


class Among(Lookup):
    """The rows whose ``column`` is one of many ids. They go over as one value: a list of parameters is prepared
    one by one, and every engine has an end to it."""

    prepare_rhs = False

    def __init__(self, column: str, ids: Iterable[int]) -> None:
        super().__init__(F(column), ",".join(map(str, ids)))

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", [*params, f"{{{self.rhs}}}"]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, f"[{self.rhs}]"]  # nosec B608 # names of ours, values as parameters


CHUNK = 2000
"""How many rows are held in memory, and named in one SQL statement, at a time."""


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """``ids`` in order, as many at a time as are held in memory."""
    ordered = sorted(ids)
    for at in range(0, len(ordered), CHUNK):
        yield ordered[at : at + CHUNK]


def hold(rows: QuerySet[Any]) -> None:
    """Keep other transactions from these rows, in their order, until this one ends: from those, too, that somebody
    put in the place of rows that were waited for. SQLite has one writer anyway."""
    if not connection.features.has_select_for_update:
        return
    held, again = None, _held(rows)
    while held != again:
        held, again = again, _held(rows)


def _held(rows: QuerySet[Any]) -> set[Any]:
    return set(rows.select_for_update(no_key=True).values_list("pk", flat=True))

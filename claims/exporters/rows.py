"""The rows of a list as an export writes them: made by the database, read in blocks, never held all at once."""

import datetime as dt
import json
from array import array
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet, TextField, Value

from articles.search.entry import Walk
from articles.search.expression import ALL
from claims.columns import Column
from claims.filters import ClaimFilter
from claims.filters.claim_pages import RANKED
from claims.filters.paging import CAP
from claims.models import Claim

BLOCK = 1000
"""How many rows are read at a time."""

BY_KEY = ("newest", "relevance")
"""The sorts in which a row's key is its place."""

WHILE_COPYING = {
    # As long as somebody takes to download it, who then keeps no more than one process busy.
    "statement_timeout": "10min",
    "max_parallel_workers_per_gather": "0",
}
"""What PostgreSQL is told before it copies out an export."""


@dataclass(frozen=True)
class Export:
    """One list to take away. ``list_url`` is the whole address of the claim list, ``url`` that of this one.

    ``safe`` says that no cell may look like a formula, ``bom`` that a table begins with the mark by which Excel
    knows UTF-8.
    """

    listing: ClaimFilter
    columns: tuple[Column, ...]
    list_url: str
    url: str
    at: dt.datetime
    safe: bool = True
    bom: bool = False


@dataclass(frozen=True)
class Writing:
    """How the rows of an export are written down.

    ``cells`` are, by column, the expressions that write its cells; ``chosen`` is what is selected of them, and
    ``copied`` how PostgreSQL copies that out, a row a line. ``written`` makes the same lines of rows.
    """

    cells: dict[str, Any]
    chosen: str
    copied: str
    written: Callable[[list[tuple[Any, ...]]], list[bytes]]


Blocks = Iterator[list[bytes]]
"""Some lines at a time, without what ends a line."""


def objects_of(export: Export) -> Blocks:
    """The rows in the order of the list as objects in JSON."""
    cells = {column.name: column.cell if column.array is None else column.array for column in export.columns}
    arrays = [column.name for column in export.columns if column.array is not None]
    chosen = _OBJECT[connection.vendor](cells, arrays)
    # No character below U+0020 stands in JSON, so none of it is quoted.
    copied = "FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02'"
    return blocks_of(export, Writing(cells, chosen, copied, lambda rows: [line.encode() for (line,) in rows]))


def blocks_of(export: Export, writing: Writing) -> Blocks:
    """The rows in the order of the list."""
    listing = export.listing
    claims, walk = listing.qs, listing.walk()
    if listing.ranks:
        newest = _newest(listing, walk)
        if not newest:
            return
        yield from _at_keys(export, writing, [replace(walk, low=newest[-1]).best(len(newest))])
        claims, walk = claims.filter(entry__key__lt=newest[-1]), replace(walk, high=newest[-1])
    if connection.vendor == "postgresql":
        yield from _copied(export, writing, claims)
        return
    # A statement that is open for as long as somebody downloads would keep everybody from writing.
    yield from _at_keys(export, writing, _walked(walk) if listing.sort in BY_KEY else _in_order(claims))


def _newest(listing: ClaimFilter, walk: Walk) -> list[int]:
    """The keys that are ranked."""
    if listing.total.more:
        return walk.newest(RANKED)
    return sorted(walk.some(CAP + 1), reverse=True)[:RANKED]


def _walked(walk: Walk) -> Iterator[list[int]]:
    """The keys on the way, the newest first."""
    while keys := walk.newest(BLOCK):
        yield keys
        walk = replace(walk, high=keys[-1])


def _in_order(claims: QuerySet[Claim]) -> Iterator[list[int]]:
    """The keys of ``claims`` in their order, which is asked for once: eight bytes a row."""
    every = array("q", claims.values_list("entry__key", flat=True).iterator())
    for start in range(0, len(every), BLOCK):
        yield list(every[start : start + BLOCK])


def _copied(export: Export, writing: Writing, claims: QuerySet[Claim]) -> Blocks:
    """The rows of ``claims`` as PostgreSQL itself copies them out."""
    rows, params = _with_cells(export, writing.cells, claims)
    operations: Any = connection.ops
    chosen = operations.compose_sql(f"SELECT {writing.chosen} FROM ({rows}) AS rows", params)  # nosec B608 # names of ours, values as parameters
    told = dict(WHILE_COPYING)
    if export.listing.sort in BY_KEY and export.listing.walk().wanted == ALL:
        # The whole list is walked, not sorted before the first row goes out.
        told["enable_sort"] = "off"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(['set_config(%s, %s, true)'] * len(told))}", [*chain(*told.items())])
        with connection.wrap_database_errors, cursor.copy(f"COPY ({chosen}) TO STDOUT ({writing.copied})") as lines:
            while block := [bytes(line)[:-1] for line in islice(lines, BLOCK)]:
                yield block


def _at_keys(export: Export, writing: Writing, blocks: Iterable[list[int]]) -> Blocks:
    """The rows with those keys, in their order: a statement for each block."""
    claims = Claim.objects.visible_to(export.listing.viewer).filter(entry__key__gt=0).order_by()
    rows, params = _with_cells(export, {"key": F("entry__key"), **writing.cells}, claims)
    keys_of, places = _PLACES[connection.vendor]
    sql = (
        f"SELECT {writing.chosen} FROM {places} CROSS JOIN ({rows}) AS rows"  # nosec B608 # names of ours, values as parameters
        f" WHERE rows.{cell('key')} = places.value ORDER BY places.place"
    )
    for keys in blocks:
        with connection.cursor() as cursor:
            cursor.execute(sql, [keys_of(keys), *params])
            found = cursor.fetchall()
        yield writing.written(found)


def _with_cells(export: Export, cells: dict[str, Any], claims: QuerySet[Claim]) -> tuple[str, tuple[Any, ...]]:
    named = {cell(name): expression for name, expression in cells.items()}
    listed_at = Value(export.list_url, output_field=TextField())
    return claims.alias(claims_at=listed_at).annotate(**named).values_list(*named).query.sql_with_params()


def cell(name: str) -> str:
    """What the cells of a column are called in ``Writing.chosen``: a name that is none of the claim's own columns."""
    return f"cell_{name}"


def _object_postgresql(names: Iterable[str], _arrays: Container[str]) -> str:
    cells = ", ".join(f'rows.{cell(name)} AS "{name}"' for name in names)
    return f"(SELECT row_to_json(one) FROM (SELECT {cells}) AS one)::text"  # nosec B608 # names of ours, values as parameters


def _object_sqlite(names: Iterable[str], arrays: Container[str]) -> str:
    cells = (f"json(rows.{cell(name)})" if name in arrays else f"rows.{cell(name)}" for name in names)
    pairs = (f"'{name}', {cell}" for name, cell in zip(names, cells, strict=True))
    return f"json_object({', '.join(pairs)})"


_OBJECT: dict[str, Callable[[Iterable[str], Container[str]], str]] = {
    "postgresql": _object_postgresql,
    "sqlite": _object_sqlite,
}

_PLACES: dict[str, tuple[Callable[[list[int]], Any], str]] = {
    "postgresql": (list, "unnest(%s::bigint[]) WITH ORDINALITY AS places(value, place)"),
    "sqlite": (json.dumps, "(SELECT value, key AS place FROM json_each(%s)) AS places"),
}
"""How an engine takes a list of keys, and the table that it makes of them."""

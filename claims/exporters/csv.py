"""A table in UTF-8, its cells parted by commas, as RFC 4180 says."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from claims.exporters.rows import Export, Writing, blocks_of, cell

BOM = "\ufeff"
END = "\r\n"


def write(export: Export) -> Iterator[bytes]:
    yield f"{BOM if export.bom else ''}{_table([[column.name for column in export.columns]])}".encode()
    cells = {
        column.name: column.safe if export.safe and column.safe is not None else column.cell
        for column in export.columns
    }
    chosen = ", ".join(f"rows.{cell(name)}" for name in cells)
    for block in blocks_of(export, Writing(cells, chosen, "FORMAT csv", _lines)):
        yield END.encode().join([*block, b""])


def broken_off(message: str) -> bytes:
    return _table([[message]]).encode()


def _lines(rows: list[tuple[Any, ...]]) -> list[bytes]:
    """All in one: where each of them ends only the reader of a table can tell."""
    return [_table(rows).removesuffix(END).encode()]


def _table(rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator=END).writerows(rows)
    return text.getvalue()

"""The formats in which the claim list can be taken away, one file each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from claims.exporters import csv, json, jsonl
from claims.exporters.rows import Export

__all__ = ["FORMATS", "Export", "Format"]


@dataclass(frozen=True)
class Format:
    """One format. ``write`` gives the file in pieces; ``broken_off`` is what stands at its end where it could not
    be written to the end."""

    label: str
    content_type: str
    write: Callable[[Export], Iterator[bytes]]
    broken_off: Callable[[str], bytes]


FORMATS = {
    "csv": Format("CSV", "text/csv; charset=utf-8", csv.write, csv.broken_off),
    "jsonl": Format("JSON Lines", "application/jsonl; charset=utf-8", jsonl.write, jsonl.broken_off),
    "json": Format("JSON", "application/json", json.write, json.broken_off),
}

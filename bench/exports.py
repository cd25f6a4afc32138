"""Measures taking a filtered list out as CSV and as JSON Lines, beside the same columns taken out by hand."""

import csv
import io
import sqlite3
import time
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench import clock, words
from bench.clock import Call, measure, sum_of
from bench.engines import Database
from bench.hand import Hand
from bench.site import Site

LISTS: dict[str, dict[str, str]] = {
    "export_csv_all": {"format": "csv"},
    "export_jsonl_all": {"format": "jsonl"},
    "export_csv_tenth": {"format": "csv", "q": words.FREQUENT},
    "export_jsonl_tenth": {"format": "jsonl", "q": words.FREQUENT},
}
"""What is taken out, and as what."""

MATCHES = {
    "postgresql": "vector @@ '''{word}'''::tsquery",
    "sqlite": "e.key IN (SELECT rowid FROM claims_claimentry_fts WHERE claims_claimentry_fts MATCH '{word}')",
}
COLUMNS = (
    "c.text, e.line, c.first_said_on, c.first_said_precision, c.first_said_is_by, c.statement_count,"
    " c.independent_sources, c.verdict, c.status, c.id, 'http://127.0.0.1/claims/' || c.id || '/'"
)
"""What an export has where nobody chose its columns."""


def by_hand(engine: str, word: str) -> str:
    """The columns of an export, in the order of the list."""
    where = f"e.key > 0 AND {MATCHES[engine].format(word=word)}" if word else "e.key > 0"
    tables = "claims_claimentry e JOIN claims_claim c ON c.id = e.claim_id"
    return f"SELECT {COLUMNS} FROM {tables} WHERE {where} ORDER BY e.key DESC"  # nosec B608 # pieces of ours


def export(database: Database, site: Site, hand: Hand, params: dict[str, str]) -> dict[str, Any]:
    """Ours and by hand, the first byte in seconds, and how much more memory the server held, in bytes."""
    path, sql = f"/claims/export/?{urlencode(params)}", by_hand(database.engine, params.get("q", ""))
    site.check(path, keep=False)
    clock.forget_peak(site.worker)
    held = clock.memory(site.worker)
    begun = time.perf_counter()
    answer = site.get(path, keep=False)
    told = {"path": path, "first_byte": answer.first_byte, "seconds": time.perf_counter() - begun}
    told |= {"bytes": answer.size, "memory": clock.peak_memory(site.worker) - held}
    take_out = copy_to if database.engine == "postgresql" else write_csv
    calls = {
        "ours": Call(lambda: site.check(path, keep=False), sum_of([site.cpu, database.cpu])),
        "sql": Call(lambda: take_out(hand.connection, sql), hand.cpu),
    }
    return {who: asdict(spent) for who, spent in zip(calls, measure(calls.values()), strict=True)} | told


def copy_to(connection: psycopg.Connection, sql: str) -> int:
    """PostgreSQL's own CSV; returns its bytes."""
    size = 0
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER)") as copy:
        for piece in copy:
            size += len(piece)
    return size


def write_csv(connection: sqlite3.Connection, sql: str) -> int:
    """What sqlite3 and csv make of it; returns its bytes."""
    cursor = connection.execute(sql)
    size = 0
    while rows := cursor.fetchmany(1_000):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        size += len(text.getvalue().encode())
    return size

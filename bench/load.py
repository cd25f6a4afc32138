"""Measures filling a database: by our command, by hand, and by ``loaddata``."""

import os
import pickle
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

from bench.engines import FOLDER, ROOT, Database, Server

SAMPLE = 2_000
"""How many claims the fixture holds that ``loaddata`` is measured with."""
FIXTURES = ("roles", "rating_scales", "tags", "nato_digest")
TABLES = ("articles_", "claims_")
BATCH = 5_000
Figure = dict[str, Any]


@dataclass(frozen=True)
class Ran:
    """Seconds of CPU of one process and of the database for it, seconds on the wall, and its peak of memory."""

    cpu: float
    wall: float
    memory: int


def ran(database: Database, *command: str) -> Ran:
    """Run a command of Python's on ``database``. Raises ``CalledProcessError`` where it fails."""
    served, begun = database.cpu(), time.perf_counter()
    arguments = [sys.executable, *command]
    process = subprocess.Popen(arguments, cwd=ROOT, env=database.environment(), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments)
    cpu = used.ru_utime + used.ru_stime + database.cpu() - served
    return Ran(cpu, time.perf_counter() - begun, used.ru_maxrss * 1024)


def ours(database: Database, data: Path) -> Figure:
    """Fill ``database``, made anew, with our command. CPU is that of loading, without what a process of ours
    takes that does nothing; the memory of such a one stands beside."""
    database.create()
    empty = ran(database, "manage.py", "migrate", "--check")
    loaded = ran(database, "manage.py", "load_jsonl", str(data))
    database.settle()
    loading = replace(loaded, cpu=loaded.cpu - empty.cpu)
    return {"ours": asdict(loading), "empty": asdict(empty), "disk": database.size()}


def by_hand(database: Database, other: Database) -> Figure:
    """Write the rows of ``database`` into the same tables of ``other``, by COPY or executemany: every row that
    is there, derived ones too, with the same indexes. Only the writing is measured."""
    other.create()
    dumps = FOLDER / f"{database.name}-dump"
    dumps.mkdir(exist_ok=True)
    fill = _fill_postgresql if database.engine == "postgresql" else _fill_sqlite
    dump = _dump_postgresql if database.engine == "postgresql" else _dump_sqlite
    files = dump(database, dumps)
    spent = _timed(other, lambda: fill(other, files))
    for file in files.values():
        file.unlink()
    dumps.rmdir()
    other.drop()
    return asdict(spent)


def _timed(database: Database, work: Callable[[], None]) -> Ran:
    served, cpu, wall = database.cpu(), time.process_time(), time.perf_counter()
    work()
    used = time.process_time() - cpu + database.cpu() - served
    return Ran(used, time.perf_counter() - wall, 0)


def _dump_sqlite(database: Database, folder: Path) -> dict[str, Path]:
    """By table the file with its rows, pickled by the batch."""
    files = {}
    with closing(sqlite3.connect(database.path)) as connection:
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_fts%' ESCAPE '\\'"
        for (table,) in connection.execute(listed).fetchall():
            if table.startswith(TABLES):
                files[table] = folder / table
                rows = connection.execute(f'SELECT * FROM "{table}"')  # nosec B608 # a copy of our own tables
                with files[table].open("wb") as file:
                    while batch := rows.fetchmany(BATCH):
                        pickle.dump(batch, file, pickle.HIGHEST_PROTOCOL)
    return files


def _batches(file: Path) -> Iterator[list[tuple[Any, ...]]]:
    with file.open("rb") as pickled:
        while True:
            try:
                yield pickle.load(pickled)  # nosec B301 # written by ourselves, just now
            except EOFError:
                return


def _fill_sqlite(database: Database, files: dict[str, Path]) -> None:
    with closing(sqlite3.connect(database.path)) as connection, connection:
        of_ours = [f"'{table}'" for table in files]
        listed = f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ({', '.join(of_ours)})"  # nosec B608 # a copy of our own tables
        indexes = [(name, sql) for name, sql in connection.execute(listed).fetchall() if sql]
        for name, _ in indexes:
            connection.execute(f'DROP INDEX "{name}"')
        for table, file in files.items():
            connection.execute(f'DELETE FROM "{table}"')  # nosec B608 # a copy of our own tables
            for batch in _batches(file):
                marks = ", ".join("?" * len(batch[0]))
                connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', batch)  # nosec B608 # a copy of our own tables
        for _, sql in indexes:
            connection.execute(sql)


def _columns(connection: psycopg.Connection, table: str) -> str:
    """The names of a table's columns, but for those that the database makes itself."""
    asked = (
        "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER'"
    )
    return str(connection.execute(asked, [table]).fetchall()[0][0])


def _dump_postgresql(database: Database, folder: Path) -> dict[str, Path]:
    """By table the file with its rows, as COPY writes them."""
    files = {}
    with psycopg.connect(database.url) as connection:
        for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            if table.startswith(TABLES):
                files[table] = folder / table
                copied = f'COPY "{table}" ({_columns(connection, table)}) TO STDOUT'
                with files[table].open("wb") as file, connection.cursor().copy(copied) as copy:
                    for piece in copy:
                        file.write(piece)
    return files


def _fill_postgresql(database: Database, files: dict[str, Path]) -> None:
    tables = ", ".join(files)
    with psycopg.connect(database.url) as connection:
        connection.execute(f"TRUNCATE {tables}")
        listed = (
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
        indexes = connection.execute(listed, [list(files)]).fetchall()
        for name, _ in indexes:
            connection.execute(f'DROP INDEX "{name}"')
        for table, file in files.items():
            copied = f'COPY "{table}" ({_columns(connection, table)}) FROM STDIN'
            with file.open("rb") as rows, connection.cursor().copy(copied) as copy:
                while piece := rows.read(1 << 16):
                    copy.write(piece)
        # Whatever still waits to be checked would keep the indexes from being made.
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for _, sql in indexes:
            connection.execute(sql)


def loaddata(server: Server, small: Database, fixture: Path) -> dict[str, Figure]:
    """Our ``loaddata`` and Django's own of the rows of ``small``, in milliseconds of CPU a claim, without what
    a process that does nothing takes."""
    ran(small, "-m", "bench.sample", "dump", str(fixture))
    return _loaddata(server, [str(fixture)], 1_000 / SAMPLE)


def fixtures(server: Server) -> dict[str, Figure]:
    """The same of the fixtures that we ship, in milliseconds of CPU for all of them; the quickest of three."""
    tries = [_loaddata(server, FIXTURES, 1_000) for _ in range(3)]
    return {who: min((tried[who] for tried in tries), key=lambda spent: spent["cpu"]) for who in ("ours", "plain")}


def _loaddata(server: Server, names: Sequence[str], unit: float) -> dict[str, Figure]:
    figures = {}
    for who, command in (("ours", ["manage.py", "loaddata"]), ("plain", ["-m", "bench.sample", "load"])):
        database = server.database("bench_loaddata")
        database.create()
        empty = ran(database, "manage.py", "migrate", "--check")
        spent = ran(database, *command, *names)
        figures[who] = {"cpu": (spent.cpu - empty.cpu) * unit, "wall": spent.wall * unit}
        database.drop()
    return figures

"""Hand-written SQL, asked straight of the engine's own driver."""

import re
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

import psycopg

from bench.clock import Cpu, sum_of
from bench.engines import Database
from bench.queries import Sql

Rows = Sequence[tuple[Any, ...]]


class Hand:
    """A connection of our own to a database. ``cpu`` is that of this process and of the database's server."""

    def __init__(self, database: Database) -> None:
        self.connection: Any = (
            sqlite3.connect(database.path)
            if database.engine == "sqlite"
            # As Django connects: a plan that is kept for any words is one for no words.
            else psycopg.connect(database.url, autocommit=True, prepare_threshold=None, options="-c work_mem=32MB")
        )
        self.cpu: Cpu = sum_of([database.cpu, time.process_time])

    def rows(self, sql: Sql) -> Rows:
        rows: Rows = self.connection.execute(*sql).fetchall()
        return rows

    def page(self, page: Sql, total: Sql) -> Rows:
        """The rows of a page, with the total that stands above them fetched too."""
        self.rows(total)
        return self.rows(page)

    def counted(self, asked: Sequence[tuple[str, Sql]]) -> Counter[str]:
        """How often each term stands in what is ``asked``, as ``facet_sql`` gives it."""
        counts: Counter[str] = Counter()
        for begin, sql in asked:
            rows = self.rows(sql)
            if rows and len(rows[0]) > 1:
                counts.update({str(row[0]): int(row[1]) for row in rows})
            else:
                held = re.compile(rf"\b{begin}\w+")
                counts.update(chain.from_iterable(held.findall(terms) for (terms,) in rows))
        return counts

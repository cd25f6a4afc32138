"""SQLite, with a fairer turn for whoever waits to write."""

import random
import sqlite3
import time

from django.db import OperationalError
from django.db.backends.sqlite3 import base

PAUSE_SECONDS = (0.002, 0.01)
"""Between one question and the next, drawn anew each time."""


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite asks ever more seldom whether it is its turn, down to ten times a second: where many write, whoever
    waits longest is overtaken by all who come after, until its time is over. Here all ask equally often."""

    def _start_transaction_under_autocommit(self) -> None:
        patience = float(self.settings_dict["OPTIONS"]["timeout"])
        until = time.monotonic() + patience
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while not self._begun(last=time.monotonic() > until):
                time.sleep(random.uniform(*PAUSE_SECONDS))  # nosec B311 # no secret
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {patience * 1000:.0f}")

    def _begun(self, *, last: bool) -> bool:
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except OperationalError as error:
            if last or getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True

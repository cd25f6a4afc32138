"""Whoever waits to write on SQLite gets a turn."""

import sqlite3
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, transaction
from django.db.utils import ConnectionHandler

from config import databases
from config.sqlite.base import PAUSE_SECONDS

pytestmark = pytest.mark.django_db

ASKED = 60
"""SQLite by itself asks no more than twenty times a second, and soon but ten times."""


@pytest.fixture
def other(tmp_path: Path) -> Any:
    """Somebody else, who is writing."""
    writing = sqlite3.connect(tmp_path / "x.sqlite3", isolation_level=None)
    writing.execute("CREATE TABLE word (word TEXT)")
    writing.execute("BEGIN IMMEDIATE")
    yield writing
    writing.close()


@pytest.fixture
def ours(tmp_path: Path) -> Any:
    options = databases.sqlite_options()
    handler = ConnectionHandler({"default": {"ENGINE": databases.SQLITE, "NAME": tmp_path / "x.sqlite3"} | options})
    yield handler["default"]
    handler["default"].close()


def begin(ours: Any) -> None:
    with mock.patch("django.db.transaction.get_connection", return_value=ours), transaction.atomic():
        ours.cursor().execute("INSERT INTO word VALUES ('late')")


def test_it_asks_as_often_the_longer_it_waits(ours: Any, other: sqlite3.Connection) -> None:
    pauses = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == ASKED:
            other.execute("COMMIT")

    with mock.patch("config.sqlite.base.time.sleep", new=sleep):
        begin(ours)
    assert len(pauses) == ASKED
    assert PAUSE_SECONDS[0] <= min(pauses) <= max(pauses) <= PAUSE_SECONDS[1]
    assert list(other.execute("SELECT word FROM word")) == [("late",)]


def test_what_needs_no_transaction_waits_as_before(ours: Any, other: sqlite3.Connection) -> None:
    other.execute("COMMIT")
    begin(ours)
    assert ours.cursor().execute("PRAGMA busy_timeout").fetchone() == (20_000,)


def test_it_gives_up_in_time(ours: Any, other: sqlite3.Connection) -> None:
    ours.settings_dict["OPTIONS"]["timeout"] = 0.05
    with pytest.raises(OperationalError, match="locked"):
        begin(ours)
    assert ours.cursor().execute("PRAGMA busy_timeout").fetchone() == (50,)


def test_another_fault_is_not_waited_for(ours: Any) -> None:
    ours.ensure_connection()
    with (
        mock.patch("config.sqlite.base.time.sleep") as sleep,
        mock.patch(
            "django.db.backends.sqlite3.base.DatabaseWrapper._start_transaction_under_autocommit",
            side_effect=OperationalError("disk I/O error"),
        ),
        pytest.raises(OperationalError, match="disk"),
    ):
        begin(ours)
    assert not sleep.called

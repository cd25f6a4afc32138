"""From DATABASE_URL to Django's DATABASES entry, for the two engines we run on."""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from config import env

Version = tuple[int, int, int]

SQLITE = "config.sqlite"
"""Django's own, with a fairer turn for whoever waits to write."""

POSTGRESQL = "django.db.backends.postgresql"

# Two connections that checkpoint at the wrong moment can corrupt a WAL database ("WAL-reset bug",
# https://sqlite.org/wal.html). Fixed in 3.51.3 and on two older branches.
WAL_BUG_FIRST: Version = (3, 7, 0)
WAL_BUG_FIXED: Version = (3, 51, 3)
WAL_BUG_FIXED_ON_BRANCH: dict[tuple[int, int], int] = {(3, 44): 6, (3, 50): 7}


WORK_MEM = "32MB"
"""Where a hundred thousand claims have a word, what the inverted index says of them does not fit into PostgreSQL's
usual 4 MB: it then reads whole pages of rows and looks for the word in each. What the address asks for goes before."""

MAX_LOCK_SECONDS = 4
"""A page whose rows somebody else holds is answered within five seconds, and its thread is free for others."""

SILENCE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2, "tcp_user_timeout": 8000}
"""A network that swallows everything is noticed within ten seconds."""


def journal_mode(version: Version) -> str:
    """WAL where the SQLite library keeps it safe, a rollback journal (DELETE) where it does not."""
    major, minor, patch = version
    if version < WAL_BUG_FIRST:
        return "DELETE"
    if version >= WAL_BUG_FIXED:
        return "WAL"
    fixed_at = WAL_BUG_FIXED_ON_BRANCH.get((major, minor))
    return "WAL" if fixed_at is not None and patch >= fixed_at else "DELETE"


def database(url: str, default: Path, statement_timeout: int) -> dict[str, Any]:
    """DATABASES["default"] for `url`, or SQLite at `default` where it is empty.

    `statement_timeout` is in seconds, 0 for none; PostgreSQL only. The error never repeats the address,
    which holds a password.
    """
    if not url:
        return {"ENGINE": SQLITE, "NAME": env.writable(default.parent) / default.name} | sqlite_options()
    try:
        parsed: dict[str, Any] = {**dj_database_url.parse(url)}
    except ValueError as error:
        raise ImproperlyConfigured("DATABASE_URL cannot be read: write postgres://user:password@host/name.") from error
    if parsed["ENGINE"] == "django.db.backends.sqlite3":
        return parsed | {"ENGINE": SQLITE} | sqlite_options()
    if parsed["ENGINE"] == POSTGRESQL:
        return parsed | postgresql_options(parsed.get("OPTIONS", {}), statement_timeout)
    raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///.")


def keep_to_existing(database: dict[str, Any]) -> None:
    """Make a file that vanishes an outage: SQLite would make an empty one in its place, and the site stand there as
    if nothing had ever been written."""
    file = file_of(database)
    if file:
        database["NAME"] = f"{file.absolute().as_uri()}?mode=rw"


def file_of(database: dict[str, Any]) -> Path | None:
    """Where it is kept, if it is a file; also of one that is kept to what exists."""
    if database["ENGINE"] != SQLITE or database["NAME"] == ":memory:":
        return None
    name = str(database["NAME"])
    return Path(unquote(urlsplit(name).path)) if name.startswith("file:") else Path(name)


def sqlite_options() -> dict[str, Any]:
    """Under load, what reads and then writes fails as "locked" unless it begins IMMEDIATE and waits."""
    mode = journal_mode(sqlite3.sqlite_version_info)
    return {
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode={mode}",
        }
    }


def postgresql_options(given: dict[str, Any], statement_timeout: int) -> dict[str, Any]:
    """One lasting connection a thread, tried before each request, so that a restarted server is found again.

    Where a query is given a time, so is waiting for somebody else's lock, and a server that has gone silent is given
    up. What the address itself asks for (`?sslmode=require`) stays.
    """
    lock_timeout = min(statement_timeout, MAX_LOCK_SECONDS)
    ours = f"-c statement_timeout={statement_timeout}s -c lock_timeout={lock_timeout}s -c work_mem={WORK_MEM}"
    session = f"{ours} {given.get('options', '')}".strip()
    return {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5} | SILENCE | given | {"options": session},
    }

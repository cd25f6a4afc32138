import sqlite3

import pytest
from django.db import connection

from config.databases import database, journal_mode


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 6, 23), "DELETE"),
        ((3, 7, 0), "DELETE"),
        ((3, 40, 1), "DELETE"),
        ((3, 44, 5), "DELETE"),
        ((3, 44, 6), "WAL"),
        ((3, 45, 0), "DELETE"),
        ((3, 50, 6), "DELETE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 0), "DELETE"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 52, 0), "WAL"),
        ((4, 0, 0), "WAL"),
    ],
)
def test_the_journal_is_wal_only_where_the_library_keeps_it_safe(version, mode):
    assert journal_mode(version) == mode


def test_postgresql_keeps_what_the_address_asks_for(tmp_path):
    url = "postgres://desk:secret@db.example:5433/hearsay?sslmode=require&connect_timeout=9"
    made = database(url, default=tmp_path / "x", statement_timeout=30)
    assert (made["HOST"], made["PORT"], made["NAME"], made["USER"]) == ("db.example", 5433, "hearsay", "desk")
    assert made["OPTIONS"]["sslmode"] == "require"
    assert made["OPTIONS"]["connect_timeout"] == 9
    assert made["OPTIONS"]["options"] == "-c statement_timeout=30s -c work_mem=32MB"
    assert made["CONN_HEALTH_CHECKS"] is True


def test_sqlite_may_be_named_and_gets_the_same_options(tmp_path):
    made = database(f"sqlite:///{tmp_path}/desk.sqlite3", default=tmp_path / "x", statement_timeout=30)
    assert made["NAME"] == f"{tmp_path}/desk.sqlite3"
    assert made["OPTIONS"] == database("", default=tmp_path / "x", statement_timeout=0)["OPTIONS"]


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite")
def test_sqlite_is_opened_as_promised():
    def pragma(name):
        with connection.cursor() as cursor:
            return cursor.execute(f"PRAGMA {name}").fetchone()[0]

    assert pragma("foreign_keys") == 1
    assert pragma("busy_timeout") == 20_000
    assert pragma("journal_mode") == journal_mode(sqlite3.sqlite_version_info).lower()
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks PostgreSQL")
def test_postgresql_is_told_its_statement_timeout():
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)

import sqlite3

import pytest
from django.db import OperationalError, connection
from django.db.utils import ConnectionHandler
from django.test import Client

from config.databases import database, journal_mode, keep_to_existing
from config.outage import AWAY, outage
from tests import cast


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
    assert made["OPTIONS"]["options"] == "-c statement_timeout=30s -c lock_timeout=4s -c work_mem=32MB"
    assert made["CONN_HEALTH_CHECKS"] is True


def test_a_command_waits_for_a_lock_as_long_as_it_takes(tmp_path):
    made = database("postgres://db.example/hearsay", default=tmp_path / "x", statement_timeout=0)
    assert "lock_timeout=0s" in made["OPTIONS"]["options"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["plain.sqlite3", "with space, 100%?#.sqlite3"])
def test_a_file_that_vanishes_is_an_outage_and_is_not_made_anew(tmp_path, name):
    path = tmp_path / name
    sqlite3.connect(path).close()
    served = database("", path, 0)
    keep_to_existing(served)
    connected = ConnectionHandler({"default": served})["default"]
    with connected.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (id integer)")
    connected.close()
    path.unlink()
    with pytest.raises(OperationalError) as vanished:
        connected.cursor()
    assert outage(vanished.value) == AWAY
    assert not path.exists()


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


@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_a_page_whose_table_somebody_holds_is_answered_while_he_holds_it():
    """Set as for the server, but with a shorter wait."""
    cast.claim()
    holder = connection.copy("holder")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    with holder.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE claims_claim, claims_claimentry IN ACCESS EXCLUSIVE MODE")
        try:
            visitor = Client(raise_request_exception=False)
            response = visitor.get("/claims/")
            assert response.status_code == 503
            assert b"did not let go of it in time" in response.content
            assert visitor.get("/healthz").status_code == 200
        finally:
            cursor.execute("ROLLBACK")
            holder.close()
    assert visitor.get("/claims/").status_code == 200

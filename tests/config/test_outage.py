"""Which errors of the database pass by themselves."""

import sqlite3

import psycopg
import pytest
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection, transaction

from config.outage import AWAY, BUSY, FULL, outage


def caused(error, cause):
    error.__cause__ = cause
    return error


def by_sqlite(code):
    cause = sqlite3.OperationalError("x")
    cause.sqlite_errorcode = code
    return caused(OperationalError("x"), cause)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OperationalError("the connection is lost"), AWAY),
        (InterfaceError("connection already closed"), AWAY),
        (caused(OperationalError("x"), psycopg.OperationalError("connection refused")), AWAY),
        (caused(OperationalError("x"), psycopg.errors.AdminShutdown("x")), AWAY),
        (caused(OperationalError("x"), psycopg.errors.LockNotAvailable("x")), BUSY),
        (caused(OperationalError("x"), psycopg.errors.QueryCanceled("x")), BUSY),
        (caused(OperationalError("x"), psycopg.errors.DiskFull("x")), FULL),
        (by_sqlite(sqlite3.SQLITE_BUSY), BUSY),
        (by_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), BUSY),
        (by_sqlite(sqlite3.SQLITE_FULL), FULL),
        (by_sqlite(sqlite3.SQLITE_READONLY), FULL),
        (by_sqlite(sqlite3.SQLITE_CANTOPEN), AWAY),
        (by_sqlite(sqlite3.SQLITE_ERROR), ""),
        (IntegrityError("x"), ""),
        (DataError("x"), ""),
        (ValueError("x"), ""),
        (None, ""),
    ],
)
def test_it_tells_what_passes_from_what_is_our_fault(error, said):
    assert outage(error) == said


@pytest.mark.django_db
def test_a_table_that_is_missing_is_our_fault_on_either_engine():
    with pytest.raises(Exception, match="no_such_table") as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM no_such_table")
    assert outage(caught.value) == ""

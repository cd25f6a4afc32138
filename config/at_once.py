"""How many long answers one person is given at once: whoever asks for more waits for the first to end.

Counted over all processes: on PostgreSQL each holds a lock in the name of who asked, which ends with its connection
however the process ends. SQLite is served by one process.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

from django.db import DatabaseError, connection
from django.http import HttpRequest

from config import client

_HELD = "SELECT pg_advisory_lock(%s, %s)"
_RELEASED = "SELECT pg_advisory_unlock(%s, %s)"
_COUNTED = """
    SELECT count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = %s
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

_here: Counter[int] = Counter()
_counting = Lock()


def asker(request: HttpRequest) -> int:
    """A number for the account, or the address of whoever has none."""
    user = request.user
    name = f"account {user.pk}" if user.is_authenticated else f"address {client.address(request)}"
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) >> 1


def running(who: int) -> int:
    """How many answers to ``who`` are on their way."""
    if connection.vendor != "postgresql":
        return _here[who]
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [who])
        return int(cursor.fetchone()[0])


@contextmanager
def counted(who: int) -> Iterator[None]:
    """Within, one more is on its way."""
    count = _counted_by_locks if connection.vendor == "postgresql" else _counted_here
    with count(who):
        yield


@contextmanager
def _counted_by_locks(who: int) -> Iterator[None]:
    lock = [who, secrets.randbits(31)]
    with connection.cursor() as cursor:
        cursor.execute(_HELD, lock)
    try:
        yield
    finally:
        # A connection that is lost has let go of it.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute(_RELEASED, lock)


@contextmanager
def _counted_here(who: int) -> Iterator[None]:
    with _counting:
        _here[who] += 1
    try:
        yield
    finally:
        with _counting:
            _here[who] -= 1
            if not _here[who]:
                del _here[who]

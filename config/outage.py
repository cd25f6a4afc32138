"""Is it the database that cannot serve just now, or a fault of ours?"""

from django.db import DatabaseError, InterfaceError, OperationalError

AWAY = "It cannot be reached."
BUSY = "Somebody else's work holds what you asked for, and did not let go of it in time."
FULL = "It has no room left to write, or may not write."

# https://sqlite.org/rescode.html: the last eight bits say of what kind an error is.
SQLITE: dict[int, str] = {5: BUSY, 6: BUSY, 8: FULL, 10: AWAY, 13: FULL, 14: AWAY, 15: BUSY}

# https://www.postgresql.org/docs/current/errcodes-appendix.html: whole codes, then classes.
POSTGRESQL: dict[str, str] = {
    "55P03": BUSY,  # lock_timeout
    "57014": BUSY,  # statement_timeout
    "40P01": BUSY,  # deadlock
    "40001": BUSY,  # serialization
    "25006": FULL,  # read-only
    "53100": FULL,  # disk full
}


def outage(error: BaseException | None) -> str:
    """A sentence for the visitor where `error` will pass without anybody mending our code, else ""."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return ""
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return SQLITE.get(code & 0xFF, "")
    state = getattr(cause, "sqlstate", None)
    if state in POSTGRESQL:
        return POSTGRESQL[state]
    return AWAY if isinstance(error, OperationalError | InterfaceError) else ""

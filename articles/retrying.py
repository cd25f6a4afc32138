"""Saves that meet another: tried again, so that whoever sends the form sees what the other one stored."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError

from articles.models import StaleSave

TRIES = 6

DEADLOCK, NOT_IN_ORDER = "40P01", "40001"
"""PostgreSQL's codes: two transactions that wait for each other, and one that would have had to come first."""

Result = TypeVar("Result")


def tried_again(save: Callable[[], Result], before_again: Callable[[], None] = lambda: None) -> Result:
    """What ``save`` returns, which opens its own transaction. It is called again where somebody else's save came
    between its reading and its writing: it then reads what they stored.

    The last time, what goes wrong is raised: ``StaleSave``, ``IntegrityError`` or ``OperationalError``.
    """
    for _ in range(TRIES - 1):
        try:
            return save()
        except (StaleSave, IntegrityError):
            before_again()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in (DEADLOCK, NOT_IN_ORDER):
                raise
            before_again()
    return save()

"""What a process does that imports a file and may be killed on the way. Started by a fork server, so that each begins
where Django stands ready."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace
from typing import Any
from unittest import mock

import django
from django.apps import apps

if not apps.ready:  # in the fork server, where nobody else sets Django up
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

from django.core.management import call_command
from django.db import connection, connections
from django.db.models import QuerySet

NEVER = 0


class Kill:
    """Ends the process, as a power cut would, before the statement of that number. ``NEVER`` counts only."""

    def __init__(self, at: int) -> None:
        self.at, self.count = at, 0

    def __call__(self, execute: Any, *query: Any) -> Any:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*query)


def run(database: str, command: list[str], kill_at: int, planted: bool, count: Any) -> None:
    """Run ``command`` on ``database``. ``count`` is told how many statements it took."""
    connections.settings["default"]["NAME"] = database
    kill = Kill(kill_at)
    with unguarded() if planted else nullcontext(), connection.execute_wrapper(kill):
        call_command(*command, verbosity=0)
    count.value = kill.count
    connection.close()


@contextmanager
def unguarded() -> Iterator[None]:
    """The planted fault: an importer that commits row by row."""
    with (
        mock.patch("articles.importers.store.transaction", new=SimpleNamespace(atomic=nullcontext)),
        mock.patch.object(QuerySet, "select_for_update", lambda rows: rows),  # PostgreSQL wants a transaction for it
    ):
        yield

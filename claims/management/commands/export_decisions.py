"""Writes what editors decided on suggested statements: ``manage.py export_decisions --output decisions.jsonl``."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from claims.suggesting.training import decisions
from config import audit


class Command(BaseCommand):
    help = "Write each decision on a suggested statement as a line of JSON: see “Decisions” in docs/formats.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", default="-", metavar="FILE", help="instead of standard output")
        parser.add_argument("--names", action="store_true", help="with the user names of those who decided")

    def handle(self, *_args: Any, output: str, names: bool, **_options: Any) -> None:
        written = 0
        try:
            with self.opened(output) as file:
                for decision in decisions(names=names):
                    file.write(json.dumps(decision, ensure_ascii=False) + "\n")
                    written += 1
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        audit.record("export-decisions", by="command", decisions=written, names=names)
        self.stderr.write(f"decisions: {written}")

    @contextmanager
    def opened(self, output: str) -> Iterator[IO[str]]:
        if output == "-":
            yield self.stdout  # type: ignore[misc]
            return
        with Path(output).open("w", encoding="utf-8") as file:
            yield file

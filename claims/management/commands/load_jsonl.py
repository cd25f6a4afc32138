"""Loads whole collections: ``manage.py load_jsonl FOLDER_OR_FILE``."""

import gc
import sys
import zlib
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from claims.importers.files import size
from claims.importers.load import ROWS, NothingLoaded, Options, Report, Unreadable, load
from config import audit


class Command(BaseCommand):
    help = "Load articles, claims, statements with their chains, tags and links from JSON Lines: see docs/formats.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", metavar="FOLDER_OR_FILE", help="“-” reads standard input")
        parser.add_argument("--keep-going", action="store_true", help="load the good rows, keep the bad as problems")
        parser.add_argument(
            "--batch", type=rows, default=0, metavar="ROWS", help=f"commit every so many rows, 1 to {ROWS:,}"
        )
        parser.add_argument("--check", action="store_true", help="check everything, write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["check"] and options["batch"]:
            raise CommandError("--check writes nothing, so there is nothing to commit in batches.")
        path: Path | IO[bytes] = sys.stdin.buffer if options["path"] == "-" else Path(options["path"])
        chosen = Options(options["keep_going"], options["batch"], options["check"])
        report = self.load(path, chosen, hidden=None if options["verbosity"] else True)
        if not chosen.check:
            run, total = report.run, report.run.total
            audit.record("import", by="command", run=run.pk, file=options["path"], rows=total, rejected=run.rejected)
        for line in [*report.lines(), *self.told(report)]:
            self.stdout.write(line)
        if report.rejected and report.rejected == report.run.total:
            raise CommandError("Nothing could be taken; the problems are kept with the import run.")
        if options["check"]:
            self.stdout.write("Nothing was written: this was a check.")

    def load(self, path: Path | IO[bytes], options: Options, *, hidden: bool | None) -> Report:
        try:
            # None: the bar shows where somebody watches, on a terminal.
            with tqdm(total=size(path), unit="B", unit_scale=True, disable=hidden) as bar:

                def progress(kind: str, read: int) -> None:
                    bar.desc = kind
                    bar.update(read)

                with seldom_collected():
                    return load(path, options, progress=progress)
        except Unreadable as error:
            raise CommandError(str(error)) from error
        except (OSError, EOFError, zlib.error) as error:
            raise CommandError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
        except NothingLoaded as error:
            kept = "What was committed before stays; mend these and run it again." if options.batch else ""
            raise CommandError("\n".join(["Nothing was loaded.", *self.told(error.report), kept]).strip()) from error

    @staticmethod
    def told(report: Report) -> list[str]:
        """The problems: the first of them, and how many there are."""
        more = report.rejected - len(report.problems)
        return report.problems + ([f"… and {more:,} more"] if more > 0 else [])


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Hardly any objects of a load hold each other in rings, and looking for those takes a tenth of its time."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def rows(given: str) -> int:
    if not given.isdecimal() or not 0 < int(given) <= ROWS:
        raise ArgumentTypeError(f"give a number of rows from 1 to {ROWS:,}")
    return int(given)

"""Imports a file of articles: ``manage.py import_articles FILE --format digest --publisher NAME``."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles.dates import VagueDate, read_date
from articles.importers import FORMATS
from articles.importers.store import Delivery, import_file, report
from articles.models import Article
from articles.retrying import tried_again
from config import audit


class Command(BaseCommand):
    help = "Import the articles of a file. Run again, it leaves what has not changed alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--format", required=True, choices=list(FORMATS), help="how the file is written")
        parser.add_argument("--publisher", required=True, metavar="NAME", help="who published it; made if new")
        parser.add_argument("--published", default="", metavar="DATE", help="2025-12-02, 2025-12 or 2025")
        parser.add_argument("--language", default="en", metavar="TAG", help="such as en or pt-BR (default: en)")
        parser.add_argument(
            "--kind", default="", choices=Article.Kind.values, help="of article (default: what the format is for)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        file: Path = options["file"]
        delivery = Delivery(
            format=options["format"],
            file_name=file.name,
            publisher=options["publisher"],
            published=published(options["published"]),
            language=options["language"],
            kind=options["kind"],
        )
        # None: the bar shows where somebody watches, on a terminal.
        hidden = None if options["verbosity"] else True
        try:
            data, watch = contents(file), partial(tqdm, unit=" items", disable=hidden)
            run = tried_again(lambda: import_file(data, delivery, watch=watch))
        except ValidationError as error:
            raise CommandError(explain(error)) from error
        audit.record("import", by="command", run=run.pk, file=run.file_name, result=report(run))
        if run.rejected == run.total:
            raise CommandError(f"Nothing could be taken: {report(run)}")
        self.stdout.write(report(run))


def published(given: str) -> VagueDate | None:
    """The date that was given, None where none was."""
    try:
        return read_date(given) if given else None
    except ValueError as error:
        raise CommandError(f"--published: {error}") from error


def contents(file: Path) -> bytes:
    """The bytes of ``file``, which is not read where it is larger than can be imported."""
    try:
        if file.exists() and not file.is_file():
            raise CommandError(f"{file} is not a file.")
        if file.stat().st_size > settings.MAX_UPLOAD_BYTES:
            raise CommandError(f"{file} is larger than {settings.MAX_UPLOAD_BYTES // 1024**2} MB.")
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


def explain(error: ValidationError) -> str:
    """The refusal with the name of each option that is at fault."""
    return " ".join(
        " ".join(messages) if name == "file" else f"--{name}: {' '.join(messages)}"
        for name, messages in error.message_dict.items()
    )

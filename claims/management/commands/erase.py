"""Erases on legal demand: ``manage.py erase source jane-doe --reason "Court order 7/2026" --by anna``."""

import uuid
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model
from django.urls import NoReverseMatch, reverse

from articles.models import ArticleVersion, Change
from claims.erasing import Demand, Refused, erase, write_file_anew
from claims.models import Identity, Source
from claims.scrubbing import Found, Scrub

SHOWN = 200


class Command(BaseCommand):
    help = (
        "Take a text, a source, an identity or an account out of everything, history and search included, on legal"
        " demand. It cannot be undone; who, when and why stay."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=FINDERS, help="what to erase")
        parser.add_argument(
            "which", metavar="WHICH", help="article/number (by id or identifier), slug, uid, or user name"
        )
        parser.add_argument("--reason", required=True, help="why; it stays, so it may not name what is erased")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who does it")
        parser.add_argument("--also", action="append", default=[], metavar="WORDS", help="more words to look for")
        parser.add_argument(
            "--everywhere", action="store_true", help="put a mark in the place of the words in other rows too"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would go, write nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["reason"].strip() or len(options["reason"]) > 500:
            raise CommandError("--reason: say why, in at most 500 characters.")
        row = found(options["what"], options["which"])
        by = User.objects.filter(username=options["by"], is_active=True).first()
        if by is None:
            raise CommandError("--by: there is no active account of that name.")
        demand = Demand(by, options["reason"].strip(), options["everywhere"], tuple(options["also"]))
        try:
            if options["dry_run"] or not options["yes"]:
                self.tell(erase(row, demand, dry_run=True), "would be written or deleted")
            if options["dry_run"]:
                self.stdout.write("Nothing was written: this was a dry run.")
                return
            if not options["yes"] and input("This cannot be undone. Type “erase” to go on: ").strip() != "erase":
                raise CommandError("Nothing was written.")
            scrub = erase(found(options["what"], options["which"]), demand)
        except Refused as error:
            raise CommandError(str(error)) from error
        write_file_anew()
        self.tell(scrub, "were written or deleted")
        self.stdout.write("Backups still hold it: see “Erasing on demand” in docs/operations.md.")

    def tell(self, scrub: Scrub, done: str) -> None:
        for kind, count in scrub.counts.items():
            self.stdout.write(f"{kind}: {count:,} {done}")
        if scrub.left:
            self.stdout.write(f"{len(scrub.left):,} place(s) hold the words: decide on each, or use --everywhere:")
            for left in scrub.left[:SHOWN]:
                self.stdout.write(f"  {place(left)}")
            if len(scrub.left) > SHOWN:
                self.stdout.write(f"  … and {len(scrub.left) - SHOWN:,} more")


def place(left: Found) -> str:
    """A line on one place, with the page of the desk where it can be read."""
    model, pk, said = left.model, left.pk, f"{left.model._meta.verbose_name} {left.pk}, {left.column}"
    if model is Change:
        change = Change.objects.get(pk=pk)
        model, pk, said = change.model, change.row, f"history of {change.model._meta.verbose_name} {change.row}"
    try:
        return f"{said}: {reverse(f'admin:{model._meta.app_label}_{model._meta.model_name}_change', args=[pk])}"
    except NoReverseMatch:
        return said


def found(what: str, which: str) -> Model:
    """The row that is meant."""
    row = FINDERS[what](which)
    if row is None:
        raise CommandError(f"There is no {what} “{which}”.")
    return row


def _version(which: str) -> ArticleVersion | None:
    article, _, number = which.rpartition("/")
    if not number.isdecimal():
        raise CommandError("Give the article and the number of its text: 7/1, or https://news.example.org/a/1.")
    rows = ArticleVersion.objects.filter(number=int(number))
    named = {"article": int(article)} if article.isdecimal() else {"article__identifier": article}
    return rows.filter(**named).first()


def _identity(which: str) -> Identity | None:
    try:
        return Identity.objects.filter(uid=uuid.UUID(which)).first()
    except ValueError:
        return None


FINDERS: dict[str, Callable[[str], Model | None]] = {
    "article-version": _version,
    "source": lambda slug: Source.objects.filter(slug=slug).first(),
    "identity": _identity,
    "person": lambda name: User.objects.filter(username=name).first(),
}

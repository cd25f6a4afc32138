"""Mend, or only report, what is derived and was changed behind the doors."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.models import Statement
from claims.provenance import drift, refresh_all


class Command(BaseCommand):
    help = "Mend what is read off the chains where something changed it behind the doors. --check only reports."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Report what is wrong, write nothing, exit with 1.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            self.stdout.write(f"rows mended: {refresh_all()}")
        wrong = [str(change) for change in drift()] if check else []
        wrong += [misplaced(statement) for statement in Statement.objects.misplaced()]
        for line in wrong:
            self.stdout.write(line)
        if wrong:
            raise CommandError(f"{len(wrong)} stored value(s) are wrong.", returncode=1)
        if check:
            self.stdout.write("Everything derived is right.")


def misplaced(statement: Statement) -> str:
    """A line on a statement whose words do not stand at its span. No program can know which is right."""
    return f"statement {statement.pk}: its words or context are not the text at {statement.start}–{statement.end}"

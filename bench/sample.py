"""Writes all rows but the derived ones as a fixture, and loads one as Django itself would:
`python -m bench.sample dump FILE`, `python -m bench.sample load FIXTURE…`."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.apps import apps
from django.core.management import call_command
from django.core.management.commands import loaddata

from articles.search.entry import Entry
from claims.models import RatingLevel, RatingScale, TermCount

DERIVED = [model._meta.label for model in apps.get_models() if issubclass(model, (Entry, TermCount))]
SHIPPED = [RatingScale._meta.label, RatingLevel._meta.label]
"""What any new database has already."""


def main(do: str, *files: str) -> None:
    if do == "dump":
        call_command("dumpdata", "articles", "claims", exclude=[*DERIVED, *SHIPPED], output=files[0], verbosity=0)
    else:
        call_command(loaddata.Command(), *files, verbosity=0)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Django's ``dumpdata``, without what is derived."""

from typing import Any

from django.core.management.commands import dumpdata

DERIVED = ("articles.articleentry", "claims.claimentry", "claims.termcount")


class Command(dumpdata.Command):
    """Leaves out the tables in which lists find their rows: whatever loads the dump writes them anew."""

    def handle(self, *app_labels: str, **options: Any) -> None:
        options["exclude"] = [*options["exclude"], *DERIVED]
        super().handle(*app_labels, **options)

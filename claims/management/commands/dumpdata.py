"""Django's ``dumpdata``, without what is derived and without history."""

from typing import Any

from django.core.management.commands import dumpdata

DERIVED = ("articles.articleentry", "claims.claimentry", "claims.look", "claims.termcount")
HISTORY = ("articles.revision", "articles.change", "claims.erasure", "claims.visit")


class Command(dumpdata.Command):
    """Leaves out the tables in which lists find their rows: whatever loads the dump writes them anew. Texts are looked
    at for statements again: nothing that was decided is suggested twice. History names
    rows by numbers that they have in one database alone: a backup keeps it."""

    def handle(self, *app_labels: str, **options: Any) -> None:
        options["exclude"] = [*options["exclude"], *DERIVED, *HISTORY]
        super().handle(*app_labels, **options)

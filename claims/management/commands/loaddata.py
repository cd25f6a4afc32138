"""Django's ``loaddata``, held to the rules that every other door keeps."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializedObject

from articles.history import drop_if_empty, recorded
from articles.models import Revision, remembering_names
from claims.loading import Ledger, hold_to_rules, loops, pointing_to_merged
from claims.models import Statement

SHOWN = 5


class Command(loaddata.Command):
    """Loads fixtures in one transaction; where a row breaks a rule, nothing is loaded.

    A statement's words must be the text at its span, a stored text must be the one its checksum was made of,
    and may not be changed; nothing leads back to itself. Rows that change get a new lock, and what is read off
    the chains is mended where the fixture bears on it.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        self.ledger = Ledger()
        label = f"Loaded {', '.join(Path(name).name for name in args)}"[:300]
        with (
            recorded(how=Revision.How.FIXTURE, label=label, creations=False) as revision,
            remembering_names() as self.named,
        ):
            super().handle(*args, **options)
            self.refuse_loops()
            self.refuse_misplaced()
            self.refuse_merged()
            self.ledger.enter_moves(label)
            self.ledger.settle().refresh()
            drop_if_empty(revision)

    def save_obj(self, obj: DeserializedObject) -> bool:
        row = obj.object
        was = self.ledger.stored(row)
        try:
            hold_to_rules(row)
            self.ledger.move_lock(obj, was)
        except ValidationError as error:
            raise CommandError(f"Nothing was loaded: {name_of(row)}: {' '.join(told(error))}") from error
        saved = super().save_obj(obj)
        if saved:
            self.named.forget(row)
            self.ledger.note(row, was)
        return saved

    def refuse_loops(self) -> None:
        """Raise ``CommandError`` where what was loaded leads back to itself."""
        found = loops(self.ledger.models)
        if found:
            raise CommandError(f"Nothing was loaded: these lead back to themselves: {'; '.join(found)}.")

    def refuse_merged(self) -> None:
        """Raise ``CommandError`` where what was loaded names what was merged into another."""
        found = pointing_to_merged(self.ledger.models)
        if found:
            raise CommandError(f"Nothing was loaded: {'; '.join(found[:SHOWN])}.")

    def refuse_misplaced(self) -> None:
        """Raise ``CommandError`` where a statement's words are not the text at its span: one query."""
        wrong = list(Statement.objects.misplaced().values_list("uid", "start", "end")[: SHOWN + 1])
        if wrong:
            places = "; ".join(f"{uid} at {start}–{end}" for uid, start, end in wrong[:SHOWN])
            more = " and more" if len(wrong) > SHOWN else ""
            raise CommandError(
                f"Nothing was loaded: the words or context of these statements are not the text there: {places}{more}."
            )


def name_of(row: Any) -> str:
    """The kind of ``row`` and the first thing that tells it from others; its relations may not be there yet."""
    names = (getattr(row, field, None) for field in ("uid", "slug", "identifier", "headline", "pk"))
    return f"{row._meta.verbose_name} {next(filter(None, names), '')}".strip()


def told(error: ValidationError) -> list[str]:
    """The messages, each behind the field that it is about."""
    if not hasattr(error, "error_dict"):
        return error.messages
    return [f"{field}: {message}" for field, messages in error.message_dict.items() for message in messages]

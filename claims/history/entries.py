"""The history of a row, one entry a save, the newest first."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from articles.models import Change, Locked
from articles.rows import Among
from claims.history.fields import Told, changed, told_fields
from claims.history.reading import Entry, Heading, Reading, key_of, read
from claims.history.scope import Begun, Scope, kind_of
from claims.history.states import Step, steps, with_next
from claims.models import Claim, Transition

ENTRIES = 25
"""How many saves a page shows."""

ROWS = 200
"""How many rows a page shows."""

BEGINNING = 0
"""The point before all changes, which versions are compared with."""

NOBODY = 0
"""Stands for nobody that is known, where somebody is asked for."""

Move = tuple[Transition, int | None]
"""A move of the claim, and the key of the save that made it, where that is known."""


@dataclass(frozen=True)
class Asked:
    """What of a history is asked for. ``by``: an account's number, or ``NOBODY``."""

    by: int | None = None
    field: Told | None = None
    model: type[Locked] | None = None
    page: int = 1

    def is_by(self, person: int | None) -> bool:
        return self.by is None or (person or NOBODY) == self.by


class Timeline:
    """The history of ``scope``'s rows, as ``viewer`` may read it. What it costs depends on how many kinds of rows
    there are, not on how many saves."""

    def __init__(self, scope: Scope, viewer: Any, asked: Asked | None = None) -> None:
        self.scope, self.viewer, self.asked = scope, viewer, asked or Asked()
        self.headings = in_order(self._saves(), self._begun(), self._moves())

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.headings) // ENTRIES))

    def entries(self) -> list[Entry]:
        """The entries of the page that is asked for."""
        start = (self.asked.page - 1) * ENTRIES
        shown = self.headings[start : start + ENTRIES]
        keys = [heading.key for heading in shown if heading.key is not None]
        of_page = Q(Among("revision_id", (key for key in keys if key > 0)))
        of_page |= Q(Among("pk", (-key for key in keys if key < 0)))
        changes = with_next(self._changes().filter(of_page).select_related("revision__by"))
        entries = read(shown, Reading(changes[:ROWS], self.viewer, only=self.asked.field))
        for heading, entry in zip(shown, entries, strict=True):
            if any(row.model is type(self.scope.subject) for row in heading.begun):
                entry.point = entry.point or BEGINNING
        return [entry for entry in entries if entry.content.rows or entry.begun or entry.moves or entry.more]

    def _changes(self) -> QuerySet[Change]:
        """The changes that are asked for."""
        changes, asked = self.scope.changes(), self.asked
        if asked.by is not None:
            changes = changes.filter(revision__by=asked.by or None)
        if asked.model:
            changes = changes.filter(kind=kind_of(asked.model))
        if asked.field:
            changes = changes.filter(Among("pk", (step.change.pk for step in self._steps_of(asked.field))))
        return changes

    def _steps_of(self, told: Told) -> list[Step]:
        """The changes of one field, the newest first."""
        found = steps(with_next(self.scope.changes().filter(kind=kind_of(told.model))))
        return [step for step in found if told in changed(told.model, step.before, step.after)]

    def _saves(self) -> list[Heading]:
        """The saves, the oldest first, by the order in which they wrote, whatever their clocks said."""
        saves = (
            self._changes()
            .order_by()
            .values_list(Coalesce("revision_id", -F("id")), "revision__at", "revision__import_run_id")
            .annotate(last=Max("id"), count=Count("id"))
            .order_by("last")
        )
        found, latest = [], self.scope.subject.created_at
        for key, at, run, last, count in saves:
            latest = max(latest, at or latest)
            found.append(Heading(latest, key, last, count, run))
        return found

    def _begun(self) -> list[Begun]:
        if self.asked.field:
            return []
        return [row for row in self.scope.begun if self.asked.model in (None, row.model) and self.asked.is_by(row.by)]

    def _moves(self) -> list[Move]:
        """The moves of the claim, each with the save that made it, where that is known."""
        claim, status = self.scope.subject, told_fields(Claim)["status"]
        asked_for = self.asked.model in (None, Claim) and self.asked.field in (None, status)
        if not (isinstance(claim, Claim) and asked_for):
            return []
        moves = list(Transition.objects.visible_to(self.viewer).filter(claim=claim).select_related("by"))
        paired = pair(moves, self._steps_of(status)) if moves else []
        return [(move, key) for move, key in paired if self.asked.is_by(move.by_id)]


def pair(moves: list[Transition], found: list[Step]) -> Iterator[Move]:
    """Each move with the save that made it. ``workflow.move`` writes both at once, so the newest of either belong
    together; a move that came with a fixture has no save."""
    made: dict[tuple[str, str], list[int]] = defaultdict(list)
    for step in found:
        if step.before and step.after:
            made[step.before["status"], step.after["status"]].append(key_of(step.change))
    for move in sorted(moves, key=lambda move: (move.at, move.pk), reverse=True):
        saves = made[move.old, move.new]
        yield move, saves.pop(0) if saves else None


def in_order(saves: list[Heading], begun: list[Begun], moves: list[Move]) -> list[Heading]:
    """All of it, the newest first. Rows of whose making no change tells stand together where one import made them,
    or one person within a minute."""
    by_key = {save.key: save for save in saves}
    by_run = {save.run: save for save in saves if save.run}
    alone: dict[Any, Heading] = {}
    for row in begun:
        minute = None if row.run else row.at.replace(second=0, microsecond=0)
        heading = (by_run.get(row.run) if row.run else None) or alone.setdefault(
            (row.run, row.by, minute), Heading(row.at, run=row.run)
        )
        heading.begun.append(row)
    for move, key in moves:
        if key is None:
            alone[move] = Heading(move.at, moves=[move])
        elif key in by_key:
            by_key[key].moves.append(move)
    return sorted([*saves, *alone.values()], key=lambda heading: (heading.at, heading.last or 0), reverse=True)

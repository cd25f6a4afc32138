"""Two versions of a row, or of a claim as a whole, side by side."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min

from articles.rows import Among
from claims.history.entries import BEGINNING
from claims.history.reading import Content, Entry, Heading, Reading, read
from claims.history.scope import Scope
from claims.history.states import Step, with_next

ROWS = 200
"""How many rows a comparison shows."""


@dataclass(frozen=True)
class Comparison:
    """What became of the rows from after the one save to after the other. ``more``: there are others."""

    older: Entry
    newer: Entry
    content: Content
    more: bool


def compare(scope: Scope, viewer: Any, one: int, other: int) -> Comparison | None:
    """The rows of ``scope`` as the change ``one`` left them, beside what ``other`` made of them, the older first
    whichever is given first. ``BEGINNING`` is before any. ``None`` where a change is none of theirs."""
    older, newer = sorted((one, other))
    between = scope.changes().filter(pk__gt=older, pk__lte=newer).order_by()
    rows = between.values("kind", "row").annotate(first=Min("pk"), last=Max("pk")).order_by("first")
    touched = list(rows[: ROWS + 1])
    ends = {end for row in touched[:ROWS] for end in (row["first"], row["last"])} | {older, newer}
    changes = scope.changes().filter(Among("pk", ends)).select_related("revision__by")
    reading = Reading(with_next(changes), viewer)
    known = {step.change.pk: step for step in reading.steps}
    if not known.keys() >= {older, newer} - {BEGINNING}:
        return None
    from_entry, to_entry = read([_heading(scope, known.get(point)) for point in (older, newer)], reading)
    found = [
        Step(known[row["last"]].change, known[row["first"]].before, known[row["last"]].after)
        for row in touched[:ROWS]
        if known.keys() >= {row["first"], row["last"]}
    ]
    differing = [step for step in found if step.before != step.after]
    return Comparison(from_entry, to_entry, reading.content(differing, older + 1, newer), len(touched) > ROWS)


def _heading(scope: Scope, step: Step | None) -> Heading:
    if step is None:
        return Heading(scope.subject.created_at)
    revision = step.change.revision
    at = revision.at if revision else scope.subject.updated_at
    return Heading(at, revision.pk if revision else -step.change.pk, step.change.pk)

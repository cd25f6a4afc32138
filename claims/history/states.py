"""What rows said before and after changes, many at a time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from articles.history import Values, values_before, values_now
from articles.models import Change, Locked
from articles.models.history import recorded_models
from articles.rows import Among

PRIVATE = {"annotation": "created_by_id", "savedlist": "owner_id"}
"""The kinds of which one row can be somebody's alone, and the column that says whose."""


@dataclass(frozen=True)
class Step:
    """One row before and after one change, or several. ``before`` is empty where the row was not there,
    ``after`` where it is there no more."""

    change: Change
    before: Values | None
    after: Values | None

    @property
    def model(self) -> type[Locked]:
        return self.change.model

    @property
    def pk(self) -> int:
        return self.change.row


def with_next(changes: QuerySet[Change]) -> QuerySet[Any]:
    """With what each row said before its next change, which is what it said after this one."""
    following = Change.objects.filter(kind=OuterRef("kind"), row=OuterRef("row"), lock=OuterRef("lock") + 1)
    return changes.annotate(next_was=Subquery(following.order_by().values("was")[:1]))


def steps(changes: Iterable[Any]) -> list[Step]:
    """Each of ``changes``, which come ``with_next``, with what it made of its row. Reads the rows whose last
    change is among them: one query a kind, and one more for each kind of tag."""
    changes = [change for change in changes if change.kind in recorded_models()]
    last: dict[type[Locked], set[int]] = defaultdict(set)
    for change in changes:
        if change.next_was is None:
            last[change.model].add(change.row)
    now = {model: values_now(model, ids) for model, ids in last.items()}
    return [Step(change, values_before(change), _after(change, now)) for change in changes]


def _after(change: Any, now: dict[type[Locked], dict[int, Values]]) -> Values | None:
    if change.next_was is None:
        return now[change.model].get(change.row)
    return values_before(Change(kind=change.kind, row=change.row, was=change.next_was))


def shown_to(viewer: Any, found: list[Step]) -> list[Step]:
    """Without what somebody else alone may know: rows that are private now, and what others said while they were.
    One query a kind of such rows."""
    allowed: dict[str, dict[int, Any]] = {}
    for kind in PRIVATE.keys() & {step.change.kind for step in found}:
        rows: Any = recorded_models()[kind]._default_manager
        seen = rows.visible_to(viewer).filter(Among("pk", {step.pk for step in found if step.change.kind == kind}))
        allowed[kind] = dict(seen.order_by().values_list("pk", PRIVATE[kind]))
    return [step for step in found if step.change.kind not in PRIVATE or _may_know(viewer, step, allowed)]


def _may_know(viewer: Any, step: Step, allowed: dict[str, dict[int, Any]]) -> bool:
    rows = allowed[step.change.kind]
    was_private = any(said["visibility"] == "private" for said in (step.before, step.after) if said)
    return step.pk in rows and (rows[step.pk] == viewer.pk or not was_private)

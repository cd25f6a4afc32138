"""Undoes one save as a whole: every row says again what it said before, or is refused with the reason.

What an undo would do is tried and taken back for the preview, so that it refuses what the undo itself would.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles import history
from articles.history import Values
from articles.models import Change, Locked, Revision
from articles.models.history import typed_fields
from articles.rows import Among, chunks
from claims import workflow
from claims.models import Claim, ClaimLink
from claims.models.base import Judgement
from claims.provenance.touched import Touched
from claims.restoring import WITHDRAWAL, refuse_merged, restorable, survivors
from claims.undoing.halves import refuse_halves
from claims.undoing.step import Step, refusal

MAX_ROWS = 10_000
"""How many rows one undo may touch: each is checked, and somebody waits for it."""

CHANGED_SINCE = "Somebody has changed it since."
GONE = "It is not there any more."
TAKEN = "Another row has taken its place since."


class UndoRefused(Exception):
    """The save cannot be undone at all; the message says why."""


@dataclass
class Undoing:
    """What undoing a save does, or has done. ``revision`` is the save that undid it, where that has happened."""

    undone: Revision
    steps: list[Step]
    revision: Revision | None = None

    @property
    def shown(self) -> list[Step]:
        """What the viewer may know of, refusals first."""
        return sorted((step for step in self.steps if not step.hidden), key=lambda step: not step.refusal)

    @property
    def changing(self) -> int:
        return sum(step.changes for step in self.shown)

    @property
    def refused(self) -> int:
        return sum(bool(step.refusal) for step in self.shown)

    @property
    def same(self) -> int:
        return len(self.shown) - self.changing - self.refused


def may_undo(user: Any, revision: Revision) -> bool:
    """Whether the save is theirs to undo. Each row asks for the power that its own change needs besides."""
    return revision.by_id == user.pk or bool(user.has_perm("claims.undo_others"))


def preview(revision: Revision, user: Any) -> Undoing:
    """What undoing ``revision`` would do. Raises ``UndoRefused`` where it cannot be undone."""
    with transaction.atomic():
        found = _try(revision, user, "", Touched())
        transaction.set_rollback(True)
    return found


def undo(revision: Revision, *, by: Any, why: str, key: uuid.UUID | None = None) -> Undoing:
    """Put back what ``revision`` changed, in one transaction and as one save.

    Raises ``UndoRefused`` where it cannot be undone, and ``AlreadySaved`` where the form came before.
    """
    label = f"Undone: {revision}"[:300]
    with transaction.atomic():
        refuse_twice(Revision.objects.select_for_update().get(pk=revision.pk), key)
        saved = history.recorded(by=by, how=Revision.How.UNDO, label=label, why=why, key=key, undoes=revision)
        with saved as made:
            touched = Touched()
            done = _try(revision, by, why, touched)
            touched.refresh()
            history.drop_if_empty(made)
    done.revision = made if made.pk else None
    return done


def refuse_twice(revision: Revision, key: uuid.UUID | None = None) -> None:
    """Raise ``UndoRefused`` where the save is undone already, ``AlreadySaved`` where this very form did it."""
    before = Revision.objects.filter(undoes=revision).select_related("by").first()
    if before is None:
        return
    if key is not None and before.key == key:
        raise history.AlreadySaved(before)
    who = f" by {before.by}" if before.by else ""
    raise UndoRefused(f"This was undone on {timezone.localtime(before.at):%d %b %Y, %H:%M}{who}. Undo that instead.")


def _try(revision: Revision, user: Any, why: str, touched: Touched) -> Undoing:
    """Write what can be put back; what cannot is refused, and the rest written without it."""
    steps = _steps(revision, user, why)
    refuse_halves(steps)
    refused = True
    while refused:
        with transaction.atomic():
            refused = _write([step for step in steps if step.changes], user, why)
            transaction.set_rollback(refused)
        refuse_halves(steps)
    for step in steps:
        if step.changes:
            _note(step, touched)
    return Undoing(revision, steps)


def _note(step: Step, touched: Touched) -> None:
    """Say of a row that was written what it bears on, then and now."""
    for name, value in _columns(step).items():
        setattr(step.row, name, value)
    links = [column for column in typed_fields(type(step.row)) if column.is_relation]
    touched.add(step.row, {column.name: step.now[column.attname] for column in links})


# What each row would say.


def _steps(revision: Revision, user: Any, why: str) -> list[Step]:
    first, last = _changes(revision)
    withdrawn = {"withdrawn_at": timezone.now(), "withdrawn_by_id": user.pk, "withdrawn_reason": f"Undone: {why}"[:500]}
    by_model: dict[type[Locked], dict[int, Change]] = defaultdict(dict)
    for change in first.values():
        by_model[change.model][change.row] = change
    steps = []
    for model, changes in by_model.items():
        rows, seen = _held(model, changes), _seen(model, changes, user)
        now = history.values_now(model, rows)
        left = _left(model, {pk: last[change.kind, pk] for pk, change in changes.items()}, rows)
        for pk, change in changes.items():
            if pk not in rows:
                steps.append(Step(change, None, {}, {}, GONE))
                continue
            was = history.values_before(change)
            then = _then(was, now[pk], withdrawn, rows[pk])
            step = Step(rows[pk], was, now[pk], then, hidden=pk not in seen)
            own = revision.by_id == user.pk
            step.refusal = refusal(step, user, own=own) if left.get(pk, now[pk]) == now[pk] else CHANGED_SINCE
            steps.append(step)
    return steps


def _then(was: Values | None, now: Values, withdrawn: Values, row: Locked) -> Values:
    """What the row shall say: what it said before; where it is new, that it is withdrawn."""
    if was is None:
        return now | withdrawn if isinstance(row, Judgement) and row.withdrawn_at is None else now
    # What was published once stays dated.
    return was | {"published_at": now["published_at"]} if isinstance(row, Claim) else was


def _changes(revision: Revision) -> tuple[dict[tuple[str, int], Change], dict[tuple[str, int], int]]:
    """By row, the first change that the save made to it, and the lock that the last one left."""
    if revision.how == Revision.How.ERASE:
        raise UndoRefused("What was erased on demand cannot be brought back.")
    found = list(revision.changes.order_by("lock", "id")[: MAX_ROWS + 1])
    if len(found) > MAX_ROWS:
        raise UndoRefused(f"This save wrote more than {MAX_ROWS:,} rows: that is too much to undo here.")
    first: dict[tuple[str, int], Change] = {}
    last: dict[tuple[str, int], int] = {}
    for change in found:
        first.setdefault((change.kind, change.row), change)
        last[change.kind, change.row] = change.lock
    return first, last


def _held(model: type[Locked], ids: Iterable[int]) -> dict[int, Any]:
    """The rows, held until the transaction ends, so that nobody's save comes between check and write."""
    found: dict[int, Any] = {}
    for chunk in chunks(ids):
        held = model._base_manager.select_for_update(no_key=True).filter(Among("pk", chunk)).order_by("pk")
        found |= {row.pk: row for row in held}
    return found


def _seen(model: type[Locked], ids: Iterable[int], user: Any) -> set[int]:
    rows: Any = model._default_manager.all()
    if hasattr(rows, "visible_to"):
        rows = rows.visible_to(user)
    return {pk for chunk in chunks(ids) for pk in rows.filter(Among("pk", chunk)).values_list("pk", flat=True)}


def _left(model: type[Locked], locks: dict[int, int], rows: dict[int, Any]) -> dict[int, Values]:
    """What the rows that were written since said when the save was over. Where they say so again, as after a later
    save that was undone, nobody's change is lost."""
    since = {pk: lock + 1 for pk, lock in locks.items() if pk in rows and rows[pk].lock != lock}
    found: dict[int, Values] = {}
    for chunk in chunks(since):
        after = Change.objects.filter(Among("row", chunk), kind=model._meta.model_name, lock__in={*since.values()})
        for change in after:
            if change.lock == since[change.row]:
                found[change.row] = history.values_before(change) or {}
    return found


# Writing.


def _write(steps: list[Step], user: Any, why: str) -> bool:
    """Write the steps, those that say the same to rows of a kind together. Refuses what turns out not to fit; returns
    whether there was any, and then what was written is to be taken back."""
    alike: dict[tuple[Any, str], list[Step]] = defaultdict(list)
    for step in steps:
        alike[type(step.row), repr(sorted(_columns(step).items()))].append(step)
    refused = _write_groups(list(alike.values()), user, why)
    _link(steps)
    return _check(steps) or refused


def _write_groups(groups: list[list[Step]], user: Any, why: str) -> bool:
    """One statement for each group. What the database refuses is tried again after the others, which may have made
    room; then row by row, to know which row it is."""
    while groups:
        left = [group for group in groups if not _write_alike(group, user, why)]
        if len(left) < len(groups):
            groups = left
        elif any(len(group) > 1 for group in groups):
            groups = [[step] for group in groups for step in group]
        else:
            for (step,) in groups:
                step.refusal = TAKEN
            return True
    return False


def _columns(step: Step) -> Values:
    """The columns that are put back; what ``workflow`` writes, and what a row is tagged with, are not among them."""
    linked = {many.name for many in step.row._meta.many_to_many}
    return {name: step.then[name] for name in step.differs - linked}


def _write_alike(group: list[Step], user: Any, why: str) -> bool:
    """Whether the database took it."""
    try:
        with transaction.atomic():
            _update(group, user, why)
    except IntegrityError:
        return False
    return True


def _update(group: list[Step], user: Any, why: str) -> None:
    model, columns = type(group[0].row), _columns(group[0])
    ids = [step.row.pk for step in group]
    if model is Claim and "status" in columns:
        rows = [step.row for step in group]
        workflow.put_back(rows, to=columns.pop("status"), by=user, note=f"undone: {why}")
        if not columns:
            return
    for chunk in chunks(ids):
        model._default_manager.filter(Among("pk", chunk)).change(**columns)


def _link(steps: list[Step]) -> None:
    """Put back what rows were tagged with. Their locks have moved by now."""
    for many in {many for step in steps for many in step.row._meta.many_to_many}:
        gone: dict[int, list[int]] = defaultdict(list)
        come: dict[int, list[int]] = defaultdict(list)
        for step in steps:
            if isinstance(step.row, many.model) and many.name in step.differs:
                now, then = set(step.now[many.name]), set(step.then[many.name])
                for ids, found in ((now - then, gone), (then - now, come)):
                    for pk in ids:
                        found[pk].append(step.row.pk)
        _unlink(many, gone)
        for pk, near in come.items():
            for far in survivors(many.remote_field.model, [pk]):
                getattr(far, many.remote_field.get_accessor_name()).add(*near)


def _unlink(many: Any, gone: dict[int, list[int]]) -> None:
    """Take away, by the id of the far row, the rows that were linked to it."""
    near, far = f"{many.m2m_field_name()}_id", f"{many.m2m_reverse_field_name()}_id"
    for pk, ids in gone.items():
        for chunk in chunks(ids):
            many.remote_field.through._base_manager.filter(Among(near, chunk), **{far: pk}).delete()


def _check(steps: list[Step]) -> bool:
    """Hold the rows, as they stand now that all are written, to the rules of their models. Returns whether any was
    refused."""
    refused = False
    by_model: dict[type[Locked], list[Step]] = defaultdict(list)
    for step in steps:
        if step.changes and (_bears_on_rules(step) or step.brings_back):
            by_model[type(step.row)].append(step)
    for model, checked in by_model.items():
        fresh: dict[int, Any] = {}
        for chunk in chunks(step.row.pk for step in checked):
            fresh |= {row.pk: row for row in model._base_manager.filter(Among("pk", chunk))}
        for step in checked:
            try:
                row = fresh[step.row.pk]
                if _bears_on_rules(step):
                    row.clean()
                refuse_merged(row, restorable(model) if step.brings_back else step.differs)
            except ValidationError as error:
                step.refusal, refused = " ".join(error.messages), True
    return refused


def _bears_on_rules(step: Step) -> bool:
    """Whether a row is withdrawn bears on no rule but the one that links close no circle."""
    return bool(step.differs - WITHDRAWAL) or isinstance(step.row, ClaimLink)

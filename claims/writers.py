"""Who wrote a claim: whom the rule of four eyes asks about before it is published."""

from typing import Any

from django.db.models import Q, QuerySet

from articles.history import Values, values_before, values_of
from articles.models import Change, Locked
from claims.models import Claim, Subject

WORK = frozenset(
    (
        *("status", "published_at", "priority", "assignee_id", "due_on", "tags"),
        *("withdrawn_at", "withdrawn_by_id", "withdrawn_reason"),
    )
)
"""What can change about a claim without anybody writing it: how the desk works on it, and where it is filed."""


def wrote_alone(claim: Claim, by: Any) -> bool:
    """Whether ``by`` made ``claim``, and nobody else has changed its wording since, linked a statement to it or
    worked on a review of whether it is true. What a command brought is somebody else's. One query at most where
    somebody else made the claim, else up to seven."""
    return (
        _maker(claim) == by.pk
        and not _others_worked_on(claim.appearances.current(), by)
        and not _others_worked_on(claim.reviews.current().filter(subject=Subject.CONTENT), by)
        and not _others_reworded(claim, by)
    )


def _maker(row: Locked) -> int | None:
    """Who made a row: of an imported one, whoever ran the import. ``None``: a command that was told no name."""
    return row.created_by_id or (row.import_run.created_by_id if row.import_run else None)


def _others_worked_on(rows: QuerySet[Any], by: Any) -> bool:
    own = Q(created_by=by) | Q(created_by=None, import_run__created_by=by)
    return rows.exclude(own).exists() or _changes_of_others(rows, by).exists()


def _changes_of_others(rows: QuerySet[Any], by: Any) -> QuerySet[Change]:
    """What others saved of ``rows`` once they were there. What no door announced proves nobody's eyes."""
    others = Q(revision__isnull=False) & (Q(revision__by=None) | ~Q(revision__by=by))
    kind = rows.model._meta.model_name
    return Change.objects.filter(others, kind=kind, row__in=rows.order_by().values("pk"), was__isnull=False)


def _others_reworded(claim: Claim, by: Any) -> bool:
    """Whether one of the changes that others saved is of more than ``WORK``."""
    locks = _changes_of_others(Claim.objects.filter(pk=claim.pk), by).values_list("lock", flat=True)
    theirs = set(locks)
    if not theirs:
        return False
    noted = Change.objects.filter(kind="claim", row=claim.pk, was__isnull=False)
    said = {change.lock - 1: values_before(change) for change in noted} | {claim.lock: values_of(claim)}
    return any(_differ(said.get(lock - 1), said.get(lock)) for lock in theirs)


def _differ(before: Values | None, after: Values | None) -> bool:
    if before is None or after is None:
        return False
    return any(before[name] != after[name] for name in before.keys() - WORK)

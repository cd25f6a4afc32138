"""How a claim moves from new to closed: the table of allowed changes, and the one function that makes them."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles.history import recorded
from claims.models import Claim, Transition
from claims.provenance import refresh
from claims.provenance.touched import Touched
from claims.writers import wrote_alone

Status = Claim.Status

MOVES: dict[str, tuple[str, ...]] = {
    Status.NEW: (Status.IN_PROGRESS, Status.IN_REVIEW, Status.CLOSED),
    Status.IN_PROGRESS: (Status.NEW, Status.IN_REVIEW, Status.CLOSED),
    Status.IN_REVIEW: (Status.IN_PROGRESS, Status.PUBLISHED, Status.CLOSED),
    Status.PUBLISHED: (Status.IN_REVIEW, Status.CLOSED),
    Status.CLOSED: (Status.IN_PROGRESS, Status.IN_REVIEW),
}
"""From each status, where a claim may go. What was published once stays public: withdraw it to take it off."""

DECIDED = {Status.PUBLISHED, Status.CLOSED}
"""Only a reviewer brings a claim into, or out of, these; and only a reviewer takes one out of review."""

ALONE = "You alone wrote it: somebody else has to read it and publish it."
"""Why the rule of four eyes, the setting ``FOUR_EYES``, keeps somebody from publishing."""

LOOKED_AT_AGAIN = frozenset((Claim.Kind.PROMISE, Claim.Kind.PREDICTION, Claim.Kind.FIGURE))
"""The kinds of claims that time can prove right or wrong: they want a day on which to look at them again."""


class MoveRefused(Exception):
    """The status cannot change so; the message says why."""


def power_to_move(old: str, new: str) -> str:
    """The permission that a change of status from ``old`` to ``new`` needs."""
    return "claims.publish_claim" if new in DECIDED or old in {*DECIDED, Status.IN_REVIEW} else "claims.move_claim"


def may_take_back(user: Any, old: str, new: str) -> bool:
    """Whether ``user`` may undo a change of status from ``old`` to ``new``: who could make it can take it back."""
    return bool(user.has_perm(power_to_move(old, new)) or user.has_perm(power_to_move(new, old)))


def _ways_out(status: str, by: Any) -> str:
    """Where ``by`` can move a claim of this status instead."""
    ways = [Status(to).label for to in MOVES[status] if by.has_perm(power_to_move(status, to))]
    if not ways:
        return f"Your role cannot change the status of a claim that is {Status(status).label}."
    return f"A claim that is {Status(status).label} can become {' or '.join(ways)}."


def refusal(claim: Claim, *, to: str, by: Any) -> str:
    """Why ``by`` cannot move ``claim`` to the status ``to``; empty where they can."""
    if claim.withdrawn_at:
        return "The claim is withdrawn."
    if claim.status == to:
        return f"The claim is {claim.get_status_display()} already."
    if to not in MOVES[claim.status]:
        return _ways_out(claim.status, by)
    if not by.has_perm(power_to_move(claim.status, to)):
        return f"Your role cannot make a claim {Status(to).label} from here."
    if to == Status.PUBLISHED and settings.FOUR_EYES and wrote_alone(claim, by):
        return ALONE
    return ""


def wants_another_look(claim: Claim) -> bool:
    """Whether the desk is done with ``claim`` for now, and has not said when to look at it again."""
    done = claim.status in (Status.PUBLISHED, Status.CLOSED)
    return done and claim.kind in LOOKED_AT_AGAIN and (claim.due_on is None or claim.due_on <= timezone.localdate())


def move(
    claim: Claim,
    *,
    to: str,
    by: Any,
    note: str = "",
    look_again: dt.date | None = None,
    touched: Touched | None = None,
) -> Transition:
    """Change the status of ``claim``, date its first publication, and write the transition, as one. ``look_again``
    is the day on which the claim is due then; without, it stays due when it is.

    What is derived is mended last, or where the claim is noted in ``touched``, by whoever has that.

    Raises ``MoveRefused`` where the table or the person's powers do not allow it, and ``StaleSave`` where
    somebody else has changed the claim since it was read.
    """
    why_not = refusal(claim, to=to, by=by)
    if why_not:
        raise MoveRefused(why_not)
    before = claim.status, claim.published_at, claim.due_on, claim.lock
    try:
        with recorded(by=by, why=note):
            claim.status = to
            if to == Status.PUBLISHED and claim.published_at is None:
                claim.published_at = timezone.now()
            claim.due_on = look_again or claim.due_on
            claim.save(update_fields=["status", "published_at", "due_on"])
            moved = Transition.objects.create(claim=claim, old=before[0], new=to, by=by, note=note)
            if touched is None:
                refresh(claims=[claim.pk])
            else:
                touched.add(claim)
            return moved
    except BaseException:
        claim.status, claim.published_at, claim.due_on, claim.lock = before
        raise


def put_back(claims: Collection[Claim], *, to: str, by: Any, note: str) -> None:
    """Bring ``claims`` back to the status that a save took them from, within the save that undoes it: no move of the
    table, so whoever calls asks for the power, and mends what is derived. What was published once stays dated."""
    Claim.objects.filter(pk__in=[claim.pk for claim in claims]).change(status=to)
    Transition.objects.bulk_create(
        Transition(claim=claim, old=claim.status, new=to, by=by, note=note[:500]) for claim in claims
    )

"""What one person at the desk has to do: their claims, what is due, and what nobody has taken."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from articles.history import drop_if_empty, recorded
from claims.filters.paging import Total, capped
from claims.models import Claim

Status = Claim.Status

OPEN = (Status.IN_REVIEW, Status.IN_PROGRESS, Status.NEW)
"""What somebody still works on."""

BY_DUE = (F("due_on").asc(nulls_last=True), "-priority", "-id")


@dataclass(frozen=True)
class Pile:
    """Some claims that wait, under a name for the address and a label. ``power`` is what it takes to be shown it."""

    name: str
    label: str
    claims: Callable[[Any], QuerySet[Claim]]
    power: str = "claims.change_claim"
    order: tuple[Any, ...] = BY_DUE

    def of(self, user: Any) -> QuerySet[Claim]:
        """The claims for ``user``, the most urgent first."""
        return self.claims(user).select_related("assignee").order_by(*self.order)


def mine(user: Any) -> QuerySet[Claim]:
    return Claim.objects.current().filter(assignee=user)


def _due(user: Any) -> QuerySet[Claim]:
    return mine(user).filter(due_on__lte=timezone.localdate())


def _of_status(*statuses: str) -> Callable[[Any], QuerySet[Claim]]:
    return lambda user: mine(user).filter(status__in=statuses)


def _to_review(user: Any) -> QuerySet[Claim]:
    return Claim.objects.current().filter(status=Status.IN_REVIEW)


def _nobodys(user: Any) -> QuerySet[Claim]:
    return Claim.objects.current().filter(status__in=OPEN, assignee=None)


PILES = (
    Pile("open", "To do", _of_status(*OPEN)),
    Pile("due", "Due", _due),
    *(Pile(str(status.value), str(status.label).capitalize(), _of_status(status)) for status in Status),
    Pile("review", "For a reviewer", _to_review, power="claims.publish_claim", order=("-first_said_rank", "-id")),
    Pile("nobody", "Nobody’s", _nobodys, order=("-priority", "-id")),
)
"""A person's own claims as a whole and status by status, and two piles that are everybody's."""


def piles_for(user: Any) -> list[Pile]:
    return [pile for pile in PILES if user.has_perm(pile.power)]


def counted(user: Any) -> dict[str, Total]:
    """How many claims each pile of ``user`` holds, by its name. Three queries at most."""
    own = mine(user).aggregate(
        open=Count("pk", filter=Q(status__in=OPEN)),
        due=Count("pk", filter=Q(due_on__lte=timezone.localdate())),
        **{status.value: Count("pk", filter=Q(status=status)) for status in Status},
    )
    found = {name: Total(number) for name, number in own.items()}
    return found | {pile.name: capped(pile.claims(user)) for pile in piles_for(user) if pile.name not in found}


def take(claim: Claim, by: Any) -> bool:
    """Give a claim that is nobody's to ``by``; whether it was nobody's still."""
    with recorded(by=by, label="Took the claim") as revision:
        free = Claim.objects.current().filter(pk=claim.pk, assignee=None)
        taken = bool(free.change(assignee=by))
        drop_if_empty(revision)
        return taken

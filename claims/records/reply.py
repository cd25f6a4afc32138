"""Whom the desk asked about a claim and what came back, as a page shows it."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format

from claims.models import Claim, CorrectionRequest, Inquiry, sees_desk
from claims.visibility import visible_publishers


@dataclass(frozen=True)
class Reply:
    """One question and what came back. ``url`` is the page of whom the desk asked; empty where there is none that
    the viewer may open. ``waiting`` says in words since or until when the desk waits; empty where it does not."""

    inquiry: Inquiry
    url: str
    waiting: str


@dataclass(frozen=True)
class Requested:
    """One correction that was asked of a publisher; ``waiting`` as of a question."""

    request: CorrectionRequest
    waiting: str


@dataclass(frozen=True)
class Replies:
    """What came back, the newest question first. ``requests`` are the desk's to read."""

    asked: list[Reply] = field(default_factory=list)
    requests: list[Requested] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.asked or self.requests)


def replies_on(claim: Claim, user: Any) -> Replies:
    """One query, and one more for the desk."""
    readable = visible_publishers(user).filter(pk=OuterRef("publisher"))
    rows = Inquiry.objects.visible_to(user).current().filter(claim=claim).select_related("source", "publisher")
    rows = rows.annotate(readable=Exists(readable)).order_by("-asked_on", "-pk")
    asked = [Reply(row, _url(row), _waiting(row, Inquiry.Outcome.WAITING)) for row in rows]
    if not sees_desk(user):
        return Replies(asked)
    requests = CorrectionRequest.objects.current().filter(claim=claim).select_related("publisher", "article")
    newest = requests.order_by("-asked_on", "-pk")
    return Replies(asked, [Requested(row, _waiting(row, CorrectionRequest.Outcome.OPEN)) for row in newest])


def _url(row: Any) -> str:
    if row.source:
        return str(row.source.get_absolute_url())
    return str(row.publisher.get_absolute_url()) if row.publisher and row.readable else ""


def _waiting(row: Inquiry | CorrectionRequest, waiting: str) -> str:
    if row.outcome != waiting:
        return ""
    if row.due_on is None:
        return "waiting"
    day = date_format(row.due_on, "j M Y")
    return f"overdue since {day}" if row.due_on < timezone.localdate() else f"waiting until {day}"

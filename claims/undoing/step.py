"""What undoing a save does to each of its rows, and whether it is theirs to do who asks."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from articles.history import Values
from claims import workflow
from claims.models import Annotation, Claim, SavedList
from claims.models.base import Judgement
from claims.writers import wrote_alone

NEVER_WITHDRAWN = "It was made by this save, and rows of its kind are not withdrawn."
NOT_YOURS = "Your role cannot change it so."
RESOLUTION = {"resolved_by_id", "resolved_at"}
"""What of a colleague's note is anybody's to change who writes notes."""


@dataclass
class Step:
    """What undoing does to one row. With a refusal, or where nothing ``differs``, nothing is written."""

    row: Any
    was: Values | None
    """What the row said before the save; ``None``: the save made it."""
    now: Values
    then: Values
    """What it shall say."""
    refusal: str = ""
    hidden: bool = False
    """Not the viewer's to see: neither shown nor counted."""

    @property
    def differs(self) -> set[str]:
        return {name for name, value in self.then.items() if self.now[name] != value}

    @property
    def brings_back(self) -> bool:
        return "withdrawn_at" in self.differs and self.then["withdrawn_at"] is None

    @property
    def changes(self) -> bool:
        return not self.refusal and bool(self.differs)


def refusal(step: Step, user: Any, *, own: bool) -> str:
    """Why ``user`` cannot undo what a save, their ``own`` or somebody else's, did to the row; empty where they can."""
    if step.was is None and not isinstance(step.row, Judgement):
        return NEVER_WITHDRAWN
    if step.differs and not _is_theirs(step, user):
        return NOT_YOURS
    return workflow.ALONE if not own and _publishes_alone(step, user) else ""


def _publishes_alone(step: Step, user: Any) -> bool:
    """Whether this would publish what ``user`` alone wrote, and somebody else took back."""
    published = Claim.Status.PUBLISHED
    if not (isinstance(step.row, Claim) and "status" in step.differs and step.then["status"] == published):
        return False
    return bool(settings.FOUR_EYES and wrote_alone(step.row, user))


def _is_theirs(step: Step, user: Any) -> bool:
    """Whether ``user`` has the powers that this change needs."""
    row, differs = step.row, step.differs
    if isinstance(row, (Annotation, SavedList)) and _owner(row) != user.pk:
        theirs = differs <= {"claim_id", "source_id"} or (not step.hidden and differs <= RESOLUTION)
        if not theirs:
            return False
    powers = {f"{row._meta.app_label}.change_{row._meta.model_name}"}
    if "merged_into_id" in differs:
        powers.add(f"{row._meta.app_label}.merge_{row._meta.model_name}")
    if isinstance(row, SavedList) and "visibility" in differs:
        powers.add("claims.share_savedlist")
    if isinstance(row, Claim):
        if row.published_at and "withdrawn_at" in differs:
            powers.add("claims.publish_claim")
        if "status" in differs and not workflow.may_take_back(user, step.then["status"], step.now["status"]):
            return False
    return bool(user.has_perms(powers))


def _owner(row: Annotation | SavedList) -> int | None:
    return row.owner_id if isinstance(row, SavedList) else row.created_by_id

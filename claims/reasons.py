"""Which saves have to say why: a published claim's verdict or text changes only with a reason."""

from collections.abc import Callable
from typing import Any

from articles.history import Values, values_now
from articles.models import Locked
from claims.models import Claim, RatingLevel, Review, Subject

TEXT = "The claim is published: say why its words change."
VERDICT = "The verdict of a published claim hangs on this: say why it changes."


def stored(row: Locked) -> Values | None:
    """What is stored of ``row``; ``None`` where it is new. One query, and one for tags."""
    return values_now(type(row), [row.pk]).get(row.pk) if row.pk else None


def wanted(row: Locked, before: Values | None) -> str:
    """Why a save that makes ``row`` of what it said ``before`` has to give a reason; empty where it need not.
    At most one query."""
    rule = RULES.get(type(row))
    return rule(row, before) if rule else ""


def _claim(claim: Claim, before: Values | None) -> str:
    if before is None or before["published_at"] is None:
        return ""
    return TEXT if (claim.text, claim.short_text) != (before["text"], before["short_text"]) else ""


def _review(review: Review, before: Values | None) -> str:
    """Adding, changing, publishing, moving and withdrawing a review that a verdict is read off, then or now."""
    now = {name: getattr(review, name) for name in ("claim_id", "subject", "state", "rating_id", "withdrawn_at")}
    claims = {said["claim_id"] for said in (before, now) if said and _counts(said)}
    if not claims or (before is not None and all(getattr(review, name) == said for name, said in before.items())):
        return ""
    return VERDICT if Claim.objects.published().filter(pk__in=claims).exists() else ""


def _counts(said: Values) -> bool:
    """Whether a verdict is read off a review that says so."""
    published = said["state"] == Review.State.PUBLISHED and said["withdrawn_at"] is None
    return bool(published and said["subject"] == Subject.CONTENT and said["rating_id"])


def _level(level: RatingLevel, before: Values | None) -> str:
    if before is None or level.normalised == before["normalised"]:
        return ""
    read_off = Review.objects.published().filter(rating=level, subject=Subject.CONTENT)
    shown = read_off.filter(claim__in=Claim.objects.published())
    return VERDICT if shown.exists() else ""


RULES: dict[type[Locked], Callable[[Any, Values | None], str]] = {
    Claim: _claim,
    Review: _review,
    RatingLevel: _level,
}
"""The kinds of rows that a published claim's words or verdict are read off."""

"""Why suggestions are rejected: reasons at hand, so that they can be counted."""

from django.db.models import Case, CharField, Count, Value, When

from claims.models import Statement

REASONS = (
    "not a statement",
    "wrong span",
    "wrong speaker",
    "scare quote or title",
    "a denial",
)
"""A rejection says one of these, with words of its editor's own behind a colon or without, or only such words."""

OTHER = "other"


def worded(ready: str, own: str) -> str:
    """The reason as it is kept. ``ready`` is one of ``REASONS``, or ``OTHER``."""
    own = " ".join(own.split())
    if ready not in REASONS:
        return own
    return f"{ready}: {own}" if own else ready


def rejections(method: str) -> list[tuple[str, int]]:
    """How often each reason was given for rejecting what ``method`` proposed, the most frequent first. One query."""
    given = Case(
        *(When(reason__startswith=reason, then=Value(reason)) for reason in REASONS),
        default=Value(OTHER),
        output_field=CharField(),
    )
    rejected = Statement.objects.proposed().filter(method=method, state=Statement.State.REJECTED)
    counted = rejected.order_by().annotate(given=given).values("given").annotate(times=Count("pk"))
    return list(counted.order_by("-times", "given").values_list("given", "times"))

"""Why suggestions are rejected: reasons at hand, so that they can be counted."""

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

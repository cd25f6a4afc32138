"""What a saved list may hold, and who may show one to the whole desk."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from claims.filters.claims import ClaimFilter


def tidied(query: str, viewer: Any) -> str:
    """``query``, what stands behind the question mark, as the address of the claim list itself gives it. Raises
    ``ValidationError``, with what is wrong, where the list would not take it from ``viewer``."""
    listing = ClaimFilter(QueryDict(query), viewer=viewer)
    problems = listing.problems()
    if problems:
        raise ValidationError([ValidationError(problem.message, code="unfit") for problem in problems])
    return listing.url().partition("?")[2]


def may_share(user: Any) -> bool:
    """Whether ``user`` arranges what the whole desk works with."""
    return bool(user.has_perm("claims.share_savedlist"))

"""What a saved list may hold: nothing that the claim list itself would refuse."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from claims.filters.claims import ClaimFilter


def refuse_unfit(query: str, viewer: Any) -> None:
    """Raise ``ValidationError``, with what is wrong, where the claim list would not take ``query`` from ``viewer``.

    ``query`` is what stands behind the question mark of the list's address.
    """
    tidied(query, viewer)


def tidied(query: str, viewer: Any) -> str:
    """``query`` as the address of the claim list itself gives it. Raises as ``refuse_unfit`` does."""
    listing = ClaimFilter(QueryDict(query), viewer=viewer)
    problems = listing.problems()
    if problems:
        raise ValidationError([ValidationError(problem.message, code="unfit") for problem in problems])
    return listing.url().partition("?")[2]

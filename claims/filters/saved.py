"""What a saved list may hold: nothing that the claim list itself would refuse."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from claims.filters.claims import ClaimFilter


def refuse_unfit(query: str, viewer: Any) -> None:
    """Raise ``ValidationError``, with what is wrong, where the claim list would not take ``query`` from ``viewer``.

    ``query`` is what stands behind the question mark of the list's address.
    """
    problems = ClaimFilter(QueryDict(query), viewer=viewer).problems()
    if problems:
        raise ValidationError([ValidationError(problem.message, code="unfit") for problem in problems])

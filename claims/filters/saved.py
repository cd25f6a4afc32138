"""What a saved list may hold, and who may show one to the whole desk."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import QueryDict

from articles.models import Publisher
from claims.filters.claims import ClaimFilter
from claims.models import SavedList, Source, Tag


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


NAMING: dict[type[Model], tuple[str, ...]] = {
    Tag: ("tag",),
    Source: ("source", "root", "relay"),
    Publisher: ("publisher",),
}
"""The parameters of the claim list that name a row by its slug."""


def lists_naming(rows: Collection[Any], viewer: Any) -> list[SavedList]:
    """The saved lists, of those that ``viewer`` may see, that ask for one of ``rows`` by its slug. One query."""
    wanted = {(name, row.slug) for row in rows for name in NAMING.get(type(row), ())}
    if not wanted:
        return []
    return [each for each in SavedList.objects.visible_to(viewer).current() if wanted & _asked(each)]


def _asked(saved: SavedList) -> set[tuple[str, str]]:
    """The parameters and values of a list; what is asked not to be there is asked for too."""
    return {(name.removeprefix("-"), text) for name, texts in QueryDict(saved.query).lists() for text in texts}

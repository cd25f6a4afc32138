"""What depends on a row: everything that points to it, and the lists that name it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q, QuerySet

from articles.models import Article, Locked
from articles.models.history import recorded_models, typed_fields
from claims.filters.saved import lists_naming
from claims.models import (
    Appearance,
    Attribution,
    Claim,
    ClaimLink,
    Occasion,
    Review,
    Source,
    SourceRole,
    Statement,
    Tag,
)
from claims.models.base import Judgement

SHOWN = 5
"""How many of each kind are named."""


@dataclass(frozen=True)
class Link:
    """One foreign key by which rows of ``model`` point to another row. ``words`` say what those are to it; where they
    only lead on, ``shows`` names the foreign key to what is worth showing of them."""

    model: type[Locked]
    field: str
    words: str
    shows: str = ""


WORDS: dict[tuple[type[Locked], str], tuple[str, str]] = {
    (Attribution, "source"): ("statements in whose chain it stands", "statement"),
    (Attribution, "addressee"): ("statements that it was told", "statement"),
    (Attribution, "role"): ("statements that name the role", "statement"),
    (Appearance, "statement"): ("claims that it makes or answers", "claim"),
    (Appearance, "claim"): ("statements that make or answer it", "statement"),
    (ClaimLink, "drawn_by"): ("cross-references that it draws", ""),
    (Statement, "derived_from"): ("statements taken from it", ""),
    (Statement, "occasion"): ("statements made there", ""),
    (Source, "speaks_for"): ("sources that speak for it", ""),
    (Source, "known_through"): ("sources known through it", ""),
    (Source, "publisher"): ("sources that are it", ""),
    (SourceRole, "organisation"): ("roles within it", ""),
    (Occasion, "host"): ("occasions that it hosted", ""),
    (Tag, "parent"): ("tags below it", ""),
    (Review, "reviewer"): ("reviews by it", ""),
    (Article, "publisher"): ("articles", ""),
}
"""What rows are to the one that they point to; of others, what they are called says enough."""


def links_to(model: type[Locked]) -> list[Link]:
    """Every foreign key by which rows with a history point to those of ``model``."""
    found = []
    for other in recorded_models().values():
        for field in typed_fields(other):
            if field.related_model is model and field.name != "merged_into":
                words, shows = WORDS.get((other, field.name), (str(other._meta.verbose_name_plural), ""))
                found.append(Link(other, field.name, words, shows))
    return sorted(found, key=lambda link: link.words)


@dataclass(frozen=True)
class Dependents:
    """How many rows of one kind depend, and the first few of them."""

    words: str
    count: int
    first: list[Any]

    @property
    def more(self) -> int:
        return self.count - len(self.first)


def dependents(model: type[Locked], rows: Collection[Locked], user: AbstractBaseUser) -> Iterator[Dependents]:
    """What depends on ``rows``, of one ``model``, as far as ``user`` may see it: by kind, without kinds of which there
    are none. At most two queries a kind."""
    for words, links in groupby(links_to(model), key=lambda link: link.words):
        yield from _counted(words, _pointing(list(links), rows, user))
    if model is Tag:
        yield from _counted("claims", seen(in_use(Claim), user).filter(tags__in=rows).distinct())
    named = lists_naming(rows, user)
    if named:
        yield Dependents("saved lists that name it", len(named), named[:SHOWN])


def in_use(model: type[Locked]) -> QuerySet[Any]:
    """The rows that nobody has withdrawn."""
    rows: Any = model._default_manager.all()
    return rows.current() if issubclass(model, Judgement) else rows


def seen(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Those of ``rows`` that ``user`` may see."""
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows


def _pointing(links: list[Link], rows: Collection[Locked], user: Any) -> QuerySet[Any]:
    """The rows that one kind of link comes from, or where that says more, what those lead to."""
    to_any = Q()
    for link in links:
        to_any |= Q(**{f"{link.field}__in": rows})
    found = seen(in_use(links[0].model), user).filter(to_any)
    if not links[0].shows:
        return found
    shown: Any = links[0].model._meta.get_field(links[0].shows).related_model
    return seen(in_use(shown), user).filter(pk__in=found.order_by().values(links[0].shows))


def _counted(words: str, rows: QuerySet[Any]) -> Iterator[Dependents]:
    first = list(rows.order_by("pk")[: SHOWN + 1])
    if first:
        yield Dependents(words, len(first) if len(first) <= SHOWN else rows.count(), first[:SHOWN])

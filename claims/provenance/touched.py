"""Which rows a save has touched, so that what is read off the chains is mended once, after all writes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from articles.models import Article, ArticleVersion, Publisher
from claims.models import (
    Appearance,
    Attribution,
    Claim,
    ClaimLink,
    Evidence,
    Occasion,
    RatingLevel,
    RatingScale,
    Review,
    Source,
    SourceRole,
    Statement,
    Tag,
)
from claims.provenance.refresh import refresh

Was = Mapping[str, Any]
"""The values of a row's foreign keys before the save, by field name; only those that changed need be there."""


@dataclass
class Touched:
    """The ids that ``provenance.refresh`` wants, gathered row by row."""

    claims: set[int] = field(default_factory=set)
    statements: set[int] = field(default_factory=set)
    sources: set[int] = field(default_factory=set)
    articles: set[int] = field(default_factory=set)
    publishers: set[int] = field(default_factory=set)
    tags: set[int] = field(default_factory=set)

    def add(self, row: Model, was: Was | None = None) -> None:
        """Note ``row`` as written; ``was`` names what it was linked to before."""
        note = NOTES.get(type(row))
        if note:
            note(self, row, was or {})

    def add_all(self, rows: Iterable[Model]) -> None:
        for row in rows:
            self.add(row)

    def refresh(self) -> int:
        """Mend what is derived from the rows noted. Returns the rows mended."""
        return refresh(**vars(self)) if any(vars(self).values()) else 0


def _ends(row: Any, was: Was, name: str) -> set[int]:
    """What ``row`` is linked to by the foreign key ``name``, and what it was linked to before."""
    return {int(pk) for pk in (getattr(row, f"{name}_id"), was.get(name)) if pk}


def _appearance(touched: Touched, row: Appearance, was: Was) -> None:
    touched.claims |= _ends(row, was, "claim")
    touched.statements |= _ends(row, was, "statement")


def _link(touched: Touched, row: ClaimLink, was: Was) -> None:
    touched.claims |= _ends(row, was, "from_claim") | _ends(row, was, "to_claim")


def _ratings(touched: Touched, **lookup: Any) -> None:
    touched.claims.update(Review.objects.filter(**lookup).values_list("claim_id", flat=True))


NOTES: dict[type[Model], Callable[[Touched, Any, Was], None]] = {
    Claim: lambda touched, row, was: touched.claims.add(row.pk),
    Statement: lambda touched, row, was: touched.statements.add(row.pk),
    Attribution: lambda touched, row, was: touched.statements.update(_ends(row, was, "statement")),
    Appearance: _appearance,
    Review: lambda touched, row, was: touched.claims.update(_ends(row, was, "claim")),
    RatingLevel: lambda touched, row, was: _ratings(touched, rating=row),
    RatingScale: lambda touched, row, was: _ratings(touched, rating__scale=row),
    Occasion: lambda touched, row, was: touched.statements.update(row.statements.values_list("pk", flat=True)),
    Source: lambda touched, row, was: touched.sources.add(row.pk),
    Tag: lambda touched, row, was: touched.tags.add(row.pk),
    ClaimLink: _link,
    Evidence: lambda touched, row, was: touched.claims.update(_ends(row, was, "claim")),
    SourceRole: lambda touched, row, was: touched.sources.update(_ends(row, was, "source")),
    ArticleVersion: lambda touched, row, was: touched.articles.add(row.article_id),
    Article: lambda touched, row, was: touched.articles.add(row.pk),
    Publisher: lambda touched, row, was: touched.publishers.add(row.pk),
}
"""What each kind of row bears on. Kinds that are not here bear on nothing that is derived."""

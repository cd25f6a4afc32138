"""Which values the pages are asked with, so that each asks for the same share of the claims at every size."""

import datetime as dt
from dataclasses import dataclass

from articles.search.terms import split
from claims.models import Source, Tag, TermCount
from claims.search.terms import Facet

MEDIUM_SHARE, TAG_SHARE = 0.01, 0.1
DEEP_PAGE = 1000
YEAR = 2020


@dataclass(frozen=True)
class Chosen:
    """The slugs and ids that stand in the addresses and in the SQL. ``deep_page`` is the 1000th, or where there
    are not so many the one in the middle."""

    claims: int
    head: str
    head_id: int
    medium: str
    medium_id: int
    tag: str
    tag_id: int
    deep_page: int
    year: int = YEAR

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """The first day of the year, and the one behind its last."""
        return dt.date(self.year, 1, 1), dt.date(self.year + 1, 1, 1)


def choose(claims: int) -> Chosen:
    """The most quoted source, one of a hundredth of the claims, and a tag of a tenth, of ``claims`` claims."""
    head = Source.objects.get(pk=_nearest(Facet.SOURCE, claims))
    medium = Source.objects.get(pk=_nearest(Facet.SOURCE, int(claims * MEDIUM_SHARE)))
    tag = Tag.objects.get(pk=_nearest(Facet.TAG, int(claims * TAG_SHARE)))
    pages = -(-claims // 50)
    return Chosen(claims, head.slug, head.pk, medium.slug, medium.pk, tag.slug, tag.pk, min(DEEP_PAGE, pages // 2))


def _nearest(facet: Facet, number: int) -> int:
    """The id of the value that about ``number`` claims have."""
    counted = TermCount.objects.filter(facet=facet).values_list("term", "desk")
    ids = [(abs(desk - number), int(value)) for term, desk in counted if (value := split(term)[1]).isdigit()]
    return min(ids)[1]

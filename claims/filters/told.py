"""What is asked of one statement of a claim: who said it, who passed it on, who published it, and when."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from articles.models import Publisher
from claims.models import Appearance, Attribution, Claim, Source, Statement
from claims.models.base import is_one_of
from claims.visibility import TRAIL_STEPS


def appearances_that_count(viewer: Any) -> QuerySet[Appearance]:
    """What the viewer may see of which statements make which claims; suggestions count for nobody."""
    return Appearance.objects.visible_to(viewer).current().filter(is_one_of(Statement.objects.confirmed(), "statement"))


def made_in(claims: QuerySet[Claim], appearances: QuerySet[Appearance]) -> QuerySet[Claim]:
    """Those of ``claims`` that one of ``appearances``, narrowed to the claim outside, makes or answers.

    Each with ``matching_statement``, its ``matching_article`` and ``matching_stance``: the claim's first statement
    where that is among them, else the one published first.
    """
    # Two subqueries and no CASE to order by: SQLite finds no column of the outer query in an ORDER BY.
    of_first = appearances.filter(statement=OuterRef("first_statement"))
    published = F("statement__version__article__published_at").asc(nulls_last=True)
    by_date = appearances.order_by(published, "statement_id")

    def matching(column: str) -> Coalesce:
        return Coalesce(Subquery(of_first.values(column)[:1]), Subquery(by_date.values(column)[:1]))

    return claims.filter(Exists(appearances)).annotate(
        matching_statement=matching("statement_id"),
        matching_article=matching("statement__version__article_id"),
        matching_stance=matching("stance"),
    )


def published_by(publishers: list[Publisher]) -> Q:
    """Whether one of ``publishers`` brought out the article of the statement, or what it republishes."""
    found, article = Q(), "statement__version__article"
    for _ in range(TRAIL_STEPS + 1):
        found |= Q(**{f"{article}__publisher__in": publishers})
        article += "__republishes"
    return found


def at_place(place: Q, sources: list[Source]) -> Q:
    """Whether one of ``sources`` stands at that place of the statement's chain."""
    return Q(Exists(Attribution.objects.current().filter(place, statement=OuterRef("statement"), source__in=sources)))


def start_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, dt.UTC)


def end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.max, dt.UTC)


PUBLISHED_AT = "statement__version__article__published_at"

MADE: dict[str, Callable[[Any], Q]] = {
    "root": lambda sources: at_place(Q(position=0), sources),
    "relay": lambda sources: at_place(Q(position__gte=1), sources),
    "source": lambda sources: at_place(Q(), sources),
    "publisher": published_by,
    "stance": lambda stances: Q(stance__in=stances),
    "published_after": lambda day: Q(**{f"{PUBLISHED_AT}__gte": start_of(day)}),
    "published_before": lambda day: Q(**{f"{PUBLISHED_AT}__lte": end_of(day)}),
}
"""By filter, what an appearance must meet."""

"""All that one viewer may see of one publisher."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef
from django.urls import reverse

from articles.models import Publisher
from claims.filters.articles import ArticleFilter, with_statement_counts
from claims.filters.base import address
from claims.filters.claims import appearances_that_count, made_in, published_by, shown_sources
from claims.models import Claim, Review, Source, sees_desk
from claims.records.source import SHOWN, ClaimSection
from claims.represent import ArticleRow, article_row, claim_row, fetch_chains, with_headlines
from claims.visibility import visible_articles


@dataclass(frozen=True)
class PublisherRecord:
    """One publisher's page; ``voice`` is the source that the publisher is, where it is one."""

    publisher: Publisher
    voice: Source | None
    articles: list[ArticleRow]
    article_count: int
    articles_url: str
    claims: ClaimSection
    reviews: list[Review]


def publisher_record(publisher: Publisher, user: Any) -> PublisherRecord:
    """The page of ``publisher``, in 9 queries."""
    articles = visible_articles(user).filter(publisher=publisher)
    newest = with_statement_counts(with_headlines(articles), user).order_by(*ArticleFilter.orders["newest"])[:SHOWN]
    reviews = Review.objects.visible_to(user).current().filter(reviewer=publisher)
    return PublisherRecord(
        publisher=publisher,
        voice=shown_sources(user).filter(publisher=publisher).first(),
        articles=[article_row(article) for article in newest],
        article_count=articles.count(),
        articles_url=address(reverse("article_list"), [("publisher", publisher.slug)]),
        claims=claims_in(publisher, user),
        reviews=list(reviews.select_related("claim", "rating").order_by("-reviewed_on", "-pk")[:SHOWN]),
    )


def claims_in(publisher: Publisher, user: Any) -> ClaimSection:
    """The claims that statements in what ``publisher`` brought out make."""
    made = appearances_that_count(user).filter(
        published_by([publisher], "statement__version__article"), claim=OuterRef("pk")
    )
    claims = made_in(Claim.objects.visible_to(user).current().newest_first(), made)
    rows = fetch_chains(claims[:SHOWN], user)
    desk = sees_desk(user)
    url = address(reverse("claim_list"), [("publisher", publisher.slug)])
    return ClaimSection("Claims in its pages", claims.count(), url, [claim_row(row, desk=desk) for row in rows])

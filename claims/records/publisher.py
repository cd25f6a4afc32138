"""All that one viewer may see of one publisher."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from articles.models import ArticleEntry, Publisher
from articles.search.entry import Walk
from articles.search.expression import Token, all_of
from articles.search.terms import ArticleFacet
from claims.filters.articles import ArticlePages, articles_at
from claims.filters.base import address
from claims.filters.claims import shown_sources
from claims.filters.paging import Place, Total
from claims.filters.told import appearances_that_count, published_by
from claims.models import Review, Source, sees_desk
from claims.records.sections import ClaimSection, Heading, claim_sections
from claims.records.source import SHOWN
from claims.represent import ArticleRow, article_row, fetch_headlines
from claims.search.terms import PUBLIC, Facet, term


@dataclass(frozen=True)
class PublisherRecord:
    """One publisher's page; ``voice`` is the source that the publisher is, where it is one."""

    publisher: Publisher
    voice: Source | None
    articles: list[ArticleRow]
    article_count: Total
    articles_url: str
    claims: ClaimSection
    reviews: list[Review]


def publisher_record(publisher: Publisher, user: Any) -> PublisherRecord:
    """The page of ``publisher``, in 10 queries."""
    articles = articles_of(publisher, user)
    newest = articles_at(articles.page(Place()).rows[:SHOWN], user)
    reviews = Review.objects.visible_to(user).current().filter(reviewer=publisher)
    return PublisherRecord(
        publisher=publisher,
        voice=shown_sources(user).filter(publisher=publisher).first(),
        articles=[article_row(article) for article in fetch_headlines(newest)],
        article_count=articles.total,
        articles_url=address(reverse("article_list"), [("publisher", publisher.slug)]),
        claims=claims_in(publisher, user),
        reviews=list(reviews.select_related("claim", "rating").order_by("-reviewed_on", "-pk")[:SHOWN]),
    )


def articles_of(publisher: Publisher, user: Any) -> ArticlePages:
    """What ``publisher`` brought out and ``user`` may see."""
    desk = sees_desk(user)
    wanted = all_of([Token(term(ArticleFacet.PUBLISHER, publisher.pk)), *([] if desk else [Token(PUBLIC)])])
    return ArticlePages(Walk(ArticleEntry, wanted), desk=desk)


def claims_in(publisher: Publisher, user: Any) -> ClaimSection:
    """The claims that statements in what ``publisher`` brought out make."""
    heading = Heading(
        "Claims in its pages",
        address(reverse("claim_list"), [("publisher", publisher.slug)]),
        term(Facet.PUBLISHER, publisher.pk),
        appearances_that_count(user).filter(published_by([publisher])),
    )
    (section,) = claim_sections([heading], user, shown=SHOWN)
    return section

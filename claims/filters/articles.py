"""The filters of the article list and of the publisher list."""

import datetime as dt
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Lower

from articles.models import PUBLISHED_RANK, Article, ArticleVersion, Publisher
from claims.filters.base import ListFilter, every_word, field_filter, sort_filter, words_filter
from claims.filters.claims import end_of, start_of
from claims.filters.fields import YES_OR_NO, ChoiceField, ChoicesField, DayField, NamesFilter
from claims.filters.sources import count_of
from claims.models import Statement
from claims.visibility import visible_articles, visible_publishers


def statements_of_articles(viewer: Any) -> QuerySet[Statement]:
    """The confirmed statements of the article outside that the viewer may see."""
    return Statement.objects.visible_to(viewer).confirmed().filter(version__article=OuterRef("pk"))


def with_statement_counts(articles: QuerySet[Article], viewer: Any) -> QuerySet[Article]:
    """``articles`` with ``statement_count``: how many confirmed statements each holds that the viewer may see."""
    return articles.annotate(statement_count=count_of(statements_of_articles(viewer), "pk"))


class ArticleFilter(ListFilter):
    """The articles that a viewer may see."""

    q = words_filter("Words in the headline")
    publisher = NamesFilter(
        label="Publisher",
        method="by_publisher",
        noun="publisher",
        suggest="suggest_publishers",
        candidates=visible_publishers,
    )
    kind = field_filter(ChoicesField, "Kind", "by_kind", choices=Article.Kind.choices)
    published_after = field_filter(DayField, "Published from", "by_published")
    published_before = field_filter(DayField, "Published up to", "by_published")
    statements = field_filter(ChoiceField, "Has statements", "by_statements", choices=YES_OR_NO)
    sort = sort_filter(newest="newest first", oldest="oldest first", statements="most statements")

    groups = (
        ("", ("q", "publisher", "sort")),
        ("Kind", ("kind", "statements")),
        ("Dates", ("published_after", "published_before")),
    )
    orders = {
        "newest": (PUBLISHED_RANK.desc(), "-id"),
        "oldest": (F("published_at").asc(nulls_last=True), "id"),
        "statements": (F("statement_count").desc(), PUBLISHED_RANK.desc(), "-id"),
    }

    def everything(self, viewer: Any) -> QuerySet[Article]:
        return with_statement_counts(visible_articles(viewer), viewer)

    def matching(self, articles: QuerySet[Article], _name: str, words: str) -> QuerySet[Article]:
        """In the newest headline, which is the one that lists show."""
        newer = ArticleVersion.objects.filter(article=OuterRef("article"), number__gt=OuterRef("number"))
        newest = ArticleVersion.objects.filter(~Exists(newer), article=OuterRef("pk"))
        return articles.filter(Exists(newest.filter(every_word(words, "headline"))))

    def by_publisher(self, articles: QuerySet[Article], _name: str, publishers: list[Publisher]) -> QuerySet[Article]:
        return articles.filter(publisher__in=publishers)

    def by_kind(self, articles: QuerySet[Article], _name: str, kinds: list[str]) -> QuerySet[Article]:
        return articles.filter(kind__in=kinds)

    def by_published(self, articles: QuerySet[Article], name: str, day: dt.date) -> QuerySet[Article]:
        if name == "published_after":
            return articles.filter(published_at__gte=start_of(day))
        return articles.filter(published_at__lte=end_of(day))

    def by_statements(self, articles: QuerySet[Article], _name: str, answer: str) -> QuerySet[Article]:
        there = Exists(statements_of_articles(self.viewer))
        return articles.filter(there if answer == "yes" else ~there)


class PublisherFilter(ListFilter):
    """The publishers that a viewer may see."""

    q = words_filter("Name")
    kind = field_filter(ChoicesField, "Kind", "by_kind", choices=Publisher.Kind.choices)
    sort = sort_filter(name="name", articles="most articles")

    groups = (("", ("q", "kind", "sort")),)
    looked_in = ("name",)
    orders = {"name": (Lower("name"), "id"), "articles": (F("article_count").desc(), Lower("name"), "id")}

    def everything(self, viewer: Any) -> QuerySet[Publisher]:
        return with_article_counts(visible_publishers(viewer), viewer)

    def by_kind(self, publishers: QuerySet[Publisher], _name: str, kinds: list[str]) -> QuerySet[Publisher]:
        return publishers.filter(kind__in=kinds)


def with_article_counts(publishers: QuerySet[Publisher], viewer: Any) -> QuerySet[Publisher]:
    """``publishers`` with ``article_count``: how many articles each brought out that the viewer may see."""
    theirs = visible_articles(viewer).filter(publisher=OuterRef("pk"))
    return publishers.annotate(article_count=count_of(theirs, "pk"))

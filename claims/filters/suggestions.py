"""The filters of the queue of suggested statements."""

from typing import Any

from django.db.models import QuerySet

from articles.models import ArticleVersion
from claims.filters.base import ListFilter, field_filter
from claims.filters.fields import ChoicesField, NamesFilter, NumberField, WordsField
from claims.models import QuotationType, Statement
from claims.visibility import visible_publishers

TYPES = [choice for choice in QuotationType.choices if choice[0] != QuotationType.OWN]


class SuggestionFilter(ListFilter):
    """The statements that wait for a decision, those of the newest article first; of each its number alone, since all
    that wait are put in order for a page of them."""

    publisher = NamesFilter(
        label="Publisher",
        method="published_by",
        noun="publisher",
        suggest="suggest_publishers",
        candidates=visible_publishers,
    )
    article = field_filter(NumberField, "Article", "in_article", min_value=1)
    type = field_filter(ChoicesField, "Quotation type", "of_type", choices=TYPES)
    confidence = field_filter(NumberField, "Confidence from, in %", "sure", max_value=100)
    method = field_filter(WordsField, "Method", "made_by")

    groups = (("", ("publisher", "type", "confidence", "method")),)
    orders = {"": ("-version__article__entry__key", "-version__number", "start", "id")}

    def everything(self, viewer: Any) -> QuerySet[Statement]:
        return Statement.objects.visible_to(viewer).current().filter(state=Statement.State.SUGGESTED).only("pk")

    def published_by(self, rows: QuerySet[Statement], _name: str, publishers: list[Any]) -> QuerySet[Statement]:
        return rows.filter(version__article__publisher__in=[publisher.pk for publisher in publishers])

    def in_article(self, rows: QuerySet[Statement], _name: str, article: int) -> QuerySet[Statement]:
        return rows.filter(version__article=article)

    def of_type(self, rows: QuerySet[Statement], _name: str, types: list[str]) -> QuerySet[Statement]:
        return rows.filter(quotation_type__in=types)

    def sure(self, rows: QuerySet[Statement], _name: str, percent: int) -> QuerySet[Statement]:
        return rows.filter(confidence__gte=percent / 100)

    def made_by(self, rows: QuerySet[Statement], _name: str, method: str) -> QuerySet[Statement]:
        return rows.filter(method=method)

    def label_of(self, name: str, text: str) -> str:
        """An article is read by its headline. One query."""
        if name != "article":
            return super().label_of(name, text)
        headlines = (
            ArticleVersion.objects.filter(article=int(text)).order_by("-number").values_list("headline", flat=True)
        )
        return headlines.first() or text

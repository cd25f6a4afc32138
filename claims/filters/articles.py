"""The filters of the article list and of the publisher list."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower
from django.utils.functional import cached_property

from articles.entries import UNKNOWN_DAY
from articles.models import Article, ArticleEntry, Publisher
from articles.search.entry import DAY, LAST_KEY, Walk, first_key_of
from articles.search.expression import Expression, Token, Within, all_of, any_of
from articles.search.terms import WHOLE_TEXT, ArticleFacet
from claims.filters.base import ListFilter, field_filter, sort_filter, words_filter
from claims.filters.claim_pages import RANKED, Pages
from claims.filters.fields import YES_OR_NO, ChoicesField, DayField, LanguagesField, NamesFilter, YearsField
from claims.filters.paging import CAP, Page, Total, page_of
from claims.filters.traits import Tally, Trait, TraitFilter, choices, languages, publishers, years
from claims.models import Statement
from claims.models.term import claims_with
from claims.search.articles import SHOWN, TOLD
from claims.search.terms import NO_VALUE, PUBLIC, Facet, language_term, split, term
from claims.visibility import visible_publishers


def with_statement_counts(articles: QuerySet[Article], viewer: Any) -> QuerySet[Article]:
    """``articles`` with ``statement_count``: how many confirmed statements each holds that the viewer may see."""
    theirs = Statement.objects.visible_to(viewer).confirmed().filter(version__article=OuterRef("pk"))
    counts = theirs.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    return articles.annotate(statement_count=Coalesce(Subquery(counts, output_field=IntegerField()), 0))


class ArticlePages(Pages):
    """The pages of the article list. Nobody keeps counts of articles: they are counted as far as ``CAP``."""

    def _counted(self) -> int | None:
        return None


class ArticleFilter(ListFilter):
    """The articles that a viewer may see, by the words of their newest texts and by what they are.

    The public searches the headlines of all, and the texts of those that everybody may read.
    """

    q = words_filter("Words")
    publisher = NamesFilter(
        label="Publisher",
        method="keep",
        noun="publisher",
        suggest="suggest_publishers",
        candidates=visible_publishers,
        or_none=True,
    )
    kind = field_filter(ChoicesField, "Kind", "keep", choices=Article.Kind.choices)
    language = field_filter(LanguagesField, "Language", "keep")
    year = field_filter(YearsField, "Year", "keep")
    statements = field_filter(ChoicesField, "Has statements", "keep", choices=YES_OR_NO)
    published_after = field_filter(DayField, "Published from", "keep")
    published_before = field_filter(DayField, "Published up to", "keep")
    sort = sort_filter(
        newest="newest first", oldest="oldest first", relevance="best match first", statements="most statements"
    )

    speaks = True
    negatable = ("publisher", "kind", "language", "year", "statements")
    groups = (("", ("publisher", "sort")), ("Dates", ("published_after", "published_before")))
    orders = {
        "newest": ("-entry__key",),
        "oldest": ("undated", "entry__key"),
        "relevance": ("-entry__key",),
        "statements": ("-statement_count", "-entry__key"),
    }
    traits = {
        "kind": Trait(choices(Article.Kind.choices)),
        "publisher": Trait(publishers, none="unknown"),
        "statements": Trait(choices(YES_OR_NO), in_order=True),
        "language": Trait(languages),
        "year": Trait(years, none="unknown", in_order=True),
    }

    def everything(self, viewer: Any) -> QuerySet[Article]:
        return Article.objects.all()

    def filter_queryset(self, queryset: QuerySet[Article]) -> QuerySet[Article]:
        walk = self.walk()
        found = queryset.filter(entry__key__gte=walk.low, entry__key__lt=walk.high).search(walk.wanted)  # type: ignore[attr-defined]
        if self.sort == "oldest":
            found = found.annotate(undated=Q(entry__key__lt=FIRST_DATED_KEY))
        if self.sort == "statements":
            found = with_statement_counts(found, self.viewer)
        return found.order_by(*self.orders[self.sort])

    @cached_property
    def pages(self) -> ArticlePages:
        return ArticlePages(self.walk(), desk=self.desk)

    @property
    def total(self) -> Total:
        return self.pages.total if self.is_valid() else Total(0)

    def page(self) -> Page:
        """The page that was asked for."""
        if self.sort == "relevance":
            page = self.pages.ranked(self.place)
        elif self.sort == "newest":
            page = self.pages.page(self.place)
        elif self.sort == "oldest":
            page = page_of(self.qs.select_related("entry").only("pk", "entry__key"), self.place, self.total)
            page = replace(page, rows=[article.entry.key for article in page.rows])
        else:
            return page_of(self.most_told().select_related("publisher"), self.place, self.total)
        return replace(page, rows=articles_at(page.rows, self.viewer))

    def can_sort_by(self, sort: str) -> bool:
        # The order of the best matches would tell of texts that the public may not read.
        return super().can_sort_by(sort) and (sort != "relevance" or self.desk)

    def most_told(self) -> QuerySet[Article]:
        """What the list shows, of a long list its newest part: all that are ordered must be counted."""
        oldest = self.walk().newest(1, offset=RANKED - 1)
        return self.qs.filter(entry__key__gte=oldest[0]) if oldest else self.qs

    def walk(self, *, but: str = "") -> Walk:
        """The way through the entries to what the list shows, or would show without the facet ``but``."""
        low, high = self.bounds()
        return Walk(ArticleEntry, self.wanted(but=but), low, high)

    def wanted(self, *, but: str = "") -> Expression:
        """What the inverted index is asked for: the words and the facets."""
        parts: list[Expression] = [] if self.desk else [Token(PUBLIC)]
        without: list[Expression] = []
        if self.words is not None:
            parts.append(self.words if self.desk else in_public_text(self.words))
        for name in self.filters:
            facet, values = name.removeprefix("-"), self.values.get(name)
            if values and facet in TERMS and name != but:
                met = any_of(TERMS[facet](values, self.desk))
                (without if name.startswith("-") else parts).append(met)
        return all_of(parts, without)

    def bounds(self) -> tuple[int, int]:
        """The keys between which the days of publication lie."""
        after, before = self.values.get("published_after"), self.values.get("published_before")
        low = max(first_key_of(after), FIRST_DATED_KEY) if after else FIRST_DATED_KEY if before else 1
        return low, first_key_of(before) + DAY if before else LAST_KEY

    def tally(self, *, but: str = "") -> Tally:
        """All facets counted among the rows without the facet ``but``, by their terms. One query."""
        found = self.walk(but=but).some(CAP + 1, column="terms")
        counts: dict[str, Counter[str]] = {name: Counter() for name in self.traits}
        told = TOLD if self.desk else SHOWN
        for terms in found[:CAP]:
            held = terms.split()
            counts["statements"]["yes" if told in held else "no"] += 1
            for letter, value in map(split, held):
                if letter in FACETS:
                    counts[FACETS[letter]][value] += 1
        return Tally(counts, len(found) > CAP)


FIRST_DATED_KEY = first_key_of(UNKNOWN_DAY + dt.timedelta(days=1))
"""Articles that nobody knows the date of are listed under the first day of all."""

FACETS: dict[str, str] = {
    ArticleFacet.KIND: "kind",
    ArticleFacet.PUBLISHER: "publisher",
    ArticleFacet.LANGUAGE: "language",
    ArticleFacet.YEAR: "year",
}


def in_public_text(words: Expression) -> Expression:
    """``words`` in what everybody may read: headlines and publishers, and some texts."""
    whole = Token(WHOLE_TEXT)
    return any_of([all_of([Within(("title", "names"), words)], [whole]), all_of([words, whole])])


def articles_at(keys: Sequence[int], viewer: Any) -> list[Article]:
    """The articles with those keys, in their order, each with its ``statement_count``. One query."""
    found = with_statement_counts(Article.objects.filter(entry__in=keys), viewer).annotate(key=F("entry__key"))
    by_key = {article.key: article for article in found.select_related("publisher")}
    return [by_key[key] for key in keys if key in by_key]


def _terms_of_statements(answers: Iterable[str], desk: bool) -> list[Expression]:
    told = Token(TOLD if desk else SHOWN)
    return [told if answer == "yes" else all_of((), [told]) for answer in answers]


TERMS: dict[str, Callable[[Any, bool], list[Expression]]] = {
    "publisher": lambda rows, _desk: [Token(term(ArticleFacet.PUBLISHER, row.pk)) for row in rows],
    "kind": lambda kinds, _desk: [Token(term(ArticleFacet.KIND, kind)) for kind in kinds],
    "language": lambda tags, _desk: [Token(language_term(tag)) for tag in tags],
    "year": lambda found, _desk: [
        Token(term(ArticleFacet.YEAR, year if year == NO_VALUE else int(year))) for year in found
    ],
    "statements": _terms_of_statements,
}
"""By filter, what the index is asked for of its values, for the desk or the public: any of them will do."""


class PublisherFilter(TraitFilter):
    """The publishers that a viewer may see, each with how many claims come from its pages."""

    q = words_filter("Name")
    kind = field_filter(ChoicesField, "Kind", "keep", choices=Publisher.Kind.choices)
    sort = sort_filter(name="name", claims="most claims")

    negatable = ("kind",)
    groups = (("", ("sort",)),)
    looked_in = ("name",)
    orders = {"name": (Lower("name"), "id"), "claims": (F("claim_count").desc(), Lower("name"), "id")}
    conditions = {"kind": lambda kinds, _listing: Q(kind__in=kinds)}
    traits = {"kind": Trait(choices(Publisher.Kind.choices), columns=("kind",))}

    def everything(self, viewer: Any) -> QuerySet[Publisher]:
        return visible_publishers(viewer)

    def counted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.annotate(claim_count=claims_with(Facet.PUBLISHER, desk=self.desk))

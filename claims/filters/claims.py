"""The filters of the claim list."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import product
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import cached_property

from articles.rows import Among
from articles.search.entry import DAY, LAST_KEY, Walk, first_key_of
from articles.search.expression import Expression, Token, all_of, any_of
from claims.columns import Column, columns_shown
from claims.filters.base import ListFilter, field_filter, sort_filter, words_filter
from claims.filters.claim_pages import Pages
from claims.filters.fields import (
    ChoicesField,
    ColumnsFilter,
    DayField,
    LanguagesField,
    NamesFilter,
    NumberField,
    RatingsFilter,
    YearsField,
)
from claims.filters.paging import Page, Total, page_of
from claims.filters.told import MADE, PUBLISHED_AT
from claims.models import Appearance, Claim, ClaimEntry, RatingLevel, Source, Statement, Tag, Verdict
from claims.models.claim import ClaimQuerySet, TagQuerySet
from claims.models.source import SourceQuerySet
from claims.search.chains import with_entries
from claims.search.terms import (
    MANY,
    NEEDS,
    NO_VALUE,
    PARTS,
    PUBLIC,
    Facet,
    language_term,
    root_term,
    term,
)
from claims.visibility import visible_publishers


def shown_sources(viewer: Any) -> SourceQuerySet:
    return Source.objects.visible_to(viewer).current()


def shown_tags(viewer: Any) -> TagQuerySet:
    return Tag.objects.visible_to(viewer).current()


def shown_ratings(viewer: Any) -> QuerySet[RatingLevel]:
    return RatingLevel.objects.visible_to(viewer).current().select_related("scale")


SOURCES = [*((str(number), str(number)) for number in range(MANY)), (str(MANY), f"{MANY} or more")]
VERDICTS = [*Verdict.choices, (NO_VALUE, "no verdict yet")]


def source_filter(label: str) -> NamesFilter:
    return NamesFilter(
        label=label,
        method="keep",
        noun="source",
        suggest="suggest_sources",
        candidates=shown_sources,
        aliases=True,
        or_none=True,
    )


class ClaimFilter(ListFilter):
    """The claims that a viewer may see, by what they say, who said it, and what is known about it.

    Filters on statements hold together: ``root=kremlin&stance=denies`` finds what the Kremlin denies, not
    what it says and somebody else denies. Several values of one filter mean any of them, but for ``has``
    and ``lacks``, which mean all. A parameter with a minus before it takes away what the same without finds.
    """

    q = words_filter("Words")
    tag = NamesFilter(
        label="Tag", method="keep", noun="tag", suggest="suggest_tags", candidates=shown_tags, or_none=True
    )
    root = source_filter("Said by")
    relay = source_filter("Passed on by")
    source = source_filter("Anywhere in the chain")
    publisher = NamesFilter(
        label="Published by",
        method="keep",
        noun="publisher",
        suggest="suggest_publishers",
        candidates=visible_publishers,
        or_none=True,
    )
    stance = field_filter(ChoicesField, "Stance", "keep", choices=Appearance.Stance.choices)
    kind = field_filter(ChoicesField, "Kind", "keep", choices=Claim.Kind.choices)
    status = field_filter(ChoicesField, "Status", "keep", choices=Claim.Status.choices)
    verdict = field_filter(ChoicesField, "Verdict", "keep", choices=VERDICTS)
    rating = RatingsFilter(label="Rated", method="keep", candidates=shown_ratings)
    language = field_filter(LanguagesField, "Language", "keep")
    year = field_filter(YearsField, "Year", "keep")
    sources = field_filter(ChoicesField, "Independent sources", "keep", choices=SOURCES)
    needs = field_filter(ChoicesField, "Needs work", "keep", choices=list(NEEDS.items()))
    has = field_filter(ChoicesField, "Has", "keep", choices=list(PARTS.items()))
    lacks = field_filter(ChoicesField, "Lacks", "keep", choices=list(PARTS.items()))
    said_after = field_filter(DayField, "First said from", "keep")
    said_before = field_filter(DayField, "First said up to", "keep")
    published_after = field_filter(DayField, "Published from", "keep")
    published_before = field_filter(DayField, "Published up to", "keep")
    sources_min = field_filter(NumberField, "Independent sources, at least", "keep")
    sources_max = field_filter(NumberField, "Independent sources, at most", "keep")
    sort = sort_filter(
        newest="newest first",
        oldest="oldest first",
        relevance="best match first",
        sources="most independent sources",
        statements="most statements",
        updated="last changed",
    )
    cols = ColumnsFilter(label="Columns", method="keep")

    speaks = True
    negatable = (
        *("tag", "root", "relay", "source", "publisher", "stance", "kind", "status", "verdict", "rating"),
        *("language", "year", "sources", "needs"),
    )
    groups = (
        ("Dates", ("said_after", "said_before", "published_after", "published_before")),
        ("How well sourced", ("sources_min", "sources_max")),
        ("Has or lacks", ("has", "lacks")),
    )
    desk_only = ("status", "-status")
    of_statements = ("root", "relay", "source", "publisher", "stance", "published_after", "published_before")
    orders = {
        "newest": ("-entry__key",),
        "oldest": ("undated", "entry__key"),
        "relevance": ("-entry__key",),
        "sources": ("-independent_sources", "-entry__key"),
        "statements": ("-statement_count", "-entry__key"),
        "updated": ("-updated_at", "-id"),
    }

    def everything(self, viewer: Any) -> ClaimQuerySet:
        return Claim.objects.all()

    def filter_queryset(self, queryset: Any) -> QuerySet[Claim]:
        walk = self.walk()
        found = queryset.filter(entry__key__gte=walk.low, entry__key__lt=walk.high).matching(walk.wanted)
        if walk.records is not None:
            found = found.filter(self.beyond_terms())
        if self.sort == "oldest":
            found = found.annotate(undated=Q(entry__key__lt=FIRST_DATED_KEY))
        return found.order_by(*self.orders[self.sort])

    @property
    def columns(self) -> list[Column]:
        """What the list shows of each claim, in that order; the text always first."""
        return columns_shown(self.values.get("cols") or (), desk=self.desk)

    @cached_property
    def pages(self) -> Pages:
        return Pages(self.walk(), desk=self.desk)

    @property
    def total(self) -> Total:
        return self.pages.total if self.is_valid() else Total(0)

    @property
    def ranks(self) -> bool:
        """Whether the best match stands first."""
        return self.sort == "relevance"

    def page(self) -> Page:
        """The page that was asked for; its rows are claims with their entries."""
        if self.ranks:
            page = self.pages.ranked(self.place)
        elif self.sort == "newest":
            page = self.pages.page(self.place)
        else:
            page = page_of(self.qs.select_related("entry").only("pk", "entry__key"), self.place, self.total)
            page = replace(page, rows=[claim.entry.key for claim in page.rows])
        return replace(page, rows=self.claims_at(page.rows))

    def claims_at(self, keys: Iterable[int]) -> list[Claim]:
        """The claims with those keys, in their order, each with its entry; where the list asks for a statement,
        with the one that it was found by."""
        reads = [name for column in self.columns for name in column.reads]
        listed = with_entries(CURRENT, *reads) if reads else LISTED
        claims = listed.visible_to(self.viewer).filter(entry__in=keys)
        by_key = {claim.entry.key: claim for claim in claims}
        if self.asked_of_statements():
            self._tell_matching(by_key.values())
        return [by_key[key] for key in keys if key in by_key]

    def _tell_matching(self, claims: Iterable[Claim]) -> None:
        """Which statement each claim was found by: its first where that is one, else the one published first."""
        found: dict[int, Any] = {claim.pk: claim for claim in claims}
        made = Appearance.objects.filter(Among("claim_id", found), withdrawn_at=None).order_by()
        for name in self.asked_of_statements():
            made = made.filter(MADE[name](self.values[name]))
        columns = ("claim_id", "statement__state", "statement__withdrawn_at", PUBLISHED_AT)
        shown = ("statement_id", "statement__version__article_id", "stance")
        candidates: dict[int, list[Any]] = defaultdict(list)
        for claim, state, withdrawn_at, published_at, *told in made.values_list(*columns, *shown):
            if state == Statement.State.CONFIRMED and withdrawn_at is None:
                first = told[0] == found[claim].first_statement_id
                candidates[claim].append(((not first, published_at is None, published_at or 0, told[0]), told))
        for pk, ranked in candidates.items():
            claim = found[pk]
            claim.matching_statement, claim.matching_article, claim.matching_stance = min(ranked)[1]

    def walk(self, *, but: str = "") -> Walk:
        """The way through the entries to what the list shows, or would show without the filter ``but``."""
        low, high = self.bounds()
        beyond = self.beyond_terms(but=but)
        records = Claim.objects.filter(beyond) if beyond else None
        return Walk(ClaimEntry, self.wanted(but=but), low, high, records)

    def wanted(self, *, but: str = "") -> Expression:
        """What the inverted index can tell: the words and the facets, each filter on its own."""
        parts: list[Expression] = [] if self.desk else [Token(PUBLIC)]
        without: list[Expression] = []
        if self.words is not None:
            parts.append(self.words)
        for name in self.filters:
            facet = name.removeprefix("-")
            values = self.values.get(name)
            if not values or facet not in TERMS or name == but:
                continue
            terms = TERMS[facet](values, self.desk)
            if name == "has":
                parts += terms
            elif name.startswith("-") or name == "lacks":
                without += terms
            else:
                parts.append(any_of(terms))
        if {"root", "stance"} <= set(self.asked_of_statements(but=but)):
            pairs = product(self.values["root"], self.values["stance"])
            parts.append(any_of(Token(root_term(source.pk, stance)) for source, stance in pairs))
        parts += self._number_terms()
        return all_of(parts, without)

    def _number_terms(self) -> list[Expression]:
        least, most = self.values.get("sources_min"), self.values.get("sources_max")
        if least is None and most is None:
            return []
        numbers = range(min(least or 0, MANY), min(MANY if most is None else most, MANY) + 1)
        return [any_of(Token(term(Facet.SOURCES, number)) for number in numbers)]

    def bounds(self) -> tuple[int, int]:
        """The keys between which the dates lie. A vague date is listed under its last day, and is in where any
        day of it is: so the upper bound is the end of the year, and ``beyond_terms`` looks closer."""
        after, before = self.values.get("said_after"), self.values.get("said_before")
        low = max(first_key_of(after), FIRST_DATED_KEY) if after else FIRST_DATED_KEY if before else 1
        high = first_key_of(dt.date(before.year, 12, 31)) + DAY if before else LAST_KEY
        return low, high

    def beyond_terms(self, *, but: str = "") -> Q:
        """What the index cannot tell: days within a year, numbers that share a term, and what must hold of one
        and the same statement."""
        beyond = Q()
        values = self.values
        before = values.get("said_before")
        if before and (before.month, before.day) != (12, 31):
            beyond &= Q(first_said_on__lte=before)
        if (values.get("sources_min") or 0) > MANY:
            beyond &= Q(independent_sources__gte=values["sources_min"])
        if (values.get("sources_max") or 0) >= MANY:
            beyond &= Q(independent_sources__lte=values["sources_max"])
        asked = set(self.asked_of_statements(but=but))
        if asked and asked != {"root", "stance"} and (len(asked) > 1 or asked <= DATED):
            beyond &= Q(Exists(self.made(but=but).filter(claim=OuterRef("pk"))))
        return beyond

    def asked_of_statements(self, *, but: str = "") -> list[str]:
        """The filters in use that must hold of one and the same statement. One that asks for "none" among others
        is asked of the claim as a whole."""
        return [
            name
            for name in self.of_statements
            if name != but and self.values.get(name) and not _asks_for_none(self.values[name])
        ]

    def made(self, *, but: str = "") -> QuerySet[Appearance]:
        """The appearances, in whatever claims, that count and meet all that is asked of statements."""
        made = Appearance.objects.current().filter(
            statement__state=Statement.State.CONFIRMED, statement__withdrawn_at=None
        )
        for name in self.asked_of_statements(but=but):
            made = made.filter(MADE[name](self.values[name]))
        return made


FIRST_DATED_KEY = first_key_of(dt.date(1, 1, 2))
"""Claims that nobody knows the date of are listed under the first day of all."""

CURRENT = Claim.objects.current().order_by()
LISTED = with_entries(CURRENT)
"""The claims with what a list shows of each unless more columns are chosen. Made once, for every page asks for it."""

DATED = {"published_after", "published_before"}
"""What no entry tells, not even of a single filter."""


def _asks_for_none(values: Any) -> bool:
    return isinstance(values, list) and any(getattr(value, "pk", None) == NO_VALUE for value in values)


def _of_rows(facet: Facet) -> Callable[[list[Any], bool], list[Expression]]:
    return lambda rows, _desk: [Token(term(facet, row.pk)) for row in rows]


def _of_values(facet: Facet) -> Callable[[list[Any], bool], list[Expression]]:
    return lambda values, _desk: [Token(term(facet, value)) for value in values]


def _of_viewers(desk_facet: Facet, public_facet: Facet) -> Callable[[list[Any], bool], list[Expression]]:
    return lambda values, desk: [Token(term(desk_facet if desk else public_facet, value)) for value in values]


def _of_years(years: Iterable[str], _desk: bool) -> list[Expression]:
    return [Token(term(Facet.YEAR, year if year == NO_VALUE else int(year))) for year in years]


def _of_languages(languages: Iterable[str], _desk: bool) -> list[Expression]:
    return [Token(language_term(language)) for language in languages]


TERMS: dict[str, Callable[[list[Any], bool], list[Expression]]] = {
    "tag": _of_rows(Facet.TAG),
    "root": _of_rows(Facet.ROOT),
    "relay": _of_rows(Facet.RELAY),
    "source": _of_rows(Facet.SOURCE),
    "publisher": _of_rows(Facet.PUBLISHER),
    "stance": _of_values(Facet.STANCE),
    "kind": _of_values(Facet.KIND),
    "status": _of_values(Facet.STATUS),
    "verdict": _of_values(Facet.VERDICT),
    "rating": _of_rows(Facet.RATING),
    "language": _of_languages,
    "year": _of_years,
    "sources": _of_values(Facet.SOURCES),
    "needs": _of_viewers(Facet.NEEDS, Facet.PUBLIC_NEEDS),
    "has": _of_viewers(Facet.HAS, Facet.PUBLIC_HAS),
    "lacks": _of_viewers(Facet.HAS, Facet.PUBLIC_HAS),
}
"""By filter, the terms of its values, for the desk or the public: any of them will do, but for ``has``."""

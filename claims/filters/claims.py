"""The filters of the claim list."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, NullIf

from articles.models import Publisher
from claims.filters.base import ListFilter, field_filter, sort_filter, words_filter
from claims.filters.fields import YES_OR_NO, ChoiceField, ChoicesField, DayField, NamesFilter, NumberField
from claims.models import Appearance, Attribution, Claim, ClaimLink, Evidence, Review, Source, Statement, Tag, Verdict
from claims.models.claim import UNKNOWN_RANK, ClaimQuerySet, TagQuerySet
from claims.models.source import SourceQuerySet
from claims.visibility import visible_publishers


def shown_sources(viewer: Any) -> SourceQuerySet:
    return Source.objects.visible_to(viewer).current()


def shown_tags(viewer: Any) -> TagQuerySet:
    return Tag.objects.visible_to(viewer).current()


def appearances_that_count(viewer: Any) -> QuerySet[Appearance]:
    """What the viewer may see of which statements make which claims; suggestions count for nobody."""
    return Appearance.objects.visible_to(viewer).current().filter(statement__in=Statement.objects.confirmed())


def made_in(claims: QuerySet[Claim], appearances: QuerySet[Appearance]) -> QuerySet[Claim]:
    """Those of ``claims`` that one of ``appearances``, narrowed to the claim outside, makes or answers.

    Each with ``matching_statement`` and ``matching_stance``: the claim's first statement where that is among
    them, else the one published first.
    """
    # Two subqueries and no CASE to order by: SQLite finds no column of the outer query in an ORDER BY.
    of_first = appearances.filter(statement=OuterRef("first_statement"))
    published = F("statement__version__article__published_at").asc(nulls_last=True)
    by_date = appearances.order_by(published, "statement_id")

    def matching(column: str) -> Coalesce:
        return Coalesce(Subquery(of_first.values(column)[:1]), Subquery(by_date.values(column)[:1]))

    return claims.filter(Exists(appearances)).annotate(
        matching_statement=matching("statement_id"), matching_stance=matching("stance")
    )


def links_that_count(viewer: Any) -> QuerySet[ClaimLink]:
    """The confirmed cross-references that the viewer may see."""
    return ClaimLink.objects.visible_to(viewer).confirmed()


def published_by(publishers: list[Publisher], article: str) -> Q:
    """Whether one of ``publishers`` brought out the article at the path ``article``, or what it republishes."""
    record = f"{article}__republishes"
    return (
        Q(**{f"{article}__publisher__in": publishers})
        | Q(**{f"{record}__publisher__in": publishers})
        | Q(**{f"{record}__republishes__publisher__in": publishers})
    )


def start_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, dt.UTC)


def end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.max, dt.UTC)


PARTS: dict[str, tuple[str, Callable[[Any], Q]]] = {
    "statement": (
        "statement",
        lambda viewer: Q(Exists(appearances_that_count(viewer).filter(claim=OuterRef("pk")))),
    ),
    "cross_reference": (
        "cross-reference",
        lambda viewer: (
            Q(Exists(links_that_count(viewer).filter(from_claim=OuterRef("pk"))))
            | Q(Exists(links_that_count(viewer).filter(to_claim=OuterRef("pk"))))
        ),
    ),
    "evidence": (
        "evidence",
        lambda viewer: Q(Exists(Evidence.objects.visible_to(viewer).current().filter(claim=OuterRef("pk")))),
    ),
    "review": (
        "review",
        lambda viewer: Q(Exists(Review.objects.visible_to(viewer).current().filter(claim=OuterRef("pk")))),
    ),
}
"""What a claim may have or lack: its label, and whether a viewer sees one."""

PART_CHOICES = [(name, label) for name, (label, _) in PARTS.items()]
POSITIONS: dict[str, Q] = {"root": Q(position=0), "relay": Q(position__gte=1), "source": Q()}
VERDICTS = [*Verdict.choices, ("none", "not checked yet")]


def source_filter(label: str) -> NamesFilter:
    return NamesFilter(
        label=label, method="at_place", noun="source", suggest="suggest_sources", candidates=shown_sources, aliases=True
    )


class ClaimFilter(ListFilter):
    """The claims that a viewer may see, by what they say, who said it, and what is known about it.

    Filters on statements hold together: ``root=kremlin&stance=denies`` finds what the Kremlin denies, not
    what it says and somebody else denies. Several values of one filter mean any of them, but for ``has``
    and ``lacks``, which mean all.
    """

    q = words_filter("Words")
    tag = NamesFilter(label="Tag", method="by_tag", noun="tag", suggest="suggest_tags", candidates=shown_tags)
    root = source_filter("Said by")
    relay = source_filter("Passed on by")
    source = source_filter("Anywhere in the chain")
    publisher = NamesFilter(
        label="Published by",
        method="by_publisher",
        noun="publisher",
        suggest="suggest_publishers",
        candidates=visible_publishers,
    )
    stance = field_filter(ChoicesField, "Stance", "by_stance", choices=Appearance.Stance.choices)
    published_after = field_filter(DayField, "Published from", "by_published")
    published_before = field_filter(DayField, "Published up to", "by_published")
    kind = field_filter(ChoicesField, "Kind", "by_column", choices=Claim.Kind.choices)
    status = field_filter(ChoicesField, "Status", "by_column", choices=Claim.Status.choices)
    verdict = field_filter(ChoicesField, "Verdict", "by_verdict", choices=VERDICTS)
    said_after = field_filter(DayField, "First said from", "by_said")
    said_before = field_filter(DayField, "First said up to", "by_said")
    sources_min = field_filter(NumberField, "Independent sources, at least", "by_sources")
    sources_max = field_filter(NumberField, "Independent sources, at most", "by_sources")
    single_source = field_filter(ChoiceField, "Single source", "by_count", choices=YES_OR_NO)
    unsourced = field_filter(ChoiceField, "Unsourced", "by_count", choices=YES_OR_NO)
    circular = field_filter(ChoiceField, "Circular", "by_circle", choices=YES_OR_NO)
    has = field_filter(ChoicesField, "Has", "by_part", choices=PART_CHOICES)
    lacks = field_filter(ChoicesField, "Lacks", "by_part", choices=PART_CHOICES)
    sort = sort_filter(
        newest="newest first",
        oldest="oldest first",
        sources="most independent sources",
        statements="most statements",
        updated="last changed",
    )

    groups = (
        ("", ("q", "tag", "root", "sort")),
        ("Who passed it on", ("relay", "source", "publisher")),
        ("Kind and stance", ("kind", "stance")),
        ("Verdict and status", ("verdict", "status")),
        ("Dates", ("said_after", "said_before", "published_after", "published_before")),
        ("How well sourced", ("sources_min", "sources_max", "single_source", "unsourced", "circular")),
        ("Has or lacks", ("has", "lacks")),
    )
    desk_only = ("status",)
    of_statements = ("root", "relay", "source", "publisher", "stance", "published_after", "published_before")
    orders = {
        "newest": ("-first_said_rank", "-id"),
        # Unknown dates rank as the year 1: last here too.
        "oldest": (NullIf(F("first_said_rank"), UNKNOWN_RANK).asc(nulls_last=True), "id"),
        "sources": ("-independent_sources", "-first_said_rank", "-id"),
        "statements": ("-statement_count", "-first_said_rank", "-id"),
        "updated": ("-updated_at", "-id"),
    }

    def everything(self, viewer: Any) -> QuerySet[Claim]:
        return Claim.objects.visible_to(viewer).current()

    def filter_queryset(self, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        """One appearance must meet all that is asked of statements, so those filters narrow one subquery."""
        values = self.values
        appearances = appearances_that_count(self.viewer).filter(claim=OuterRef("pk"))
        for name, chosen in self.filters.items():
            if name in self.of_statements:
                appearances = chosen.filter(appearances, values[name])
            else:
                queryset = chosen.filter(queryset, values[name])
        if any(values[name] for name in self.of_statements):
            queryset = made_in(queryset, appearances)
        return queryset.order_by(*self.orders[self.sort])

    def matching(self, claims: ClaimQuerySet, _name: str, words: str) -> QuerySet[Claim]:
        return claims.matching(words)

    def by_tag(self, claims: ClaimQuerySet, _name: str, tags: list[Tag]) -> QuerySet[Claim]:
        return claims.about(*tags)

    def by_column(self, claims: QuerySet[Claim], name: str, values: list[str]) -> QuerySet[Claim]:
        return claims.filter(**{f"{name}__in": values})

    def by_verdict(self, claims: QuerySet[Claim], _name: str, verdicts: list[str]) -> QuerySet[Claim]:
        return claims.filter(verdict__in=["" if verdict == "none" else verdict for verdict in verdicts])

    def by_said(self, claims: QuerySet[Claim], name: str, day: dt.date) -> QuerySet[Claim]:
        """A vague date is in where any day of it is. Both ends are included; unknown dates are not."""
        known = claims.exclude(first_said_on=None)
        return known.filter(**{"first_said_rank__gte" if name == "said_after" else "first_said_on__lte": day})

    def by_sources(self, claims: QuerySet[Claim], name: str, number: int) -> QuerySet[Claim]:
        return claims.filter(**{f"independent_sources__{'gte' if name == 'sources_min' else 'lte'}": number})

    def by_count(self, claims: QuerySet[Claim], name: str, answer: str) -> QuerySet[Claim]:
        counted = Q(independent_sources=1 if name == "single_source" else 0)
        return claims.filter(counted if answer == "yes" else ~counted)

    def by_circle(self, claims: QuerySet[Claim], _name: str, answer: str) -> QuerySet[Claim]:
        return claims.filter(circular=answer == "yes")

    def by_part(self, claims: QuerySet[Claim], name: str, parts: list[str]) -> QuerySet[Claim]:
        for part in parts:
            there = PARTS[part][1](self.viewer)
            claims = claims.filter(there if name == "has" else ~there)
        return claims

    def at_place(self, made: QuerySet[Appearance], name: str, sources: list[Source]) -> QuerySet[Appearance]:
        hops = Attribution.objects.current().filter(
            POSITIONS[name], statement=OuterRef("statement"), source__in=sources
        )
        return made.filter(Exists(hops))

    def by_publisher(self, made: QuerySet[Appearance], _name: str, publishers: list[Publisher]) -> QuerySet[Appearance]:
        return made.filter(published_by(publishers, "statement__version__article"))

    def by_stance(self, made: QuerySet[Appearance], _name: str, stances: list[str]) -> QuerySet[Appearance]:
        return made.filter(stance__in=stances)

    def by_published(self, made: QuerySet[Appearance], name: str, day: dt.date) -> QuerySet[Appearance]:
        column = "statement__version__article__published_at"
        after = name == "published_after"
        return made.filter(**{f"{column}__{'gte' if after else 'lte'}": start_of(day) if after else end_of(day)})

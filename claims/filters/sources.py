"""The filters of the source list."""

from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower

from claims.filters.base import ListFilter, field_filter, sort_filter, words_filter
from claims.filters.claims import appearances_that_count, shown_sources
from claims.filters.fields import YES_OR_NO, ChoiceField, ChoicesField
from claims.models import Appearance, Attribution, Source

Stance = Appearance.Stance


def count_of(rows: QuerySet[Any], column: str) -> Coalesce:
    """How many different values ``column`` has among ``rows``, which refer to the row outside."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count(column, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def claims_at(place: Q, viewer: Any, *stances: str) -> QuerySet[Appearance]:
    """The appearances in which the source outside stands at ``place`` of the chain."""
    hops = Attribution.objects.current().filter(place, statement=OuterRef("statement"), source=OuterRef(OuterRef("pk")))
    made = appearances_that_count(viewer).filter(Exists(hops))
    return made.filter(stance__in=stances) if stances else made


def with_claim_counts(sources: QuerySet[Source], viewer: Any) -> QuerySet[Source]:
    """``sources`` with how many claims each makes, denies, and passed on."""
    return sources.annotate(
        makes=count_of(claims_at(Q(position=0), viewer, Stance.ASSERTS, Stance.HEDGES), "claim"),
        denied=count_of(claims_at(Q(position=0), viewer, Stance.DENIES), "claim"),
        passed_on=count_of(claims_at(Q(position__gte=1), viewer), "claim"),
    )


class SourceFilter(ListFilter):
    """The sources that a viewer may see, counted."""

    q = words_filter("Name")
    kind = field_filter(ChoicesField, "Kind", "by_kind", choices=Source.Kind.choices)
    named = field_filter(ChoiceField, "Named", "by_named", choices=YES_OR_NO)
    place = field_filter(
        ChoicesField,
        "Place in the chain",
        "by_place",
        choices=[("root", "said it"), ("relay", "passed it on")],
    )
    sort = sort_filter(name="name", makes="most claims made", passed_on="most claims passed on")

    groups = (("", ("q", "kind", "named", "place", "sort")),)
    looked_in = ("name", "aliases")
    orders = {
        "name": (Lower("name"), "id"),
        "makes": (F("makes").desc(), Lower("name"), "id"),
        "passed_on": (F("passed_on").desc(), Lower("name"), "id"),
    }

    def everything(self, viewer: Any) -> QuerySet[Source]:
        return with_claim_counts(shown_sources(viewer), viewer)

    def by_kind(self, sources: QuerySet[Source], _name: str, kinds: list[str]) -> QuerySet[Source]:
        return sources.filter(kind__in=kinds)

    def by_named(self, sources: QuerySet[Source], _name: str, answer: str) -> QuerySet[Source]:
        return sources.filter(named=answer == "yes")

    def by_place(self, sources: QuerySet[Source], _name: str, places: list[str]) -> QuerySet[Source]:
        at_any = Q()
        for place in places:
            where = Q(position=0) if place == "root" else Q(position__gte=1)
            at_any |= Q(Exists(claims_at(where, self.viewer).annotate(one=Value(1)).values("one")))
        return sources.filter(at_any)

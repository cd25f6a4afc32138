"""The filters of the source list."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower

from claims.filters.base import field_filter, sort_filter, words_filter
from claims.filters.claims import shown_sources
from claims.filters.fields import YES_OR_NO, ChoicesField
from claims.filters.traits import Trait, TraitFilter, choices
from claims.models import Appearance, Source
from claims.models.term import claims_with, is_counted
from claims.search.terms import Facet

PLACES = {"root": "said it", "relay": "passed it on"}
PLACE_FACETS = {"root": Facet.ROOT, "relay": Facet.RELAY}


def with_claim_counts(sources: QuerySet[Source], *, desk: bool) -> QuerySet[Source]:
    """``sources`` with how many claims each makes, denies, and passed on, as they are counted for all lists."""
    return sources.annotate(
        makes=claims_with(Facet.SAYS, desk=desk),
        denied=claims_with(Facet.ROOT_STANCE, desk=desk, suffix=Appearance.Stance.DENIES),
        passed_on=claims_with(Facet.RELAY, desk=desk),
    )


def named_in(answers: list[str], _listing: Any) -> Q:
    return Q(named__in=[answer == "yes" for answer in answers])


def at_place(places: list[str], listing: Any) -> Q:
    """Whether a claim that the viewer may see has the source at one of ``places``."""
    at_any = Q()
    for place in places:
        at_any |= Q(is_counted(PLACE_FACETS[place], desk=listing.desk))
    return at_any


class SourceFilter(TraitFilter):
    """The sources that a viewer may see, counted."""

    q = words_filter("Name")
    kind = field_filter(ChoicesField, "Kind", "keep", choices=Source.Kind.choices)
    named = field_filter(ChoicesField, "Named", "keep", choices=YES_OR_NO)
    place = field_filter(ChoicesField, "Place in the chain", "keep", choices=list(PLACES.items()))
    sort = sort_filter(name="name", makes="most claims made", passed_on="most claims passed on")

    negatable = ("kind", "named", "place")
    groups = (("", ("sort",)),)
    looked_in = ("name", "aliases")
    orders = {
        "name": (Lower("name"), "id"),
        "makes": (F("makes").desc(), Lower("name"), "id"),
        "passed_on": (F("passed_on").desc(), Lower("name"), "id"),
    }
    conditions = {
        "kind": lambda kinds, _listing: Q(kind__in=kinds),
        "named": named_in,
        "place": at_place,
    }
    traits = {
        "kind": Trait(choices(Source.Kind.choices), columns=("kind",)),
        "named": Trait(
            choices(YES_OR_NO), columns=("named",), in_order=True, values=lambda named: ["yes" if named else "no"]
        ),
        "place": Trait(
            choices(PLACES.items()),
            columns=("at_root", "at_relay"),
            in_order=True,
            values=lambda root, relay: [place for place, there in zip(PLACES, (root, relay), strict=True) if there],
        ),
    }

    def everything(self, viewer: Any) -> QuerySet[Source]:
        return shown_sources(viewer)

    def counted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return with_claim_counts(rows, desk=self.desk)

    def described(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.annotate(
            **{f"at_{place}": is_counted(facet, desk=self.desk) for place, facet in PLACE_FACETS.items()}
        )

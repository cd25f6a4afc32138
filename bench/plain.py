"""What a plain Django site would answer with, beside the same middleware and for the same user.

``handed`` renders rows that are at hand: with hand-written SQL, the floor that our pages are held to. ``lean`` is
a list as one writes it with django-filter in an afternoon. The admin saves a claim and keeps nothing derived.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import django_filters
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from claims.models import Annotation, Appearance, Claim, ClaimLink, Evidence, Review, Statement
from claims.represent import claim_row
from claims.search.chains import fetch_chains
from config.urls import urlpatterns as ours

PAGE_SIZE = 50
FACETS = {
    "Tag": "tags__name",
    "Source": "appearances__statement__attributions__source__name",
    "Status": "status",
    "Verdict": "verdict",
    "Kind": "kind",
}
"""The headings of five facets, and what the claims are counted by in each."""
SHOWN = 10


def rows_of(claims: Iterable[Claim], user: Any) -> list[Any]:
    """The rows that the list shows of ``claims``."""
    return [claim_row(claim, desk=True) for claim in fetch_chains(claims)]


@lru_cache(maxsize=64)
def _kept(ids: tuple[int, ...], user: Any) -> list[Any]:
    found = Claim.objects.in_bulk(ids)
    return rows_of((found[pk] for pk in ids), user)


def handed(request: HttpRequest) -> HttpResponse:
    """The claims in ``ids``. Fetched when first asked for: what is measured is a page whose rows are at hand."""
    ids = tuple(int(pk) for pk in request.GET["ids"].split(",") if pk)
    return render(request, "bench/rows.html", {"rows": _kept(ids, request.user), "total": len(ids)})


def handed_facets(request: HttpRequest) -> HttpResponse:
    """Facets whose numbers are at hand: as many ``values`` as ours shows."""
    values = [(f"Value {at}", 100_000 - at) for at in range(int(request.GET["values"]))]
    facets = [(f"Facet {at}", values[at : at + SHOWN]) for at in range(0, len(values), SHOWN)]
    return render(request, "bench/rows.html", {"facets": facets})


class LeanFilter(django_filters.FilterSet):
    """The filters that are measured, written plainly."""

    q = django_filters.CharFilter(field_name="text", lookup_expr="icontains")
    tag = django_filters.CharFilter(field_name="tags__slug")
    source = django_filters.CharFilter(field_name="appearances__statement__attributions__source__slug", distinct=True)
    said_after = django_filters.DateFilter(field_name="first_said_on", lookup_expr="gte")
    said_before = django_filters.DateFilter(field_name="first_said_on", lookup_expr="lte")

    class Meta:
        model = Claim
        fields = ["status"]


def _filtered(request: HttpRequest) -> QuerySet[Claim]:
    claims: QuerySet[Claim] = LeanFilter(request.GET, Claim.objects.filter(withdrawn_at=None)).qs
    return claims


def lean(request: HttpRequest) -> HttpResponse:
    """A list: COUNT(*), OFFSET, and the chains prefetched."""
    claims = _filtered(request).prefetch_related("tags").order_by("-first_said_rank", "-id")
    paginator = Paginator(claims, PAGE_SIZE)
    page = paginator.page(request.GET.get("page", 1))
    context = {"rows": rows_of(page.object_list, request.user), "total": paginator.count}
    return render(request, "bench/rows.html", context)


def lean_facets(request: HttpRequest) -> HttpResponse:
    """Five facets of a list, each counted in the database."""
    claims = _filtered(request)
    facets = [
        (heading, claims.order_by().values_list(column).annotate(number=Count("id", distinct=True)).order_by("-number"))
        for heading, column in FACETS.items()
    ]
    shown = [(heading, list(counted[:SHOWN])) for heading, counted in facets]
    return render(request, "bench/rows.html", {"rows": [], "total": "", "facets": shown})


def _inline(of: Any, *raw: str) -> type[admin.TabularInline]:
    values = {"model": of, "fk_name": "from_claim" if of is ClaimLink else "claim", "raw_id_fields": raw, "extra": 0}
    return type(f"{of.__name__}Inline", (admin.TabularInline,), values)


class PlainClaimAdmin(admin.ModelAdmin):
    """A claim with what stands below it on our form."""

    raw_id_fields = ["tags", "assignee"]
    inlines = [
        _inline(Appearance, "statement"),
        _inline(ClaimLink, "to_claim", "drawn_by"),
        _inline(Evidence, "statement", "article"),
        _inline(Review, "statement", "reviewer", "rating"),
        _inline(Annotation, "statement", "source", "reply_to", "version", "resolved_by"),
    ]


desk = AdminSite(name="plain")
desk.register(Claim, PlainClaimAdmin)
desk.register(Statement)

urlpatterns = [
    path("handed/", handed),
    path("handed/facets/", handed_facets),
    path("lean/", lean),
    path("facets/lean/", lean_facets),
    path("plain/", desk.urls),
    *ours,
]

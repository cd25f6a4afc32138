"""The start, the claim list, and the tags."""

from collections.abc import Iterable
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from claims.columns import Column, Look, fetch_columns
from claims.filters import ClaimFilter, TagFilter
from claims.filters.facets import KINDS, Facets
from claims.filters.fields import MAX_NAME_CHARS
from claims.filters.inputs import column_choices, headings, input_of
from claims.models import Claim, Tag, sees_desk
from claims.numbers import numbers_for
from claims.records.found import words_found
from claims.records.tag import tag_record
from claims.represent import ClaimRow, claim_row, tag_tree
from claims.search.chains import fetch_chains
from claims.views.lists import answer_list, is_part
from claims.views.moved import row_or_404
from claims.views.saved import tabs

LATEST = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    desk = sees_desk(request.user)
    latest = Claim.objects.visible_to(request.user).current().newest_first()[:LATEST]
    rows = [claim_row(claim, desk=desk) for claim in fetch_chains(latest)]
    context = {"numbers": numbers_for(request.user), "rows": rows, "desk": desk}
    return render(request, "claims/home.html", context)


@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    listing = ClaimFilter(request.GET, viewer=request.user, path=request.path)
    beside = {
        "saved": tabs(request, listing),
        "headings": headings(listing, beside_claims(listing.columns)),
        "column_choices": column_choices(listing),
        "with_chains": any(column.look == Look.CHAIN for column in listing.columns),
        "sort": input_of(listing, "sort"),
    }
    rows = partial(claim_rows, listing=listing)
    return answer_list(request, listing, "claims/claim_list.html", prepare=rows, beside=beside)


def beside_claims(columns: Iterable[Column]) -> list[Column]:
    """The columns that stand beside the one of the claims, which holds their chains too."""
    return [column for column in columns if column.look not in (Look.CLAIM, Look.CHAIN)]


def claim_rows(claims: Iterable[Claim], *, listing: ClaimFilter) -> list[ClaimRow]:
    """The rows of the table, with the columns beside and the words marked that the list looks for."""
    fetched = fetch_columns(fetch_chains(claims), listing.columns)
    columns, desk = beside_claims(listing.columns), listing.desk
    found = words_found(fetched, listing.words, listing.viewer) if listing.words else {}
    return [
        claim_row(
            claim,
            desk=desk,
            cells=[(column, column.value(claim)) for column in columns],
            **found.get(claim.pk, {}),
        )
        for claim in fetched
    ]


@require_safe
@vary_on_headers("HX-Request")
def claim_facets(request: HttpRequest) -> HttpResponse:
    """The panel beside the list with the same parameters; a page of its own where no script asked for it."""
    listing = ClaimFilter(request.GET, viewer=request.user, path=reverse("claim_list"))
    if not listing.is_valid():
        return redirect(listing.path + "?" + request.GET.urlencode())
    facets = Facets(listing)
    context = {"listing": listing, "facets": facets.all(), "chips": listing.chips()}
    if is_part(request):
        return render(request, "claims/_facets_panel.html", context)
    return render(request, "claims/claim_facets.html", context | {"total": facets.total})


@require_safe
@vary_on_headers("HX-Request")
def claim_facet(request: HttpRequest, name: str) -> HttpResponse:
    """One facet with more of its values, or those that are called as ``find`` says."""
    given = request.GET.copy()
    find = "".join(given.pop("find", [])[-1:])[:MAX_NAME_CHARS]
    listing = ClaimFilter(given, viewer=request.user, path=reverse("claim_list"))
    if name not in KINDS or name not in listing.filters:
        raise Http404
    if not listing.is_valid():
        return redirect(listing.path + "?" + given.urlencode())
    context = {"listing": listing, "facet": Facets(listing).one(name, find=find), "find": find, "alone": True}
    return render(request, "claims/_facet.html" if is_part(request) else "claims/claim_facet.html", context)


@require_safe
def tag_list(request: HttpRequest) -> HttpResponse:
    listing = TagFilter(request.GET, viewer=request.user, path=request.path)
    return answer_list(request, listing, "claims/tag_list.html", prepare=tag_tree)


@require_safe
def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    tag = row_or_404(Tag.objects.visible_to(request.user), slug=slug)
    if tag.slug != slug:
        return redirect(tag)
    return render(request, "claims/tag_detail.html", {"record": tag_record(tag, request.user)})

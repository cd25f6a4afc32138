"""The facets beside the lists of articles, sources, publishers and tags."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from claims.filters import ArticleFilter, PublisherFilter, SourceFilter, TagFilter
from claims.filters.fields import MAX_NAME_CHARS
from claims.filters.traits import TraitFacets
from claims.views.lists import is_part

LISTS: dict[str, Any] = {
    "article": ArticleFilter,
    "source": SourceFilter,
    "publisher": PublisherFilter,
    "tag": TagFilter,
}
"""By what each is a list of."""


@require_safe
@vary_on_headers("HX-Request")
def panel(request: HttpRequest, noun: str) -> HttpResponse:
    """The facets beside the list with the same parameters; a page of its own where no script asked for it."""
    listing = LISTS[noun](request.GET, viewer=request.user, path=reverse(f"{noun}_list"))
    if not listing.is_valid():
        return redirect(listing.path + "?" + request.GET.urlencode())
    context = {"listing": listing, "noun": noun, "facets": TraitFacets(listing).all(), "chips": listing.chips()}
    if is_part(request):
        return render(request, "claims/_facets_panel.html", context)
    return render(request, "claims/list_facets.html", context | {"total": listing.total})


@require_safe
@vary_on_headers("HX-Request")
def facet(request: HttpRequest, noun: str, name: str) -> HttpResponse:
    """One facet with more of its values, or those that are called as ``find`` says."""
    given = request.GET.copy()
    find = "".join(given.pop("find", [])[-1:])[:MAX_NAME_CHARS]
    listing = LISTS[noun](given, viewer=request.user, path=reverse(f"{noun}_list"))
    if name not in listing.traits:
        raise Http404
    if not listing.is_valid():
        return redirect(listing.path + "?" + given.urlencode())
    shown = TraitFacets(listing).one(name, find=find)
    context = {"listing": listing, "noun": noun, "facet": shown, "find": find, "alone": True, "chips": listing.chips()}
    return render(request, "claims/_facet.html" if is_part(request) else "claims/list_facet.html", context)

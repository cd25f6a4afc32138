"""What all list pages share: the answer to an address, right or wrong, and the pages of a list."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from claims.filters.base import PAGE_SIZE, ListFilter
from claims.filters.inputs import form_of


def unchanged(value: Any) -> Any:
    return value


def answer_list(
    request: HttpRequest,
    listing: ListFilter,
    template: str,
    *,
    prepare: Callable[[Any], Iterable[Any]] = unchanged,
    row: Callable[[Any], Any] = unchanged,
    beside: dict[str, Any] | None = None,
) -> HttpResponse:
    """One page of ``listing``; ``prepare`` fetches with the page's rows what ``row`` reads of each;
    ``beside`` is what the template shows besides.

    An address that is right but untidy (names for slugs, empty parameters) is sent on to the tidy one; one
    that is wrong gets status 400 and no rows; a page that is not there gets 404.
    """
    context = {"listing": listing, "groups": form_of(listing), "chips": listing.chips(), **(beside or {})}
    if not listing.is_valid():
        return render(request, template, context | {"problems": listing.problems()}, status=400)
    number = listing.values["page"] or 1
    if not listing.is_tidy():
        return redirect(listing.url(page=number))
    paginator = Paginator(listing.qs, PAGE_SIZE)
    last = paginator.num_pages
    context |= {"total": paginator.count, "last_page": last, "last_url": listing.url(page=last)}
    if number > last:
        return render(request, template, context | {"missing_page": number}, status=404)
    page = paginator.page(number)
    context |= {"page": page, "rows": [row(item) for item in prepare(page.object_list)]}
    return render(request, template, context | neighbours(listing, page))


def neighbours(listing: ListFilter, page: Page) -> dict[str, str]:
    """The addresses of the pages before and after, empty where there is none."""
    return {
        "previous_url": listing.url(page=page.previous_page_number()) if page.has_previous() else "",
        "next_url": listing.url(page=page.next_page_number()) if page.has_next() else "",
    }

"""What all list pages share: the answer to an address, right or wrong, and the pages of a list."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from claims.filters.base import FIRST, ListFilter, Problem
from claims.filters.paging import END, Page, Place


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
    context = {"listing": listing, "chips": listing.chips(), **(beside or {})}
    if not listing.is_valid():
        return render(request, template, context | {"problems": listing.problems()}, status=400)
    if not listing.is_tidy():
        return redirect(listing.url(place=listing.place))
    try:
        page = listing.page()
    except ValidationError as error:
        return render(request, template, context | {"problems": [Problem(error.messages[0], "")]}, status=400)
    context |= {"total": listing.total, "last_page": listing.total.pages, "last_url": last_url(listing)}
    if listing.place.number > 1 and not page.rows:
        return render(request, template, context | {"missing_page": listing.place.number}, status=404)
    context |= {"page": page, "rows": [row(item) for item in prepare(page.rows)]}
    if not page.rows:
        context["in_the_way"] = listing.in_the_way()
        context["fitting_nothing"] = listing.fitting_nothing() if not context["in_the_way"] else []
    return render(request, template, context | neighbours(listing, page))


def last_url(listing: ListFilter) -> str:
    """The address of the last page, which has a number only where all rows were counted."""
    total = listing.total
    return listing.url(place=Place(before=END) if total.more else Place(total.pages))


def neighbours(listing: ListFilter, page: Page) -> dict[str, str]:
    """The addresses of the pages before and after, empty where there is none."""
    number = page.number
    first, last = ("", "") if page.by_number else (page.first, page.last)
    previous = FIRST if number == 2 else Place(max(number - 1, 1), before=first)
    following = Place(number + 1 if number else 1, after=last)
    return {
        "previous_url": listing.url(place=previous) if page.first else "",
        "next_url": listing.url(place=following) if page.last else "",
    }


def is_part(request: HttpRequest) -> bool:
    """Whether a script asks for the part of the page alone."""
    return bool(getattr(request, "htmx", False))

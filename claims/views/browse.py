"""The start, the claim list, and the tags."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from claims.filters import ClaimFilter, TagFilter
from claims.models import Claim, SavedList, Tag, sees_desk
from claims.numbers import numbers_for
from claims.records.tag import tag_record
from claims.represent import claim_row, fetch_chains, tag_tree
from claims.views.lists import answer_list

LATEST = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    desk = sees_desk(request.user)
    latest = Claim.objects.visible_to(request.user).current().newest_first()[:LATEST]
    rows = [claim_row(claim, desk=desk) for claim in fetch_chains(latest, request.user)]
    context = {"numbers": numbers_for(request.user), "rows": rows, "desk": desk}
    return render(request, "claims/home.html", context)


@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    listing = ClaimFilter(request.GET, viewer=request.user, path=request.path)
    return answer_list(
        request,
        listing,
        "claims/claim_list.html",
        prepare=partial(fetch_chains, viewer=request.user),
        row=partial(claim_row, desk=listing.desk),
        beside={"saved": saved_lists(request.user)},
    )


def saved_lists(user: Any) -> list[tuple[str, list[SavedList]]]:
    """The lists that people keep, under their headings, without headings that have none. One query."""
    shown = list(SavedList.objects.visible_to(user).current().order_by("name", "pk"))
    own = [each for each in shown if each.owner_id == user.pk]
    desk = [each for each in shown if each.owner_id != user.pk]
    return [(title, rows) for title, rows in (("Your lists", own), ("Desk lists", desk)) if rows]


@require_safe
def tag_list(request: HttpRequest) -> HttpResponse:
    listing = TagFilter(request.GET, viewer=request.user, path=request.path)
    return answer_list(request, listing, "claims/tag_list.html", prepare=tag_tree)


@require_safe
def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    tag = get_object_or_404(Tag.objects.visible_to(request.user), slug=slug)
    return render(request, "claims/tag_detail.html", {"record": tag_record(tag, request.user)})

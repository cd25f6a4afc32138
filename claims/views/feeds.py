"""Atom feeds: what is new in a list, for programs that read feeds.

A program has no account, so a feed holds what the public may see, whoever asks. The one exception is the feed of
a saved list: it asks for a session as the list itself does, and holds what its reader may see.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views.decorators.http import conditional_page, require_safe

from claims.columns import current_corrections, current_tags
from claims.filters import ClaimFilter
from claims.filters.base import address
from claims.models import Claim, SavedList, Source, Tag
from claims.represent import VERDICT_MARKS
from claims.views.moved import row_or_404

ENTRIES = 50

PUBLIC = AnonymousUser()

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Moved(Exception):
    """What the feed is of was merged into another, whose feed has the ``address``."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


@dataclass(frozen=True)
class Fed:
    """One list as a feed: its name, the page to read it on, and the feed's own address."""

    name: str
    listing: ClaimFilter
    url: str
    feed_url: str


class ClaimFeed(Feed):
    """The claims of a list, the newest first; of those that were never published, the last changed first."""

    feed_type = Atom1Feed
    author_name = "Hearsay"
    item_guid_is_permalink = False

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The feed; 400 with what is wrong where the list does not take its parameters."""
        try:
            return super().__call__(request, *args, **kwargs)
        except Moved as moved:
            return HttpResponseRedirect(moved.address)
        except ValidationError as error:
            return HttpResponse("\n".join(error.messages), status=400, content_type="text/plain; charset=utf-8")

    def get_object(self, request: HttpRequest) -> Fed:
        listing = _listing(request.GET, PUBLIC)
        name = " · ".join(["Claims", *(f"{chip.label}: {chip.value}" for chip in listing.chips())])
        return Fed(name, listing, listing.url(), address(request.path, list(listing.pairs())))

    def title(self, fed: Fed) -> str:
        return _clean(fed.name)

    def link(self, fed: Fed) -> str:
        return fed.url

    def feed_url(self, fed: Fed) -> str:
        return fed.feed_url

    def items(self, fed: Fed) -> list[Claim]:
        newest = _newest(fed.listing).select_related("entry").defer("entry__title", "entry__body", "entry__names")
        return list(newest.prefetch_related(current_tags(), current_corrections())[:ENTRIES])

    def item_title(self, item: Any) -> str:
        return _clean(item.text)

    def item_description(self, item: Any) -> str:
        first_said = f"First said {item.first_said}" if item.first_said else ""
        corrected = [f"Corrected {each.corrected}: {each.text}" for each in item.corrections.all()]
        said = [item.entry.line, first_said, VERDICT_MARKS[item.verdict].word, *corrected]
        return escape(_clean(" · ".join(filter(None, said))))

    def item_guid(self, claim: Claim) -> str:
        return claim.uid.urn

    def item_pubdate(self, claim: Claim) -> Any:
        return claim.published_at

    def item_updateddate(self, claim: Claim) -> Any:
        corrected = (each.updated_at for each in claim.corrections.all())
        return max(claim.updated_at, claim.published_at or claim.updated_at, *corrected)

    def item_categories(self, claim: Claim) -> list[str]:
        return [_clean(tag.name) for tag in claim.tags.all()]


class SourceFeed(ClaimFeed):
    """The claims in which a source stands anywhere in a chain."""

    def get_object(self, request: HttpRequest, slug: str) -> Fed:  # type: ignore[override]
        return _of_row("source", Source.objects.visible_to(PUBLIC).current(), slug, request)


class TagFeed(ClaimFeed):
    """The claims under a tag, or under one below it."""

    def get_object(self, request: HttpRequest, slug: str) -> Fed:  # type: ignore[override]
        return _of_row("tag", Tag.objects.visible_to(PUBLIC).current(), slug, request)


class SavedListFeed(ClaimFeed):
    """The claims of a saved list, for those who may see the list."""

    def get_object(self, request: HttpRequest, uid: UUID) -> Fed:  # type: ignore[override]
        saved = get_object_or_404(SavedList.objects.visible_to(request.user).current(), uid=uid)
        listing = _listing(QueryDict(saved.query), request.user)
        return Fed(saved.name, listing, listing.url(), request.path)


def served(feed: ClaimFeed) -> Callable[..., HttpResponse]:
    """``feed`` as a view, which sends nothing anew to a program that has it already."""
    return require_safe(conditional_page(feed))


def _listing(parameters: QueryDict, viewer: Any) -> ClaimFilter:
    """The list with those parameters. Raises ``ValidationError`` where it takes them not."""
    listing = ClaimFilter(parameters, viewer=viewer, path=reverse("claim_list"))
    problems = listing.problems()
    if problems:
        raise ValidationError([ValidationError(problem.message, code="unfit") for problem in problems])
    return listing


def _newest(listing: ClaimFilter) -> QuerySet[Claim]:
    """What ``listing`` shows, in the order of the feed. All that is public stands in an index in that order."""
    if listing.viewer is PUBLIC and not list(listing.pairs()):
        return Claim.objects.visible_to(PUBLIC).current().order_by("-published_at", "-updated_at", "-id")
    return listing.qs.order_by(F("published_at").desc(nulls_last=True), "-updated_at", "-id")


def _of_row(name: str, rows: QuerySet[Any], slug: str, request: HttpRequest) -> Fed:
    """Raises ``Moved`` where the row of that slug was merged into another."""
    row = row_or_404(rows, slug=slug)
    if row.slug != slug:
        raise Moved(reverse(f"{name}_feed", args=[row.slug]))
    query = QueryDict(mutable=True)
    query[name] = row.slug
    return Fed(row.name, _listing(query, PUBLIC), row.get_absolute_url(), request.path)


def _clean(text: str) -> str:
    """``text`` without the characters that XML has not."""
    return _NOT_IN_XML.sub("", text)

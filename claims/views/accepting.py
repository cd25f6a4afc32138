"""Suggestions as a whole: many of them accepted at once, and how often they were right."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from claims.admin.bulk import undo_link
from claims.filters.suggestions import SuggestionFilter
from claims.models import Statement
from claims.models.statement import shorten
from claims.suggesting import METHOD, decisions
from claims.suggesting.decisions import Accepted, TooMany, accept_above
from claims.suggesting.precision import TRUSTED_PRECISION, Band, bands, trusted
from claims.suggesting.reasons import rejections
from claims.views.suggestions import NEEDED
from config import audit

CAUTIOUS = 90
"""From which confidence, in per cent, many are accepted where nobody knows yet how often they are right."""

LOOKS_AFTER_OTHERS = "claims.undo_others"
"""What a lead may, and those below not: answering for what the desk decides is theirs."""

ARTICLES_SHOWN = 100
REFUSED_SHOWN = 20


class LeastForm(forms.Form):
    """From which confidence on, and of which suggestions: those that were there when the preview was made."""

    least = forms.IntegerField(label="Confidence from, in %", min_value=0, max_value=100)
    newest = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=(1 << 63) - 1)


@dataclass(frozen=True)
class Preview:
    """What accepting would do. ``articles`` are (headline, address, how many), the newest first."""

    number: int
    newest: int
    articles: list[tuple[str, str, int]]
    more: int


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required(NEEDED, raise_exception=True)
def suggestions_accept(request: HttpRequest) -> HttpResponse:
    """Ask from which confidence on, show what that would accept, and accept it."""
    given = request.GET.copy()
    asked = given.pop("least", [""])[-1]
    listing = SuggestionFilter(given, viewer=request.user, path=reverse("suggestion_list"))
    context: dict[str, Any] = {"listing": listing, "chips": listing.chips()}
    if not listing.is_valid():
        return render(request, "claims/suggestions_accept.html", context | {"problems": listing.problems()}, status=400)
    known = trusted(bands(listing.values.get("method") or METHOD))
    usual = CAUTIOUS if known is None else round(known * 100)
    form = LeastForm(request.POST if request.method == "POST" else {"least": asked or usual})
    context |= {
        "most": decisions.MOST,
        "form": form,
        "known": known is not None,
        "precision": round(TRUSTED_PRECISION * 100),
        "usual": usual,
    }
    if form.is_valid():
        # How often one program was right says nothing of another.
        of_one = {} if listing.values.get("method") else {"method": METHOD}
        chosen = listing.qs.filter(**of_one).filter(confidence__gte=form.cleaned_data["least"] / 100)
        if request.method == "POST" and form.cleaned_data["newest"] is not None:
            try:
                return _accepted(request, listing, chosen, form)
            except TooMany as refused:
                form.add_error("least", str(refused))
        context["preview"] = _preview(chosen)
    return render(request, "claims/suggestions_accept.html", context, status=400 if form.errors else 200)


def _preview(chosen: QuerySet[Statement]) -> Preview:
    """Two queries."""
    counts = chosen.order_by().aggregate(number=Count("pk"), newest=Max("pk"))
    columns = ("version__article", "version__headline", "version__article__entry__key")
    grouped = chosen.order_by("-version__article__entry__key").values_list(*columns).annotate(number=Count("pk"))
    found = list(grouped)
    articles = [
        (headline, f"{reverse('suggestion_list')}?article={article}", number) for article, headline, _, number in found
    ]
    return Preview(counts["number"], counts["newest"] or 0, articles[:ARTICLES_SHOWN], len(articles[ARTICLES_SHOWN:]))


def _accepted(
    request: HttpRequest, listing: SuggestionFilter, chosen: QuerySet[Statement], form: LeastForm
) -> HttpResponse:
    """Accept them as one save, and say what became of them."""
    previewed = chosen.filter(pk__lte=form.cleaned_data["newest"])
    done = accept_above(previewed, form.cleaned_data["least"] / 100, request.user)
    if done.revision:
        audit.record("accept-suggested", request, save=done.revision.pk, statements=done.statements)
    told = _told(done)
    undoable = done.revision if request.user.is_staff else None
    level = messages.SUCCESS if done.statements else messages.INFO
    messages.add_message(request, level, format_html("{} {}", told, undo_link(undoable)) if undoable else told)
    for statement, refusal in done.refused[:REFUSED_SHOWN]:
        messages.warning(request, f"Left to decide: “{shorten(statement.exact)}”. {refusal}")
    if len(done.refused) > REFUSED_SHOWN:
        messages.warning(request, f"… and {len(done.refused) - REFUSED_SHOWN} more.")
    return HttpResponseRedirect(listing.url())


def _told(done: Accepted) -> str:
    if not done.statements:
        return "Nothing was accepted."
    said = f"Accepted {done.statements:,} statement{'s' if done.statements > 1 else ''}"
    made = f"; {done.sources:,} new source{'s' if done.sources > 1 else ''}" if done.sources else ""
    return f"{said}{made}."


@dataclass(frozen=True)
class BandLine:
    """One band of confidence as the page shows it, shares in per cent; None where nothing was decided on."""

    band: Band

    @property
    def label(self) -> str:
        low, high = round(self.band.low * 100), round(self.band.high * 100)
        if high == 100:
            return f"{low} % and more"
        return f"below {high} %" if low == 0 else f"{low}–{high - 1} %"

    @property
    def undecided(self) -> int:
        return self.band.offered - self.band.decided

    @property
    def percent(self) -> int | None:
        return None if self.band.precision is None else round(self.band.precision * 100)

    @property
    def interval(self) -> tuple[int, int] | None:
        found = self.band.interval
        return (round(found[0] * 100), round(found[1] * 100)) if found else None


@dataclass(frozen=True)
class MethodTold:
    """How often one method was right, the highest confidence first, and why it was not."""

    name: str
    lines: list[BandLine]
    rejections: list[tuple[str, int]]


@require_safe
@login_required
@permission_required(LOOKS_AFTER_OTHERS, raise_exception=True)
def suggestion_precision(request: HttpRequest) -> HttpResponse:
    """How often suggestions were right, by method and confidence. One query, and one more a method."""
    methods = [
        MethodTold(name, [BandLine(band) for band in found][::-1], rejections(name))
        for name, found in groupby(bands(), key=lambda band: band.method)
    ]
    return render(request, "claims/suggestion_precision.html", {"methods": methods})

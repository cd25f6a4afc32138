"""One claim, with all that is known of it."""

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from claims.models import Claim, Tag, sees_desk
from claims.provenance import explain
from claims.records.claim import claim_record, statements_of
from claims.records.facts import about_in_words, figure_in_words, sources_in_words
from claims.represent import STATUS_MARKS
from claims.views.moved import row_or_404


@require_safe
def claim_detail(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """The number finds the claim, or the one that it was merged into; any other slug leads to the right address."""
    claim = visible_claim_or_404(request.user, pk)
    if (pk, slug) != (claim.pk, claim.slug):
        return redirect(claim)
    page = page_or_404(request)
    record = claim_record(claim, request.user, page)
    if page > 1 and not record.said:
        raise Http404("No statements here.")
    facts = {
        "record": record,
        "claim": claim,
        "sources": sources_in_words(claim),
        "status": STATUS_MARKS[Claim.Status(claim.status)],
        "figure": figure_in_words(claim),
        "about": about_in_words(claim),
        "sees_desk": sees_desk(request.user),
        "page": page,
    }
    return render(request, "claims/claim_detail.html", facts)


@require_safe
def claim_sources(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Where the number of a claim's independent sources comes from: who they are, and who has it from whom."""
    claim = visible_claim_or_404(request.user, pk)
    if (pk, slug) != (claim.pk, claim.slug):
        return redirect("claim_sources", claim.pk, claim.slug)
    facts = {"claim": claim, "sources": sources_in_words(claim), "explanation": explain(claim, request.user)}
    return render(request, "claims/claim_sources.html", facts)


@require_safe
@vary_on_headers("HX-Request")
def claim_statements(request: HttpRequest, pk: int) -> HttpResponse:
    """Who said it, to be read in the list; a page of its own where no script asked for it."""
    claim = row_or_404(Claim.objects.visible_to(request.user), pk=pk)
    if claim.pk != pk:
        return redirect("claim_statements", claim.pk)
    said, has_more = statements_of(claim, request.user)
    part = getattr(request, "htmx", False)
    template = "claims/_statements.html" if part else "claims/claim_statements.html"
    return render(request, template, {"claim": claim, "said": said, "has_more": has_more})


def visible_claim_or_404(user: Any, pk: int) -> Claim:
    """The claim with its tags, or the one that it was merged into; 404 where ``user`` may not know of it."""
    tags = Prefetch("tags", Tag.objects.current().order_by("path"))
    claims = Claim.objects.visible_to(user).select_related("assignee").prefetch_related(tags)
    return row_or_404(claims, pk=pk)


def page_or_404(request: HttpRequest) -> int:
    """Which page of the statements is asked for, from 1."""
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdigit() and 0 < len(number) < 6 and int(number)):
        raise Http404("No such page.")
    return int(number)

"""What somebody at the desk has to do, and what others changed since they were last here."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims.filters.paging import CAP, Total, capped
from claims.models import Claim, Statement
from claims.numbers import claims_counted, to_do
from claims.queue import counted, piles_for, take
from claims.represent import STATUS_MARKS, Mark
from claims.search.terms import sources_term
from claims.since import mark_seen, since_last_visit

A_PAGE = 50
NEEDED = "claims.change_claim"
MAX_DIGITS = 18


@dataclass(frozen=True)
class Tab:
    """One pile with how many claims it holds."""

    name: str
    label: str
    total: Total
    is_open: bool


def tabs_for(user: Any, open_pile: str = "") -> list[Tab]:
    """The piles that ``user`` is shown. Three queries at most."""
    totals = counted(user)
    return [Tab(pile.name, pile.label, totals[pile.name], pile.name == open_pile) for pile in piles_for(user)]


def suggested(user: Any) -> Total | None:
    """How many suggestions wait for a decision; None for who takes none. One query."""
    if not user.has_perm("claims.change_statement"):
        return None
    return capped(Statement.objects.current().filter(state=Statement.State.SUGGESTED))


@dataclass(frozen=True)
class Line:
    """One claim that waits."""

    claim: Claim
    status: Mark
    is_due: bool


@require_safe
@login_required
@permission_required(NEEDED, raise_exception=True)
def queue(request: HttpRequest) -> HttpResponse:
    """One pile of claims, and how many the others hold. Eight queries, and four more on the first page of all."""
    piles = {pile.name: pile for pile in piles_for(request.user)}
    name = request.GET.get("pile", "open")
    if name not in piles:
        raise Http404("No such pile.")
    tabs = tabs_for(request.user, name)
    total = next(tab.total for tab in tabs if tab.is_open)
    pages = Paginator(range(min(total.number, CAP)), A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    start = (page.number - 1) * A_PAGE
    claims = piles[name].of(request.user)[start : start + A_PAGE]
    context = {
        "tabs": tabs,
        "suggested": suggested(request.user),
        "pile": name,
        "page": page,
        "lines": [_line(claim) for claim in claims],
        "may_take": name == "nobody" and request.user.is_staff,
        "to_do": to_do(request.user, claims_counted(desk=True)[sources_term(0)]) if name == "open" else (),
    }
    return render(request, "claims/queue.html", context)


def _line(claim: Claim) -> Line:
    is_due = claim.due_on is not None and claim.due_on <= timezone.localdate()
    return Line(claim, STATUS_MARKS[Claim.Status(claim.status)], is_due)


@require_safe
@login_required
@permission_required(NEEDED, raise_exception=True)
def queue_since(request: HttpRequest) -> HttpResponse:
    """What others changed on somebody's claims and lists. Looking moves nothing: they say themselves that they
    have seen it."""
    since = since_last_visit(request.user)
    page = Paginator(since.order, A_PAGE).get_page(request.GET.get("page"))
    context = {"since": since, "page": page, "changed": since.described(page), "total": len(since.pairs)}
    return render(request, "claims/queue_since.html", context)


@require_POST
@login_required
@permission_required(NEEDED, raise_exception=True)
def queue_seen(request: HttpRequest) -> HttpResponse:
    """They have seen what changed up to the revision that was the newest when the page was drawn."""
    given = request.POST.get("revision", "")
    if not (given.isascii() and given.isdigit() and len(given) <= MAX_DIGITS):
        raise BadRequest("The form names no revision.")
    mark_seen(request.user, int(given))
    messages.success(request, "Noted. From here on you are shown what changes after this.")
    return redirect("queue")


@require_POST
@login_required
@permission_required(NEEDED, raise_exception=True)
def queue_take(request: HttpRequest, pk: int) -> HttpResponse:
    """A claim that is nobody's becomes theirs who press the button first."""
    claim = get_object_or_404(Claim.objects.current(), pk=pk)
    if not request.user.is_staff:
        messages.error(request, "Only somebody who works at the desk can take a claim: ask an admin for access.")
    elif take(claim, request.user):
        messages.success(request, f"“{claim}” is yours now.")
    else:
        messages.error(request, f"“{claim}” is taken already. Look at it again first.")
    return redirect("queue") if "queue" in request.POST else redirect(claim)

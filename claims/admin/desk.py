"""The work list on the first page of the desk: what waits for somebody, as numbers that are links."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse

from articles.admin import OPEN_PROBLEMS
from articles.admin_filters import Work
from articles.admin_search import COUNTED, counted
from articles.models import ImportProblem
from claims.admin.claim import DUE, IN_REVIEW, UNSOURCED
from claims.admin.link import SUGGESTED_LINKS
from claims.admin.reply import NOT_ANSWERED, NOT_CORRECTED
from claims.admin.statement import BROKEN, SUGGESTED, UNLINKED
from claims.models import Claim, ClaimLink, CorrectionRequest, Inquiry, Statement, TermCount
from claims.search.terms import Facet, sources_term, term

WORKS: list[tuple[type[Model], Work, str]] = [
    (Statement, SUGGESTED, ""),
    (Statement, UNLINKED, ""),
    (Statement, BROKEN, ""),
    (Claim, UNSOURCED, sources_term(0)),
    (Claim, IN_REVIEW, term(Facet.STATUS, Claim.Status.IN_REVIEW)),
    (Claim, DUE, ""),
    (Inquiry, NOT_ANSWERED, ""),
    (CorrectionRequest, NOT_CORRECTED, ""),
    (ClaimLink, SUGGESTED_LINKS, ""),
    (ImportProblem, OPEN_PROBLEMS, ""),
]
"""Each with the term of which a count is kept, if there is one."""


@dataclass(frozen=True)
class Waiting:
    """One line of the work list. ``more``: there are more than ``count``."""

    label: str
    count: int
    more: bool
    url: str


def work_list(request: HttpRequest) -> Iterator[Waiting]:
    """What waits, of what the viewer may see. One query a line; each number is the length of the list it leads to."""
    for model, work, token in WORKS:
        desk: Any = admin.site._registry[model]
        if desk.has_view_permission(request):
            rows = desk.offered(request)
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            count = claims_counted(token) if token else counted(work.rows(rows))
            yield Waiting(work.label, min(count, COUNTED), count > COUNTED, f"{url}?todo={work.slug}")


def claims_counted(token: str) -> int:
    """How many claims have that term, as it is kept."""
    return TermCount.objects.filter(term=token).values_list("desk", flat=True).first() or 0

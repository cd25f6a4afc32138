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
from articles.models import ImportProblem
from claims.admin.claim import IN_REVIEW, UNSOURCED
from claims.admin.link import SUGGESTED_LINKS
from claims.admin.statement import BROKEN, SUGGESTED, UNLINKED
from claims.models import Claim, ClaimLink, Statement

WORKS: list[tuple[type[Model], Work]] = [
    (Statement, SUGGESTED),
    (Statement, UNLINKED),
    (Statement, BROKEN),
    (Claim, UNSOURCED),
    (Claim, IN_REVIEW),
    (ClaimLink, SUGGESTED_LINKS),
    (ImportProblem, OPEN_PROBLEMS),
]


@dataclass(frozen=True)
class Waiting:
    """One line of the work list."""

    label: str
    count: int
    url: str


def work_list(request: HttpRequest) -> Iterator[Waiting]:
    """What waits, of what the viewer may see. One query a line; each number is the length of the list it leads to."""
    for model, work in WORKS:
        desk: Any = admin.site._registry[model]
        if desk.has_view_permission(request):
            rows = desk.offered(request)
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            yield Waiting(work.label, work.rows(rows).count(), f"{url}?todo={work.slug}")

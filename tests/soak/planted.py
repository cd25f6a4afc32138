"""Faults that the harnesses must notice."""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from claims.admin.forms import LOCK
from claims.models import Claim

CLAIM = re.compile(r"^/admin/claims/claim/(\d+)/change/$")


class NewestLock:
    """Middleware that puts the newest lock into a form of a claim, whatever the form was based on: the check of the
    lock is then as good as gone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        found = CLAIM.match(request.path)
        if request.method == "POST" and found:
            typed: Any = request.POST.copy()
            typed[LOCK] = str(Claim.objects.values_list("lock", flat=True).get(pk=found[1]))
            request.POST = typed

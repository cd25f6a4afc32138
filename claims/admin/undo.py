"""Undoing one save: what would change and what is refused, a reason, and one button."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods

from articles.history import AlreadySaved, key_of
from articles.models import Revision
from claims import undoing
from claims.admin.again import answered, tell_repeated
from claims.admin.bulk import ReasonForm, undo_link
from claims.admin.said import Said, said
from claims.undoing import Step, Undoing, UndoRefused
from config import audit

MAX_SHOWN = 200
"""How many rows the preview shows one by one."""


class UndoForm(ReasonForm):
    reason = forms.CharField(max_length=500, help_text="Why? The reason stands in the history.")


@dataclass(frozen=True)
class Line:
    """One row of the preview; ``url`` is its page at the desk."""

    kind: str
    name: str
    url: str
    refusal: str
    says: list[Said]


@require_http_methods(["GET", "HEAD", "POST"])
def undo_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What undoing the save would do; with POST and a reason, done."""
    revision = get_object_or_404(Revision.objects.select_related("by"), pk=pk)
    if not undoing.may_undo(request.user, revision):
        raise PermissionDenied
    return answered(request, lambda: _undo_page(request, revision))


def _undo_page(request: HttpRequest, revision: Revision) -> HttpResponse:
    form = UndoForm(request.POST if request.method == "POST" else None)
    try:
        if form.is_valid():
            return _undo(request, revision, form.cleaned_data["reason"])
        undoing.refuse_twice(revision)
        found, refusal = undoing.preview(revision, request.user), ""
        if not found.shown:
            raise Http404
    except UndoRefused as refused:
        found, refusal = Undoing(revision, []), str(refused)
    return _page(request, form, found, refusal)


def _undo(request: HttpRequest, revision: Revision, why: str) -> HttpResponse:
    try:
        done = undoing.undo(revision, by=request.user, why=why, key=key_of(request.POST.get("form_key")))
    except AlreadySaved:
        tell_repeated(request, "undone")
        return HttpResponseRedirect(reverse("admin:index"))
    if done.revision:
        audit.record("undo", request, save=revision.pk, rows=done.changing)
        messages.success(request, format_html("Undone: {}. {}", _counted(done), undo_link(done.revision)))
    else:
        messages.info(request, f"Nothing was undone: {_counted(done)}.")
    for step in done.shown[:20]:
        if step.refusal:
            messages.warning(request, f"Left as it is: “{step.row}”. {step.refusal}")
    return HttpResponseRedirect(_back(done))


def _counted(done: Undoing) -> str:
    said = [f"{done.changing} of {len(done.shown)} rows changed back"]
    if done.same:
        said.append(f"{done.same} needed no change")
    if done.refused:
        said.append(f"{done.refused} left as {'it is' if done.refused == 1 else 'they are'}")
    return "; ".join(said)


def _back(done: Undoing) -> str:
    """The page of the one row, or the list of the first one's kind."""
    rows = [step.row for step in done.shown]
    if len(rows) == 1:
        return _address(rows[0]) or reverse("admin:index")
    return reverse(_named(type(rows[0]), "changelist")) if rows else reverse("admin:index")


def _page(request: HttpRequest, form: forms.Form, found: Undoing, refusal: str) -> TemplateResponse:
    lines = list(_lines(found.shown[:MAX_SHOWN]))
    context = admin.site.each_context(request) | {
        "title": "Undo",
        "form": form,
        "revision": found.undone,
        "refusal": refusal,
        "found": found,
        "lines": lines,
        "more": len(found.shown) - len(lines),
        "form_key": uuid.uuid4(),
    }
    return TemplateResponse(request, "admin/claims/undo.html", context)


def _lines(steps: Iterable[Step]) -> Iterator[Line]:
    steps = list(steps)
    told = said([(step.row, step.now, step.then) for step in steps])
    for step, says in zip(steps, told, strict=True):
        kind = capfirst(str(step.row._meta.verbose_name))
        yield Line(kind, str(step.row), _address(step.row), step.refusal, says)


def _address(row: Any) -> str:
    return reverse(_named(type(row), "change"), args=[row.pk]) if type(row) in admin.site._registry else ""


def _named(model: Any, page: str) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"

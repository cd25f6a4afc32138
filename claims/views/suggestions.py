"""The queue of suggested statements, and what is decided on one of them."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.models import Change, StaleSave
from claims.admin.bulk import undo_link
from claims.filters.suggestions import SuggestionFilter
from claims.models import Statement
from claims.models.statement import shorten
from claims.records.suggestion import ArticleGroup, grouped_by_article
from claims.suggesting.decisions import AlreadyDecided, accept, reject
from claims.suggesting.making import ChoiceNeeded
from claims.suggesting.reasons import OTHER, REASONS, worded
from claims.views.back import back_to
from claims.views.lists import answer_list
from claims.views.queue import suggested, tabs_for
from config.errors import refusal

NEEDED = "claims.change_statement"
QUOTATION_MARKS = "“”„‟«»‘’\"'"
STALE = "Somebody else changed it after you opened the page. Load the page again and look at what stands there now."


class RejectForm(forms.Form):
    """Why a suggestion is rejected."""

    ready = forms.ChoiceField(
        label="Why?",
        choices=[(reason, reason.capitalize()) for reason in (*REASONS, OTHER)],
        widget=forms.RadioSelect,
        initial=REASONS[0],
    )
    own = forms.CharField(label="In your own words", max_length=400, required=False)

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("ready") == OTHER and not typed.get("own"):
            self.add_error("own", "Say why in your own words.")
        return typed

    @property
    def reason(self) -> str:
        return worded(self.cleaned_data["ready"], self.cleaned_data["own"])


@require_safe
@login_required
@permission_required(NEEDED, raise_exception=True)
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, article by article. Twelve queries."""
    listing = SuggestionFilter(request.GET, viewer=request.user, path=request.path)
    beside = {
        "tabs": tabs_for(request.user),
        "suggested": suggested(request.user),
        "reject_form": RejectForm(auto_id="reject_%s"),
    }
    return answer_list(request, listing, "claims/suggestion_list.html", prepare=_groups, beside=beside)


def _groups(page: Iterable[Statement]) -> list[ArticleGroup]:
    ids = [row.pk for row in page]
    statements = Statement.objects.with_chains().in_bulk(ids)
    return grouped_by_article([statements[pk] for pk in ids])


@require_POST
@login_required
@permission_required(NEEDED, raise_exception=True)
def suggestion_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm one as it stands."""
    statement = get_object_or_404(Statement.objects.visible_to(request.user), pk=pk)
    return _decided(request, statement, "Accepted", lambda lock: accept(statement, request.user, lock))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required(NEEDED, raise_exception=True)
def suggestion_reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Reject one, with a reason."""
    statement = get_object_or_404(Statement.objects.visible_to(request.user).with_chains(), pk=pk)
    form = RejectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _decided(request, statement, "Rejected", lambda lock: reject(statement, request.user, form.reason, lock))
    if form.is_bound and _wants_json(request):
        complaints = [str(error) for errors in form.errors.values() for error in errors]
        return _answer(request, " ".join(complaints), status=400)
    back = back_to(request.POST.get("back") or request.GET.get("back"), reverse("suggestion_list"))
    if statement.state != Statement.State.SUGGESTED:
        messages.error(request, f"{_quoted(statement)} was {statement.get_state_display()} already.")
        return HttpResponseRedirect(back)
    [group] = grouped_by_article([statement])
    context = {"suggestion": group.suggestions[0], "form": form, "back": back}
    return render(request, "claims/suggestion_reject.html", context, status=400 if form.is_bound else 200)


def _decided(request: HttpRequest, statement: Statement, done: str, decide: Callable[[int], Statement]) -> HttpResponse:
    """The answer to a decision: for a script what became of it, else the page that it was made on."""
    lock = request.POST.get("lock", "")
    if not (lock.isascii() and lock.isdigit() and len(lock) < 10):
        return refusal(status=428, request=request)
    words = _quoted(statement)
    try:
        decide(int(lock))
    except StaleSave:
        return _answer(request, f"{words}: {STALE}", status=409)
    except AlreadyDecided as decided:
        return _answer(request, f"{words}: {decided} Nothing of yours was saved.", status=409, over=True)
    except ChoiceNeeded as needed:
        return _answer(request, f"{words} was not accepted: {needed}", status=409)
    except ValidationError as error:
        return _answer(request, f"{words}: {' '.join(error.messages)}", status=400)
    return _answer(request, f"{done}: {words}.", undo=_undo(request, statement), over=True)


def _quoted(statement: Statement) -> str:
    return f"“{shorten(statement.exact.strip(QUOTATION_MARKS))}”"


def _undo(request: HttpRequest, statement: Statement) -> Any:
    """The link that undoes the last save of ``statement``, for those who may open that page."""
    last = Change.objects.filter(kind=Statement._meta.model_name, row=statement.pk).order_by("-lock")
    change = last.select_related("revision").first() if request.user.is_staff else None
    return undo_link(change.revision) if change and change.revision else ""


def _answer(
    request: HttpRequest, message: str, *, status: int = 200, undo: Any = "", over: bool = False
) -> HttpResponse:
    """``over``: there is nothing to decide any more."""
    if _wants_json(request):
        told = format_html("{} {}", message, undo) if undo else format_html("{}", message)
        return JsonResponse({"message": told, "over": over}, status=status)
    level = messages.SUCCESS if status == 200 else messages.ERROR
    messages.add_message(request, level, format_html("{} {}", message, undo) if undo else message)
    return HttpResponseRedirect(back_to(request.POST.get("back"), reverse("suggestion_list")))


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"

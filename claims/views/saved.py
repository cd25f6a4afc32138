"""The lists that people keep under a name: saved from the claim list, renamed, changed, shared, withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import history
from articles.models import StaleSave
from articles.retrying import tried_again
from claims.admin.conflict import asked_of, conflict_page, with_picks
from claims.admin.forms import LOCK, KeyedForm
from claims.admin.history import SavedListForm
from claims.filters import ClaimFilter
from claims.filters.paging import Total
from claims.filters.saved import may_share
from claims.models import SavedList
from config import audit

A_PAGE = 20
"""Lists on a page: each costs a count."""

OPEN = "open_list"
"""Where the session keeps which list was opened last, so that the claim list can tell that it was changed."""


@dataclass(frozen=True)
class Tab:
    """One list above the claim list. ``is_changed`` says that it was opened and that something was changed since."""

    saved: SavedList
    is_open: bool
    is_changed: bool
    may_change: bool

    @property
    def name(self) -> str:
        return self.saved.name

    @property
    def get_absolute_url(self) -> str:
        return self.saved.get_absolute_url()


def tabs(request: HttpRequest, listing: ClaimFilter) -> list[tuple[str, list[Tab]]]:
    """The lists that people keep, under their headings, without headings that have none. One query; the session is
    written where another list was opened."""
    shown = list(SavedList.objects.visible_to(request.user).current().order_by("name", "pk"))
    own = [each for each in shown if each.owner_id == request.user.pk]
    desk = [each for each in shown if each.owner_id != request.user.pk]
    opened = _opened(request, listing, shown)
    return [
        (title, [_tab(each, listing, opened, request.user) for each in rows])
        for title, rows in (("Your lists", own), ("Desk lists", desk))
        if rows
    ]


def _opened(request: HttpRequest, listing: ClaimFilter, shown: list[SavedList]) -> str:
    """The uid of the list that was opened last; empty where another list was come to than by changing that one."""
    by_change = f"{request.get_host()}{listing.path}" in request.headers.get("Referer", "")
    before = request.session.get(OPEN, "") if shown and by_change else ""
    pairs = _sorted(listing)
    now = next((str(each.uid) for each in shown if pairs and _pairs(each) == pairs), before if pairs else "")
    if shown and now != request.session.get(OPEN, ""):
        request.session[OPEN] = now
    return now


def _tab(saved: SavedList, listing: ClaimFilter, opened: str, user: Any) -> Tab:
    is_open = str(saved.uid) == opened
    return Tab(saved, is_open, is_open and _pairs(saved) != _sorted(listing), may_change(user, saved))


def _pairs(saved: SavedList) -> list[tuple[str, str]]:
    """The parameters of a list, in an order that lists compare by."""
    return sorted((name, text) for name, texts in QueryDict(saved.query).lists() for text in texts)


def _sorted(listing: ClaimFilter) -> list[tuple[str, str]]:
    return sorted(listing.pairs())


def may_change(user: Any, saved: SavedList) -> bool:
    """Their own list is anybody's to change who may keep lists; a list of the desk a desk lead's as well."""
    if not user.has_perm("claims.change_savedlist"):
        return False
    return saved.owner_id == user.pk or (saved.visibility == SavedList.Visibility.DESK and may_share(user))


class ListForm(KeyedForm, SavedListForm):
    """A list under a name."""

    class Meta:
        model = SavedList
        fields = ["name", "query", "visibility"]
        labels = {"query": "What it holds"}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)


@dataclass(frozen=True)
class Kept:
    """One line of the page of lists. ``total`` is None where the list cannot be shown any more, and ``problems`` say
    why."""

    saved: SavedList
    may_change: bool
    total: Total | None
    problems: list[str]


@require_safe
@login_required
def saved_lists(request: HttpRequest) -> HttpResponse:
    """Each list with how many claims it holds. A query or two a list."""
    shown = SavedList.objects.visible_to(request.user).current().select_related("owner").order_by("name", "pk")
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    rows = [_kept(saved, request.user) for saved in page]
    return render(request, "claims/saved_lists.html", {"page": page, "rows": rows})


def _kept(saved: SavedList, user: Any) -> Kept:
    listing = ClaimFilter(QueryDict(saved.query), viewer=user)
    problems = [problem.message for problem in listing.problems()]
    return Kept(saved, may_change(user, saved), None if problems else listing.total, problems)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("claims.add_savedlist", raise_exception=True)
def saved_list_new(request: HttpRequest) -> HttpResponse:
    """A new list; ``query`` is the address of the claims that it is to hold."""
    if request.method != "POST":
        form = ListForm(user=request.user, initial={"query": _asked(request)})
        return render(request, "claims/saved_list_form.html", {"form": form})
    return _save(request, lambda: ListForm(request.POST, user=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def saved_list_change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Another name, another address, or somebody else to see it."""
    if request.method != "POST":
        saved = _changeable(request, uid)
        initial = {"query": _asked(request)} if "query" in request.GET else {}
        form = ListForm(user=request.user, instance=saved, initial=initial)
        return render(request, "claims/saved_list_form.html", {"form": form, "saved": saved})
    request.POST = with_picks(request.POST)  # type: ignore[assignment]
    return _save(request, lambda: ListForm(request.POST, user=request.user, instance=_changeable(request, uid)))


@require_POST
@login_required
def saved_list_withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a list away. It is kept, and a new one of its name brings it back."""
    saved = _changeable(request, uid)
    try:
        if request.POST.get(LOCK) != str(saved.lock):
            raise StaleSave
        with history.recorded(by=request.user):
            saved.withdraw(by=request.user, reason="withdrawn on the page of lists")
            audit.record("withdraw", request, kind="savedlist", rows=saved.pk)
        messages.success(request, f"The list “{saved}” was withdrawn.")
    except StaleSave:
        messages.error(request, f"Somebody else changed “{saved}” meanwhile. Look at it again first.")
    return redirect("saved_lists")


def _changeable(request: HttpRequest, uid: UUID) -> SavedList:
    """The list: 404 where its reader may not know of it, 403 where they may not touch it. One that was withdrawn is
    found by a form that was opened before, so that what was typed is not lost."""
    lists = SavedList.objects.visible_to(request.user)
    saved = get_object_or_404(lists if request.method == "POST" else lists.current(), uid=uid)
    if not may_change(request.user, saved):
        raise PermissionDenied
    return saved


def _asked(request: HttpRequest) -> str:
    """The query of the address that came with the link, however much of it came."""
    given = request.GET.get("query", "")
    return given.partition("?")[2] if "?" in given or given.startswith("/") else given


def _save(request: HttpRequest, form: Callable[[], ListForm]) -> HttpResponse:
    """Save what was sent, or show it again: with what is wrong, or with what others saved meanwhile."""
    try:
        history.refuse_repeated(request.POST.get("form_key"))
        return tried_again(lambda: _saved_once(request, form))
    except history.AlreadySaved as before:
        made = before.revision.changes.filter(kind=SavedList._meta.model_name).first()
        saved = SavedList.objects.visible_to(request.user).filter(pk=made.row).first() if made else None
        return redirect(saved or "saved_lists")


def _saved_once(request: HttpRequest, form_of: Callable[[], ListForm]) -> HttpResponse:
    with history.saving(by=request.user), transaction.atomic():
        form = form_of()
        saved = form.instance if form.instance.pk else None
        if not form.is_valid():
            asked = asked_of(form)
            if asked:
                return conflict_page(request, "claims/conflict.html", asked, {}, "Somebody else saved this list too")
            return render(request, "claims/saved_list_form.html", {"form": form, "saved": saved}, status=400)
        return _saved(request, form)


def _saved(request: HttpRequest, form: ListForm) -> HttpResponse:
    save = history.current()
    save.revision.key = form.cleaned_data["form_key"]
    save.begin()
    form.instance.created_by = form.instance.created_by or request.user
    saved = form.save()
    save.end()
    messages.success(request, f"The list “{saved}” is saved.")
    return redirect(saved)

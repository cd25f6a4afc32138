"""Merging one row into another of its kind: choose the survivor, see both side by side, what moves and what
collides, and confirm."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from articles.admin_base import Choice, Choosy, is_id
from articles.admin_widgets import Combobox
from articles.history import AlreadySaved, key_of
from articles.models import StaleSave
from claims import merging
from claims.admin.again import answered, tell_repeated
from claims.admin.bulk import undo_link
from claims.admin.said import side_by_side
from claims.merging import MergeRefused, Work
from claims.merging.merge import may_merge
from config import audit

OVERTAKEN = "Somebody has changed one of the two since the preview: this is what is stored now."


class MergeForm(Choosy, forms.Form):
    reason = forms.CharField(max_length=500, help_text="Why are the two one? It stands in the history of both.")

    def __init__(self, *args: Any, desk: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        survivor = Choice(desk.offered(request), label="Merge into", help_text="The one that stays, and takes all.")
        survivor.widget = desk.chooser(Combobox)
        survivor.widget.choices = survivor.choices
        self.fields = {"survivor": survivor, **self.fields}


class Merging:
    """For the admin class of what can be merged."""

    def get_urls(self) -> list[URLPattern]:
        desk: Any = self
        view = desk.admin_site.admin_view(self.merge_view)
        name = f"{desk.opts.app_label}_{desk.opts.model_name}_merge"
        return [path("<int:pk>/merge/", view, name=name), *super().get_urls()]  # type: ignore[misc]

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        desk: Any = self
        row = desk.get_object(request, str(pk))
        if row is None:
            return desk._get_obj_does_not_exist_redirect(request, desk.opts, str(pk))
        if not (may_merge(request.user, desk.model) and desk.has_view_permission(request, row)):
            raise PermissionDenied
        return answered(request, lambda: self._merge_page(request, row))

    def _merge_page(self, request: HttpRequest, row: Any) -> HttpResponse:
        desk: Any = self
        given = request.POST if request.method == "POST" else None
        form = MergeForm(given, desk=desk, request=request, initial=_chosen(request))
        if not form.is_valid():
            return self._page(request, row, form)
        survivor = form.cleaned_data["survivor"]
        if "apply" in request.POST:
            done = self._merge(request, row, survivor, form.cleaned_data["reason"])
            if done is not None:
                return done
        return self._page(request, row, form, merging.preview(row, survivor, by=request.user))

    def _merge(self, request: HttpRequest, row: Any, survivor: Any, why: str) -> HttpResponse | None:
        """Where it leads to; ``None`` where nothing was merged, and the preview says why."""
        there = HttpResponseRedirect(reverse(self._named("change"), args=[survivor.pk]))
        keys = {"locks": _locks(request), "key": key_of(request.POST.get("form_key"))}
        try:
            work, revision = merging.merge(row, survivor, by=request.user, why=why, **keys)  # type: ignore[arg-type]
        except AlreadySaved:
            tell_repeated(request, "merged")
            return there
        except StaleSave:
            messages.error(request, OVERTAKEN)
        except MergeRefused:
            messages.error(request, "Nothing was merged.")
        else:
            audit.record("merge", request, kind=row._meta.model_name, row=row.pk, into=survivor.pk)
            moved = work.moved.total()
            said = f"{revision}: {moved} row{'' if moved == 1 else 's'} moved."
            messages.success(request, format_html("{} {}", said, undo_link(revision)))
            return there
        return None

    def _page(self, request: HttpRequest, row: Any, form: forms.Form, work: Work | None = None) -> TemplateResponse:
        desk: Any = self
        context = desk.admin_site.each_context(request) | {
            "title": f"Merge “{row}”",
            "opts": desk.opts,
            "original": row,
            "form": form,
            "work": work,
            "media": desk.media,
            "form_key": uuid.uuid4(),
            "back": reverse(self._named("change"), args=[row.pk]),
        }
        if work is not None:
            context |= {
                "moved": sorted(work.moved.items()),
                "lines": side_by_side(desk.model, [*work.before, work.after]) if work.after else [],
                "seen": ":".join(map(str, work.locks)),
                "other_way": f"{reverse(self._named('merge'), args=[work.survivor.pk])}?survivor={row.pk}",
            }
        return TemplateResponse(request, "admin/claims/merge.html", context)

    def _named(self, page: str) -> str:
        desk: Any = self
        return f"admin:{desk.opts.app_label}_{desk.opts.model_name}_{page}"


def _chosen(request: HttpRequest) -> dict[str, str]:
    """The survivor that the address names, where one leads here."""
    pk = request.GET.get("survivor", "")
    return {"survivor": pk} if is_id(pk) else {}


def _locks(request: HttpRequest) -> tuple[int, int]:
    """The locks that the two had in the preview; none that a row has where the form names none."""
    merged, _, survivor = request.POST.get("seen", "").partition(":")
    return (int(merged), int(survivor)) if is_id(merged) and is_id(survivor) else (0, 0)

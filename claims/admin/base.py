"""The base of the desk's pages over judgement: who sees what, locks, withdrawal, and fresh derived values."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst

from articles import history
from articles.admin_base import DeskAdmin, DeskInline
from articles.admin_filters import ChoiceFilter
from articles.models import Revision, StaleSave
from claims.admin.again import answered, tell_repeated
from claims.admin.bulk import BringBack, BulkChange, Withdraw
from claims.admin.conflict import asked_of, conflict_page, with_picks
from claims.admin.forms import LOCK, LockedForm, PageForm, WithdrawingFormSet, visible
from claims.admin.overtaken import merged_away
from claims.admin.presence import TellsPresence
from claims.admin.timeline import Historical
from claims.provenance.touched import Touched

Fieldsets = Any


def with_hidden(fieldsets: Fieldsets, *names: str) -> Fieldsets:
    """``fieldsets`` with hidden fields at the end of the first."""
    (name, options), *others = fieldsets
    return [(name, options | {"fields": [*options["fields"], *names]}), *others]


class WithdrawnFilter(ChoiceFilter):
    """Withdrawn rows stay out of the way until somebody asks for them."""

    title = "withdrawn"
    parameter_name = "withdrawn"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("only", "Withdrawn"), ("all", "Both")]

    def choices(self, changelist: Any) -> Any:
        in_use, *others = super().choices(changelist)
        yield {**in_use, "display": "In use"}
        yield from others

    def unfiltered(self, queryset: Any) -> Any:
        return queryset.current()

    def chosen(self, queryset: Any, value: str) -> Any:
        return queryset.filter(withdrawn_at__isnull=False) if value == "only" else queryset


class JudgementInline(DeskInline):
    """Rows of judgement on another row's page; the checkbox at a row withdraws it."""

    form = LockedForm
    formset = WithdrawingFormSet

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible(super().get_queryset(request), request.user).current()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What Django calls deleting is withdrawing here."""
        return self.has_change_permission(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Fieldsets:
        fieldsets = super().get_fieldsets(request, obj)
        return with_hidden(fieldsets, LOCK) if self.has_change_permission(request, obj) else fieldsets

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.user = formset.form.user = request.user
        formset.form.may_change = self.has_change_permission(request, obj)
        # Django's check whether rows that point here forbid deleting; withdrawing leaves them whole.
        formset.form.hand_clean_DELETE = lambda form: None
        return formset


class Refreshing(TellsPresence, Historical, DeskAdmin):
    """The base of every admin class over rows with a lock. A save is one revision, and mends what is derived once,
    after the row, its inlines and its tags are written."""

    form = PageForm
    reason_when_made = False
    """Whether a new row too may have to say why."""

    class Media(DeskAdmin.Media):
        js = ["hearsay/presence.js"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was merged says what it said then: only undoing the merge changes that."""
        return getattr(obj, "merged_into_id", None) is None and super().has_change_permission(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Fieldsets:
        return self.locked(request, obj, super().get_fieldsets(request, obj))

    def locked(self, request: HttpRequest, obj: Any, fieldsets: Fieldsets) -> Fieldsets:
        """With the key of the form, and where a stored row can be changed with its lock and room for a reason."""
        this_change: Any = ("This change", {"fields": ["why"]})
        if obj is None:
            made = with_hidden(fieldsets, "form_key")
            return [*made, this_change] if self.reason_when_made else made
        if not self.has_change_permission(request, obj):
            return fieldsets
        return [*with_hidden(fieldsets, "form_key", LOCK), this_change]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A save that was overtaken between reading and writing is tried again: then the form sees it."""
        view = (request, object_id, form_url, extra_context)
        if request.method != "POST":
            return self._saving_view(*view)
        request.POST = with_picks(request.POST)  # type: ignore[assignment]
        try:
            history.refuse_repeated(request.POST.get("form_key"))
            return answered(request, lambda: self._saving_view(*view))
        except history.AlreadySaved as before:
            return self.response_already_saved(request, before.revision)
        except StaleSave:
            return self.response_overtaken(request, [], self.admin_site.each_context(request))
        except PermissionDenied:
            row = self.get_object(request, unquote(object_id)) if object_id and LOCK in request.POST else None
            if not (getattr(row, "merged_into_id", None) and super().has_change_permission(request, row)):
                raise
            return self._response_merged(request, row)

    def _saving_view(self, request: HttpRequest, *view: Any) -> HttpResponse:
        with history.saving(by=request.user if request.user.is_authenticated else None):
            return super().changeform_view(request, *view)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Changes of many rows, too, are tried again where they met another save."""
        return answered(request, lambda: super(Refreshing, self).changelist_view(request, extra_context))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form again, or what there is to ask where others saved meanwhile."""
        if request.method == "POST":
            asked = asked_of(context["adminform"].form, context["inline_admin_formsets"])
            if asked:
                return self.response_overtaken(request, asked, context)
        context["presence"] = self.presence_of(request, context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    def response_overtaken(self, request: HttpRequest, asked: list[Any], context: Any) -> HttpResponse:
        context = {**context, "opts": self.opts, "media": self.media}
        return conflict_page(request, "admin/claims/conflict.html", asked, context, "Somebody else saved this too")

    def _response_merged(self, request: HttpRequest, row: Any) -> HttpResponse:
        """The page's row was merged since its form was opened: what was typed is shown, to copy."""
        form = self.get_form(request, row)(request.POST, request.FILES, instance=row)
        formsets, _ = self._create_formsets(request, row, change=True)  # type: ignore[attr-defined]
        asked = merged_away(form, formsets)
        asked.heading = f"{capfirst(self.opts.verbose_name)}: {row}"
        return self.response_overtaken(request, [asked], self.admin_site.each_context(request) | {"original": row})

    def response_already_saved(self, request: HttpRequest, revision: Revision) -> HttpResponse:
        """The form arrived twice. Leads to what the first one made."""
        made = revision.changes.filter(kind=self.opts.model_name).order_by("id").first()
        row = self.get_object(request, str(made.row)) if made else None
        if row and IS_POPUP_VAR in request.POST:
            return self.response_add(request, row)
        tell_repeated(request)
        names = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        there = reverse(f"{names}_change", args=[row.pk]) if row else reverse(f"{names}_changelist")
        return HttpResponseRedirect(there)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.touched = Touched()
        self._begin(form)
        super().save_model(request, obj, form, change)
        if form.has_changed() or not change:
            form.touched.add(obj, form.initial)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        form.touched.add_all(formset.new_objects)
        form.touched.add_all(formset.deleted_objects)
        for row_form in formset.initial_forms:
            if row_form.has_changed():
                form.touched.add(row_form.instance, row_form.initial)
            if getattr(row_form, "superseded", None):
                form.touched.add(row_form.superseded)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self.after_related(request, form, change)
        form.touched.refresh()
        history.current().end()
        if self.model.KEEPS_HISTORY:
            history.drop_if_empty(history.current().revision)

    def _begin(self, form: Any) -> None:
        save = history.current()
        save.revision.key = form.cleaned_data.get("form_key")
        save.revision.why = form.cleaned_data.get("why", "")
        save.begin()

    # The database keeps the history; the admin's own log would be a second one.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def after_related(self, request: HttpRequest, form: Any, change: bool) -> None:
        """For what must come after all rows are written and before derived values are mended."""


class JudgementAdmin(Refreshing):
    """The base of every admin class over judgement."""

    withdrawals: list[BulkChange] = [Withdraw(), BringBack()]
    """Among the actions, and on each row's own page."""
    actions: Any = withdrawals

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible(super().get_queryset(request), request.user)

    def offered(self, request: HttpRequest) -> QuerySet[Any]:
        return self.choosable(request).filter(withdrawn_at=None)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [*super().get_list_filter(request), WithdrawnFilter]

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Whether there is such a row is not theirs to learn who may see none."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]

    # Withdrawing and bringing back one row.

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                f"<int:pk>/{change.name.replace('_', '-')}/",
                self.admin_site.admin_view(self._on_one(change)),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{change.name}",
            )
            for change in self.withdrawals
        ] + super().get_urls()

    def _on_one(self, change: BulkChange) -> Any:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            row = self.get_object(request, str(pk))
            if row is None:
                return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
            if not self.has_change_permission(request, row):
                raise PermissionDenied
            back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
            why_not = change.refusal(row, {}, request.user)
            if why_not:
                self.message_user(request, why_not, messages.ERROR)
                return HttpResponseRedirect(back)
            rows = self.get_queryset(request).filter(pk=row.pk)
            response = answered(request, lambda: change(self, request, rows.all()))
            if response is None:
                return HttpResponseRedirect(back)
            response.context_data = (response.context_data or {}) | {"alone": row, "back": back}
            return response

        return view

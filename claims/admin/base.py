"""The base of the desk's pages over judgement: who sees what, locks, withdrawal, and fresh derived values."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from articles.admin_base import DeskAdmin, DeskInline
from articles.admin_filters import ChoiceFilter
from claims.admin.bulk import BringBack, BulkChange, Withdraw
from claims.admin.forms import LOCK, LockedForm, WithdrawingFormSet
from claims.models import Annotation, StaleSave
from claims.provenance.touched import Touched

Fieldsets = Any

OVERTAKEN = "Others were saving this at the same moment, so nothing of yours was saved. This is what is stored now."


def visible(queryset: Any, user: Any) -> Any:
    """What of ``queryset`` is ``user``'s to see. Models without a rule of their own are the desk's."""
    return queryset.visible_to(user) if hasattr(queryset, "visible_to") else queryset


def with_lock(fieldsets: Fieldsets) -> Fieldsets:
    """``fieldsets`` with the hidden lock at the end of the first."""
    (name, options), *others = fieldsets
    return [(name, options | {"fields": [*options["fields"], LOCK]}), *others]


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
        return with_lock(fieldsets) if self.has_change_permission(request, obj) else fieldsets

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.user = formset.form.user = request.user
        # Django's check whether rows that point here forbid deleting; withdrawing leaves them whole.
        formset.form.hand_clean_DELETE = lambda form: None
        return formset


class Refreshing(DeskAdmin):
    """Mends what is derived once, after the row, its inlines and its tags are written."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.touched = Touched()
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

    def after_related(self, request: HttpRequest, form: Any, change: bool) -> None:
        """For what must come after all rows are written and before derived values are mended."""


class JudgementAdmin(Refreshing):
    """The base of every admin class over judgement."""

    form = LockedForm
    keeps_history = True
    withdrawals: list[BulkChange] = [Withdraw(), BringBack()]
    """Among the actions, and on each row's own page."""
    actions: Any = withdrawals

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible(super().get_queryset(request), request.user)

    def offered(self, request: HttpRequest) -> QuerySet[Any]:
        return self.choosable(request).filter(withdrawn_at=None)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [*super().get_list_filter(request), WithdrawnFilter]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Fieldsets:
        return self.locked(request, obj, super().get_fieldsets(request, obj))

    def locked(self, request: HttpRequest, obj: Any, fieldsets: Fieldsets) -> Fieldsets:
        """With the hidden lock where a stored row can be changed."""
        changing = obj is not None and self.has_change_permission(request, obj)
        return with_lock(fieldsets) if changing else fieldsets

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A save that was overtaken between reading and writing is tried once more: then the form sees it."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except StaleSave:
            pass
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except StaleSave:
            self.message_user(request, OVERTAKEN, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

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
            response = change(self, request, self.get_queryset(request).filter(pk=row.pk))
            return response or HttpResponseRedirect(back)

        return view

    # History tells nobody what is not theirs to read.

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        told = [formset for formset in formsets or [] if formset.model is not Annotation]
        return super().construct_change_message(request, form, told, add)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return super().log_addition(request, obj, message) if self.keeps_history else None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return super().log_change(request, obj, message) if self.keeps_history else None

"""What every page of the editors' desk shares: nothing is deleted, filters are a fixed list, searches are
bounded, and a row of a growing table is chosen with a search box."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.views.main import ERROR_FLAG, ORDER_VAR, ChangeList
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst

from articles.admin_search import COUNTED, CappedPaginator
from articles.admin_widgets import Combobox, Day, Lines, Moment, MultiCombobox, unchosen
from articles.models import Mergeable, WebURLField
from articles.models.fields import check_link

MAX_SEARCH_CHARS = 200
MAX_SEARCH_WORDS = 16
CHOICES_SHOWN = 20
MAX_ID_DIGITS = 18


def is_id(value: str) -> bool:
    """Whether ``value`` can be the number of a row on both engines."""
    return value.isascii() and value.isdigit() and len(value) <= MAX_ID_DIGITS


def search_refusal(words: str) -> str:
    """Why ``words`` are too much to search for; empty where they are not."""
    if len(words) > MAX_SEARCH_CHARS:
        return f"Nothing was searched: give at most {MAX_SEARCH_CHARS} characters."
    if len(words.split()) > MAX_SEARCH_WORDS:
        return f"Nothing was searched: give at most {MAX_SEARCH_WORDS} words."
    return ""


class Choosy(forms.BaseForm):
    """For forms with search boxes: words that were typed and not chosen are refused at their field, and kept."""

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name, field in self.fields.items():
            for words in unchosen(self[name].data) if not field.disabled else []:
                self.errors.pop(name, None)
                self.add_error(name, self._no_choice(field, words))

    def _no_choice(self, field: Any, words: str) -> str:
        name = field.queryset.model._meta.verbose_name
        if getattr(field.widget, "can_add_related", False):
            return f"{words} is no {name} yet: choose from the list, or make it with +."
        return f"{words} is no {name}: choose from the list."


class Choice(forms.ModelChoiceField):
    """One row. The one that is stored already is at hand, and is not asked for again."""

    stored: Model | None = None

    def to_python(self, value: Any) -> Any:
        if self.stored is not None and str(value) == str(self.stored.pk):
            return self.stored
        return super().to_python(value)


class Choices(forms.ModelMultipleChoiceField):
    """Several rows. Refuses a number that no row can have, which would break the query on SQLite."""

    def clean(self, value: Any) -> Any:
        for pk in value if isinstance(value, (list, tuple)) else ():
            if str(pk).isdigit() and not is_id(str(pk)):
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(pk)[:40]}
                )
        return super().clean(value)


class DeskForm(Choosy, forms.ModelForm):
    """A form whose search boxes know the rows that were loaded with the instance."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        loaded = self.instance._state.fields_cache
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, Combobox):
                widget.know(loaded.get(name))
            if isinstance(field, Choice):
                field.stored = loaded.get(name)


class Choosing(BaseModelAdmin):
    """For admin classes: foreign keys to tables of the desk become search boxes, dates the browser's fields."""

    formfield_overrides = {
        models.TextField: {"widget": Lines},
        models.DateField: {"widget": Day},
        # With a link to what is stored, where that may be one.
        WebURLField: {"widget": AdminURLFieldWidget(validator_class=lambda: check_link)},
        models.DateTimeField: {"form_class": forms.DateTimeField, "widget": Moment},
    }

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        related = self.admin_site._registry.get(db_field.remote_field.model)
        if isinstance(related, DeskAdmin):
            kwargs["widget"] = related.chooser(Combobox)
            kwargs.setdefault("form_class", Choice)
            kwargs.setdefault("queryset", related.choosable(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        related = self.admin_site._registry.get(db_field.remote_field.model)
        if isinstance(related, DeskAdmin):
            kwargs["widget"] = related.chooser(MultiCombobox)
            kwargs.setdefault("form_class", Choices)
            kwargs.setdefault("queryset", related.choosable(request))
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, MultiCombobox):
            # Without Django's word about the Control key, which is for plain selects.
            field.help_text = db_field.help_text
        return field


class DeskInline(Choosing, admin.StackedInline):
    """Rows of another model on a record's page. Stacked, so that each field has its label."""

    form = DeskForm
    extra = 0
    show_change_link = True
    view_on_site = False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def heading(self, form: Any) -> str:
        """What stands over one row of the inline."""
        name = str(self.opts.verbose_name if self.verbose_name is None else self.verbose_name)
        return f"{capfirst(name)}: {form.instance}" if form.instance.pk else f"New {name}"


UNSORTED = "More than {:,} rows are not sorted by that column: choose a filter first."


class DeskList(ChangeList):
    """A list that is sorted by an index, or by whatever is asked for where it has no more rows than are counted."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        queryset = super().get_queryset(request, exclude_parameters)
        if ORDER_VAR in self.params and not self._is_indexed(queryset):
            paginator: Any = self.model_admin.get_paginator(request, queryset, self.list_per_page)
            if paginator.more:
                del self.params[ORDER_VAR]
                messages.info(request, UNSORTED.format(COUNTED))
                return queryset.order_by(*self.model_admin.get_ordering(request))
        return queryset

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """The list's own order backwards is all of it backwards: an index serves that too."""
        asked: list[Any] = super().get_ordering(request, queryset)
        backwards = [_backwards(name) for name in self.model_admin.get_ordering(request)]
        return backwards if asked[:1] == backwards[:1] else asked

    def _is_indexed(self, queryset: QuerySet[Any]) -> bool:
        desk: Any = self.model_admin
        return queryset.query.order_by[0] in desk.indexed_orders

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if (self.show_all and self.can_show_all) or not self.multi_page:
            self.result_list = self.paginator.object_list


def _backwards(order: Any) -> Any:
    if not isinstance(order, str):
        return order
    return order.removeprefix("-") if order.startswith("-") else f"-{order}"


class DeskAdmin(Choosing, admin.ModelAdmin):
    """The base of every admin class."""

    form = DeskForm
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    list_per_page = 50
    paginator = CappedPaginator
    list_max_show_all = 200
    save_on_top = True

    indexed_orders: tuple[Any, ...] = ()
    """What a list of any length can be sorted by, beside its own order."""

    name_field = "name"
    """The field that words typed into a search box go to, where the row they name is made on the way."""

    class Media:
        js = ["admin/js/jquery.init.js", "hearsay/combobox.js", "hearsay/desk.js"]

    # Nothing is deleted.

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    # Lists answer whatever stands in the address.

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list's own filters say: anything else could be a slow or a prying query."""
        return lookup in self._parameters(request)

    def _parameters(self, request: HttpRequest) -> Iterator[str]:
        for entry in self.get_list_filter(request):
            if isinstance(entry, type) and issubclass(entry, admin.SimpleListFilter):
                yield str(entry.parameter_name)
            else:
                name = entry[0] if isinstance(entry, (tuple, list)) else entry
                yield from (f"{name}__{lookup}" for lookup in ("exact", "isnull", "gte", "lt"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        refusal = search_refusal(search_term)
        if refusal:
            self.message_user(request, refusal, messages.WARNING)
            return queryset.none(), False
        return self.found(request, queryset, search_term), False

    def found(
        self, request: HttpRequest, queryset: QuerySet[Any], words: str, *, typing: bool = False
    ) -> QuerySet[Any]:
        """Those of ``queryset`` that hold all of ``words``, of which the last may only have begun where somebody is
        ``typing``. As Django searches, which is for tables that stay small; others ask an index."""
        found, repeats = super().get_search_results(request, queryset, words)
        return found.distinct() if repeats else found

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return DeskList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if ERROR_FLAG in request.GET:
            self.message_user(
                request, "The address named a filter or a page that does not exist: this is the whole list.", "warning"
            )
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def response_action(self, request: Any, queryset: QuerySet[Any], *args: Any) -> HttpResponse | None:
        """Forged numbers of rows choose nothing, instead of breaking the query."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        request.POST = request.POST.copy()
        request.POST.setlist(ACTION_CHECKBOX_NAME, [pk for pk in chosen if is_id(pk)])
        return super().response_action(request, queryset, *args)

    # Choosing a row of this model in a form elsewhere.

    @classmethod
    def choice_label(cls, row: Any) -> str:
        """How a row reads where it is chosen; may use only what ``get_queryset`` loads."""
        return str(row)

    @classmethod
    def choice_note(cls, row: Any) -> str:
        """What tells a row from others of the same label."""
        return ""

    def choosable(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows that may stand in a form, which are none that were merged; ``offered`` may be newly chosen."""
        rows = self.get_queryset(request)
        return rows.filter(merged_into=None) if issubclass(self.model, Mergeable) else rows

    def offered(self, request: HttpRequest) -> QuerySet[Any]:
        return self.choosable(request)

    def may_choose(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def chooser(self, widget: type[Combobox]) -> Combobox:
        """A search box over this model."""
        return widget(
            url=reverse(self._choices_url_name()), label=self.choice_label, attrs={"data-name-field": self.name_field}
        )

    def _choices_url_name(self) -> str:
        return f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_choices"

    def get_urls(self) -> list[URLPattern]:
        name = self._choices_url_name().rpartition(":")[2]
        return [path("choices/", self.admin_site.admin_view(self.choices_view), name=name), *super().get_urls()]

    def choices_view(self, request: HttpRequest) -> JsonResponse:
        """The first rows that match ``q``, as ``{"rows": [{"id", "label", "note"}], "more": bool}``."""
        if not self.may_choose(request):
            raise PermissionDenied
        words = request.GET.get("q", "")
        if search_refusal(words):
            return JsonResponse({"rows": [], "more": False, "error": search_refusal(words)})
        rows = list(self.found(request, self.offered(request), words, typing=True)[: CHOICES_SHOWN + 1])
        shown = [
            {"id": str(row.pk), "label": self.choice_label(row), "note": self.choice_note(row)}
            for row in rows[:CHOICES_SHOWN]
        ]
        return JsonResponse({"rows": shown, "more": len(rows) > CHOICES_SHOWN})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what ``list_select_related`` names, on every page and not on lists alone."""
        queryset = super().get_queryset(request)
        related = self.get_list_select_related(request)
        return queryset.select_related(*related) if isinstance(related, (list, tuple)) else queryset

    # Saving.

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        """Writes what changed. A form that changes nothing of the row itself leaves the row alone."""
        if change and not form.has_changed():
            return
        if obj._state.adding and hasattr(obj, "created_by_id"):
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        """Writes the inlines, and the many-to-many fields of a row that is written itself: nothing else keeps those
        from being put back to what they were when the form was read."""
        if change and not form.has_changed():
            form.save_m2m = lambda: None  # type: ignore[method-assign]
        super().save_related(request, form, formsets, change)

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The row's own page, without the detour over contenttypes."""
        return (obj.get_absolute_url() or None) if hasattr(obj, "get_absolute_url") else None

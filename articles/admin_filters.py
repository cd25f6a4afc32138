"""Filters of the admin's lists that hold no list of all values."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest

MAX_FILTER_CHARS = 100


class TextFilter(admin.SimpleListFilter):
    """A filter that people type into, for tables that grow."""

    template = "admin/text_filter.html"
    hint = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        """Django hides a filter without choices; the template reads ``value`` and ``others`` instead."""
        return [("", "")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        others = [
            (name, value)
            for name, values in changelist.get_filters_params().items()
            if name != self.parameter_name
            for value in values
        ]
        yield {
            "name": self.parameter_name,
            "value": self.value() or "",
            "others": others,
            "search": changelist.query,
            "hint": self.hint,
            "without": changelist.get_query_string(remove=[self.parameter_name]),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        words = (self.value() or "").strip()
        if len(words) > MAX_FILTER_CHARS:
            raise IncorrectLookupParameters
        return self.matching(queryset, words) if words else queryset

    def matching(self, queryset: QuerySet[Any], words: str) -> QuerySet[Any]:
        raise NotImplementedError


class ChoiceFilter(admin.SimpleListFilter):
    """A filter with a few fixed choices. A value that is none of them is an error, not the whole list."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen is None:
            return self.unfiltered(queryset)
        if chosen not in [value for value, _ in self.lookup_choices]:
            raise IncorrectLookupParameters
        return self.chosen(queryset, chosen)

    def unfiltered(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        raise NotImplementedError


@dataclass(frozen=True)
class Work:
    """Rows that wait for somebody: a line of the work list and a choice in the filter "to do", from one rule."""

    slug: str
    label: str
    rows: Callable[[QuerySet[Any]], QuerySet[Any]]


class WorkFilter(ChoiceFilter):
    """What waits for somebody; the admin class says what in ``works``."""

    title = "to do"
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        self.works = {work.slug: work for work in model_admin.works}
        return [(work.slug, work.label) for work in model_admin.works]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return self.works[value].rows(queryset)

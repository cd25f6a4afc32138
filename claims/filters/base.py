"""What all lists have in common: an address that can be read and shared, and an answer to every parameter."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict

from claims.filters.fields import (
    MAX_NAME_CHARS,
    MAX_VALUES,
    Asked,
    ChoiceField,
    ManyInput,
    NamesField,
    NumberField,
    WordsField,
    as_texts,
    close_to,
    unknown,
)
from claims.models import sees_desk
from claims.models.claim import MAX_TERMS

PAGE_SIZE = 50

OTHER_WORDS = {
    "speaker": "root",
    "author": "root",
    "topic": "tag",
    "outlet": "publisher",
    "search": "q",
    "order": "sort",
}
"""What people may call our filters."""


@dataclass(frozen=True)
class Problem:
    """One parameter that a list cannot take. ``field`` is the id of its input, empty where there is none;
    ``ways`` are (label, address) of what may have been meant."""

    message: str
    field: str
    ways: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Chip:
    """One active filter; ``url`` is the list without it."""

    label: str
    value: str
    url: str


class ListForm(forms.Form):
    """One list's parameters. What it does not know, it names."""

    page = NumberField(min_value=1, required=False)

    desk_only: frozenset[str] = frozenset()
    data: QueryDict

    def clean(self) -> dict[str, Any]:
        for name in self.data:
            if name not in self.fields:
                self.add_error(None, self.stranger(name))
            elif not isinstance(self.fields[name].widget, ManyInput) and len(self.data.getlist(name)) > 1:
                self.add_error(name, ValidationError("Give this once.", code="repeated"))
        return self.cleaned_data

    def stranger(self, name: str) -> ValidationError:
        if name in self.desk_only:
            return ValidationError(f"Only the desk can filter by {name}. Sign in first.", code="desk_only")
        others = {word: meant for word, meant in OTHER_WORDS.items() if meant in self.fields}
        close = close_to(name, [*self.fields, *others])
        ways = dict.fromkeys(others.get(word, word) for word in close)
        return unknown(f"This list has no filter called “{name[:100]}”.", name, [(way, way) for way in ways])


class ListFilter(django_filters.FilterSet):
    """One list's filters, in the order in which its form and its address give them.

    ``data`` is what stands in the address. ``qs`` is empty unless every parameter is understood.
    """

    desk_only: tuple[str, ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The form: headings with the filters under each."""
    looked_in: tuple[str, ...] = ()
    """The columns in which ``q`` looks for its words."""
    orders: dict[str, tuple[Any, ...]] = {}
    """Each sort with the order that it stands for, which ends in the primary key. The first is the default."""

    class Meta:
        form = ListForm

    def __init__(self, data: QueryDict, *, viewer: Any, path: str = "") -> None:
        super().__init__(data, self.everything(viewer))
        self.viewer, self.path = viewer, path
        self._asked: dict[str, Asked] = {}
        self.desk = sees_desk(viewer)
        if not self.desk:
            for name in self.desk_only:
                del self.filters[name]

    def everything(self, viewer: Any) -> QuerySet[Any]:
        """All that the list may show to ``viewer``."""
        raise NotImplementedError

    def get_form_class(self) -> type[forms.Form]:
        return type("Form", (super().get_form_class(),), {"desk_only": frozenset(self.desk_only)})

    def asked(self, noun: str) -> Asked:
        """What all filters that name a ``noun`` are asked for, as long as that is not too much."""
        if noun not in self._asked:
            names = [name for name, chosen in self.filters.items() if chosen.extra.get("noun") == noun]
            given = (value.strip() for name in names for value in self.data.getlist(name)[: MAX_VALUES + 1])
            self._asked[noun] = Asked([value for value in given if 0 < len(value) <= MAX_NAME_CHARS])
        return self._asked[noun]

    @property
    def values(self) -> dict[str, Any]:
        """The clean values; those of parameters that were refused are left out."""
        self.form.errors  # noqa: B018  runs the checks
        return self.form.cleaned_data

    @property
    def qs(self) -> QuerySet[Any]:
        if not hasattr(self, "_qs"):
            self._qs = self.filter_queryset(self.queryset.all()) if self.is_valid() else self.queryset.none()
        return self._qs

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for name, chosen in self.filters.items():
            queryset = chosen.filter(queryset, self.values[name])
        return queryset.order_by(*self.orders[self.sort])

    @property
    def sort(self) -> str:
        return self.values.get("sort") or next(iter(self.orders))

    def matching(self, queryset: Any, _name: str, words: str) -> QuerySet[Any]:
        """The method of ``q``."""
        return queryset.filter(every_word(words, *self.looked_in))

    def keep(self, queryset: QuerySet[Any], _name: str, _value: Any) -> QuerySet[Any]:
        """The method of ``sort``: it orders at the end, and selects nothing."""
        return queryset

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The parameters as the list's own address gives them: no empty ones, no defaults, slugs for names."""
        for name in self.filters:
            for text in as_texts(self.values.get(name)):
                if (name, text) != ("sort", next(iter(self.orders), "")):
                    yield name, text

    def url(self, *, without: tuple[str, str] | None = None, page: int = 1) -> str:
        """The address of this list, of one of its pages, or of the list without one parameter."""
        pairs = [pair for pair in self.pairs() if pair != without]
        return address(self.path, [*pairs, *([("page", str(page))] if page > 1 else [])])

    def as_given(self) -> list[tuple[str, str]]:
        return [(name, text) for name, texts in self.data.lists() for text in texts]

    def is_tidy(self) -> bool:
        """Whether the address that was asked for is the list's own, in whatever order."""
        page = self.values.get("page")
        own = [*self.pairs(), *([("page", str(page))] if page and page > 1 else [])]
        return sorted(own) == sorted(self.as_given())

    def chips(self) -> list[Chip]:
        """The active filters."""
        return [
            Chip(str(self.filters[name].label), self.label_of(name, text), self.url(without=(name, text)))
            for name, text in self.pairs()
            if name != "sort"
        ]

    def label_of(self, name: str, text: str) -> str:
        """How a person reads the value that the address gives as ``text``."""
        field = self.form.fields[name]
        if isinstance(field, NamesField):
            return next(str(row) for row in self.values[name] if row.slug == text)
        return field.choices[text] if hasattr(field, "choices") else text

    def problems(self) -> list[Problem]:
        """What is wrong with the address, in the order of the form."""
        errors = self.form.errors.as_data()
        return [self.problem(name, error) for name in errors for error in errors[name]]

    def problem(self, name: str, error: ValidationError) -> Problem:
        params = error.params or {}
        where = f"id_{name}" if name in self.filters else ""
        label = "" if name == NON_FIELD_ERRORS else f"{self.form.fields[name].label or name.capitalize()}: "
        ways = tuple((way, self.instead(name, params["value"], slug)) for slug, way in params.get("suggestions", ()))
        return Problem(f"{label}{error.messages[0]}", where, ways)

    def instead(self, name: str, value: str, way: str) -> str:
        """The address that was asked for with ``way`` in the place of one value, or of one parameter's name."""
        if name == NON_FIELD_ERRORS:
            pairs = [(way if key == value else key, text) for key, text in self.as_given()]
        else:
            pairs = [(key, way if (key, text.strip()) == (name, value) else text) for key, text in self.as_given()]
        return address(self.path, pairs)


def address(path: str, pairs: list[tuple[str, str]]) -> str:
    """``path`` with ``pairs`` behind the question mark, if there are any."""
    query = QueryDict(mutable=True)
    for name, text in pairs:
        query.appendlist(name, text)
    return f"{path}?{query.urlencode()}" if pairs else path


def every_word(words: str, *columns: str) -> Q:
    """Each of ``words`` stands in one of ``columns``, wherever; the first 32 are looked for."""
    found = Q()
    for word in words.split()[:MAX_TERMS]:
        in_any = Q()
        for column in columns:
            in_any |= Q(**{f"{column}__icontains": word})
        found &= in_any
    return found


def words_filter(label: str = "Words") -> django_filters.Filter:
    """The box that looks for words; the FilterSet's method ``matching`` does."""
    return field_filter(WordsField, label, "matching")


def field_filter(field: type[forms.Field], label: str, method: str, **options: Any) -> django_filters.Filter:
    """A filter with a field of ours, applied by the FilterSet's own ``method``."""
    made = django_filters.Filter(label=label, method=method, **options)
    made.field_class = field
    return made


def sort_filter(**labels: str) -> django_filters.Filter:
    """The order of a list: the name of each sort with its label."""
    return field_filter(ChoiceField, "Sort by", "keep", choices=list(labels.items()))

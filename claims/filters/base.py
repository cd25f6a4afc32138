"""What all lists have in common: an address that can be read and shared, and an answer to every parameter."""

import copy
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.http import urlencode

from articles.search.expression import ALL, Expression
from claims.filters.fields import (
    MAX_NAME_CHARS,
    MAX_VALUES,
    MAX_WORDS_CHARS,
    Asked,
    ChoiceField,
    CursorField,
    ManyInput,
    NumberField,
    SharedFilter,
    WordsField,
    as_texts,
    close_to,
    unknown,
)
from claims.filters.paging import Page, Place, Total, capped, page_of
from claims.models import sees_desk
from claims.search.language import MAX_TERMS, Query, Snag, names_of, parse, write
from claims.search.language import Filter as Typed

FIRST = Place()

MAX_TRIED = 10
"""How many filters are tried without each, to find the one that leaves nothing."""

LOOKS = ("sort", "cols")
"""The parameters that say how a list looks, and nothing of what it holds."""

RANGES = {"said_before": "said_after", "published_before": "published_after", "sources_max": "sources_min"}
"""The filters that are upper ends of ranges, with their lower ends."""

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


@dataclass(frozen=True)
class Told:
    """One thing in the search box that was not understood. ``ways`` are (query, address) of what may have been
    meant; ``without`` is the list without it."""

    snag: Snag
    ways: list[tuple[str, str]]
    without: str


class ListForm(forms.Form):
    """One list's parameters. What it does not know, it names."""

    page = NumberField(min_value=1, required=False)
    after = CursorField(required=False)
    before = CursorField(required=False)

    known: Collection[str] = ()
    """The names of all filters."""
    desk_only: frozenset[str] = frozenset()
    data: QueryDict

    def clean(self) -> dict[str, Any]:
        for name in self.data:
            if name not in self.fields:
                self.add_error(None, self.stranger(name))
            elif not isinstance(self.fields[name].widget, ManyInput) and len(self.data.getlist(name)) > 1:
                self.add_error(name, ValidationError("Give this once.", code="repeated"))
        for upper, lower in RANGES.items():
            try:
                refuse_crossed(self.cleaned_data.get(lower), self.cleaned_data.get(upper))
            except ValidationError as error:
                self.add_error(upper, error)
        return self.cleaned_data

    def stranger(self, name: str) -> ValidationError:
        if name in self.desk_only:
            return ValidationError(f"Only the desk can filter by {name}. Sign in first.", code="desk_only")
        others = {word: meant for word, meant in OTHER_WORDS.items() if meant in self.known}
        close = close_to(name, [*self.known, *others])
        ways = dict.fromkeys(others.get(word, word) for word in close)
        return unknown(f"This list has no filter called “{name[:100]}”.", name, [(way, way) for way in ways])


class ListFilter(django_filters.FilterSet):
    """One list's filters, in the order in which its form and its address give them.

    ``data`` is what stands in the address. ``qs`` is empty unless every parameter is understood.
    """

    desk_only: tuple[str, ...] = ()
    speaks = False
    """Whether the search box takes more than words: names of filters, phrases, words to leave out."""
    negatable: tuple[str, ...] = ()
    """The filters that may stand with a minus before them, to take away what they find."""
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The form: headings with the filters under each that are no facets."""
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
        self.given = data
        if not self.desk:
            for name in self.desk_only:
                del self.filters[name]
        self.query: Query | None = None
        if self.speaks and len(data.getlist("q")) == 1 and len(data["q"]) <= MAX_WORDS_CHARS:
            self._understand(str(data["q"]))

    def _understand(self, text: str) -> None:
        """Take the filters that were typed into the search box for parameters of the address. Those whose value
        nobody knows stay in the box, and are told of."""
        desk_only = () if self.desk else self.desk_only
        names = names_of(self.filters, OTHER_WORDS)
        query = parse(text, names, desk_only=desk_only)
        wrong: dict[Typed, Snag] = {}
        if query.filters:
            # What names rows asks for all of them at once, so all must be there before the first is tried.
            self.data = self._with_typed(text, query.filters)
            wrong = {each: snag for each in query.filters if (snag := self._snag(text, each))}
            self.data = self._with_typed(text, [each for each in query.filters if each not in wrong])
        self.query = replace(query, problems=(*query.problems, *wrong.values()))

    def _with_typed(self, text: str, filters: Collection[Typed]) -> QueryDict:
        """What was given, with ``filters`` cut out of the search box and put among the parameters."""
        data = self.given.copy()
        for each in sorted(filters, key=lambda each: -each.start):
            text = cut(text, each)
            if each.value not in data.getlist(each.parameter):
                data.appendlist(each.parameter, each.value)
        data["q"] = text
        return data

    def _snag(self, text: str, typed: Typed) -> Snag | None:
        """What is wrong with the value of a typed filter, if anything is."""
        field = self.filters[typed.parameter].field
        try:
            value = field.clean([typed.value] if isinstance(field.widget, ManyInput) else typed.value)
            self._refuse_end(typed.parameter, value)
        except ValidationError as error:
            close = (error.error_list[0].params or {}).get("suggestions", ())
            better = (
                f"{text[: typed.start]}{write('', [(typed.parameter, way)])}{text[typed.end :]}" for way, _ in close
            )
            message = f"{self.filters[typed.parameter].label}: {error.messages[0]}"
            return Snag(message, typed.start, typed.end, tuple(better), left_out=True)
        return None

    def _refuse_end(self, name: str, value: Any) -> None:
        """Raise ``ValidationError`` where ``value`` was typed for an end of a range that ends before it begins. Of
        two ends that were typed, the upper is refused."""
        for upper, lower in RANGES.items():
            if name == upper:
                refuse_crossed(self._cleaned(lower, self.data), value)
            elif name == lower:
                refuse_crossed(value, self._cleaned(upper, self.given))

    def _cleaned(self, name: str, data: QueryDict) -> Any:
        """One value of the address; None where it is no good, which is told elsewhere."""
        try:
            return self.filters[name].field.clean(data.get(name))
        except ValidationError:
            return None

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """With a twin for each that may be negated, right behind it."""
        filters: dict[str, django_filters.Filter] = {}
        for name, chosen in super().get_filters().items():
            filters[name] = chosen
            if name in cls.negatable:
                twin = copy.deepcopy(chosen)
                twin.label = f"Not {chosen.label[:1].lower()}{chosen.label[1:]}"
                filters[f"-{name}"] = twin
        return filters

    def everything(self, viewer: Any) -> QuerySet[Any]:
        """All that the list may show to ``viewer``."""
        raise NotImplementedError

    def get_form_class(self) -> type[forms.Form]:
        """With the fields of what the address gives: a list has many filters, and most are not in use."""
        fields = {name: chosen.field for name, chosen in self.filters.items() if name in self.data}
        return type("Form", (ListForm,), fields | {"known": [*self.filters], "desk_only": frozenset(self.desk_only)})

    def asked(self, noun: str) -> Asked:
        """What all filters that name a ``noun`` are asked for, as long as that is not too much."""
        if noun not in self._asked:
            names = [name for name, chosen in self.filters.items() if chosen.extra.get("noun") == noun]
            given = (value.strip() for name in names for value in self.data.getlist(name)[: MAX_VALUES + 1])
            self._asked[noun] = Asked([value for value in given if 0 < len(value) <= MAX_NAME_CHARS])
        return self._asked[noun]

    @cached_property
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
            queryset = chosen.filter(queryset, self.values.get(name))
        return queryset.order_by(*self.orders[self.sort])

    @property
    def sort(self) -> str:
        asked = str(self.values.get("sort") or "")
        return asked if asked and self.can_sort_by(asked) else next(iter(self.orders))

    def can_sort_by(self, sort: str) -> bool:
        """Whether the order says something of this list: the best match needs words to match."""
        return sort != "relevance" or self.words is not None

    def matching(self, queryset: Any, _name: str, words: str) -> QuerySet[Any]:
        """The method of ``q``."""
        return queryset.filter(every_word(words, *self.looked_in))

    def keep(self, queryset: QuerySet[Any], _name: str, _value: Any) -> QuerySet[Any]:
        """The method of ``sort``: it orders at the end, and selects nothing."""
        return queryset

    @cached_property
    def _pairs(self) -> list[tuple[str, str]]:
        values = self.values
        pairs = ((name, text) for name in self.filters if name in values for text in as_texts(values[name]))
        usual = next(iter(self.orders), "")
        return [pair for pair in pairs if pair[0] != "sort" or pair[1] == self.sort != usual]

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters as the list's own address gives them: no empty ones, no defaults, slugs for names."""
        return [*self._pairs]

    def url(
        self, *, without: tuple[str, str] | None = None, adding: tuple[str, str] | None = None, place: Place = FIRST
    ) -> str:
        """The address of this list, of one of its pages, or of the list with one parameter less or more."""
        pairs = [pair for pair in self.pairs() if pair != without] + ([adding] if adding else [])
        return address(self.path, [*pairs, *_place_pairs(place)])

    @property
    def facets_path(self) -> str:
        """Where the facets of this list are: outside of its folder, where a row may be called "facets"."""
        above, _, name = self.path.rstrip("/").rpartition("/")
        return f"{above}/facets/{name}/"

    @property
    def place(self) -> Place:
        """The page that the address asks for."""
        return Place(self.values.get("page") or 1, self.values.get("after") or "", self.values.get("before") or "")

    @cached_property
    def total(self) -> Total:
        return capped(self.qs)

    def page(self) -> Page:
        """The page that was asked for, with no rows where there is none."""
        return page_of(self.qs, self.place, self.total)

    def as_given(self) -> list[tuple[str, str]]:
        return [(name, text) for name, texts in self.given.lists() for text in texts]

    def is_tidy(self) -> bool:
        """Whether the address that was asked for is the list's own, in whatever order."""
        return sorted([*self.pairs(), *_place_pairs(self.place)]) == sorted(self.as_given())

    @property
    def words(self) -> Expression | None:
        """What the search box looks for; None where that is nothing."""
        return self.query.expression if self.query and self.query.expression != ALL else None

    def snags(self) -> list[Told]:
        """What of the search box was not understood."""
        text = str(self.given.get("q", ""))
        others = [pair for pair in self.as_given() if pair[0] != "q"]

        def asking(query: str) -> str:
            return address(self.path, [*([("q", query)] if query else []), *others])

        return [
            Told(snag, [(way, asking(way)) for way in snag.suggestions], asking(cut(text, snag)))
            for snag in (self.query.problems if self.query else ())
        ]

    def chips(self) -> list[Chip]:
        """The active filters. What was typed and left out is none."""
        return [chip for _, chip in self._active()]

    def _active(self) -> list[tuple[tuple[str, str], Chip]]:
        """The active filters as the address gives them, each with its chip."""
        chips = [
            (
                (name, text),
                Chip(str(self.filters[name].label), self.label_of(name, text), self.url(without=(name, text))),
            )
            for name, text in self.pairs()
            if name not in LOOKS
        ]
        return [each for each in chips if each[1].value]

    def in_the_way(self) -> list[tuple[Chip, Total]]:
        """Of a list without rows: each filter without which there would be some, with how many."""
        found = []
        for chip in self.chips()[:MAX_TRIED]:
            others = QueryDict(chip.url.partition("?")[2])
            total = type(self)(others, viewer=self.viewer, path=self.path).total
            if total.number:
                found.append((chip, total))
        return found

    def fitting_nothing(self) -> list[Chip]:
        """Of a list without rows: each filter that leaves none even alone."""
        return [
            chip
            for pair, chip in self._active()[:MAX_TRIED]
            if not type(self)(QueryDict(urlencode([pair])), viewer=self.viewer, path=self.path).total.number
        ]

    def label_of(self, name: str, text: str) -> str:
        """How a person reads the value that the address gives as ``text``; of the search box, the words that are
        looked for."""
        if name == "q" and self.query:
            return self.query.words
        given = self.values.get(name)
        values = given if isinstance(given, list) else []
        for value in values:
            if getattr(value, "slug", None) == text:
                return str(value)
        choices: dict[str, str] = getattr(self.filters[name].field, "choices", {})
        return choices.get(text, text)

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


def cut(text: str, piece: Typed | Snag) -> str:
    """``text`` without one piece of it, and no blanks left over there."""
    return f"{text[: piece.start].rstrip()} {text[piece.end :].lstrip()}".strip()


def refuse_crossed(least: Any, most: Any) -> None:
    """Raise ``ValidationError`` on a range that ends before it begins; None is an end that is open."""
    if least is not None and most is not None and least > most:
        raise ValidationError(f"The range ends at {most}, before it begins at {least}.", code="crossed")


def _place_pairs(place: Place) -> list[tuple[str, str]]:
    number = [("page", str(place.number))] if place.number > 1 else []
    return [*number, *((name, text) for name, text in (("after", place.after), ("before", place.before)) if text)]


def address(path: str, pairs: list[tuple[str, str]]) -> str:
    """``path`` with ``pairs`` behind the question mark, if there are any."""
    return f"{path}?{urlencode(pairs)}" if pairs else path


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
    made = SharedFilter(label=label, method=method, **options)
    made.field_class = field
    return made


def sort_filter(**labels: str) -> django_filters.Filter:
    """The order of a list: the name of each sort with its label."""
    return field_filter(ChoiceField, "Sort by", "keep", choices=list(labels.items()))

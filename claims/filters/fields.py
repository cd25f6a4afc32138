"""The inputs of a list's filters: what each accepts, and what it says to a value that it does not."""

import copy
import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django_filters import Filter

from articles.models import LanguageField
from articles.search.terms import usual_case
from articles.text import fold
from claims.columns import COLUMNS, FIRST, columns_for, columns_shown
from claims.filters.paging import END, read_cursor
from claims.search.terms import NO_VALUE

MAX_WORDS_CHARS = 500
MAX_NAME_CHARS = 200
MAX_VALUES = 20
MAX_NUMBER = 1_000_000

_SUGGESTIONS = 3
_LOOKED_AT = 500  # names that are compared, of those that share three letters with the misspelt one


def close_to(word: str, known: Iterable[str]) -> list[str]:
    """The few of ``known`` that ``word`` may be a misspelling of, the closest first."""
    folded = {fold(name): name for name in known}
    return [folded[name] for name in difflib.get_close_matches(fold(word), folded, _SUGGESTIONS, 0.6)]


def unknown(message: str, value: str, suggestions: list[tuple[str, str]]) -> ValidationError:
    """An error on one ``value``; ``suggestions`` are (value, label) to put in its place."""
    # Django formats the message with the params: a per cent sign in it must survive that.
    safe = message.replace("%", "%%")
    return ValidationError(safe, code="unknown", params={"value": value, "suggestions": suggestions})


class ManyInput(forms.TextInput):
    """All values of a repeated parameter, without empty ones and repetitions."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        values = [values] if isinstance(values, str) else values
        return list(dict.fromkeys(value.strip() for value in values if value.strip()))


class WordsField(forms.CharField):
    """Words to look for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_WORDS_CHARS, **options)
        self.error_messages["max_length"] = f"Search for {MAX_WORDS_CHARS} characters at most."


class DayField(forms.DateField):
    """A day, as 2025-11-22."""

    widget = forms.DateInput

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)
        self.error_messages["invalid"] = "Give a day as year, month and day: 2025-11-22."


class NumberField(forms.IntegerField):
    """A number from nought up to what any column holds."""

    def __init__(self, *, min_value: int = 0, max_value: int = MAX_NUMBER, **options: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **options)
        bounds = f"Give a whole number from {min_value} to {max_value}."
        self.error_messages |= dict.fromkeys(("invalid", "min_value", "max_value"), bounds)


class CursorField(forms.CharField):
    """The row at which a page begins or ends, as ``paging`` writes it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_NAME_CHARS, **options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text and text != END:
            read_cursor(text)
        return str(text)


class ChoicesField(forms.Field):
    """Some of a short list of values; any of them will do."""

    widget = ManyInput
    most = MAX_VALUES

    def __init__(self, *, choices: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self.choices = {str(value): str(label) for value, label in choices}

    def to_python(self, values: list[str] | None) -> list[str]:
        values = values or []
        refuse_too_many(values, most=self.most)
        for value in values:
            if value not in self.choices:
                raise self.refusal(value)
        return values

    def refusal(self, value: str) -> ValidationError:
        close = close_to(value, self.choices) or list(self.choices)
        message = f"“{value[:MAX_NAME_CHARS]}” is not one of the choices."
        return unknown(message, value, [(choice, choice) for choice in close])


class ChoiceField(ChoicesField):
    """One of a short list of values."""

    def to_python(self, values: list[str] | None) -> Any:
        chosen = super().to_python(values)
        if len(chosen) > 1:
            raise ValidationError("Choose one.", code="repeated")
        return chosen[0] if chosen else ""


class ColumnsField(ChoicesField):
    """Some columns of the claim list, in the order in which they are to stand. The first is always the claim's
    text, and need not be given; nothing stands for what a list shows by default."""

    most = len(COLUMNS)

    def __init__(self, *, desk: bool, **options: Any) -> None:
        super().__init__(choices=[(column.name, column.label) for column in columns_for(desk=desk)], **options)
        self.desk = desk

    def to_python(self, values: list[str] | None) -> list[str]:
        chosen = super().to_python(values)
        if chosen == [FIRST]:
            return chosen
        others = [name for name in chosen if name != FIRST]
        usual = [column.name for column in columns_shown((), desk=self.desk)]
        return [] if [FIRST, *others] == usual else others

    def refusal(self, value: str) -> ValidationError:
        if value in COLUMNS:
            return ValidationError(f"Only the desk sees the column {value}. Sign in first.", code="desk_only")
        return super().refusal(value)


class YearsField(ChoicesField):
    """Some years, as 2025, or "none"."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[(NO_VALUE, "unknown")], **options)

    def to_python(self, values: list[str] | None) -> list[str]:
        values = values or []
        refuse_too_many(values)
        for value in values:
            if value != NO_VALUE and not (value.isascii() and value.isdigit() and len(value) == 4 and value > "0000"):
                raise unknown("Give a year as four digits: 2025.", value, [])
        return values


class LanguagesField(ChoicesField):
    """Some languages, as "en" or "pt-BR", in whatever case."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[], **options)

    def to_python(self, values: list[str] | None) -> list[str]:
        values = values or []
        refuse_too_many(values)
        for value in values:
            try:
                LanguageField().clean(value, None)
            except ValidationError as error:
                raise unknown(" ".join(error.messages), value, []) from error
        return [*dict.fromkeys(usual_case(value) for value in values)]


YES_OR_NO = [("yes", "yes"), ("no", "no")]


@dataclass
class Asked:
    """The values of all the fields of one list that name rows of one table, so that one query finds them."""

    values: list[str]
    found: list[Any] | None = None
    merged: dict[str, Any] = field(default_factory=dict)
    """By the slug of a row that was merged, the one that it was merged into."""


@dataclass(frozen=True)
class Nobody:
    """What stands in the place of a row where "none" is asked for: claims without a tag, a source, a publisher."""

    noun: str
    pk: str = NO_VALUE
    slug: str = NO_VALUE

    def __str__(self) -> str:
        return f"no {self.noun}"


class NamesField(forms.Field):
    """Rows of a table that grows, each given by its slug, its exact name, or one of its aliases; with
    ``or_none`` also the word "none", which becomes a ``Nobody``.

    ``candidates`` says which rows the viewer may name: a hidden row is as unknown as one that never was.
    """

    widget = ManyInput

    def __init__(
        self,
        *,
        noun: str,
        suggest: str,
        candidates: Callable[[Any], QuerySet[Any]],
        viewer: Any,
        asked: Asked,
        aliases: bool = False,
        or_none: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.noun, self.suggest, self.aliases, self.or_none = noun, suggest, aliases, or_none
        self.candidates, self.viewer, self.asked = candidates, viewer, asked

    def to_python(self, values: list[str] | None) -> list[Any]:
        if not values:
            return []
        refuse_too_many(values)
        if self.asked.found is None:
            self.asked.found = self.lookup(self.asked.values)
        found = self.asked.found
        return list(dict.fromkeys(self.choose(value, found) for value in values))

    def lookup(self, values: list[str]) -> list[Any]:
        """The rows that any of ``values`` may mean: one query where all are slugs, as in addresses of ours. A row that
        was merged means the one that it was merged into."""
        rows = self.candidates(self.viewer)
        found = list(rows.filter(slug__in=values).order_by("name", "pk"))
        others = {*values} - {row.slug for row in found} - {NO_VALUE}
        if others:
            self.asked.merged = survivors_by_slug(rows, others)
            others -= self.asked.merged.keys()
        if not others:
            return found
        meant = Q()
        for value in others:
            meant |= Q(name__iexact=value)
            if self.aliases:
                meant |= Q(aliases__icontains=value)
        return [*found, *rows.filter(meant).exclude(slug__in=values).order_by("name", "pk")[:_LOOKED_AT]]

    def choose(self, value: str, found: list[Any]) -> Any:
        """The one row that ``value`` names: by slug, else by name, else by alias."""
        if self.or_none and value == NO_VALUE:
            return Nobody(self.noun)
        if value in self.asked.merged:
            return self.asked.merged[value]
        wanted = fold(value)
        for names_of in (_slug, _name, _aliases):
            rows = [row for row in found if wanted in names_of(row)]
            if len(rows) == 1:
                return rows[0]
            if rows:
                message = f"{len(rows)} {self.noun}s are called “{value[:MAX_NAME_CHARS]}”. Which one?"
                raise unknown(message, value, [(row.slug, row.slug) for row in rows[:10]])
        raise self.refusal(value)

    def refusal(self, value: str) -> ValidationError:
        pieces = [value[at : at + 3] for at in range(0, min(len(value), 30), 3)]
        alike = Q()
        for piece in pieces:
            alike |= Q(name__icontains=piece)
            if self.aliases:
                alike |= Q(aliases__icontains=piece)
        rows = list(self.candidates(self.viewer).filter(alike).order_by("name", "pk")[:_LOOKED_AT])
        slugs = {name: row.slug for row in reversed(rows) for name in [*_aliases(row), row.name]}
        close = dict.fromkeys(slugs[name] for name in close_to(value, slugs))
        labels = {row.slug: row.name for row in rows}
        message = f"There is no {self.noun} called “{value[:MAX_NAME_CHARS]}”."
        return unknown(message, value, [(slug, labels[slug]) for slug in close])


class SharedFilter(Filter):
    """A filter of which each request gets a copy, as django-filter wants, but not of its choices."""

    def __deepcopy__(self, _memo: Any) -> "SharedFilter":
        twin = copy.copy(self)
        twin.extra = {**self.extra}
        twin.method = self.method
        return twin


class ColumnsFilter(SharedFilter):
    """The columns, as far as the viewer of the list may see them."""

    field_class = ColumnsField

    @property
    def field(self) -> ColumnsField:
        self.extra |= {"desk": self.parent.desk}
        return super().field


@dataclass(frozen=True)
class Rated:
    """One level of a reviewer's own scale; its name in an address is that of the scale and its own."""

    pk: int | str
    slug: str
    label: str

    def __str__(self) -> str:
        return self.label


NOT_RATED = Rated(NO_VALUE, NO_VALUE, "not rated")


class RatingsField(forms.Field):
    """Levels of rating scales, as "truth-o-meter:half-true"."""

    widget = ManyInput

    def __init__(self, *, candidates: Callable[[Any], QuerySet[Any]], viewer: Any, **options: Any) -> None:
        super().__init__(**options)
        self.candidates, self.viewer = candidates, viewer

    def to_python(self, values: list[str] | None) -> list[Rated]:
        if not values:
            return []
        refuse_too_many(values)
        levels = self.candidates(self.viewer).filter(slug__in=[value.rpartition(":")[2] for value in values])
        known = {rated.slug: rated for rated in map(rated_of, levels)} | {NO_VALUE: NOT_RATED}
        for value in values:
            if value not in known:
                raise self.refusal(value)
        return [known[value] for value in values]

    def refusal(self, value: str) -> ValidationError:
        rated = {one.slug: one for one in map(rated_of, self.candidates(self.viewer))}
        close = close_to(value, rated)
        message = f"There is no rating called “{value[:MAX_NAME_CHARS]}”: give a scale and a level, scale:level."
        return unknown(message, value, [(slug, str(rated[slug])) for slug in close])


def rated_of(level: Any) -> Rated:
    return Rated(level.pk, f"{level.scale.slug}:{level.slug}", f"{level.label} ({level.scale})")


class RatingsFilter(SharedFilter):
    """A filter by the ratings on view."""

    field_class = RatingsField

    @property
    def field(self) -> RatingsField:
        self.extra |= {"viewer": self.parent.viewer}
        return super().field


def refuse_too_many(values: list[str], *, most: int = MAX_VALUES) -> None:
    """Raise ``ValidationError`` on more, or longer, values than any honest list needs."""
    if len(values) > most:
        raise ValidationError(f"Give {most} values at most.", code="too_many")
    if any(len(value) > MAX_NAME_CHARS for value in values):
        raise ValidationError(f"A value has {MAX_NAME_CHARS} characters at most.", code="too_long")


def survivors_by_slug(rows: QuerySet[Any], slugs: Iterable[str]) -> dict[str, Any]:
    """By those of ``slugs`` that were merged, what they were merged into, where that is one of ``rows``. One query,
    and one or two more for each that was."""
    merged = rows.model._base_manager.filter(slug__in=slugs, merged_into__isnull=False)
    found = {row.slug: rows.filter(pk=row.survivor().pk).first() for row in merged}
    return {slug: row for slug, row in found.items() if row is not None}


def _slug(row: Any) -> list[str]:
    return [fold(row.slug)]


def _name(row: Any) -> list[str]:
    return [fold(str(row))]


def _aliases(row: Any) -> list[str]:
    return [fold(alias) for alias in getattr(row, "alias_list", [])]


class NamesFilter(SharedFilter):
    """A filter whose field looks up names among what the viewer of the list may see."""

    field_class = NamesField

    @property
    def field(self) -> NamesField:
        self.extra |= {"viewer": self.parent.viewer, "asked": self.parent.asked(self.extra["noun"])}
        return super().field


def as_texts(value: Any) -> list[str]:
    """A clean value as an address gives it: slugs, ISO days, plain numbers; nothing for nothing."""
    if value is None or value == "":
        return []
    if isinstance(value, list):
        return [text for one in value for text in as_texts(one)]
    if hasattr(value, "slug"):
        return [str(value.slug)]
    return [str(value)]

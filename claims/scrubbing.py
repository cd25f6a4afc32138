"""Writes over words wherever they are kept: in a row, in what history says of it, in any other table.

For ``claims.erasing`` alone, within its transaction: history itself is written over here, and nowhere else.
"""

import re
import uuid
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

from articles import text as texts
from articles.models import Article, ArticleVersion, Change, Locked, WebURLField
from articles.search.entry import Entry
from claims.models import Annotation, Erasure, Identity, SavedList, Statement, TermCount
from claims.provenance.touched import Touched

ERASED = "[erased]"
FILLER = "·"
NOWHERE = "https://erased.invalid/"
"""What stands for an address: a name that leads nowhere, by RFC 2606."""

PLACED: dict[type[Model], set[str]] = {Statement: {"exact", "prefix", "suffix"}, Annotation: {"exact"}}
"""Columns that repeat a stretch of a text: they change with the text alone."""

UNEDITED: dict[type[Model], set[str]] = {Statement: {"proposed"}}
"""Columns that no form changes, of rows that are edited otherwise."""

APART = (Entry, TermCount, Erasure, Identity, Session, ContentType, Permission, Group, User)
"""Tables that no words are looked for in: derived ones, those that hold no words of ours, and people, who are erased
as what they are."""

MANY = 300
"""How many conditions one query may have: SQLite has an end to them."""

_JOINED = r"(?:[-+_.\s]|%20)+"


class Words:
    """Names or passages that are looked for: as whole words, in any case, however they are joined."""

    def __init__(self, given: Iterable[str]) -> None:
        self.given = sorted({each for one in given for each in (one.strip(), quote_plus(one.strip())) if each})
        parts = [_JOINED.join(map(re.escape, re.split(_JOINED, one))) for one in self.given]
        longest_first = "|".join(sorted(parts, key=len, reverse=True))
        self.pattern = re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)" if parts else r"(?!)", re.IGNORECASE)

    def stand_in(self, value: Any) -> bool:
        """Whether any of them stands in a text or in what JSON holds."""
        if isinstance(value, dict):
            return any(map(self.stand_in, value.values()))
        if isinstance(value, list):
            return any(map(self.stand_in, value))
        return isinstance(value, str) and bool(self.pattern.search(value))

    def taken_from(self, value: Any) -> Any:
        """The same with a mark for each."""
        if isinstance(value, dict):
            return {key: self.taken_from(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.taken_from(each) for each in value]
        return self.pattern.sub(ERASED, value) if isinstance(value, str) else value

    def filled_in(self, text: str) -> str:
        """A captured text with as many characters for each: spans stay where they are."""
        return self.pattern.sub(lambda found: filler(found.group()), text)

    def candidates(self, rows: QuerySet[Any], columns: Collection[str]) -> QuerySet[Any]:
        """Those of ``rows`` that may hold any of them. Databases do not agree on letters beyond ASCII, and JSON may
        spell them out: the longest run of ASCII decides which rows are read."""
        runs = {max(re.findall(r"[A-Za-z0-9]+", one), key=len, default="") for one in self.given}
        if not all(runs) or len(runs) * len(columns) > MANY:
            return rows
        return rows.filter(Q(*((f"{name}__icontains", run) for name in columns for run in runs), _connector=Q.OR))


def filler(text: str, marks: Iterable[int] = (0,)) -> str:
    """As many characters that say nothing, on as many lines; the mark stands at each of ``marks`` where it fits."""
    filled = re.sub(r"[^\n]", FILLER, text)
    end = 0
    for at in sorted(marks):
        if at >= end and filled[at : at + len(ERASED)] == FILLER * len(ERASED):
            end = at + len(ERASED)
            filled = filled[:at] + ERASED + filled[end:]
    return filled


def looked_in() -> list[type[Model]]:
    """Every table that may hold words."""
    return [model for model in apps.get_models() if not issubclass(model, APART)]


def machinery() -> list[type[Model]]:
    """Those in which Django and others keep who did what."""
    return [model for model in looked_in() if model._meta.app_label not in ("articles", "claims")]


@dataclass(frozen=True)
class Found:
    """One column of one row that holds words that were looked for."""

    model: type[Model]
    pk: int
    column: str


@dataclass
class Scrub:
    """One erasure on its way: what it wrote, and what is left to be decided on."""

    touched: Touched = field(default_factory=Touched)
    written: set[tuple[type[Model], int]] = field(default_factory=set)
    left: list[Found] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """By kind of row, how many were written or deleted."""
        return dict(sorted(Counter(str(model._meta.verbose_name) for model, _ in self.written).items()))

    def write(self, row: Model, values: dict[str, Any]) -> None:
        """Write past what refuses it: captured texts and history. A lock moves with it."""
        moved = {"lock": F("lock") + 1, "updated_at": timezone.now()} if isinstance(row, Locked) else {}
        type(row)._base_manager.filter(pk=row.pk).update(**values, **moved)
        for name, value in values.items():
            setattr(row, name, value)
        self.written.add((type(row), row.pk))
        self.touched.add(row)

    def delete(self, rows: QuerySet[Any]) -> None:
        self.written.update((rows.model, pk) for pk in rows.values_list("pk", flat=True))
        rows.delete()

    def blank(self, rows: QuerySet[Any], history: Q | None = None, **marks: Any) -> None:
        """Write ``marks`` over the columns of ``rows`` that are not empty, and over what history says of them:
        of those rows, or where ``history`` says whose."""
        named = list(rows)
        for row in named:
            values = {name: mark for name, mark in marks.items() if getattr(row, name) not in (None, "", mark)}
            if values:
                self.write(row, values)
        kind = rows.model._meta.model_name
        told = Change.objects.filter(Q(row__in=[row.pk for row in named]) if history is None else history, kind=kind)
        for change in told.exclude(was=None):
            was = said_in(change)
            self.retell(change, {name: mark for name, mark in marks.items() if was.get(name) not in (None, "")})

    def unlink(self, model: type[Locked], column: str, pk: int) -> None:
        """Make no row of ``model`` name that row, nor any history of one."""
        self.blank(model._base_manager.filter(**{column: pk}), Q(**{f"was__{column}": pk}), **{column: None})

    def retell(self, change: Change, said: dict[str, Any]) -> None:
        """Make history say ``said`` of what a row said."""
        was = said_in(change)
        if any(was[name] != value for name, value in said.items()):
            self.write(change, {"was": was | said})

    def rewrite(self, version: ArticleVersion, text: str) -> None:
        """Put a text of the same length in the place of a captured one, and mend all that repeats a stretch of it."""
        headline = text.partition("\n")[0]
        self.write(version, {"text": text, "headline": headline, "sha256": texts.fingerprint(text)})
        for model, columns in PLACED.items():
            rows: QuerySet[Any] = model._base_manager.filter(version=version).exclude(start=None)
            for row in rows:
                around = vars(texts.context(text, row.start, row.end))
                values = {name: around[name] for name in columns if getattr(row, name) != around[name]}
                if values:
                    self.write(row, values)
            for change in Change.objects.filter(kind=model._meta.model_name, was__version_id=version.pk):
                was = said_in(change)
                if was["start"] is not None:
                    around = vars(texts.context(text, was["start"], was["end"]))
                    self.retell(change, {name: around[name] for name in columns})

    def look(self, words: Words, *, everywhere: bool, models: Collection[type[Model]] = ()) -> None:
        """Take ``words`` out of whatever nobody can edit; elsewhere only where ``everywhere`` says so, else note
        where they stand. ``models``: only in those tables."""
        # History comes last: it has noted by then what the other rows said.
        for model in sorted(models or looked_in(), key=lambda model: model is Change):
            columns = words_of(model)
            rows = model._base_manager.order_by("pk")
            editable = issubclass(model, (Locked, ArticleVersion, Change))
            found = words.candidates(rows, columns).iterator(chunk_size=200) if columns else ()
            holding = [row.pk for row in found if any(words.stand_in(getattr(row, name)) for name in columns)]
            for pk in holding:
                row = rows.get(pk=pk)
                held = [name for name in columns if words.stand_in(getattr(row, name))]
                if held and (everywhere or not editable):
                    self._take(row, held, words)
                else:
                    self.left += (Found(model, pk, name) for name in self._take_unedited(row, held, words))

    def _take_unedited(self, row: Model, held: list[str], words: Words) -> list[str]:
        """Take ``words`` out of columns that no form changes. Returns those in which they are left."""
        if isinstance(row, Change):
            unedited = UNEDITED.get(row.model, set())
            self.retell(row, {name: value for name, value in _retold(row, words).items() if name in unedited})
            return held if words.stand_in(row.was) else []
        taken = [name for name in held if name in UNEDITED.get(type(row), ())]
        if taken:
            self._take(row, taken, words)
        return [name for name in held if name not in taken]

    def _take(self, row: Model, held: list[str], words: Words) -> None:
        if isinstance(row, ArticleVersion):
            self.rewrite(row, words.filled_in(row.text))
        elif isinstance(row, Change):
            self.retell(row, _retold(row, words))
        else:
            self.write(row, {name: _stand_in(row, name, words) for name in held})


def said_in(change: Change) -> dict[str, Any]:
    """What the row said before the change; nothing where it was not there."""
    return change.was or {}


def words_of(model: type[Model]) -> list[str]:
    """The columns of ``model`` that hold words of people."""
    kept = {*PLACED.get(model, ()), *getattr(model, "DERIVED", ())}
    return [column.name for column in model._meta.concrete_fields if _has_words(column) and column.name not in kept]


def _has_words(column: "models.Field[Any, Any]") -> bool:
    return isinstance(column, (models.CharField, models.TextField, models.JSONField)) and not column.choices


def _retold(change: Change, words: Words) -> dict[str, Any]:
    model = change.model
    kept = PLACED.get(model, set())
    columns = {str(column.column): column for column in model._meta.concrete_fields}
    said = {}
    for name, value in said_in(change).items():
        if name not in kept and words.stand_in(value):
            said[name] = _instead(columns[name], change.row, value, words)
    return said


def _stand_in(row: Model, name: str, words: Words) -> Any:
    if isinstance(row, SavedList) and name == "name":
        return f"{ERASED} list {row.pk}"
    column: Any = row._meta.get_field(name)
    return _instead(column, row.pk, getattr(row, name), words)


def _instead(column: Any, pk: int, value: Any, words: Words) -> Any:
    """``value`` without ``words``, such as the column takes and no other row has."""
    if isinstance(column, WebURLField):
        return NOWHERE
    if isinstance(column, models.SlugField):
        return f"erased-{pk}"
    if column.model is Article and column.name == "identifier":
        return uuid.uuid4().urn
    if column.name == "domain":
        return ""
    taken = words.taken_from(value)
    return taken[: column.max_length] if isinstance(taken, str) and column.max_length else taken

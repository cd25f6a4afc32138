"""What a row says before and after, in words: the names of linked rows instead of their numbers."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, Model
from django.utils import timezone
from django.utils.text import capfirst

from articles.history import Values
from articles.models import Locked
from articles.models.history import typed_fields
from claims.restoring import MERGED, WITHDRAWAL

IN_USE = "In lists and counts"
EMPTY = "empty"
MAX_CHARS = 300

Names = dict[type[Model], dict[int, str]]
"""By model and id, what a row is called."""


@dataclass(frozen=True)
class Said:
    """One thing that a row says, before and after."""

    label: str
    before: str
    after: str


def said(rows: Sequence[tuple[Any, Values, Values]]) -> list[list[Said]]:
    """For each row with its values before and after, what differs. One query for each model that is named."""
    names = _names(rows)
    return [_said(row, before, after, names) for row, before, after in rows]


def _said(row: Any, before: Values, after: Values, names: Names) -> list[Said]:
    differs = {name for name, value in after.items() if before[name] != value}
    found = []
    for field in [*typed_fields(type(row)), *row._meta.many_to_many] if differs else ():
        name = _key(field)
        if name in differs - WITHDRAWAL:
            words = (_in_words(field, values[name], names) for values in (before, after))
            found.append(Said(capfirst(str(field.verbose_name)), *words))
    if differs & WITHDRAWAL:
        found.append(Said(IN_USE, _in_use(before), _in_use(after)))
    return found


def _in_use(values: Values) -> str:
    if not values["withdrawn_at"]:
        return "yes"
    return f"withdrawn: {values['withdrawn_reason']}" if values["withdrawn_reason"] else "withdrawn"


def _in_words(field: "Field[Any, Any]", value: Any, names: Names) -> str:
    if value in (None, "", []):
        return EMPTY
    if field.is_relation:
        known = names[field.related_model]  # type: ignore[index]
        ids = value if isinstance(value, list) else [value]
        return ", ".join(sorted(known.get(pk, f"no. {pk}") for pk in ids))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%d %b %Y, %H:%M}"
    words = " · ".join(" ".join(line.split()) for line in str(value).splitlines() if line.strip())
    return words if len(words) <= MAX_CHARS else f"{words[: MAX_CHARS - 1]}…"


def _names(rows: Iterable[tuple[Any, Values, Values]]) -> Names:
    """What the rows are called that are named where a row's values differ."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    for row, before, after in rows:
        for field in _links(type(row)) if before else ():
            name = _key(field)
            if before[name] != after[name]:
                wanted[field.related_model] |= _ids(before[name]) | _ids(after[name])
    return _called(wanted)


def _called(wanted: dict[Any, set[int]]) -> Names:
    return {
        model: {row.pk: str(row) for row in model._base_manager.filter(pk__in=ids)} for model, ids in wanted.items()
    }


def _ids(value: Any) -> set[int]:
    return set(value if isinstance(value, list) else [value]) - {None}


def _links(model: type[Locked]) -> list[Any]:
    return [*(field for field in typed_fields(model) if field.is_relation), *model._meta.many_to_many]


def _key(field: Any) -> str:
    """The name under which values have ``field``."""
    return str(field.name if field.many_to_many else field.attname)


def side_by_side(model: type[Locked], rows: Sequence[Values]) -> list[tuple[str, list[str]]]:
    """What several rows of a ``model`` say, or one at several times: by label, without what none says, and without
    whether they are in use."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    for link in _links(model):
        wanted[link.related_model].update(*(_ids(values[_key(link)]) for values in rows))
    names, found = _called(wanted), []
    for field in [*typed_fields(model), *model._meta.many_to_many]:
        name = _key(field)
        if name not in WITHDRAWAL | MERGED and any(values[name] not in (None, "", []) for values in rows):
            words = [_in_words(field, values[name], names) for values in rows]
            found.append((capfirst(str(field.verbose_name)), words))
    return found

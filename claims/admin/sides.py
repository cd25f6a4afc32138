"""What a form and the stored row say, field by field: what the editor saw, what is stored now, what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from articles.admin_base import is_id
from articles.admin_widgets import TYPED
from articles.history import Values
from claims.history.words import Part, differences, listed

PICK, THEIRS, YOURS = "pick.", "theirs.", "yours"
"""Before the name of a field on the page that shows both sides: which is picked, and what others stored."""


@dataclass(frozen=True)
class Asked:
    """One field on which the sides differ. The texts are marked against what the editor saw."""

    name: str
    """In the form that was sent."""
    label: str
    original: str | None
    """``None``: nobody knows any more."""
    theirs: Sequence[Part]
    yours: Sequence[Part]
    theirs_sent: Sequence[tuple[str, str]]
    """As a browser would send it: names and values."""
    by_you: bool
    by_them: bool
    several: bool = False
    """Whether it names several rows, like tags."""

    @property
    def picked(self) -> str:
        """What only one side changed is picked; where both did, yours is, for you to say otherwise."""
        return YOURS if self.by_you else "theirs"

    @property
    def both(self) -> bool:
        return self.by_you and self.by_them


def sent(field: Any, value: Any) -> list[str]:
    """What a browser would send of ``field`` where it shows ``value``."""
    widget = bare(field)
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    shown = widget.format_value(field.prepare_value(value))
    return list(shown) if isinstance(shown, list) else [shown or ""]


def bare(field: Any) -> Any:
    """The widget itself, without the links that the admin puts around it."""
    return getattr(field.widget, "widget", field.widget)


def read(field: Any, values: Sequence[str]) -> list[str]:
    """What was sent of ``field`` in the words that its control shows. One query for fields that name rows."""
    if isinstance(field, forms.ModelChoiceField):
        return _rows_named(field, [value for value in values if value])
    if isinstance(field, forms.BooleanField):
        return ["yes" if values else "no"]
    if isinstance(field, forms.ChoiceField):
        names = dict(_flat(field.choices))
        return [str(names.get(value, value)) for value in values if value]
    return [value for value in values if value]


def _rows_named(field: Any, pks: Sequence[str]) -> list[str]:
    rows = field.queryset.filter(pk__in=[pk for pk in pks if is_id(pk)]) if pks else ()
    names = {str(row.pk): field.label_from_instance(row) for row in rows}
    return [names.get(pk, f"no. {pk}, which cannot be shown" if is_id(pk) else pk) for pk in pks]


def _flat(choices: Any) -> Any:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from ((str(one), name) for one, name in label)
        else:
            yield str(value), label


def marked(field: Any, before: Sequence[str] | None, after: Sequence[str]) -> list[Part]:
    """``after`` with its differences from ``before``."""
    if before is None:
        return differences(", ".join(after), ", ".join(after))
    if isinstance(field, forms.ModelMultipleChoiceField):
        return listed(before, after)
    return differences(", ".join(before), ", ".join(after))


def plain(texts: Sequence[str]) -> list[str]:
    """Lines end alike, whoever wrote them, and several values have no order."""
    return sorted(text.replace("\r\n", "\n") for text in texts)


class Sides:
    """The three sides of one bound form over a stored row. ``seen`` are the values of the row as the editor saw it;
    ``None`` where nobody knows."""

    def __init__(self, form: Any, seen: Values | None, names: Sequence[str]) -> None:
        self.form, self.names = form, names
        self.shown = None if seen is None else form.initial_of(seen)

    def original(self, name: str) -> list[str] | None:
        return None if self.shown is None else sent(self.form.fields[name], self._seen(name))

    def _seen(self, name: str) -> Any:
        return (self.shown or {}).get(name, self.form.fields[name].initial)

    def theirs(self, name: str) -> list[str]:
        return sent(self.form.fields[name], self._stored(name))

    def _stored(self, name: str) -> Any:
        return self.form.initial.get(name, self.form.fields[name].initial)

    def yours(self, name: str) -> list[str]:
        """As it was sent, with words that were typed into a search box and not chosen."""
        key = self.form.add_prefix(name)
        words = [f"“{typed}”" for typed in self._list(key + TYPED) if typed.strip()]
        chosen = [] if words and not bare(self.form.fields[name]).allow_multiple_selected else self._list(key)
        return [*chosen, *words]

    def _list(self, key: str) -> list[str]:
        data = self.form.data
        found = data.getlist(key) if hasattr(data, "getlist") else [data[key]] if key in data else []
        return [str(value) for value in found]

    def differs(self, name: str, shown: Any) -> bool:
        """Whether what was typed says something else than a form that showed ``shown``."""
        field, key = self.form.fields[name], self.form.add_prefix(name)
        if plain(self.yours(name)) == plain(sent(field, shown)):
            return False
        return bool(field.has_changed(shown, field.widget.value_from_datadict(self.form.data, self.form.files, key)))

    def by_you(self, name: str) -> bool:
        return self.shown is None or self.differs(name, self._seen(name))

    def by_them(self, name: str) -> bool:
        return self.shown is None or plain(self.original(name) or []) != plain(self.theirs(name))

    def untouched(self) -> bool:
        """Whether nothing at all was typed over what the editor saw."""
        return self.shown is not None and not any(map(self.by_you, self.names))

    def asked(self) -> list[Asked]:
        """The fields in which what was typed and what is stored differ."""
        differing = (name for name in self.names if self.differs(name, self._stored(name)))
        return [self._asked(name) for name in differing]

    def _asked(self, name: str) -> Asked:
        field, key = self.form.fields[name], self.form.add_prefix(name)
        stored, before = self.theirs(name), self.original(name)
        seen = None if before is None else read(field, before)
        return Asked(
            name=key,
            label=str(field.label or name.replace("_", " ").capitalize()),
            original=None if seen is None else ", ".join(seen),
            theirs=marked(field, seen, read(field, stored)),
            yours=marked(field, seen, read(field, self.yours(name))),
            theirs_sent=[(key, value) for value in stored],
            by_you=self.by_you(name),
            by_them=self.by_them(name),
            several=isinstance(field, forms.ModelMultipleChoiceField),
        )

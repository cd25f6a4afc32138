"""The admin's own form controls: a search box over a growing table, and the browser's date fields."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.db import models

Label = Callable[[Any], str]
"""How a row reads where it is chosen."""

TYPED = "__typed"
"""What a search box adds to its field's name to send words that were typed and not chosen."""


class Unchosen(str):
    """Words typed into a search box and not chosen, in quotes: so they are never taken for a row's number."""

    chosen: Any = None
    """The choice that they were typed over."""


def unchosen(value: Any) -> list[Unchosen]:
    """The words among a search box's value that are no choice."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, Unchosen)]


class Combobox(forms.Select):
    """A select over a table that can grow. It holds the chosen row only; ``combobox.js`` makes it a search box
    (ARIA APG's editable combobox with a list) that asks ``url`` for rows."""

    def __init__(self, *, url: str, label: Label = str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "combobox", "data-choices": url} | (attrs or {}))
        self.label = label
        self.known: dict[str, str] = {}

    def know(self, row: models.Model | None) -> None:
        """Remember how an already loaded row reads, so that showing it costs no query."""
        if row is not None:
            self.known[str(row.pk)] = self.label(row)

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: the browser could not point at a hidden select. The form says what is missing."""
        return False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What is chosen; words that were left in the box count before it, for the form to refuse."""
        chosen = super().value_from_datadict(data, files, name)
        words = (data.get(name + TYPED) or "").strip()
        if not words:
            return chosen
        typed = Unchosen(f"“{words}”")
        typed.chosen = chosen
        return [*chosen, typed] if self.allow_multiple_selected else typed

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With the words that were refused, for the box to show again."""
        typed = unchosen(value)
        if not typed:
            return super().get_context(name, value, attrs)
        shown = value if self.allow_multiple_selected else typed[0].chosen
        return super().get_context(name, shown, {**(attrs or {}), "data-typed": typed[0][1:-1]})

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        chosen = [str(one) for one in value if one not in ("", None, "None")]
        labels = self.known | self._look_up(pk for pk in chosen if pk not in self.known)
        options = [] if self.allow_multiple_selected else [self.create_option(name, "", "", not chosen, 0)]
        for pk in chosen:
            if pk in labels:
                options.append(self.create_option(name, pk, labels[pk], True, len(options)))
        return [(None, options, 0)]

    def _look_up(self, pks: Iterable[str]) -> dict[str, str]:
        asked = [pk for pk in pks if pk.isascii() and pk.isdigit() and len(pk) < 19]
        if not asked:
            return {}
        choices: Any = self.choices
        return {str(row.pk): self.label(row) for row in choices.queryset.filter(pk__in=asked)}


class MultiCombobox(Combobox, forms.SelectMultiple):
    """The same for several rows, shown as chips."""

    allow_multiple_selected = True


class Lines(forms.Textarea):
    """A few lines; the browser lets people pull it longer."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "vLargeTextField", "rows": 3} | (attrs or {}))


class Day(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class Moment(forms.DateTimeInput):
    """The browser's own field for a date with a time of day."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"step": "1"} | (attrs or {}), format="%Y-%m-%dT%H:%M:%S")

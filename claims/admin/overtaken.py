"""What is asked of an editor whose save comes after somebody else's, of one row: what others made of it meanwhile,
and on which fields they and the editor differ."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from articles import history
from articles.models import Change, Locked
from articles.models.history import typed_fields
from claims.admin.sides import Asked, Sides, read

SAVES_SHOWN = 5

AROUND = {"withdrawn_at", "withdrawn_by", "withdrawn_reason"}
"""The columns that a note on the row tells of."""


@dataclass
class Overtaken:
    """One row that others saved after the editor opened it. ``seen`` is the lock that the form brought; ``None``
    where it brought none. A row that is ``gone`` cannot be written; what was typed of it is in ``copies``."""

    row: Locked
    lock_name: str
    seen: int | None
    fields: list[Asked] = field(default_factory=list)
    copies: list[tuple[str, str]] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    gone: str = ""
    heading: str = ""

    @property
    def locks(self) -> list[tuple[str, str]]:
        """What makes the next save one that knows of this."""
        return [(self.lock_name, str(self.row.lock))]

    @property
    def merged_into(self) -> Any:
        """What the row was merged into, where it was: then nothing of the page can be saved."""
        row: Any = self.row
        return row.survivor() if getattr(row, "merged_into_id", None) else None

    @property
    def taken_out(self) -> str:
        """Whether and why the row was withdrawn."""
        row: Any = self.row
        if not getattr(row, "withdrawn_at", None) or getattr(row, "merged_into_id", None):
            return ""
        by = f" by {row.withdrawn_by}" if row.withdrawn_by_id else ""
        return f"It was withdrawn{by}: {row.withdrawn_reason or 'no reason given'}."

    @property
    def saves(self) -> list[Change]:
        """The last saves by others, the newest first. One query."""
        found = Change.objects.filter(kind=self.row._meta.model_name, row=self.row.pk, lock__gt=self.seen or 0)
        return list(found.exclude(revision=None).select_related("revision__by").order_by("-lock")[:SAVES_SHOWN])


def overtaken(form: Any) -> Overtaken | None:
    """What there is to ask before ``form``, of a stored row, may be saved; ``None`` where nothing is. Where nothing
    was typed over what the editor saw, the form then says what is stored. A query or two where the lock has moved."""
    seen = seen_lock(form)
    if seen == form.instance.lock:
        if form.gone:
            catch_up(form)
        return None
    said = None if seen is None else history.values_at(form.instance, seen)
    sides = Sides(form, said, form.row_fields())
    found = Overtaken(form.instance, form.lock_name, seen, copies=_unplaced(form, said))
    if form.gone:
        found.gone = _where(form.instance)
        found.copies += _typed(sides)
        nothing_typed = sides.untouched() or not _typed(sides)
    else:
        found.fields = sides.asked()
        found.also = _also(form, said)
        nothing_typed = sides.untouched() or not found.fields
    if nothing_typed and not found.copies:
        catch_up(form)
        return None
    return found


def merged_away(form: Any, formsets: Iterable[Any]) -> Overtaken:
    """All that was typed on the page of a row that was merged meanwhile, to copy. A query or two a row of the page."""
    found = Overtaken(form.instance, form.lock_name, seen_lock(form) or 0)
    for each in (form, *(row for formset in formsets for row in formset.forms if row.has_changed())):
        seen, stands = seen_lock(each), not each.instance._state.adding
        said = history.values_at(each.instance, seen) if stands and seen is not None else None
        found.copies += _typed(Sides(each, said, each.row_fields()))
    return found


def seen_lock(form: Any) -> int | None:
    """The lock that came with the form; ``None`` where none did, or no number."""
    came = str(form.data.get(form.lock_name, ""))
    return int(came) if came.isascii() and came.isdigit() and len(came) < 10 else None


def catch_up(form: Any) -> None:
    """Let the form say what is stored: its editor typed nothing over it."""
    sides = Sides(form, None, form.row_fields())
    data = form.data.copy()
    for name in sides.names:
        data.setlist(form.add_prefix(name), sides.theirs(name))
    data[form.lock_name] = str(form.instance.lock)
    form.data = data


def as_it_was(row: Locked, values: history.Values) -> Locked:
    """A copy of ``row`` that says what ``values`` say in its columns."""
    past = copy.copy(row)
    for column in typed_fields(type(row)):
        setattr(past, column.attname, values[column.attname])
    return past


def _where(row: Any) -> str:
    """Why a row is not on the page any more."""
    return "" if row.withdrawn_at else "It stands elsewhere now."


def _typed(sides: Sides) -> list[tuple[str, str]]:
    """What was typed over what the editor saw, to copy."""
    fields = sides.form.fields
    said = {name: ", ".join(read(fields[name], sides.yours(name))) for name in sides.names if sides.by_you(name)}
    return [(str(fields[name].label or name), text) for name, text in said.items() if text and name != "DELETE"]


def _unplaced(form: Any, said: history.Values | None) -> list[tuple[str, str]]:
    """What was typed into fields that the form has no more, because of what others made of the row."""
    found = []
    for column in typed_fields(type(form.instance)):
        typed = form.data.get(form.add_prefix(column.name))
        control: Any = column.formfield() if typed and column.name not in form.fields else None
        if control and control.has_changed((said or {}).get(column.attname), typed):
            found.append((str(control.label), typed))
    return found


def _also(form: Any, said: history.Values | None) -> list[str]:
    """What others changed in columns that the form does not hold, in words: “Status: new → in review”."""
    found = []
    for column in typed_fields(type(form.instance)) if said else ():
        shown = column.name in form.fields or column.name in AROUND or column.name in form.shown_otherwise
        before, now = (said or {})[column.attname], getattr(form.instance, column.attname)
        if column.choices and not shown and before != now:
            names: Any = dict(column.flatchoices)
            label = column.verbose_name.capitalize()
            found.append(f"{label}: {names.get(before, before) or 'none'} → {names.get(now, now) or 'none'}")
    return found

"""What is asked of an editor who changed a chain to which others added, withdrew or moved a hop meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from articles import history
from articles.models import Change
from claims.admin.overtaken import SAVES_SHOWN, seen_lock
from claims.admin.sides import Sides, marked, read, sent
from claims.history.words import Part
from claims.models import Attribution

PLACE = ("position", "source")

Words = dict[str, list[str]]
"""By the names of fields what they say."""


@dataclass(frozen=True)
class HopShown:
    """One hop as one side has it. ``fields`` are what it says beyond its place, in the words of its controls."""

    row: int | None
    position: str
    voice: str
    fields: Words
    change: str = ""
    """What became of it since the editor opened the page: “added”, “withdrawn”, “moved from 1”."""
    details: Sequence[tuple[str, Sequence[Part]]] = ()

    @property
    def cue(self) -> str:
        return ", ".join(self.fields["cue"])


@dataclass
class OvertakenChain:
    """A chain that is picked whole."""

    statement: Any
    name: str
    """The prefix of the hops' fields."""
    original: list[HopShown]
    theirs: list[HopShown]
    yours: list[HopShown]
    theirs_sent: list[tuple[str, str]]
    locks: list[tuple[str, str]]
    rows: list[int]
    seen: int | None
    heading: str = ""
    also: list[str] = field(default_factory=list)
    is_chain = True

    @property
    def saves(self) -> list[Change]:
        """The last saves of its hops, the newest first. One query."""
        found = Change.objects.filter(kind=Attribution._meta.model_name, row__in=self.rows).exclude(revision=None)
        newest = {change.revision_id: change for change in found.select_related("revision__by").order_by("id")[:200]}
        return sorted(newest.values(), key=lambda change: -change.pk)[:SAVES_SHOWN]


def overtaken_chain(formset: Any) -> OvertakenChain | None:
    """``None`` where others left the order of voices alone, or the editor changed nothing of the chain."""
    shown = [form for form in formset.initial_forms if form.may_change and not form.instance._state.adding]
    said = {form.instance.pk: _said(form) for form in shown}
    if not (_moved_by_others(formset, shown, said) and _changed_by_you(formset, shown, said)):
        return None
    known = None not in said.values()
    original = _there(_stored_hop(form, said[form.instance.pk]) for form in shown)
    theirs = _there(_stored_hop(_form_of(formset, row), history.values_of(row)) for row in formset.get_queryset())
    yours = [_typed_hop(form) for form in formset.forms if _stands(form)]
    fields = formset.empty_form.fields
    blank = _shown_words(formset.empty_form, formset.empty_form.initial)
    locks = [seen_lock(form) for form in shown]
    return OvertakenChain(
        statement=formset.instance,
        name=formset.prefix,
        original=original if known else [],
        theirs=_compared(original, theirs, fields, blank) if known else theirs,
        yours=_compared(original, yours, fields, blank) if known else yours,
        theirs_sent=_sent(formset),
        locks=_locks(formset, shown),
        rows=[row.pk for row in (*formset.get_queryset(), *(form.instance for form in shown))],
        seen=None if None in locks else 0,
    )


def _said(form: Any) -> history.Values | None:
    lock = seen_lock(form)
    return None if lock is None else history.values_at(form.instance, lock)


def _moved_by_others(formset: Any, shown: Sequence[Any], said: dict[int, history.Values | None]) -> bool:
    """Whether hops came, went or stand elsewhere since the editor saw them."""
    now = {row.pk: row.lock for row in formset.get_queryset()}
    came = any(formset.seen.get(pk) != lock for pk, lock in now.items() if pk not in said)
    return came or any(_moved(form, said[form.instance.pk]) for form in shown)


def _moved(form: Any, said: history.Values | None) -> bool:
    row = form.instance
    if seen_lock(form) == row.lock:
        return bool(form.gone and not form.stands_again)
    return bool(form.gone) or said is None or (row.position, row.source_id) != (said["position"], said["source_id"])


def _changed_by_you(formset: Any, shown: Sequence[Any], said: dict[int, history.Values | None]) -> bool:
    """Whether the editor typed something over what the page showed, which is not what is stored now."""
    if any(form.has_changed() for form in formset.extra_forms):
        return True
    sides = [Sides(form, said[form.instance.pk], form.row_fields()) for form in shown]
    return any(not side.untouched() and side.asked() for side in sides)


def _form_of(formset: Any, row: Attribution) -> Any:
    """An unbound form of one hop."""
    form = formset.form(instance=row, prefix=formset.prefix)
    formset.add_fields(form, None)
    form.initial["position"] = row.position
    return form


def _shown_fields(form: Any) -> list[str]:
    return [name for name in form.row_fields() if name not in (*PLACE, "DELETE")]


def _stored_hop(form: Any, values: history.Values | None) -> HopShown | None:
    """A hop that said ``values``; ``None`` where nobody knows what it said, or it was withdrawn."""
    if values is None or values["withdrawn_at"]:
        return None
    return _hop(form, _shown_words(form, form.initial_of(values)))


def _shown_words(form: Any, shown: Mapping[str, Any]) -> Words:
    """What the fields say where they show ``shown``."""
    fields = {name: form.fields[name] for name in form.row_fields()}
    return {name: read(field, sent(field, shown.get(name, field.initial))) for name, field in fields.items()}


def _there(hops: Iterable[HopShown | None]) -> list[HopShown]:
    return [hop for hop in hops if hop]


def _typed_hop(form: Any) -> HopShown:
    sides = Sides(form, None, form.row_fields())
    return _hop(form, {name: read(form.fields[name], sides.yours(name)) for name in sides.names})


def _hop(form: Any, words: Words) -> HopShown:
    position, voice = (", ".join(words[name]) for name in PLACE)
    return HopShown(
        form.instance.pk, position, voice or "nobody named", {name: words[name] for name in _shown_fields(form)}
    )


def _stands(form: Any) -> bool:
    """Whether a typed hop is in the editor's chain."""
    going = form.data.get(form.add_prefix("DELETE"))
    return not going and (not form.instance._state.adding or form.has_changed())


def _compared(original: Iterable[HopShown], hops: Iterable[HopShown], fields: Any, blank: Words) -> list[HopShown]:
    """``hops`` with what became of each since, and those that went; in the order of the chain. ``blank`` is what a
    hop says of which nothing is said."""
    before = {hop.row: hop for hop in original}
    found = [_since(before.pop(hop.row, None) if hop.row else None, hop, fields, blank) for hop in hops]
    found += [replace(hop, change="withdrawn") for hop in before.values()]
    return sorted(found, key=lambda hop: (int(hop.position) if hop.position.isdecimal() else 0, hop.row or 0))


def _since(was: HopShown | None, hop: HopShown, fields: Any, blank: Words) -> HopShown:
    if was is None:
        told = {name: said for name, said in hop.fields.items() if said not in ([], blank[name])}
        details = [(name, marked(fields[name], None, said)) for name, said in told.items()]
        return replace(hop, change="added", details=_labelled(details, fields))
    changes = [f"moved from {was.position}"] if was.position != hop.position else []
    changes += [f"instead of {was.voice}"] if was.voice != hop.voice else []
    differing = (name for name in hop.fields if hop.fields[name] != was.fields[name])
    details = [(name, marked(fields[name], was.fields[name], hop.fields[name])) for name in differing]
    return replace(hop, change=", ".join(changes), details=_labelled(details, fields))


def _labelled(details: Iterable[tuple[str, Sequence[Part]]], fields: Any) -> list[tuple[str, Sequence[Part]]]:
    return [(str(fields[name].label or name), parts) for name, parts in details]


def _sent(formset: Any) -> list[tuple[str, str]]:
    """The stored chain as a browser would send it."""
    rows = list(formset.get_queryset())
    found = [(f"{formset.prefix}-TOTAL_FORMS", str(len(rows))), (f"{formset.prefix}-INITIAL_FORMS", str(len(rows)))]
    for at, row in enumerate(rows):
        form, prefix = _form_of(formset, row), formset.add_prefix(at)
        found += [(f"{prefix}-id", str(row.pk)), (f"{prefix}-seen_lock", str(row.lock))]
        sides = Sides(form, None, form.row_fields())
        found += [(f"{prefix}-{name}", value) for name in sides.names for value in sides.theirs(name)]
    return found


def _locks(formset: Any, shown: Sequence[Any]) -> list[tuple[str, str]]:
    """What makes the next save one that knows of all hops there are."""
    known = [(form.lock_name, str(form.instance.lock)) for form in shown]
    seen = ",".join(f"{row.pk}:{row.lock}" for row in formset.get_queryset())
    return [*known, (f"{formset.prefix}-seen", seen or "0:0")]

"""Makes a row say again what it said before: for restoring a version, and for undoing a save."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError

from articles.history import Values, values_of
from articles.models import Locked, Mergeable
from articles.models.history import typed_fields
from claims.models import Attribution, Claim, QuotationType
from claims.provenance.touched import Touched

WITHDRAWAL = {"withdrawn_at", "withdrawn_by_id", "withdrawn_reason"}
MOVED = {"status", "published_at"}
"""Of a claim: what ``workflow.move`` alone writes."""

MERGED = {"merged_into_id"}
"""What merging alone writes."""


def restorable(model: type[Locked]) -> set[str]:
    """The names of the values that can be put back one by one: columns, and what a row is tagged with. Whether it is
    withdrawn or merged and what status it has are acts of their own."""
    names = {str(field.attname) for field in typed_fields(model)} | {field.name for field in model._meta.many_to_many}
    return names - WITHDRAWAL - MERGED - (MOVED if model is Claim else set())


def put_back(row: Locked, values: Values, names: Collection[str], touched: Touched) -> set[str]:
    """Make ``row`` say what ``values`` say under ``names``, in the save that is under way, and note it in
    ``touched``. Returns the names of what differed; nothing is written where nothing does.

    Raises ``ValidationError`` where the row may not say so any more, and ``StaleSave`` where somebody else has
    changed it since it was read.
    """
    now = values_of(row)
    differs = {name for name in names if now[name] != values[name]}
    if not differs:
        return differs
    linked = {field.name for field in row._meta.many_to_many}
    was = {field.name: now[field.attname] for field in typed_fields(type(row)) if field.is_relation}
    for name in differs - linked:
        setattr(row, name, values[name])
    row.full_clean()
    refuse_merged(row, differs)
    row.save()
    for name in differs & linked:
        many: Any = getattr(row, name)
        many.set(survivors(many.model, values[name]))
    touched.add(row, was)
    return differs


def restore(row: Locked, values: Values, names: Collection[str], touched: Touched) -> set[str]:
    """``put_back``, of one row alone: a hop is held to the rest of its chain."""
    changed = put_back(row, values, names, touched)
    if isinstance(row, Attribution):
        refuse_broken_chain(row)
    return changed


def refuse_broken_chain(hop: Attribution) -> None:
    """Raise ``ValidationError`` where the chain that ``hop`` stands in has a gap, or own words in company."""
    hops = list(Attribution.objects.current().filter(statement=hop.statement_id))
    positions = {hop.position for hop in hops}
    if positions != set(range(len(positions))):
        raise ValidationError("The chain would have a gap: put the other hops in order first.")
    if len(hops) > 1 and any(hop.quotation_type == QuotationType.OWN for hop in hops):
        raise ValidationError("An article's own words are a chain of one hop.")


def refuse_merged(row: Locked, names: Collection[str]) -> None:
    """Raise ``ValidationError`` where ``row`` is in use and points, by one of the columns ``names``, to what was merged
    into another since."""
    if getattr(row, "withdrawn_at", None) is None and getattr(row, "merged_into_id", None) is None:
        wrong = led_to_merged(row, names)
        if wrong:
            raise ValidationError(wrong)


def led_to_merged(row: Locked, names: Collection[str]) -> str:
    """Of the columns ``names``, which one points to what was merged into another, in words; empty where none does.
    A query a column at most."""
    for field in typed_fields(type(row)):
        target = getattr(row, field.name) if field.is_relation and field.attname in names else None
        if isinstance(target, Mergeable) and target.merged_into is not None:
            return f"It would point to “{target}”, which was merged into “{target.merged_into}” since."
    return ""


def survivors(model: type[Any], ids: Collection[int]) -> list[Any]:
    """The rows with those ids, or what they were merged into. Those that are no more are left out."""
    rows = model._base_manager.filter(pk__in=ids)
    return list({row.survivor() if isinstance(row, Mergeable) else row for row in rows})

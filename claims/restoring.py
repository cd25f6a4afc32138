"""Makes a row say again what it said before: for restoring a version, and for undoing a save."""

from collections.abc import Collection
from typing import Any

from articles.history import Values, values_of
from articles.models import Locked
from articles.models.history import typed_fields
from claims.models import Claim
from claims.provenance.touched import Touched

WITHDRAWAL = {"withdrawn_at", "withdrawn_by_id", "withdrawn_reason"}
MOVED = {"status", "published_at"}
"""Of a claim: what ``workflow.move`` alone writes."""


def restorable(model: type[Locked]) -> set[str]:
    """The names of the values that can be put back one by one: columns, and what a row is tagged with. Whether it is
    withdrawn and what status it has are acts of their own."""
    names = {str(field.attname) for field in typed_fields(model)} | {field.name for field in model._meta.many_to_many}
    return names - WITHDRAWAL - (MOVED if model is Claim else set())


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
    row.save()
    for name in differs & linked:
        _link(row, name, values[name])
    touched.add(row, was)
    return differs


def _link(row: Locked, name: str, ids: list[int]) -> None:
    """Those that are no more are left out."""
    field: Any = getattr(row, name)
    field.set(field.model._base_manager.filter(pk__in=ids))

"""Saves by themselves: which of them a viewer may know, how many rows each wrote, and somebody's latest."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from articles.models import Change, Revision
from articles.models.history import recorded_models
from claims.history.names import Names
from claims.history.states import PRIVATE

LATEST = 10
"""How many of somebody's saves the first page shows."""


@dataclass(frozen=True)
class Latest:
    """One save with the name of the first row that it wrote, and how many ``others`` it wrote."""

    revision: Revision
    kind: str
    name: str
    others: int


def known_to(viewer: Any) -> QuerySet[Change]:
    """The changes that ``viewer`` may know of: not those of what is somebody else's alone, or was then."""
    changes = Change.objects.order_by()
    for kind, owner in PRIVATE.items():
        rows: Any = recorded_models()[kind]._default_manager.filter(pk=OuterRef("row"))
        mine, seen = Exists(rows.filter(**{owner: viewer.pk})), Exists(rows.visible_to(viewer))
        changes = changes.exclude(Q(kind=kind) & ~Q(seen)).exclude(Q(kind=kind, was__visibility="private") & ~Q(mine))
    return changes


def saves_of(viewer: Any) -> QuerySet[Any]:
    """The saves that ``viewer`` may know of, with how many rows each wrote as ``row_count``."""
    known = known_to(viewer).filter(revision=OuterRef("pk"))
    counted = known.values("revision").annotate(count=Count("pk")).values("count")
    return Revision.objects.filter(Exists(known)).annotate(row_count=Coalesce(Subquery(counted), 0))


def latest(viewer: Any) -> list[Latest]:
    """What ``viewer`` saved last: two queries, and one for each kind of row."""
    first = Change.objects.filter(revision=OuterRef("pk")).order_by("pk")
    saves = saves_of(viewer).filter(by=viewer.pk).order_by("-pk")
    saves = saves.annotate(kind=Subquery(first.values("kind")[:1]), row=Subquery(first.values("row")[:1]))
    models, names = recorded_models(), Names(viewer)
    found = [save for save in saves[:LATEST] if save.kind in models]
    names.want((models[save.kind], save.row) for save in found)
    names.load()
    return [
        Latest(
            save,
            str(models[save.kind]._meta.verbose_name),
            names.of(models[save.kind], save.row),
            save.row_count - 1,
        )
        for save in found
    ]

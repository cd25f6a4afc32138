"""Reads what saves changed, in words, for one viewer."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model

from articles.models import Change, ImportRun, Locked, Revision
from claims.history.chains import ChainDifference, Chains, statements_of
from claims.history.fields import Difference, Told, changed, differing, related
from claims.history.names import Names
from claims.history.scope import Begun
from claims.history.states import Step, shown_to, steps
from claims.models import Statement, Transition

PAST = "past every door"
"""How a row was written of which only the database knows."""

NAMED = 3
"""How many of the rows that began together are named, of each kind."""


@dataclass(frozen=True)
class RowChange:
    """What one save made of one row. ``lock`` is the version that it made, ``row`` the row itself where it can be
    shown."""

    model: type[Locked]
    pk: int
    name: str
    lock: int
    row: Any
    is_new: bool
    differences: list[Difference]

    @property
    def kind(self) -> str:
        return str(self.model._meta.verbose_name)


@dataclass(frozen=True)
class Began:
    """Rows of one kind that began together, as “2 statements”; ``more`` than are named."""

    kind: str
    rows: list[RowChange]
    more: int


@dataclass
class Content:
    """What became of rows: one by one, and the chains that some of them are hops of."""

    rows: list[RowChange] = field(default_factory=list)
    chains: list[ChainDifference] = field(default_factory=list)


@dataclass
class Entry:
    """One save, or what was there before any. ``point`` is the last change of it, by which it is compared with
    others; ``more`` how many rows are not shown."""

    at: dt.datetime
    by: str = ""
    how: str = ""
    revision: Revision | None = None
    point: int | None = None
    content: Content = field(default_factory=Content)
    moves: list[Transition] = field(default_factory=list)
    begun: list[Began] = field(default_factory=list)
    more: int = 0


@dataclass
class Heading:
    """One entry before it is read: a save by its number, or a change past every door by its own, negative; what
    began then, and the moves of the claim that belong to it."""

    at: dt.datetime
    key: int | None = None
    last: int | None = None
    count: int = 0
    run: int | None = None
    begun: list[Begun] = field(default_factory=list)
    moves: list[Transition] = field(default_factory=list)


def key_of(change: Change) -> int:
    """What a change is gathered under: its save, or itself."""
    return change.revision_id or -change.pk


class Reading:
    """What ``changes``, which come ``with_next`` and their revisions, made of their rows. ``only`` one field of
    them, where it is asked for."""

    def __init__(self, changes: Iterable[Any], viewer: Any, *, only: Told | None = None) -> None:
        self.steps, self.only = shown_to(viewer, steps(changes)), only
        self.chains = Chains(self.steps)
        self.names = Names(viewer)
        for step in self.steps:
            self.names.want([(step.model, step.pk)])
            self.names.want(related(step.model, step.before))
            self.names.want(related(step.model, step.after))
        self.names.want(self.chains.sources())
        self.names.want((Statement, pk) for pk in self.chains.statements)

    def content(self, found: list[Step], first: int | None = None, last: int | None = None) -> Content:
        """What ``found``, some of the steps, made of their rows; of chains, from the change ``first`` to ``last``,
        by default those of the steps."""
        hops = defaultdict(list)
        for step in found:
            for statement in statements_of(step):
                hops[statement].append(step.change.pk)
        chains = [
            self.chains.difference(statement, first or min(pks), last or max(pks), self.names)
            for statement, pks in hops.items()
        ]
        return Content([self._row(step) for step in found], [chain for chain in chains if chain])

    def _row(self, step: Step) -> RowChange:
        fields = [told for told in changed(step.model, step.before, step.after) if self.only in (None, told)]
        return RowChange(
            step.model,
            step.pk,
            self.names.of(step.model, step.pk),
            step.change.lock,
            self.names.row(step.model, step.pk),
            step.before is None,
            differing(fields, step.before, step.after, self.names),
        )


def read(headings: list[Heading], reading: Reading) -> list[Entry]:
    """The entries under ``headings``, of which ``reading`` knows the changes."""
    names = reading.names
    for heading in headings:
        names.want(_wanted(heading))
    names.load()
    gathered = defaultdict(list)
    for step in reading.steps:
        gathered[key_of(step.change)].append(step)
    return [_entry(heading, gathered[heading.key or 0], reading) for heading in headings]


def _entry(heading: Heading, found: list[Step], reading: Reading) -> Entry:
    revision = found[0].change.revision if found else None
    return Entry(
        at=heading.at,
        by=_by(heading, revision, reading.names),
        how=_how(heading, revision, reading.names),
        revision=revision,
        point=heading.last,
        content=reading.content(found),
        moves=heading.moves,
        begun=list(_begun(heading.begun, reading.names)),
        more=heading.count - len(found),
    )


def _by(heading: Heading, revision: Revision | None, names: Names) -> str:
    """Who did it, where anybody is known."""
    if revision:
        return revision.by.get_username() if revision.by else ""
    if heading.begun and heading.begun[0].by:
        return names.of(User, heading.begun[0].by)
    return heading.moves[0].by.get_username() if heading.moves and heading.moves[0].by else ""


def _how(heading: Heading, revision: Revision | None, names: Names) -> str:
    if revision:
        return str(revision.get_how_display())
    if heading.key is not None:
        return PAST
    if heading.run:
        return f"imported: {names.of(ImportRun, heading.run)}"
    return "made" if heading.begun else "moved"


def _wanted(heading: Heading) -> Iterator[tuple[type[Model], int]]:
    """The rows that are named where some began."""
    for rows in _by_kind(heading.begun).values():
        yield from ((row.model, row.pk) for row in rows[:NAMED])
    yield from ((User, row.by) for row in heading.begun[:1] if row.by)
    if heading.run:
        yield ImportRun, heading.run


def _begun(rows: list[Begun], names: Names) -> Iterator[Began]:
    """What began, kind by kind."""
    for model, some in _by_kind(rows).items():
        named = [_as_begun(row, names) for row in some[:NAMED]]
        kind = model._meta.verbose_name if len(some) == 1 else f"{len(some)} {model._meta.verbose_name_plural}"
        yield Began(str(kind), named, len(some) - len(named))


def _as_begun(row: Begun, names: Names) -> RowChange:
    return RowChange(row.model, row.pk, names.of(row.model, row.pk), row.lock, names.row(row.model, row.pk), True, [])


def _by_kind(rows: Iterable[Begun]) -> dict[type[Locked], list[Begun]]:
    kinds = defaultdict(list)
    for row in rows:
        kinds[row.model].append(row)
    return kinds

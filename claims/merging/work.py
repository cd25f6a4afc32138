"""One merge on its way: what moves, what collides, what is refused. The steps that all kinds share."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import UniqueConstraint
from django.utils import timezone

from articles.history import Values, values_of
from articles.models import Locked
from articles.models.history import typed_fields
from articles.rows import Among, chunks
from claims.dependents import Link, seen
from claims.provenance.touched import Touched
from claims.restoring import WITHDRAWAL

MAX_MOVED = 5_000
"""How many rows one merge may move, so that whoever waits for it sees it end, and it can be undone as one."""


class MergeRefused(Exception):
    """The two cannot be merged; ``reasons`` say why."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass
class Work:
    """The merge of ``merged`` into ``survivor``. What it says of collisions it has done already."""

    merged: Any
    survivor: Any
    by: Any
    why: str
    touched: Touched = field(default_factory=Touched)
    moved: Counter[str] = field(default_factory=Counter)
    """By what the rows are to what is merged, how many moved."""
    said: list[str] = field(default_factory=list)
    """What became of what collided, in words."""
    refusals: list[str] = field(default_factory=list)
    locks: tuple[int, int] = (0, 0)
    """Those of the two before: of the merged one, and of the survivor."""
    before: tuple[Values, Values] = ({}, {})
    """What each of the two said before: the merged one, and the survivor."""
    after: Values = field(default_factory=dict)
    """What the survivor says."""

    def refuse(self, reason: str) -> None:
        if reason not in self.refusals:
            self.refusals.append(reason)

    def say(self, number: int, one: str, many: str) -> None:
        """Note what became of ``number`` rows, where there were any."""
        if number:
            self.said.append(f"{number} {one if number == 1 else many}.")

    # Moving.

    def move_all(self, link: Link) -> None:
        """Let whatever points to what is merged point to the survivor, but what would stand there twice."""
        rows = list(self._pointing(link))
        stay = self._meet_twins(link, rows)
        self.move(link, [row for row in rows if row.pk not in stay])

    def move(self, link: Link, rows: Collection[Any]) -> None:
        """Let ``rows`` point to the survivor, in one statement."""
        for chunk in chunks(row.pk for row in rows):
            self.locked(link.model).filter(Among("pk", chunk)).change(**{link.field: self.survivor})
        for row in rows:
            setattr(row, link.field, self.survivor)
            self.touched.add(row, {link.field: self.merged.pk})
        # Others' private notes move too, and are not told of.
        if rows and (told := self._seen(link.model, rows)):
            self.moved[link.words] += told

    def _seen(self, model: type[Locked], rows: Collection[Any]) -> int:
        return seen(model._default_manager.filter(Among("pk", [row.pk for row in rows])), self.by).count()

    def _pointing(self, link: Link) -> Iterable[Any]:
        rows = link.model._base_manager.filter(**{link.field: self.merged}).order_by("pk")
        found = list(rows.select_for_update(no_key=True)[: MAX_MOVED + 1])
        if len(found) > MAX_MOVED:
            raise MergeRefused([f"More than {MAX_MOVED:,} {link.words} would move: merge the other way round."])
        return found

    @staticmethod
    def locked(model: type[Locked]) -> Any:
        return model._default_manager

    # What would stand there twice.

    def _meet_twins(self, link: Link, rows: list[Any]) -> set[int]:
        """Settle what the survivor has already. Returns the ids of the rows that stay where they are."""
        stay: set[int] = set()
        for others in _keys(link):
            twins = {
                tuple(getattr(twin, name) for name in others): twin
                for twin in link.model._base_manager.filter(**{link.field: self.survivor})
            }
            for row in rows:
                twin = twins.get(tuple(getattr(row, name) for name in others))
                if twin is not None:
                    stay.add(row.pk)
                    self.settle(row, twin, {link.field})
        self.say(len(stay), f"of the {link.words} is there already", f"of the {link.words} are there already")
        return stay

    def settle(self, row: Any, twin: Any, ends: set[str]) -> None:
        """Two rows would be one. The survivor's stays, and the other is withdrawn; where the survivor's does not
        count and the other does, it takes over what that says, but for its ``ends``."""
        if row.withdrawn_at is not None:
            return
        if objection := _disagreement(row, twin):
            self.refuse(objection)
            return
        if not _counts(twin) and _counts(row):
            for column in typed_fields(type(row)):
                if column.name not in ends:
                    setattr(twin, column.attname, getattr(row, column.attname))
            twin.save()
            self.touched.add(twin)
        row.withdraw(by=self.by, reason=f"Merged: it is the same as another. {self.why}"[:500])
        self.touched.add(row)

    # The two themselves.

    def fill(self, *names: str) -> None:
        """Where the survivor says nothing, it takes what the other one said."""
        for name in names:
            if getattr(self.survivor, name) in (None, ""):
                setattr(self.survivor, name, getattr(self.merged, name))

    def refuse_two(self, name: str, of_what: str) -> None:
        """Refuse where each of the two has a number of its own."""
        ours, theirs = getattr(self.survivor, name), getattr(self.merged, name)
        if ours and theirs and ours != theirs:
            self.refuse(f"{of_what} knows them as two, {theirs} and {ours}: correct one of them first.")

    def save_survivor(self) -> None:
        """Write the survivor, and hold it to its model's rules as all stands now."""
        self.survivor.save()
        self.touched.add(self.survivor)
        try:
            self.survivor.clean_fields(exclude=WITHDRAWAL)
            self.survivor.clean()
        except ValidationError as error:
            self.refuse(" ".join(error.messages))

    def retire(self) -> None:
        """Take the merged row out of all lists, and let it lead to the survivor."""
        self.merged.merged_into = self.survivor
        if hasattr(self.merged, "withdrawn_at") and self.merged.withdrawn_at is None:
            reason = f"Merged into “{self.survivor}”: {self.why}"
            self.merged.withdrawn_at, self.merged.withdrawn_by = timezone.now(), self.by
            self.merged.withdrawn_reason = reason[:500]
        self.merged.save()
        self.touched.add(self.merged)
        self.after = values_of(self.survivor)


def _keys(link: Link) -> list[tuple[str, ...]]:
    """The columns that, with the one of ``link``, tell a row from all others, for each rule of that kind."""
    found = []
    for rule in link.model._meta.constraints:
        if isinstance(rule, UniqueConstraint) and link.field in rule.fields:
            columns = [link.model._meta.get_field(name) for name in rule.fields if name != link.field]
            found.append(tuple(str(getattr(column, "attname", "")) for column in columns))
    return found


def _counts(row: Any) -> bool:
    return row.withdrawn_at is None and getattr(row, "state", "confirmed") == "confirmed"


def _disagreement(row: Any, twin: Any) -> str:
    """Why two rows cannot be one; empty where they can."""
    ours, theirs = getattr(row, "stance", None), getattr(twin, "stance", None)
    if ours == theirs or twin.withdrawn_at is not None:
        return ""
    return (
        f"“{row.statement}” {row.get_stance_display()} the one and {twin.get_stance_display()} the other: decide which."
    )

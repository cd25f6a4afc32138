"""The chains of statements as they were."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from articles.history import Values, values_now
from articles.models import Change
from articles.rows import Among
from claims.history.names import Names
from claims.history.states import Step
from claims.history.words import Part, differences
from claims.models import Attribution, Source, Statement

NOBODY = "nobody named"


@dataclass(frozen=True)
class ChainDifference:
    """What became of the chain of one statement, voice by voice."""

    statement: Statement | None
    parts: list[Part]


class Chains:
    """The chains of the statements whose hops ``steps`` changed, at any moment. Three queries."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.statements = {statement for step in steps for statement in statements_of(step)}
        hops = Attribution._base_manager.filter(Among("statement_id", self.statements)).order_by()
        self.made = dict(hops.values_list("pk", "created_at"))
        self.now = values_now(Attribution, self.made)
        self.changes: dict[int, list[Change]] = defaultdict(list)
        for change in Change.objects.filter(Among("row", self.made), kind="attribution").order_by("lock"):
            self.changes[change.row].append(change)

    def sources(self) -> Iterable[tuple[type[Source], int]]:
        """Every voice that ever stood in one of them."""
        said = [*self.now.values(), *(change.was for changes in self.changes.values() for change in changes)]
        return ((Source, values["source_id"]) for values in said if values and values.get("source_id"))

    def difference(self, statement: int, first: int, last: int, names: Names) -> ChainDifference | None:
        """What the changes from ``first`` to ``last`` made of the chain of ``statement``; ``None`` where they left
        its voices as they were."""
        before, after = self._at(statement, first, names), self._at(statement, last + 1, names)
        if before == after:
            return None
        return ChainDifference(names.row(Statement, statement), differences(before, after))

    def _at(self, statement: int, cut: int, names: Names) -> str:
        """The chain before the change ``cut``, as “A › B and C”."""
        hops = [said for pk in self.made if (said := self._hop(pk, cut)) and said.get("statement_id") == statement]
        voices = defaultdict(list)
        for said in hops:
            if said["withdrawn_at"] is None:
                source = said["source_id"]
                voices[said["position"]].append(names.of(Source, source) if source else NOBODY)
        return " › ".join(" and ".join(sorted(voices[at])) for at in sorted(voices))

    def _hop(self, pk: int, cut: int) -> Values | None:
        """What a hop said before the change ``cut``; ``None`` where it was not there."""
        following = next((change for change in self.changes[pk] if change.pk >= cut), None)
        return following.was if following else self.now.get(pk)


def statements_of(step: Step) -> set[int]:
    """The statements in whose chain a hop stood before or after ``step``."""
    if step.model is not Attribution:
        return set()
    return {values["statement_id"] for values in (step.before, step.after) if values and values["statement_id"]}

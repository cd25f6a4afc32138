"""Which changes concern a row: its own, and those of what hangs on it now or did once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from articles.models import Change, Locked
from articles.models.history import Noted
from articles.rows import Among
from claims.models import (
    Appearance,
    Attribution,
    Claim,
    ClaimLink,
    Correction,
    CorrectionRequest,
    Evidence,
    Inquiry,
    RatingLevel,
    RatingScale,
    Review,
    Source,
    SourceRole,
    Statement,
)

Ids = dict[type[Locked], set[int]]


@dataclass(frozen=True)
class Begun:
    """One row of whose making no change tells: it was imported, or is older than its history."""

    model: type[Locked]
    pk: int
    at: dt.datetime
    by: int | None
    run: int | None
    lock: int
    """The version that the row began as."""


@dataclass
class Scope:
    """The rows that ``subject``'s history tells of: those that are ``here``, and those that ``left`` for another
    claim, of which the history tells what ``then`` happened, until they left."""

    subject: Locked
    here: Ids
    left: Ids = field(default_factory=dict)
    then: set[int] = field(default_factory=set)

    @property
    def kinds(self) -> list[type[Locked]]:
        """The kinds of rows, the subject's own first."""
        return [*self.here, *(model for model in self.left if model not in self.here)]

    def changes(self) -> QuerySet[Change]:
        """All changes of these rows."""
        wanted = Q(Among("id", self.then)) if self.then else Q()
        for model, ids in self.here.items():
            wanted |= Q(Among("row", ids), kind=kind_of(model))
        for model, ids in self.left.items():
            wanted |= Q(Among("row", ids), kind=kind_of(model), lock=1, was__isnull=True)
        return Change.objects.filter(wanted).order_by("-id")

    @cached_property
    def begun(self) -> list[Begun]:
        """The rows of whose making no change tells: one query a kind."""
        found = []
        for model in self.kinds:
            ids = self.here.get(model, set()) | self.left.get(model, set())
            told = Change.objects.filter(kind=kind_of(model), row=OuterRef("pk"), lock=1, was__isnull=True)
            rows: Any = model._base_manager.filter(Among("pk", ids)).exclude(Exists(told.order_by()))
            later = Change.objects.filter(kind=kind_of(model), row=OuterRef("pk")).order_by("lock")
            first = Subquery(later.values("lock")[:1], output_field=IntegerField())
            began_as = Coalesce(first - 1, F("lock"), output_field=IntegerField())
            columns = ("pk", "created_at", "created_by_id", "import_run_id", began_as)
            found += [Begun(model, *values) for values in rows.order_by("pk").values_list(*columns)]
        return found


def kind_of(model: type[Locked]) -> str:
    return str(model._meta.model_name)


def scope_of(row: Locked) -> Scope:
    """What the history of ``row`` tells of."""
    gather = GATHERED.get(type(row))
    return gather(row) if gather else Scope(row, {type(row): {row.pk}})


ON_CLAIM: tuple[type[Any], ...] = (Appearance, Evidence, Review, Inquiry, CorrectionRequest, Correction)
"""What hangs on a claim by its ``claim``."""


def _of_claim(claim: Claim) -> Scope:
    here: Ids = {Claim: {claim.pk}}
    for model in ON_CLAIM:
        here[model] = _ids(model._base_manager.filter(claim=claim.pk))
    here[ClaimLink] = _ids(ClaimLink._base_manager.filter(Q(from_claim=claim.pk) | Q(to_claim=claim.pk)))
    left, then, were_told = _once_on(claim, here)
    told = Appearance._base_manager.filter(claim=claim.pk).values_list("statement_id", flat=True)
    here[Statement] = set(told) | were_told
    here[Attribution] = _ids(Attribution._base_manager.filter(Among("statement_id", here[Statement])))
    return Scope(claim, here, left, then)


def _once_on(claim: Claim, here: Ids) -> tuple[Ids, set[int], set[int]]:
    """The rows that hung on ``claim`` and now do on another, the changes that say so, and the statements that
    its appearances were of. One query."""
    columns = {name: Noted(name) for name in ("claim_id", "from_claim_id", "to_claim_id", "statement_id")}
    named = Q(claim_id=claim.pk) | Q(from_claim_id=claim.pk) | Q(to_claim_id=claim.pk)
    noted = Change.objects.alias(**{name: columns[name] for name in columns if name != "statement_id"}).filter(named)
    hanging: list[type[Locked]] = [*ON_CLAIM, ClaimLink]
    models = {kind_of(model): model for model in hanging}
    rows = noted.filter(kind__in=models).order_by().values_list("id", "kind", "row", columns["statement_id"])
    left: Ids = defaultdict(set)
    then, statements = set(), set()
    for pk, kind, row, statement in rows:
        model = models[kind]
        if row not in here[model]:
            left[model].add(row)
            then.add(pk)
        if statement and model is Appearance:
            statements.add(statement)
    return dict(left), then, statements


def _with(name: str, *others: type[Any]) -> Callable[[Any], Scope]:
    """A row with the ``others`` that name it by ``name``."""

    def gather(row: Locked) -> Scope:
        hanging = {model: _ids(model._base_manager.filter(**{name: row.pk})) for model in others}
        return Scope(row, {type(row): {row.pk}, **hanging})

    return gather


GATHERED: dict[type[Locked], Callable[[Any], Scope]] = {
    Claim: _of_claim,
    Statement: _with("statement", Attribution, Appearance),
    Source: _with("source", SourceRole),
    RatingScale: _with("scale", RatingLevel),
}
"""The kinds of rows whose history is more than their own."""


def _ids(rows: Iterable[Any]) -> set[int]:
    queryset: Any = rows
    return set(queryset.order_by().values_list("pk", flat=True))

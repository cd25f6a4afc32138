"""What a row from a fixture is held to, beyond what the database itself refuses, and what it brings with it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.base import DeserializedObject
from django.db.models import Model, Q

from articles import text as texts
from articles.models import Article, ArticleVersion, Locked, Mergeable, looping
from articles.models.history import typed_fields
from claims.models import Annotation, Claim, ClaimLink, Source, Statement, Tag, Transition
from claims.models.base import Judgement
from claims.models.statement import check_stretches
from claims.provenance.touched import Touched

OURS = ("articles", "claims")
CHUNK = 500
"""How many rows are read at a time."""

Facts = dict[str, Any]
"""The values of a row by the names of its fields; of a foreign key, the id."""


def hold_to_rules(row: Model) -> None:
    """Raise ``ValidationError`` where ``row`` would not pass the other doors; put right what depends on the
    database that it comes into."""
    if row._meta.app_label not in OURS:
        return
    if isinstance(row, Tag) and not row.path:
        row.path = f"{row.slug}/"
    # Foreign keys may point to rows that are still to come; the database checks them at the end.
    row.clean_fields(exclude={field.name for field in row._meta.fields if field.is_relation})
    rule = RULES.get(type(row))
    if rule:
        rule(row)


def _version(version: ArticleVersion) -> None:
    """The text is the one its checksum was made of, as an import would have stored it, and no other is stored."""
    captured = {"headline": version.headline, "sha256": version.sha256}
    if texts.fingerprint(version.text) != version.sha256:
        raise ValidationError("the text is not the one its sha256 was made of")
    text = version.text
    version.clean()
    if version.text != text:
        raise ValidationError("the text is not in the form in which texts are captured")
    place = {"article": version.article_id, "number": version.number}
    stored = ArticleVersion.objects.filter(Q(pk=version.pk) | Q(**place))
    if stored.exclude(**place, **captured).exists():
        raise ValidationError("another text is stored in its place, and texts are never edited")


def _statement(statement: Statement) -> None:
    check_stretches(statement, "gaps")
    check_stretches(statement, "words")


RULES: dict[type[Model], Callable[[Any], None]] = {
    ArticleVersion: _version,
    Statement: _statement,
    Annotation: Annotation.place,
    # Which claim has the lower number depends on the database.
    ClaimLink: ClaimLink.put_in_order,
}


KEPT = (Locked, ArticleVersion)
"""What anything is derived from, or what has a lock."""


class Ledger:
    """What was stored before a fixture was loaded, so that afterwards only what it changed is mended."""

    def __init__(self) -> None:
        self.before: dict[type[Model], dict[int, Facts | None]] = defaultdict(dict)

    def stored(self, row: Model) -> Facts | None:
        """What is stored of ``row`` now; ask before it is written."""
        stored = type(row)._base_manager.filter(pk=row.pk).first() if row.pk and isinstance(row, KEPT) else None
        return _facts(stored) if stored else None

    def move_lock(self, obj: DeserializedObject, was: Facts | None) -> None:
        """Where ``obj`` is about to change a stored row, move its lock first, so that history notes what the row
        said. A fixture never brings an old lock back: whoever has the row open must notice that it changed.

        Raises ``ValidationError`` where the row was merged here, and ``obj`` says that it was not.
        """
        row: Any = obj.object
        if was is None or not isinstance(row, Locked):
            return
        if isinstance(row, Mergeable) and was["merged_into"] not in (None, vars(row)["merged_into_id"]):
            raise ValidationError("it was merged into another here: undo that first, or leave it out")
        row.lock = was["lock"]
        if obj.deferred_fields or _differs(obj, was):
            row.lock += 1
            type(row)._base_manager.filter(pk=row.pk).update(lock=row.lock)

    def note(self, row: Model, was: Facts | None) -> None:
        """Note ``row`` as written over what ``stored`` said."""
        if isinstance(row, KEPT):
            self.before[type(row)].setdefault(row.pk, was)

    @property
    def models(self) -> set[type[Model]]:
        """Whose rows were written."""
        return set(self.before)

    def settle(self) -> Touched:
        """What the rows that the fixture changed bear on."""
        touched = Touched()
        for row, was in self._rows(*self.before):
            now = _facts(row)
            if was is None:
                touched.add(row)
            elif was != now:
                touched.add(row, was)
        return touched

    def enter_moves(self, note: str) -> None:
        """Write the transition of each stored claim that the fixture gave another status, where it brought none."""
        moved = {
            row.pk: Transition(claim=row, old=was["status"], new=row.status, note=note)
            for row, was in self._rows(Claim)
            if isinstance(row, Claim) and was and was["status"] != row.status
        }
        ended = dict(Transition.objects.filter(claim__in=moved).order_by("at", "id").values_list("claim", "new"))
        Transition.objects.bulk_create(move for pk, move in moved.items() if ended.get(pk) != move.new)

    def _rows(self, *models: type[Model]) -> Iterator[tuple[Model, Facts | None]]:
        for model in models:
            before = self.before.get(model, {})
            ids = list(before)
            for at in range(0, len(ids), CHUNK):
                for row in model._base_manager.filter(pk__in=ids[at : at + CHUNK]):
                    yield row, before[row.pk]


def pointing_to_merged(models: Iterable[type[Model]]) -> list[str]:
    """What of the rows of ``models`` is in use and points to a row that was merged, in words. One query a relation."""
    found = []
    for model in models:
        rows = model._base_manager.filter(withdrawn_at=None) if issubclass(model, Judgement) else model._base_manager
        for field in typed_fields(model) if issubclass(model, Locked) else ():
            target: Any = field.related_model
            if target and issubclass(target, Mergeable) and field.name != "merged_into":
                wrong = rows.filter(**{f"{field.name}__merged_into__isnull": False}).select_related(field.name).first()
                if wrong is not None:
                    merged = getattr(wrong, field.name)
                    found.append(f"“{wrong}” names “{merged}”, which was merged into “{merged.survivor()}”")
    return found


def _facts(row: Model) -> Facts:
    if isinstance(row, ArticleVersion):
        return {}  # Never edited: it is there or it is not, and its text need not be kept meanwhile.
    facts = {field.name: field.value_from_object(row) for field in row._meta.concrete_fields}
    return facts | {"tags": {*row.tags.values_list("pk", flat=True)}} if isinstance(row, Claim) else facts


def _differs(obj: DeserializedObject, was: Facts) -> bool:
    """Whether a row of a fixture says something else than what is stored. Tags that it does not name stay."""
    row: Any = obj.object
    said = {field.name: field.value_from_object(row) for field in typed_fields(type(row))}
    said |= {name: {getattr(one, "pk", one) for one in rows} for name, rows in (obj.m2m_data or {}).items()}
    return any(was[name] != value for name, value in said.items())


TRAILS: dict[type[Model], tuple[str, ...]] = {
    Article: ("republishes",),
    Source: ("speaks_for", "known_through"),
    Statement: ("derived_from",),
    Tag: ("parent",),
}
"""The foreign keys that never lead back to the row that they start from."""


def loops(models: Iterable[type[Model]]) -> list[str]:
    """What in the rows of ``models`` leads back to itself, in words. Reads pairs of ids: one query a relation."""
    found = []
    for model in models:
        if model is ClaimLink:
            found += [f"cross-references “{kind.label}”" for kind in ClaimLink.Kind if _is_circular(kind)]
        fields = TRAILS.get(model, ())
        steps: dict[int, set[int]] = defaultdict(set)
        for field in fields:
            pairs = model._base_manager.exclude(**{field: None}).values_list("pk", f"{field}_id")
            for pk, ahead in pairs:
                steps[pk].add(ahead)
        if looping(steps):
            names = " or ".join(str(model._meta.get_field(field).verbose_name) for field in fields)  # type: ignore[union-attr]
            found.append(f"{model._meta.verbose_name_plural} by “{names}”")
    return found


def _is_circular(kind: ClaimLink.Kind) -> bool:
    if not ClaimLink.WORDS[kind].acyclic:
        return False
    links = ClaimLink.objects.current().filter(kind=kind).exclude(state=ClaimLink.State.REJECTED)
    steps: dict[int, set[int]] = defaultdict(set)
    for start, end in links.values_list("from_claim_id", "to_claim_id"):
        steps[start].add(end)
    return bool(looping(steps))

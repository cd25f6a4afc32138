"""The one function that keeps right what is read off the chains. Every door calls it after its writes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F, QuerySet

from articles.dates import DatePrecision, Precision, VagueDate
from articles.models import Article
from claims.models import Appearance, Attribution, Claim, Review, Source, Statement, Subject, Tag
from claims.models.claim import UNKNOWN_RANK
from claims.provenance.load import CHUNK, chunks, counted_appearances, load_said
from claims.provenance.reading import Said, read

Values = dict[int, dict[str, Any]]
"""By the id of a row, its derived columns with the values that are right."""


@dataclass(frozen=True)
class Drift:
    """One stored value that is not what the chains say."""

    row: models.Model
    column: str
    stored: Any
    right: Any

    def __str__(self) -> str:
        name = f"{self.row._meta.verbose_name} {self.row.pk}"
        return f"{name}: {self.column} is {self.stored!r}, should be {self.right!r}"


def refresh(
    *,
    claims: Iterable[int] = (),
    statements: Iterable[int] = (),
    sources: Iterable[int] = (),
    articles: Iterable[int] = (),
    publishers: Iterable[int] = (),
    tags: bool = False,
) -> int:
    """Mend what is derived from the rows with those ids, wherever it stands. Returns the rows mended.

    Pass what was written: statements whose chain, state, occasion or links changed (with the claims that
    they were linked to before), claims whose reviews changed, sources, articles, publishers; ``tags`` for
    any change of the tree. Locks and ``updated_at`` stay: nobody's open form is overtaken.
    """
    with transaction.atomic():
        touched = _touched_statements(set(statements), set(sources), set(articles), set(publishers))
        linked = _ids(Appearance.objects.all(), "statement__in", touched, "claim_id")
        return sum(_mend(drifted) for drifted in _drift(touched, linked.union(claims), tags=tags, lock=True))


def refresh_all() -> int:
    """Mend everything that is derived. Returns the rows mended."""
    with transaction.atomic():
        return sum(_mend(drifted) for drifted in _drift_everywhere(lock=True))


def drift() -> Iterator[Drift]:
    """What ``refresh_all`` would mend, value by value, without writing."""
    for drifted in _drift_everywhere():
        for row, right in drifted:
            for column, value in right.items():
                yield Drift(row, column, getattr(row, column), value)


def _touched_statements(statements: set[int], sources: set[int], articles: set[int], publishers: set[int]) -> set[int]:
    """The statements that show, pass through, or were taken from any of the given rows."""
    sources = sources | _ids(Source.objects.all(), "publisher__in", publishers)
    articles = articles | _ids(Article.objects.all(), "publisher__in", publishers)
    sources = _grown(sources, Source.objects.all(), "speaks_for__in", "known_through__in")
    articles = _grown(articles, Article.objects.all(), "republishes__in")
    statements = statements | _ids(Attribution.objects.all(), "source__in", sources, "statement_id")
    statements |= _ids(Statement.objects.all(), "version__article__in", articles)
    return _grown(statements, Statement.objects.all(), "derived_from__in")


def _grown(ids: set[int], rows: QuerySet[Any], *lookups: str) -> set[int]:
    """``ids``, and all rows from which following the relations of ``lookups`` leads to one of them."""
    frontier = grown = ids
    while frontier:
        behind = set().union(*(_ids(rows, lookup, frontier) for lookup in lookups))
        frontier = behind - grown
        grown = grown | frontier
    return grown


def _ids(rows: QuerySet[Any], lookup: str, ids: Iterable[int], column: str = "pk") -> set[int]:
    """The ``column`` of the rows whose relation ``lookup`` names one of ``ids``."""
    found: set[int] = set()
    for chunk in chunks(ids):
        found.update(rows.filter(**{lookup: chunk}).values_list(column, flat=True))
    return found


Drifted = list[tuple[models.Model, dict[str, Any]]]
"""Rows of one model, each with the columns that are wrong and their right values."""


def _drift_everywhere(*, lock: bool = False) -> Iterator[Drifted]:
    statements = Statement.objects.values_list("pk", flat=True)
    return _drift(statements, Claim.objects.values_list("pk", flat=True), tags=True, lock=lock)


def _drift(statements: Iterable[int], claims: Iterable[int], *, tags: bool, lock: bool) -> Iterator[Drifted]:
    """What differs, chunk by chunk. With ``lock`` the rows are held first, so that of two transactions that
    change one claim the second reads what the first wrote."""
    if tags:
        yield _differing(Tag, tag_values())
    for model, ids, values_of in (
        (Statement, statements, statement_values),
        (Claim, claims, claim_values),
    ):
        for chunk in chunks(ids):
            if lock and connection.features.has_select_for_update:
                list(model.objects.select_for_update(no_key=True).filter(pk__in=chunk).order_by("pk").values_list("pk"))
            yield _differing(model, values_of(chunk))


def _differing(model: type[models.Model], right: Values) -> Drifted:
    columns = next(iter(right.values()), {}).keys()
    stored = model._base_manager.only("pk", *columns).in_bulk(right)
    differing = []
    for pk, row in stored.items():
        wrong = {column: value for column, value in right[pk].items() if getattr(row, column) != value}
        if wrong:
            differing.append((row, wrong))
    return differing


def _mend(drifted: Drifted) -> int:
    """Write the right values, all rows in one statement a batch. Returns the rows written."""
    for row, right in drifted:
        for column, value in right.items():
            setattr(row, column, value)
    if drifted:
        rows = [row for row, _ in drifted]
        columns = sorted(set().union(*(right for _, right in drifted)))
        type(rows[0])._base_manager.bulk_update(rows, columns, batch_size=CHUNK)
    return len(drifted)


def tag_values() -> Values:
    """Where each tag stands in the tree."""
    tags = {tag.pk: tag for tag in Tag.objects.only("pk", "slug", "parent_id")}

    def path(pk: int) -> str:
        slugs: list[str] = []
        step: int | None = pk
        seen: set[int] = set()
        while step is not None and step not in seen:
            seen.add(step)
            slugs.append(tags[step].slug)
            step = tags[step].parent_id
        return "".join(f"{slug}/" for slug in reversed(slugs))

    return {pk: {"path": path(pk)} for pk in tags}


def statement_values(ids: Sequence[int]) -> Values:
    """What is read off each statement's own chain."""
    return {pk: _statement_values(said) for pk, said in load_said(ids).items()}


def _statement_values(said: Said) -> dict[str, Any]:
    depth = said.hops[-1].position + 1 if said.hops else 0
    dated = said.root_said or (said.own and said.carried)
    relays = {voice for hop in said.hops if hop.position for voice in hop.voices}
    return {
        "depth": depth,
        "quotation_type": said.quotation_type,
        "broken": said.broken,
        "undated": not dated,
        "relay_not_captured": said.origin is None and not relays <= set(said.publishers),
    }


def claim_values(ids: Sequence[int]) -> Values:
    """What each claim's statements and reviews come to."""
    rows = list(counted_appearances(ids).values_list("claim_id", "statement_id", "stance"))
    told = load_said({statement for _, statement, _ in rows})
    saying: dict[int, list[Said]] = defaultdict(list)
    denying: dict[int, list[Said]] = defaultdict(list)
    counts: dict[int, int] = defaultdict(int)
    for claim, statement, stance in rows:
        counts[claim] += 1
        if stance in Appearance.SAYING:
            saying[claim].append(told[statement])
        elif stance == Appearance.Stance.DENIES:
            denying[claim].append(told[statement])
    verdicts = _verdicts(ids)
    return {
        pk: {
            **_reading_values(saying[pk], denying[pk]),
            "statement_count": counts[pk],
            "verdict": verdicts.get(pk, ""),
        }
        for pk in ids
    }


def _reading_values(saying: list[Said], denying: list[Said]) -> dict[str, Any]:
    reading = read(saying)
    return {
        "independent_sources": len(reading.independent),
        "unnamed_sources": reading.unnamed,
        "circular": bool(reading.circles),
        "denied_by": len(read(denying).independent),
        "first_statement_id": reading.first.id if reading.first else None,
        "first_said_rank": reading.first_said.end if reading.first_said else UNKNOWN_RANK,
        **_date_values("first_said", reading.first_said),
        **_date_values("first_published", reading.first_published),
    }


def _date_values(name: str, date: VagueDate | None) -> dict[str, Any]:
    precision = date.precision if date and date.precision != Precision.TIME else DatePrecision.DAY
    return {
        f"{name}_on": date.on if date else None,
        f"{name}_precision": precision,
        f"{name}_is_by": date.by if date else False,
    }


def _verdicts(ids: Sequence[int]) -> dict[int, str]:
    """By claim, the normalised rating of its newest published review of content that has a rating."""
    reviews = Review.objects.published().filter(claim__in=ids, subject=Subject.CONTENT).exclude(rating=None)
    oldest_first = reviews.order_by(F("reviewed_on").asc(nulls_first=True), "id")
    return dict(oldest_first.values_list("claim_id", "rating__normalised"))

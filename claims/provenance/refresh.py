"""The one function that keeps right what is read off the chains. Every door calls it after its writes."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.db.models import Exists, F, Lookup, Max, Min, OuterRef, Q, QuerySet

from articles.dates import DatePrecision, Precision, VagueDate
from articles.models import Article, ArticleEntry, ImportRun
from articles.rows import CHUNK, Among, chunks
from articles.search.entry import Entry, index_later
from claims.models import (
    Appearance,
    Attribution,
    Claim,
    ClaimEntry,
    Review,
    Source,
    SourceRole,
    Statement,
    Subject,
    Tag,
)
from claims.models.claim import UNKNOWN_RANK
from claims.provenance.load import Loaded, Row, load
from claims.provenance.reading import Said, tally
from claims.search.articles import article_drift, articles_behind, refresh_article_entries, refresh_marks
from claims.search.counts import Counts, count_drift, recount
from claims.search.entries import beside, entry_drift, refresh_entries

Ids = Collection[int]
Values = Mapping[int, Row]
"""By the id of a row, the values of its derived columns, in the order of its model's ``DERIVED``."""


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


class Wrong(NamedTuple):
    """The rows of one model that are not as they should be: what is stored, and of those alone what is right."""

    model: type[Claim | Statement | Tag]
    stored: Values
    right: Values

    def drift(self) -> Iterator[Drift]:
        for pk, right in self.right.items():
            for column, was, value in zip(self.model.DERIVED, self.stored[pk], right, strict=True):
                if was != value:
                    yield Drift(self.model(pk=pk), column, was, value)


def refresh(
    *,
    claims: Iterable[int] = (),
    statements: Iterable[int] = (),
    sources: Iterable[int] = (),
    articles: Iterable[int] = (),
    publishers: Iterable[int] = (),
    tags: Iterable[int] = (),
    counts: Counts | None = None,
) -> int:
    """Mend what is derived from the rows with those ids, wherever it stands. Returns the rows mended.

    Pass what was written: claims with all that hangs on them (tags, links, reviews, evidence, status), statements
    whose chain, state, occasion or links changed (with the claims that they were linked to before), sources,
    articles with their texts, publishers, tags. Locks and ``updated_at`` stay: nobody's open form is overtaken.
    """
    with transaction.atomic():
        mended = refresh_paths() if tags else 0
        articles = set(articles) | _ids(Article.objects.all(), "publisher_id", set(publishers))
        touched = _touched_statements(set(statements), set(sources), articles, set(publishers))
        linked = _ids(Appearance.objects.all(), "statement_id", touched, "claim_id")
        changed = linked.union(claims)
        mended += _mend_all(touched, changed)
        with _counting(counts) as counted:
            listed = chunks(beside(changed, touched) | _filed_under(tags))
            mended += sum(refresh_entries(chunk, counted) for chunk in listed)
            mended += sum(map(refresh_article_entries, chunks(articles)))
            mended += sum(map(refresh_marks, chunks(articles_behind(touched, changed) - articles)))
        return mended


@contextmanager
def _counting(counts: Counts | None) -> Iterator[Counts]:
    """What is counted within is written at the end, unless it is given to whoever has more to count."""
    gathered = Counts() if counts is None else counts
    yield gathered
    if counts is None:
        gathered.write()


def refresh_paths() -> int:
    """Mend where each tag stands in the tree. Returns the rows mended. What is filed under them is not told."""
    return _write(_wrong_tags())


def refresh_all() -> int:
    """Mend everything that is derived. Returns the rows mended.

    A page of rows at a time is read without locks; only what is wrong is held, read again and written. So the
    desk can go on meanwhile.
    """
    mended = refresh_paths()
    for statements, claims in _pages():
        with transaction.atomic():
            mended += _mend(statements.right.keys(), claims.right.keys())
            with _counting(None) as counted:
                mended += refresh_entries(claims.stored.keys(), counted)
    for articles in _walk(Article.objects.values_list("pk")):
        mended += refresh_article_entries([pk for (pk,) in articles])
    return mended + recount()


def refresh_loaded(run: ImportRun, counts: Counts) -> int:
    """Mend what is derived from the statements and claims that ``run`` made, whatever their number. Returns the
    rows mended. All terms are counted in ``counts``.

    Where the run changed older rows, or hung a hop, a link or a review on them, ``refresh`` wants their ids.
    """
    with _indexed_later(run, Claim, ClaimEntry), _indexed_later(run, Article, ArticleEntry):
        return _refresh_made(run, counts)


def _indexed_later(run: ImportRun, model: type[models.Model], entry: type[Entry]) -> AbstractContextManager[None]:
    """The index is built anew where the run brings more rows than there were."""
    made = model._base_manager.filter(import_run=run).count()
    return index_later(entry) if made > entry._base_manager.count() else nullcontext()


def _refresh_made(run: ImportRun, counts: Counts) -> int:
    mended = 0
    for claims in _made_by(run, Claim):
        with transaction.atomic():
            mended += _mend(_ids(Appearance.objects.all(), "claim_id", claims, "statement_id"), claims)
            mended += refresh_entries(claims, counts)
    for statements in _made_by(run, Statement):
        links = Appearance.objects.order_by().filter(Among("statement_id", statements))
        done: set[int] = set()
        older: set[int] = set()
        for statement, claim, made_by in links.values_list("statement_id", "claim_id", "claim__import_run_id"):
            if made_by == run.pk:
                done.add(statement)
            else:
                older.add(claim)
        with transaction.atomic():
            mended += _mend_all(set(statements) - done, older)
            mended += sum(refresh_entries(chunk, counts) for chunk in chunks(older))
            mended += refresh_marks(_older(run, articles_behind(statements, ())))
    for articles in _made_by(run, Article):
        mended += refresh_article_entries(articles)
    return mended


def drift() -> Iterator[object]:
    """What ``refresh_all`` would mend, value by value, without writing."""
    yield from _wrong_tags().drift()
    told: set[int] = set()
    for statements, claims in _pages():
        # A statement is met with each of its claims.
        fresh = {pk: right for pk, right in statements.right.items() if pk not in told}
        told |= fresh.keys()
        yield from statements._replace(right=fresh).drift()
        yield from claims.drift()
        yield from entry_drift(claims.stored.keys())
    yield from count_drift()
    for articles in _walk(Article.objects.values_list("pk")):
        yield from article_drift([pk for (pk,) in articles])


def _older(run: ImportRun, articles: set[int]) -> set[int]:
    """Those of ``articles`` that ``run`` did not make."""
    older = Article.objects.exclude(import_run=run).order_by()
    return {pk for chunk in chunks(articles) for pk in older.filter(Among("pk", chunk)).values_list("pk", flat=True)}


def _filed_under(tags: Iterable[int]) -> set[int]:
    """The claims under those tags and under the ones below them."""
    found: set[int] = set()
    for path in Tag.objects.filter(pk__in=tags).values_list("path", flat=True):
        found.update(Claim.tags.through.objects.filter(tag__path__startswith=path).values_list("claim_id", flat=True))
    return found


def _touched_statements(statements: set[int], sources: set[int], articles: set[int], publishers: set[int]) -> set[int]:
    """The statements that show, pass through, or were taken from any of the given rows."""
    sources = sources | _ids(Source.objects.all(), "publisher_id", publishers)
    articles = articles | _ids(Article.objects.all(), "publisher_id", publishers)
    sources = _grown(sources, Source.objects.all(), "speaks_for_id", "known_through_id")
    articles = _grown(articles, Article.objects.all(), "republishes_id")
    roles = _ids(SourceRole.objects.all(), "organisation_id", sources)
    hops = (("source_id", sources), ("addressee_id", sources), ("role_id", roles))
    statements = statements.union(*(_ids(Attribution.objects.all(), name, ids, "statement_id") for name, ids in hops))
    statements |= _ids(Statement.objects.all(), "version__article_id", articles)
    return _grown(statements, Statement.objects.all(), "derived_from_id")


def _grown(ids: set[int], rows: QuerySet[Any], *columns: str) -> set[int]:
    """``ids``, and all rows from which following the relations of ``columns`` leads to one of them."""
    frontier = grown = ids
    while frontier:
        behind = set().union(*(_ids(rows, column, frontier) for column in columns))
        frontier = behind - grown
        grown = grown | frontier
    return grown


def _ids(rows: QuerySet[Any], column: str, ids: Ids, wanted: str = "pk") -> set[int]:
    """What stands in the column ``wanted`` of those rows that have one of ``ids`` in ``column``."""
    return set(rows.order_by().filter(Among(column, ids)).values_list(wanted, flat=True)) if ids else set()


def _mend_all(statements: Ids, claims: Ids) -> int:
    """``_mend`` any number of rows. Few go together; else all statements go before the claims, so that rows are
    held in one order: statements, claims, each by their ids."""
    if len(statements) + len(claims) <= CHUNK:
        return _mend(statements, claims)
    return sum(_mend(chunk, ()) for chunk in chunks(statements)) + sum(_mend((), chunk) for chunk in chunks(claims))


def _mend(statements: Ids, claims: Ids) -> int:
    """Hold the rows, then mend what is wrong of them: of two transactions that change one claim, the second
    reads what the first wrote. Returns the rows mended."""
    if statements and connection.features.has_select_for_update:
        list(_held(Statement, statements).values_list("pk"))
    stored = _by_id(_held(Claim, claims).values_list("pk", *Claim.DERIVED)) if claims else {}
    of_claims = Among("claim_id", claims) if claims else None
    told = load(of_claims, statements)
    return sum(map(_write, _wrong(told, statements, stored, of_claims)))


def _held(model: type[Claim | Statement], ids: Ids) -> QuerySet[Any, Any]:
    return model._base_manager.select_for_update(no_key=True).filter(Among("pk", ids)).order_by("pk")


def _by_id(rows: Iterable[Row]) -> dict[int, Row]:
    """From rows of an id and derived columns."""
    return {row[0]: row[1:] for row in rows}


def _pages() -> Iterator[tuple[Wrong, Wrong]]:
    """What is wrong of all statements, and of all claims, page by page."""
    for page in _walk(Claim.objects.values_list("pk", *Claim.DERIVED)):
        of_claims = Q(claim__gte=page[0][0], claim__lte=page[-1][0])
        told = load(of_claims)
        yield _wrong(told, told.said, _by_id(page), of_claims)
    linked = Appearance.objects.filter(statement=OuterRef("pk"))
    for page in _walk(Statement.objects.filter(~Exists(linked)).values_list("pk")):
        statements = [pk for (pk,) in page]
        yield _wrong(load(statements=statements), statements, {}, None)


def _made_by(run: ImportRun, model: type[Article | Claim | Statement]) -> Iterator[list[int]]:
    """The ids of the rows that ``run`` made, page by page."""
    # The run's rows are picked here: a database that thinks they are few would sort them all for each page.
    ends = model._base_manager.filter(import_run=run).aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is not None:
        rows = model._base_manager.filter(pk__gte=ends["first"], pk__lte=ends["last"])
        for page in _walk(rows.values_list("pk", "import_run_id")):
            yield [pk for pk, made_by in page if made_by == run.pk]


def _walk(rows: QuerySet[Any, Any]) -> Iterator[list[Row]]:
    """``rows``, of which the id comes first, in order of that, page by page."""
    page = list(rows.order_by("pk")[:CHUNK])
    while page:
        yield page
        page = list(rows.order_by("pk").filter(pk__gt=page[-1][0])[:CHUNK]) if len(page) == CHUNK else []


def _wrong(
    told: Loaded, statements: Iterable[int], claims: Values, of_claims: Q | Lookup | None
) -> tuple[Wrong, Wrong]:
    """What is wrong of those statements, and of the claims, of which ``claims`` is what is stored."""
    said = {pk: statement_values(told.said[pk], unlinked=pk not in told.linked) for pk in statements if pk in told.said}
    return (
        _differing(Statement, told.stored, said),
        _differing(Claim, claims, claim_values(claims, told, of_claims) if of_claims else {}),
    )


def _differing(model: type[Claim | Statement | Tag], stored: Values, right: Values) -> Wrong:
    return Wrong(model, stored, {pk: values for pk, values in right.items() if stored[pk] != values})


def _write(wrong: Wrong) -> int:
    """Write the right values, all rows in one go. Returns the rows written."""
    if not wrong.right:
        return 0
    # Django's bulk_update makes an expression of every value, which takes 20 times as long.
    fields = {field.name: field for field in wrong.model._meta.concrete_fields}
    derived = [fields[name] for name in wrong.model.DERIVED]
    table, rows = wrong.model._meta.db_table, wrong.right.items()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            columns = {field.column: field.db_type(connection) for field in (fields["id"], *derived)}
            typed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            pairs = ", ".join(f'"{field.column}" = new."{field.column}"' for field in derived)
            source = f"json_to_recordset(%s) AS new({typed})"
            given = json.dumps([dict(zip(columns, (pk, *values), strict=True)) for pk, values in rows], default=str)
            cursor.execute(f'UPDATE "{table}" old SET {pairs} FROM {source} WHERE old.id = new.id', [given])  # nosec B608 # names of ours, values as parameters
        else:
            pairs = ", ".join(f'"{field.column}" = %s' for field in derived)
            cursor.executemany(f'UPDATE "{table}" SET {pairs} WHERE id = %s', [(*values, pk) for pk, values in rows])  # nosec B608 # names of ours, values as parameters
    return len(wrong.right)


def _wrong_tags() -> Wrong:
    """Where each tag stands in the tree."""
    tags = {row[0]: row[1:] for row in Tag.objects.order_by().values_list("pk", "slug", "parent_id", "path")}

    def path(pk: int) -> str:
        slugs: list[str] = []
        step: int | None = pk
        seen: set[int] = set()
        while step is not None and step not in seen:
            seen.add(step)
            slug, step, _ = tags[step]
            slugs.append(slug)
        return "".join(f"{slug}/" for slug in reversed(slugs))

    return _differing(Tag, {pk: (stored,) for pk, (*_, stored) in tags.items()}, {pk: (path(pk),) for pk in tags})


def statement_values(said: Said, *, unlinked: bool) -> Row:
    """What is read off a statement's own chain and its links: the columns of ``Statement.DERIVED``."""
    depth = said.hops[-1].position + 1 if said.hops else 0
    dated = said.root_said or (said.own and said.carried)
    relays = {voice for hop in said.hops if hop.position for voice in hop.voices}
    not_captured = said.origin is None and not relays.issubset(said.publishers)
    return (depth, said.quotation_type, said.broken, not dated, not_captured, unlinked)


def claim_values(ids: Iterable[int], told: Loaded, of_claims: Q | Lookup) -> dict[int, Row]:
    """What each claim's statements and reviews come to: the columns of ``Claim.DERIVED``, by the claim's id."""
    saying: dict[int, list[Said]] = defaultdict(list)
    denying: dict[int, list[Said]] = defaultdict(list)
    counts: dict[int, int] = defaultdict(int)
    for link in told.links:
        if link.counts:
            counts[link.claim] += 1
            if link.stance in Appearance.SAYING:
                saying[link.claim].append(told.said[link.statement])
            elif link.stance == Appearance.Stance.DENIES:
                denying[link.claim].append(told.said[link.statement])
    verdicts = _verdicts(of_claims)
    return {
        pk: _claim_values(saying.get(pk, ()), denying.get(pk, ()), counts.get(pk, 0), verdicts.get(pk, ""))
        for pk in ids
    }


def _claim_values(saying: Collection[Said], denying: Collection[Said], count: int, verdict: str) -> Row:
    said = tally(saying)
    denied_by = tally(denying).independent if denying else 0
    return (
        *(said.independent, said.unnamed, denied_by, said.circular, count, verdict),
        said.first.id if said.first else None,
        *_date_values(said.first_said),
        said.first_said.end if said.first_said else UNKNOWN_RANK,
        *_date_values(said.first_published),
    )


def _date_values(date: VagueDate | None) -> tuple[Any, str, bool]:
    """The columns of a date: the day, how exactly it is known, and whether it is "by" then."""
    if date is None:
        return None, DatePrecision.DAY, False
    return date.on, DatePrecision.DAY if date.precision == Precision.TIME else date.precision, date.by


def _verdicts(of_claims: Q | Lookup) -> dict[int, str]:
    """By claim, the normalised rating of its newest published review of content that has a rating."""
    return dict(_rated().filter(of_claims))


@cache
def _rated() -> QuerySet[Any, Any]:
    """The claim and the normalised rating of each review that counts, the newest last."""
    reviews = Review.objects.published().filter(subject=Subject.CONTENT, rating__isnull=False)
    oldest_first = reviews.order_by(F("reviewed_on").asc(nulls_first=True), "id")
    return oldest_first.values_list("claim_id", "rating__normalised")

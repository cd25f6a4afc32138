"""Writes what a reader found: the one function behind the command and the upload page.

An import only adds: articles, versions, and a publisher that was not there. It changes no publisher, date or
original of an article that stands, so nothing that is read off the chains can go stale by it, and no door has
to call ``provenance.refresh`` after one. Keep it so.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Field, Q

from articles import text as texts
from articles.dates import Precision, VagueDate
from articles.entries import refresh_articles
from articles.importers import FORMATS
from articles.importers.rows import Item, Problem, Row, urn
from articles.models import Article, ArticleVersion, ImportProblem, ImportRun, Publisher
from articles.slugs import slugs

MAX_ITEMS = 10_000
"""A file with more is refused: its report could not be read, and other imports wait for it."""

BATCH = 200
PROBLEMS_SHOWN = 5

_TURN = 0x4EA25A7
"""The key of the advisory lock by which imports take turns. Any number that nothing else uses."""

Watch = Callable[[Iterable[Row]], Iterable[Row]]


@dataclass(frozen=True)
class Delivery:
    """What is said of a file as a whole. ``kind`` is one of ``Article.Kind``; empty: what the format is for."""

    format: str
    file_name: str
    publisher: str
    published: VagueDate | None = None
    language: str = "en"
    kind: str = ""


def import_file(data: bytes, delivery: Delivery, *, by: Any = None, watch: Watch = iter) -> ImportRun:
    """Store the articles of a file, all or nothing, and return the run with its report.

    An article that is new is created; one that is there gets a new version where its text has changed. An item
    that cannot be taken becomes an ``ImportProblem``. ``watch`` is handed the rows as they are read.

    Raises ``ValidationError`` with the name of the option that is at fault ("file", "publisher", …) where
    nothing can be stored at all.
    """
    _check(data, delivery)
    with transaction.atomic():
        take_turn()
        run = ImportRun.objects.create(
            format=delivery.format,
            file_name=_printable(PurePath(delivery.file_name).name)[:255],
            sha256=hashlib.sha256(data).hexdigest(),
            created_by=by,
        )
        writer = _Writer(run, delivery, _publisher(delivery.publisher, run))
        rows = iter(watch(FORMATS[delivery.format](data)))
        while batch := list(islice(rows, BATCH)):
            writer.write(batch)
        if not run.total:
            raise ValidationError({"file": "The file holds no article: it is blank."})
        run.save()
    return run


def report(run: ImportRun) -> str:
    """What an import did, on one line: "created 8 · updated 1 · unchanged 0 · rejected 1 (line 14: no body)"."""
    counts = " · ".join(f"{name} {getattr(run, name)}" for name in ("created", "updated", "unchanged", "rejected"))
    if not run.rejected:
        return counts
    shown = [str(problem) for problem in run.problems.order_by("line", "id")[:PROBLEMS_SHOWN]]
    if run.rejected > len(shown):
        shown.append(f"and {run.rejected - len(shown)} more")
    return f"{counts} ({'; '.join(shown)})"


@dataclass
class _Writer:
    """Writes rows by the batch, and counts them in the run."""

    run: ImportRun
    delivery: Delivery
    publisher: Publisher
    ordinals: dict[str, int] = field(default_factory=dict)

    def write(self, rows: list[Row]) -> None:
        ordinals = [self._ordinal(row) for row in rows]
        self._reject([row for row in rows if isinstance(row, Problem)])
        numbered = zip(rows, ordinals, strict=True)
        self._store({self._identify(row, ordinal): row for row, ordinal in numbered if isinstance(row, Item)})
        if self.run.total > MAX_ITEMS:
            raise ValidationError({"file": f"The file holds more than {MAX_ITEMS:,} items: divide it."})

    def _ordinal(self, row: Row) -> int:
        """Which of the file's items with this headline it is.

        Rejected ones count: mended later, such an item is then not taken for the next.
        """
        headline = texts.fold(row.headline)
        self.ordinals[headline] = self.ordinals.get(headline, 0) + 1
        return self.ordinals[headline]

    def _identify(self, item: Item, ordinal: int) -> str:
        published = self.delivery.published
        return urn(self.publisher.slug, published.iso if published else "", item.headline, ordinal)

    def _reject(self, problems: list[Problem]) -> None:
        ImportProblem.objects.bulk_create(
            ImportProblem(run=self.run, line=row.line, reason=row.reason, raw=row.raw, created_by=self.run.created_by)
            for row in problems
        )
        self.run.rejected += len(problems)

    def _store(self, items: dict[str, Item]) -> None:
        if not items:
            return
        if self.publisher.pk is None:
            self.publisher.save()
        # Locked, so that nobody adds a version by hand after the last number was read.
        stored = list(Article.objects.select_for_update().filter(identifier__in=list(items)).order_by("pk"))
        known = {article.identifier for article in stored}
        created = [self._article(name, item) for name, item in items.items() if name not in known]
        Article.objects.bulk_create(created)
        versions = [self._version(article, 1, items[article.identifier]) for article in created]
        versions += self._changed(stored, items)
        ArticleVersion.objects.bulk_create(versions)
        refresh_articles([version.article_id for version in versions])
        updated = len(versions) - len(created)
        self.run.created += len(created)
        self.run.updated += updated
        self.run.unchanged += len(stored) - updated

    def _changed(self, stored: list[Article], items: dict[str, Item]) -> Iterator[ArticleVersion]:
        """A version for each article whose text is no longer that of its newest one."""
        latest = _latest_versions(stored)
        for article in stored:
            number, sha256 = latest.get(article.pk, (0, ""))
            version = self._version(article, number + 1, items[article.identifier])
            if version.sha256 != sha256:
                yield version

    def _article(self, identifier: str, item: Item) -> Article:
        published = self.delivery.published
        return Article(
            identifier=identifier,
            # One that was merged lends its name to what tells the items apart, and has no articles any more.
            publisher=self.publisher.survivor(),
            kind=self.delivery.kind or item.kind,
            published_at=dt.datetime.combine(published.on, dt.time(), dt.UTC) if published else None,
            published_precision=published.precision if published else Precision.DAY,
            language=self.delivery.language,
            import_run=self.run,
            created_by=self.run.created_by,
        )

    def _version(self, article: Article, number: int, item: Item) -> ArticleVersion:
        return ArticleVersion(
            article=article,
            number=number,
            headline=item.headline,
            text=item.text,
            sha256=texts.fingerprint(item.text),
            import_run=self.run,
            created_by=self.run.created_by,
        )


def _latest_versions(articles: Iterable[Article]) -> dict[int, tuple[int, str]]:
    """By article: number and fingerprint of its newest version."""
    versions = ArticleVersion.objects.filter(article__in=articles).order_by("article", "number")
    return {pk: (number, sha256) for pk, number, sha256 in versions.values_list("article", "number", "sha256")}


def take_turn() -> None:
    """Wait for other imports to end: two of one file at once would both find its articles missing.

    SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])


def _publisher(name: str, run: ImportRun) -> Publisher:
    """The publisher of that name, in whatever case, or with just that for a slug; else a new one, not yet saved."""
    name = texts.normalise(name)
    folded, free = texts.fold(name), slugs(name, "publisher")
    near = list(Publisher.objects.filter(Q(name__iexact=name) | Q(slug__in=[name, *free])).order_by("pk"))
    found = [known for known in near if texts.fold(known.name) == folded] or [k for k in near if k.slug == name]
    if found:
        return found[0]
    taken = {known.slug for known in near}
    slug = next(slug for slug in free if slug not in taken)
    return Publisher(name=name, slug=slug, import_run=run, created_by=run.created_by)


def _check(data: bytes, delivery: Delivery) -> None:
    """Raise ``ValidationError`` where nothing can be stored, whatever the file's items are."""
    if len(data) > settings.MAX_UPLOAD_BYTES:
        raise ValidationError({"file": f"The file is larger than {settings.MAX_UPLOAD_BYTES // 1024**2} MB."})
    if delivery.format not in FORMATS:
        raise ValidationError({"format": f"There is no format “{delivery.format}”: use {' or '.join(FORMATS)}."})
    if delivery.kind and delivery.kind not in Article.Kind.values:
        raise ValidationError({"kind": f"There is no kind of article “{delivery.kind}”."})
    _check_field(Publisher.name.field, texts.normalise(delivery.publisher), "publisher")
    _check_field(Article.language.field, delivery.language, "language")


def _check_field(field: "Field[Any, Any]", value: str, option: str) -> None:
    """Raise ``ValidationError`` under the name ``option`` where ``value`` cannot stand in the field."""
    try:
        if objection := texts.objection(value):
            raise ValidationError(f"This holds {objection.reason}.")
        field.clean(value, None)
    except ValidationError as error:
        raise ValidationError({option: error}) from error


def _printable(name: str) -> str:
    """A file's name as it can be stored and shown; names on disk may hold any bytes."""
    return "".join(char if char.isprintable() else "\ufffd" for char in name)

"""From rows to the facts that the rules read. A fixed number of queries for any number of claims, but for
one a step where sources speak for others, articles republish others or statements derive from others."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from articles.dates import VagueDate, earliest, vague, vague_moment
from articles.models import Article
from claims.models import Appearance, Attribution, Source, Statement
from claims.provenance.reading import Hop, Said, SourceFacts, VoiceKey, voice_of

STATEMENT_COLUMNS = (
    "id",
    "derived_from_id",
    "version__article_id",
    "state",
    "withdrawn_at",
    "occasion__starts_on",
    "occasion__ends_on",
    "occasion__precision",
    "occasion__withdrawn_at",
)
HOP_COLUMNS = ("statement_id", "position", "source_id", "quotation_type", "said_on", "said_on_precision")
ARTICLE_COLUMNS = ("id", "publisher_id", "kind", "published_at", "published_precision", "republishes_id")

CHUNK = 500
"""How many rows are held in memory, and named in one SQL statement, at a time."""

Row = dict[str, Any]


def counted_appearances(claims: Collection[int]) -> QuerySet[Appearance]:
    """The appearances that count: current, of confirmed statements that are current."""
    return Appearance.objects.current().filter(
        claim__in=claims, statement__state=Statement.State.CONFIRMED, statement__withdrawn_at=None
    )


def load_said(statements: Iterable[int]) -> dict[int, Said]:
    """The given statements, by id, each with its chain and with the statement that it was taken from."""
    asked = set(statements)
    rows = follow(Statement.objects.all(), asked, STATEMENT_COLUMNS, "derived_from_id")
    told_in = {row["version__article_id"] for row in rows.values()}
    articles = follow(Article.objects.all(), told_in, ARTICLE_COLUMNS, "republishes_id")
    hops = _hops(rows)
    sources = load_sources(row["source_id"] for chain in hops.values() for row in chain)
    builder = _Builder(rows, hops, sources, articles)
    return {pk: builder.said(pk) for pk in asked & rows.keys()}


def load_sources(ids: Iterable[int | None]) -> dict[int, SourceFacts]:
    """The sources with those ids, and all whom they speak for or are known through."""
    columns = ("id", "named", "speaks_for_id", "known_through_id", "publisher_id")
    named = {pk for pk in ids if pk is not None}
    rows = follow(Source.objects.all(), named, columns, "speaks_for_id", "known_through_id")
    return {
        pk: SourceFacts(row["named"], row["speaks_for_id"], row["known_through_id"], row["publisher_id"])
        for pk, row in rows.items()
    }


def follow(rows: QuerySet[Any], ids: Collection[int], columns: Iterable[str], *steps: str) -> dict[int, Row]:
    """Those of ``rows`` with ``ids``, and every one that following ``steps`` from them leads to, by id."""
    found: dict[int, Row] = {}
    ahead = set(ids)
    while ahead:
        fresh = [row for chunk in chunks(ahead) for row in rows.filter(pk__in=chunk).values(*columns)]
        found |= {row["id"]: row for row in fresh}
        ahead = {row[step] for row in fresh for step in steps if row[step]} - found.keys()
    return found


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """``ids`` in order, as many at a time as one statement names."""
    ordered = sorted(ids)
    for at in range(0, len(ordered), CHUNK):
        yield ordered[at : at + CHUNK]


def _hops(statements: Iterable[int]) -> dict[int, list[Row]]:
    hops: dict[int, list[Row]] = defaultdict(list)
    for chunk in chunks(statements):
        current = Attribution.objects.current().filter(statement__in=chunk)
        for row in current.order_by("statement", "position", "id").values(*HOP_COLUMNS):
            hops[row["statement_id"]].append(row)
    return hops


class _Builder:
    """Puts loaded rows together, each statement once."""

    def __init__(
        self,
        statements: dict[int, Row],
        hops: dict[int, list[Row]],
        sources: dict[int, SourceFacts],
        articles: dict[int, Row],
    ) -> None:
        self.statements, self.hops, self.sources, self.articles = statements, hops, sources, articles
        self.made: dict[int, Said] = {}

    def said(self, pk: int) -> Said:
        """The statement with its origin; the trail of origins is walked from its end, without recursion."""
        trail: list[int] = []
        step: int | None = pk
        while step is not None and step not in self.made and step not in trail:
            trail.append(step)
            step = self._origin(step)
        for at in reversed(trail):
            self.made[at] = self._one(at)
        return self.made[pk]

    def _origin(self, pk: int) -> int | None:
        """What the statement was taken from, as long as that stands: confirmed, and not withdrawn."""
        origin = self.statements.get(self.statements[pk]["derived_from_id"])
        stands = origin and origin["state"] == Statement.State.CONFIRMED and origin["withdrawn_at"] is None
        return origin["id"] if origin and stands else None

    def _one(self, pk: int) -> Said:
        row, rows = self.statements[pk], self.hops.get(pk, [])
        trail = [self.articles[article] for article in self._trail(row["version__article_id"])]
        published = [vague_moment(article["published_at"], article["published_precision"]) for article in trail]
        outlets = [("publisher", article["publisher_id"]) for article in trail if article["publisher_id"]]
        is_original = trail[-1]["kind"] != Article.Kind.EXCERPT
        return Said(
            id=pk,
            hops=self._chain(rows, outlets[-1] if outlets else None),
            quotation_type=rows[0]["quotation_type"] if rows and rows[0]["position"] == 0 else "",
            occasion=self._occasion(row),
            articles=tuple(article["id"] for article in trail),
            publishers=tuple(dict.fromkeys(outlets)),
            record_published=published[-1] if is_original else None,
            carried=earliest(published),
            origin=self.made.get(self._origin(pk) or 0),
        )

    @staticmethod
    def _occasion(row: Row) -> VagueDate | None:
        if row["occasion__withdrawn_at"] is not None:
            return None
        return vague(row["occasion__starts_on"], row["occasion__precision"] or "day", until=row["occasion__ends_on"])

    def _chain(self, rows: list[Row], outlet: VoiceKey | None) -> tuple[Hop, ...]:
        """The hops, root first. For an unnamed voice that nobody vouches for stands whoever passes it on."""
        places: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            places[row["position"]].append(row)
        hops: list[Hop] = []
        for position in sorted(places, reverse=True):
            hops.insert(0, self._hop(position, places[position], outlet))
            outlet = next((voice for voice in hops[0].voices if voice[0] != "unnamed"), outlet)
        return tuple(hops)

    def _hop(self, position: int, rows: list[Row], outlet: VoiceKey | None) -> Hop:
        named = [row["source_id"] for row in rows if row["source_id"] is not None]
        return Hop(
            position,
            tuple(dict.fromkeys(voice_of(pk, self.sources, outlet) for pk in named)),
            nobody=len(named) < len(rows),
            said=earliest(vague(row["said_on"], row["said_on_precision"]) for row in rows),
        )

    def _trail(self, article: int) -> list[int]:
        trail = [article]
        while (step := self.articles[trail[-1]]["republishes_id"]) is not None and step not in trail:
            trail.append(step)
        return trail

"""From rows to the facts that the rules read. A fixed number of queries for any number of claims, but for
one a step where sources speak for others, articles republish others or statements derive from others."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from django.db.models import Exists, Lookup, OuterRef, Q, QuerySet

from articles.dates import VagueDate, earliest, vague, vague_moment
from articles.models import Article
from articles.rows import Among
from claims.models import Appearance, Attribution, Source, Statement
from claims.provenance.reading import Hop, Said, SourceFacts, VoiceKey, voice_of

T = TypeVar("T")
Row = tuple[Any, ...]


class ArticleRow(NamedTuple):
    """What is read of one article."""

    id: int
    publisher: int | None
    kind: str
    published_at: Any
    published_precision: str
    republishes: int | None


class StatementRow(NamedTuple):
    """What is read of one statement."""

    id: int
    derived_from: int | None
    state: str
    withdrawn_at: Any
    article: int
    occasion: Row
    """When it began, when it ended, how exactly that is known, when it was withdrawn."""

    @property
    def stands(self) -> bool:
        """Whether it counts: confirmed, and not withdrawn."""
        return self.state == "confirmed" and self.withdrawn_at is None


class Trail(NamedTuple):
    """What an article and all that it republishes tell, as ``Said`` has it."""

    articles: tuple[int, ...]
    publishers: tuple[VoiceKey, ...]
    outlet: VoiceKey | None
    record_published: VagueDate | None
    carried: VagueDate | None


class Link(NamedTuple):
    """One statement that is linked to a claim. It counts where both the link and the statement stand."""

    claim: int
    statement: int
    stance: str
    counts: bool


class Loaded(NamedTuple):
    """Statements as the rules see them and what is stored of each as derived, by id; and the links to claims."""

    said: dict[int, Said]
    stored: dict[int, Row]
    links: list[Link]
    linked: set[int]
    """The statements that make or answer any claim, be it one that was not asked for."""


OWN_COLUMNS = ("id", "derived_from", "state", "withdrawn_at")
OCCASION_COLUMNS = tuple(f"occasion__{name}" for name in ("starts_on", "ends_on", "precision", "withdrawn_at"))
CARRIER_COLUMNS = ("version__article", *(f"version__article__{name}" for name in ArticleRow._fields[1:]))
STATEMENT_COLUMNS = (*OWN_COLUMNS, *OCCASION_COLUMNS, *CARRIER_COLUMNS, *Statement.DERIVED)
OCCASION_AT = len(OWN_COLUMNS)
CARRIER_AT = OCCASION_AT + len(OCCASION_COLUMNS)
DERIVED_AT = CARRIER_AT + len(CARRIER_COLUMNS)
LINK_COLUMNS = ("claim", "stance", "withdrawn_at", *(f"statement__{name}" for name in STATEMENT_COLUMNS))
LINKED = "linked"
"""Comes last, in rows of either kind."""

HOP_COLUMNS = ("statement", "position", "source", "quotation_type", "said_on", "said_on_precision")
SOURCE_COLUMNS = ("named", "speaks_for", "known_through", "publisher")
POSITION, SOURCE, QUOTATION_TYPE, SAID_ON, PRECISION, FACTS_AT = range(1, len(HOP_COLUMNS) + 1)

UNVOUCHED: VoiceKey = ("unnamed", None)


def load(linked_to: Q | Lookup | None = None, statements: Iterable[int] = ()) -> Loaded:
    """The statements whose appearances ``linked_to`` picks, and those with the given ids; each with its chain
    and with the statement that it was taken from."""
    rows = _Rows()
    links = [] if linked_to is None else [*_links(linked_to, rows)]
    if others := set(statements) - rows.statements.keys():
        rows.read_statements(others)
    if not rows.statements:
        return Loaded({}, {}, [], set())
    asked = [*rows.statements]
    _follow(rows.statements, rows.read_statements, lambda row: (row.derived_from,))
    _follow(rows.articles, _articles, lambda row: (row.republishes,))
    hops, sources = _hops(rows.statements)
    builder = _Builder(rows, hops, sources)
    return Loaded({pk: builder.said(pk) for pk in asked}, rows.stored, links, rows.linked)


class _Rows:
    """The rows of statements and articles read so far, by id."""

    def __init__(self) -> None:
        self.statements: dict[int, StatementRow] = {}
        self.articles: dict[int, ArticleRow] = {}
        self.stored: dict[int, Row] = {}
        self.linked: set[int] = set()

    def add(self, row: Sequence[Any]) -> StatementRow:
        """Keep a row of ``STATEMENT_COLUMNS`` and ``LINKED``."""
        article = ArticleRow._make(row[CARRIER_AT:DERIVED_AT])
        self.articles[article.id] = article
        self.stored[row[0]] = tuple(row[DERIVED_AT:-1])
        if row[-1]:
            self.linked.add(row[0])
        made = StatementRow._make((*row[:OCCASION_AT], article.id, row[OCCASION_AT:CARRIER_AT]))
        self.statements[made.id] = made
        return made

    def read_statements(self, ids: Iterable[int]) -> dict[int, StatementRow]:
        return {row[0]: self.add(row) for row in _statements().filter(Among("id", ids))}


def _links(linked_to: Q | Lookup, rows: _Rows) -> Iterator[Link]:
    """All links that ``linked_to`` picks; their statements go into ``rows``."""
    # Which of them count is told apart here: asked for confirmed statements, SQLite reads all of those first.
    for claim, stance, withdrawn_at, *row in _links_with_statements().filter(linked_to):
        statement = rows.statements.get(row[0]) or rows.add(row)
        yield Link(claim, statement.id, stance, withdrawn_at is None and statement.stands)


# What Django works out for a list of columns it works out once, and without an order that nobody asked for.


@cache
def _links_with_statements() -> QuerySet[Any, Any]:
    return Appearance.objects.order_by().annotate(linked=_is_linked("statement")).values_list(*LINK_COLUMNS, LINKED)


@cache
def _statements() -> QuerySet[Any, Any]:
    return Statement.objects.order_by().annotate(linked=_is_linked("pk")).values_list(*STATEMENT_COLUMNS, LINKED)


def _is_linked(statement: str) -> Exists:
    return Exists(Appearance.objects.current().filter(statement=OuterRef(statement)))


@cache
def _hops_with_sources() -> QuerySet[Any, Any]:
    columns = (*HOP_COLUMNS, *(f"source__{name}" for name in SOURCE_COLUMNS))
    return Attribution.objects.current().order_by("statement_id", "position", "id").values_list(*columns)


def _articles(ids: Iterable[int]) -> dict[int, ArticleRow]:
    rows = Article.objects.order_by().filter(Among("id", ids)).values_list(*ArticleRow._fields)
    return {row[0]: ArticleRow._make(row) for row in rows}


def _sources(ids: Iterable[int]) -> dict[int, SourceFacts]:
    rows = Source.objects.order_by().filter(Among("id", ids)).values_list("id", *SOURCE_COLUMNS)
    return {pk: SourceFacts(*facts) for pk, *facts in rows}


def _hops(statements: Iterable[int]) -> tuple[dict[int, list[Row]], dict[int, SourceFacts]]:
    """The rows of each statement's chain, root first; and all sources in them, with those that they lead to."""
    hops: dict[int, list[Row]] = defaultdict(list)
    sources: dict[int, SourceFacts] = {}
    for row in _hops_with_sources().filter(Among("statement_id", statements)):
        hops[row[0]].append(row)
        if row[SOURCE] is not None and row[SOURCE] not in sources:
            sources[row[SOURCE]] = SourceFacts(*row[FACTS_AT:])
    _follow(sources, _sources, lambda facts: (facts.speaks_for, facts.known_through))
    return hops, sources


def _follow(
    found: dict[int, T], read: Callable[[set[int]], dict[int, T]], steps: Callable[[T], Iterable[int | None]]
) -> None:
    """Add to ``found`` all that following ``steps`` from its rows leads to. One query a step."""
    ahead = found
    while missing := {pk for row in ahead.values() for pk in steps(row) if pk and pk not in found}:
        ahead = read(missing)
        found.update(ahead)


_dated = lru_cache(maxsize=10_000)(vague)
"""Days come again and again, and each is a value that nobody changes."""


class _Builder:
    """Puts loaded rows together, each statement, article and voice once."""

    def __init__(self, rows: _Rows, hops: dict[int, list[Row]], sources: dict[int, SourceFacts]) -> None:
        self.statements, self.articles, self.hops, self.sources = rows.statements, rows.articles, hops, sources
        self.made: dict[int, Said] = {}
        self.trails: dict[int, Trail] = {}
        self.voices: dict[int, VoiceKey] = {}

    def said(self, pk: int) -> Said:
        """The statement with its origin; the trail of origins is walked from its end, without recursion."""
        if pk not in self.made and self.statements[pk].derived_from is None:
            self.made[pk] = self._one(pk)
            return self.made[pk]
        trail: list[int] = []
        step: int | None = pk
        while step is not None and step not in self.made and step not in trail:
            trail.append(step)
            step = self._origin(step)
        for at in reversed(trail):
            self.made[at] = self._one(at)
        return self.made[pk]

    def _origin(self, pk: int) -> int | None:
        """What the statement was taken from, as long as that stands."""
        origin = self.statements[pk].derived_from
        return origin if origin and origin in self.statements and self.statements[origin].stands else None

    def _one(self, pk: int) -> Said:
        row, rows = self.statements[pk], self.hops.get(pk, [])
        trail = self._trail(row.article)
        origin = self._origin(pk)
        return Said(
            id=pk,
            hops=self._chain(rows, trail.outlet),
            quotation_type=rows[0][QUOTATION_TYPE] if rows and rows[0][POSITION] == 0 else "",
            occasion=self._occasion(row),
            articles=trail.articles,
            publishers=trail.publishers,
            record_published=trail.record_published,
            carried=trail.carried,
            origin=self.made.get(origin) if origin else None,
        )

    @staticmethod
    def _occasion(row: StatementRow) -> VagueDate | None:
        starts_on, ends_on, precision, withdrawn_at = row.occasion
        if starts_on is None or withdrawn_at is not None:
            return None
        return _dated(starts_on, precision, until=ends_on)

    def _chain(self, rows: list[Row], outlet: VoiceKey | None) -> tuple[Hop, ...]:
        """The hops, root first. For an unnamed voice that nobody vouches for stands whoever passes it on."""
        if len(rows) == 1:
            return (self._hop(rows[0][POSITION], rows, outlet),)
        hops: list[Hop] = []
        for position, place in groupby(reversed(rows), key=itemgetter(POSITION)):
            hop = self._hop(position, [*place][::-1], outlet)
            outlet = next((voice for voice in hop.voices if voice[0] != "unnamed"), outlet)
            hops.append(hop)
        return tuple(reversed(hops))

    def _hop(self, position: int, rows: list[Row], outlet: VoiceKey | None) -> Hop:
        voices = [self._voice(row[SOURCE], outlet) for row in rows if row[SOURCE] is not None]
        dates = [_dated(row[SAID_ON], row[PRECISION]) for row in rows]
        return Hop(
            position,
            tuple(dict.fromkeys(voices)),
            nobody=len(voices) < len(rows),
            said=dates[0] if len(dates) == 1 else earliest(dates),
        )

    def _voice(self, source: int, outlet: VoiceKey | None) -> VoiceKey:
        """The voice of a source; each is read off once, for only one that nobody vouches for hangs on the outlet."""
        voice = self.voices.get(source)
        if voice is None:
            voice = self.voices[source] = voice_of(source, self.sources)
        return ("unnamed", outlet) if voice == UNVOUCHED else voice

    def _trail(self, article: int) -> Trail:
        """What the article and all that it republishes tell."""
        if article not in self.trails:
            rows = [self.articles[article]]
            while (step := rows[-1].republishes) is not None and self.articles[step] not in rows:
                rows.append(self.articles[step])
            published = [vague_moment(row.published_at, row.published_precision) for row in rows]
            outlets = [("publisher", row.publisher) for row in rows if row.publisher]
            is_original = rows[-1].kind != Article.Kind.EXCERPT
            self.trails[article] = Trail(
                articles=tuple(row.id for row in rows),
                publishers=tuple(dict.fromkeys(outlets)),
                outlet=outlets[-1] if outlets else None,
                record_published=published[-1] if is_original else None,
                carried=earliest(published),
            )
        return self.trails[article]

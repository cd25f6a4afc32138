"""The shape of our data outside: one typed function a thing, the same for pages, exports and feeds."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Prefetch, QuerySet

from articles.dates import VagueDate, vague_moment
from articles.models import Article, ArticleVersion, Publisher
from claims.models import Appearance, Attribution, Claim, Commitment, Source, SourceRole, Statement, Tag, Verdict


@dataclass(frozen=True)
class Voice:
    """One voice as a chain shows it. ``label`` is never empty; ``url`` is, where there is no page."""

    label: str
    url: str = ""
    named: bool = True
    described: str = ""
    uncertain: bool = False
    role: str = ""
    told: str = ""


@dataclass(frozen=True)
class Hop:
    """One place of a chain. No voices: nobody is named, or the place is missing, and ``gap`` says which."""

    position: int
    voices: tuple[Voice, ...]
    cue: str = ""
    quotation_type: str = ""
    commitment: str = ""
    said: str = ""
    gap: str = ""

    @property
    def plain(self) -> str:
        """Its voices, or what is missing in brackets."""
        return " and ".join(voice.label for voice in self.voices) or f"({self.gap})"

    @property
    def told(self) -> str:
        """How whoever comes next introduces this hop: "“told” Financial Times, "; empty where nobody says."""
        addressees = " and ".join(dict.fromkeys(voice.told for voice in self.voices if voice.told))
        words = " ".join(filter(None, [self.cue and f"“{self.cue}”", addressees and f"to {addressees}"]))
        return f"{words}, " if words else ""


@dataclass(frozen=True)
class Chain:
    """A statement's chain of attribution, root first, then who published it.

    ``publishers`` holds the publisher of record and, where another outlet carries the article, that carrier;
    ``carried`` says that the last of them is one.
    """

    hops: tuple[Hop, ...]
    publishers: tuple[Voice, ...]
    broken: bool
    carried: bool = False

    @property
    def root(self) -> str:
        """Who is said to have said it first, as plain words."""
        return self.hops[0].plain

    @property
    def steps(self) -> list[tuple[str, Hop]]:
        """Each hop with the words above the arrow that leads to it; none lead to the root."""
        ways = ["", *(_passed_on(one, other) for one, other in pairwise(self.hops))]
        return list(zip(ways, self.hops, strict=True))

    @property
    def outlets(self) -> list[tuple[str, Voice]]:
        """Each publisher with the words above the arrow that leads to it."""
        ways = ["published by"] * len(self.publishers)
        if self.carried and ways:
            ways[-1] = "carried by"
        ways[:1] = [f"{self.hops[-1].told}{way}" for way in ways[:1]]
        return list(zip(ways, self.publishers, strict=True))

    def __str__(self) -> str:
        """One plain line: "German defence ministry › Deutsche Welle › Politico › Digest"."""
        return " › ".join([*(hop.plain for hop in self.hops), *(voice.label for voice in self.publishers)])


NOBODY_NAMED = "nobody is named"
MISSING_HOP = "a hop is missing"


NOT_PUBLIC = "a source that is not public"


def chain_of(statement: Statement, *, desk: bool = False) -> Chain:
    """The chain of ``statement``; ``desk`` says that the viewer has a role, and so sees withdrawn sources too.

    Costs no query on statements from ``with_chains()``.
    """
    rows: dict[int, list[Attribution]] = defaultdict(list)
    for attribution in statement.attributions.all():
        if attribution.withdrawn_at is None:
            rows[attribution.position].append(attribution)
    hops = tuple(_hop(position, rows[position], desk=desk) for position in range(max(rows, default=0) + 1))
    article = statement.version.article
    return Chain(
        hops,
        _publishers(article, rows[len(hops) - 1]),
        broken=any(hop.gap for hop in hops),
        carried=article.republishes is not None and article.publisher is not None,
    )


def _passed_on(hop: Hop, relay: Hop) -> str:
    stand = relay.commitment if relay.commitment not in ("", Commitment.NOT_COMMITTED.label) else ""
    return f"{hop.told}passed on {f'as {stand} ' if stand else ''}by"


def _hop(position: int, rows: list[Attribution], *, desk: bool) -> Hop:
    if not rows:
        return Hop(position, (), gap=MISSING_HOP)
    first = rows[0]
    voices = tuple(_voice(row, row.source, desk=desk) for row in rows if row.source)
    return Hop(
        position,
        voices,
        cue=first.cue,
        quotation_type=first.get_quotation_type_display(),
        commitment=first.get_commitment_display() if position else "",
        said=str(first.said or first.said_on_as_given or ""),
        gap="" if len(voices) == len(rows) else _nobody(rows),
    )


def _nobody(rows: list[Attribution]) -> str:
    as_named = next((row.as_named for row in rows if row.source is None), "")
    return f"{NOBODY_NAMED}: “{as_named}”" if as_named else NOBODY_NAMED


def _voice(row: Attribution, source: Source, *, desk: bool) -> Voice:
    """What visible statements name is visible, but for what was withdrawn since."""

    def shown(other: Source | None) -> bool:
        return other is not None and (desk or other.withdrawn_at is None)

    told = str(row.addressee) if shown(row.addressee) else NOT_PUBLIC if row.addressee else ""
    if not shown(source):
        return Voice(NOT_PUBLIC, named=False, uncertain=row.uncertain, told=told)
    return Voice(
        label=str(source),
        url=source.get_absolute_url(),
        named=source.named,
        described=source.description,
        uncertain=row.uncertain,
        role=_role(row.role, desk=desk) if row.role else "",
        told=told,
    )


def _role(role: SourceRole, *, desk: bool) -> str:
    hidden = role.organisation is not None and role.organisation.withdrawn_at is not None and not desk
    return role.title if hidden else str(role)


def _publishers(article: Article, last_hop: list[Attribution]) -> tuple[Voice, ...]:
    """The publisher of record, then the carrier where it is another; of an excerpt whose original is
    unknown only the carrier is known. An outlet that is the last voice of the chain is not named twice."""
    record = article.trail()[-1]
    speaking = {row.source.publisher_id if row.source else None for row in last_hop}
    outlets: list[Publisher] = []
    for outlet in (record.publisher, article.publisher):
        if outlet is not None and outlet not in outlets and speaking != {outlet.pk}:
            outlets.append(outlet)
    return tuple(Voice(outlet.name, outlet.get_absolute_url()) for outlet in outlets)


@dataclass(frozen=True)
class Mark:
    """One state as the pages show it: a word, and which of the four looks it has."""

    word: str
    look: str


VERDICT_MARKS = {
    "": Mark("Not checked yet", "neutral"),
    Verdict.TRUE: Mark("True", "settled"),
    Verdict.MIXTURE: Mark("Mixture", "open"),
    Verdict.FALSE: Mark("False", "refuted"),
    Verdict.OTHER: Mark("Other", "neutral"),
}

STATUS_MARKS = {
    Claim.Status.NEW: Mark("New", "neutral"),
    Claim.Status.IN_PROGRESS: Mark("In progress", "open"),
    Claim.Status.IN_REVIEW: Mark("In review", "open"),
    Claim.Status.PUBLISHED: Mark("Published", "settled"),
    Claim.Status.CLOSED: Mark("Closed", "neutral"),
}

STANCE_MARKS: dict[str, Mark] = {
    stance: Mark(stance.label, stance.value) for stance in Appearance.Stance if stance != Appearance.Stance.ASSERTS
}
"""That a claim is asserted goes without saying."""


@dataclass(frozen=True)
class ClaimRow:
    """One claim as lists show it; ``status`` is for the desk.

    ``chain`` is that of its first appearance, or of the statement that a list was asked for, whose ``stance``
    is told where it does not assert the claim.
    """

    text: str
    url: str
    language: str
    chain: Chain | None
    stance: Mark | None
    first_said: VagueDate | None
    statements: int
    independent_sources: int
    denied_by: int
    remark: str
    verdict: Mark
    status: Mark | None


def claim_row(claim: Claim, *, desk: bool) -> ClaimRow:
    """A row of the claim list, of a claim from ``fetch_chains()``. Costs no query."""
    statement = getattr(claim, "shown_statement", None)
    return ClaimRow(
        text=claim.text,
        url=claim.get_absolute_url(),
        language=claim.language,
        chain=chain_of(statement, desk=desk) if statement else None,
        stance=STANCE_MARKS.get(getattr(claim, "matching_stance", "")),
        first_said=claim.first_said,
        statements=claim.statement_count,
        independent_sources=claim.independent_sources,
        denied_by=claim.denied_by,
        remark=_remark(claim),
        verdict=VERDICT_MARKS[claim.verdict],
        status=STATUS_MARKS[Claim.Status(claim.status)] if desk else None,
    )


def _remark(claim: Claim) -> str:
    """The one quiet word on where a claim comes from, if there is one to say."""
    if claim.single_source:
        return "Single source"
    if claim.circular:
        return "Circular"
    return "No source" if claim.statement_count and not claim.independent_sources else ""


def fetch_chains(claims: Iterable[Claim], viewer: Any) -> list[Claim]:
    """``claims`` with all that ``claim_row`` reads, as ``viewer`` may see it: two queries for any number.

    Each with its ``shown_statement``: the one that the list found it by, else its first.
    """
    fetched: list[Any] = list(claims)
    visible = Statement.objects.visible_to(viewer).current().with_chains()
    statements = visible.in_bulk({_shown_id(claim) for claim in fetched} - {None})
    for claim in fetched:
        claim.shown_statement = statements.get(_shown_id(claim))
    return fetched


def _shown_id(claim: Claim) -> Any:
    return getattr(claim, "matching_statement", claim.first_statement_id)


@dataclass(frozen=True)
class ArticleRow:
    """One article as lists show it. ``published`` is as exact as it is known; None where it is not."""

    headline: str
    url: str
    language: str
    publisher: Voice | None
    published: VagueDate | None
    kind: str
    statements: int


def article_row(article: Article) -> ArticleRow:
    """A row of the article list. Costs no query on articles from ``with_headlines()`` that carry
    ``statement_count``."""
    outlet = article.publisher
    return ArticleRow(
        headline=str(article),
        url=article.get_absolute_url(),
        language=article.language,
        publisher=Voice(outlet.name, outlet.get_absolute_url()) if outlet else None,
        published=vague_moment(article.published_at, article.published_precision),
        kind=article.get_kind_display(),
        statements=getattr(article, "statement_count", 0),
    )


def with_headlines(articles: QuerySet[Article]) -> QuerySet[Article]:
    """``articles`` with all that ``article_row`` reads, but for the texts: one query more for any number."""
    versions = ArticleVersion.objects.only("article_id", "number", "headline")
    return articles.select_related("publisher").prefetch_related(Prefetch("versions", versions))


@dataclass
class TagNode:
    """One tag in the tree; ``claims`` counts those under it and below."""

    tag: Tag
    claims: int
    children: list["TagNode"]


def tag_tree(tags: Iterable[Tag]) -> list[TagNode]:
    """``tags``, in the order of their paths and with ``claim_count``, each below the nearest tag above it
    that is among them."""
    tops: list[TagNode] = []
    above: list[TagNode] = []
    for tag in tags:
        node = TagNode(tag, getattr(tag, "claim_count", 0), [])
        while above and not tag.path.startswith(above[-1].tag.path):
            above.pop()
        (above[-1].children if above else tops).append(node)
        above.append(node)
    return tops

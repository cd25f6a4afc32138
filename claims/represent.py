"""The shape of our data outside: one typed function a thing, the same for pages, exports and feeds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse

from articles.dates import VagueDate, vague_moment
from articles.models import Article, ArticleVersion, Publisher
from articles.search.snippets import Piece
from claims.models import (
    Appearance,
    Attribution,
    Claim,
    Commitment,
    QuotationType,
    Source,
    SourceRole,
    Statement,
    Tag,
    Verdict,
)
from claims.visibility import TRAIL_STEPS


@dataclass(frozen=True)
class Voice:
    """One voice as a chain shows it. ``label`` is never empty; ``slug`` is, where there is no page.
    ``outlet`` says that the page is that of a publisher."""

    label: str
    slug: str = ""
    named: bool = True
    described: str = ""
    uncertain: bool = False
    role: str = ""
    told: str = ""
    outlet: bool = False

    @property
    def url(self) -> str:
        """The address of its page; empty where there is none."""
        return f"{_folder('publisher_list' if self.outlet else 'source_list')}{self.slug}/" if self.slug else ""


@cache
def _folder(name: str) -> str:
    """Found once: a page shows some hundred voices."""
    return reverse(name)


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

    ``publishers`` holds the publisher of record and, where another outlet carries the article, that carrier, with
    the number of reprints between them as a voice without a page; ``carried`` says that the last of them is one.
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
        ways = ["carried by"] * len(self.publishers)
        if not self.carried or len(ways) > 1:
            ways[:1] = ["published by"] * len(ways[:1])
        ways[:1] = [f"{self.hops[-1].told}{way}" for way in ways[:1]]
        return list(zip(ways, self.publishers, strict=True))

    def __str__(self) -> str:
        """One plain line: "German defence ministry › Deutsche Welle › Politico › Digest"."""
        return " › ".join([*(hop.plain for hop in self.hops), *(voice.label for voice in self.publishers)])


NOBODY_NAMED = "nobody is named"
MISSING_HOP = "a hop is missing"


NOT_PUBLIC = "a source that is not public"


@dataclass(frozen=True, slots=True)
class HopFacts:
    """What a chain shows of one attribution. ``role`` is its title, with the organisation where that may be
    named; ``said`` is the date as people read it."""

    position: int
    source: Source | None
    addressee: Source | None = None
    as_named: str = ""
    uncertain: bool = False
    role: str = ""
    cue: str = ""
    quotation_type: str = ""
    commitment: str = ""
    said: str = ""


def chain_of(statement: Statement, *, desk: bool = False) -> Chain:
    """The chain of ``statement``; ``desk`` says that the viewer has a role, and so sees withdrawn sources too.

    Costs no query on statements from ``with_chains()``.
    """
    article = statement.version.article
    trail = article.trail()
    hops = [_facts(row, desk=desk) for row in statement.attributions.all() if row.withdrawn_at is None]
    return chain_from(
        hops,
        trail[-1].publisher,
        article.publisher if article.republishes else None,
        between=len(trail) - 2,
        desk=desk,
    )


def chain_from(
    facts: Iterable[HopFacts],
    record: Publisher | None,
    carrier: Publisher | None,
    *,
    between: int = 0,
    desk: bool = False,
) -> Chain:
    """The chain of the hops in ``facts``. ``record`` is the publisher of record, ``carrier`` who carries the
    article of another, after ``between`` other reprints; of an excerpt whose original is unknown only the carrier
    is known."""
    rows: dict[int, list[HopFacts]] = defaultdict(list)
    for hop in facts:
        rows[hop.position].append(hop)
    hops = tuple(_hop(position, rows[position], desk=desk) for position in range(max(rows, default=0) + 1))
    return Chain(
        hops,
        _publishers(record, carrier, rows[len(hops) - 1], between, desk=desk),
        broken=any(hop.gap for hop in hops),
        carried=carrier is not None,
    )


def _facts(row: Attribution, *, desk: bool) -> HopFacts:
    return HopFacts(
        row.position,
        row.source,
        row.addressee,
        row.as_named,
        row.uncertain,
        role_shown(row.role, desk=desk) if row.role else "",
        row.cue,
        row.quotation_type,
        row.commitment,
        str(row.said or row.said_on_as_given or ""),
    )


def _passed_on(hop: Hop, relay: Hop) -> str:
    stand = relay.commitment if relay.commitment not in ("", Commitment.NOT_COMMITTED.label) else ""
    return f"{hop.told}passed on {f'as {stand} ' if stand else ''}by"


_TYPES = dict(QuotationType.choices)
_COMMITMENTS = dict(Commitment.choices)


def _hop(position: int, rows: list[HopFacts], *, desk: bool) -> Hop:
    if not rows:
        return Hop(position, (), gap=MISSING_HOP)
    first = rows[0]
    voices = tuple(_voice(row, row.source, desk=desk) for row in rows if row.source)
    return Hop(
        position,
        voices,
        cue=first.cue,
        quotation_type=_TYPES.get(first.quotation_type, ""),
        commitment=_COMMITMENTS.get(first.commitment, "") if position else "",
        said=first.said,
        gap="" if len(voices) == len(rows) else _nobody(rows),
    )


def _nobody(rows: list[HopFacts]) -> str:
    as_named = next((row.as_named for row in rows if row.source is None), "")
    return f"{NOBODY_NAMED}: “{as_named}”" if as_named else NOBODY_NAMED


def _voice(row: HopFacts, source: Source, *, desk: bool) -> Voice:
    """What visible statements name is visible, but for what was withdrawn since."""

    def shown(other: Source | None) -> bool:
        return other is not None and (desk or other.withdrawn_at is None)

    told = str(row.addressee) if shown(row.addressee) else NOT_PUBLIC if row.addressee else ""
    if not shown(source):
        return Voice(NOT_PUBLIC, named=False, uncertain=row.uncertain, told=told)
    return Voice(
        label=str(source),
        slug=source.slug,
        named=source.named,
        described=source.description,
        uncertain=row.uncertain,
        role=row.role,
        told=told,
    )


def role_shown(role: SourceRole, *, desk: bool = False) -> str:
    """The title, with the organisation unless that was withdrawn and the viewer is not of the desk."""
    hidden = role.organisation is not None and role.organisation.withdrawn_at is not None and not desk
    return role.title if hidden else str(role)


def _publishers(
    record: Publisher | None, carrier: Publisher | None, last_hop: list[HopFacts], between: int, *, desk: bool
) -> tuple[Voice, ...]:
    """The publisher of record, then the carrier where it is another, with the reprints between them. An outlet
    that is the last voice of the chain is not named twice; one that the public is not led to has no address."""
    speaking = {row.source.publisher_id if row.source else None for row in last_hop}
    outlets: list[Publisher] = []
    for outlet in (record, carrier):
        if outlet is not None and outlet not in outlets and speaking != {outlet.pk}:
            outlets.append(outlet)
    voices = [Voice(outlet.name, outlet.slug, outlet=True) for outlet in outlets]
    if outlets[:1] == [record] and between >= TRAIL_STEPS and not desk:
        voices[0] = replace(voices[0], slug="")
    if len(voices) == 2 and between > 0:
        voices.insert(1, Voice(f"{between} reprint{'' if between == 1 else 's'} between", outlet=True))
    return tuple(voices)


Packed = list[Any]
"""A chain as an entry keeps it: JSON without names, since there is one for every claim."""


def pack(chain: Chain) -> Packed:
    """``chain`` for ``unpack``."""
    hops = [
        [
            [[v.label, v.slug, int(v.named), v.described, int(v.uncertain), v.role, v.told] for v in hop.voices],
            *(hop.cue, hop.quotation_type, hop.commitment, hop.said, hop.gap),
        ]
        for hop in chain.hops
    ]
    return [hops, [[outlet.label, outlet.slug] for outlet in chain.publishers], int(chain.carried)]


def unpack(packed: Packed) -> Chain:
    """The chain that ``pack`` was given."""
    hops, outlets, carried = packed
    return Chain(
        tuple(
            Hop(
                position,
                tuple(
                    Voice(label, slug, bool(n), described, bool(u), r, t)
                    for label, slug, n, described, u, r, t in voices
                ),
                *others,
            )
            for position, (voices, *others) in enumerate(hops)
        ),
        tuple(Voice(label, slug, outlet=True) for label, slug in outlets),
        broken=any(hop[-1] for hop in hops),
        carried=bool(carried),
    )


@dataclass(frozen=True)
class Mark:
    """One state as the pages show it: a word, and which of the four looks it has."""

    word: str
    look: str


VERDICT_MARKS = {
    "": Mark("No verdict yet", "neutral"),
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
    is told where it does not assert the claim. ``marked`` is the text with the words that a list looks for, and
    ``quoted`` the part of a statement that has them where the text has none. ``cells`` are the columns that a
    table shows beside, each with its value.
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
    pk: int
    marked: tuple[Piece, ...] = ()
    quoted: tuple[Piece, ...] = ()
    cells: Sequence[tuple[Any, Any]] = ()

    @property
    def statements_url(self) -> str:
        """Where its statements can be read without opening it."""
        return f"{_folder('claim_list')}{self.pk}/statements/"


ROW_COLUMNS = (
    *("text", "short_text", "language", "status", "verdict", "statement_count", "independent_sources", "denied_by"),
    *("circular", "first_said_on", "first_said_precision", "first_said_is_by", "first_statement"),
)
"""The columns of a claim that ``claim_row`` reads."""


def claim_row(claim: Claim, *, desk: bool, **others: Any) -> ClaimRow:
    """A row of the claim list, of a claim from ``fetch_chains()``; ``others`` are more of what it shows. Costs no
    query."""
    return ClaimRow(
        text=claim.text,
        url=claim.get_absolute_url(),
        language=claim.language,
        chain=getattr(claim, "shown_chain", None),
        stance=STANCE_MARKS.get(getattr(claim, "matching_stance", "")),
        first_said=claim.first_said,
        statements=claim.statement_count,
        independent_sources=claim.independent_sources,
        denied_by=claim.denied_by,
        remark=_remark(claim),
        verdict=VERDICT_MARKS[claim.verdict],
        status=STATUS_MARKS[Claim.Status(claim.status)] if desk else None,
        pk=claim.pk,
        **others,
    )


def _remark(claim: Claim) -> str:
    """The one quiet word on where a claim comes from, if there is one to say."""
    if claim.single_source:
        return "Single source"
    if claim.circular:
        return "Circular"
    return "No source" if claim.statement_count and not claim.independent_sources else ""


@dataclass(frozen=True)
class ArticleRow:
    """One article as lists show it. ``published`` is as exact as it is known; None where it is not. ``marked`` is
    the headline with the words that a list looks for, ``quoted`` the part of the text that has them where the
    headline has none."""

    headline: str
    url: str
    language: str
    publisher: Voice | None
    published: VagueDate | None
    kind: str
    statements: int
    marked: tuple[Piece, ...] = ()
    quoted: tuple[Piece, ...] = ()


def article_row(article: Article, **others: Any) -> ArticleRow:
    """A row of the article list. Costs no query on articles from ``fetch_headlines()`` that come with their
    publishers and ``statement_count``."""
    outlet = article.publisher
    return ArticleRow(
        headline=str(article),
        url=article.get_absolute_url(),
        language=article.language,
        publisher=Voice(outlet.name, outlet.slug, outlet=True) if outlet else None,
        published=vague_moment(article.published_at, article.published_precision),
        kind=article.get_kind_display(),
        statements=getattr(article, "statement_count", 0),
        **others,
    )


def fetch_headlines(articles: Iterable[Article]) -> list[Article]:
    """``articles`` with their versions, but for the texts: one query for any number."""
    fetched = list(articles)
    versions = ArticleVersion.objects.only("article", "number", "headline")
    prefetch_related_objects(fetched, Prefetch("versions", versions))
    return fetched


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

"""The chains of many statements at once, read as plain rows: a fixed number of queries for any number."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from articles.dates import vague
from articles.models import Article, Publisher
from articles.rows import Among
from claims.models import Attribution, Claim, ClaimEntry, Source, SourceRole
from claims.models.claim import ClaimQuerySet
from claims.represent import ROW_COLUMNS, Chain, HopFacts, chain_from, role_shown, unpack
from claims.visibility import TRAIL_STEPS

HOP_COLUMNS = (
    *("statement_id", "position", "source_id", "addressee_id", "as_named", "uncertain", "role_id", "cue"),
    *("quotation_type", "commitment", "said_on", "said_on_precision", "said_on_as_given"),
)
SOURCE_COLUMNS = ("name", "slug", "aliases", "named", "description", "withdrawn_at", "publisher_id")
_STEPS = [f"{'republishes__' * step}{name}" for step in range(TRAIL_STEPS + 1) for name in ("id", "publisher_id")]

# Made once: a good part of what a page's chains cost is to make the queries.
SOURCES = Source.objects.only(*SOURCE_COLUMNS).order_by()
_HOPS = Attribution.objects.filter(withdrawn_at=None).order_by("statement_id", "position", "id")
_HOP_ROWS = _HOPS.values_list(*HOP_COLUMNS)
_TRAILS = Article.objects.order_by().values_list(*_STEPS, f"{'republishes__' * TRAIL_STEPS}republishes_id")
_ROLES = SourceRole.objects.select_related("organisation").order_by()
_ENTRIES = ClaimEntry.objects.only("claim", "chain").order_by()
_OUTLETS = Publisher.objects.only("name", "slug").order_by()


@dataclass
class Chains:
    """What the chains of some statements are made of, by the ids of the statements or of what they lead to."""

    hops: dict[int, list[tuple[Any, ...]]]
    sources: dict[int, Source]
    roles: dict[int, SourceRole]
    trails: dict[int, list[Publisher | None]]
    """By article: who published it, what it republishes, and so on to the original, as far as the public may
    follow."""
    originals: dict[int, tuple[Publisher | None, int]]
    """By article that was reprinted more often than that: who published the original, and how many articles there
    are from the last of the trail on."""

    def of(self, statement: int, article: int) -> Chain:
        """The chain of one statement in that article, as everybody may see it."""
        trail = self.trails[article]
        record, further = self.originals.get(article, (trail[-1], 0))
        carrier = trail[0] if len(trail) > 1 else None
        return chain_from(self._hop_facts(statement), record, carrier, between=len(trail) + further - 2)

    def _hop_facts(self, statement: int) -> list[HopFacts]:
        return [
            HopFacts(
                row[1],
                self.sources.get(row[2]),
                self.sources.get(row[3]),
                row[4],
                row[5],
                role_shown(self.roles[row[6]]) if row[6] else "",
                row[7],
                row[8],
                row[9],
                _when(row[10], row[11]) or row[12],
            )
            for row in self.hops.get(statement, ())
        ]


def load_chains(statements: Mapping[int, int], sources: QuerySet[Source] = SOURCES) -> Chains:
    """The chains of the statements that are the keys; their values are the articles that they stand in. ``sources``
    says what is read of the sources: what a chain shows, and perhaps more."""
    hops = _hops(statements)
    rows = [row for chain in hops.values() for row in chain]
    trails, onward = _trails({*statements.values()})
    return Chains(
        hops,
        by_id(sources, {pk for row in rows for pk in row[2:4]}),
        by_id(_ROLES, {row[6] for row in rows}),
        trails,
        _originals(onward),
    )


def by_id(rows: QuerySet[Any], ids: Collection[int | None]) -> dict[int, Any]:
    wanted = [pk for pk in ids if pk is not None]
    return {row.pk: row for row in rows.filter(Among("pk", wanted))} if wanted else {}


def _hops(statements: Collection[int]) -> dict[int, list[tuple[Any, ...]]]:
    hops: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    if statements:
        for row in _HOP_ROWS.filter(Among("statement_id", statements)):
            hops[row[0]].append(row)
    return hops


def _trails(articles: Collection[int]) -> tuple[dict[int, list[Publisher | None]], dict[int, int]]:
    """By article, the publishers on its way to the original, as far as the public may follow; and where it goes
    on, the article that is next."""
    if not articles:
        return {}, {}
    # A loop is walked once.
    steps = {
        row[0]: (dict(zip(row[:-1:2], row[1:-1:2], strict=True)), row[-1])
        for row in _TRAILS.filter(Among("pk", articles))
    }
    outlets = by_id(_OUTLETS, {outlet for trail, _ in steps.values() for outlet in trail.values()})
    trails = {
        article: [outlets.get(outlet) for pk, outlet in trail.items() if pk] for article, (trail, _) in steps.items()
    }
    return trails, {article: onward for article, (trail, onward) in steps.items() if onward and onward not in trail}


def _originals(onward: Mapping[int, int]) -> dict[int, tuple[Publisher | None, int]]:
    """By article, who published the original of the one that its trail goes on with, and how many articles that
    takes. Hardly anything is reprinted so often: a query a step."""
    if not onward:
        return {}
    nexts = Article.objects.select_related("publisher").in_bulk({*onward.values()})
    trails = {pk: nexts[article].trail() for pk, article in onward.items()}
    return {pk: (trail[-1].publisher, len(trail)) for pk, trail in trails.items()}


@lru_cache(maxsize=8192)
def _when(day: dt.date | None, precision: str) -> str:
    """The date as people read it; empty where it is unknown."""
    return str(vague(day, precision) or "")


def with_entries(claims: ClaimQuerySet, *reads: str) -> ClaimQuerySet:
    """``claims`` with what ``represent.claim_row`` and ``fetch_chains`` read, and the columns ``reads``; the keys of
    their entries are their places in the list."""
    return claims.select_related("entry").only(*ROW_COLUMNS, *reads, "entry__claim", "entry__chain")


def fetch_chains(claims: Iterable[Claim]) -> list[Claim]:
    """``claims`` with all that ``represent.claim_row`` reads: one query for any number, none where they come with
    their entries, and four more where a list found some by another statement than their first.

    Each with its ``shown_chain``: that of the statement that the list found it by, else of its first.
    """
    fetched: list[Any] = list(claims)
    others = [claim for claim in fetched if _is_shown_by_another(claim)]
    usual = [claim for claim in fetched if not _is_shown_by_another(claim)]
    # Its own: a prefetch notes one of the claims in the query that it is given.
    prefetch_related_objects(usual, Prefetch("entry", _ENTRIES.all()))
    for claim in usual:
        entry = getattr(claim, "entry", None)
        claim.shown_chain = unpack(entry.chain) if entry and entry.chain else None
    if others:
        chains = load_chains({claim.matching_statement: claim.matching_article for claim in others})
        for claim in others:
            claim.shown_chain = chains.of(claim.matching_statement, claim.matching_article)
    return fetched


def _is_shown_by_another(claim: Any) -> bool:
    """Whether a list found the claim by another statement than its first."""
    return getattr(claim, "matching_statement", claim.first_statement_id) != claim.first_statement_id

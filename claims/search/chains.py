"""The chains of many statements at once, read as plain rows: a fixed number of queries for any number."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import F, Prefetch, QuerySet, prefetch_related_objects

from articles.dates import vague
from articles.models import Article, Publisher
from articles.rows import Among
from claims.models import Attribution, Claim, ClaimEntry, Source, SourceRole, Statement
from claims.models.source import TRAILS
from claims.represent import Chain, HopFacts, chain_from, unpack
from claims.visibility import TRAIL_STEPS

HOP_COLUMNS = (
    *("statement_id", "position", "source_id", "addressee_id", "as_named", "uncertain", "role_id", "cue"),
    *("quotation_type", "commitment", "said_on", "said_on_precision", "said_on_as_given"),
)
SOURCE_COLUMNS = ("name", "slug", "aliases", "named", "description", "withdrawn_at", "publisher_id")
BEHIND = {f"behind_{at}": F(f"{trail}_id") for at, trail in enumerate(TRAILS)}
"""Of a source those behind it, as far as the public may follow."""


@dataclass
class Chains:
    """What the chains of some statements are made of, by the ids of the statements or of what they lead to."""

    hops: dict[int, list[tuple[Any, ...]]]
    sources: dict[int, Source]
    """Each with what ``BEHIND`` names."""
    roles: dict[int, SourceRole]
    trails: dict[int, list[Publisher | None]]
    """By article: who published it, what it republishes, and so on to the original."""

    def of(self, statement: int, article: int) -> Chain:
        """The chain of one statement in that article, as everybody may see it."""
        trail = self.trails[article]
        return chain_from(self._hop_facts(statement), trail[-1], trail[0] if len(trail) > 1 else None)

    def _hop_facts(self, statement: int) -> list[HopFacts]:
        return [
            HopFacts(
                row[1],
                self.sources.get(row[2]),
                self.sources.get(row[3]),
                row[4],
                row[5],
                str(self.roles[row[6]]) if row[6] else "",
                row[7],
                row[8],
                row[9],
                _when(row[10], row[11]) or row[12],
            )
            for row in self.hops.get(statement, ())
        ]


def load_chains(statements: Mapping[int, int]) -> Chains:
    """The chains of the statements that are the keys; their values are the articles that they stand in."""
    hops = _hops(statements)
    rows = [row for chain in hops.values() for row in chain]
    return Chains(
        hops,
        by_id(Source.objects.only(*SOURCE_COLUMNS).annotate(**BEHIND), {pk for row in rows for pk in row[2:4]}),
        by_id(SourceRole.objects.select_related("organisation"), {row[6] for row in rows}),
        _trails({*statements.values()}),
    )


def by_id(rows: QuerySet[Any], ids: Collection[int | None]) -> dict[int, Any]:
    wanted = [pk for pk in ids if pk is not None]
    return {row.pk: row for row in rows.filter(Among("pk", wanted))} if wanted else {}


def _hops(statements: Collection[int]) -> dict[int, list[tuple[Any, ...]]]:
    hops: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    if statements:
        rows = Attribution.objects.filter(Among("statement_id", statements), withdrawn_at=None)
        for row in rows.order_by("statement_id", "position", "id").values_list(*HOP_COLUMNS):
            hops[row[0]].append(row)
    return hops


def _trails(articles: Collection[int]) -> dict[int, list[Publisher | None]]:
    """By article, the publishers on its way to the original, as far as the public may follow."""
    if not articles:
        return {}
    steps = [f"{'republishes__' * step}{name}" for step in range(TRAIL_STEPS + 1) for name in ("id", "publisher_id")]
    rows = list(Article.objects.filter(Among("pk", articles)).values_list(*steps))
    outlets = by_id(Publisher.objects.only("name", "slug"), {pk for row in rows for pk in row[1::2]})
    return {
        row[0]: [outlets.get(outlet) for pk, outlet in zip(row[::2], row[1::2], strict=True) if pk is not None]
        for row in rows
    }


@lru_cache(maxsize=8192)
def _when(day: dt.date | None, precision: str) -> str:
    """The date as people read it; empty where it is unknown."""
    return str(vague(day, precision) or "")


def fetch_chains(claims: Iterable[Claim]) -> list[Claim]:
    """``claims`` with all that ``represent.claim_row`` reads: one query for any number, none where they come with
    their entries, and five more where a list found some by another statement than their first.

    Each with its ``shown_chain``: that of the statement that the list found it by, else of its first.
    """
    fetched: list[Any] = list(claims)
    others = [claim for claim in fetched if _is_shown_by_another(claim)]
    entries = ClaimEntry.objects.only("claim", "chain")
    prefetch_related_objects([claim for claim in fetched if claim not in others], Prefetch("entry", entries))
    for claim in fetched:
        entry = getattr(claim, "entry", None)
        claim.shown_chain = unpack(entry.chain) if entry and entry.chain else None
    if others:
        told = Statement.objects.filter(Among("pk", [claim.matching_statement for claim in others]))
        articles = dict(told.values_list("pk", "version__article_id"))
        chains = load_chains(articles)
        for claim in others:
            claim.shown_chain = chains.of(claim.matching_statement, articles[claim.matching_statement])
    return fetched


def _is_shown_by_another(claim: Any) -> bool:
    """Whether a list found the claim by another statement than its first."""
    return getattr(claim, "matching_statement", claim.first_statement_id) != claim.first_statement_id

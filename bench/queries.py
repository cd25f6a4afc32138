"""The pages that are measured, each with the hand-written SQL that answers the same question: one row a page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from articles.search.entry import LAST_KEY, first_key_of
from articles.search.expression import ALL, Expression, Token, all_of, for_fts5, for_tsquery, word
from articles.search.terms import term
from bench import words
from bench.chosen import Chosen
from claims.search.terms import Facet

PAGE_SIZE = 50
CAP = 10_001
"""How many matches a total is counted to, so that "more than 10,000" can be said."""


@dataclass(frozen=True)
class Query:
    """One page of the claim list.

    ``params`` are those of its address, ``wanted`` what the SQL looks for, and ``in_year`` narrows both. ``page`` is
    ``first``, ``deep``: one to jump to by its number, ``after``: the same by its link, ``last``: the last by its
    number, or ``end``: by its link, where it holds 50 rows. ``active`` are the facets that are in use, each with
    what is looked for without it: its own values are counted there. ``few``: the SQL gathers what it finds first.
    """

    params: Callable[[Chosen], dict[str, str]]
    wanted: Callable[[Chosen], Expression]
    in_year: bool = False
    page: str = "first"
    facets: bool = False
    few: bool = False
    active: Callable[[Chosen], list[tuple[Facet, Expression]]] = lambda chosen: []

    def address(self, chosen: Chosen) -> str:
        params = self.params(chosen)
        if self.in_year:
            params |= {"said_after": f"{chosen.year}-01-01", "said_before": f"{chosen.year}-12-31"}
        path = "/facets/claims/" if self.facets else "/claims/"
        return f"{path}?{urlencode(params)}" if params else path

    def keys(self, chosen: Chosen) -> tuple[int, int]:
        """The range of keys: the first, and the one behind the last."""
        if not self.in_year:
            return 1, LAST_KEY
        first, after = chosen.days
        return first_key_of(first), first_key_of(after)


def _nothing(chosen: Chosen) -> dict[str, str]:
    return {}


def _all(chosen: Chosen) -> Expression:
    return ALL


def _filed(chosen: Chosen) -> Expression:
    return all_of(_filed_under(chosen).values())


def _filed_under(chosen: Chosen) -> dict[Facet, Expression]:
    return {
        Facet.TAG: Token(term(Facet.TAG, chosen.tag_id)),
        Facet.STATUS: Token(term(Facet.STATUS, "published")),
    }


def _without_each(chosen: Chosen) -> list[tuple[Facet, Expression]]:
    parts = _filed_under(chosen)
    return [(facet, all_of(part for other, part in parts.items() if other != facet)) for facet in parts]


def _source(which: str) -> dict[str, Any]:
    return {
        "params": lambda chosen: {"source": getattr(chosen, which)},
        "wanted": lambda chosen: Token(term(Facet.SOURCE, getattr(chosen, f"{which}_id"))),
    }


def _word(text: str) -> dict[str, Any]:
    return {"params": lambda chosen: {"q": text}, "wanted": lambda chosen: word(text)}


_FILED: dict[str, Any] = {
    "params": lambda chosen: {"tag": chosen.tag, "status": "published"},
    "wanted": _filed,
    "in_year": True,
}

QUERIES: dict[str, Query] = {
    "first": Query(_nothing, _all),
    "source_head": Query(**_source("head")),
    "source_medium": Query(**_source("medium")),
    "tag_status_year": Query(**_FILED),
    "rare": Query(**_word(words.RARE), few=True),
    "frequent": Query(**_word(words.FREQUENT)),
    "deep_link": Query(_nothing, _all, page="after"),
    "deep_jump": Query(_nothing, _all, page="deep"),
    "last_link": Query(_nothing, _all, page="end"),
    "last_jump": Query(_nothing, _all, page="last"),
    "facets_all": Query(_nothing, _all, facets=True),
    "facets_selective": Query(**_FILED, facets=True, active=_without_each),
    "facets_tenth": Query(**_word(words.FREQUENT), facets=True),
}

Sql = tuple[str, list[Any]]

COLUMNS = (
    "c.id, c.text, c.short_text, c.language, c.status, c.verdict, c.first_said_on, c.first_said_precision,"
    " c.first_said_is_by, c.statement_count, c.independent_sources, c.circular, c.denied_by"
)
"""What a row of the list shows, beside its chain."""


def page_sql(engine: str, query: Query, chosen: Chosen, *, before: int = LAST_KEY) -> Sql:
    """The rows of one page, the newest first; ``before`` is the key at which the page before it ended."""
    low, high = query.keys(chosen)
    limit, offset, way = PAGE_SIZE, 0, "DESC"
    if query.page == "deep":
        offset = (chosen.deep_page - 1) * PAGE_SIZE
    elif query.page in ("last", "end"):
        limit, way = (chosen.claims - 1) % PAGE_SIZE + 1 if query.page == "last" else PAGE_SIZE, "ASC"
    matches, params = _matching(engine, query.wanted(chosen), low, min(high, before))
    chain = "e.chain" if engine == "sqlite" else "e.chain::text"
    if query.few and engine == "postgresql":
        # Gathered first: it would walk the whole list for a word that it thinks a two-hundredth of all rows have.
        matches = f"FROM (SELECT key {matches} OFFSET 0) gathered"
    keys = f"SELECT key {matches} ORDER BY key {way} LIMIT {limit} OFFSET {offset}"
    sql = (
        f"SELECT e.key, {chain}, {COLUMNS} FROM ({keys}) f"  # nosec B608 # names of ours, values as parameters
        " JOIN claims_claimentry e ON e.key = f.key JOIN claims_claim c ON c.id = e.claim_id ORDER BY e.key DESC"
    )
    return sql, params


def total_sql(engine: str, query: Query, chosen: Chosen) -> Sql:
    """How many rows there are: kept for a single term, else counted as far as the cap."""
    wanted = query.wanted(chosen)
    mark = _mark(engine)
    if wanted == ALL or (isinstance(wanted, Token) and not query.in_year):
        kept = wanted.token if isinstance(wanted, Token) else "x0all"
        return f"SELECT desk FROM claims_termcount WHERE term = {mark}", [kept]  # nosec B608 # names of ours, values as parameters
    matches, params = _matching(engine, wanted, *query.keys(chosen))
    return f"SELECT count(*) FROM (SELECT 1 {matches} LIMIT {CAP}) t", params  # nosec B608 # names of ours, values as parameters


def facet_sql(engine: str, query: Query, chosen: Chosen) -> list[tuple[str, Sql]]:
    """What finds the terms to be counted, each with how those begin that count: the terms with their counts over
    everything, or the terms of the matches. For each facet in use one more."""
    wanted = query.wanted(chosen)
    if wanted == ALL:
        return [("x0", ("SELECT term, desk FROM claims_termcount ORDER BY facet, desk DESC", []))]
    asked = [("x0", wanted), *((term(facet, ""), others) for facet, others in query.active(chosen))]
    return [(begin, _terms(engine, expression, *query.keys(chosen))) for begin, expression in asked]


def _terms(engine: str, wanted: Expression, low: int, high: int) -> Sql:
    matches, params = _matching(engine, wanted, low, high)
    if engine == "sqlite":
        keys = f"SELECT key {matches} LIMIT {CAP}"
        return f"SELECT e.terms FROM ({keys}) f JOIN claims_claimentry e ON e.key = f.key", params  # nosec B608 # names of ours, values as parameters
    return f"SELECT terms {matches} LIMIT {CAP}", params


def _matching(engine: str, wanted: Expression, low: int, high: int) -> Sql:
    """FROM and WHERE of the entries that are wanted; they have a column ``key``."""
    mark = _mark(engine)
    if engine == "sqlite" and wanted != ALL:
        table = "(SELECT rowid AS key, claims_claimentry_fts FROM claims_claimentry_fts)"
        matches = f"FROM {table} WHERE claims_claimentry_fts MATCH {mark} AND key >= {mark} AND key < {mark}"
        return matches, [for_fts5(wanted), low, high]
    if wanted == ALL:
        return f"FROM claims_claimentry WHERE key >= {mark} AND key < {mark}", [low, high]
    matches = f"FROM claims_claimentry WHERE vector @@ {mark}::tsquery AND key >= {mark} AND key < {mark}"
    return matches, [for_tsquery(wanted), low, high]


def _mark(engine: str) -> str:
    return "?" if engine == "sqlite" else "%s"

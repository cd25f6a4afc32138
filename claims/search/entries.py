"""Writes the entries in which the list of claims finds its rows.

``provenance.refresh`` calls this for every claim that it touches, after the claim's own derived columns.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction

from articles.entries import differing
from articles.rows import Among, hold
from articles.search.entry import insert, key_of
from articles.search.expression import EVERYTHING
from articles.search.words import LONG, document, is_english
from claims.models import Appearance, ClaimEntry, ClaimLink, Evidence, Review
from claims.models.claim import UNKNOWN_RANK
from claims.represent import Packed, pack
from claims.search.counts import Counts
from claims.search.facts import BEHIND, Facts, Told, load_facts
from claims.search.terms import (
    NO_VALUE,
    PUBLIC,
    Facet,
    joined,
    language_term,
    root_term,
    sources_term,
    term,
)


class Row(NamedTuple):
    """One entry as it is written."""

    key: int
    claim_id: int
    title: str
    body: str
    names: str
    terms: str
    chain: Packed | None
    line: str


@dataclass(frozen=True)
class EntryDrift:
    """One claim whose stored entry is not what its record says, and the columns that differ."""

    claim: int
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return f"claim {self.claim}: its entry in the lists is wrong in {', '.join(self.columns)}"


def beside(claims: Collection[int], statements: Collection[int] = ()) -> set[int]:
    """``claims`` and those whose entries tell of them: the other ends of their cross-references, and claims
    whose reviews and evidence name one of their statements, or one of ``statements``."""
    found = set(claims)
    for near, far in (("from_claim_id", "to_claim_id"), ("to_claim_id", "from_claim_id")):
        found.update(ClaimLink.objects.order_by().filter(Among(near, claims)).values_list(far, flat=True))
    made = Appearance.objects.order_by().filter(Among("claim_id", claims)).values_list("statement_id", flat=True)
    told = {*made, *statements}
    for model in (Evidence, Review) if told else ():
        rows = model._default_manager.order_by().filter(Among("statement_id", told))
        found.update(rows.values_list("claim_id", flat=True))
    return found


def refresh_entries(claims: Collection[int], counts: Counts) -> int:
    """Write the entries of ``claims`` anew where they differ. Returns the rows written. What that changes of the
    counts of terms is added to ``counts``, to be written last in the same transaction."""
    with transaction.atomic(savepoint=False):
        # Of two transactions that tell of one claim, the second reads what the first wrote.
        hold(ClaimEntry.objects.filter(Among("claim_id", claims)).order_by("claim_id"))
        stored = _stored(claims)
        right = {entry.claim_id: entry for entry in entries_of(claims)}
        changed = [entry for pk, entry in right.items() if stored.get(pk) != entry]
        gone = [pk for pk in stored if pk not in right]
        if not changed and not gone:
            return 0
        replaced = [pk for entry in changed if (pk := entry.claim_id) in stored]
        counts.add((entry.key, entry.terms) for entry in changed)
        counts.subtract((stored[pk].key, stored[pk].terms) for pk in (*replaced, *gone))
        if gone or replaced:
            ClaimEntry.objects.filter(claim__in=[*gone, *replaced]).delete()
        insert(ClaimEntry, changed)
        return len(changed) + len(gone)


def entry_drift(claims: Collection[int]) -> Iterator[EntryDrift]:
    """What ``refresh_entries`` would write."""
    stored = _stored(claims)
    for entry in entries_of(claims):
        columns = differing(stored.pop(entry.claim_id, None), entry)
        if columns:
            yield EntryDrift(entry.claim_id, columns)
    for pk in stored:
        yield EntryDrift(pk, Row._fields)


def _stored(claims: Collection[int]) -> dict[int, Row]:
    rows = ClaimEntry.objects.filter(Among("claim_id", claims)).order_by().values_list(*Row._fields)
    return {row.claim_id: row for row in map(Row._make, rows)}


def entries_of(claims: Collection[int]) -> Iterator[Row]:
    """The entries that ``claims`` should have."""
    facts = load_facts(claims)
    for claim in facts.claims:
        yield _entry(claim, facts)


def _entry(claim: dict[str, Any], facts: Facts) -> Row:
    pk, told = claim["id"], facts.told.get(claim["id"], [])
    key = key_of(claim["first_said_rank"], pk)
    english = is_english(claim["language"])
    chain = _chain(claim, facts, told)
    return Row(
        key=key if claim["withdrawn_at"] is None else -key,
        claim_id=pk,
        title=document((text, english) for text in dict.fromkeys([claim["text"], claim["short_text"]])),
        body=document(((each.words, is_english(each.language)) for each in told), LONG),
        names=document((name, True) for name in _names(pk, facts, told)),
        terms=joined(_terms(claim, facts, told)),
        chain=pack(chain) if chain else None,
        line=str(chain) if chain else "",
    )


def _chain(claim: dict[str, Any], facts: Facts, told: list[Told]) -> Any:
    first = next((each for each in told if each.id == claim["first_statement_id"]), None)
    if first is None:
        return None
    return facts.chains.of(first.id, first.article)


def _names(pk: int, facts: Facts, told: list[Told]) -> list[str]:
    """What people may look for the claim by, beside its words: tags, sources with their aliases, publishers."""
    names: dict[str, None] = dict.fromkeys(sorted(tag.name for tag in facts.tags.get(pk, ())))
    for each in told:
        for row in facts.chains.hops.get(each.id, ()):
            source = facts.chains.sources.get(row[2])
            if source and source.withdrawn_at is None:
                names |= dict.fromkeys([source.name, *source.alias_list])
        names |= dict.fromkeys(outlet.name for outlet in facts.chains.trails[each.article] if outlet)
    return list(names)


def _terms(claim: dict[str, Any], facts: Facts, told: list[Told]) -> set[str]:
    pk, number = claim["id"], claim["independent_sources"]
    known = claim["first_said_rank"] != UNKNOWN_RANK
    found = {
        EVERYTHING,
        term(Facet.KIND, claim["kind"]),
        term(Facet.STATUS, claim["status"]),
        term(Facet.VERDICT, claim["verdict"] or NO_VALUE),
        term(Facet.YEAR, claim["first_said_rank"].year if known else NO_VALUE),
        language_term(claim["language"]),
        sources_term(number),
    }
    if claim["published_at"] is not None:
        found.add(PUBLIC)
    found |= _valued(Facet.TAG, (tag.pk for tag in facts.tags.get(pk, ())))
    found |= _valued(Facet.RATING, facts.ratings.get(pk, ()))
    found |= _told_terms(facts, told)
    for desk, has, needs in ((True, Facet.HAS, Facet.NEEDS), (False, Facet.PUBLIC_HAS, Facet.PUBLIC_NEEDS)):
        there = {name for name, having in facts.parts[desk].items() if pk in having}
        there |= {"statement"} if told else set()
        found |= {term(has, name) for name in there}
        found |= {term(needs, name) for name in _needs(claim, told, there, contradicted=pk in facts.contradicted[desk])}
    return found


def _told_terms(facts: Facts, told: list[Told]) -> set[str]:
    """Whose words they are, who passed them on, and who published them."""
    roots: set[int] = set()
    relays: set[int] = set()
    outlets: set[int] = set()
    named: set[int | None] = set()
    found: set[str] = set()
    for each in told:
        found.add(term(Facet.STANCE, each.stance))
        for row in facts.chains.hops.get(each.id, ()):
            named.add(row[3])
            if row[2] is None:
                continue
            named.update(getattr(facts.chains.sources[row[2]], name) for name in BEHIND)
            if row[1]:
                relays.add(row[2])
            else:
                roots.add(row[2])
                found.add(root_term(row[2], each.stance))
                if each.stance in Appearance.SAYING:
                    found.add(term(Facet.SAYS, row[2]))
        outlets.update(outlet.pk for outlet in facts.chains.trails[each.article] if outlet)
    found |= _valued(Facet.ROOT, roots) | _valued(Facet.RELAY, relays) | _valued(Facet.SOURCE, roots | relays)
    found |= {term(Facet.NAMED, pk) for pk in (named | roots | relays) if pk}
    return found | _valued(Facet.PUBLISHER, outlets)


def _valued(facet: Facet, values: Iterable[int]) -> set[str]:
    return {term(facet, value) for value in values} or {term(facet, NO_VALUE)}


def _needs(claim: dict[str, Any], told: list[Told], there: set[str], *, contradicted: bool) -> Iterator[str]:
    number = claim["independent_sources"]
    needs = {
        "statement": not told,
        "source": number == 0,
        "second_source": number == 1,
        "review": "review" not in there,
        "evidence": "evidence" not in there,
        "chain": any(each.broken for each in told),
        "date": claim["first_said_on"] is None,
        "circle": claim["circular"],
        "contradiction": contradicted,
    }
    return (name for name, needed in needs.items() if needed)

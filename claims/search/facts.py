"""What the entries of some claims are made of, fetched in a fixed number of queries for any number of claims."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q

from articles.rows import Among
from claims.models import (
    Appearance,
    Claim,
    ClaimLink,
    Evidence,
    Review,
    Statement,
    Subject,
    Tag,
)
from claims.models.source import TRAILS
from claims.search.chains import SOURCES, Chains, load_chains

CLAIM_COLUMNS = (
    *("id", "text", "short_text", "language", "kind", "status", "published_at", "withdrawn_at", "first_said_on"),
    *("first_said_rank", "independent_sources", "circular", "verdict", "first_statement_id"),
)


@dataclass
class Told:
    """One statement that makes or answers a claim."""

    id: int
    stance: str
    words: str
    language: str
    broken: bool
    article: int


BEHIND = {f"behind_{at}": F(f"{trail}_id") for at, trail in enumerate(TRAILS)}
"""Of a source those behind it, as far as the public may follow."""


@dataclass
class Facts:
    """All that the entries of some claims are made of, by the ids of the claims or of what they lead to."""

    claims: list[dict[str, Any]]
    told: dict[int, list[Told]]
    chains: Chains
    """Its sources each with what ``BEHIND`` names."""
    tags: dict[int, list[Tag]]
    """By claim: its tags and all above them."""
    ratings: dict[int, set[int]]
    parts: dict[bool, dict[str, set[int]]] = field(default_factory=dict)
    """For the desk (True) and the public, by the part's name the claims that have one."""
    contradicted: dict[bool, set[int]] = field(default_factory=dict)


def load_facts(ids: Collection[int]) -> Facts:
    """The facts of the claims ``ids``."""
    claims = list(Claim.objects.filter(Among("pk", ids)).order_by("pk").values(*CLAIM_COLUMNS))
    told = _told(ids)
    facts = Facts(
        claims=claims,
        told=told,
        chains=load_chains(
            {each.id: each.article for rows in told.values() for each in rows}, SOURCES.annotate(**BEHIND)
        ),
        tags=_tags(ids),
        ratings=defaultdict(set),
    )
    _add_parts(facts, ids)
    return facts


def _told(ids: Collection[int]) -> dict[int, list[Told]]:
    """Read off the links alone and picked here: a database without statistics would begin with all confirmed
    statements."""
    links = Appearance.objects.filter(Among("claim_id", ids), withdrawn_at=None).order_by("claim_id", "statement_id")
    found: dict[int, list[Told]] = defaultdict(list)
    rows: Iterable[tuple[Any, ...]] = links.values_list(
        "claim_id",
        "statement__state",
        "statement__withdrawn_at",
        "statement_id",
        "stance",
        "statement__exact",
        "statement__start",
        "statement__gaps",
        "statement__version__article__language",
        "statement__broken",
        "statement__version__article_id",
    )
    for claim, state, withdrawn_at, statement, stance, exact, start, gaps, *others in rows:
        if state == Statement.State.CONFIRMED and withdrawn_at is None:
            found[claim].append(Told(statement, stance, _own_words(exact, start, gaps), *others))
    return found


def _own_words(exact: str, start: int, gaps: list[list[int]]) -> str:
    """``exact`` without what stands in its gaps: those words are not the voice's, and not for everybody to find."""
    words, at = [], start
    for begin, end in gaps:
        words.append(exact[at - start : begin - start])
        at = end
    return " … ".join([*words, exact[at - start :]])


def _tags(ids: Collection[int]) -> dict[int, list[Tag]]:
    filed = Claim.tags.through.objects.filter(Among("claim_id", ids)).values_list("claim_id", "tag_id", "tag__path")
    rows = list(filed)
    slugs = {slug for _, _, path in rows for slug in path.split("/") if slug}
    known = {tag.slug: tag for tag in Tag.objects.current().only("name", "slug").filter(slug__in=slugs)}
    found: dict[int, dict[int, Tag]] = defaultdict(dict)
    for claim, _, path in rows:
        *above, own = path.split("/")[:-1]
        # A withdrawn tag files nothing, not even under those above it.
        if own in known:
            found[claim] |= {known[slug].pk: known[slug] for slug in (*above, own) if slug in known}
    return {claim: list(tags.values()) for claim, tags in found.items()}


def _add_parts(facts: Facts, ids: Collection[int]) -> None:
    """Which claims have which part, as the desk sees it (True) and as the public does; and which are contradicted.

    The public's half is told from what is read here, as ``visible_to`` says it: asked for with these, that would
    have the database look at every published claim.
    """
    facts.parts = {desk: defaultdict(set) for desk in (True, False)}
    facts.contradicted = {True: set(), False: set()}
    _add_links(facts, ids)
    shown = {row["id"] for row in facts.claims if row["published_at"] is not None and row["withdrawn_at"] is None}
    evidence = Evidence.objects.filter(Among("claim_id", ids), withdrawn_at=None).values_list(
        "claim_id", "statement_id"
    )
    reviews = Review.objects.filter(Among("claim_id", ids), withdrawn_at=None)
    reviewed = reviews.values_list("claim_id", "statement_id", "state", "subject", "rating_id")
    rows: list[tuple[Any, ...]] = [("evidence", *row, Review.State.PUBLISHED, "", None) for row in evidence]
    rows += [("review", *row) for row in reviewed]
    seen = _seen({row[2] for row in rows if row[2] is not None})
    for part, claim, statement, state, subject, rating in rows:
        facts.parts[True][part].add(claim)
        if state != Review.State.PUBLISHED:
            continue
        public = statement is None or statement in seen
        if claim in shown and public:
            facts.parts[False][part].add(claim)
        # The public must not learn of a rating that only a hidden review gives.
        if subject == Subject.CONTENT and rating is not None and (public or claim not in shown):
            facts.ratings[claim].add(rating)


def _add_links(facts: Facts, ids: Collection[int]) -> None:
    links = ClaimLink.objects.filter(
        Q(Among("from_claim_id", ids)) | Q(Among("to_claim_id", ids)),
        state=ClaimLink.State.CONFIRMED,
        withdrawn_at=None,
    )
    columns = [f"{end}__{name}" for end in ("from_claim", "to_claim") for name in ("published_at", "withdrawn_at")]
    for kind, start, end, *shown in links.values_list("kind", "from_claim_id", "to_claim_id", *columns):
        public = None not in shown[::2] and shown[1::2] == [None, None]
        for desk in (True, False) if public else (True,):
            facts.parts[desk]["cross_reference"] |= {start, end}
            if kind == ClaimLink.Kind.CONTRADICTS:
                facts.contradicted[desk] |= {start, end}


def _seen(statements: Collection[int]) -> set[int]:
    """Those of ``statements`` that the public sees."""
    if not statements:
        return set()
    links = Appearance.objects.filter(Among("statement_id", statements), withdrawn_at=None, claim__withdrawn_at=None)
    rows = links.values_list("statement_id", "claim__published_at", "statement__state", "statement__withdrawn_at")
    return {
        pk
        for pk, published_at, state, withdrawn_at in rows
        if published_at and state == "confirmed" and not withdrawn_at
    }

"""All that one viewer may see of one source."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from articles.models import Article
from claims.filters.base import address
from claims.filters.claims import appearances_that_count, made_in, shown_sources
from claims.models import Appearance, Attribution, Claim, Source, SourceRole, Statement, sees_desk
from claims.records.notes import Note, notes_for, threaded
from claims.records.told import Told, told_by_id
from claims.represent import ClaimRow, claim_row, fetch_chains
from claims.visibility import visible_articles

SHOWN = 10
"""How many claims, and statements, each section shows; the lists have them all."""

Stance = Appearance.Stance

SECTIONS: dict[str, tuple[str, Q, tuple[str, ...]]] = {
    "said": ("root", Q(position=0), (Stance.ASSERTS, Stance.HEDGES)),
    "denied": ("root", Q(position=0), (Stance.DENIES,)),
    "questioned": ("root", Q(position=0), (Stance.QUESTIONS,)),
    "passed_on": ("relay", Q(position__gte=1), ()),
}
"""What a source does with claims: the filter of the claim list, the place in the chain, the stances."""

TITLES = {
    "said": "Claims it makes",
    "denied": "Claims it denies",
    "questioned": "Claims it questions",
    "passed_on": "Claims it passed on",
}


@dataclass(frozen=True)
class ClaimSection:
    """Some claims under a heading, and the list that has them all."""

    title: str
    count: int
    url: str
    rows: list[ClaimRow]


@dataclass(frozen=True)
class SourceRecord:
    """One source's page. Of the other sources it names only visible ones are links; ``document`` likewise."""

    source: Source
    linked: frozenset[int]
    document: Article | None
    roles: list[SourceRole]
    speakers: list[Source]
    sections: list[ClaimSection]
    statements: list[Told]
    statement_count: int
    notes: list[Note]


def source_record(source: Source, user: Any) -> SourceRecord:
    """The page of ``source``, in 15 queries or fewer."""
    theirs = statements_of(source, user)
    latest = theirs.order_by(F("version__article__published_at").desc(nulls_last=True), "-pk")
    told = told_by_id(user, Q(pk__in=latest.values("pk")[:SHOWN]))
    near = [source.speaks_for_id, source.known_through_id]
    return SourceRecord(
        source=source,
        linked=frozenset(shown_sources(user).filter(pk__in=filter(None, near)).values_list("pk", flat=True)),
        document=visible_articles(user).filter(pk=source.article_id).first() if source.article_id else None,
        roles=list(source.roles.filter(withdrawn_at=None).select_related("organisation")),
        speakers=list(shown_sources(user).filter(speaks_for=source).order_by("name", "pk")[:SHOWN]),
        sections=claim_sections(source, user),
        statements=list(reversed(told.values())),
        statement_count=theirs.count(),
        notes=threaded(notes_for(user, Q(source=source))),
    )


def statements_of(source: Source, user: Any) -> QuerySet[Statement]:
    """The confirmed statements that name ``source`` anywhere in their chain."""
    hops = Attribution.objects.current().filter(statement=OuterRef("pk"), source=source)
    return Statement.objects.visible_to(user).confirmed().filter(Exists(hops))


def claim_sections(source: Source, user: Any) -> list[ClaimSection]:
    """What ``source`` does with claims, without sections that are empty."""
    claims = Claim.objects.visible_to(user).current()
    made = {name: _made(source, user, place, stances) for name, (_, place, stances) in SECTIONS.items()}
    counts = claims.aggregate(**{name: Count("pk", filter=Q(Exists(rows))) for name, rows in made.items()})
    newest = claims.newest_first()
    found = {name: list(made_in(newest, made[name])[:SHOWN]) for name in made if counts[name]}
    fetch_chains([claim for rows in found.values() for claim in rows], user)
    desk = sees_desk(user)
    return [
        ClaimSection(TITLES[name], counts[name], _list_of(source, name), [claim_row(row, desk=desk) for row in rows])
        for name, rows in found.items()
    ]


def _made(source: Source, user: Any, place: Q, stances: tuple[str, ...]) -> QuerySet[Appearance]:
    hops = Attribution.objects.current().filter(place, statement=OuterRef("statement"), source=source)
    made = appearances_that_count(user).filter(Exists(hops), claim=OuterRef("pk"))
    return made.filter(stance__in=stances) if stances else made


def _list_of(source: Source, section: str) -> str:
    name, _, stances = SECTIONS[section]
    return address(reverse("claim_list"), [(name, source.slug), *(("stance", stance) for stance in stances)])

"""All that one viewer may see of one source."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from articles.models import Article
from claims.filters.base import address
from claims.filters.claims import shown_sources
from claims.filters.paging import CAP, Total
from claims.filters.told import appearances_that_count
from claims.models import Appearance, Attribution, Source, SourceRole, Statement
from claims.records.notes import Note, notes_for, threaded
from claims.records.sections import ClaimSection, Heading, claim_sections
from claims.records.told import Told, told_by_id
from claims.search.terms import Facet, root_term, term
from claims.visibility import visible_articles

SHOWN = 10
"""How many claims, and statements, each section shows; the lists have all claims."""

Stance = Appearance.Stance

SECTIONS: dict[str, tuple[str, Q, tuple[str, ...]]] = {
    "Claims it makes": ("root", Q(position=0), Appearance.SAYING),
    "Claims it denies": ("root", Q(position=0), (Stance.DENIES,)),
    "Claims it questions": ("root", Q(position=0), (Stance.QUESTIONS,)),
    "Claims it passed on": ("relay", Q(position__gte=1), ()),
}
"""What a source does with claims: the filter of the claim list, the place in the chain, the stances."""


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
    statement_count: Total
    notes: list[Note]


def source_record(source: Source, user: Any) -> SourceRecord:
    """The page of ``source``, in 23 queries or fewer."""
    theirs = statements_of(source, user)
    latest = list(theirs.order_by("-pk").values_list("pk", flat=True)[:SHOWN])
    told = told_by_id(user, Q(pk__in=latest))
    near = [source.speaks_for_id, source.known_through_id]
    return SourceRecord(
        source=source,
        linked=frozenset(shown_sources(user).filter(pk__in=filter(None, near)).values_list("pk", flat=True)),
        document=visible_articles(user).filter(pk=source.article_id).first() if source.article_id else None,
        roles=list(source.roles.filter(withdrawn_at=None).select_related("organisation")),
        speakers=list(shown_sources(user).filter(speaks_for=source).order_by("name", "pk")[:SHOWN]),
        sections=[section for section in claim_sections(headings(source, user), user, shown=SHOWN) if section.count],
        statements=list(reversed(told.values())),
        statement_count=statements_counted(source, user),
        notes=threaded(notes_for(user, Q(source=source))),
    )


def statements_counted(source: Source, user: Any) -> Total:
    """How many those are, as far as ``CAP``: counted off the hops, of which no index of statements knows."""
    shown = Exists(Statement.objects.visible_to(user).confirmed().filter(pk=OuterRef("statement")))
    hops = Attribution.objects.current().filter(shown, source=source).order_by()
    found = list(hops.values_list("statement", flat=True)[: CAP + 1])
    return Total(len(set(found[:CAP])), len(found) > CAP)


def statements_of(source: Source, user: Any) -> QuerySet[Statement]:
    """The confirmed statements that name ``source`` anywhere in their chain."""
    hops = Attribution.objects.current().filter(statement=OuterRef("pk"), source=source)
    return Statement.objects.visible_to(user).confirmed().filter(Exists(hops))


def headings(source: Source, user: Any) -> list[Heading]:
    """What ``source`` does with claims."""
    terms = {
        "Claims it makes": term(Facet.SAYS, source.pk),
        "Claims it denies": root_term(source.pk, Stance.DENIES),
        "Claims it questions": root_term(source.pk, Stance.QUESTIONS),
        "Claims it passed on": term(Facet.RELAY, source.pk),
    }
    return [
        Heading(title, _list_of(source, name, stances), terms[title], _made(source, user, place, stances))
        for title, (name, place, stances) in SECTIONS.items()
    ]


def _made(source: Source, user: Any, place: Q, stances: tuple[str, ...]) -> QuerySet[Appearance]:
    hops = Attribution.objects.current().filter(place, statement=OuterRef("statement"), source=source)
    made = appearances_that_count(user).filter(Exists(hops))
    return made.filter(stance__in=stances) if stances else made


def _list_of(source: Source, name: str, stances: tuple[str, ...]) -> str:
    return address(reverse("claim_list"), [(name, source.slug), *(("stance", stance) for stance in stances)])

"""The numbers on the start page: what there is to read, and for the desk, what there is to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from articles.models import Article, ArticleEntry
from articles.search.entry import Walk
from articles.search.expression import EVERYTHING, Token
from claims.filters.claims import shown_sources
from claims.filters.paging import CAP, Total, capped
from claims.models import ClaimLink, Statement, TermCount, sees_desk
from claims.search.terms import PUBLIC, sources_term


@dataclass(frozen=True)
class Number:
    """One count of ``many`` things, with the list that it counts; ``url`` is empty where the viewer cannot
    open that."""

    total: Total
    one: str
    many: str
    url: str

    @property
    def count(self) -> int:
        return self.total.number

    @property
    def label(self) -> str:
        return self.one if self.count == 1 else self.many


@dataclass(frozen=True)
class Numbers:
    """The start page's counts. ``to_do`` is empty for the public."""

    there: tuple[Number, ...]
    to_do: tuple[Number, ...]


def numbers_for(user: Any) -> Numbers:
    """What there is as ``user`` may see it, where nobody keeps count as far as ``CAP``: four queries, and four
    more for the desk."""
    desk = sees_desk(user)
    claims = claims_counted(desk=desk)
    claim_list = reverse("claim_list")
    there = (
        Number(claims[EVERYTHING], "claim", "claims", claim_list),
        Number(claims[sources_term(1)], "with a single source", "with a single source", f"{claim_list}?sources=1"),
        Number(
            capped(Statement.objects.visible_to(user).confirmed()),
            "statement",
            "statements",
            f"{claim_list}?sort=statements",
        ),
        Number(capped(shown_sources(user)), "source", "sources", reverse("source_list")),
        Number(articles_counted(desk=desk), "article", "articles", reverse("article_list")),
    )
    return Numbers(there, to_do(user, claims[sources_term(0)]) if desk else ())


def to_do(user: Any, unsourced: Total) -> tuple[Number, ...]:
    statements = Statement.objects.current()
    suggested = statements.filter(state=Statement.State.SUGGESTED)
    confirmed = statements.filter(state=Statement.State.CONFIRMED)
    links = ClaimLink.objects.current().filter(state=ClaimLink.State.SUGGESTED)
    return (
        Number(capped(suggested), "suggested statement", "suggested statements", _to_decide(user)),
        Number(
            capped(statements.unlinked()),
            "statement without a claim",
            "statements without a claim",
            at_desk(user, "statement", "unlinked"),
        ),
        Number(unsourced, "claim without a source", "claims without a source", f"{reverse('claim_list')}?sources=0"),
        Number(
            capped(confirmed.filter(broken=True)), "broken chain", "broken chains", at_desk(user, "statement", "broken")
        ),
        Number(
            capped(links),
            "suggested cross-reference",
            "suggested cross-references",
            at_desk(user, "claimlink", "suggested"),
        ),
    )


def _to_decide(user: Any) -> str:
    return reverse("suggestion_list") if user.has_perm("claims.change_statement") else ""


def claims_counted(*, desk: bool) -> Mapping[str, Total]:
    """How many claims there are, without a source, and with a single one: the counts that are kept."""
    terms = (EVERYTHING, sources_term(0), sources_term(1))
    rows = TermCount.objects.filter(term__in=terms).values_list("term", "desk" if desk else "public")
    return dict.fromkeys(terms, Total(0)) | {term: Total(count) for term, count in rows}


def articles_counted(*, desk: bool) -> Total:
    if desk:
        return capped(Article.objects.all())
    found = len(Walk(ArticleEntry, Token(PUBLIC)).some(CAP + 1))
    return Total(min(found, CAP), found > CAP)


def at_desk(user: Any, model: str, todo: str) -> str:
    """The desk's own list of what waits; empty for who may read the record but not enter the desk."""
    return f"{reverse(f'admin:claims_{model}_changelist')}?todo={todo}" if user.is_staff else ""

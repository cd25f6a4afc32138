"""The numbers on the start page: what there is to read, and for the desk, what there is to do."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from claims.filters.claims import shown_sources
from claims.models import Appearance, Claim, ClaimLink, Statement, sees_desk
from claims.visibility import visible_articles


@dataclass(frozen=True)
class Number:
    """One count of ``many`` things, with the list that it counts; ``url`` is empty where the viewer cannot
    open that."""

    count: int
    one: str
    many: str
    url: str

    @property
    def label(self) -> str:
        return self.one if self.count == 1 else self.many


@dataclass(frozen=True)
class Numbers:
    """The start page's counts. ``to_do`` is empty for the public."""

    there: tuple[Number, ...]
    to_do: tuple[Number, ...]


def numbers_for(user: Any) -> Numbers:
    """Everything counted as ``user`` may see it: four queries, and one more for the desk."""
    desk = sees_desk(user)
    claims = Claim.objects.visible_to(user).current()
    statements = Statement.objects.visible_to(user).current()
    in_claims = claims.aggregate(
        all=Count("pk"),
        single=Count("pk", filter=Q(independent_sources=1)),
        unsourced=Count("pk", filter=Q(independent_sources=0)),
    )
    confirmed = Q(state=Statement.State.CONFIRMED)
    unlinked = Q(~Exists(Appearance.objects.current().filter(statement=OuterRef("pk"))))
    in_statements = statements.aggregate(
        confirmed=Count("pk", filter=confirmed),
        suggested=Count("pk", filter=Q(state=Statement.State.SUGGESTED)),
        unlinked=Count("pk", filter=confirmed & unlinked),
        broken=Count("pk", filter=confirmed & Q(broken=True)),
    )
    claim_list = reverse("claim_list")
    there = (
        Number(in_claims["all"], "claim", "claims", claim_list),
        Number(in_claims["single"], "with a single source", "with a single source", f"{claim_list}?single_source=yes"),
        Number(in_statements["confirmed"], "statement", "statements", f"{claim_list}?sort=statements"),
        Number(shown_sources(user).count(), "source", "sources", reverse("source_list")),
        Number(visible_articles(user).count(), "article", "articles", reverse("article_list")),
    )
    if not desk:
        return Numbers(there, ())
    suggested_links = ClaimLink.objects.current().filter(state=ClaimLink.State.SUGGESTED).count()
    to_do = (
        Number(
            in_statements["suggested"],
            "suggested statement",
            "suggested statements",
            at_desk(user, "statement", "suggested"),
        ),
        Number(
            in_statements["unlinked"],
            "statement without a claim",
            "statements without a claim",
            at_desk(user, "statement", "unlinked"),
        ),
        Number(
            in_claims["unsourced"], "claim without a source", "claims without a source", f"{claim_list}?unsourced=yes"
        ),
        Number(in_statements["broken"], "broken chain", "broken chains", at_desk(user, "statement", "broken")),
        Number(
            suggested_links,
            "suggested cross-reference",
            "suggested cross-references",
            at_desk(user, "claimlink", "suggested"),
        ),
    )
    return Numbers(there, to_do)


def at_desk(user: Any, model: str, todo: str) -> str:
    """The desk's own list of what waits; empty for who may read the record but not enter the desk."""
    return f"{reverse(f'admin:claims_{model}_changelist')}?todo={todo}" if user.is_staff else ""

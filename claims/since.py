"""What others changed since somebody was last here: on their own claims, and on those of the lists that they keep."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, Model, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from articles.models import Change, Revision
from articles.rows import Among
from claims.filters import ClaimFilter
from claims.history.scope import ON_CLAIM
from claims.models import (
    Annotation,
    Attribution,
    Claim,
    ClaimLink,
    SavedList,
    Statement,
    Visit,
)

WINDOW = 1000
"""How many of the newest changes are looked through: what changed more has been read by nobody."""

SAVES = 3
"""How many saves of a claim are told."""

LISTS = 20
"""How many of the lists that somebody keeps are looked through."""

BEAR_ON: dict[type[Model], tuple[str, ...]] = {
    Claim: ("pk",),
    **dict.fromkeys((*ON_CLAIM, Annotation), ("claim",)),
    ClaimLink: ("from_claim", "to_claim"),
    Statement: ("appearances__claim",),
    Attribution: ("statement__appearances__claim",),
}
"""The kinds of rows that concern claims, and the ways from each to its claims."""

KINDS: dict[str, type[Model]] = {str(model._meta.model_name): model for model in BEAR_ON}

Pairs = dict[int, set[int]]
"""By claim the revisions that concern it."""


@dataclass(frozen=True)
class Changed:
    """One claim with some saves of others that concern it, the newest first; ``more`` is how many others there are.
    ``lists`` are those that hold it."""

    claim: Claim
    revisions: list[Revision]
    more: int
    is_mine: bool
    lists: list[SavedList]


@dataclass
class Since:
    """All that is new to somebody, by claim, newest first. ``now`` is the newest revision that there is; ``more``
    says that there were older changes, which were not looked at."""

    visit: Visit | None
    now: int
    more: bool = False
    pairs: Pairs = field(default_factory=dict)
    own: set[int] = field(default_factory=set)
    lists: dict[int, list[SavedList]] = field(default_factory=dict)

    @property
    def order(self) -> list[int]:
        """The claims, the one that was changed last first."""
        return sorted(self.pairs, key=lambda pk: (-max(self.pairs[pk]), pk))

    def described(self, page: Iterable[int]) -> list[Changed]:
        """Some of the claims with what changed. Two queries."""
        shown = list(page)
        newest = {pk: sorted(self.pairs[pk], reverse=True) for pk in shown}
        wanted = {revision for revisions in newest.values() for revision in revisions[:SAVES]}
        claims = Claim.objects.select_related("assignee").in_bulk(shown)
        saves = Revision.objects.select_related("by").in_bulk(wanted)
        return [
            Changed(
                claims[pk],
                [saves[revision] for revision in newest[pk][:SAVES] if revision in saves],
                max(0, len(newest[pk]) - SAVES),
                pk in self.own,
                self.lists.get(pk, []),
            )
            for pk in shown
            if pk in claims
        ]


def since_last_visit(user: Any) -> Since:
    """What others changed since ``user`` said last that they had seen it; where they never did, of late. At most
    two queries a kind of row and one a list, and five besides."""
    visit = Visit.objects.filter(user=user).first()
    now = Revision.objects.aggregate(newest=Max("pk"))["newest"] or 0
    news = _news(user, visit.seen if visit else now - WINDOW)
    own_changes = list(news.filter(_on_claims_of(user))[: WINDOW + 1])
    any_changes = list(news[: WINDOW + 1])
    since = Since(visit, now, len(own_changes) > WINDOW or len(any_changes) > WINDOW)
    pairs = _pairs([*own_changes[:WINDOW], *any_changes[:WINDOW]], user)
    own = Claim.objects.filter(Among("pk", pairs), assignee=user)
    since.own = set(own.values_list("pk", flat=True))
    since.lists = _on_lists(pairs, user)
    since.pairs = {pk: revisions for pk, revisions in pairs.items() if pk in since.own or pk in since.lists}
    return since


def _news(user: Any, seen: int) -> QuerySet[Change]:
    """What others saved after the revision ``seen``, the newest first."""
    others = Q(revision__by=None) | ~Q(revision__by=user)
    return Change.objects.filter(others, revision__gt=seen, kind__in=KINDS).order_by("-revision", "-id")


def _on_claims_of(user: Any) -> Q:
    """Changes of rows that concern claims assigned to ``user``."""
    found = Q()
    for kind, model in KINDS.items():
        for way in BEAR_ON[model]:
            assigned = "assignee" if way == "pk" else f"{way}__assignee"
            rows = model._base_manager.filter(**{assigned: user}).order_by().values("pk")
            found |= Q(kind=kind, row__in=rows)
    return found


def _pairs(changes: Iterable[Change], user: Any) -> Pairs:
    """The claims that ``changes`` concern, of what ``user`` may see. A query for each way from a kind of row."""
    saves: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for change in changes:
        saves[change.kind][change.row].add(change.revision_id or 0)
    pairs: Pairs = defaultdict(set)
    for kind, rows in saves.items():
        model: Any = KINDS[kind]
        for way in BEAR_ON[model]:
            found = model.objects.visible_to(user).filter(Among("pk", rows)).order_by().values_list("pk", way)
            for row, claim in found:
                if claim is not None:
                    pairs[claim] |= rows[row]
    return dict(pairs)


def _on_lists(claims: Iterable[int], user: Any) -> dict[int, list[SavedList]]:
    """By claim the lists that ``user`` keeps and that hold it. A query a list."""
    wanted, found = list(claims), defaultdict(list)
    kept = SavedList.objects.current().filter(owner=user).order_by("name", "pk")
    for saved in kept[:LISTS] if wanted else ():
        listing = ClaimFilter(QueryDict(saved.query), viewer=user)
        if not listing.problems():
            for pk in listing.qs.filter(Among("pk", wanted)).order_by().values_list("pk", flat=True):
                found[pk].append(saved)
    return dict(found)


def mark_seen(user: Any, revision: int) -> None:
    """``user`` has seen what changed up to ``revision``. A page that was left open takes nothing back."""
    newest = Revision.objects.aggregate(newest=Max("pk"))["newest"] or 0
    visit, _ = Visit.objects.get_or_create(user=user, defaults={"seen": 0})
    seen = min(revision, newest)
    Visit.objects.filter(pk=visit.pk, seen__lte=seen).update(seen=seen, at=timezone.now())

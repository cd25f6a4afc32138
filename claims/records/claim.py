"""All that one viewer may see of one claim."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery

from articles.models import ArticleVersion
from claims.models import (
    Appearance,
    Claim,
    ClaimLink,
    Correction,
    Evidence,
    Review,
    Subject,
    Transition,
    sees_desk,
)
from claims.records.notes import Note, notes_for, threaded
from claims.records.reply import Replies, replies_on
from claims.records.told import Told, told_by_id
from claims.timeline import Entry, Timeline, lay_out
from claims.visibility import visible_articles

PAGE = 100
"""How many statements a page shows."""


ANSWERS = (Appearance.Stance.QUESTIONS, Appearance.Stance.DENIES)


@dataclass(frozen=True)
class Appearing:
    """One statement that makes or answers the claim."""

    told: Told
    appearance: Appearance


@dataclass(frozen=True)
class CrossReference:
    """One link as it reads from this claim; ``drawn_by`` where a statement draws it that the viewer may see."""

    link: ClaimLink
    words: str
    other: Claim
    drawn_by: Told | None


@dataclass(frozen=True)
class Reviewed:
    """One review; ``told`` is the statement whose attribution it is about."""

    review: Review
    told: Told | None


@dataclass(frozen=True)
class ClaimRecord:
    claim: Claim
    said: list[Appearing]
    has_more: bool
    timeline: Timeline | None
    cross_references: list[CrossReference]
    evidence: list[Evidence]
    reviews: list[Reviewed]
    corrections: list[Correction]
    replies: Replies
    notes: list[Note]
    history: list[Transition]

    @property
    def on_content(self) -> list[Reviewed]:
        """Is it true?"""
        return [each for each in self.reviews if each.review.subject == Subject.CONTENT]

    @property
    def on_attribution(self) -> list[Reviewed]:
        """Did they say it?"""
        return [each for each in self.reviews if each.review.subject == Subject.ATTRIBUTION]

    @property
    def attribution_checked(self) -> str:
        """What the newest published review says of whether it was said; empty where there is none."""
        published = [each.review for each in self.on_attribution if each.review.state == Review.State.PUBLISHED]
        if not published:
            return ""
        newest = published[0]
        return str(newest.rating.label if newest.rating else newest.textual_rating or "Checked")


def claim_record(claim: Claim, user: Any, page: int = 1) -> ClaimRecord:
    """The record of ``claim`` with the ``page``-th hundred of its statements, from 1; the numbers on its
    strip are stored on the claim itself."""
    appearances = _appearances(claim, user, page)
    links, reviews = _links(claim, user), _reviews(claim, user)
    told = told_by_id(user, _statements_for(appearances, links, reviews))
    said = _said(told, appearances[:PAGE])
    notes = notes_for(user, Q(claim=claim) | Q(statement__in=[each.told.statement.pk for each in said]))
    for note in notes:
        if note.statement_id in told:
            told[note.statement_id].notes.append(note)
    return ClaimRecord(
        claim=claim,
        said=said,
        has_more=len(appearances) > PAGE,
        timeline=lay_out(_entries(said)),
        cross_references=[_cross_reference(claim, link, told) for link in links],
        evidence=list(_evidence(claim, user)),
        reviews=[Reviewed(review, told.get(review.statement_id or 0)) for review in reviews],
        corrections=list(Correction.objects.visible_to(user).current().filter(claim=claim).newest_first()),
        replies=replies_on(claim, user),
        notes=threaded(note for note in notes if note.claim_id),
        history=list(claim.transitions.select_related("by")) if sees_desk(user) else [],
    )


def statements_of(claim: Claim, user: Any) -> tuple[list[Appearing], bool]:
    """The first hundred statements that make or answer ``claim``, and whether there are more: three queries."""
    appearances = _appearances(claim, user, 1)
    told = told_by_id(user, _statements_for(appearances, (), ()))
    return _said(told, appearances[:PAGE]), len(appearances) > PAGE


def _appearances(claim: Claim, user: Any, page: int) -> list[Appearance]:
    """One page of them and one more, which says whether there is a next page."""
    shown = (
        Appearance.objects.visible_to(user)
        .current()
        .filter(claim=claim, statement__withdrawn_at=None)
        .exclude(statement__state="rejected")
        .select_related("statement")
        .only("claim", "statement__derived_from", "stance", "start", "end")
        .order_by(F("statement__version__article__published_at").asc(nulls_last=True), "statement")
    )
    return list(shown[(page - 1) * PAGE : page * PAGE + 1])


def _statements_for(appearances: Iterable[Appearance], links: Iterable[ClaimLink], reviews: Iterable[Review]) -> Q:
    """The statements that the page shows, and those behind them."""
    ids: set[int | None] = {appearance.statement_id for appearance in appearances}
    ids |= {appearance.statement.derived_from_id for appearance in appearances}
    ids |= {link.drawn_by_id for link in links}
    ids |= {review.statement_id for review in reviews}
    return Q(pk__in=ids - {None})


def _said(told: dict[int, Told], appearances: Iterable[Appearance]) -> list[Appearing]:
    by_statement = {appearance.statement_id: appearance for appearance in appearances}
    said = [Appearing(told[pk], appearance) for pk, appearance in by_statement.items() if pk in told]
    return sorted(said, key=_turn)


def _turn(each: Appearing) -> tuple[bool, Any, bool, int]:
    """The earliest said first, undated last; of one date, what makes the claim before what answers it."""
    when, stance = each.told.when, each.appearance.stance
    return when is None, when and when.sort_key, stance in ANSWERS, each.told.statement.pk


def _entries(said: Iterable[Appearing]) -> Iterable[Entry]:
    for each in said:
        if each.told.when and not each.told.suggested:
            label = f"{each.told.when}: {each.told.chain.root} {each.appearance.get_stance_display()}"
            yield Entry(each.told.when, each.appearance.stance, label, f"#{each.told.anchor}")


def _links(claim: Claim, user: Any) -> list[ClaimLink]:
    """Links of either direction, by kind as the model lists them; withdrawn claims are not linked to."""
    links = (
        ClaimLink.objects.visible_to(user)
        .current()
        .exclude(state=ClaimLink.State.REJECTED)
        .filter(Q(from_claim=claim, to_claim__withdrawn_at=None) | Q(to_claim=claim, from_claim__withdrawn_at=None))
        .select_related("from_claim", "to_claim")
    )
    kinds = list(ClaimLink.Kind)
    return sorted(links, key=lambda link: (kinds.index(ClaimLink.Kind(link.kind)), link.words_from(claim.pk), link.pk))


def _cross_reference(claim: Claim, link: ClaimLink, told: dict[int, Told]) -> CrossReference:
    drawn_by = told.get(link.drawn_by_id or 0)
    return CrossReference(link, link.words_from(claim.pk), link.other_end(claim.pk), drawn_by)


def _evidence(claim: Claim, user: Any) -> Iterable[Evidence]:
    """With the headline of each article, and its address here where the viewer may open it."""
    newest = ArticleVersion.objects.filter(article=OuterRef("article")).order_by("-number")
    readable = visible_articles(user).filter(pk=OuterRef("article"))
    rows = Evidence.objects.visible_to(user).current().filter(claim=claim).select_related("article__publisher")
    return rows.annotate(headline=Subquery(newest.values("headline")[:1]), readable=Exists(readable)).order_by("pk")


def _reviews(claim: Claim, user: Any) -> list[Review]:
    reviews = Review.objects.visible_to(user).current().filter(claim=claim)
    return list(reviews.select_related("reviewer", "rating__scale"))

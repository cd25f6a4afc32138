"""Statements as the record pages show them: with their chain, their date and their words."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q

from articles.dates import VagueDate, earliest, vague_moment
from articles.models import Article
from claims.models import Annotation, QuotationType, Statement, sees_desk
from claims.models.statement import shorten
from claims.passages import Piece, brings_marks, pieces
from claims.provenance.reading import first_date
from claims.represent import Chain, chain_of


@dataclass(frozen=True)
class Told:
    """One statement on a page. ``taken_from`` is the statement behind it, where the viewer may see that.

    ``marks`` says which quotation marks the page sets: add (the words are a voice's own and have none),
    hang (they bring theirs) or none.
    """

    statement: Statement
    chain: Chain
    when: VagueDate | None
    pieces: tuple[Piece, ...]
    marks: str
    taken_from: "Told | None" = None
    notes: list[Annotation] = field(default_factory=list)

    @property
    def suggested(self) -> bool:
        return self.statement.state == Statement.State.SUGGESTED

    @property
    def plain(self) -> str:
        """The voice's words on one line: what stands in gaps is the article's own, and not everybody's to read."""
        return shorten(" ".join(piece.text if piece.kind != "gap" else "[…]" for piece in self.pieces), 90)

    @property
    def anchor(self) -> str:
        """Where the statement stands, on the claim's page as on the article's."""
        return f"s{self.statement.pk}"


def told_by_id(user: Any, wanted: Q) -> dict[int, Told]:
    """By id the statements of ``wanted`` that ``user`` may see, earliest published first. Two queries.

    Rejected and withdrawn ones are left out. ``taken_from`` is filled in where ``wanted`` covers the origin.
    """
    statements = (
        Statement.objects.visible_to(user)
        .current()
        .exclude(state=Statement.State.REJECTED)
        .filter(wanted)
        .with_chains()
        .select_related("occasion")
        .order_by(F("version__article__published_at").asc(nulls_last=True), "version", "start", "pk")
    )
    found = {statement.pk: statement for statement in statements}
    desk = sees_desk(user)
    return {
        pk: _told(statement, found.get(statement.derived_from_id or 0), desk=desk) for pk, statement in found.items()
    }


def _told(statement: Statement, origin: Statement | None, *, desk: bool) -> Told:
    return Told(
        statement=statement,
        chain=chain_of(statement, desk=desk),
        when=when_said(statement),
        pieces=tuple(pieces(statement.exact, statement.start, statement.gaps, statement.words)),
        marks=_marks(statement),
        taken_from=_told(origin, None, desk=desk) if origin else None,
    )


def _marks(statement: Statement) -> str:
    if brings_marks(statement.exact):
        return "hang"
    return "add" if statement.quotation_type in (QuotationType.DIRECT, QuotationType.BLOCK) else "none"


def when_said(statement: Statement) -> VagueDate | None:
    """When the root said it; without that the next hop's date, then the article's, both as "by …".

    The same rule as that of the stored first date, on rows that the page has fetched anyhow.
    """
    hops = sorted(statement.attributions.all(), key=lambda hop: hop.position)
    occasion = statement.occasion
    at_root = earliest(hop.said for hop in hops if hop.position == 0)
    later = (hop.said for hop in hops if hop.position)
    return first_date(
        at_root or (occasion.date if occasion and not occasion.withdrawn_at else None),
        (*later, *_published(statement.version.article)),
    )


def _published(article: Article) -> tuple[VagueDate | None, VagueDate | None]:
    """The article of record's date, and the earliest of the trail; of an excerpt only the latter is known."""
    trail = article.trail()
    dates = [vague_moment(each.published_at, each.published_precision) for each in trail]
    return (None if trail[-1].kind == Article.Kind.EXCERPT else dates[-1]), earliest(dates)

"""All that one viewer may see of one article: its text with the statements in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from articles.models import Article, ArticleVersion
from claims.models import Annotation, Appearance, Statement
from claims.passages import Paragraph, Segment, Span, marked, quoted_only
from claims.records.notes import Note, notes_for, threaded
from claims.records.suggestion import Offered, offered, with_new
from claims.records.told import Told, told_by_id
from claims.visibility import may_read_whole_text, visible_articles, visible_versions


@dataclass(frozen=True)
class Card:
    """One statement beside the text, under the number that its mark bears.

    ``offered`` is what is proposed of a suggestion, for who may decide on it; ``next`` the one to decide on after it.
    """

    number: int
    told: Told
    appearances: tuple[Appearance, ...]
    offered: Offered | None = None
    next: int | None = None

    @property
    def state(self) -> str:
        """How its mark is underlined: suggested, linked to a claim, or not yet."""
        return "suggested" if self.told.suggested else "linked" if self.appearances else "unlinked"


@dataclass(frozen=True)
class Mark:
    """One segment of the text as the page shows it.

    ``anchor`` is the id of its mark, ``anchors`` the ids of others that begin here too; ``numbers`` are the
    cards of the statements that end here; ``of`` the statements that say it, where one of them is to be decided on.
    """

    text: str
    hidden: bool
    state: str
    shared: bool
    anchor: str
    anchors: tuple[str, ...]
    numbers: tuple[Card, ...]
    of: tuple[int, ...]


@dataclass(frozen=True)
class Block:
    """One paragraph with its marks, and the cards of the statements that begin in it."""

    number: int
    skipped: bool
    marks: tuple[Mark, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class ArticleRecord:
    """``version`` is None where nothing of the text may be read. ``whole``: all of it may."""

    article: Article
    headline: str
    versions: list[ArticleVersion]
    version: ArticleVersion | None
    whole: bool
    blocks: list[Block]
    cards: list[Card]
    notes: list[Note]
    original: Article | None
    reprints: list[Article]

    @property
    def unplaced(self) -> list[Card]:
        """Cards of statements that begin in no paragraph that is shown."""
        placed = {card.number for block in self.blocks for card in block.cards}
        return [card for card in self.cards if card.number not in placed]

    @property
    def to_decide(self) -> int:
        """How many suggestions wait for the viewer to decide on them."""
        return sum(card.offered is not None for card in self.cards)


def article_record(article: Article, user: Any, number: int | None = None) -> ArticleRecord:
    """The record of ``article`` in its version ``number``, by default the newest that ``user`` may read.

    Raises ``ArticleVersion.DoesNotExist`` where there is no such version for them.
    """
    whole = may_read_whole_text(user, article)
    readable = article.versions.all() if whole else visible_versions(user).filter(article=article)
    versions = list(readable.defer("text").order_by("number"))
    version = _chosen(versions, number)
    told = _told(version, user) if version else {}
    cards = _cards(told.values(), version, user)
    notes = notes_for(user, Q(version=version) | Q(statement__in=[card.told.statement.pk for card in cards]))
    _attach(notes, cards)
    related = _headlined(visible_articles(user)).select_related("publisher")
    reprints = list(related.filter(Q(republishes=article) | Q(pk=article.republishes_id or 0)).order_by("pk"))
    return ArticleRecord(
        article=article,
        headline=version.headline if version else _newest_headline(article),
        versions=versions,
        version=version,
        whole=whole,
        blocks=_blocks(version, cards, whole=whole) if version else [],
        cards=cards,
        notes=threaded(note for note in notes if note.version_id),
        original=next((each for each in reprints if each.pk == article.republishes_id), None),
        reprints=[each for each in reprints if each.pk != article.republishes_id],
    )


def _chosen(versions: list[ArticleVersion], number: int | None) -> ArticleVersion | None:
    """The version with its text; one query for it, since the others' texts are not read."""
    if number is None and not versions:
        return None
    chosen = versions[-1] if number is None else next((v for v in versions if v.number == number), None)
    if chosen is None:
        raise ArticleVersion.DoesNotExist
    chosen.refresh_from_db(fields=["text"])
    return chosen


def _newest_headline(article: Article) -> str:
    newest = article.versions.order_by("-number").values_list("headline", flat=True).first()
    return newest or article.identifier


def _headlined(articles: QuerySet[Article]) -> QuerySet[Article]:
    newest = ArticleVersion.objects.filter(article=OuterRef("pk")).order_by("-number")
    return articles.annotate(headline=Subquery(newest.values("headline")[:1]))


def _told(version: ArticleVersion, user: Any) -> dict[int, Told]:
    here = Statement.objects.filter(version=version)
    told = told_by_id(user, Q(version=version) | Q(pk__in=here.values("derived_from")))
    return {pk: each for pk, each in told.items() if each.statement.version_id == version.pk}


def _cards(told: Iterable[Told], version: ArticleVersion | None, user: Any) -> list[Card]:
    """In the order of the text, numbered from 1; of two that begin together the longer first."""
    appearances: dict[int, list[Appearance]] = defaultdict(list)
    shown = Appearance.objects.visible_to(user).current().filter(statement__version=version, claim__withdrawn_at=None)
    for appearance in shown.select_related("claim").order_by("claim"):
        appearances[appearance.statement_id].append(appearance)
    ordered = sorted(told, key=lambda each: (each.statement.start, -each.statement.end, each.statement.pk))
    cards = [Card(number, each, tuple(appearances[each.statement.pk])) for number, each in enumerate(ordered, 1)]
    return _to_decide(cards) if user.has_perm("claims.change_statement") else cards


def _to_decide(cards: list[Card]) -> list[Card]:
    """``cards`` with what is proposed of the suggestions among them: at most one query."""
    waiting = [card.told.statement for card in cards if card.told.suggested]
    offers = offered(waiting) if waiting else {}
    following = dict(zip(offers, list(offers)[1:], strict=False))
    return [_offering(card, offers, following) for card in cards]


def _offering(card: Card, offers: Mapping[int, Offered], following: Mapping[int, int]) -> Card:
    pk = card.told.statement.pk
    if pk not in offers:
        return card
    told = replace(card.told, chain=with_new(card.told.chain, offers[pk]))
    return replace(card, told=told, offered=offers[pk], next=following.get(pk))


def _attach(notes: Iterable[Annotation], cards: Iterable[Card]) -> None:
    by_statement = {card.told.statement.pk: card.told for card in cards}
    for note in notes:
        if note.statement_id in by_statement:
            by_statement[note.statement_id].notes.append(note)


def _blocks(version: ArticleVersion, cards: Iterable[Card], *, whole: bool) -> list[Block]:
    by_key = {card.told.statement.pk: card for card in cards}
    paragraphs = marked(version.text, (_span(card.told.statement) for card in by_key.values()))
    return [_block(each, by_key) for each in (paragraphs if whole else quoted_only(paragraphs))]


def _span(statement: Statement) -> Span:
    gaps = tuple(_with_blanks(statement, start, end) for start, end in statement.gaps)
    return Span(statement.pk, statement.start, statement.end, gaps)


def _with_blanks(statement: Statement, start: int, end: int) -> tuple[int, int]:
    """A gap with the spaces around it, which would be underlined as words otherwise."""
    before = statement.exact[: start - statement.start]
    after = statement.exact[end - statement.start :]
    return start - len(before) + len(before.rstrip(" ")), end + len(after) - len(after.lstrip(" "))


def _block(paragraph: Paragraph, cards: Mapping[int, Card]) -> Block:
    marks = tuple(_mark(segment, cards) for segment in paragraph.segments)
    beginning = sorted((cards[key] for key in paragraph.opens), key=lambda card: card.number)
    return Block(paragraph.number, paragraph.skipped, marks, tuple(beginning))


def _mark(segment: Segment, cards: Mapping[int, Card]) -> Mark:
    """A shared segment takes its look from the statement with the strongest state."""
    states = {cards[key].state for key in segment.keys}
    anchors = [cards[key].told.anchor for key in segment.opens]
    return Mark(
        text=segment.text,
        hidden=segment.hidden,
        state=next((state for state in ("linked", "unlinked", "suggested") if state in states), ""),
        shared=len(segment.keys) > 1,
        anchor=anchors[0] if anchors and segment.keys else "",
        anchors=tuple(anchors[1:] if segment.keys else anchors),
        numbers=tuple(sorted((cards[key] for key in segment.closes), key=lambda card: card.number)),
        of=segment.keys if any(cards[key].offered for key in segment.keys) else (),
    )

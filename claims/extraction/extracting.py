"""Every statement of an article, as a value: its kind, its chain, how sure it is."""

from collections.abc import Iterator

from claims.extraction.article import Article
from claims.extraction.confidence import confidence
from claims.extraction.quotation import Hop, Kind, Quotation, Span
from claims.extraction.reading import Reading
from claims.extraction.said import Said
from claims.extraction.spans import verbatim

DEEPEST = 4
"""How many of those in whose words it is reported stand in a chain."""
ALL_BUT = 0.9
"""The share of its letters between marks that makes a quotation direct."""


def extract(text: str) -> list[Quotation]:
    """Every statement that ``text`` quotes or reports, in the order of their places. Places are code points."""
    article = Article(text)
    found: dict[tuple[Span, ...], Quotation] = {}
    for said in Reading(article).read():
        spans = tuple(said.spans)
        if spans and spans not in found:
            found[spans] = _quotation(article, said, spans)
    return sorted(found.values(), key=lambda quotation: (quotation.start, quotation.end))


def _quotation(article: Article, said: Said, spans: tuple[Span, ...]) -> Quotation:
    inside = tuple(verbatim(article, spans))
    kind = Kind.BLOCK if said.set_off else _kind(article.text, spans, inside)
    sure = confidence(said, kind, article.text)
    return Quotation(spans, kind, tuple(_chain(said, kind)), sure, inside if kind is Kind.MIXED else ())


def _kind(text: str, spans: tuple[Span, ...], inside: tuple[Span, ...]) -> Kind:
    letters = sum(character.isalnum() for start, end in spans for character in text[start:end])
    marked = sum(character.isalnum() for start, end in inside for character in text[start:end])
    if not marked:
        return Kind.INDIRECT
    return Kind.DIRECT if marked >= ALL_BUT * letters else Kind.MIXED


def _chain(said: Said, kind: Kind) -> Iterator[Hop]:
    """Root first, then who passed it on, then in whose words it is reported, and who passed those on."""
    hop = said.hop
    yield Hop(hop.voices, hop.cue, kind, hop.addressee, hop.when)
    yield from said.relays
    outer = said.parent
    for _ in range(DEEPEST):
        if outer is None:
            break
        hop = outer.hop
        yield Hop(hop.voices, hop.cue, Kind.INDIRECT, hop.addressee, hop.when)
        yield from outer.relays
        outer = outer.parent

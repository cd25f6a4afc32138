"""Quotations as extraction gives them, for tests that hand them to the rules."""

from typing import Any

from articles.models import Article, ArticleVersion
from claims.extraction.quotation import Hop, Kind, Quotation, Voice, VoiceKind
from claims.models import Statement
from claims.suggesting.suggest import suggest

PERSON, ORGANISATION, OUTLET = VoiceKind.PERSON, VoiceKind.ORGANISATION, VoiceKind.OUTLET


def voice(name: str, as_named: str = "", role: str = "", kind: VoiceKind = PERSON) -> Voice:
    """Somebody whom the article names."""
    return Voice(as_named or name, name, role, kind)


def unnamed(as_named: str, kind: VoiceKind = PERSON) -> Voice:
    return Voice(as_named, kind=kind)


def hop(*voices: Voice | str, cue: str = "said", **values: Any) -> Hop:
    """One place of a chain; a plain name is a person's."""
    return Hop(tuple(voice(each) if isinstance(each, str) else each for each in voices), cue, **values)


def quotation(text: str, words: str, *chain: Hop | Voice | str, confidence: float = 0.9, **values: Any) -> Quotation:
    """``words``, which stand in ``text``, with their chain, root first."""
    start = text.index(words)
    hops = tuple(each if isinstance(each, Hop) else hop(each) for each in chain)
    values.setdefault("kind", Kind.INDIRECT)
    values.setdefault("spans", ((start, start + len(words)),))
    return Quotation(chain=hops, confidence=confidence, **values)


def text_of(article: Article) -> ArticleVersion:
    version = article.latest_version
    assert version is not None
    return version


def suggested(article: Article, words: str, *chain: Hop | Voice | str, **values: Any) -> Statement:
    """The statement that is suggested for ``words`` of the newest text of ``article``, with all that was found."""
    version = text_of(article)
    suggest(version, [quotation(version.text, words, *chain, **values)])
    return Statement.objects.filter(version=version, state="suggested", withdrawn_at=None).latest("pk")

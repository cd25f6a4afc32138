"""Suggested statements as the queue and the article's page show them to whoever decides on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from django.db.models import Q

from articles import text as texts
from articles.models import Article, ArticleVersion
from claims.models import Attribution, Source, Statement
from claims.passages import Piece
from claims.represent import Chain, Hop, Voice, chain_of
from claims.suggesting.comparing import named
from claims.suggesting.names import names_nobody
from claims.suggesting.passage import passage
from claims.suggesting.proposal import Proposal, ProposedVoice

SURE = ((0.9, "sure"), (0.7, "fairly sure"), (0.0, "unsure"))
"""From which confidence which word stands for it."""

_KINDS = dict(Source.Kind.choices)


@dataclass(frozen=True)
class VoiceOffered:
    """One voice of the chain, and whom accepting takes it for.

    ``source`` is one that is known; without it ``makes`` is the name of the one that is made, and without that
    somebody has to say who is meant: one of ``candidates``, if there are any.
    """

    position: int
    as_named: str
    source: Source | None = None
    open: bool = True
    """Whether no stored row names a source for it yet."""
    makes: str = ""
    unnamed: bool = False
    about: str = ""
    """What the one that is made will be: “person, Foreign Minister”."""
    candidates: tuple[Source, ...] = ()

    @property
    def is_clear(self) -> bool:
        return bool(self.source or self.makes)


@dataclass(frozen=True)
class Offered:
    """What is proposed of one statement besides its place and its chain."""

    voices: tuple[VoiceOffered, ...]
    cues: tuple[str, ...]
    told: tuple[str, ...]
    """Who was told, as the article names them."""
    percent: int | None
    sure: str

    @property
    def is_clear(self) -> bool:
        """Whether it can be accepted as it stands."""
        return all(voice.is_clear for voice in self.voices)

    def at(self, position: int) -> list[VoiceOffered]:
        """The voices of one hop that no stored row names a source for."""
        return [voice for voice in self.voices if voice.position == position and voice.open]


@dataclass(frozen=True)
class Suggestion:
    """One suggested statement in the queue; ``next`` is the number of the one after it on the page."""

    statement: Statement
    chain: Chain
    passage: tuple[Piece, ...]
    offered: Offered
    next: int | None = None


@dataclass(frozen=True)
class ArticleGroup:
    """The suggestions of one text that stand together on a page."""

    article: Article
    version: ArticleVersion
    suggestions: list[Suggestion]


def grouped_by_article(statements: Sequence[Statement]) -> list[ArticleGroup]:
    """``statements`` from ``with_chains()``, in their order. Two queries for any number."""
    versions = ArticleVersion.objects.only("text").in_bulk({statement.version_id for statement in statements})
    offers = offered(statements)
    groups: list[ArticleGroup] = []
    for statement, after in zip_longest(statements, statements[1:]):
        if not groups or groups[-1].version.pk != statement.version_id:
            groups.append(ArticleGroup(statement.version.article, statement.version, []))
        text = versions[statement.version_id].text
        groups[-1].suggestions.append(
            Suggestion(
                statement,
                with_new(chain_of(statement, desk=True), offers[statement.pk]),
                _passage(statement, text),
                offers[statement.pk],
                after.pk if after else None,
            )
        )
    return groups


def with_new(chain: Chain, offer: Offered) -> Chain:
    """``chain`` with the voices in their places whose sources come with accepting, or have still to be told."""
    hops = tuple(_with_new(hop, offer) for hop in chain.hops)
    return replace(chain, hops=hops, broken=any(hop.gap for hop in hops))


def _with_new(hop: Hop, offer: Offered) -> Hop:
    new = offer.at(hop.position)
    if not new:
        return hop
    voices = (
        Voice(
            voice.makes or (voice.source.name if voice.source else voice.as_named),
            voice.source.slug if voice.source else "",
            named=not voice.unnamed,
            uncertain=not voice.is_clear,
        )
        for voice in new
    )
    return replace(hop, voices=(*hop.voices, *voices), gap="")


def _passage(statement: Statement, text: str) -> tuple[Piece, ...]:
    hops = [hop for hop in statement.attributions.all() if hop.withdrawn_at is None]
    proposal = Proposal.read(statement.proposed)
    voices = [voice.as_named for hop in (proposal.chain if proposal else ()) for voice in hop.voices]
    hints = [*voices, *(name for hop in hops for name in (hop.as_named, hop.cue))]
    return passage(text, (statement.start, statement.end), statement.gaps, statement.words, hints)


def offered(statements: Iterable[Statement]) -> dict[int, Offered]:
    """By id, what is proposed of ``statements``, which come from ``with_chains()``. One query for any number."""
    read = [(statement, Proposal.read(statement.proposed)) for statement in statements]
    voices = [voice for _, proposal in read if proposal for hop in proposal.chain for voice in hop.unmatched]
    known = _known(voices)
    return {statement.pk: _offered(statement, proposal, known) for statement, proposal in read}


def _known(voices: Iterable[ProposedVoice]) -> dict[str, Source]:
    """The sources that ``voices`` may be, by their slugs, and those that are called so since, by their names."""
    voices = list(voices)
    slugs = {slug for voice in voices for slug in voice.candidates}
    names = {voice.name for voice in voices if voice.name}
    if not slugs and not names:
        return {}
    found = Source.objects.current().filter(Q(slug__in=slugs) | Q(name__in=names, named=True))
    return {key: source for source in found for key in (f"/{source.slug}", texts.fold(source.name))}


def _offered(statement: Statement, proposal: Proposal | None, known: dict[str, Source]) -> Offered:
    hops = sorted(
        (hop for hop in statement.attributions.all() if hop.withdrawn_at is None),
        key=lambda hop: (hop.position, hop.pk),
    )
    told = (hop.addressee.as_named for hop in (proposal.chain if proposal else ()) if hop.addressee)
    return Offered(
        voices=tuple(voice for hop in hops for voice in _voices(hop, proposal, known)),
        cues=tuple(dict.fromkeys(hop.cue for hop in hops if hop.cue)),
        told=tuple(dict.fromkeys(told)),
        percent=None if statement.confidence is None else int(statement.confidence * 100 + 1e-6),
        sure=next((word for least, word in SURE if (statement.confidence or 0) >= least), ""),
    )


def _voices(hop: Attribution, proposal: Proposal | None, known: dict[str, Source]) -> list[VoiceOffered]:
    if hop.source is not None:
        return [VoiceOffered(hop.position, hop.as_named or hop.source.name, hop.source, open=False)]
    chain = proposal.chain if proposal else ()
    unmatched = chain[hop.position].unmatched if hop.position < len(chain) else []
    if not unmatched or hop.as_named != named(unmatched):
        return []
    return [_new(hop.position, voice, known) for voice in unmatched]


def _new(position: int, voice: ProposedVoice, known: dict[str, Source]) -> VoiceOffered:
    candidates = tuple(known[f"/{slug}"] for slug in voice.candidates if f"/{slug}" in known)
    if candidates:
        return VoiceOffered(position, voice.as_named, candidates=candidates)
    since = known.get(texts.fold(voice.name)) if voice.name else None
    if since:
        return VoiceOffered(position, voice.as_named, since)
    if names_nobody(voice.name or voice.as_named):
        return VoiceOffered(position, voice.as_named)
    about = ", ".join(filter(None, [str(_KINDS[voice.kind]), voice.role]))
    return VoiceOffered(
        position, voice.as_named, makes=voice.name or voice.as_named, unnamed=not voice.name, about=about
    )

"""Whether a statement still says what a program proposed."""

from collections import defaultdict

from claims.models import Attribution, Source, Statement
from claims.suggesting.names import Index, Known, Sought, tokens
from claims.suggesting.proposal import Proposal, ProposedHop, ProposedVoice


def is_corrected(statement: Statement, proposal: Proposal, *, sources_come: bool = False) -> bool:
    """Whether its place, its verbatim words or its chain are others than proposed. ``sources_come``: voices without
    a source get theirs only now. One query, and one for each source that was merged since."""
    place = (statement.start, statement.end), statement.gaps, statement.words
    if place != (proposal.span, proposal.gaps, [list(span) for span in proposal.verbatim]):
        return True
    rows: dict[int, list[Attribution]] = defaultdict(list)
    for row in Attribution.objects.current().filter(statement=statement).select_related("source", "addressee"):
        rows[row.position].append(row)
    if rows.keys() != set(range(len(proposal.chain))):
        return True
    return not all(_same(rows[at], hop, sources_come) for at, hop in enumerate(proposal.chain))


def _same(rows: list[Attribution], hop: ProposedHop, sources_come: bool) -> bool:
    told = hop.addressee.slug if hop.addressee else ""
    ways = {(row.cue, row.quotation_type, row.addressee.slug if row.addressee else "") for row in rows}
    if ways != {(hop.cue[:200], hop.kind, told)}:
        return False
    empty = [row for row in rows if row.source is None]
    voices = list(hop.voices)
    if empty and hop.unmatched and sources_come and empty[0].as_named == named(hop.unmatched):
        voices = [voice for voice in voices if voice.slug]
    elif empty or not voices:
        return not voices and len(empty) == len(rows)
    named_rows = [row.source for row in rows if row.source is not None]
    return all(any(_is(source, voice) for voice in voices) for source in named_rows) and all(
        any(_is(source, voice) for source in named_rows) for voice in voices
    )


def _is(source: Source, voice: ProposedVoice) -> bool:
    """Whether ``source`` is the one that was proposed; where a new one was, whether it is called so."""
    if voice.slug:
        return source.slug == voice.slug or Source.objects.filter(slug=voice.slug, merged_into=source).exists()
    if not source.named:
        return not voice.name and tokens(source.description) == tokens(voice.as_named)
    known = Known(source.pk, source.slug, source.kind, (source.name, *source.alias_list))
    return bool(Index([known]).find(sought(voice), None))


def named(voices: list[ProposedVoice]) -> str:
    """How the row that voices without a source share names them."""
    return " and ".join(voice.as_named for voice in voices)[:300]


def sought(voice: ProposedVoice) -> Sought:
    return Sought(voice.as_named, voice.name, voice.role, voice.kind)

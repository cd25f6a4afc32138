"""Writes what was found in a text as suggested statements."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from django.utils import timezone

from articles.history import drop_if_empty, recorded
from articles.models import Article, ArticleVersion, Revision, StaleSave
from articles.retrying import tried_again
from articles.rows import Among, hold
from claims.extraction.quotation import Hop, Quotation, VoiceKind
from claims.models import Attribution, Look, Source, Statement
from claims.provenance import refresh
from claims.suggesting import METHOD
from claims.suggesting.comparing import named, sought
from claims.suggesting.names import Known, Sought
from claims.suggesting.proposal import Proposal, ProposedHop, ProposedVoice
from claims.suggesting.sources import MOST_TOLD, Sources, published
from claims.suggesting.standing import Roots, Standing, Taken, names_of, standing

GONE = "Not suggested any more: the text was looked at again."

Matches = dict[Sought, list[Known]]


@dataclass(frozen=True)
class Outcome:
    """What became of the quotations found in one text, by their number."""

    new: int = 0
    waiting: int = 0
    """Suggested before, the same way."""
    known: int = 0
    """Recorded or decided on already, in this text or another of the article."""
    withdrawn: int = 0
    """Suggestions that were not found again."""

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))

    def __str__(self) -> str:
        return f"suggested {self.new} · waiting {self.waiting} · known {self.known} · withdrawn {self.withdrawn}"


@dataclass(frozen=True)
class Offer:
    """One statement on its way to be suggested."""

    proposal: Proposal
    confidence: float
    roots: Roots


def suggest(
    version: ArticleVersion,
    quotations: Sequence[Quotation],
    *,
    sources: Sources | None = None,
    by: Any = None,
    method: str = METHOD,
) -> Outcome:
    """Offer the statements that were found in ``version``, as one save, and note that it was looked at.

    Nothing that was recorded or decided is offered again. A suggestion that waits stays where it was found again the
    same way; any other that nobody worked on is withdrawn, so that who has it open is told, history keeps it, and the
    one in its place has a number of its own. ``sources`` are read once for many texts.
    """
    known = sources or Sources()
    return tried_again(lambda: _suggest(version, quotations, known, by, method), known.read_again)


class TextChanged(Exception):
    """The text is no longer the one that was read."""


def _suggest(
    version: ArticleVersion, quotations: Sequence[Quotation], sources: Sources, by: Any, method: str
) -> Outcome:
    # Without the headline: where it is erased, the label would still have it.
    label = f"Suggested statements in text {version.number} of article {version.article_id}"
    with recorded(by=by, how=Revision.How.BULK, label=label) as made:
        # Of two who look at one text at once, the second finds what the first one wrote.
        hold(Article.objects.filter(pk=version.article_id))
        if not ArticleVersion.objects.filter(pk=version.pk, sha256=version.sha256).exists():
            raise TextChanged("Its text was erased while it was read: look at it again.")
        rows = [row for row in standing(version) if not row.is_superseded]
        open_rows = [row for row in rows if row.is_open]
        taken = Taken(version, [row for row in rows if not row.is_open])
        matches = sources.match({voice for one in quotations for voice in _voices(one)}, version.article)
        _refuse_outdated(matches)
        offers = list(dict.fromkeys(_offer(version, one, matches) for one in quotations))
        free = [offer for offer in offers if not taken.holds(offer.proposal, offer.roots)]
        kept = {offer: row for offer in free if (row := _waiting(offer, open_rows, version, method))}
        gone = [row.statement for row in open_rows if row not in kept.values()]
        Statement.objects.change_rows(gone, withdrawn_at=timezone.now(), withdrawn_by=None, withdrawn_reason=GONE)
        new = [offer for offer in free if offer not in kept]
        written = _write(version, new, matches, by, method)
        Look.objects.update_or_create(version=version, defaults={"method": method, "at": timezone.now()})
        refresh(statements=[row.pk for row in [*gone, *written]])
        drop_if_empty(made)
    return Outcome(len(new), len(kept), len(offers) - len(free), len(gone))


def _refuse_outdated(matches: Matches) -> None:
    """Raise ``StaleSave`` where a source was merged or withdrawn since all of them were read, which may be long ago."""
    ids = {one.pk for found in matches.values() for one in found}
    if Source.objects.filter(Among("pk", ids), withdrawn_at__isnull=False).exists():
        raise StaleSave("a source was merged or withdrawn meanwhile")


def _voices(quotation: Quotation) -> Iterable[Sought]:
    for hop in quotation.chain:
        yield from (Sought(voice.as_named, voice.name, voice.role, voice.kind) for voice in hop.voices)
        if hop.addressee:
            yield _addressee(hop)


def _addressee(hop: Hop) -> Sought:
    """Who is told and known is an outlet as a rule; “reporters” are nobody."""
    return Sought(hop.addressee, hop.addressee, "", VoiceKind.OUTLET)


def _offer(version: ArticleVersion, quotation: Quotation, matches: Matches) -> Offer:
    chain = quotation.chain or (Hop(kind=quotation.kind),)
    proposal = Proposal(
        version.text[quotation.start : quotation.end],
        quotation.spans,
        str(quotation.kind),
        tuple(_hop(hop, matches) for hop in chain),
        quotation.verbatim,
    )
    found = [one for voice in proposal.root for one in matches[sought(voice)]]
    roots = names_of(proposal.root) | {f"#{one.pk}" for one in found}
    return Offer(proposal, round(quotation.confidence, 4), roots)


def _hop(hop: Hop, matches: Matches) -> ProposedHop:
    voices = tuple(
        _voice(Sought(voice.as_named, voice.name, voice.role, str(voice.kind)), matches) for voice in hop.voices
    )
    told = _voice(_addressee(hop), matches) if hop.addressee else None
    return ProposedHop(voices, hop.cue, str(hop.kind), told, hop.when)


def _voice(voice: Sought, matches: Matches) -> ProposedVoice:
    found = [one.slug for one in matches[voice]]
    slug, candidates = (found[0], ()) if len(found) == 1 else ("", tuple(found[:MOST_TOLD]))
    return ProposedVoice(voice.as_named, voice.name, voice.role, str(voice.kind), slug, candidates)


def _waiting(offer: Offer, rows: Iterable[Standing], version: ArticleVersion, method: str) -> Standing | None:
    """The row that offers the same already."""
    wanted = version.pk, method, offer.confidence, offer.proposal
    said = ((row, row.statement) for row in rows)
    return next(
        (row for row, one in said if (one.version_id, one.method, one.confidence, row.proposal) == wanted), None
    )


def _write(version: ArticleVersion, offers: Sequence[Offer], matches: Matches, by: Any, method: str) -> list[Statement]:
    """Two queries for any number of statements."""
    rows = [_row(version, offer, by, method) for offer in offers]
    written = Statement.objects.bulk_create(rows)
    hops = [
        hop
        for row, offer in zip(written, offers, strict=True)
        for position, one in enumerate(offer.proposal.chain)
        for hop in _hops(row, position, one, matches, by)
    ]
    Attribution.objects.bulk_create(hops)
    return written


def _row(version: ArticleVersion, offer: Offer, by: Any, method: str) -> Statement:
    start, end = offer.proposal.span
    row = Statement(
        version=version,
        start=start,
        end=end,
        exact=offer.proposal.exact,
        gaps=offer.proposal.gaps,
        words=[list(span) for span in offer.proposal.verbatim],
        state=Statement.State.SUGGESTED,
        method=method,
        confidence=offer.confidence,
        proposed=offer.proposal.stored(),
        created_by=by,
    )
    row.clean()
    return row


def _hops(row: Statement, position: int, hop: ProposedHop, matches: Matches, by: Any) -> Iterable[Attribution]:
    """A row for each voice that a source fits, and one for all others. An empty source is nobody named."""
    on = published(row.version.article)
    told = matches[sought(hop.addressee)] if hop.addressee else []
    same: dict[str, Any] = {
        "statement": row,
        "position": position,
        "cue": hop.cue[:200],
        "quotation_type": hop.kind,
        "addressee_id": told[0].pk if len(told) == 1 else None,
        "said_on_as_given": hop.when[:100],
        "created_by": by,
    }
    fitting = {matches[sought(voice)][0]: voice for voice in reversed(hop.voices) if voice.slug}
    for source, voice in reversed(fitting.items()):
        role = source.role(voice.role, on)
        yield Attribution(source_id=source.pk, as_named=voice.as_named[:300], role_id=role.pk if role else None, **same)
    if hop.unmatched or not hop.voices:
        yield Attribution(as_named=named(hop.unmatched), **same)

"""A claim's reading with names on it, for the pages that show where the numbers come from."""

from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from django.db.models import Q

from claims.models import Appearance, Claim, Source
from claims.provenance.load import load
from claims.provenance.reading import Reading, VoiceKey, read
from claims.visibility import visible_publishers


@dataclass(frozen=True)
class NamedVoice:
    """One voice: its name, and its page where it has one."""

    name: str
    url: str = ""


NOT_PUBLIC = NamedVoice("a source that is not public")


@dataclass(frozen=True)
class NamedCircle:
    """Voices that have the claim from one another: each arc is (who has it, from whom)."""

    arcs: tuple[tuple[NamedVoice, NamedVoice], ...]
    closed: bool


@dataclass(frozen=True)
class Explanation:
    """Why a claim has the number of independent sources that it has."""

    independent: tuple[NamedVoice, ...]
    passed_on_by: tuple[NamedVoice, ...]
    denied_by: tuple[NamedVoice, ...]
    circles: tuple[NamedCircle, ...]


def explain(claim: Claim, user: Any) -> Explanation:
    """Read ``claim`` afresh. Voices that ``user`` may not see stay without a name. About seven queries."""
    told = load(Q(claim=claim.pk))
    links = [link for link in told.links if link.counts]
    saying = read(told.said[link.statement] for link in links if link.stance in Appearance.SAYING)
    denying = read(told.said[link.statement] for link in links if link.stance == Appearance.Stance.DENIES)
    in_arcs = {voice for arc in saying.arcs for voice in arc}
    joint = chain(saying.members.values(), denying.members.values())
    names = _names({*in_arcs, *chain.from_iterable(joint)}, user)

    def name(voice: VoiceKey, reading: Reading) -> NamedVoice:
        members = reading.members.get(voice, (voice,))
        return names[voice] if len(members) == 1 else NamedVoice(" and ".join(names[one].name for one in members))

    named = partial(name, reading=saying)

    return Explanation(
        independent=tuple(map(named, saying.independent)),
        passed_on_by=tuple(map(named, dict.fromkeys(later for later, _ in saying.arcs))),
        denied_by=tuple(name(voice, denying) for voice in denying.independent),
        circles=tuple(
            NamedCircle(tuple((named(later), named(earlier)) for later, earlier in circle.arcs), circle.closed)
            for circle in saying.circles
        ),
    )


def _names(voices: set[VoiceKey], user: Any) -> dict[VoiceKey, NamedVoice]:
    """A name for each voice, as far as ``user`` may know it. Two queries."""
    outlets = {outlet for voice in voices if (outlet := _outlet(voice))}
    wanted = voices | outlets
    publishers = visible_publishers(user).in_bulk([pk for kind, pk in wanted if kind == "publisher"])
    sources = Source.objects.visible_to(user).in_bulk([pk for kind, pk in wanted if kind == "source"])
    known = {("publisher", pk): NamedVoice(str(row), row.get_absolute_url()) for pk, row in publishers.items()}
    known |= {("source", pk): NamedVoice(str(row), row.get_absolute_url()) for pk, row in sources.items()}

    def name(voice: VoiceKey) -> NamedVoice:
        if voice[0] == "nobody":
            return NamedVoice("nobody named")
        if voice[0] == "unnamed":
            outlet = _outlet(voice)
            return NamedVoice(f"unnamed via {name(outlet).name}" if outlet else "unnamed")
        return known.get(voice, NOT_PUBLIC)

    return {voice: name(voice) for voice in voices}


def _outlet(voice: VoiceKey) -> VoiceKey | None:
    """The outlet through which an unnamed voice is known."""
    return voice[1] if voice[0] == "unnamed" else None  # type: ignore[return-value]

"""What a program proposed, as the statement keeps it: values in, values out."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from claims.extraction.quotation import Kind, Span, VoiceKind
from claims.suggesting.names import names_nobody


@dataclass(frozen=True)
class ProposedVoice:
    """One voice of a hop, and the source that it was matched with."""

    as_named: str
    name: str = ""
    role: str = ""
    kind: str = VoiceKind.PERSON
    slug: str = ""
    """Of the source that fits. Empty: none does, or several do."""
    candidates: tuple[str, ...] = ()
    """The slugs of those that fit equally."""


@dataclass(frozen=True)
class ProposedHop:
    """One place of the chain."""

    voices: tuple[ProposedVoice, ...] = ()
    cue: str = ""
    kind: str = Kind.INDIRECT
    addressee: ProposedVoice | None = None
    when: str = ""

    @property
    def unmatched(self) -> list[ProposedVoice]:
        """The voices that no source fits, or several. They share one row of the chain until somebody decides."""
        return [voice for voice in self.voices if not voice.slug]


@dataclass(frozen=True)
class Proposal:
    """One statement as it was proposed. Spans are in code points of the text."""

    exact: str
    """The text from the first span to the last, as it stood there."""
    spans: tuple[Span, ...]
    kind: str
    chain: tuple[ProposedHop, ...]
    verbatim: tuple[Span, ...] = ()

    @property
    def span(self) -> Span:
        return self.spans[0][0], self.spans[-1][1]

    @property
    def gaps(self) -> list[list[int]]:
        """What lies between the spans."""
        return [[left[1], right[0]] for left, right in zip(self.spans, self.spans[1:], strict=False)]

    @property
    def root(self) -> tuple[ProposedVoice, ...]:
        return self.chain[0].voices if self.chain else ()

    @property
    def new_names(self) -> list[str]:
        """What sources that accepting makes are called, as far as can be told beforehand."""
        voices = (voice for hop in self.chain for voice in hop.unmatched if not voice.candidates)
        return [
            name for name in dict.fromkeys(voice.name or voice.as_named for voice in voices) if not names_nobody(name)
        ]

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def read(cls, stored: Any) -> "Proposal | None":
        """What ``stored`` said; ``None`` where it is no proposal of ours: other programs have their own forms."""
        try:
            found = cls(
                str(stored["exact"]),
                _spans(stored["spans"]),
                str(stored["kind"]),
                tuple(_hop(hop) for hop in stored["chain"]),
                _spans(stored["verbatim"]),
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            return None
        return found if found.spans else None


def _spans(stored: Iterable[Any]) -> tuple[Span, ...]:
    return tuple((int(start), int(end)) for start, end in stored)


def _hop(stored: dict[str, Any]) -> ProposedHop:
    told = stored["addressee"]
    return ProposedHop(
        tuple(map(_voice, stored["voices"])),
        str(stored["cue"]),
        str(Kind(stored["kind"])),
        _voice(told) if told else None,
        str(stored["when"]),
    )


def _voice(stored: dict[str, Any]) -> ProposedVoice:
    return ProposedVoice(
        str(stored["as_named"]),
        str(stored["name"]),
        str(stored["role"]),
        str(VoiceKind(stored["kind"])),
        str(stored["slug"]),
        tuple(map(str, stored["candidates"])),
    )

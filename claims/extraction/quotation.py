"""What extraction finds: a quotation, and the chain of those who passed it on. Values, without a model."""

from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]
"""The first code point and the one after the last, in the article's text."""


class Kind(StrEnum):
    """In what form the words of a voice are given."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"
    BLOCK = "block"


class VoiceKind(StrEnum):
    """What a voice seems to be. The values are those of ``Source.kind``."""

    PERSON = "person"
    ORGANISATION = "organisation"
    GROUP = "group"
    OUTLET = "outlet"
    DOCUMENT = "document"
    DATASET = "dataset"


@dataclass(frozen=True)
class Voice:
    """One of those to whom a hop attributes the words."""

    as_named: str
    """As the article names it here: “she”, “the ministry”, “Foreign Minister Ana Duarte”."""
    name: str = ""
    """The name that this stands for: “Ana Duarte”. Empty for a voice whose name the article does not give."""
    role: str = ""
    """A title that the article gives with the name: “Foreign Minister”."""
    kind: VoiceKind = VoiceKind.PERSON


@dataclass(frozen=True)
class Hop:
    """One step of the chain: who said it, or who passed it on."""

    voices: tuple[Voice, ...] = ()
    """More than one for a joint act; none where nobody is named (“it has been reported”)."""
    cue: str = ""
    """The words that introduce this hop: “told reporters”. Empty where a quotation stands beside its speaker only."""
    kind: Kind = Kind.INDIRECT
    addressee: str = ""
    """Who was told, as the article names them."""
    when: str = ""
    """The day that the article gives for the act: “on Tuesday”."""

    @property
    def source(self) -> str:
        """All voices as the article names them."""
        return " and ".join(voice.as_named for voice in self.voices)


@dataclass(frozen=True)
class Quotation:
    """One act of saying that an article reports."""

    spans: tuple[Span, ...]
    """The stretches that are the voice's, in order: two where “X,” he said, “Y” breaks them."""
    kind: Kind
    chain: tuple[Hop, ...]
    """Root first: who is said to have said it, then each who passed it on, towards the article."""
    confidence: float
    """How sure it is that this is a statement, with this span and this voice: 0 to 1."""
    verbatim: tuple[Span, ...] = ()
    """In a mixed quotation, the stretches inside quotation marks."""

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]

    @property
    def gaps(self) -> tuple[Span, ...]:
        """What lies between the spans: the attribution that breaks the quotation."""
        return tuple((left[1], right[0]) for left, right in zip(self.spans, self.spans[1:], strict=False))

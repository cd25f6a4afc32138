"""One act of saying in a sentence: the verb, who says, to whom, and where what is said begins and ends."""

from dataclasses import dataclass, field

from claims.extraction.phrases import Phrase


@dataclass
class Frame:
    """One act of saying in a sentence. Places are indices of tokens; a pair is (first, last), both in it."""

    cue: tuple[int, int]
    base: str
    """The verb, as a dictionary lists it; empty where there is none."""
    pattern: str
    """How it was recognised: what its confidence is read from."""
    voice: Phrase | None = None
    """None: nobody is named, or it is the voice of ``shares``."""
    shares: "Frame | None" = None
    contents: list[tuple[int, int]] = field(default_factory=list)
    hearer: tuple[int, int] | None = None
    when: tuple[int, int] | None = None
    leads: bool = False
    """It ends with a colon: what is said stands in what follows."""
    nobody: bool = False
    """Nobody is named, nor meant to be: “it has been reported”."""
    relay: tuple[int, int] | None = None
    """Who is named as having passed it on: “quoted by X”, “told X”."""
    origin: tuple[int, int] | None = None
    """Whom the voice itself cites: “citing X”."""
    weak: bool = False
    """It is yet to be said: “will say”."""


def last_speaker(earlier: list[Frame]) -> Frame | None:
    """The last of the frames before with a voice of its own, for a verb that has none: “X left, saying …”."""
    return earlier[-1].shares or earlier[-1] if earlier else None

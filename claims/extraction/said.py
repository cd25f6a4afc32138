"""One act of saying as found, before its kind and confidence are read off."""

from dataclasses import dataclass

from claims.extraction.quotation import Hop, Span


@dataclass
class Said:
    """What ``Quotation`` is made from."""

    spans: list[Span]
    hop: Hop
    """The voice that the words are attributed to, or who passes them on where ``relays`` say so."""
    pattern: str
    """How it was recognised: see ``confidence``."""
    base: str
    """The verb of saying, as a dictionary lists it; empty where there is none."""
    weak: bool = False
    """It is yet to be said: “will say on Tuesday”."""
    relays: tuple[Hop, ...] = ()
    set_off: bool = False
    """It stands in paragraphs of its own, without quotation marks."""
    parent: "Said | None" = None
    """In whose words this is reported: one more hop."""
    doubt: float = 0.0
    """What is taken off its confidence."""

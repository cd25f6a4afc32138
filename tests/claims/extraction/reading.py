"""What tests of extraction say of a text: who said what."""

from claims.extraction import Quotation, extract


def statements(text: str) -> list[tuple[str, str]]:
    """(voice as the text names it, what it says) of each statement, in order."""
    return [(quotation.chain[0].source, words(text, quotation)) for quotation in extract(text)]


def words(text: str, quotation: Quotation) -> str:
    """The voice's words, with an ellipsis where its attribution breaks them."""
    return " … ".join(text[start:end] for start, end in quotation.spans)


def only(text: str) -> Quotation:
    """The one statement of a text."""
    (quotation,) = extract(text)
    return quotation


def chain(text: str) -> str:
    """The chain of the one statement of a text, root first: “Ana Duarte › the Herald”."""
    return " › ".join(hop.source or "nobody named" for hop in only(text).chain)


def name(text: str) -> str:
    """The name of whoever makes the last statement of a text."""
    last = extract(text)[-1].chain[0]
    return " and ".join(voice.name for voice in last.voices)

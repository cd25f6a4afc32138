"""What ends with a colon, whatever its verb: what follows may be what its subject says. Places are indices of
tokens."""

from claims.extraction.clauses import quoted_end
from claims.extraction.frame import Frame
from claims.extraction.phrases import Phrase
from claims.extraction.places import next_tagged
from claims.extraction.sentences import words_of
from claims.extraction.subjects import main_subject
from claims.extraction.tokens import Token

LED = 4
"""Words that a quotation after a colon must have to be what a subject says whose verb is none of saying."""
NAME_ALONE = 11
"""Tokens of a name that stands alone before a colon, with its description."""


def lead(s: list[Token], colon: int) -> Frame | None:
    """The frame of whoever is spoken of before the colon."""
    subject = main_subject(s, colon)
    if subject is None:
        return _named_alone(s, colon)
    verb = subject.beside[1] + 2 if subject.beside else subject.last + 1
    while verb < colon and s[verb].tag in ("ADV", "AUX", "MOD"):
        verb += 1
    return Frame((verb, verb), "", "lead", subject, leads=True) if verb < colon else None


def led_within(s: list[Token], earlier: list[Frame]) -> list[Frame]:
    """The frames of colons with a quotation after them in the same sentence that none of ``earlier`` has taken."""
    found: list[Frame] = []
    for colon in range(1, len(s) - 1):
        quote = colon + 1
        if s[colon].tag != ":" or s[quote].tag != "Q" or words_of(s[quote]) < LED:
            continue
        if any(first <= quote <= last for frame in (*earlier, *found) for first, last in frame.contents):
            continue
        frame = lead(s, colon)
        if frame is not None:
            frame.leads, frame.contents = False, [(quote, quoted_end(s, quote))]
            found.append(frame)
    return found


def _named_alone(s: list[Token], colon: int) -> Frame | None:
    """“His spokesman, Bo Lind:”"""
    last = colon - 1
    if not 0 <= last < NAME_ALONE or any(s[i].tag not in ("CAP", "N", "DET", ",", "'", "PREP") for i in range(colon)):
        return None
    if last > 1 and not any(s[i].is_capital for i in range(1, colon)):
        return None
    comma = next_tagged(s, ",", 1, last)
    voice = Phrase(0, last) if comma is None else Phrase(0, comma - 1, (comma + 1, last))
    return Frame((colon, colon), "", "lead", voice, leads=True)

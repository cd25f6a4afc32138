"""Acts of saying in the passive: “it has been reported that …”, “staff were told that …”. Places are indices of
tokens."""

from claims.extraction import lexicon as lx
from claims.extraction.clauses import clause_at, content_end
from claims.extraction.frame import Frame
from claims.extraction.phrases import Phrase, past_circumstance, phrase_after
from claims.extraction.places import low_at
from claims.extraction.tokens import Token

NOT_REPORTED = frozenset(["tell", "read", "hear", "learn", "show", "hold"])
"""Verbs that after “it is” say something else than that somebody said it."""


def passive(s: list[Token], at: int, base: str, left: int) -> Frame | None:
    """The frame of the participle at ``at``, whose subject ends at ``left``."""
    if base in lx.NEEDS_HEARER:
        return _was_told(s, at, base)
    if low_at(s, left) != "it" or base in NOT_REPORTED:
        return None
    k = past_circumstance(s, at + 1, len(s))
    if k >= len(s) or not _clause_comes(s, k):
        return None
    return Frame((left, at), base, "nobody", contents=[(k, content_end(s, k + 1))], nobody=True)


def _was_told(s: list[Token], at: int, base: str) -> Frame | None:
    """“Staff were told (by X) that …”."""
    frame = Frame((at, at), base, "nobody", nobody=True)
    k = past_circumstance(s, at + 1, len(s))
    if k + 1 < len(s) and s[k].low == "by":
        last = phrase_after(s, k + 1, len(s))
        frame.voice, frame.nobody, frame.pattern = Phrase(k + 1, last), False, "that"
        k = past_circumstance(s, last + 1, len(s))
    if k + 1 >= len(s) or not _clause_comes(s, k):
        return None
    frame.contents = [(k, content_end(s, k + 1))]
    return frame


def _clause_comes(s: list[Token], k: int) -> bool:
    """Whether what was said begins at ``k``: “that”, or a clause that opens like one."""
    return s[k].low == "that" or (s[k].tag in ("DET", "CAP", "PRO") and clause_at(s, k))

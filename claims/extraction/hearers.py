"""Whom it was told to: “told reporters”, “said to the BBC’s Today programme”. Places are indices of tokens."""

from claims.extraction import lexicon as lx
from claims.extraction.frame import Frame
from claims.extraction.phrases import FINITE, finite_at, phrase_after
from claims.extraction.places import low_at, tag_at
from claims.extraction.tokens import Token

NOT_HEARING = frozenset(["that", "it", "there", "what", "i", "he", "she", "they", "we"])
"""Pronouns that begin what was said."""


def past_hearer(s: list[Token], k: int, frame: Frame) -> int:
    """The place after whom it was told to, if they are named at ``k``; else ``k``."""
    if frame.hearer is None and frame.base in lx.TELLING and k < len(s):
        k = take_hearer(s, k, frame)
    if frame.hearer is None and low_at(s, k) == "to" and tag_at(s, k + 1) in ("N", "CAP", "DET", "PRO"):
        last = phrase_after(s, k + 1, len(s))
        frame.hearer = (k + 1, last)
        k = last + 1
    return k


def take_hearer(s: list[Token], k: int, frame: Frame) -> int:
    """Past whom it was told, right after a verb of telling: “reporters”, “the BBC’s Today programme”, “her”."""
    token = s[k]
    is_it = token.low == "it" and frame.base == "tell" and tag_at(s, k + 1) not in (":", ".", ",")
    if token.tag == "PRO" and (token.low not in NOT_HEARING or is_it):
        frame.hearer = (k, k)
        return k + 1
    if token.tag not in ("DET", "CAP", "N", "VBZ", "VB") or token.low == "that":
        return k
    last = k
    while last + 1 < len(s) and (more := _words_more(s, last)):
        last = min(last + more, len(s) - 1)
    verb = last + 1
    if last > k and verb < len(s) and (s[verb].tag in FINITE or finite_at(s, verb)):
        last = _split_hearer(s, k, last)
    if last == k and tag_at(s, verb) in FINITE and frame.base not in lx.NEEDS_HEARER:
        return k
    frame.hearer = (k, last)
    return last + 1


def _words_more(s: list[Token], last: int) -> int:
    """How many tokens after ``last`` surely belong to the same name or noun phrase."""
    here, after = s[last], s[last + 1]
    if after.tag in ("N", "CAP", "VBZ", "VB", "ING", "'", "ED") or (after.tag == "NUM" and here.tag == "CAP"):
        return 0 if _hearer_ends(s, last) else 1
    if (after.is_capital and here.low.endswith("'s")) or (after.low == "the" and here.low == "of"):
        return 1
    if after.low == "of" and last + 2 < len(s):
        return 3 if s[last + 2].tag == "DET" else 2
    joins = after.low == "and" and here.tag in ("CAP", "N") and tag_at(s, last + 2) in ("CAP", "N")
    return 2 if joins else 0


def _hearer_ends(s: list[Token], last: int) -> bool:
    """Whether what was said begins after ``last`` without “that”: “told reporters Ida …”."""
    here, after = s[last], s[last + 1]
    if after.tag == "CAP" and here.tag in ("N", "VBZ") and not here.low.endswith("'s"):
        if here.low in lx.HEARERS or here.low.endswith("s"):
            return True
    elif after.tag in ("N", "VBZ", "VB"):
        return here.low in lx.HEARERS and here.low.endswith("s")
    return after.tag == "ED" and finite_at(s, last + 1)


def _split_hearer(s: list[Token], k: int, last: int) -> int:
    """“told Sky News ministers were”: the verb that follows wants a subject of its own."""
    for i in range(last - 1, k - 1, -1):
        if s[i].low in lx.OUTLET_WORDS or s[i].low in lx.HEARERS:
            return i
    if s[k].tag == "DET":
        return min(k + 1, last - 1)
    return k

"""What kind of verb of saying it is: finite or not, said or only supposed."""

from claims.extraction import lexicon as lx
from claims.extraction.phrases import FINITE, phrase_before
from claims.extraction.tokens import Token

CONTRACTED = frozenset(["i'm", "it's", "he's", "she's", "i've"])
"""Auxiliaries that hold their subject."""
SUPPORTING = frozenset(["did", "do", "does", "to", "will", "on"])
"""After these a verb stands in its base form whoever its subject is."""
NO_ONE = frozenset(["nobody", "none", "neither"])
ANYONE = frozenset(["anyone", "whoever", "anybody"])
PLURAL_WITHOUT_S = frozenset(["data", "media", "people", "criteria"])


def is_passive(aux: list[str]) -> bool:
    """Whether these auxiliaries make a participle passive: “has been told”."""
    return any(word in lx.BE for word in aux)


def verb_comes(s: list[Token], at: int) -> bool:
    """Whether the next word is the verb that a noun before it wants: “reports have …”."""
    while at < len(s) and s[at].tag == "ADV":
        at += 1
    return at < len(s) and (s[at].tag in FINITE or s[at].low in lx.FORMS or s[at].tag == "PREP")


def before_verb(s: list[Token], at: int) -> tuple[int, list[str]]:
    """The last token before the verb that is neither adverb nor auxiliary (-1: none), and what auxiliaries there are,
    with “to” and negations, the nearest first."""
    left, aux = at - 1, []
    while left >= 0:
        token = s[left]
        if _is_auxiliary(token):
            aux.append(token.low)
        elif token.tag != "ADV" and token.low not in ("both", "all"):
            break
        left -= 1
    return left, aux


def _is_auxiliary(token: Token) -> bool:
    """Whether it belongs to the verb that follows: “has”, “would”, “to”, “never”."""
    if token.tag in ("AUX", "MOD") and token.low not in CONTRACTED:
        return True
    return token.low == "to" or token.low in lx.NEGATIONS


def is_supposed(s: list[Token], left: int, aux: list[str], form: str) -> bool:
    """Not said: “did not say”, “would say”, “if he says”, “to say”."""
    if any(word in lx.NEGATIONS or word in lx.SUPPOSING for word in aux):
        return True
    if "to" in aux:
        return form != "base" or not any(token.low in lx.GOING_ON for token in s[max(0, left - 8) : left + 1])
    return left >= 0 and _is_supposed_subject(s, left)


def _is_supposed_subject(s: list[Token], left: int) -> bool:
    """Whether the subject that ends at ``left`` is nobody in particular, or one of whom it is only supposed."""
    if s[left].low in NO_ONE:
        return True
    start = phrase_before(s, left) if s[left].tag not in (",", "Q", "CC") else left
    opening = s[start]
    if (opening.low == "no" or opening.low in NO_ONE) and opening.tag in ("DET", "PRO", "ADV"):
        return True
    if start and (s[start - 1].low in ("if", "unless", "whether", "lest") or s[start - 1].tag == "MOD"):
        return True
    return opening.low in ANYONE


def plural_before(s: list[Token], at: int, left: int, aux: list[str]) -> bool:
    """Whether the base form at ``at`` can be a verb: after a plural that ends at ``left``, or an auxiliary."""
    if any(word in SUPPORTING for word in aux):
        return True
    if left < 0:
        return False
    token = s[left]
    if token.tag == "Q" or s[at].low == "say":
        return token.tag not in ("DET", ",")
    return token.low in ("they", "we", "i", "you", "who") or token.tag == "," or _is_plural(s, left)


def _is_plural(s: list[Token], last: int) -> bool:
    """Whether the noun phrase that ends at ``last`` names more than one."""
    words = s[phrase_before(s, last) : last + 1]
    if any(word.low == "and" for word in words):
        return True
    head = head_of(words).low
    return head in PLURAL_WITHOUT_S or head in lx.PLURAL_PEOPLE or (head.endswith("s") and not head.endswith("'s"))


def head_of(words: list[Token]) -> Token:
    """The noun that the phrase is about: the last before its first preposition."""
    for at, word in enumerate(words):
        if (
            at
            and word.tag in ("PREP", "REL", "(", "ED", "ING", ",")
            and words[at - 1].tag in ("N", "CAP", "PRO", "VBZ", "VB")
        ):
            return words[at - 1]
    return words[-1]

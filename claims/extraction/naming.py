"""Words of a name: which are a title, which a name, what the noun is that a phrase is about."""

import re

from claims.extraction import lexicon as lx
from claims.extraction.quotation import VoiceKind
from claims.extraction.tokens import Token

TITLE_OR_NAME = ("prince", "king")
"""Titles that are names too: “Jo King said” has a surname."""
OF_OTHERS = frozenset(["his", "her", "their", "its"])
KINDS = (
    (lx.DATASETS, VoiceKind.DATASET),
    (lx.DOCUMENTS - lx.PERSON_NOUNS, VoiceKind.DOCUMENT),
    (lx.PLURAL_PEOPLE, VoiceKind.GROUP),
    (lx.PERSON_NOUNS, VoiceKind.PERSON),
    (lx.BODIES, VoiceKind.ORGANISATION),
)
"""What a noun says that a voice is: the first that holds it."""


def joined(words: list[Token]) -> str:
    """The words of a name, as one writes it."""
    out = ""
    for word in words:
        out += word.text if word.text in (".", "'", "’") or not out else f" {word.text}"
    return out


def own(word: str) -> str:
    """Without a possessive: “Duarte’s” → “Duarte”."""
    return word.removesuffix("'s").removesuffix("’s")


def title_and_name(words: list[Token]) -> tuple[list[Token], list[Token]]:
    """“Foreign Minister Ana Duarte” → the title and the name. A title anywhere before the name takes what stands
    before it along: “Deputy Prime Minister”."""
    last = -1
    for at, word in enumerate(words):
        if word.low.removesuffix(".") in lx.TITLES and (word.low not in TITLE_OR_NAME or at == 0):
            last = at
    while last + 3 < len(words) and words[last + 1].low in lx.NO_NAMES | lx.PERSON_NOUNS:
        last += 1
    return words[: last + 1], [word for word in words[last + 1 :] if word.low not in lx.SUFFIXES]


def without_parentheses(words: list[Token]) -> list[Token]:
    """“Sen. Mike Doherty (R-Warren)” without what stands in parentheses at its end."""
    opening = next((at for at, word in enumerate(words) if word.tag == "("), None)
    return words[:opening] if opening else words


def capital_tail(words: list[Token]) -> list[Token]:
    """The words with a capital that a phrase ends with."""
    at = len(words)
    while at and words[at - 1].tag == "CAP":
        at -= 1
    return words[at:]


def until_lower(words: list[Token]) -> list[Token]:
    """“of the United States”: as far as the capitals go."""
    end = 0
    for at, word in enumerate(words):
        if word.tag == "CAP":
            end = at + 1
        elif word.low not in ("of", "for", "the", "and", "-"):
            break
    return words[:end]


def head_word(words: list[Token]) -> str:
    """The noun that a phrase is about: the last before its first preposition."""
    head = ""
    for at, word in enumerate(words):
        if at and word.tag in ("PREP", "REL", "(", ","):
            break
        if word.tag in ("N", "CAP", "VBZ", "VB", "ED", "ING"):
            head = word.low.removesuffix("'s")
    return head


def kind_of(head: list[Token]) -> VoiceKind:
    """What a voice seems to be, by the words up to its first preposition."""
    low = head_word(head)
    for nouns, kind in KINDS:
        if low in nouns:
            return kind
    if head and head[-1].tag in ("N", "VBZ") and low.endswith("s"):
        return VoiceKind.GROUP
    if low in lx.OUTLET_WORDS:
        return VoiceKind.OUTLET
    return VoiceKind.ORGANISATION if head and head[-1].tag == "CAP" and head[0].low == "the" else VoiceKind.PERSON


def gender_of(roles: set[str]) -> str:
    """“f” or “m” where a title or a noun says so."""
    plain = {role.removesuffix(".") for role in roles}
    return "f" if plain & lx.FEMALE else "m" if plain & lx.MALE else ""


def is_plural(phrase: str) -> bool:
    last = re.split(r" (?:of|for|from|in|at|on|with|who|that)\b", phrase)[0].split()
    return bool(last) and (last[-1].lower().endswith("s") or last[-1].lower() in lx.PLURAL_PEOPLE)


def joint(s: list[Token], first: int, last: int) -> list[tuple[int, int]]:
    """The parts of “A and B”, “A, B and C”, where each is a name or a body of its own."""
    cuts = [at for at in range(first + 1, last) if s[at].low == "and" and _may_join(s[at - 1], s[at + 1])]
    if len(cuts) != 1 or not _are_voices(s, first, cuts[0], last):
        return [(first, last)]
    parts, at = [], first
    for i in range(first, cuts[0]):
        if s[i].tag == ",":
            parts.append((at, i - 1))
            at = i + 1
    return [*parts, (at, cuts[0] - 1), (cuts[0] + 1, last)]


def _may_join(left: Token, right: Token) -> bool:
    return left.tag in ("CAP", "N") and right.tag in ("CAP", "DET")


def _are_voices(s: list[Token], first: int, cut: int, last: int) -> bool:
    """Whether two voices are joined, and not the words of one name: “Food and Drug Administration”."""
    if any(token.tag == "PREP" for token in s[first:cut]):
        return False
    if s[first].tag == "DET":
        return s[cut + 1].tag == "DET"
    if s[cut - 1].tag != "CAP" or s[cut + 1].tag != "CAP":
        return False
    left, right = ({token.low for token in part} & lx.BODIES for part in (s[first:cut], s[cut + 1 : last + 1]))
    return bool(left) or not right

"""Words and marks of a text, each with what it can be in a sentence. A quotation between marks is one token."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from claims.extraction import lexicon as lx
from claims.extraction.marks import Marked
from claims.extraction.quotation import Span

TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,6}"  # U.S., p.m.
    r"|\d{1,9}(?:[:.,]\d{1,9}){1,6}(?:%|(?:st|nd|rd|th|pm|am|bn|m|k)?\b)"
    r"|\d{1,9}%"
    r"|[@#]?\w{1,60}(?:['’.\-‑–/]\w{1,60}){0,6}"
    r"|\.\.\.|…|\[\.\.\.\]|[^\w\s]"
)
NUMBER = re.compile(r"[\d.,/:–-]{0,30}\d(?:st|nd|rd|th|s|pm|am|bn|m|k|%)?")

WITH_VERB = lx.SUBJECT_PRONOUNS | {"that", "there"}
"""What a verb is drawn together with."""
ACRONYMS = frozenset(["who", "us", "it", "am", "as", "is", "so", "un"])
"""Small words that are names where they are written in capitals: WHO, US."""
ENDS_SENTENCE_TOO = frozenset(["co", "inc", "ltd", "corp", "etc", "no", "jr", "sr", "a.m", "p.m"])
"""Abbreviations whose full stop ends a sentence as well, where a capital follows."""
SMALL_IN_NAMES = frozenset(["PREP", "ADV", "MOD", "AUX", "SUB"])
"""Tags of small words that are part of a name where they have a capital after another: “Road Ahead”, “Will Smith”."""

PUNCTUATION = frozenset([",", ":", ";", ".", "-", "(", ")", "'"])
"""Tags of what is no word."""
MARKS = {
    **dict.fromkeys(",", ","),
    **dict.fromkeys(":", ":"),
    **dict.fromkeys(";", ";"),
    **dict.fromkeys([".", "?", "!", "…", "..."], "."),
    **dict.fromkeys("—–-", "-"),
    **dict.fromkeys("([{", "("),
    **dict.fromkeys(")]}", ")"),
}
"""A mark → its tag."""
SMALL_WORDS = {
    **dict.fromkeys(lx.ADVERBS | lx.NEGATIONS, "ADV"),
    **dict.fromkeys(lx.PREPOSITIONS, "PREP"),
    **dict.fromkeys(lx.PRONOUNS, "PRO"),
    **dict.fromkeys(lx.RELATIVES, "REL"),
    **dict.fromkeys(lx.DETERMINERS, "DET"),
    **dict.fromkeys(lx.COORDINATORS, "CC"),
    **dict.fromkeys(lx.SUBORDINATORS, "SUB"),
    **dict.fromkeys(lx.MODALS, "MOD"),
    **dict.fromkeys(lx.AUXILIARIES, "AUX"),
}
"""A word of which there are few of its kind → its tag. Where it can be of two kinds, the later line holds."""


@dataclass(slots=True)
class Token:
    """A word, a mark or a whole quotation. ``start`` and ``end`` are code points of the text."""

    start: int
    end: int
    text: str
    low: str
    """In small letters, with a straight apostrophe."""
    tag: str
    """What it can be in a sentence: ``AUX``, ``MOD``, ``SUB``, ``CC``, ``DET``, ``REL``, ``PRO``, ``PREP``, ``ADV``
    (small words), ``NUM``, ``CAP`` (with a capital), ``PAST``, ``ED``, ``ING``, ``VBZ``, ``VB`` (verbs by their form),
    ``N`` (any other word), ``Q`` (a quotation), ``SYM`` or the mark itself."""
    quote: Marked | None = None
    """The quotation, where the token is one."""

    @property
    def is_word(self) -> bool:
        return self.tag not in PUNCTUATION

    @property
    def is_clause(self) -> bool:
        """“he’d”, “it’s”: a subject with its verb."""
        return self.tag == "AUX" and "'" in self.low and self.low.partition("'")[0] in WITH_VERB

    @property
    def is_capital(self) -> bool:
        return self.text[:1].isupper() or self.text[:1] == "@"


def tagged(word: str, low: str) -> str:
    """What a word can be, by the word alone."""
    if word.isupper() and low in ACRONYMS:
        return "CAP"
    if low in SMALL_WORDS:
        return SMALL_WORDS[low]
    if NUMBER.fullmatch(word):
        return "NUM"
    if word[0].isupper() or word[0] in "@#":
        return "CAP"
    return _by_ending(low)


def _by_ending(low: str) -> str:
    """What a word of an open class is, mostly by its last letters."""
    if low in lx.PAST:
        return "PAST"
    if low.endswith("ly") and len(low) > 4:
        return "ADV"
    if low.endswith("ed") and len(low) > 3:
        return "ED"
    if low.endswith("ing") and len(low) > 4:
        return "ING"
    if low in lx.PRESENT:
        return "VBZ"
    return "VB" if low in lx.BASES else "N"


def tokens(text: str, start: int, end: int, quotes: Iterable[Marked]) -> list[Token]:
    """The tokens of one paragraph. Each of ``quotes`` that lies in it is one; of one that runs on over several
    paragraphs, the part that lies in this one."""
    found = list(_alone(text, start, end, quotes))
    for at in range(1, len(found)):
        after = found[at + 1] if at + 1 < len(found) else None
        found[at].tag = _tag_beside(found[at - 1], found[at], after)
    return found


def quotes_by_line(lines: list[Span], quotes: list[Marked]) -> list[list[Marked]]:
    """The quotations that lie in each paragraph: one that runs on is in several."""
    found: list[list[Marked]] = [[] for _ in lines]
    starts = [start for start, _ in lines]
    for quote in quotes:
        for left, _ in quote.parts:
            here = found[bisect_right(starts, left) - 1]
            if not here or here[-1] is not quote:
                here.append(quote)
    return found


def _tag_beside(before: Token, token: Token, after: Token | None) -> str:
    """What a token is between its neighbours: a full stop may only shorten a word, a small word be part of a name."""
    if token.text == ".":
        return "'" if after is not None and _shortens(before, token, after) else token.tag
    if not token.is_capital:
        return token.tag
    in_name = token.tag in SMALL_IN_NAMES and before.tag == "CAP"
    month = token.tag == "MOD" and before.tag not in (".", "Q", ":")  # “in May”
    return "CAP" if in_name or month else token.tag


def _shortens(before: Token, stop: Token, after: Token) -> bool:
    """Whether a full stop only shortens the word before it: “Dr.”, “J.”."""
    if before.end != stop.start or before.tag in PUNCTUATION:
        return False
    if after.text == ",":
        return True
    if len(before.text) == 1 and before.is_capital and before.text != "I":
        return True
    if before.low not in lx.ABBREVIATIONS:
        return False
    return before.low not in ENDS_SENTENCE_TOO or not (after.is_capital or after.tag == "Q")


def _alone(text: str, start: int, end: int, quotes: Iterable[Marked]) -> Iterator[Token]:
    """The tokens of one paragraph, each tagged by itself."""
    at = start
    for quote in quotes:
        for left, right in quote.parts:
            if left >= end or right <= start:
                continue
            yield from _plain(text, at, left)
            yield Token(left, right, text[left:right], "", "Q", quote)
            at = right
    yield from _plain(text, at, end)


def _plain(text: str, start: int, end: int) -> Iterator[Token]:
    """The tokens of a stretch without quotations."""
    for match in TOKEN.finditer(text, start, end):
        word = match.group()
        low = word.lower().replace("’", "'") if _begins_word(word[0]) else word
        yield Token(match.start(), match.end(), word, low, MARKS.get(word) or _tag_of(word, low))


def _tag_of(word: str, low: str) -> str:
    if _begins_word(word[0]):
        return tagged(word, low)
    if word == "[...]":
        return "("
    return "'" if word in "'’" else "SYM"


def _begins_word(character: str) -> bool:
    return character.isalnum() or character in "@#_"

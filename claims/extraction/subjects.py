"""Who says it: the noun phrase before a verb of saying. Places are indices of tokens."""

from claims.extraction import lexicon as lx
from claims.extraction.frame import Frame, last_speaker
from claims.extraction.phrases import Phrase, finite_at, phrase_before, without_day, without_lead
from claims.extraction.sentences import closes_sentence, inner, words_of
from claims.extraction.tokens import Token

NOMINAL = frozenset(["N", "CAP", "PRO", "NUM", "VBZ", "VB", "ED", "ING", "Q", ")", "'", "DET", "ADV", "PAST"])
"""What a subject can end with."""
REMARKS = frozenset(["however", "meanwhile", "though", "too", "then", "also", "jr", "sr", "himself", "herself"])
"""Words between commas that describe nothing."""
STRETCHES = 6
"""Stretches between commas that are looked at for a subject."""


def subject_before(s: list[Token], left: int, earlier: list[Frame]) -> tuple[Phrase | None, Frame | None]:
    """The noun phrase that ends at ``left``, or the earlier frame whose subject this verb shares."""
    if left < 0:
        return None, None
    if s[left].tag == "CC":
        shared = _shared(earlier)
        return (None, shared) if shared else (main_subject(s, left), None)
    return _own_subject(s, left), None


def _own_subject(s: list[Token], left: int) -> Phrase | None:
    """The noun phrase that ends at ``left``, or before what stands between it and the verb."""
    token = s[left]
    if token.tag == "REL" or (token.low == "that" and left and s[left - 1].tag in ("N", "CAP", "VBZ", "ING", "ED")):
        return _antecedent(s, left)
    if token.tag == ",":
        found = _beside(s, left)
        only_time = found and all(word.low in lx.TIMES for word in s[found.first : found.last + 1])
        return None if only_time else found
    if token.tag == "-":
        return _before_dashes(s, left)
    if token.tag == "Q":
        if inner(token).endswith(",") and words_of(token) < 7 and left > 1 and s[left - 1].tag == ",":
            return _phrase_to(s, left - 2)  # “Al Gray, “the Boss,” said”
        if words_of(token) > 4 or closes_sentence(token) or inner(token).endswith(","):
            return None
    return _plain_subject(s, left) if token.tag in NOMINAL else None


BEFORE_CLAUSES = frozenset(["after", "before", "since", "until"])
"""Prepositions that also begin a clause: “after the paper reported”."""


def _phrase_to(s: list[Token], last: int, floor: int = 0) -> Phrase:
    """The noun phrase that ends at ``last`` and begins no earlier than ``floor``, without “on Friday” at its end and
    “after” before it."""
    first = phrase_before(s, last, floor)
    last = without_day(s, first, last)
    first = next((at + 1 for at in range(last - 1, first - 1, -1) if s[at].low in BEFORE_CLAUSES), first)
    return Phrase(without_lead(s, first, last), last)


def _before_dashes(s: list[Token], closing: int) -> Phrase | None:
    """“Ida Holm — a farmer — said”."""
    opening = next((i for i in range(closing - 2, max(0, closing - 20), -1) if s[i].tag == "-"), None)
    if opening is None or s[opening - 1].tag not in ("CAP", "N", ")"):
        return None
    return _phrase_to(s, opening - 1)


def _plain_subject(s: list[Token], last: int) -> Phrase | None:
    """The noun phrase right before the verb, if it can be a subject."""
    found = _phrase_to(s, last)
    first, last = found.first, found.last
    tag = s[first].tag
    if tag in ("REL", "AUX", "MOD"):
        return None
    if first == last and (
        tag in ("PREP", "ADV", "CC", "SUB") or (tag == "DET" and s[last].low not in lx.STANDING_ALONE)
    ):
        return None
    return Phrase(_whole_list(s, first, last), last)


def _antecedent(s: list[Token], relative: int) -> Phrase | None:
    """Whom “who” stands for: the name or noun right before it."""
    last = relative - 1
    if last > 0 and s[last].tag == "CC":
        other = next((i for i in range(last - 1, max(0, last - 30), -1) if s[i].tag == "REL"), None)
        return None if other is None else _antecedent(s, other)
    if last >= 0 and s[last].tag == ",":
        last -= 1
    if last < 0:
        return None
    beside = _name_before_description(s, last)
    if beside is not None:
        return beside
    first = last
    if s[last].tag == "CAP":
        while first and s[first - 1].tag in ("CAP", "N", "DET", "'"):
            first -= 1
    else:
        first = without_lead(s, phrase_before(s, last), last)
    return Phrase(first, last)


def _name_before_description(s: list[Token], last: int) -> Phrase | None:
    """“Ann Lee, the Vermont independent, who called”: the name, where a description ends at ``last``."""
    first = phrase_before(s, last)
    if s[first].tag != "DET" or first < 2 or s[first - 1].tag != "," or s[first - 2].tag != "CAP":
        return None
    name = _phrase_to(s, first - 2)
    return Phrase(name.first, name.last, (first, last))


def _whole_list(s: list[Token], first: int, last: int) -> int:
    """“A, B and C said”: the names before the comma too."""
    if not any(s[i].low == "and" for i in range(first, last)):
        return first
    at = first
    while at >= 2 and s[at - 1].tag == "," and s[at - 2].tag == "CAP":
        begin = phrase_before(s, at - 2)
        if any(s[i].tag != "CAP" for i in range(begin, at - 1)):
            break
        at = begin
    return at


def _shared(earlier: list[Frame]) -> Frame | None:
    """The frame before “and”, with whom this verb shares its subject."""
    if earlier and (earlier[-1].contents or earlier[-1].voice):
        return last_speaker(earlier)
    return None


def main_subject(s: list[Token], before: int) -> Phrase | None:
    """The subject of the first verb of the sentence, which stands before ``before``."""
    for at in range(1, before):
        if not _is_main_verb(s, at):
            continue
        last = at - 1
        while last > 0 and s[last].tag in ("ADV", "AUX", "MOD"):
            last -= 1
        if s[last].tag == "REL":
            continue
        if s[last].tag == ",":
            return _beside(s, last)
        return _phrase_to(s, last) if s[last].tag in ("N", "CAP", "PRO", "VBZ", ")", "ED", "NUM", "VB") else None
    return None


def _is_main_verb(s: list[Token], at: int) -> bool:
    """Whether the word is a finite verb, of saying or any other."""
    token = s[at]
    if finite_at(s, at) or lx.says(token.low):
        return True
    return token.low in lx.LABELS and token.tag in ("ED", "PAST", "VBZ")


def _beside(s: list[Token], comma: int) -> Phrase | None:
    """“Steve Hale, a spokesman for the office, said”: the phrase before what stands between commas."""
    stretches = _between_commas(s, comma)
    if not stretches:
        return None
    first, last = stretches[0]
    is_name = all(word.tag in ("CAP", "'") for word in s[first : last + 1])
    aside = is_aside(s, first, last)
    if len(stretches) == 1:
        return _phrase_to(s, last, first) if aside and s[first].tag not in ("PREP", "SUB") else None
    if not aside and not (is_name and s[first].tag == "CAP"):
        return None
    number = 1
    while number + 1 < len(stretches) and not (number == 1 and is_name) and _describes(s, *stretches[number]):
        number += 1
    return _described(s, *stretches[number], comma)


def _between_commas(s: list[Token], comma: int) -> list[tuple[int, int]]:
    """The stretches that end at ``comma`` and at the commas before it, the nearest first."""
    stretches: list[tuple[int, int]] = []
    while comma > 0 and len(stretches) < STRETCHES:
        first = comma - 1
        while first > 0 and not _ends_stretch(s[first - 1]):
            first -= 1
        stretches.append((first, comma - 1))
        if first == 0 or s[first - 1].tag != ",":
            break
        comma = first - 1
    return stretches


def _ends_stretch(token: Token) -> bool:
    """Whether a stretch between commas begins after it."""
    return token.tag in (",", ";", ":", ".") or (token.tag == "Q" and closes_sentence(token))


def _describes(s: list[Token], first: int, last: int) -> bool:
    """Whether a stretch only describes the one before it: “head of the ward”, “a farmer”."""
    if s[first].low in lx.PERSON_NOUNS and first < last and s[first + 1].tag == "PREP":
        return True
    return is_aside(s, first, last) and not s[first].is_capital


def _described(s: list[Token], first: int, last: int, comma: int) -> Phrase | None:
    """The noun phrase that ends the stretch, with what stands beside it up to ``comma``."""
    if first == 0 and s[first].tag in ("PREP", "SUB") and without_lead(s, first, last) == first:
        return None
    if s[last].tag in ("AUX", "MOD", "PAST", "PREP", "ADV", "SUB"):
        return None
    return Phrase(_phrase_to(s, last, first).first, last, (last + 2, comma - 1))


def is_aside(s: list[Token], first: int, last: int) -> bool:
    """Whether a stretch between commas describes what stands before it, or says when and where."""
    token, places = s[first], range(first, last + 1)
    if token.tag in ("REL", "PREP", "NUM", "ING", "ED"):
        return True
    if token.low == "and" and first < last and not any(finite_at(s, i) for i in places):
        return any(s[i].low in lx.PERSON_NOUNS for i in places)
    if token.low in REMARKS:
        return True
    verb = next((i for i in places if finite_at(s, i)), None)
    if verb is not None and not any(s[i].tag == "REL" for i in range(first, verb)):
        return False
    if token.tag == "CAP":
        return any(s[i].tag != "CAP" for i in places)
    return token.tag in ("DET", "N", "VB", "VBZ", "ADV")

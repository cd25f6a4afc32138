"""Noun phrases beside a verb: who says it, to whom, and what says only when and where.

Places are indices of the tokens ``s`` of a sentence; a stretch is (first, last), both in it. ``floor`` and ``stop`` say
where looking ends: the first token that may be taken, the first that may not.
"""

from dataclasses import dataclass

from claims.extraction import lexicon as lx
from claims.extraction.sentences import inner, words_of
from claims.extraction.tokens import Token

FINITE = frozenset(["AUX", "MOD", "PAST"])
"""Tags of words that are the verb of a clause by their form alone."""
LONGEST = 45
"""Tokens of one noun phrase."""
PARENTHESIS = 20
"""Tokens within which the other mark of a parenthesis is looked for."""
CIRCUMSTANCE = 25
"""Tokens of “in an interview with the paper on Tuesday”."""

NOT_FINITE = frozenset(["be", "been", "being", "having"])
BEFORE_PAST = frozenset(["N", "CAP", "ADV", "VB", "VBZ", ")", "ING", "NUM", "Q"])
AFTER_PAST = frozenset(["DET", "PRO", "CAP", "SUB", "N", "ADV", ".", ",", "NUM", "Q"])
PREPOSITIONS_AFTER_PAST = frozenset(["to", "from", "into", "on", "for", "over", "up", "down"])
BEFORE_THIRD = frozenset(["N", "CAP", "ADV", ")"])
AFTER_THIRD = frozenset(["DET", "PRO", "CAP", "SUB", "PREP", "ADV", "ING", "NUM"])
AFTER_PLAIN = frozenset(["DET", "PRO", "CAP", "N", "PREP", "ADV", "SUB", "VB"])
BEFORE_PARTICIPLE_PHRASE = frozenset(["by", "in", "at", "of", "with", "for", "to", "on"])

NOMINAL = frozenset(["N", "CAP", "NUM", "VB", "VBZ", "ED", "ING", "Q", "DET", "'"])
ENDS_BACKWARDS = frozenset([",", ";", ":", ".", "SUB", "MOD", "SYM", "("])
ENDS_FORWARDS = frozenset([",", ";", ":", ".", "SUB", "MOD", "AUX", "PAST", "PRO", "Q", "REL", "SYM", ")", "ADV"])
WITHIN = frozenset(["of", "for", "from", "with", "at", "by", "in"])
"""Prepositions that go on with a noun phrase."""
BELONGS = frozenset(["to", "on", "into", "against", "about", "familiar", "close", "briefed", "with", "knowledge"])
"""What goes on with a voice that is named after “according to”."""
PASSED_ON = frozenset(["quoted", "cited", "interviewed"])

WHEN_OR_WHERE = lx.TIMES | lx.OCCASIONS
BEFORE_TIMES = frozenset(["this", "last", "next", "late", "early", "earlier", "recent"])
"""They say when only before a time: “late March”, but not “late payments”."""
LEADING_TIMES = frozenset(["last", "next", "this", "earlier", "late"])
NOUNLIKE = frozenset(["N", "CAP", "NUM", "ED", "ING", "VB", "VBZ", "Q"])
CIRCUMSTANTIAL = frozenset(["DET", "N", "ED", "CAP", "VB", "VBZ", "ING", "NUM", "Q"])
WITHIN_CIRCUMSTANCE = frozenset(["of", "with", "to", "for", "from", "at", "in", "on", "by"])


@dataclass(frozen=True)
class Phrase:
    """The tokens from ``first`` to ``last``, both in it. Beside it, in commas, ``beside``: “a spokesman for X”."""

    first: int
    last: int
    beside: tuple[int, int] | None = None


# ------------------------------------------------------------------ verbs


def finite_at(s: list[Token], at: int) -> bool:
    """Whether the word seems to be the verb of a clause."""
    token = s[at]
    if token.tag in FINITE:
        return token.low not in NOT_FINITE and not (at and s[at - 1].low == "to")
    if not at or token.tag not in ("ED", "VBZ", "VB"):
        return False
    before, after = s[at - 1], s[at + 1] if at + 1 < len(s) else None
    if token.tag == "VB":
        return _plain_form_is_verb(before, after)
    if before.tag in ("PRO", "REL"):
        return True
    return _past_form_is_verb(before, after) if token.tag == "ED" else _third_person_is_verb(before, after)


def _past_form_is_verb(before: Token, after: Token | None) -> bool:
    """“walked”, between these neighbours."""
    if before.tag not in BEFORE_PAST:
        return False
    if after is None or after.tag in AFTER_PAST:
        return True
    return after.tag == "PREP" and after.low in PREPOSITIONS_AFTER_PAST


def _third_person_is_verb(before: Token, after: Token | None) -> bool:
    """“walks”, between these neighbours."""
    if after is None:
        return False
    return (before.tag in BEFORE_THIRD and after.tag in AFTER_THIRD) or (
        before.tag == "," and after.tag in ("DET", "PRO")
    )


def _plain_form_is_verb(before: Token, after: Token | None) -> bool:
    """“walk”, between these neighbours."""
    if before.low in lx.SUBJECT_PRONOUNS:
        return True
    plural = before.tag in ("N", "CAP", "VBZ") and before.low.endswith("s") and not before.low.endswith("'s")
    if not plural and before.low not in lx.PLURAL_PEOPLE:
        return False
    return after is not None and after.tag in AFTER_PLAIN


# ------------------------------------------------------------------ the phrase before a verb


def phrase_before(s: list[Token], last: int, floor: int = 0) -> int:
    """Where the noun phrase begins that ends at ``last``."""
    if s[last].tag == "PRO" and not (last > floor and s[last - 1].low == "of"):
        return last
    at = last
    if s[last].tag == ")":
        opening = _opening(s, last, max(floor, last - PARENTHESIS))
        at = last if opening is None else opening
    while at > floor and last - at < LONGEST:
        further = _one_back(s, at, last, floor)
        if further == at:
            break
        at = further
    return at


def _opening(s: list[Token], closing: int, beyond: int) -> int | None:
    """The mark that opens what ``closing`` closes, after ``beyond``."""
    return next((i for i in range(closing - 1, beyond, -1) if s[i].tag == "("), None)


def _one_back(s: list[Token], at: int, last: int, floor: int) -> int:
    """Where the phrase that reaches from ``at`` to ``last`` begins with what stands before it; ``at`` if that is no
    part of it."""
    token = s[at - 1]
    if token.tag == ")":
        opening = _opening(s, at - 1, max(floor - 1, at - PARENTHESIS))
        return at if opening is None else opening
    if at >= 2 and _is_pair(s[at - 2], token):
        return at - 2
    return at - 1 if _belongs_before(s, at, last, floor) else at


def _is_pair(first: Token, second: Token) -> bool:
    """“such as”, “known as”, “to be”: two small words within a phrase."""
    if second.low == "as":
        return first.low == "such" or first.tag == "ED"
    return second.low == "be" and first.low == "to"


def _belongs_before(s: list[Token], at: int, last: int, floor: int) -> bool:
    """Whether the token before ``at`` is part of the noun phrase from ``at`` to ``last``."""
    token = s[at - 1]
    if token.tag in ENDS_BACKWARDS or _begins_anew(s, at, last):
        return False
    if token.tag == "-":
        return _hyphenates(s, at - 1)
    if token.tag == "PRO":
        return at >= 2 and s[at - 2].tag == "PREP"
    if token.tag == "CC":
        return _joins_nouns(s, at - 1, floor)
    if token.tag == "Q":
        return words_of(token) <= 5 and inner(token)[-1:] not in (",", "?", "!", ".")
    if token.tag in ("AUX", "PAST") or finite_at(s, at - 1):
        return _in_relative(s, at - 1, floor) or (token.tag == "ED" and _describes_noun(s, at - 1))
    return True


def _begins_anew(s: list[Token], at: int, last: int) -> bool:
    """Whether a phrase of its own begins at ``at``, after another noun: “Tuesday | the minister”."""
    if s[at].tag != "DET" or s[min(at + 1, last)].low in lx.TIMES:
        return False
    return s[at - 1].tag in ("N", "CAP") and s[at - 1].low not in ("such", "half", "even")


def _hyphenates(s: list[Token], dash: int) -> bool:
    """Whether a dash stands within a noun: “Saint - Denis”."""
    if dash < 1 or s[dash + 1].tag not in ("CAP", "N") or s[dash - 1].tag not in ("CAP", "N", "ED", "NUM"):
        return False
    tight = s[dash].start == s[dash - 1].end or s[dash].end == s[dash + 1].start
    return tight or (s[dash + 1].is_capital and s[dash - 1].is_capital)


def _joins_nouns(s: list[Token], at: int, floor: int) -> bool:
    """Whether “and” joins two nouns rather than two clauses."""
    if s[at].low not in ("and", "or", "nor") or at < 1 or s[at - 1].tag not in NOMINAL:
        return False
    return not any(finite_at(s, i) for i in range(max(floor, at - 11), at))


def _in_relative(s: list[Token], at: int, floor: int) -> bool:
    """Whether the verb is that of a relative clause within the phrase: “the man who called”."""
    return any(s[i].tag == "REL" for i in range(at - 1, max(floor, at - 5) - 1, -1))


def _describes_noun(s: list[Token], at: int) -> bool:
    """“results published in …”, “a letter seen by …”."""
    return at + 1 < len(s) and s[at + 1].tag == "PREP" and s[at + 1].low in BEFORE_PARTICIPLE_PHRASE


def without_day(s: list[Token], first: int, last: int) -> int:
    """Where the phrase ends, without “on Friday”."""
    at = last
    while at > first and s[at].low in lx.TIMES and s[at].tag in ("CAP", "N", "NUM", "VB"):
        at -= 1
    return at - 1 if at < last and at > first and s[at].low in ("on", "in") else last


def without_lead(s: list[Token], first: int, last: int) -> int:
    """Where the phrase itself begins, after “On Tuesday”, “In a statement”, “But”, “Meanwhile”."""
    at = first
    while at < last:
        if s[at].tag in ("CC", "ADV") or _is_leading_time(s, at):
            at += 1
        elif s[at].tag in ("PREP", "SUB") and (after := _after_preposition(s, at, last)) is not None:
            at = after
        else:
            break
    return at


def _is_leading_time(s: list[Token], at: int) -> bool:
    """“Tuesday” or “last” before a noun phrase of its own."""
    token, after = s[at], s[at + 1]
    if token.low in LEADING_TIMES and after.low in lx.TIMES:
        return True
    return token.low in lx.TIMES and token.tag in ("CAP", "N") and after.tag in ("DET", "CAP", "PRO", "N")


def _after_preposition(s: list[Token], at: int, last: int) -> int | None:
    """Where the noun phrase after a prepositional phrase begins, if one does before ``last``."""
    seen_noun = False
    for i in range(at + 1, last + 1):
        token, before = s[i], s[i - 1]
        if before.tag in ("PREP", "DET", "CC", "'") or before.low.endswith(("'s", "’s")):
            seen_noun = seen_noun or token.tag in ("N", "CAP", "NUM", "PRO")
            continue
        if seen_noun and (token.tag in ("DET", "PRO") or _begins_after_time(before, token)):
            return i
        seen_noun = seen_noun or token.tag in ("N", "CAP", "NUM")
    return None


def _begins_after_time(before: Token, token: Token) -> bool:
    """Whether a name or noun begins a phrase of its own after a day, a date or an occasion."""
    if token.tag not in ("CAP", "N") or token.low in lx.TIMES:
        return False
    date = before.tag == "NUM" and before.text.isdigit() and len(before.text) in (1, 2, 4)
    return date or before.low in WHEN_OR_WHERE


# ------------------------------------------------------------------ the phrase after a verb


def phrase_after(s: list[Token], first: int, stop: int) -> int:
    """Where the noun phrase that begins at ``first`` ends: its last token, before ``stop``."""
    if s[first].tag == "PRO":
        return first
    at = first
    while at + 1 < stop and at - first < LONGEST:
        further = _one_on(s, at, stop)
        if further == at:
            break
        at = further
    while at > first and s[at].tag in ("PREP", "CC", "DET", "-"):
        at -= 1
    return at


def _one_on(s: list[Token], at: int, stop: int) -> int:
    """Where the phrase that ends at ``at`` ends with what stands after it; ``at`` if that is no part of it."""
    if s[at + 1].tag == "(":
        return next((i for i in range(at + 2, min(stop, at + PARENTHESIS)) if s[i].tag == ")"), at)
    return at + 1 if _belongs_after(s, at + 1, stop) else at


def _belongs_after(s: list[Token], at: int, stop: int) -> bool:
    """Whether the token at ``at`` is part of the noun phrase before it."""
    token, before = s[at], s[at - 1]
    if token.tag in ENDS_FORWARDS or token.low in PASSED_ON:
        return False
    if token.tag == "-":
        return token.start == before.end or (at + 1 < stop and token.end == s[at + 1].start)
    if token.tag == "CC":
        joins = token.low == "and" and at + 1 < stop and s[at + 1].tag in ("CAP", "DET", "N")
        return joins and s[at + 1].low not in lx.FORMS
    if token.tag == "PREP":
        return token.low in WITHIN and not (at + 1 < stop and starts_circumstance(s, at, stop))
    if token.tag == "DET":
        return before.tag in ("PREP", "CC", "-")
    if token.tag == "ING":
        return before.tag not in ("CAP", "N")
    return not (token.low in lx.DAYS and token.tag in ("CAP", "N"))


def voice_after(s: list[Token], first: int, stop: int) -> int:
    """The same for a voice that is named after “according to” or “citing”, with what belongs to it: “people
    familiar with the talks”, “the ambassador to Paris”."""
    last = phrase_after(s, first, stop)
    while last + 2 < stop and s[last + 1].low in BELONGS and not starts_circumstance(s, last + 1, stop):
        last = phrase_after(s, last + 2, stop)
    return last


def by_or_in(s: list[Token], first: int, stop: int) -> tuple[int, int] | None:
    """The noun phrase after a “by” or “in” that stands at ``first`` or up to two tokens on: who quoted it."""
    for i in range(first, min(stop, first + 3)):
        if s[i].low in ("by", "in") and i + 1 < stop:
            return i + 1, phrase_after(s, i + 1, stop)
    return None


# ------------------------------------------------------------------ when and where


def starts_circumstance(s: list[Token], at: int, stop: int) -> bool:
    """Whether the preposition at ``at`` begins a time, an occasion or the like: “on Tuesday”, “in a statement”."""
    for i in range(at + 1, min(at + 7, stop)):
        token = s[i]
        if token.low.removesuffix("'s") in lx.TIMES or token.low in lx.OCCASIONS:
            return True
        if token.tag == "NUM" and len(token.text) == 4 and token.text.isdigit():
            return True
        if token.tag not in CIRCUMSTANTIAL and token.low != "of":
            return False
    return False


def past_circumstance(s: list[Token], at: int, stop: int) -> int:
    """After the circumstances that begin at ``at``: the next token that is no part of one. ``at`` if there is none."""
    while at < stop:
        after = _past_one_circumstance(s, at, stop)
        if after == at:
            break
        at = after
    return at


def _past_one_circumstance(s: list[Token], at: int, stop: int) -> int:
    """After an adverb, a time or a prepositional phrase at ``at``."""
    token = s[at]
    if token.tag == "ADV" and token.low not in lx.NEGATIONS:
        return at + 1
    if token.low in lx.TIMES and token.tag in ("CAP", "N", "DET", "VB"):
        return _past_time(s, at, stop)
    if token.tag in ("PREP", "SUB") and token.low not in ("of", "that") and starts_circumstance(s, at, stop):
        return _past_prepositional(s, at, stop)
    return at


def _past_time(s: list[Token], at: int, stop: int) -> int:
    """After “Tuesday 12 March” or “last week”."""
    if s[at].low in BEFORE_TIMES and not (at + 1 < stop and s[at + 1].low in lx.TIMES):
        return at
    at += 1
    while at < stop and (s[at].tag == "NUM" or s[at].low in lx.TIMES):
        at += 1
    return at


def _past_prepositional(s: list[Token], at: int, stop: int) -> int:
    """After “in an interview with the paper on Tuesday”: past its nouns, up to what begins another phrase. ``at`` if
    it has no noun."""
    i, seen_noun = at + 1, False
    while i < stop and i - at < CIRCUMSTANCE and _within_prepositional(s, i, seen_noun=seen_noun):
        seen_noun = seen_noun or s[i].tag in NOUNLIKE
        i += 1
    while i > at + 1 and s[i - 1].tag in ("PREP", "DET"):
        i -= 1
    return i if seen_noun else at


def _within_prepositional(s: list[Token], at: int, *, seen_noun: bool) -> bool:
    """Whether the token at ``at`` goes on with a prepositional phrase. ``seen_noun``: it has one already."""
    token, before = s[at], s[at - 1]
    if before.tag in ("PREP", "DET") and (token.tag in NOUNLIKE or token.tag == "DET"):
        return True
    if token.tag == "PRO":
        return before.tag == "PREP"
    if token.tag == "PREP":
        return seen_noun and token.low in WITHIN_CIRCUMSTANCE
    if token.tag == "CAP":
        ended = before.tag != "CAP" and before.low in WHEN_OR_WHERE
        return not (seen_noun and ended and token.low not in lx.TIMES)
    if token.tag == "NUM":
        return True
    if token.tag in ("N", "VB", "VBZ", "ED", "ING"):
        ended = seen_noun and before.low in lx.TIMES and token.low not in lx.TIMES
        return not ended and not finite_at(s, at)
    return token.tag == "'"

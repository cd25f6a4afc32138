"""Sentences of a paragraph. One that goes on after a quotation (“Will it?” she asked) stays whole."""

from dataclasses import dataclass

from claims.extraction import lexicon as lx
from claims.extraction.tokens import Token

HEADING = 25
"""Tokens that a heading may have."""
LONGEST = 400
"""Tokens of one sentence. What is longer is a list or a table, and is cut there."""
DATELINE = 14
"""Tokens within which the dash of a dateline is looked for."""
ATTRIBUTION = 14
"""Tokens within which the verb of an attribution is looked for."""

SPOKEN = ("past", "third")
"""The forms of a verb of saying that an attribution has."""
IN_DATELINES = frozenset(["and", "the", "of"])
NOT_VOICES = frozenset(["CC", "SUB", "ADV", "PREP"])
OTHER_CLAUSE = frozenset(["AUX", "MOD", "PAST", "SUB", "Q", ".", ";", ":"])
"""Before the verb of an attribution they show that it is a clause of its own."""
MORE_THAN_CIRCUMSTANCE = frozenset(["Q", "AUX", "MOD", "PAST", ":"])
"""After the verb of an attribution they show that it goes on with something else than when and where."""


@dataclass
class Sentence:
    """Some tokens of one paragraph."""

    tokens: list[Token]
    line: int

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


def inner(token: Token) -> str:
    """What a quotation says, without its marks."""
    return token.text.strip("“”\"„«»‘’'`‟〝〞 \t\xa0")


def words_of(token: Token) -> int:
    """How many words a quotation has."""
    return len(inner(token).split())


def is_title(token: Token) -> bool:
    """Whether a quotation looks like the title of a work or a name: most words with a capital, no full stop."""
    words = [word for word in inner(token).split() if len(word) > 3 and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words)
    return not closes_sentence(token) and len(inner(token).split()) < 12 and capitals > 0.6 * len(words)


def closes_sentence(token: Token) -> bool:
    """Whether the last mark inside a quotation ends a sentence."""
    return inner(token)[-1:] in (".", "?", "!", "…")


def is_heading(line: list[Token], *, first: bool = False) -> bool:
    """A line that is no sentence: short, without a full stop, not leading up to a quotation. ``first``: it is the
    article's first, which is more likely one."""
    if line[-1].tag in (".", ":", "Q") or len(line) > HEADING:
        return False
    words = [token for token in line if token.is_word]
    if not first and len(words) > 6 and sum(token.is_capital for token in words) < 0.5 * len(words):
        return not any(token.low in lx.FORMS for token in line)
    return not any(token.tag == "Q" and closes_sentence(token) for token in line)


def split(line: list[Token], number: int) -> list[Sentence]:
    """The sentences of one paragraph."""
    found, start = [], _after_dateline(line)
    for at in range(start, len(line)):
        if at + 1 == len(line) or at + 1 - start >= LONGEST or _ends(line, at):
            found.append(Sentence(line[start : at + 1], number))
            start = at + 1
    return found


def _after_dateline(line: list[Token]) -> int:
    """Past “BERLIN, March 12 (Agency) —”, which belongs to no sentence."""
    if not line[0].text.isupper() and not any(token.tag == "(" for token in line[:6]):
        return 0
    for at, token in enumerate(line[:DATELINE]):
        if token.tag == "-" and at and token.start > line[at - 1].end:
            return at + 1 if at + 1 < len(line) else 0
        if token.tag not in ("CAP", ",", "NUM", "(", ")", "'") and token.low not in IN_DATELINES:
            return 0
    return 0


def _ends(line: list[Token], at: int) -> bool:
    """Whether a sentence ends with the token ``at``, which is not the last."""
    token, after = line[at], line[at + 1]
    if token.tag == ".":
        return _stop_ends(token, after)
    if token.tag == "Q" and closes_sentence(token):
        return after.tag == "Q" or (after.is_capital and not _attributes(line, at + 1))
    if token.low.endswith(".") and token.low.count(".") > 1:  # “… of the U.S. The …”
        return after.tag in ("DET", "PRO") and after.is_capital
    return False


def _stop_ends(stop: Token, after: Token) -> bool:
    """Whether a full stop, a question mark or dots end the sentence before ``after``."""
    if after.tag in (".", ")"):
        return False
    if after.is_capital or after.tag in ("Q", "NUM", "(", "-"):
        return True
    return stop.text == "." and after.tag != ","


def _attributes(line: list[Token], at: int) -> bool:
    """Whether what follows a quotation, from ``at`` on, says no more than who said it."""
    cue = _cue_ahead(line, at)
    if cue is None:
        return False
    if cue + 1 == len(line):
        return True
    verb, after = line[cue], line[cue + 1]
    if verb.low in lx.ALSO_NOUNS:
        return False
    if after.tag in (".", ",", "PREP", "ADV") or after.low in lx.TIMES | lx.HEARERS:
        return not any(token.tag in MORE_THAN_CIRCUMSTANCE for token in line[cue + 1 : cue + 12])
    return lx.FORMS[verb.low][0] in lx.TELLING


def _cue_ahead(line: list[Token], at: int) -> int | None:
    """The verb of saying that follows the voice at ``at``, with nothing between them but what describes the voice."""
    if line[at].tag in NOT_VOICES:
        return None
    for position in range(at, min(at + ATTRIBUTION, len(line))):
        token = line[position]
        if position > at and token.low in lx.FORMS and lx.FORMS[token.low][1] in SPOKEN:
            return position
        if token.tag in OTHER_CLAUSE:
            return None
    return None

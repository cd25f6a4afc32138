"""Verbs of saying in a sentence, with who says, to whom, and where what is said begins and ends."""

from claims.extraction import lexicon as lx
from claims.extraction.according import according, label
from claims.extraction.clauses import clause_at
from claims.extraction.contents import read_after
from claims.extraction.frame import Frame
from claims.extraction.fronted import inverted, take_broken, take_fronted
from claims.extraction.hearers import take_hearer
from claims.extraction.leads import lead, led_within
from claims.extraction.participles import participle
from claims.extraction.passives import passive
from claims.extraction.phrases import Phrase, voice_after
from claims.extraction.places import low_at, tag_at
from claims.extraction.sentences import inner
from claims.extraction.subjects import main_subject, subject_before
from claims.extraction.tokens import Token
from claims.extraction.verbs import before_verb, head_of, is_passive, is_supposed, plural_before, verb_comes

VOICES = lx.PERSON_NOUNS | lx.BODIES | lx.DOCUMENTS | lx.OUTLET_WORDS | lx.PLURAL_PEOPLE | lx.HEARERS
"""Nouns for what can be cited."""
NOT_VOICES = frozenset(["there", "what", "which", "i", "we", "you"])
"""Subjects of a verb of saying that are no voice one could name."""
ADVERBIAL = frozenset(["although", "though", "while", "when", "after", "as", "because", "since", "before", "if"])
"""Before a subject they make its clause lead to another: “Although he said …, he left”."""
NOMINAL_DETERMINERS = frozenset(["this", "that", "all", "both", "some", "many", "few"])
"""Determiners that can be the subject of the verb after them."""
CITING = 14
"""Tokens after the verb that “citing” is looked for in."""


def frames(s: list[Token]) -> list[Frame]:
    """All frames of one sentence: of its verbs in their order, then of its colons."""
    found: list[Frame] = []
    for at in range(len(s)):
        frame = _frame_at(s, at, found)
        if frame is not None:
            found.append(frame)
    if s[-1].tag == ":" and not any(frame.leads for frame in found):
        frame = lead(s, len(s) - 1)
        if frame is not None:
            found.append(frame)
    found += led_within(s, found)
    return found


def _frame_at(s: list[Token], at: int, earlier: list[Frame]) -> Frame | None:
    """The frame of the word at ``at``, if it is one by which somebody says something."""
    word = s[at].low
    if word == "according" and low_at(s, at + 1) == "to":
        return according(s, at)
    if word in lx.FORMS:
        return _of_verb(s, at, earlier)
    return label(s, at, earlier) if word in lx.LABELS else None


def _of_verb(s: list[Token], at: int, earlier: list[Frame]) -> Frame | None:
    """The frame of the verb of saying at ``at``, by its form."""
    if _is_something_else(s, at):
        return None
    base, form = lx.FORMS[s[at].low]
    left, aux = before_verb(s, at)
    if is_supposed(s, left, aux, form):
        return None
    if form == "ing":
        return participle(s, at, base, left, aux, earlier)
    if is_passive(aux):
        return passive(s, at, base, left)
    if form == "participle" and not aux:
        return None
    if form == "base" and (s[at].tag == "CAP" or not plural_before(s, at, left, aux)):
        return None
    if form != "past" and _is_noun(s, at, left):
        return None
    return _active(s, at, left, aux, earlier)


def _is_something_else(s: list[Token], at: int) -> bool:
    """Whether a form of a verb of saying is none: part of a name, “the said man”, “reports have …”."""
    token, before = s[at], tag_at(s, at - 1)
    base, form = lx.FORMS[token.low]
    if base in lx.WITH_PARTICLE and low_at(s, at + 1) != lx.WITH_PARTICLE[base]:
        return True
    if form in ("past", "participle") and before == "DET" and s[at - 1].low not in NOMINAL_DETERMINERS:
        return True
    if form == "third" and token.low in lx.ALSO_NOUNS and verb_comes(s, at + 1):
        return True
    return token.is_capital and before not in ("", ".", "Q", ":")


def _is_noun(s: list[Token], at: int, left: int) -> bool:
    """Whether a form that is also a noun is one here: “the report”, “its claims”."""
    if s[at].low not in lx.ALSO_NOUNS or left != at - 1 or left < 0:
        return False
    return s[left].tag in ("DET", "PREP", "NUM") or s[left].low.endswith("'s")


def _active(s: list[Token], at: int, left: int, aux: list[str], earlier: list[Frame]) -> Frame | None:
    """The frame of a finite verb: “X said”, “said X”, “X went on to say”."""
    base = lx.FORMS[s[at].low][0]
    subject, shared = (main_subject(s, left), None) if "to" in aux else subject_before(s, left, earlier)
    if subject is None and shared is None:
        frame = inverted(s, at, base, left)
        if frame is not None or left < 1 or s[left].tag != ",":
            return frame
        subject = main_subject(s, left)  # “praised the crews, said …”
        if subject is None:
            return None
    if subject is not None and not _can_say(s, subject, base):
        return None
    frame = Frame((at, at), base, "verb", subject, shared, weak="will" in aux or "'ll" in aux)
    relative = tag_at(s, left) == "REL" or low_at(s, left) == "that"
    return frame if _take_contents(s, frame, relative) else None


def _can_say(s: list[Token], subject: Phrase, base: str) -> bool:
    """Whether a subject can be a voice: not “the clock”, “there”, “such as they”."""
    first = s[subject.first]
    if (first.tag == "PREP" and subject.beside is None) or first.low in NOT_VOICES:
        return False
    head = head_of(s[subject.first : subject.last + 1]).low
    if head in lx.INSTRUMENTS or (base == "hear" and head not in lx.HEARINGS):
        return False
    return first.low not in ("they", "people") or low_at(s, subject.first - 1) != "as"


def _take_contents(s: list[Token], frame: Frame, relative: bool) -> bool:
    """Take what was said, before the verb or after it: whether there is anything. ``relative``: the verb is that of
    a clause that describes its voice, “the man who said”."""
    at, subject = frame.cue[0], frame.voice
    if subject is not None and _wants_front(s, at, subject.first):
        if frame.base in lx.TELLING and at + 1 < len(s):
            take_hearer(s, at + 1, frame)
        take_fronted(s, frame)
    if not frame.contents:
        read_after(s, at, frame)
        if relative and frame.pattern == "bare" and frame.base not in lx.LOOSE:
            return False
        if subject is not None:
            _end_with_clause(s, frame, subject.first - 1)
    if not frame.contents and not frame.leads:
        take_fronted(s, frame)
    elif frame.contents and frame.contents[0][0] > at and frame.pattern == "direct":
        take_broken(s, frame)
    if frame.contents or frame.leads:
        frame.origin = _cited(s, frame)
    else:
        frame.leads = s[-1].tag == ":" and not any(token.low in lx.FORMS for token in s[at + 1 :])
    return bool(frame.contents) or frame.leads


def _end_with_clause(s: list[Token], frame: Frame, before: int) -> None:
    """End what was said with the clause that the word at ``before`` opens: “Although he said it was wild, Ida left”."""
    if before not in (0, 1) or s[before].low not in ADVERBIAL:
        return
    if not frame.contents or frame.contents[0][0] < frame.cue[0]:
        return
    first, last = frame.contents[0]
    for i in range(first + 1, last):
        if s[i].tag == "," and s[i + 1].tag in ("DET", "CAP", "PRO", "N") and clause_at(s, i + 1):
            frame.contents = [(first, i - 1)]
            return


def _wants_front(s: list[Token], at: int, first: int) -> bool:
    """Whether what was said stands before “X said” rather than after it; X begins at ``first``."""
    if low_at(s, at + 1) == "that":
        return False
    return _after_quotation(s, first) or (tag_at(s, at + 1) == "," and first > 4 and s[first - 1].tag == ",")


def _after_quotation(s: list[Token], first: int) -> bool:
    """Whether a quotation ends right before ``first``, in a way that wants somebody to have said it."""
    before = first - 1
    parted = tag_at(s, before) in (",", "-")
    if parted:
        before -= 1
    if tag_at(s, before) != "Q":
        return False
    return parted or inner(s[before])[-1:] in (",", "?", "!", "…", "-", "—", ".")


def _cited(s: list[Token], frame: Frame) -> tuple[int, int] | None:
    """“…, X reported, citing Y”: from whom X has it."""
    after = frame.cue[1] + 1
    for at in range(after, min(after + CITING, len(s) - 1)):
        if s[at].low == "citing" and s[at - 1].tag in (",", "ADV", "N", "CAP"):
            return _source_at(s, at + 1)
        if s[at].tag in (".", ";", "Q"):
            return None
    return None


def _source_at(s: list[Token], first: int) -> tuple[int, int] | None:
    """The noun phrase that begins at ``first``, if it can be a voice: a name, “officials”, “a report”."""
    if s[first].tag not in ("CAP", "DET", "N", "ED", "NUM"):
        return None
    last = voice_after(s, first, len(s))
    head = head_of(s[first : last + 1])
    return (first, last) if head.tag == "CAP" or head.low in VOICES else None

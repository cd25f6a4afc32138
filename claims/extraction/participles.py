"""Acts of saying by a verb in its -ing form: “…, saying that …”, “quoted as saying”. Places are indices of tokens."""

from claims.extraction import lexicon as lx
from claims.extraction.contents import read_after
from claims.extraction.frame import Frame, last_speaker
from claims.extraction.fronted import take_front
from claims.extraction.phrases import Phrase, by_or_in, phrase_after, phrase_before, without_lead
from claims.extraction.places import low_at, tag_at
from claims.extraction.subjects import main_subject, subject_before
from claims.extraction.tokens import Token
from claims.extraction.verbs import is_passive

Speaker = tuple[Phrase | None, Frame | None]
"""The noun phrase that names who says it, or the earlier frame whose voice says it too."""

NOBODY: Speaker = (None, None)
NOT_SAYING = frozenset(["learn", "hear", "hold", "read", "post", "sing", "demand", "begin"])
"""Verbs that in this form seldom say anything."""
ONLY_WITH_THAT = frozenset(["show", "find"])
HANGING_ON = frozenset(["by", "after", "before", "while", "despite"])
"""Words before the -ing form of a verb whose subject is that of another verb: “began by saying”."""
QUOTED = 12
"""Tokens before “as saying” that “quoted” is looked for in."""


def participle(s: list[Token], at: int, base: str, left: int, aux: list[str], earlier: list[Frame]) -> Frame | None:
    """The frame of the -ing form at ``at``; ``left`` and ``aux`` as ``before_verb`` gives them."""
    if base in NOT_SAYING or (base in ONLY_WITH_THAT and low_at(s, at + 1) != "that"):
        return None
    relay = None
    if left > 0 and s[left].low == "as" and s[left - 1].low != "such":
        (subject, shared), relay = _quoted_as(s, left, earlier)
    elif is_passive(aux):
        subject, shared = subject_before(s, left, earlier)
    else:
        subject, shared = _speaker(s, at, left, earlier)
    if subject is None and shared is None:
        return None
    frame = Frame((at, at), base, "ing", subject, shared, relay=relay)
    read_after(s, at, frame)
    if frame.contents or frame.leads:
        return frame
    if subject is not None and (relay is not None or is_passive(aux)):
        _take_before(s, frame, subject.first - 1)
    return frame if frame.contents else None


def _take_before(s: list[Token], frame: Frame, before: int) -> None:
    """Take a quotation or a clause that ends at ``before``: “…,” X was quoted as saying."""
    if tag_at(s, before) == "Q":
        take_front(s, frame, before, frame.cue[1] + 1)
    elif before > 0 and s[before].tag == ",":
        take_front(s, frame, before - 1, frame.cue[1] + 1)


def _quoted_as(s: list[Token], left: int, earlier: list[Frame]) -> tuple[Speaker, tuple[int, int] | None]:
    """Before “as saying” with “as” at ``left``: who is quoted, and who passes it on, if they are named."""
    quoted = next(
        (i for i in range(left - 1, max(-1, left - QUOTED), -1) if s[i].low in ("quoted", "cited", "reported")), None
    )
    if quoted is None:
        return NOBODY, None
    last = quoted - 1
    while last >= 0 and s[last].tag in ("AUX", "ADV"):
        last -= 1
    if last < 0:
        return NOBODY, None
    if last < quoted - 1:
        # “X was quoted by Y as saying”
        return subject_before(s, last, earlier), by_or_in(s, quoted + 1, left)
    # “Y quoted X as saying”
    quoting = main_subject(s, quoted + 1)
    voice = Phrase(quoted + 1, phrase_after(s, quoted + 1, left))
    return (voice, None), (quoting.first, quoting.last) if quoting else None


def _speaker(s: list[Token], at: int, left: int, earlier: list[Frame]) -> Speaker:
    """Who says it by what stands at ``left``, before the verb: a comma, a noun phrase, a quotation."""
    if left < 0:
        return NOBODY
    if s[left].tag in (",", "CC", "-") or s[left].low in HANGING_ON:
        shared = last_speaker(earlier)
        if shared is None or (shared.voice is None and not shared.nobody):
            return main_subject(s, at), None
        return None, shared
    if s[left].tag in ("N", "CAP", "VBZ", "PRO", ")", "Q"):
        return _described_speaker(s, at, left, earlier)
    return NOBODY


def _described_speaker(s: list[Token], at: int, left: int, earlier: list[Frame]) -> Speaker:
    """Who says it, where the verb describes a noun: “with X saying”, “X issued a statement saying”."""
    first = phrase_before(s, left)
    companion = _after_with(s, first, left)
    if companion is not None:
        return Phrase(companion, left), None
    if s[left].tag == "Q":
        shared = last_speaker(earlier)
        return (None, shared) if shared else (main_subject(s, at), None)
    if s[left].low not in lx.OCCASIONS and s[left].low not in lx.DOCUMENTS:
        return NOBODY
    issuer = main_subject(s, left)
    if issuer and issuer.last < first:
        return issuer, None
    return Phrase(without_lead(s, first, left), left), None


def _after_with(s: list[Token], first: int, last: int) -> int | None:
    """Where the noun phrase after “with” begins, if “with” stands in the stretch or right before it."""
    inside = next((i + 1 for i in range(first, last) if s[i].low == "with"), None)
    if inside is None and low_at(s, first - 1) == "with":
        return first
    return inside

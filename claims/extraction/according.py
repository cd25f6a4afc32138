"""“According to X”, and verbs of judging that quote: “called it “…””. Places are indices of tokens."""

from claims.extraction import lexicon as lx
from claims.extraction.clauses import breaks, clause_at, content_end, quoted_end
from claims.extraction.frame import Frame, last_speaker
from claims.extraction.fronted import front_start
from claims.extraction.phrases import Phrase, by_or_in, finite_at, past_circumstance, voice_after
from claims.extraction.places import low_at, next_tagged, tag_at
from claims.extraction.sentences import inner, words_of
from claims.extraction.subjects import main_subject, subject_before
from claims.extraction.tokens import Token
from claims.extraction.verbs import before_verb, is_supposed

LABELLED = 7
"""Words between marks that make a statement of what somebody was said to have called something."""
LABELLED_LOW = 4
"""The same for words that begin with a small letter, and so are no title."""
LABELLED_WITHIN = 30
"""Tokens after a verb of judging that what it quotes may begin within."""
ASIDE = 14
"""Tokens of a description in commas."""
DESCRIBING = lx.PERSON_NOUNS | lx.BODIES | lx.DOCUMENTS
"""What a voice is called beside its name."""
FINITE_BE = lx.BE - {"being"}
"""Before a verb of judging they make it passive: it says nothing of who judges."""


def according(s: list[Token], at: int) -> Frame | None:
    """The frame of “according to” at ``at``: the voice after it, and what is said before it or after the voice."""
    first = at + 2
    if not _names_voice(s, first):
        return None
    frame = Frame((at, at + 1), "accord", "according")
    opens = at == 0 or s[at - 1].tag in ("SUB", "CC") or (at == 1 and s[0].tag in ("CC", "ADV"))
    after = _take_voice(s, first, frame, opens)
    frame.origin = _cited(s, after)
    found = (opens and _take_after(s, after, frame)) or _take_before(s, at, after, frame)
    return frame if found else None


def _names_voice(s: list[Token], first: int) -> bool:
    """Whether a voice follows “according to”, not “plan” or “size”."""
    if tag_at(s, first) == "N" and s[first].low in lx.NO_AUTHORITY:
        return False
    return tag_at(s, first) in ("CAP", "DET", "N", "PRO", "ED", "NUM", "Q", "VBZ", "VB", "ING")


def _take_voice(s: list[Token], first: int, frame: Frame, opens: bool) -> int:
    """Take the voice that begins at ``first``, with what describes it and when it spoke: the place after it."""
    last = voice_after(s, first, len(s))
    frame.voice = Phrase(first, last)
    after = _past_description(s, last + 1, frame)
    k = past_circumstance(s, after, len(s))
    if k > after and (k >= len(s) or s[k].tag in (",", ".")):
        frame.when = (after, k - 1)
        after = k
    if tag_at(s, after) == ",":
        beside_end = _apposition(s, after + 1, opens)
        if beside_end is not None:
            frame.voice = Phrase(first, last, (after + 1, beside_end))
            after = beside_end + 1
    return after


def _past_description(s: list[Token], after: int, frame: Frame) -> int:
    """Past what belongs to the voice: “sources who described …”, “a man quoted by X”, who passes it on."""
    if tag_at(s, after) not in ("REL", "ED", "ING", "PAST"):
        return after
    if s[after].low in ("quoted", "cited", "interviewed"):
        frame.relay = by_or_in(s, after + 1, len(s))
    end = next_tagged(s, (",", ".", ";", "Q"), after, len(s))
    return len(s) if end is None else end


def _cited(s: list[Token], after: int) -> tuple[int, int] | None:
    """Whom the voice cites: “according to X, citing Y”."""
    if tag_at(s, after) == ",":
        after += 1
    if low_at(s, after) != "citing" or tag_at(s, after + 1) not in ("CAP", "DET", "N", "ED"):
        return None
    return after + 1, voice_after(s, after + 1, len(s))


def _take_after(s: list[Token], after: int, frame: Frame) -> bool:
    """Take what is said after “According to X,”: whether there is anything."""
    comma = tag_at(s, after) == ","
    k = after + 1 if comma else after
    if k >= len(s) or not (s[k].tag == "Q" or clause_at(s, k) or (comma and len(s) - k > 4)):
        return False
    frame.contents = [(k, quoted_end(s, k) if s[k].tag == "Q" else content_end(s, k))]
    return True


def _take_before(s: list[Token], at: int, after: int, frame: Frame) -> bool:
    """Take what is said before “, according to X”, and what goes on after it: whether there is anything."""
    last = at - 1
    if tag_at(s, last) in (",", "-", "("):
        last -= 1
    if last < 0:
        return False
    first = front_start(s, last)
    if s[first].low == "that" and first < last:
        first += 1
    if not _has_clause(s, first, last):
        return False
    frame.contents = [(first, last)]
    if tag_at(s, after) == "," and after + 2 < len(s) and not frame.origin and not breaks(s, after + 1):
        end = content_end(s, after + 1)
        if end > after + 2 and s[after + 1].tag in ("PAST", "AUX", "MOD", "VBZ", "ED", "PREP", "ADV"):
            frame.contents.append((after + 1, end))
    return True


def _has_clause(s: list[Token], first: int, last: int) -> bool:
    """Whether a stretch has a verb or a quotation, so that it can be what was said."""
    return clause_at(s, first) or any(s[i].tag == "Q" or finite_at(s, i) for i in range(first, last + 1))


def _apposition(s: list[Token], first: int, opens: bool) -> int | None:
    """The end of a description in commas after a name: “the coach, Ali Reza, …”; None if there is none."""
    end = first
    while end < len(s) and s[end].tag not in (",", ".", ";", "Q"):
        if finite_at(s, end) or s[end].tag in ("SUB", "PRO"):
            return None
        end += 1
    if end >= len(s) or end == first or end - first > ASIDE or (opens and s[end].tag != ","):
        return None
    words = s[first:end]
    if words[0].tag == "REL" or all(word.tag in ("CAP", "'") for word in words):
        return end - 1
    described = any(word.low in DESCRIBING for word in words)
    return end - 1 if described and words[0].tag in ("DET", "N", "CAP", "ED") else None


def label(s: list[Token], at: int, earlier: list[Frame]) -> Frame | None:
    """Verbs of judging and demanding: what they quote at some length is a statement."""
    left, aux = before_verb(s, at)
    if s[at].tag == "CAP" or is_supposed(s, left, aux, "past") or any(word in FINITE_BE for word in aux):
        return None
    quote = _labelling(s, at)
    if quote is None:
        return None
    subject: Phrase | None = None
    shared: Frame | None = None
    if not s[at].low.endswith("ing"):
        subject, shared = subject_before(s, left, earlier)
    elif tag_at(s, left) == "," and earlier:
        shared = last_speaker(earlier)
    else:
        subject = main_subject(s, at)
    if subject is None and shared is None:
        return None
    return Frame((at, at), s[at].low, "label", subject, shared, contents=[(quote, quote)])


def _labelling(s: list[Token], at: int) -> int | None:
    """The quotation of some length after a verb of judging; None where another act of saying comes before it."""
    for i in range(at + 1, min(len(s), at + LABELLED_WITHIN)):
        if s[i].tag == "Q":
            if words_of(s[i]) >= (LABELLED if inner(s[i])[:1].isupper() else LABELLED_LOW):
                return i
        elif s[i].tag == ";" or lx.says(s[i].low):
            return None
    return None

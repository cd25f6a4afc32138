"""What was said before it is said who said it: “…, X said”, “…,” said X. Places are indices of tokens."""

from claims.extraction import lexicon as lx
from claims.extraction.clauses import breaks, clause_at, content_end, has_verb, quoted_end
from claims.extraction.frame import Frame
from claims.extraction.phrases import FINITE, Phrase, finite_at, past_circumstance, phrase_after
from claims.extraction.places import low_at, next_tagged, tag_at
from claims.extraction.sentences import closes_sentence, inner, is_title, words_of
from claims.extraction.subjects import is_aside
from claims.extraction.tokens import Token

RESUMES = 25
"""Tokens after the attribution that the rest of a broken quotation may begin within."""
INVERTS_NOT = lx.NEEDS_HEARER | {"find", "show", "learn", "hear"}
"""Verbs that do not stand before their subject."""


def take_fronted(s: list[Token], frame: Frame) -> None:
    """Take what stands before “X said”, and what follows where the attribution stands in the middle."""
    if frame.voice is None or frame.voice.first == 0:
        return
    begin, after = frame.voice.first, frame.cue[1] + 1
    before = begin - 1
    if before and s[before].tag == "SUB" and s[before].low == "as" and s[before - 1].tag in (",", "Q"):
        before -= 1
    if s[before].tag == "Q":
        take_front(s, frame, before, after)
    elif before and (s[before].tag == "," or (s[before].tag == "-" and s[before - 1].tag == "Q")):
        take_front(s, frame, before - 1, after)
    elif s[begin].low in ("they", "we", "people"):
        return
    elif s[before].low == "as" and (before == 0 or s[before - 1].tag == "."):
        _take_after_as(s, frame)


def _take_after_as(s: list[Token], frame: Frame) -> None:
    """Take what follows “As X told Y, …”."""
    k = frame.hearer[1] + 1 if frame.hearer else frame.cue[1] + 1
    k = past_circumstance(s, k, len(s))
    if tag_at(s, k) != ",":
        return
    if tag_at(s, k + 1) == "Q":
        frame.contents, frame.pattern = [(k + 1, quoted_end(s, k + 1))], "direct"
    elif clause_at(s, k + 1):
        frame.contents, frame.pattern = [(k + 1, content_end(s, k + 1))], "as"


def take_front(s: list[Token], frame: Frame, last: int, after: int) -> None:
    """Take what ends at ``last``, before the attribution, if no clause of its own stands at ``after``, behind it."""
    if not _leads_on(s, last, after) and not _only_circumstance(s, frame, after):
        return
    first = front_start(s, last)
    if first > last:
        return
    if s[last].tag == "Q":
        _take_quoted_front(s, frame, first, last)
    elif _is_aside_clause(s, first, last) or frame.base in lx.FRONTS_NOT:
        return
    elif _is_statement(s, first, last):
        frame.contents, frame.pattern = [(first, last)], "front"
    elif (clause := _clause_after(s, after)) is not None:
        frame.contents, frame.pattern = [clause], "front"
        return
    elif (rest := _goes_on(s, after)) is not None:
        frame.contents, frame.pattern = [(first, last), rest], "front"
        return
    if frame.contents:
        take_broken(s, frame)


def _leads_on(s: list[Token], last: int, after: int) -> bool:
    """Whether the quotation at ``last`` ends with a comma, so that it is what was said whatever follows but “that”."""
    if s[last].tag != "Q" or not inner(s[last]).endswith(","):
        return False
    return s[after - 1].low != "that" and low_at(s, after) != "that"


def _take_quoted_front(s: list[Token], frame: Frame, first: int, last: int) -> None:
    """Take the quotation that ends at ``last``, with what leads to it if that is part of what was said."""
    if first == last and words_of(s[last]) < 2 and inner(s[last])[-1:] not in ",.?!…":
        return
    whole = all(token.tag in ("Q", ",", "-") for token in s[first : last + 1])
    if not whole and not has_verb(s, first, last) and (inner(s[last])[:1].isupper() or s[last - 1].tag == ","):
        first, whole = last, True
    frame.contents, frame.pattern = [(first, last)], "direct" if whole else "mixed"


def _is_statement(s: list[Token], first: int, last: int) -> bool:
    """Whether a stretch without marks at its end can be what was said: it has a verb, a quotation, or length."""
    if clause_at(s, first, last + 1) or has_verb(s, first, last) or last - first >= 6:
        return True
    return next_tagged(s, "Q", first, last + 1) is not None


def _goes_on(s: list[Token], after: int) -> tuple[int, int] | None:
    """“The floods, he insisted, were caused by …”: the verb of what was said, after the attribution."""
    k = past_circumstance(s, after, len(s))
    if k + 2 < len(s) and s[k].tag == "," and (s[k + 1].tag in FINITE or s[k + 1].tag in ("ED", "VBZ", "VB")):
        return k + 1, content_end(s, k + 2)
    return None


def _clause_after(s: list[Token], after: int) -> tuple[int, int] | None:
    """“Last summer, say officials, Berlin noticed …”: all that was said, after the attribution."""
    k = past_circumstance(s, after, len(s))
    if tag_at(s, k) != "," or tag_at(s, k + 1) not in ("DET", "CAP", "PRO", "N") or not clause_at(s, k + 1):
        return None
    return k + 1, content_end(s, k + 2)


def _is_aside_clause(s: list[Token], first: int, last: int) -> bool:
    """“After the settlement was reached, X said”: when it was said, not what."""
    if s[first].tag not in ("SUB", "PREP") or s[first].low in ("that", "what", "whether", "how", "why", "where"):
        return False
    comma = next_tagged(s, ",", first, last)
    return comma is None or not has_verb(s, comma + 1, last)


def front_start(s: list[Token], last: int) -> int:
    """Where what ends at ``last`` begins: with the sentence, or after a stop in it. After ``last`` if that is one."""
    first = last + 1
    while first and not (s[first - 1].tag in (";", ":", "Q") and _stops(s, first - 1, last)):
        first -= 1
    while first < last and s[first].tag == "CC":
        first += 1
    return first


def _stops(s: list[Token], at: int, last: int) -> bool:
    """Whether what ends at ``last`` begins after the mark or quotation at ``at``."""
    if s[at].tag == ";":
        return True
    if at == last:
        return False
    return s[at].tag == ":" or (s[at].tag == "Q" and closes_sentence(s[at]) and s[at + 1].tag != "Q")


def _only_circumstance(s: list[Token], frame: Frame, after: int) -> bool:
    """Whether nothing but when, where and to whom stands between the verb and the next stop."""
    if frame.hearer and frame.hearer[0] >= after:
        after = frame.hearer[1] + 1
    k = past_circumstance(s, after, len(s))
    if k >= len(s) or s[k].tag in (".", ",", ";", "Q", "-", ":", ")", "("):
        return True
    return s[k].tag in ("PREP", "ADV", "SUB", "ING", "REL", "CC")


def take_broken(s: list[Token], frame: Frame) -> None:
    """Take what goes on after “, he said,”: a second stretch of the same words."""
    first, last = frame.contents[0]
    if frame.cue[0] < first:
        # X said “A,” adding words of the sentence only where the quotation itself goes on.
        k = last + 2
        if tag_at(s, last + 1) == "," and tag_at(s, k) == "Q" and words_of(s[k]) > 2:
            frame.contents.append((k, quoted_end(s, k)))
        return
    k = past_circumstance(s, _attribution_end(frame) + 1, len(s))
    quote = next((i for i in range(k, min(len(s), k + RESUMES)) if s[i].tag == "Q" and not is_title(s[i])), None)
    if frame.pattern in ("direct", "mixed"):
        if quote is not None and _resumes(s, frame, k, quote):
            frame.contents.append((quote, quoted_end(s, quote)))
    elif frame.pattern == "front" and tag_at(s, k) == ",":
        if quote is not None and (quote == k + 1 or (quote == k + 2 and s[k + 1].tag == "CC")):
            frame.contents.append((quote, quoted_end(s, quote)))
        elif _clause_resumes(s, k + 1):
            frame.contents.append((k + 1, content_end(s, k + 1)))


def _attribution_end(frame: Frame) -> int:
    """The last token of the verb, the voice with what stands beside it, and whom it was told to."""
    ends = [frame.cue[1]]
    if frame.voice:
        ends.append(frame.voice.last)
        if frame.voice.beside:
            ends.append(frame.voice.beside[1])
    if frame.hearer:
        ends.append(frame.hearer[1])
    return max(ends)


def _resumes(s: list[Token], frame: Frame, k: int, quote: int) -> bool:
    """Whether a quotation after the attribution, which ends before ``k``, goes on with the one before it."""
    if quote == k and not (frame.voice and frame.voice.beside):
        return True
    if s[quote - 1].tag not in (",", ":", "-"):
        return False
    return not any(token.tag in (".", ";") or token.low in lx.FORMS for token in s[k:quote])


def _clause_resumes(s: list[Token], at: int) -> bool:
    """Whether what follows the comma before ``at`` goes on with the clause before the attribution."""
    if at >= len(s) or breaks(s, at) or s[at].tag in ("CC", "ING", "REL", "CAP", "SUB"):
        return False
    return any(finite_at(s, i) for i in range(at, len(s)))


def inverted(s: list[Token], at: int, base: str, left: int) -> Frame | None:
    """“…,” said X, a Y: the frame of the verb at ``at``, before which the token at ``left`` stands."""
    if not _can_invert(s, at, base, left):
        return None
    first = at + 1
    last = phrase_after(s, first, len(s))
    beside = _beside_name(s, last)
    frame = Frame((at, at), base, "inverted", Phrase(first, last, beside))
    after = (beside[1] if beside else last) + 1
    if left < 0:
        k = past_circumstance(s, after, len(s))
        if tag_at(s, k) in (":", ",") and tag_at(s, k + 1) == "Q":
            frame.contents, frame.pattern = [(k + 1, quoted_end(s, k + 1))], "direct"
    elif s[left].tag == "Q":
        take_front(s, frame, left, after)
    elif left:
        take_front(s, frame, left - 1, after)
    return frame if frame.contents else None


def _can_invert(s: list[Token], at: int, base: str, left: int) -> bool:
    """Whether the verb at ``at`` can stand before its subject: after a stop, before something like a name."""
    says = lx.says(s[at].low) or (s[at].low == "say" and left >= 0 and s[left].tag == ",")
    if at + 1 >= len(s) or not says or base in INVERTS_NOT:
        return False
    if left != at - 1 or (left >= 0 and s[left].tag not in ("Q", ",", "-", ".")):
        return False
    return s[at + 1].tag in ("CAP", "DET", "PRO", "N", "NUM", "ED", "VBZ") and s[at + 1].low != "that"


def _beside_name(s: list[Token], last: int) -> tuple[int, int] | None:
    """What stands in commas beside the name that ends at ``last``: “said X, a Y”."""
    first = last + 2
    if first >= len(s) or s[last + 1].tag != "," or s[first].tag in ("ING", "ED", "ADV"):
        return None
    if not is_aside(s, first, min(last + 12, len(s) - 1)):
        return None
    end = next_tagged(s, (",", ".", ";", "Q", "SUB"), first + 1, len(s))
    return first, (len(s) if end is None else end) - 1

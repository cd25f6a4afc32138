"""What stands after a verb of saying: to whom, when, and what. Places are indices of tokens."""

from claims.extraction import lexicon as lx
from claims.extraction.clauses import clause_at, content_end, past_assertion, quoted_end
from claims.extraction.frame import Frame
from claims.extraction.hearers import past_hearer
from claims.extraction.phrases import FINITE, finite_at, past_circumstance
from claims.extraction.places import low_at, next_tagged, tag_at
from claims.extraction.sentences import closes_sentence, is_title, words_of
from claims.extraction.tokens import Token

BETWEEN = 14
"""Tokens that are looked at for the end of a place or a time between the verb and what was said."""
WITHIN = 25
"""Tokens after the verb that a quotation may begin within, where a clause of the reporter's leads to it."""
OTHER_CLAUSE = frozenset(["SUB", "AUX", "MOD", "PAST", "PRO", ".", ";", ",", ")", "Q", ":"])
"""What ends the search for it."""
NO_OCCASION = frozenset(["by", "as", "for", "since", "within", "until", "over", "after", "before"])
"""Prepositions that more often begin what was said than say when it was."""
ASKING = frozenset(["ask", "wonder", "inquire"])
EXPLAINING = frozenset(["tell", "explain", "say", "reveal", "show"])
"""Verbs after which “how”, “why” or “whether” tells what was said."""
SELDOM_BARE = lx.QUOTES_ONLY - lx.SHOWING
BARE_TOO = frozenset(["joke", "quip", "reason", "hold", "rule"])
"""Of the verbs that want marks or “that”, those that a bare clause can follow."""
ASKED_OF_HEARER = lx.TELLING - lx.NEEDS_HEARER - {"advise", "warn", "promise"}
"""Verbs after whose hearer comes what they are to do, not a bare clause: “asked them to”."""


def read_after(s: list[Token], at: int, frame: Frame) -> None:
    """Take what stands after the verb at ``at``: whom it was told to, when, and what was said."""
    k = at + 2 if frame.base in lx.WITH_PARTICLE else at + 1
    if frame.base == "go":
        if tag_at(s, k) in ("Q", ":") or (tag_at(s, k) == "," and tag_at(s, k + 1) == "Q"):
            _take_content(s, k, frame)
        return
    for _ in range(4):
        before = k
        k = past_hearer(s, k, frame)
        k = _past_when(s, k, frame)
        if k == before:
            k = _past_place(s, k, frame)
        k = _past_parenthesis(s, k, frame)
        if k == before:
            break
    _take_content(s, k, frame)


def _past_when(s: list[Token], k: int, frame: Frame) -> int:
    """Past when or on what occasion it was said: “on Tuesday”, “in a statement”."""
    after = past_circumstance(s, k, len(s))
    if after == k or not _circumstance_ends(s, k, after):
        return k
    frame.when = frame.when or (k, after - 1)
    return after


def _circumstance_ends(s: list[Token], first: int, after: int) -> bool:
    """Whether what seems to be when or where it was said, up to ``after``, is not the beginning of what was said."""
    if after >= len(s) or s[after].tag in (".", "Q", ":", ";") or s[after].low == "that":
        return True
    opening = s[first].low if s[first].tag == "PREP" else ""
    if s[after].tag == ",":
        if tag_at(s, after + 1) == "Q":
            return True
        return opening in ("in", "on", "at", "during") and not clause_at(s, after + 1)
    return opening not in NO_OCCASION


def _past_place(s: list[Token], k: int, frame: Frame) -> int:
    """Past “at the White House” before “that” or a quotation, which leave no doubt where what was said begins."""
    if tag_at(s, k) not in ("PREP", "ADV"):
        return k
    for i in range(k + 1, min(len(s), k + BETWEEN)):
        if _begins_content(s, i):
            frame.when = frame.when or (k, i - 1)
            return i
        if s[i].tag == "," and tag_at(s, i + 1) in ("N", "CAP", "VBZ"):
            continue
        if s[i].tag in OTHER_CLAUSE or s[i].low == "that" or finite_at(s, i):
            return k
    return k


def _begins_content(s: list[Token], at: int) -> bool:
    """Whether what was said surely begins at ``at``, after a place or a time."""
    token = s[at]
    if token.low == "that" or token.tag == ":":
        return s[at - 1].tag != "CC"
    if token.tag == "Q":
        return s[at - 1].tag == ","
    return token.tag == "," and (tag_at(s, at + 1) == "Q" or low_at(s, at + 1) == "that")


def _past_parenthesis(s: list[Token], k: int, frame: Frame) -> int:
    """Past what stands between commas right after the verb: “said, on Tuesday, that”."""
    if tag_at(s, k) != "," or k + 1 >= len(s):
        return k
    inside = past_circumstance(s, k + 1, len(s))
    if inside > k + 1 and tag_at(s, inside) == "," and inside - k < BETWEEN:
        frame.when = frame.when or (k + 1, inside - 1)
        return inside + 1
    closing = next_tagged(s, (",", ".", ";", "Q"), k + 1, min(len(s) - 1, k + 12))
    if closing is not None and s[closing].tag == "," and s[closing + 1].low == "that":
        return closing + 1
    return k


def _take_content(s: list[Token], k: int, frame: Frame) -> None:
    """Take what begins at ``k`` as what was said, where it looks like it."""
    if k >= len(s) or _is_other_verb(s[k]):
        return
    if _goes_on_after_comma(s, k, frame.base):
        k += 1
    token = s[k]
    if token.tag == ":":
        _take_after_colon(s, k + 1, frame)
    elif token.tag == "Q":
        _take_quotation(s, k, frame)
    elif token.low == "that" and k + 1 < len(s) and s[k + 1].tag != ".":
        _take_that_clause(s, k, frame)
    elif frame.base in SELDOM_BARE:
        _take_rare_clause(s, k, frame)
    elif token.tag == "SUB" and token.low in lx.QUESTION_WORDS:
        _take_question(s, k, frame)
    elif not _cannot_open(token, frame.base):
        _take_bare(s, k, frame)


def _is_other_verb(token: Token) -> bool:
    """Whether another verb stands where what was said would begin."""
    return (token.tag in FINITE and not token.is_clause) or (lx.says(token.low) and token.low not in lx.ALSO_NOUNS)


def _goes_on_after_comma(s: list[Token], k: int, base: str) -> bool:
    """Whether ``k`` is the comma of “said, “…”” or “said, simply, …”."""
    if s[k].tag != ",":
        return False
    return tag_at(s, k + 1) == "Q" or (k + 2 < len(s) and s[k + 1].low in ("that", "simply") and base in lx.SAYING)


def _cannot_open(token: Token, base: str) -> bool:
    """Whether what was said cannot begin with this word."""
    if token.tag in (".", ",", ";", "-", ")", "CC"):
        return True
    return (token.tag == "ING" and base not in lx.LOOSE) or (token.tag == "PREP" and token.low not in lx.OPENING)


def _take_after_colon(s: list[Token], k: int, frame: Frame) -> None:
    """Take what follows a colon, or note that it leads to what follows the sentence."""
    if k >= len(s):
        frame.leads = True
    elif s[k].tag == "Q":
        frame.contents, frame.pattern = [(k, quoted_end(s, k))], "direct"
    else:
        frame.contents, frame.pattern = [(k, len(s) - 1)], "colon"


def _take_quotation(s: list[Token], k: int, frame: Frame) -> None:
    """Take the quotation at ``k``, with what goes on after it, unless it is a title or a mere word."""
    if frame.base in lx.QUOTES_ONLY and is_title(s[k]):
        return
    last = quoted_end(s, k)
    if words_of(s[k]) < 3 and last == k and frame.base not in lx.LOOSE and not closes_sentence(s[k]):
        return
    whole = all(token.tag in ("Q", ",", "CC", ".") for token in s[k : last + 1])
    frame.contents, frame.pattern = [(k, last)], "direct" if whole else "mixed"


def _take_that_clause(s: list[Token], k: int, frame: Frame) -> None:
    """Take the clause with “that” at ``k``, unless it is “that” with a noun."""
    sure = frame.base in lx.LOOSE or clause_at(s, k + 1) or next_tagged(s, "Q", k, len(s)) is not None
    if sure or (s[k + 1].tag not in ("N", "CAP") and len(s) - k >= 4):
        frame.contents, frame.pattern = [(k, content_end(s, k + 1))], "that"


def _take_rare_clause(s: list[Token], k: int, frame: Frame) -> None:
    """Take a clause without marks or “that” after a verb that seldom has one: “asked whether”, “joked he was”."""
    if frame.base in ASKING and s[k].low in lx.QUESTION_WORDS:
        frame.contents, frame.pattern = [(k, content_end(s, k + 1))], "question"
    elif frame.base in BARE_TOO and s[k].tag in ("DET", "PRO", "CAP") and clause_at(s, k):
        frame.contents, frame.pattern = [(k, content_end(s, k))], "bare"


def _take_question(s: list[Token], k: int, frame: Frame) -> None:
    """Take a clause that begins like a question: “said what matters is …”, “explained how …”."""
    word = s[k].low
    if word in ("how", "why", "whether"):
        if frame.base in EXPLAINING:
            frame.contents, frame.pattern = [(k, content_end(s, k))], "question"
    elif clause_at(s, k) and (
        word == "what" or (frame.base in lx.LOOSE and next_tagged(s, ",", k, len(s)) is not None)
    ):
        frame.contents, frame.pattern = [(k, content_end(s, k))], "bare"


def _take_bare(s: list[Token], k: int, frame: Frame) -> None:
    """Take a clause that nothing introduces: “said the bridge was safe”."""
    assertion = past_assertion(s, k)
    if assertion is not None:
        frame.contents, frame.pattern = [(assertion, content_end(s, assertion))], "that"
    elif _is_for_hearer(frame):
        return
    elif clause_at(s, k, plain=frame.base in lx.SHOWING) or _is_content_anyway(s, k, frame):
        frame.contents, frame.pattern = [(k, content_end(s, k))], "bare"
    else:
        _take_quotation_within(s, k, frame)


def _is_for_hearer(frame: Frame) -> bool:
    """Whether a bare clause cannot follow, because a hearer is missing, or is one to do something: “asked them to”."""
    if frame.base in lx.NEEDS_HEARER:
        return frame.hearer is None
    return frame.base in ASKED_OF_HEARER and frame.hearer is not None


def _is_content_anyway(s: list[Token], k: int, frame: Frame) -> bool:
    """Whether what follows a verb that says little else is what was said, though no verb was seen in it."""
    if frame.base not in lx.LOOSE or frame.voice is None or len(s) - k <= 4:
        return False
    if s[k].tag not in ("DET", "N", "CAP", "NUM", "PRO", "VBZ"):
        return False
    return not any(word.low in lx.NO_CONTENT for word in s[k : k + 4])


def _take_quotation_within(s: list[Token], k: int, frame: Frame) -> None:
    """Take a quotation of some length in what follows the verb: “noted the “…””."""
    quote = next((i for i in range(k, min(len(s), k + WITHIN)) if s[i].tag == "Q" and words_of(s[i]) >= 4), None)
    if quote is None or frame.base in lx.SHOWING:
        return
    if not any(token.low in lx.FORMS or token.tag in (";", ":", "REL") for token in s[k:quote]):
        frame.contents, frame.pattern = [(quote, quote)], "within"

"""Where a clause begins and where what somebody said ends. Places are indices of tokens."""

from claims.extraction import lexicon as lx
from claims.extraction.phrases import FINITE, finite_at, starts_circumstance
from claims.extraction.places import low_at, tag_at
from claims.extraction.sentences import closes_sentence, inner, is_title, words_of
from claims.extraction.tokens import Token

AHEAD = 30
"""How many tokens are looked at for the verb of a clause."""
NOT_SAYING = frozenset(["show", "find", "learn", "hear", "hold", "read"])
"""Verbs that in their -ing form, after a comma, as often go on with what was said: “, showing that …”."""


def clause_at(s: list[Token], k: int, stop: int | None = None, *, plain: bool = False) -> bool:
    """Whether a clause begins at ``k``: something that a verb follows. ``plain``: one that is nothing but a verb."""
    stop = min(len(s) if stop is None else stop, k + AHEAD)
    if k >= len(s) or s[k].tag in (".", ",", ";", ")", "CC"):
        return False
    return s[k].is_clause or _verb_ahead(s, k, stop, plain=plain)


def _verb_ahead(s: list[Token], k: int, stop: int, *, plain: bool) -> bool:
    """Whether the verb of what begins at ``k`` stands before ``stop``, and no verb of a relative clause."""
    relatives = commas = 0
    for i in range(k + 1, stop):
        tag = s[i].tag
        if tag in (";", ":", ".") or (tag == "," and i + 1 < stop and _other_act(s, i + 1)):
            return False
        if tag == ",":
            relatives = 0
            commas += 1
        elif _subordinates(s, i):
            relatives += 1
        elif tag == "Q" and words_of(s[i]) >= 3 and not plain:
            return True
        elif not finite_at(s, i) or _after_auxiliary(s, i, k):
            continue
        elif relatives:
            relatives -= 1
        elif not plain or tag in FINITE or (i + 1 < stop and s[i + 1].tag in ("DET", "NUM", "CAP")):
            return commas != 1 or s[k].tag in ("PREP", "SUB", "ADV", "ING")
    return False


def _other_act(s: list[Token], at: int) -> bool:
    """Whether after a comma another act goes on: “…, and …”, “…, saying …”."""
    return s[at].tag == "CC" or (s[at].tag in ("ING", "VB", "N") and s[at].low in lx.FORMS)


def _subordinates(s: list[Token], at: int) -> bool:
    """Whether the next verb belongs to a clause within the clause: “the law that …”, “those who …”."""
    token = s[at]
    if token.tag == "REL" or (token.tag == "SUB" and token.low not in ("as", "than")):
        return True
    return token.low == "that" and s[at - 1].tag in ("N", "VBZ")


def _after_auxiliary(s: list[Token], at: int, k: int) -> bool:
    """Whether the verb at ``at`` belongs to an auxiliary that has been counted, in the clause from ``k`` on."""
    if at - 1 <= k or s[at - 1].tag not in ("AUX", "MOD", "ADV"):
        return False
    return any(s[i].tag in ("AUX", "MOD") for i in range(max(k, at - 3), at))


def has_verb(s: list[Token], first: int, last: int) -> bool:
    """Whether a verb stands after ``first``, up to ``last``."""
    places = range(first + 1, last + 1)
    if s[first].tag not in ("PREP", "SUB") and any(
        s[i].tag in FINITE or s[i].tag in ("ED", "VBZ", "VB") for i in places
    ):
        return True
    return any(finite_at(s, i) and s[i - 1].tag not in ("PREP", "SUB") for i in places)


def content_end(s: list[Token], k: int) -> int:
    """The last token of what was said, which begins at ``k``."""
    for i in range(k, len(s)):
        token = s[i]
        if token.tag == ";" or (token.low == "according" and low_at(s, i + 1) == "to"):
            return i - 1
        if (token.tag == "Q" and _ends_inside(s, i)) or (token.tag == "," and i > k and breaks(s, i + 1)):
            return i
        if token.tag == "CC" and i > k + 1 and s[i - 1].tag != "," and _own_verb_follows(s, i):
            return i - 1
    return len(s) - 1


def _ends_inside(s: list[Token], at: int) -> bool:
    """Whether the comma inside a quotation ends what was said: “…,” and something else follows."""
    follows = s[at + 1].tag if at + 1 < len(s) else "Q"
    return inner(s[at]).endswith(",") and follows not in ("CC", "Q", "-") and not is_title(s[at])


def _own_verb_follows(s: list[Token], at: int) -> bool:
    """Whether the “and” at ``at`` goes on with what the voice did, not with what it said."""
    if _verb_follows(s, at + 1):
        return True
    if s[at - 1].tag == "Q" and tag_at(s, at + 1) in ("ED", "PAST", "AUX"):
        return True
    after = low_at(s, at + 1)
    return after in lx.LABELS and after.endswith("ed")


def _verb_follows(s: list[Token], at: int) -> bool:
    """“… and added that”: a verb of saying in the same form of sentence."""
    while at < len(s) and s[at].tag == "ADV":
        at += 1
    if at + 1 >= len(s) or not lx.says(s[at].low):
        return False
    base, _ = lx.FORMS[s[at].low]
    after = s[at + 1]
    if base in lx.LOOSE or after.tag in ("Q", ":") or after.low == "that":
        return True
    if after.tag == ",":
        return tag_at(s, at + 2) == "Q"
    return base not in lx.QUOTES_ONLY and after.tag in ("DET", "PRO", "CAP", "N") and clause_at(s, at + 1)


def breaks(s: list[Token], at: int) -> bool:
    """Whether what follows a comma, from ``at`` on, is no longer what was said."""
    if at >= len(s):
        return False
    token = s[at]
    if token.low in ("according", "citing") or _turns_to_act(s, at):
        return True
    if token.tag == "CC":
        return _joins_own_act(s, at)
    if token.low == "with" and any(lx.form_of(word.low) == "ing" for word in s[at : at + 8]):
        return True
    if token.low in ("while", "although", "though", "as") and (_says_ahead(s, at + 1) or _labels_ahead(s, at + 1)):
        return True
    return token.tag != "REL" and (_says_ahead(s, at) or _inverted_ahead(s, at))


def _turns_to_act(s: list[Token], at: int) -> bool:
    """“…, adding that”, “…, said the minister”, “…, sparking protests”."""
    token = s[at]
    form = lx.form_of(token.low)
    if form == "ing" and lx.FORMS[token.low][0] not in NOT_SAYING:
        return True
    if form == "past" and at + 1 < len(s):
        return True
    labels = token.low in lx.LABELS and token.low.endswith("ing")
    return (labels or token.low in lx.COMMENTING) and (token.tag in ("ING", "VB") or form != "")


def _joins_own_act(s: list[Token], at: int) -> bool:
    """Whether what “and” or “but” at ``at`` joins is another act of the voice, or of somebody else."""
    if lx.form_of(low_at(s, at + 1)) == "past" or _verb_follows(s, at + 1):
        return True
    if s[at].low == "but" and at + 1 < len(s):
        return _new_subject(s, at + 1)
    return _says_ahead(s, at + 1)


def _new_subject(s: list[Token], at: int) -> bool:
    """“…, but the ministry will”: a clause with a subject of its own."""
    return (
        s[at].tag in ("DET", "CAP", "N", "VBZ")
        and clause_at(s, at)
        and s[at].low not in ("this", "that", "these", "those")
    )


def _says_ahead(s: list[Token], at: int) -> bool:
    """Whether a subject and a verb of saying follow, with nothing between them."""
    for i in range(at, min(at + 14, len(s))):
        token = s[i]
        if i > at and lx.says(token.low):
            return _is_attribution(s, i)
        if i > at and lx.form_of(token.low) == "base" and s[i - 1].low.endswith("s") and _ends_clause(s, i):
            return True
        if token.tag == "AUX" and low_at(s, i + 1) in lx.FORMS:
            continue
        if token.tag in ("AUX", "MOD", "PAST", "SUB", ".", ";", ":", "Q", ","):
            return False
    return False


def _ends_clause(s: list[Token], at: int) -> bool:
    """Whether nothing or a stop follows: “…, researchers say.”"""
    return at + 1 == len(s) or s[at + 1].tag in (".", ",")


def _is_attribution(s: list[Token], at: int) -> bool:
    """Whether the verb of saying at ``at`` ends an attribution: a stop, “that”, a time or a place follows."""
    base, form = lx.FORMS[s[at].low]
    if form == "third" and s[at].low in lx.ALSO_NOUNS:
        return False
    if at + 1 == len(s):
        return True
    after = s[at + 1]
    if after.tag in (".", ",", "Q", ":", ";") or after.low == "that":
        return True
    return base in lx.LOOSE or starts_circumstance(s, at + 1, len(s)) or after.low in lx.TIMES


def _labels_ahead(s: list[Token], at: int) -> bool:
    """“…, while X accused …”: somebody else's act."""
    for i in range(at, min(at + 10, len(s))):
        if s[i].low in lx.LABELS and i > at:
            return not s[i].low.endswith("ing")
        if s[i].tag in ("AUX", "MOD", "PAST", "SUB", ".", ";", ":", "Q", ",", "PRO"):
            return False
    return False


def _inverted_ahead(s: list[Token], at: int) -> bool:
    """“…, said the minister”."""
    return lx.says(s[at].low) and tag_at(s, at + 1) in ("CAP", "DET", "PRO", "N")


def quoted_end(s: list[Token], k: int) -> int:
    """The last token of what begins with the quotation at ``k``: itself, or what goes on after it."""
    while not _is_closed(s, k) and (joined := _joined_quotation(s, k)) is not None:
        k = joined
    if _is_closed(s, k) or _stops_after(s, k):
        return k
    end = content_end(s, k + 1)
    last = next((i for i in range(end, k, -1) if s[i].tag == "Q"), None)
    return last if last is not None and closes_sentence(s[last]) else end


def _is_closed(s: list[Token], k: int) -> bool:
    """Whether the quotation at ``k`` ends what was said by its last mark, or ends the sentence."""
    if k + 1 >= len(s) or inner(s[k]).endswith(","):
        return True
    return closes_sentence(s[k]) and s[k + 1].tag != "PREP"


def _joined_quotation(s: list[Token], k: int) -> int | None:
    """The quotation that goes on after the one at ``k``: “A”, “B” and “C”."""
    at = k + 1
    if tag_at(s, at) == ",":
        if tag_at(s, at + 1) == "Q":
            return at + 1 if words_of(s[at + 1]) > 1 else None
        at += 1
    return at + 1 if tag_at(s, at) == "CC" and tag_at(s, at + 1) == "Q" else None


def _stops_after(s: list[Token], k: int) -> bool:
    """Whether nothing of what was said goes on after the quotation at ``k``."""
    after = s[k + 1]
    if after.tag in (".", ";", ")", "Q", "-", "CC", "(", ":") or after.low in lx.FORMS:
        return True
    if after.tag in ("'", ",") and k + 2 < len(s):
        return True
    if after.tag in ("PAST", "CAP") and words_of(s[k]) > 8:
        return True
    return after.low in ("according", "as", "before", "while", "when", "during") or starts_circumstance(
        s, k + 1, len(s)
    )


def past_assertion(s: list[Token], k: int) -> int | None:
    """Past “his view that”, “claims that”, “accusations”: where the clause of such a noun begins."""
    for i in range(k, min(k + 4, len(s) - 2)):
        if s[i].low in lx.ASSERTIONS:
            if s[i + 1].low == "that":
                return i + 2 if clause_at(s, i + 2) else None
            return i + 1 if s[i + 1].tag == "PRO" and clause_at(s, i + 1) else None
        if s[i].tag not in ("DET", "N", "CAP", "ED", "VBZ", "ADV"):
            return None
    return None

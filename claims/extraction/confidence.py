"""How sure a suggestion is, read from how it was recognised, what it says and whose it is."""

from claims.extraction import lexicon as lx
from claims.extraction.quotation import Kind, Voice, VoiceKind
from claims.extraction.said import Said

BY_PATTERN = {
    "direct": 0.98,
    "that": 0.94,
    "mixed": 0.87,
    "front": 0.84,
    "bare": 0.84,
    "according": 0.84,
    "inverted": 0.84,
    "goes on": 0.82,
    "as": 0.8,
    "lead": 0.79,
    "block": 0.79,
    "listed": 0.72,
    "signature": 0.72,
    "label": 0.7,
    "nobody": 0.7,
    "colon": 0.65,
    "within": 0.62,
    "question": 0.5,
    "beside": 0.4,
}
"""The share of suggestions that were right, by how they were recognised, on articles kept for it. ``bench/``
measures it again; what editors decide shows it for each desk."""

LEAST, MOST = 0.05, 0.99
SHORT = 3
"""Words that a statement has seldom fewer than."""
LONG = 22
"""Words that the name or description of a voice has seldom more than."""
UNMARKED = frozenset(["front", "mixed", "bare"])
"""Patterns in which nothing but the verb says that it is a statement."""
SPEAKERS = lx.PERSON_NOUNS | lx.BODIES | lx.DOCUMENTS | lx.PLURAL_PEOPLE | lx.OUTLET_WORDS
"""Nouns of those who can say something."""


def confidence(said: Said, kind: Kind, text: str) -> float:
    """0 to 1: how likely an editor is to accept it as it is."""
    sure = (BY_PATTERN[said.pattern] - said.doubt) * _of_words(said, kind, text) * _of_verb(said)
    if said.weak:
        sure *= 0.6
    if said.parent is not None:
        sure *= 0.85
    if said.hop.voices:
        sure *= min(_of_voice(voice, said.base) for voice in said.hop.voices)
    elif said.pattern != "nobody":
        sure *= 0.6
    return max(LEAST, min(MOST, sure))


def _of_words(said: Said, kind: Kind, text: str) -> float:
    """How like a statement it is by its length."""
    if sum(len(text[start:end].split()) for start, end in said.spans) >= SHORT:
        return 1.0
    return 0.8 if kind is Kind.DIRECT else 0.6


def _of_verb(said: Said) -> float:
    """How like a verb of saying its verb is, where nothing else says that it is one."""
    sure = 0.86 if said.pattern in UNMARKED and said.base not in lx.LOOSE else 1.0
    shows = said.base in lx.SHOWING
    quotes_only = said.base in lx.QUOTES_ONLY and said.pattern != "direct"
    return sure * 0.87 if shows or quotes_only else sure


def _of_voice(voice: Voice, base: str) -> float:
    """How like a voice that could say this it looks."""
    words = voice.as_named.split()
    last = words[-1].lower().removesuffix("'s").removesuffix("’s") if words else ""
    if len(words) > LONG:
        return 0.75
    if voice.name:
        return 1.0
    if last in lx.PRONOUNS or any(word[:1].isupper() for word in words[1:]):
        return 0.8 if last in ("it", "this", "that") else 1.0
    if last.removesuffix("s") in SPEAKERS or any(_plain(word) in SPEAKERS for word in words):
        return 0.95
    if base in lx.SHOWING:
        return 0.75
    return 0.9 if voice.kind is VoiceKind.GROUP else 0.84


def _plain(word: str) -> str:
    return word.lower().strip(",")

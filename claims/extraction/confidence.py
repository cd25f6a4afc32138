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


def confidence(said: Said, kind: Kind, text: str) -> float:
    """0 to 1: how likely an editor is to accept it as it is."""
    sure = BY_PATTERN[said.pattern] - said.doubt
    words = sum(len(text[start:end].split()) for start, end in said.spans)
    if words < 3:
        sure *= 0.8 if kind is Kind.DIRECT else 0.6
    if said.pattern in ("front", "mixed", "bare") and said.base not in lx.LOOSE:
        sure *= 0.86
    if said.base in lx.SHOWING or (said.base in lx.QUOTES_ONLY - lx.SHOWING and said.pattern != "direct"):
        sure *= 0.87
    if said.weak:
        sure *= 0.6
    if said.parent is not None:
        sure *= 0.85
    if said.hop.voices:
        sure *= min(_of_voice(voice, said.base) for voice in said.hop.voices)
    elif said.pattern != "nobody":
        sure *= 0.6
    return max(0.05, min(0.99, sure))


def _of_voice(voice: Voice, base: str) -> float:
    """How like a voice that could say this it looks."""
    words = voice.as_named.split()
    if len(words) > 22:
        return 0.75
    low = words[-1].lower().removesuffix("'s").removesuffix("’s") if words else ""
    if voice.name or any(word[:1].isupper() for word in words[1:]) or low in lx.PRONOUNS:
        return 1.0 if voice.name or low not in ("it", "this", "that") else 0.8
    known = lx.PERSON_NOUNS | lx.BODIES | lx.DOCUMENTS | lx.PLURAL_PEOPLE | lx.OUTLET_WORDS
    lows = {word.lower().strip(",") for word in words}
    if lows & known or low.removesuffix("s") in known:
        return 0.95
    if base in lx.SHOWING:
        return 0.75
    return 0.9 if voice.kind is VoiceKind.GROUP else 0.84

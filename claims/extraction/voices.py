"""Whom a phrase stands for: a name, a pronoun, a description."""

import re
from bisect import bisect_right

from claims.extraction import lexicon as lx
from claims.extraction.names import Names, Person
from claims.extraction.naming import (
    OF_OTHERS,
    capital_tail,
    head_word,
    is_plural,
    joined,
    joint,
    kind_of,
    own,
    title_and_name,
    until_lower,
    without_parentheses,
)
from claims.extraction.phrases import Phrase
from claims.extraction.quotation import Voice, VoiceKind
from claims.extraction.sentences import Sentence
from claims.extraction.tokens import Token

NEAR = 700
"""Characters back to whom “it” or “they” are followed."""
BACK = 25
"""Sentences back in which “he” or “she” may be named."""
MENTIONS = 40
"""How many namings of people are gone through for a pronoun."""
JUST_NAMED = (12, 3)
"""How many namings, and sentences, back a description may mean somebody who has no such role."""
LONGEST_ROLE = 200
ARTICLE = re.compile(r"^(?:the|an?)\s", re.IGNORECASE)

HE = ("he", "him", "his")
SHE = ("she", "her", "hers")
NUMBERS = {"they": "they", "them": "they", "we": "they", "it": "it", "which": "it", "who": "any"}
"""Pronouns of bodies and groups → what ``Voices.heard`` calls those they can mean."""
UNNAMED = frozenset(["spokesman", "spokeswoman", "spokesperson", "source", "official", "witness", "diplomat", "victim"])
"""Descriptions of people whom articles leave without a name."""
REPORTS = frozenset(
    ["report", "article", "story", "newspaper", "paper", "broadcaster", "outlet", "magazine", "website"]
)
"""Descriptions of an outlet that has just been named as reporting something, and of its report."""
FORMER = ("former", "outgoing", "ex")

Read = tuple[str, str, VoiceKind]
"""The name in a phrase, the role given with it, what the voice seems to be."""


class Voices:
    """Who speaks in one article."""

    def __init__(self, text: str, sentences: list[Sentence]):
        self.text = text
        self.names = Names(sentences)
        self.spoke: list[tuple[int, Voice, str]] = []
        """(place, voice, “person”, “they” or “it”) of those already found speaking, in order."""
        self.reporting: list[tuple[int, str]] = []
        """(place, name) of outlets that were found reporting what others said."""
        self._sentence_at = [sentence.start for sentence in sentences]
        self._mention_at = [mention.at for mention in self.names.mentions]

    def of(self, s: list[Token], phrase: Phrase) -> tuple[Voice, ...]:
        """The voices that a phrase names: more than one where it joins two names."""
        parts = joint(s, phrase.first, phrase.last)
        if len(parts) > 1:
            return tuple(self._one(s, first, last, None) for first, last in parts)
        return (self._one(s, phrase.first, phrase.last, phrase.beside),)

    def heard(self, place: int, voices: tuple[Voice, ...], words: str, *, reporting: bool = False) -> None:
        """Remember who spoke: pronouns are read by it. ``reporting``: what they said is a report on others."""
        if not voices:
            return
        voice = voices[0]
        if voice.name and voice.kind is not VoiceKind.PERSON and (reporting or voice.kind is VoiceKind.OUTLET):
            self.reporting.append((place, voice.name))
        if len(voices) > 1 or voice.kind is VoiceKind.GROUP or (not voice.name and is_plural(words)):
            number = "they"
        else:
            number = "person" if voice.kind is VoiceKind.PERSON else "it"
        self.spoke.append((place, voice, number))

    def _one(self, s: list[Token], first: int, last: int, beside: tuple[int, int] | None) -> Voice:
        text = self.text[s[first].start : s[last].end]
        words = s[first : last + 1]
        place = s[first].start
        if len(words) == 1 and words[0].low in lx.PRONOUNS | OF_OTHERS:
            return self._pronoun(text, words[0].low, place)
        if len(words) == 1:
            text = own(text)
        inside = s[beside[0] : beside[1] + 1] if beside else []
        name, role, kind = self._with_beside(self._named(words, place), inside, text, place)
        if not name:
            name, kind = self._description(words, place, kind)
        if role.split(" ", 1)[0].lower() in OF_OTHERS:
            role = ""  # “his father” is no role that somebody holds
        return Voice(text, name, role[:LONGEST_ROLE], kind)

    def _with_beside(self, read: Read, inside: list[Token], text: str, place: int) -> Read:
        """The same, with what stands beside it in commas: a name after a description, a description after a name."""
        name, role, _ = read
        if not name and inside and all(token.tag in ("CAP", "'") or token.text == "." for token in inside):
            return self.names.full(joined(inside), place), ARTICLE.sub("", text), VoiceKind.PERSON
        if name and not role and any(token.low in lx.PERSON_NOUNS for token in inside):
            described = inside[0].tag != "REL"
            return name, self._words(inside) if described else "", VoiceKind.PERSON
        return read

    # ------------------------------------------------------------------ names

    def _named(self, words: list[Token], place: int) -> Read:
        plain = without_parentheses([word for word in words if word.text != "."])
        head = plain[: _head_end(plain)]
        rest = plain[len(head) :]
        at_end = self._name_at_end(plain, head) if rest else None
        if at_end is not None:
            return at_end
        begin = len(head)
        while begin and (head[begin - 1].tag in ("CAP", "NUM") or _is_small(head, begin - 1)):
            begin -= 1
        before, run = head[:begin], head[begin:]
        titles, names = title_and_name(run)
        if not any(word.tag == "CAP" for word in names):
            return "", "", kind_of(head)
        if self._is_person(before, run, titles, names):
            return self.names.full(joined(names), place), self._words(before + titles), VoiceKind.PERSON
        return self._body(before, run, rest, kind_of(head))

    def _name_at_end(self, plain: list[Token], head: list[Token]) -> Read | None:
        """“Executive director of the council Alia Salem”: the name ends the phrase."""
        tail = capital_tail(plain)
        if not tail or len(plain) <= len(tail) + 2 or not head or head[-1].low not in lx.PERSON_NOUNS | lx.BODIES:
            return None
        _, names = title_and_name(tail)
        person = self.names.people.get(joined(names)) if names else None
        if person is not None and (person.sure or plain[-len(tail) - 1].tag not in ("PREP", "DET", "CC")):
            return person.name, self._words(plain[: -len(names)]), VoiceKind.PERSON
        bodied = {word.low for word in tail[-2:]} & (lx.BODIES | lx.OUTLET_WORDS)
        if len(tail) > 2 and head[-1].low in lx.PERSON_NOUNS and not bodied:
            return joined(tail[-2:]), self._words(plain[:-2]), VoiceKind.PERSON
        return None

    def _is_person(self, before: list[Token], run: list[Token], titles: list[Token], names: list[Token]) -> bool:
        if titles:
            return True
        if {word.low.removesuffix("'s") for word in run} & (lx.BODIES | lx.OUTLET_WORDS):
            return False
        if joined(names) in self.names.people or (before and before[-1].low in lx.PERSON_NOUNS):
            return True
        return len(names) == 1 and names[0].low in self.names.by_surname

    def _body(self, before: list[Token], run: list[Token], rest: list[Token], kind: VoiceKind) -> Read:
        """An institution, an outlet, a document with a name."""
        lows = {word.low.removesuffix("'s") for word in run}
        bodied = bool(lows & (lx.BODIES | lx.OUTLET_WORDS))
        name = joined(run)
        goes_on = rest and rest[0].low in ("of", "for") and (not before or (bodied and rest[0].low == "of"))
        if goes_on and (after := [word for word in rest[1:] if word.low != "the"]) and after[0].tag == "CAP":
            name = self._words(run + until_lower(rest))
        name = own(name)
        if name.isupper() and len(name) < 7:
            name = self.names.initials.get(name, name)
        described = before and before[-1].tag != "DET" and not bodied
        if described and kind not in (VoiceKind.ORGANISATION, VoiceKind.OUTLET):
            return name, self._words(before), kind
        if lows & lx.OUTLET_WORDS and not lows & lx.BODIES:
            return name, "", VoiceKind.OUTLET
        return name, "", VoiceKind.ORGANISATION if kind is VoiceKind.PERSON else kind

    def _words(self, words: list[Token]) -> str:
        """The words as they stand in the text, without articles at the edges."""
        kept = [word for word in words if word.tag != "DET" or word.low in OF_OTHERS]
        return self.text[kept[0].start : kept[-1].end].strip() if kept else ""

    # ------------------------------------------------------------------ pronouns

    def _pronoun(self, text: str, low: str, place: int) -> Voice:
        if low in HE + SHE:
            person = self._salient("m" if low in HE else "f", place)
            return Voice(text, person.name if person else "", "", VoiceKind.PERSON)
        wanted = NUMBERS.get(low, "")
        for at, voice, number in reversed(self.spoke):
            if place - at > NEAR:
                break
            if at < place and wanted in (number, "any"):
                return Voice(text, voice.name, "", voice.kind)
        if wanted == "it":
            at, name = next(self.names.bodies_before(place), (0, ""))
            return Voice(text, name if place - at < NEAR else "", "", VoiceKind.ORGANISATION)
        return Voice(text, "", "", VoiceKind.GROUP if wanted == "they" else VoiceKind.PERSON)

    def _salient(self, gender: str, place: int) -> Person | None:
        """The person whom “he” or “she” most likely means: near, the subject, speaking already."""
        upto = bisect_right(self._mention_at, place - 1)
        number = bisect_right(self._sentence_at, place) - 1
        best: Person | None = None
        most = float("-inf")
        for mention in reversed(self.names.mentions[max(0, upto - MENTIONS) : upto]):
            back = number - mention.sentence
            if back > BACK:
                break
            if mention.person.gender in ("", gender):
                score = self._salience(mention.person, gender) - back + (1.6 if mention.subject else 0)
                if score > most:
                    best, most = mention.person, score
        if best is not None:
            best.gender = gender
        return best

    def _salience(self, person: Person, gender: str) -> float:
        score = 1.0 if person.sure else -3.0
        if person.gender == gender:
            score += 0.5
        if self.spoke and self.spoke[-1][1].name == person.name:
            return score + 1.2
        return score + (0.5 if any(voice.name == person.name for _, voice, _ in self.spoke[-6:]) else 0)

    # ------------------------------------------------------------------ descriptions

    def _description(self, words: list[Token], place: int, kind: VoiceKind) -> tuple[str, VoiceKind]:
        """The name that “the ministry” or “the former prime minister” stands for, if the article gives it."""
        if words[0].low != "the":
            return "", kind
        head = head_word(words)
        if head in lx.PERSON_NOUNS:
            return self._described_person(words, head, place), VoiceKind.PERSON
        if head in lx.BODIES | lx.OUTLET_WORDS and (name := self._described_body(words, head, place)):
            return name, kind
        if head in REPORTS:
            for at, name in reversed(self.reporting[-3:]):
                if 0 < place - at < NEAR:
                    return name, VoiceKind.OUTLET
        return "", kind

    def _described_person(self, words: list[Token], head: str, place: int) -> str:
        wanted = {word.low for word in words if word.tag in ("N", "CAP")} - {"former", "late", "new"}
        fitting = [person for person in self.names.with_role(head) if person.first_at < place]
        if fitting:
            return max(fitting, key=lambda person: (len(wanted & person.roles), person.first_at)).name
        if head in UNNAMED or head not in lx.TITLES:
            return ""
        gender = "f" if head in lx.FEMALE else "m" if head in lx.MALE else ""
        near = self._just_named(place, gender, former=any(word.low in FORMER for word in words))
        return near.name if near else ""

    def _described_body(self, words: list[Token], head: str, place: int) -> str:
        """The body that was named last and fits all the words; else the description itself, where it is a name."""
        others = {word.low.removesuffix("'s") for word in words[1:] if word.tag in ("CAP", "N", "VBZ")} - {head}
        for _, name in self.names.bodies_before(place):
            lows = set(name.lower().replace("’s", "").replace("'s", "").split())
            if head in lows and others <= lows:
                return name
        if not any(word.tag == "CAP" for word in words[1:]):
            return ""
        name = self._words(words[1:])
        self.names.add_body(place, name)
        return name

    def _just_named(self, place: int, gender: str, *, former: bool) -> Person | None:
        """The subject of a sentence right before. Who has another role now can only be a former something."""
        mentions, sentences = JUST_NAMED
        upto = bisect_right(self._mention_at, place - 1)
        number = bisect_right(self._sentence_at, place) - 1
        for mention in reversed(self.names.mentions[max(0, upto - mentions) : upto]):
            person = mention.person
            if number - mention.sentence > sentences:
                return None
            fits = not gender or person.gender in ("", gender)
            if mention.subject and person.sure and fits and (former or not person.roles & lx.TITLES):
                return person
        return None


def _head_end(words: list[Token]) -> int:
    """Where what a phrase is about ends, and “of …”, “who …”, “quoted in …” begins."""
    for at, word in enumerate(words):
        if at and (word.tag in ("PREP", "REL", "(", "-", ",") or (word.tag in ("ED", "ING") and at > 1)):
            return at
    return len(words)


def _is_small(words: list[Token], at: int) -> bool:
    """A small word within a name, or a title that looks like one."""
    word = words[at]
    if word.low in lx.TITLES and word.is_capital:
        return True
    return word.low in lx.PARTICLES and word.tag != "DET" and at > 0 and words[at - 1].tag == "CAP"

"""The people and bodies that an article names, and where."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from claims.extraction import lexicon as lx
from claims.extraction.naming import gender_of, joined, own, title_and_name
from claims.extraction.phrases import finite_at
from claims.extraction.sentences import Sentence
from claims.extraction.tokens import Token, tokens

KNOWN = 100
"""How many people of a role, or bodies, are gone through for a description."""
LONGEST = 8
"""Tokens of a name."""
MOST_WORDS = 4
"""Words that a person's name has at most."""
HEADLINE = 0.6
"""The share of words with a capital that makes a line a headline in title case."""


@dataclass(eq=False)
class Person:
    """Somebody whom the article names."""

    name: str
    first_at: int
    gender: str = ""
    roles: frozenset[str] = frozenset()
    sure: bool = False
    """Whether something says that this is a person: a title, an age, a verb of saying."""


@dataclass(frozen=True)
class Mention:
    """One place where the article names a person."""

    at: int
    sentence: int
    person: Person
    subject: bool


@dataclass(frozen=True)
class Named:
    """Words with capitals that may name somebody, in their place."""

    s: list[Token]
    first: int
    last: int
    sentence: int
    subject: bool
    """Whether they stand before the verb of their sentence."""

    @property
    def before(self) -> Token | None:
        return self.s[self.first - 1] if self.first else None

    @property
    def after(self) -> Token | None:
        return self.s[self.last + 1] if self.last + 1 < len(self.s) else None

    @property
    def words(self) -> list[Token]:
        return [token for token in self.s[self.first : self.last + 1] if token.text != "."]

    @property
    def is_called(self) -> bool:
        """“farmer Bo Lind”: a noun before the name says that it is a person's."""
        return self.before is not None and self.before.low in lx.PERSON_NOUNS

    @property
    def is_aged(self) -> bool:
        """“Bo Lind, 45,”"""
        if self.after is None or self.after.tag not in (",", "(") or self.last + 2 >= len(self.s):
            return False
        age = self.s[self.last + 2]
        return age.tag == "NUM" and len(age.text) < 3

    @property
    def is_described(self) -> bool:
        """“Bo Lind, a farmer”"""
        if self.after is None or self.after.tag != ",":
            return False
        for token in self.s[self.last + 2 : self.last + 10]:
            if token.low in lx.PERSON_NOUNS:
                return True
            if token.tag in (",", ".", "AUX", "PAST", "Q"):
                return False
        return False

    @property
    def speaks(self) -> bool:
        """“Lind said”"""
        return self.after is not None and lx.FORMS.get(self.after.low, ("", ""))[1] in ("past", "third")

    @property
    def speaks_of_himself(self) -> bool:
        """“Lind said he”"""
        return self.speaks and self.last + 2 < len(self.s) and self.s[self.last + 2].low in ("he", "she")

    @property
    def roles(self) -> set[str]:
        """The nouns before the name, or beside it, that say what the person is."""
        found: set[str] = set()
        if self.is_called and self.before is not None and self.before.tag != "CAP":
            for token in reversed(self.s[max(0, self.first - 6) : self.first]):
                if token.tag not in ("N", "CAP", "VBZ", "VB", "ED", "ING", "'") and token.low != "of":
                    break
                found.add(token.low.removesuffix("'s"))
        if self.is_described:
            beside = self.s[self.last + 2 : self.last + 14]
            found |= {token.low for token in beside if token.tag in ("N", "CAP", "VBZ")}
        return found


class Names:
    """Whom an article names. ``bodies`` has (place, name), in order."""

    def __init__(self, sentences: list[Sentence]):
        self.sentences = sentences
        self.people: dict[str, Person] = {}
        self.by_surname: dict[str, list[Person]] = defaultdict(list)
        self.by_role: dict[str, dict[Person, None]] = defaultdict(dict)
        self.mentions: list[Mention] = []
        self.bodies: list[tuple[int, str]] = []
        self.initials: dict[str, str] = {}
        self._lower = {token.text for sentence in sentences for token in sentence.tokens if token.text.islower()}
        for number, sentence in enumerate(sentences):
            for named in self._runs(sentence.tokens, number):
                self._add(named)
            for token in sentence.tokens:
                if token.tag == "Q":
                    self._read_quoted(token, number)
        self._tell_genders()

    def bodies_before(self, place: int) -> Iterator[tuple[int, str]]:
        """The bodies named before ``place``, the nearest first: (place, name)."""
        last = bisect_left(self.bodies, (place, ""))
        yield from reversed(self.bodies[max(0, last - KNOWN) : last])

    def add_body(self, place: int, name: str) -> None:
        insort(self.bodies, (place, name))

    def with_role(self, role: str) -> Iterator[Person]:
        """People of whom the article says so, those it named last first."""
        return islice(reversed(self.by_role[role]), KNOWN)

    def full(self, name: str, place: int) -> str:
        """The whole name of somebody who is called by a part of it at ``place``."""
        name = own(name)
        if name in self.people and " " in name:
            return name
        longer = [person for person in self.by_surname.get(name.split(" ")[-1].lower(), []) if " " in person.name]
        before = [person for person in longer if person.first_at <= place]
        return before[-1].name if before else longer[0].name if longer else name

    # ------------------------------------------------------------------ reading the article

    def _runs(self, s: list[Token], number: int) -> Iterator[Named]:
        """The stretches of a sentence that may be names. A headline in title case has none that one could tell."""
        words = [token for token in s if token.is_word and token.tag != "Q"]
        capitals = sum(token.is_capital for token in words)
        if s[-1].tag != "." and capitals > HEADLINE * len(words) and len(words) > MOST_WORDS:
            return
        verb = next((i for i in range(1, len(s)) if finite_at(s, i) or _says(s[i])), len(s))
        at = 0
        while at < len(s):
            if not self._may_name(s, at):
                at += 1
                continue
            first = at
            while at + 1 < len(s) and at - first <= LONGEST and not s[at].low.endswith("'s"):
                if not self._may_name(s, at + 1) and not _joins(s, at + 1):
                    break
                at += 1
            yield Named(s, first, at, number, first < verb)
            at += 1

    def _may_name(self, s: list[Token], at: int) -> bool:
        token = s[at]
        if token.tag == "Q" or token.text in ("Of", "And"):
            return False
        if token.tag == "CAP":
            return not (at == 0 and self._only_begins(s)) and not _is_date(s, at)
        single = len(token.text) == 1 and token.text not in ("I", "A")
        return token.is_capital and (token.low in lx.TITLES or single)

    def _only_begins(self, s: list[Token]) -> bool:
        """Whether the first word of a sentence has its capital from there only."""
        if s[0].low in lx.FORMS:
            return True
        return s[0].low in self._lower and not (len(s) > 1 and s[1].tag == "CAP")

    def _add(self, named: Named) -> None:
        titles, names = title_and_name(named.words)
        if len(names) > 2 and named.speaks and named.before is not None and named.before.tag == "PREP":
            names = names[-2:]  # “director at the Council on Islamic Relations Alia Salem said”
        if not names:
            return
        name = own(joined(names))
        place = named.words[0].start
        self._keep_initials(names, name)
        lows = {word.low.removesuffix("'s") for word in names}
        if lows & (lx.BODIES | lx.OUTLET_WORDS) and not titles:
            self.bodies.append((place, name))
        elif len(names) == 1:
            self._add_part(named, titles, name)
        elif self._is_body(named, titles, names):
            self.bodies.append((place, name))
        else:
            self._add_person(named, titles, name)

    def _read_quoted(self, quote: Token, number: int) -> None:
        """People who are named in full within a quotation, with a title: who “he” is there, nobody knows."""
        words = tokens(quote.text, 0, len(quote.text), ())
        for named in self._runs(words, number) if words else ():
            titles, names = title_and_name(named.words)
            name = own(joined(names))
            if len(names) > 1 and (titles or named.is_called) and name not in self.people and not named.speaks:
                person = self._new_person(name, quote.start)
                person.sure = True
                person.gender = gender_of({word.low for word in titles} | named.roles)

    def _keep_initials(self, names: list[Token], name: str) -> None:
        initials = "".join(word.text[0] for word in names if word.text[0].isupper())
        if len(names) > 1 and len(initials) > 1:
            self.initials.setdefault(initials, name)

    def _is_body(self, named: Named, titles: list[Token], names: list[Token]) -> bool:
        """Whether more than one word with a capital is no person's name: “Greenpeace International director”."""
        after, before = named.after, named.before
        if after is not None and after.text.islower() and after.low in lx.PERSON_NOUNS and not titles:
            return True
        sure = bool(titles) or named.is_called or named.is_aged or named.is_described
        return len(names) > MOST_WORDS or (before is not None and before.low == "the" and not sure)

    def _add_person(self, named: Named, titles: list[Token], name: str) -> None:
        place = named.words[0].start
        person = self.people.get(name)
        if person is None:
            person = self._new_person(name, place)
        sure = bool(titles) or named.is_called or named.is_aged or named.is_described or named.speaks
        person.sure = person.sure or sure
        self._mention(named, person, {word.low for word in titles} | named.roles)

    def _add_part(self, named: Named, titles: list[Token], name: str) -> None:
        """A single name: somebody's surname, or a body."""
        known = self.by_surname.get(name.lower())
        person = known[-1] if known else None
        if person is None:
            if not (titles or named.is_called or named.speaks_of_himself) or name.isupper():
                return
            person = self._new_person(name, named.words[0].start)
            person.sure = True
        person.sure = person.sure or bool(titles)
        self._mention(named, person, {word.low for word in titles})

    def _new_person(self, name: str, place: int) -> Person:
        person = self.people[name] = Person(name, place)
        self.by_surname[name.split(" ")[-1].lower()].append(person)
        return person

    def _mention(self, named: Named, person: Person, roles: set[str]) -> None:
        for role in roles - person.roles:
            self.by_role[role][person] = None
        person.roles |= roles
        person.gender = person.gender or gender_of(roles)
        self.mentions.append(Mention(named.words[0].start, named.sentence, person, named.subject))

    def _tell_genders(self) -> None:
        """Whom the article calls “he” or “she”: where a sentence names one person alone, the pronoun is theirs."""
        by_sentence: dict[int, list[Mention]] = defaultdict(list)
        for mention in self.mentions:
            by_sentence[mention.sentence].append(mention)
        votes: dict[Person, int] = defaultdict(int)
        for number, mentions in by_sentence.items():
            if len({mention.person for mention in mentions}) != 1:
                continue
            words = [token.low for token in self.sentences[number].tokens if token.start > mentions[0].at]
            if number + 1 < len(self.sentences) and number + 1 not in by_sentence and mentions[0].subject:
                words.append(self.sentences[number + 1].tokens[0].low)
            for word in words:
                votes[mentions[0].person] += (word in HE) - (word in SHE)
        for person, he in votes.items():
            if not person.gender and he:
                person.gender = "m" if he > 0 else "f"


HE = frozenset(["he", "his", "him", "himself"])
SHE = frozenset(["she", "her", "herself"])


def _says(token: Token) -> bool:
    return token.low in lx.FORMS and not token.is_capital


def _is_date(s: list[Token], at: int) -> bool:
    """Whether a word is a day or a month, and no name: “Jan Visser”, “Comrade Sunday Ighodalo”."""
    token = s[at]
    if token.low not in lx.DAYS | lx.MONTHS:
        return False
    within = at + 1 < len(s) and s[at + 1].tag == "CAP"
    return not within or not ((at > 0 and s[at - 1].tag == "CAP") or token.low in lx.NAMES_AND_MONTHS)


def _joins(s: list[Token], at: int) -> bool:
    """Small words inside names: “van der”, the full stop of an initial or a title."""
    token, before = s[at], s[at - 1]
    after = s[at + 1] if at + 1 < len(s) else None
    if after is None:
        return False
    if token.text == ".":
        short = len(before.text) == 1 or before.low in lx.ABBREVIATIONS & lx.TITLES
        return short and after.tag == "CAP"
    return token.text.islower() and token.low in lx.PARTICLES and (after.tag == "CAP" or after.low in lx.PARTICLES)

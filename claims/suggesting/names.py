"""Which of the known sources a name in an article means: names in, sources out, no model."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from articles import text as texts
from articles.dates import VagueDate
from claims.extraction.quotation import VoiceKind


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = _listed(
    """mr mrs ms miss mx dr prof professor sir dame lord lady baron baroness rev reverend hon president vice deputy
    prime minister premier chancellor secretary senator representative rep sen congressman congresswoman mp governor
    gov mayor councillor ambassador king queen prince princess pope cardinal archbishop bishop rabbi imam sheikh
    judge justice general gen colonel col captain capt major maj admiral adm lieutenant lt sergeant sgt commander
    brigadier marshal chief inspector detective officer constable spokesman spokeswoman spokesperson"""
)
"""What stands before a person's name. Of other voices it is a part of the name: “Justice Department”."""

LINEAGE = frozenset(("jr", "sr", "ii", "iii", "iv"))
SMALL = _listed("of the and for in on to at a an")
INDEFINITE = _listed("a an one another some any two three four five several many few former ex then no")
"""With one of these before it, a role says nothing of who it was."""

PRONOUNS = _listed(
    """i he she they we it you him her them us me himself herself themselves itself who whom this that these those"""
)

_PUNCTUATION = str.maketrans(dict.fromkeys('.,;:()[]"', "") | {"-": " ", "/": " "})
_POSSESSIVE = re.compile(r"(?:'s|(?<=s)')(?=\s|$)")
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)
_INITIALS = re.compile(r"[A-Z](?:[.&]?[A-Z]){1,7}\.?")
_IN_BRACKETS = re.compile(r"\(([^()]{1,100})\)")


def tokens(name: str) -> tuple[str, ...]:
    """``name`` for comparison: no case, accents, marks, possessive or article before it."""
    words = _POSSESSIVE.sub("", texts.fold(name)).translate(_PUNCTUATION).split()
    return tuple(words[1:] if len(words) > 1 and words[0] in ("the", "a", "an") else words)


def names_nobody(name: str) -> bool:
    """Whether it is a pronoun, or nothing at all. “WHO” is none."""
    words = tokens(name)
    plain = _ARTICLE.sub("", name.strip())
    return not words or (len(words) == 1 and words[0] in PRONOUNS and not _INITIALS.fullmatch(plain))


def bare(words: tuple[str, ...]) -> tuple[str, ...]:
    """A person's name without titles, “Jr” and middle initials."""
    if len(words) == 2 and words[0] not in TITLES and words[1] not in LINEAGE:
        return words
    at = next((at for at, word in enumerate(words) if word not in TITLES), max(len(words) - 1, 0))
    words = tuple(word for word in words[at:] if word not in LINEAGE)
    return words[:1] + tuple(word for word in words[1:-1] if len(word) > 1) + words[1:][-1:]


def spellings(name: str) -> list[str]:
    """“World Health Organization (WHO)” is two names."""
    inside = _IN_BRACKETS.findall(name) if "(" in name else []
    return [_IN_BRACKETS.sub(" ", name), *inside] if inside else [name]


def initials(name: str) -> str:
    """The capitals that a name of several words is known by: “WHO”. Empty for a name of one."""
    words = [word for word in name.replace("-", " ").split() if word.lower() not in SMALL and word[0].isalpha()]
    return "".join(word[0] for word in words).upper() if len(words) > 1 else ""


def title_of(role: str) -> frozenset[str]:
    """The words of a role, in whatever order: “Foreign Minister of Portugal”."""
    return frozenset(tokens(role)) - SMALL


@dataclass(frozen=True)
class Role:
    """One role that a source held; ``organisation`` are the names of where."""

    pk: int
    title: str
    organisation: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None

    def held(self, on: VagueDate | None) -> bool:
        """Whether it was held all of that day, month or year. Of no date nobody knows, unless it has no end."""
        if on is None:
            return self.since is None and self.until is None
        return (self.since is None or self.since <= on.on) and (self.until is None or on.end <= self.until)

    @property
    def wordings(self) -> set[frozenset[str]]:
        title = title_of(self.title)
        return {title, *(title | title_of(name) for name in self.organisation)}


@dataclass(frozen=True)
class Known:
    """One source under all its names."""

    pk: int
    slug: str
    kind: str
    names: tuple[str, ...]
    roles: tuple[Role, ...] = ()

    def role(self, title: str, on: VagueDate | None) -> Role | None:
        """The role of that title that it held then; without a title the only one that it held."""
        held = [role for role in self.roles if role.held(on)]
        if title:
            held = [role for role in held if title_of(title) in role.wordings]
        return held[0] if len(held) == 1 else None


@dataclass(frozen=True)
class Sought:
    """A voice to find a source for. ``role`` and ``kind`` as ``Voice`` has them."""

    as_named: str
    name: str = ""
    role: str = ""
    kind: str = VoiceKind.PERSON


class Index:
    """Sources by what they are called. A name that several share finds them all."""

    def __init__(self, sources: Iterable[Known] = ()) -> None:
        self.by_pk: dict[int, Known] = {}
        self._full: dict[tuple[str, ...], set[int]] = defaultdict(set)
        self._surnames: dict[tuple[str, ...], set[int]] = defaultdict(set)
        self._initials: dict[str, set[int]] = defaultdict(set)
        self._roles: dict[frozenset[str], set[tuple[int, Role]]] = defaultdict(set)
        for source in sources:
            self.add(source)

    def add(self, source: Known) -> None:
        self.by_pk[source.pk] = source
        for name in (spelling for full in source.names for spelling in spellings(full)):
            words = tokens(name)
            self._full[words].add(source.pk)
            if source.kind == VoiceKind.PERSON:
                self._add_person(source.pk, bare(words))
            else:
                self._initials[initials(name)].add(source.pk)
        for role in source.roles:
            for wording in role.wordings:
                self._roles[wording].add((source.pk, role))

    def _add_person(self, pk: int, words: tuple[str, ...]) -> None:
        if len(words) > 1:
            self._full[words].add(pk)
            for at in range(1, len(words)):
                self._surnames[words[at:]].add(pk)

    def find(self, voice: Sought, on: VagueDate | None, near: Iterable[frozenset[int]] = ()) -> list[Known]:
        """The sources that fit ``voice`` equally well: none, the one that is meant, or several.

        ``on`` is when the role was held. ``near`` are the ids of sources to prefer, the nearest first.
        """
        near = list(near)
        found = self._named(voice, near[0] if near else frozenset())
        if not found and not voice.name:
            found = self._holding(voice, on)
        kept = [self.by_pk[pk] for pk in sorted(found)]
        tests = [
            lambda one: bool(voice.role) and one.role(voice.role, on) is not None,
            lambda one: one.kind == voice.kind,
            *(lambda one, ids=ids: one.pk in ids for ids in near),
        ]
        for fits in tests:
            kept = [one for one in kept if fits(one)] or kept
        return kept

    def _named(self, voice: Sought, nearest: frozenset[int]) -> set[int]:
        found: set[int] = set()
        for spelling in spellings(voice.name or voice.as_named):
            if names_nobody(spelling):
                continue
            words = tokens(spelling)
            found |= self._full.get(words, set())
            if voice.kind == VoiceKind.PERSON:
                found = self._person(self._without_role(words, voice.role), found, nearest)
            elif not found and _INITIALS.fullmatch(spelling.strip()):
                found |= self._initials.get(re.sub("[.&]", "", spelling.strip()), set())
        return found

    def _person(self, words: tuple[str, ...], found: set[int], nearest: frozenset[int]) -> set[int]:
        """Of a person also by the surname; somebody of the same article goes before a namesake."""
        surnames = self._surnames.get(words, set())
        if len(words) > 1:
            found = found | self._full.get(words, set())
        return surnames & nearest if found and surnames & nearest and not found & nearest else found or surnames

    @staticmethod
    def _without_role(words: tuple[str, ...], role: str) -> tuple[str, ...]:
        titles = tokens(role)
        return bare(words[len(titles) :] if titles and words[: len(titles)] == titles and words != titles else words)

    def _holding(self, voice: Sought, on: VagueDate | None) -> set[int]:
        """Who held the role that is all that the article says."""
        if voice.kind != VoiceKind.PERSON:
            return set()
        said = voice.role or voice.as_named
        first = texts.fold(voice.as_named).split()[:1]
        if not title_of(said) or (first and first[0] in INDEFINITE):
            return set()
        return {pk for pk, role in self._roles.get(title_of(said), ()) if role.held(on)}

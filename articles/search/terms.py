"""The terms that an entry has beside its words: one token for each value of each facet. Pure.

A term is "x0", the letter of its facet, and the value as ASCII letters and digits. Each kind of entry has letters
of its own.
"""

from enum import StrEnum
from functools import lru_cache

from articles.search.words import RESERVED

NO_VALUE = "none"
"""What stands for "there is none" in a facet, in a term and in an address alike."""


class ArticleFacet(StrEnum):
    """The letters of articles. Not to be used: a, b, e, h, n, p, with which the other tokens under "x0" begin."""

    # As text is: one looks up terms some million times, and Enum's own hash is no C.
    __hash__ = str.__hash__

    KIND = "k"
    PUBLISHER = "o"
    LANGUAGE = "l"
    YEAR = "j"


WHOLE_TEXT = f"{RESERVED}c"
"""The term of an article that everybody may read all of."""

OWN = frozenset(ArticleFacet) | {WHOLE_TEXT[2]}
"""The letters of what an article itself tells; other terms are added by those who know more of it."""


@lru_cache(maxsize=65_536)
def term(facet: str, value: object) -> str:
    """The term of one value: an id, a number, or one of a fixed choice ("in_progress")."""
    return f"{RESERVED}{facet}{str(value).replace('_', '')}"


@lru_cache(maxsize=1024)
def language_term(language: str) -> str:
    """A tag as "pt-BR" holds more than letters; nothing of it may be lost but how it is capitalised."""
    return term(ArticleFacet.LANGUAGE, usual_case(language).encode().hex())


def usual_case(language: str) -> str:
    """A language tag as BCP 47 writes it, to which case says nothing: "pt-BR", "zh-Hant-TW"."""
    first, *others = language.split("-")
    return "-".join([first.lower(), *(_USUAL_CASE.get(len(part), str.lower)(part) for part in others)])


_USUAL_CASE = {2: str.upper, 4: str.title}
"""How a subtag of so many letters is written: regions and scripts."""


def language_of(value: str) -> str:
    """The language whose term holds ``value``."""
    return bytes.fromhex(value).decode()


def split(token: str) -> tuple[str, str]:
    """The letter of a term's facet, and its value."""
    return token[2], token[3:]

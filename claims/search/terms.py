"""The terms that the entry of a claim has beside its words. Pure.

Where the desk knows more than the public, each has a facet of its own.
"""

from collections.abc import Iterable
from enum import StrEnum

from articles.search.terms import NO_VALUE, language_of, language_term, split, term
from articles.search.words import RESERVED

__all__ = [
    "MANY",
    "NEEDS",
    "NO_VALUE",
    "PARTS",
    "PUBLIC",
    "Facet",
    "counted_in",
    "joined",
    "language_of",
    "language_term",
    "root_term",
    "sources_term",
    "split",
    "term",
]

MANY = 10
"""From so many independent sources on, the number has one term for all."""


class Facet(StrEnum):
    """The letters. Not to be used: a, b, e, h, n, p, with which the other tokens under "x0" begin."""

    # As text is: one looks up terms some million times, and Enum's own hash is no C.
    __hash__ = str.__hash__

    TAG = "t"
    ROOT = "r"
    ROOT_STANCE = "x"
    SAYS = "c"
    """The root that asserts it or hedges."""
    NAMED = "d"
    """Whoever the public may follow its statements to: in a chain, told by one, or behind it."""
    RELAY = "y"
    SOURCE = "s"
    PUBLISHER = "o"
    STANCE = "m"
    KIND = "k"
    STATUS = "u"
    VERDICT = "v"
    RATING = "g"
    LANGUAGE = "l"
    YEAR = "j"
    SOURCES = "i"
    HAS = "f"
    NEEDS = "w"
    PUBLIC_HAS = "q"
    PUBLIC_NEEDS = "z"


PARTS = {
    "statement": "a statement",
    "cross_reference": "a cross-reference",
    "evidence": "evidence",
    "review": "a review",
}
"""What a claim may have or lack."""

NEEDS = {
    "statement": "no statement",
    "source": "no source",
    "second_source": "a single source",
    "review": "no review",
    "evidence": "no evidence",
    "chain": "a broken chain",
    "date": "no date",
    "circle": "sources that cite each other",
    "contradiction": "contradicted by another claim",
}
"""Why a claim may need work."""

PUBLIC = f"{RESERVED}public"
"""The term of what the public may see."""


_NO_FACET = tuple(
    f"{RESERVED}{letter}"
    for letter in (Facet.ROOT_STANCE, Facet.SAYS, Facet.NAMED, Facet.HAS, Facet.PUBLIC_HAS, "all", "public")
)
_BETWEEN = "  "


def joined(terms: Iterable[str]) -> str:
    """Terms as an entry keeps them: those that facets count, and apart from them those that are only looked for."""
    counted: list[str] = []
    others: list[str] = []
    for each in sorted(terms):
        (others if each.startswith(_NO_FACET) else counted).append(each)
    return f"{' '.join(counted)}{_BETWEEN}{' '.join(others)}"


def counted_in(kept: str) -> str:
    """Of what ``joined`` made, the terms that facets count: counting is what facets of many claims cost."""
    return kept.partition(_BETWEEN)[0]


def root_term(source: object, stance: str) -> str:
    """The term of a source that stands at the root with that stance."""
    return f"{term(Facet.ROOT_STANCE, source)}{stance}"


def sources_term(number: int) -> str:
    return term(Facet.SOURCES, min(number, MANY))

"""What stands at a place of a sentence: an index of its tokens. Beyond its ends nothing stands."""

from collections.abc import Container

from claims.extraction.tokens import Token


def tag_at(s: list[Token], at: int) -> str:
    """The tag of the token at ``at``; empty where the sentence has no such place."""
    return s[at].tag if 0 <= at < len(s) else ""


def low_at(s: list[Token], at: int) -> str:
    """The word at ``at`` in lower case; empty where the sentence has no such place."""
    return s[at].low if 0 <= at < len(s) else ""


def next_tagged(s: list[Token], tags: Container[str], first: int, stop: int) -> int | None:
    """The first place from ``first`` up to, not including, ``stop`` with one of ``tags``."""
    return next((i for i in range(first, min(stop, len(s))) if s[i].tag in tags), None)

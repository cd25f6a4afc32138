"""Where the words that a list looks for stand in the claims that it shows."""

from collections.abc import Collection, Mapping
from typing import Any

from articles.search.expression import Expression
from articles.search.snippets import Piece, highlight, snippet
from articles.search.words import is_english
from claims.filters.told import appearances_that_count
from claims.models import Claim
from claims.passages import pieces

LOOKED_AT = 500
"""How many statements of one page are looked through."""

QUOTED = 120
"""How many characters of a statement are shown."""

Found = dict[str, tuple[Piece, ...]]
"""The text of a claim with the words ``marked``, and ``quoted`` the part of a statement that has them where the
text has none."""


def words_found(claims: Collection[Claim], words: Expression, viewer: Any) -> dict[int, Found]:
    """By id, where ``words`` stand in ``claims``, in what ``viewer`` may read: at most one query."""
    marked = {claim.pk: tuple(highlight(claim.text, words, english=is_english(claim.language))) for claim in claims}
    without = [pk for pk, text in marked.items() if not _has(text)]
    quoted = _quoted(without, words, viewer) if without else {}
    return {pk: {"marked": text, "quoted": quoted.get(pk, ())} for pk, text in marked.items()}


def _quoted(claims: Collection[int], words: Expression, viewer: Any) -> Mapping[int, tuple[Piece, ...]]:
    """By claim, the part of its first statement that has the words."""
    rows = appearances_that_count(viewer).filter(claim__in=claims).order_by("claim", "statement")
    columns = ("exact", "start", "gaps", "words", "version__article__language")
    found: dict[int, tuple[Piece, ...]] = {}
    for claim, *said, language in rows.values_list("claim", *(f"statement__{each}" for each in columns))[:LOOKED_AT]:
        if claim not in found:
            text = snippet(_words_of(*said), words, english=is_english(language), chars=QUOTED)
            if _has(text):
                found[claim] = tuple(text)
    return found


def _words_of(exact: str, start: int, gaps: Any, words: Any) -> str:
    """The voice's own words: what stands in gaps is the article's, and not everybody's to read."""
    return " ".join(
        " ".join("[…]" if piece.kind == "gap" else piece.text for piece in pieces(exact, start, gaps, words)).split()
    )


def _has(text: Collection[Piece]) -> bool:
    return any(hit for _, hit in text)

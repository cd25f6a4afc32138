"""What a typed query is cut into, between blanks: words, phrases and name:value. Pure, and linear in its length."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from articles.search.words import tokens

QUOTES = '"“”„‟«»＂'
"""Any of them opens a phrase and any closes it: people paste, and telephones turn them."""

_GAP = re.compile(r"\s*")
_RUN = re.compile(rf"[^\s{QUOTES}]*")
_QUOTED = re.compile(rf"[{QUOTES}]([^{QUOTES}]*)([{QUOTES}]?)")
_NAMED = re.compile(r"([^\W\d_][\w-]{0,39}):(.*)\Z", re.DOTALL)
_SCHEMES = frozenset(("doi", "mailto", "tel", "urn"))


@dataclass(frozen=True)
class Piece:
    """One piece of a query, from ``start`` to ``end``, excluded, in code points. ``name`` is what stands before
    its colon, if it has one; ``body`` what is left without sign, name and quotation marks."""

    raw: str
    start: int
    end: int
    body: str
    negated: bool = False
    quoted: bool = False
    closed: bool = True
    name: str = ""

    @property
    def is_operand(self) -> bool:
        """Whether OR may stand beside it."""
        return self.raw != "OR" and bool(self.name or tokens(self.body))


def pieces(text: str) -> Iterator[Piece]:
    """All pieces of ``text``, in order."""
    piece = piece_from(text, 0)
    while piece is not None:
        yield piece
        piece = piece_from(text, piece.end)


def piece_from(text: str, at: int) -> Piece | None:
    """The first piece of ``text`` from ``at`` on; None where only blanks are left."""
    at = _end(_GAP, text, at)
    return _piece(text, at) if at < len(text) else None


def joined(found: list[Piece]) -> Iterator[list[Piece]]:
    """The pieces one by one, but those that OR stands between with their ORs: operand, OR, operand, …"""
    at = 0
    while at < len(found):
        end = at + 1
        if found[at].is_operand:
            while end + 1 < len(found) and found[end].raw == "OR" and found[end + 1].is_operand:
                end += 2
        yield found[at:end]
        at = end


def _piece(text: str, start: int) -> Piece:
    """The piece that begins at ``start``, where no blank is."""
    at, negated = start, False
    if text[at] == "-" and at + 1 < len(text) and not text[at + 1].isspace():
        at, negated = at + 1, True
    end = _end(_RUN, text, at)
    run, name = text[at:end], ""
    named = _NAMED.match(run)
    if named and not named[2].startswith("//") and named[1].casefold() not in _SCHEMES:
        name, run = named[1], named[2]
    if not run and end < len(text) and text[end] in QUOTES:
        quoted = _QUOTED.match(text, end)
        assert quoted is not None
        start_to_end = text[start : quoted.end()]
        return Piece(start_to_end, start, quoted.end(), quoted[1], negated, True, bool(quoted[2]), name)
    return Piece(text[start:end], start, end, run, negated, name=name)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at

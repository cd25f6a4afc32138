"""The part of a text that answers a search, with the words that were found marked. Pure.

What is marked is read with the same tokens as the index, so a list and its marks agree. Pieces are plain text:
whoever shows them escapes them.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from articles.search.expression import Expression, Phrase, Token, Within
from articles.search.words import Found, end_of_letter, find, stem

Piece = tuple[str, bool]
"""A stretch of a text, and whether it was looked for."""

ELLIPSIS = "…"

_LOOKED_AT = 20_000
"""Characters of one text in which the best part is looked for: nobody waits for more."""


@dataclass(frozen=True)
class _Hit:
    """A span that was looked for; ``by`` is what it was found by."""

    start: int
    end: int
    by: Expression


@dataclass
class _Wanted:
    """The words that an expression looks for, without those that it refuses."""

    tokens: dict[str, Token] = field(default_factory=dict)
    prefixes: list[Token] = field(default_factory=list)
    phrases: dict[str, list[Phrase]] = field(default_factory=dict)
    """By their first token."""


def highlight(text: str, expression: Expression, *, english: bool) -> list[Piece]:
    """All of ``text``; in ``english``, a word is marked in all its forms."""
    return _pieces(text, _hits(text, expression, english), 0, len(text))


def snippet(text: str, expression: Expression, *, english: bool, chars: int = 200) -> list[Piece]:
    """About ``chars`` characters of ``text`` in which the most of what ``expression`` looks for stands close
    together, else its beginning; with "…" where it was cut."""
    if len(text) <= chars:
        return highlight(text, expression, english=english)
    looked_at = text[:_LOOKED_AT]
    words = [*find(looked_at)]
    hits = [*_merged(_found(words, expression, english))]
    start, end = _window(text, words, _best(hits, chars), chars)
    pieces = _pieces(looked_at, hits, start, end)
    before = [(f"{ELLIPSIS} ", False)] if start else []
    behind = [(f" {ELLIPSIS}", False)] if end < len(text) else []
    return [*before, *pieces, *behind]


def _hits(text: str, expression: Expression, english: bool) -> list[_Hit]:
    return [*_merged(_found([*find(text)], expression, english))]


def _wanted(expression: Expression, wanted: _Wanted | None = None) -> _Wanted:
    wanted = wanted or _Wanted()
    if isinstance(expression, Phrase):
        wanted.phrases.setdefault(expression.tokens[0], []).append(expression)
    elif isinstance(expression, Within):
        _wanted(expression.part, wanted)
    elif not isinstance(expression, Token):
        for part in expression.parts:
            _wanted(part, wanted)
    elif expression.prefix:
        wanted.prefixes.append(expression)
    else:
        wanted.tokens[expression.token] = expression
    return wanted


def _found(words: list[Found], expression: Expression, english: bool) -> Iterator[_Hit]:
    """The spans that were looked for, by where they begin. Some may overlap."""
    wanted = _wanted(expression)
    known: dict[str, Expression | None] = {}
    for at, word in enumerate(words):
        if word.token not in known:
            known[word.token] = _meant(word.token, wanted, english)
        by = known[word.token]
        if by is not None:
            yield _Hit(word.start, word.end, by)
        for phrase in wanted.phrases.get(word.token, ()):
            last = at + len(phrase.tokens)
            if tuple(each.token for each in words[at:last]) == phrase.tokens:
                yield _Hit(word.start, words[last - 1].end, phrase)


def _meant(token: str, wanted: _Wanted, english: bool) -> Expression | None:
    """What a word is found by, if it is. A word and its stem are one."""
    stemmed = stem(token) if english else ""
    by = wanted.tokens.get(stemmed) or wanted.tokens.get(token)
    return by or next((prefix for prefix in wanted.prefixes if token.startswith(prefix.token)), None)


def _merged(hits: Iterator[_Hit]) -> Iterator[_Hit]:
    """The same, those that overlap made one."""
    last: _Hit | None = None
    for hit in hits:
        if last is None:
            last = hit
        elif hit.start < last.end:
            last = _Hit(last.start, max(last.end, hit.end), last.by)
        else:
            yield last
            last = hit
    if last is not None:
        yield last


def _best(hits: list[_Hit], chars: int) -> tuple[int, int]:
    """The span of the hits within ``chars`` that are of the most kinds, then the most, then the first."""
    best, span = (0, 0), (0, 0)
    kinds: Counter[Expression] = Counter()
    end = 0
    for start, first in enumerate(hits):
        while end < len(hits) and (end == start or hits[end].end - first.start <= chars):
            kinds[hits[end].by] += 1
            end += 1
        value = (len(+kinds), end - start)
        if value > best:
            best, span = value, (first.start, hits[end - 1].end)
        kinds[first.by] -= 1
    return span


def _window(text: str, words: list[Found], span: tuple[int, int], chars: int) -> tuple[int, int]:
    """From where to where ``text`` is shown: whole words, and ``span`` as far as there is room."""
    first, last = span
    spare = max(0, chars - (last - first))
    start = 0 if last <= chars else min(first - spare // 2, len(text) - chars)
    end = start + chars
    if start > 0:
        start = next((word.start for word in words if word.start >= start), first)
    if end < len(text):
        end = max((word.end for word in words if start < word.end <= end), default=end_of_letter(text, end - 1))
    return start, end


def _pieces(text: str, hits: list[_Hit], start: int, end: int) -> list[Piece]:
    pieces, at = [], start
    for hit in hits:
        if start <= hit.start < end:
            pieces += [(text[at : hit.start], False), (text[hit.start : min(hit.end, end)], True)]
            at = min(hit.end, end)
    pieces.append((text[at:end], False))
    return [piece for piece in pieces if piece[0]]

"""From text to the tokens that are indexed and looked for. Pure; the same for both engines.

A token is ASCII letters and digits only, so that neither engine's own tokeniser can divide or change it:
a word that is not stands as "x0h" and the hexadecimal digits of its UTF-8, which keeps what begins alike
beginning alike. English words are indexed twice, as they stand and as "x0e" and their stem. No word of a text
becomes a token that begins with "x0", so that whatever else is indexed under one is never found by words.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import snowballstemmer

from articles import text as texts

RESERVED = "x0"
BREAK = f"{RESERVED}b"
"""Stands between texts of one column, so that no phrase reaches from one into the next."""

MAX_WORD_CHARS = 80
"""What is longer is no word that anybody types; it is indexed by its first letters."""

_MIN_STEMMED = 3
_PIECE_CHARS = 60

# Letters that no decomposition takes to the ones that people type for them; other apostrophes; what nobody sees.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i", "ŋ": "ng"}
    | dict.fromkeys("ʼʻ", "'")
    | dict.fromkeys("\u00ad\u200b\u2060\ufeff")
)

# Chinese, Japanese and Korean put no blanks between words: each of their letters is a token.
_UNSPACED = "\u1100-\u11ff\u2e80-\u2fdf\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}_])[\w\u0900-\u0dff])+(?:'s\b)?")
# PostgreSQL reads "1e5x" as the number 1e5 and a word behind it.
_PLAIN_WORD = re.compile(rf"(?!{RESERVED}|[0-9]+e[0-9])[a-z0-9]+\Z")


@dataclass(frozen=True)
class Room:
    """How much of a text is indexed. PostgreSQL keeps no more than 16,383 places of words in a row, 255 for each
    word, and a megabyte; a row has one long column and two short ones."""

    places: int
    """The first so many words can be found as phrases."""
    repeats: int
    """No word stands in phrases more often."""
    more: int
    """So many tokens of what else there is: stems, and words from further behind, once each."""
    chars: int


SHORT = Room(places=1500, repeats=50, more=500, chars=100_000)
LONG = Room(places=8000, repeats=150, more=4000, chars=600_000)


@dataclass(frozen=True)
class Found:
    """One word of a text: its token, and the span in the text that it was read from."""

    token: str
    start: int
    end: int


def fold(text: str) -> str:
    """``text`` in small letters without accents; of other length than ``text``."""
    if not text.isascii():
        # Most of what is not ASCII is but typeset: curly marks and dashes.
        text = text.translate(texts.FOLDED_MARKS)
    if text.isascii():
        return text.casefold()
    # Composed again, so that the marks that tell letters apart are part of their letter.
    return unicodedata.normalize("NFC", texts.fold(text)).translate(_PLAIN)


def tokens(text: str) -> list[str]:
    """The words of ``text``, in order."""
    return [*chain.from_iterable(map(_words_in, text.split()))]


def find(text: str) -> Iterator[Found]:
    """The words of ``text`` with where they stand, each with all the accents of its letters. The tokens are
    those of ``tokens(text)`` wherever ``text`` is normalised as captured texts are."""
    folded, starts, ends = _fold_with_places(text)
    for match in _WORD.finditer(folded):
        yield Found(_token(match[0]), starts[match.start()], ends[match.end() - 1])


def stem(token: str) -> str:
    """The token under which an English word is found in all its forms; empty where it has no stem."""
    return _stem_of(token)


def _stemmed(token: str) -> str:
    if len(token) < _MIN_STEMMED or not token.isalpha():
        return ""
    # A stemmer holds the word that it works on: one for all threads would mix them up.
    return f"{RESERVED}e{snowballstemmer.stemmer('english').stemWord(token)}"


def document(texts: Iterable[tuple[str, bool]], room: Room = SHORT) -> str:
    """What is indexed of ``texts``, each with whether it is English: their tokens with blanks between.

    Its last token is no word, so that no phrase reaches into the next column.
    """
    placed: list[str] = []
    stemmed: list[str] = []
    behind: dict[str, None] = {}
    for text, english in texts:
        words = tokens(text)
        if placed and words:
            placed.append(BREAK)
        if english:
            stemmed += words
        left = max(0, room.places - len(placed))
        placed += words[:left]
        behind |= dict.fromkeys(words[left:])
    stems = dict.fromkeys(map(_stem_of, stemmed))
    stems.pop("", None)
    if len(placed) > room.repeats:
        placed = _thinned(placed, room.repeats)
    more = [*stems]
    if behind:
        known = set(placed)
        for token in behind:
            if token not in known:
                more += [BREAK, token]
    return _cut([*placed, *more[: room.more]], room.chars)


def _thinned(placed: list[str], repeats: int) -> list[str]:
    """``placed`` with a break in the place of each word that has stood there so often."""
    counts = Counter(placed)
    if max(counts.values()) <= repeats:
        return placed
    seen: Counter[str] = Counter()
    kept = []
    for token in placed:
        seen[token] += 1
        kept.append(token if seen[token] <= repeats else BREAK)
    return kept


def _cut(written: list[str], chars: int) -> str:
    """``written`` with blanks between, as far as ``chars`` go, and a break behind a word at the end."""
    joined = " ".join(written)
    if len(joined) > chars:
        joined = joined[: joined.rindex(" ", 0, chars)]
    if not joined or joined.rpartition(" ")[2].startswith((f"{RESERVED}e", BREAK)):
        return joined
    return f"{joined} {BREAK}"


def is_english(language: str) -> bool:
    return language[:2].lower() == "en" and language[2:3] in ("", "-")


def _token(word: str) -> str:
    word = word.removesuffix("'s")[:MAX_WORD_CHARS]
    if _PLAIN_WORD.match(word) and not word.startswith(RESERVED):
        return word
    return f"{RESERVED}h{word.encode().hex()}"


def _words_of(piece: str) -> tuple[str, ...]:
    return tuple(map(_token, _WORD.findall(fold(piece))))


class _Known(dict[str, Any]):
    """By word what ``work`` makes of it. Words come again and again, and a dictionary is asked in half the time of
    a cache that keeps the newest; so this one forgets all when it is full."""

    FULL = 65_536

    def __init__(self, work: Callable[[str], Any]) -> None:
        super().__init__()
        self.work = work

    def __missing__(self, word: str) -> Any:
        made = self.work(word)
        if len(word) <= _PIECE_CHARS:
            if len(self) >= self.FULL:
                self.clear()
            self[word] = made
        return made


_words_in = _Known(_words_of).__getitem__
"""The words of what stands between two blanks: no word, and nothing that folds together, reaches over a blank."""
_stem_of = _Known(_stemmed).__getitem__


def _fold_with_places(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """``text`` folded, and for each letter of that where what it came from begins and ends in ``text``."""
    if text.isascii():
        return text.casefold(), range(len(text)), range(1, len(text) + 1)
    letters = [*_letters(text)] if any(map(_joins, text)) else text
    folded = [*map(_fold_letter, letters)]
    if letters is text and set(map(len, folded)) == {1}:
        return "".join(folded), range(len(text)), range(1, len(text) + 1)
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for letter, plain in zip(letters, folded, strict=True):
        starts += [at] * len(plain)
        at += len(letter)
        ends += [at] * len(plain)
    return "".join(folded), starts, ends


def _letters(text: str) -> Iterator[str]:
    """``text`` letter by letter, each with what belongs to it."""
    at = 0
    while at < len(text):
        end = end_of_letter(text, at)
        yield text[at:end]
        at = end


def end_of_letter(text: str, at: int) -> int:
    """Where the letter at ``at`` ends, with its accents and whatever else folds together with it."""
    end = at + 1
    while end < len(text) and _joins(text[end]):
        end += 1
    return end


@lru_cache(maxsize=65_536)
def _joins(char: str) -> bool:
    """Whether ``char`` is an accent, a vowel sign, or the middle or end of a Korean syllable."""
    return unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff" or char in "\uff9e\uff9f"


@lru_cache(maxsize=65_536)
def _fold_letter(letter: str) -> str:
    # Between stops, so that a blank stays one.
    return fold(f".{letter}.")[1:-1]

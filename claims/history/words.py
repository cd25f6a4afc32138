"""What changed between two texts, word by word. Pure: text in, text out."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"

EFFORT = 300_000
"""How many comparisons of two words a text may cost. Beyond that, all between the first and the last word that
differ counts as one change, which takes one walk through either text."""

AROUND = 20
"""How many words that stayed are shown before and after a change."""

LONGEST = 3_000
"""How many characters of one stretch are shown."""


@dataclass(frozen=True)
class Part:
    """A stretch of words that stayed, went or came."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Part]:
    """How ``before`` became ``after``: its words in order, with what went before what came. Long stretches that
    stayed, and what is longer than anybody reads, are cut short."""
    parts = list(_parts(before, after))
    last = len(parts) - 1
    return [_cut(part, first=at == 0, last=at == last) for at, part in enumerate(parts)]


def listed(before: Sequence[str], after: Sequence[str]) -> list[Part]:
    """The same for two lists of names, in which order means nothing."""
    gone = [Part(GONE, name) for name in before if name not in after]
    return [*gone, *(Part(SAME if name in before else NEW, name) for name in after)]


def _parts(before: str, after: str) -> Iterator[Part]:
    old, new = _words(before), _words(after)
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    yield from _part(SAME, old[:start])
    yield from _between(old[start : len(old) - end], new[start : len(new) - end])
    yield from _part(SAME, old[len(old) - end :])


def _words(text: str) -> list[str]:
    """Words and marks, each with the white space before it: as a word of its own that would equal all others."""
    return re.findall(r"\s*(?:\w+|[^\w\s])|\s+", text)


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _between(old: list[str], new: list[str]) -> Iterator[Part]:
    if _effort(old, new) > EFFORT:
        yield from (*_part(GONE, old), *_part(NEW, new))
        return
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield from _part(SAME, old[old_from:old_to])
        else:
            yield from (*_part(GONE, old[old_from:old_to]), *_part(NEW, new[new_from:new_to]))


def _effort(old: list[str], new: list[str]) -> int:
    """At most how many pairs of words are compared: each search for the longest stretch looks at all equal pairs."""
    counts = Counter(new)
    return sum(counts[word] for word in old) * min(len(old), len(new))


def _part(kind: str, words: Iterable[str]) -> Iterator[Part]:
    text = "".join(words)
    if text:
        yield Part(kind, text)


def _cut(part: Part, *, first: bool, last: bool) -> Part:
    if part.kind != SAME or (first and last):
        over = len(part.text) - LONGEST
        return part if over <= 0 else Part(part.kind, f"{part.text[:LONGEST]}… and {over:,} characters more")
    words = _words(part.text)
    head, tail = [] if first else words[:AROUND], [] if last else words[-AROUND:]
    if len(words) <= len(head) + len(tail) + 2:
        return part
    return Part(SAME, f"{''.join(head)} …{''.join(tail)}".removeprefix(" "))

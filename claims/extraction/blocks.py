"""What follows a sentence that ends with a colon, without quotation marks: a block, or points in a list."""

from claims.extraction.article import Article
from claims.extraction.marks import MARK

BLOCK = 20
"""Paragraphs that a block or a list may have."""
SHORT = 60
"""Characters of a heading that ends a block."""
POINT = (4, 35)
"""Tokens of a point in a list, at least and at most."""
OWN_WORDS = frozenset(["i", "we", "our", "my", "us", "you", "your"])
"""In a block set off without marks, somebody speaks of themselves."""


def block_end(article: Article, first: int) -> int | None:
    """The last paragraph of a block that begins with the paragraph ``first``: the one that a mark closes, else where
    somebody speaks of “we” and “I” no longer. None where there is no block."""
    limit = min(len(article.lines), first + BLOCK)
    for number in range(first, limit):
        if _closes(article, number):
            return number
        if _ends_before(article, number, first):
            limit = number
            break
    if first >= limit:
        return None
    last = first
    while last + 1 < limit and _speaks_of_itself(article, last + 1):
        last += 1
    return last


def without_stray(article: Article, number: int) -> int:
    """Where the paragraph ends, without the mark that closes it."""
    start, end = article.lines[number]
    return start + len(article.text[start:end].rstrip("”\"’'»"))


def points(article: Article, first: int) -> list[int]:
    """The paragraphs from ``first`` on that are points of a list: each a line without a full stop."""
    found = []
    for number in range(first, min(len(article.lines), first + BLOCK)):
        line = article.tokens[number]
        if line[-1].tag in (".", ":", "Q") or not POINT[0] <= len(line) <= POINT[1]:
            break
        found.append(number)
    return found


def _marks(article: Article, number: int) -> list[tuple[str, int]]:
    """The double marks of a paragraph, each with where it ends."""
    start, end = article.lines[number]
    found = MARK.finditer(article.text, start, end)
    return [(match.group(), match.end()) for match in found if match.group() in ("”", '"')]


def _closes(article: Article, number: int) -> bool:
    """Whether the paragraph ends with a mark that nothing in it opens."""
    start, end = article.lines[number]
    marks = _marks(article, number)
    if not marks or marks[-1][1] < end - 1 or "“" in article.text[start:end]:
        return False
    return len(marks) == 1 or all(mark == "”" for mark, _ in marks)


def _ends_before(article: Article, number: int, first: int) -> bool:
    """Whether the paragraph is no part of the block: a heading, one with marks, one that leads up to another."""
    start, end = article.lines[number]
    greeting = number == first and article.text[end - 1] == ","
    if article.heading[number] and end - start < SHORT and not greeting:
        return True
    return bool(_marks(article, number)) or (number > first and article.tokens[number][-1].tag == ":")


def _speaks_of_itself(article: Article, number: int) -> bool:
    line = article.tokens[number]
    return any(token.low in OWN_WORDS for token in line) and not any(token.tag == "Q" for token in line)

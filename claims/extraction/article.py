"""One article cut up: its paragraphs, what stands between quotation marks, its words, its sentences."""

import re
from bisect import bisect_right

from claims.extraction import lexicon as lx
from claims.extraction.marks import Marked, marked, paragraphs
from claims.extraction.sentences import Sentence, is_heading, split
from claims.extraction.tokens import quotes_by_line, tagged, tokens

AFTER_STRAY = 120
"""Characters after a mark that closes what nothing opens, within which an attribution makes it a quotation."""


class Article:
    """A text, and what it is made of. Lists with an entry a paragraph: ``lines`` (spans), ``tokens``, ``heading``,
    ``sentences``."""

    def __init__(self, text: str):
        self.text = text
        self.lines = paragraphs(text)
        quotes = [quote for quote in marked(text, self.lines) if self._is_quotation(quote)]
        by_line = quotes_by_line(self.lines, quotes)
        self.marks = {quote.start: quote for quote in quotes}
        self.tokens = [tokens(text, *span, by_line[number]) for number, span in enumerate(self.lines)]
        self.quoted = [(token.start, token.end) for line in self.tokens for token in line if token.tag == "Q"]
        self.heading = [is_heading(line, first=not number) for number, line in enumerate(self.tokens)]
        self.sentences = [split(line, number) for number, line in enumerate(self.tokens)]
        self._starts = [start for start, _ in self.lines]
        lower_first_words(self.every_sentence)

    @property
    def every_sentence(self) -> list[Sentence]:
        return [sentence for line in self.sentences for sentence in line]

    def line_of(self, at: int) -> int:
        """The number of the paragraph that the code point ``at`` stands in."""
        return bisect_right(self._starts, at) - 1

    def _is_quotation(self, quote: Marked) -> bool:
        """Whether a stretch that a mark ends, and none begins, is a quotation: an attribution follows."""
        if quote.opened and (quote.closed or quote.double):
            return True
        rest = self.text[quote.end : quote.end + AFTER_STRAY].split("\n")[0]
        words = re.findall(r"[\w’'-]{1,60}", rest)[:7]
        return any(word in lx.FORMS and lx.FORMS[word][1] in ("past", "third") for word in words)


COMMON = lx.PLURAL_PEOPLE | lx.DOCUMENTS | lx.HEARERS | (lx.PERSON_NOUNS - lx.TITLES) | lx.PRESENT


def lower_first_words(sentences: list[Sentence]) -> None:
    """Read the first word of each sentence as it would be read in the middle of one: “Officials said”."""
    lower: set[str] = set()
    capital: set[str] = set()
    for sentence in sentences:
        for token in sentence.tokens[1:]:
            if token.text.islower():
                lower.add(token.low)
            elif token.tag == "CAP":
                capital.add(token.low)
    for sentence in sentences:
        first = sentence.tokens[0]
        if first.tag == "CAP" and first.low not in capital and first.text[1:].islower() and _is_common(sentence, lower):
            first.tag = tagged(first.low, first.low)


def _is_common(sentence: Sentence, lower: set[str]) -> bool:
    """Whether the first word is no name, as far as its form, the article and the word after it tell."""
    word = sentence.tokens[0].low
    after = sentence.tokens[1].tag if len(sentence.tokens) > 1 else ""
    if after == "CAP":
        return False
    if word in lower or word in COMMON or word.endswith(("ly", "ing")):
        return True
    plural = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return plural and after in ("PREP", "AUX", "MOD", "N", "REL")

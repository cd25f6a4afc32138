"""From frames to what was said: one article as it is read, paragraph by paragraph."""

from collections.abc import Iterable
from dataclasses import dataclass

from claims.extraction import lexicon as lx
from claims.extraction.alone import Alone
from claims.extraction.article import Article
from claims.extraction.blocks import block_end, points, without_stray
from claims.extraction.frame import Frame
from claims.extraction.frames import frames
from claims.extraction.hops import Done, Hops
from claims.extraction.marks import MARK, Marked
from claims.extraction.quotation import Hop, VoiceKind
from claims.extraction.said import Said
from claims.extraction.sentences import Sentence, is_title, split, words_of
from claims.extraction.spans import joined, run_of_quotes, span_of
from claims.extraction.tokens import Token, tokens
from claims.extraction.voices import Voices

NESTED = 60
"""Characters that a quotation must have to be read for what it reports itself."""
REPORTED = 4
"""Tokens that what it reports must have."""
UNNAMEABLE = frozenset(
    ["i", "we", "you", "me", "us", "my", "our", "people", "everyone", "somebody", "someone", "they", "he", "she", "it"]
)
"""Within a quotation these are no voices that one could name."""
LISTING = lx.LOOSE | {"add", "warn", "announce", "include"}
"""Verbs that points in a list can follow: “She also said:”."""
IN_HEADING = 0.25
"""What is taken off the confidence of what a heading says: the text under it says it better."""
LONG_IN_HEADING = 7
"""Words beyond which a quotation without an attribution is read even where it stands in a heading."""


@dataclass(frozen=True)
class Lead:
    """A sentence that ends with a colon: whose words follow."""

    hop: Hop
    frame: Frame
    line: int


class Reading:
    """Finds what is said in an article."""

    def __init__(self, article: Article):
        self.article = article
        self.voices = Voices(article.text, article.every_sentence)
        self.hops = Hops(article, self.voices)
        self.alone = Alone(article, self.voices)
        self.found: list[Said] = []
        self.covered: set[int] = set()
        """Where quotations begin that somebody has said already."""
        self.lead: Lead | None = None
        self.block_until = -1

    def read(self) -> list[Said]:
        """All that is said, in the order in which it was found."""
        for number, sentences in enumerate(self.article.sentences):
            if self.lead is not None and number > self.block_until:
                self._after_colon(number)
            if number > self.block_until:
                for position, sentence in enumerate(sentences):
                    self._sentence(sentence, position)
        return self.found

    # ------------------------------------------------------------------ a sentence

    def _sentence(self, sentence: Sentence, position: int) -> None:
        s = sentence.tokens
        if self.lead is not None and position and s[0].tag == "Q":
            self._led_quotation(s, self.lead)
        done: Done = []
        for frame in frames(s):
            self._frame(s, frame, sentence.line, done)
        if done:
            self.alone.spoken_at = (sentence.line, position)
        if not self._only_heading(sentence):
            self._rest(sentence, position, attributed=bool(done))

    def _only_heading(self, sentence: Sentence) -> bool:
        if not self.article.heading[sentence.line]:
            return False
        s = sentence.tokens
        whole = len(s) == len(self.article.tokens[sentence.line])
        return whole and not any(token.tag == "Q" and words_of(token) > LONG_IN_HEADING for token in s)

    def _frame(self, s: list[Token], frame: Frame, line: int, done: Done) -> None:
        hop = self.hops.of(s, frame, done)
        if frame.leads:
            self.lead = Lead(hop, frame, line)
            self.voices.heard(s[frame.cue[0]].start, hop.voices, hop.source)
            done.append((frame, hop, None))
            return
        if self._names_a_title(s, frame) or self._is_taken(s, frame):
            return
        said = Said([span_of(s, *content) for content in frame.contents], hop, frame.pattern, frame.base, frame.weak)
        said.relays = tuple(self.hops.relays(s, frame))
        said.doubt = IN_HEADING if self.article.heading[line] else 0.0
        self.hops.cite(s, frame, said)
        _nest(s, frame, said, done)
        done.append((frame, said.hop, said))
        words = [token for first, last in frame.contents for token in s[first : last + 1]]
        self._cover(words)
        self._take(said, line, s)
        if said.spans:
            self._within(said, words, line)

    def _names_a_title(self, s: list[Token], frame: Frame) -> bool:
        first = s[frame.contents[0][0]]
        return frame.pattern in ("label", "lead", "within") and first.tag == "Q" and is_title(first)

    def _is_taken(self, s: list[Token], frame: Frame) -> bool:
        """Whether somebody said the quotations of this frame already."""
        for first, last in frame.contents:
            quotes = [token.quote for token in s[first : last + 1] if token.quote is not None]
            if s[first].tag == "Q" and quotes and all(quote.start in self.covered for quote in quotes):
                return True
        return False

    def _rest(self, sentence: Sentence, position: int, *, attributed: bool) -> None:
        """The quotations of a sentence that no verb in it covers."""
        s = sentence.tokens
        loose = (at for at, token in enumerate(s) if token.quote is not None and token.quote.start not in self.covered)
        first = next(loose, None)
        if first is None:
            return
        found = self.alone.said(sentence, position, first, attributed=attributed)
        if found is not None:
            said, begin, end = found
            self._take(said, sentence.line, s)
            self._cover(s[begin : end + 1])

    def _take(self, said: Said, line: int, s: list[Token]) -> None:
        """Keep what was said, and remember who spoke."""
        said.spans = joined(self.article, said.spans)
        if not said.spans:
            return
        self.found.append(said)
        place = said.spans[0][0]
        self.voices.heard(max(place, s[0].start), said.hop.voices, said.hop.source, reporting=said.base == "report")
        for relay in said.relays:
            outlet = next((voice.name for voice in relay.voices if voice.kind is VoiceKind.OUTLET), "")
            if outlet:
                self.voices.reporting.append((place, outlet))
        if said.parent is None:
            self.alone.last, self.alone.last_line = said, line
        for start, end in said.spans:
            if "\n" in self.article.text[start:end]:
                self.alone.last_line = max(self.alone.last_line, self.article.line_of(end - 1))

    def _cover(self, words: Iterable[Token]) -> None:
        self.covered.update(token.quote.start for token in words if token.quote is not None)

    # ------------------------------------------------------------------ after a colon

    def _after_colon(self, number: int) -> None:
        """What follows a sentence that ends with a colon: a quotation, points, or a block set off without marks."""
        lead, self.lead = self.lead, None
        if lead is None or number != lead.line + 1:
            return
        s = self.article.tokens[number]
        if s[0].quote is not None:
            if s[0].quote.start not in self.covered:
                self._led_quotation(self.article.sentences[number][0].tokens, lead)
        elif self.article.heading[number] and lead.frame.base in LISTING:
            self._points(number, lead)
        else:
            self._block(number, lead)

    def _led_quotation(self, s: list[Token], lead: Lead) -> None:
        self.lead = None
        end = run_of_quotes(s)
        said = Said([span_of(s, 0, end)], lead.hop, "lead", lead.frame.base)
        self._cover(s[: end + 1])
        self._take(said, lead.line + 1, s)
        self._within(said, s[: end + 1], lead.line + 1)

    def _points(self, first: int, lead: Lead) -> None:
        for number in points(self.article, first):
            line = self.article.tokens[number]
            self._take(Said([self.article.lines[number]], lead.hop, "listed", lead.frame.base), number, line)
            self._cover(line)
            self.block_until = number

    def _block(self, first: int, lead: Lead) -> None:
        last = block_end(self.article, first)
        if last is None or lead.frame.pattern == "label":
            return
        span = (self.article.lines[first][0], without_stray(self.article, last))
        said = Said([span], lead.hop, "block", lead.frame.base, set_off=True)
        self._take(said, last, self.article.tokens[first])
        for number in range(first, last + 1):
            self._reported(said, *self.article.lines[number], [], number)
        self.block_until = self.alone.last_line = last

    # ------------------------------------------------------------------ within what somebody said

    def _within(self, outer: Said, words: Iterable[Token], line: int) -> None:
        """What the words of a quotation report in their turn: each has one more hop."""
        for token in words:
            if token.quote is None or token.quote.end - token.quote.start < NESTED:
                continue
            for start, end in token.quote.parts:
                while start < end and MARK.match(self.article.text, start, end):
                    start += 1
                if MARK.fullmatch(self.article.text[end - 1 : end]):
                    end -= 1
                self._reported(outer, start, end, token.quote.inner, line)

    def _reported(self, outer: Said, start: int, end: int, quotes: list[Marked], line: int) -> None:
        within = [quote for quote in quotes if start <= quote.start and quote.end <= end]
        words = tokens(self.article.text, start, end, within)
        for sentence in split(words, line) if words else []:
            done: Done = []
            for frame in frames(sentence.tokens):
                if _reports(sentence.tokens, frame):
                    self._report(outer, sentence.tokens, frame, done)

    def _report(self, outer: Said, s: list[Token], frame: Frame, done: Done) -> None:
        hop = self.hops.of(s, frame, done)
        spans = joined(self.article, [span_of(s, *content) for content in frame.contents])
        if not spans:
            return
        said = Said(spans, hop, frame.pattern, frame.base, parent=outer)
        said.relays = tuple(self.hops.relays(s, frame))
        self.hops.cite(s, frame, said)
        done.append((frame, said.hop, said))
        self.found.append(said)
        self.voices.heard(s[0].start, said.hop.voices, said.hop.source)
        self.voices.heard(s[0].start, hop.voices, hop.source, reporting=frame.base == "report")


def _reports(s: list[Token], frame: Frame) -> bool:
    """Whether a frame within a quotation reports what somebody else said, whom one could name."""
    if frame.leads or frame.voice is None or frame.pattern in ("label", "question"):
        return False
    if any(token.low in UNNAMEABLE for token in s[frame.voice.first : frame.voice.last + 1]):
        return False
    return frame.base in lx.RELAYING and sum(last - first for first, last in frame.contents) >= REPORTED


def _nest(s: list[Token], frame: Frame, said: Said, done: Done) -> None:
    """Note which statement of a sentence stands in the words of which other."""
    cue = s[frame.cue[0]].start
    for other, _, earlier in done:
        if earlier is None or other is frame.shares:
            continue
        if any(start <= cue < end for start, end in earlier.spans):
            said.parent = earlier
        at = s[other.cue[0]].start
        if frame.pattern == "front" and earlier.parent is None and any(start <= at < end for start, end in said.spans):
            earlier.parent = said

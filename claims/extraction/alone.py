"""Quotations whose sentence has no verb of saying: signed ones, and those that go on with somebody who spoke."""

from claims.extraction.article import Article
from claims.extraction.phrases import Phrase, finite_at, phrase_before, without_lead
from claims.extraction.quotation import Hop, Kind, VoiceKind
from claims.extraction.said import Said
from claims.extraction.sentences import Sentence, closes_sentence, inner, is_title, words_of
from claims.extraction.spans import run_of_quotes, span_of
from claims.extraction.subjects import main_subject
from claims.extraction.tokens import Token
from claims.extraction.voices import Voices

FEWEST = 3
"""Words that a quotation must have to go on with the last speaker's; in the speaker's own paragraph, ``FEWER`` do."""
FEWER = 2
BEFORE_MORE = 6
"""The same where its sentence goes on after it: “…” – but she added that …"""
BESIDE = 8
"""The same where no more than its sentence's subject says whose it is."""
GOES_ON = 3
"""Paragraphs after which a quotation that stands alone is no longer the last speaker's."""
SIGNATURE = 12
"""Tokens of a signature."""
NOT_CLOSED = 9
"""Words beyond which a quotation without a stop at its end is one all the same."""


class Alone:
    """Finds whose such quotations are. ``last`` is the last that was said in words of its own, in the paragraph
    ``last_line``; ``spoken_at`` the last sentence, as (paragraph, position), that says who speaks."""

    def __init__(self, article: Article, voices: Voices):
        self.article = article
        self.voices = voices
        self.last: Said | None = None
        self.last_line = -9
        self.spoken_at = (-1, -1)

    def said(self, sentence: Sentence, position: int, first: int, *, attributed: bool) -> tuple[Said, int, int] | None:
        """What is said in the quotation that is the token ``first`` of the sentence at that ``position`` in its
        paragraph, with the first and last token of it. ``attributed``: the sentence says who says something else."""
        s = sentence.tokens
        signature = self._signed(s, first)
        if signature is not None:
            return signature, first, first
        if self._stands_alone(s, first, sentence.line, position) and not attributed:
            end = run_of_quotes(s)
            said = self._going_on(sentence, position, end)
            return (said, 0, end) if said else None
        if attributed:
            return self._before_more(s, first)
        if self._after_lead(s, first, sentence.line, position) and self.last is not None:
            said = self._like_last([span_of(s, first, first)], 0.2)
            return said, first, first
        beside = self._beside(s, first)
        return (beside, first, first) if beside else None

    def _stands_alone(self, s: list[Token], first: int, line: int, position: int) -> bool:
        end = run_of_quotes(s)
        marks = all(token.tag in ("Q", ".", ",", "-", "(", ")") for token in s[: end + 1])
        if first or end < len(s) - 2 or not marks:
            return False
        quoted = s[0]
        ends = closes_sentence(quoted) or inner(quoted).endswith(",") or words_of(quoted) > NOT_CLOSED
        enough = FEWEST if self.last_line != line or not position else FEWER
        return words_of(quoted) >= enough and (ends or s[-1].tag == ".")

    def _going_on(self, sentence: Sentence, position: int, end: int) -> Said | None:
        """Of whom the sentence before it speaks, else of who spoke last."""
        spans = [span_of(sentence.tokens, 0, end)]
        told_of = self._told_of(sentence.line, position)
        if told_of is not None:
            return Said(spans, told_of, "goes on", "", doubt=0.35)
        far = sentence.line - self.last_line
        if self.last is None or far > GOES_ON:
            return None
        return self._like_last(spans, 0.2 * far if position or far > 1 else 0.0)

    def _told_of(self, line: int, position: int) -> Hop | None:
        """Of whom the sentence before speaks, where that is a person, and not whoever spoke last."""
        before = self.article.sentences[line][position - 1].tokens if position else None
        if before is None or self.spoken_at == (line, position - 1) or before[-1].tag != ".":
            return None
        subject = main_subject(before, len(before))
        voice = self.voices.of(before, subject)[0] if subject else None
        if voice is None or voice.kind is not VoiceKind.PERSON or voice.name not in self.voices.names.people:
            return None
        spoke = self.last.hop.voices[:1] if self.last else ()
        return None if spoke and spoke[0].name == voice.name else Hop((voice,), "", Kind.DIRECT)

    def _like_last(self, spans: list[tuple[int, int]], doubt: float = 0.0) -> Said:
        last = self.last
        assert last is not None
        return Said(spans, last.hop, "goes on", last.base, relays=last.relays, doubt=doubt)

    def _before_more(self, s: list[Token], first: int) -> tuple[Said, int, int] | None:
        """“…” – but she added that …"""
        if first or self.last is None or len(s) < 2 or words_of(s[0]) < BEFORE_MORE:
            return None
        if s[1].tag not in ("-", ",", "CC", ";"):
            return None
        return self._like_last([span_of(s, 0, 0)]), 0, 0

    def _after_lead(self, s: list[Token], first: int, line: int, position: int) -> bool:
        """“With nothing left to sell, “…””, after somebody has spoken in the same paragraph."""
        if not first or not position or line != self.last_line or words_of(s[first]) < FEWEST:
            return False
        return s[first - 1].tag == "," and s[0].tag in ("PREP", "SUB", "ING", "ADV", "CC")

    def _beside(self, s: list[Token], first: int) -> Said | None:
        """The sentence's subject, where nothing better says whose it is."""
        if not first or words_of(s[first]) < BESIDE or is_title(s[first]):
            return None
        verb = next((at for at in range(1, first) if finite_at(s, at)), None)
        if verb is None:
            return None
        last = verb - 1
        while last > 0 and s[last].tag in ("ADV", "AUX", "MOD"):
            last -= 1
        if s[last].tag not in ("N", "CAP", "PRO", "VBZ", ")"):
            return None
        voices = self.voices.of(s, Phrase(without_lead(s, phrase_before(s, last), last), last))
        hop = Hop(voices, self.article.text[s[verb].start : s[verb].end], Kind.DIRECT)
        return Said([span_of(s, first, first)], hop, "beside", "")

    def _signed(self, s: list[Token], at: int) -> Said | None:
        """“…” – Ana Duarte"""
        if at + 1 >= len(s) or s[at + 1].tag != "-":
            return None
        last = len(s) - 1
        while last > at + 1 and s[last].tag == ".":
            last -= 1
        if not 0 < last - at - 1 < SIGNATURE or not s[at + 2].is_capital:
            return None
        if any(finite_at(s, i) for i in range(at + 2, len(s))):
            return None
        hop = Hop((self.voices.of(s, Phrase(at + 2, last))[0],), "", Kind.DIRECT)
        return Said([span_of(s, at, at)], hop, "signature", "")

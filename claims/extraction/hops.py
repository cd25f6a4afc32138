"""The hops of a chain: who says it and to whom, who passed it on, whom they cite."""

from collections.abc import Iterator

from claims.extraction import lexicon as lx
from claims.extraction.article import Article
from claims.extraction.frame import Frame
from claims.extraction.phrases import Phrase
from claims.extraction.quotation import Hop, Kind, Voice, VoiceKind
from claims.extraction.said import Said
from claims.extraction.tokens import Token
from claims.extraction.voices import Voices

DATES = lx.DAYS | lx.MONTHS | {"week", "month", "year"}
LONGEST_DATE = 100

Done = list[tuple[Frame, Hop, Said | None]]
"""The frames of a sentence that were read already, each with whose words it gives, and with them."""


class Hops:
    """Reads the hops of an article's frames."""

    def __init__(self, article: Article, voices: Voices):
        self.article = article
        self.voices = voices

    def of(self, s: list[Token], frame: Frame, done: Done) -> Hop:
        """Who says what ``frame`` reports."""
        return Hop(
            self._voices(s, frame, done),
            self._words(s, self._cue(frame)),
            Kind.INDIRECT,
            self._words(s, frame.hearer),
            self._day(s, frame.when),
        )

    def relays(self, s: list[Token], frame: Frame) -> Iterator[Hop]:
        """Who passed it on: “quoted by X”, an outlet that was told."""
        if frame.relay is not None:
            yield Hop(self.voices.of(s, Phrase(*frame.relay)), "quoted", Kind.INDIRECT)
        elif frame.hearer is not None:
            first, last = frame.hearer
            voice = self.voices.of(s, Phrase(first, last))[0]
            if self._is_outlet(s[first : last + 1], voice):
                outlet = Voice(voice.as_named, voice.name or voice.as_named, "", VoiceKind.OUTLET)
                yield Hop((outlet,), "told", Kind.INDIRECT)

    def cite(self, s: list[Token], frame: Frame, said: Said) -> None:
        """“X reported, citing Y”: make Y the root of ``said``, and X who passes it on."""
        if frame.origin is not None:
            said.relays = (said.hop, *said.relays)
            said.hop = Hop(self.voices.of(s, Phrase(*frame.origin)), "citing", Kind.INDIRECT)

    def _voices(self, s: list[Token], frame: Frame, done: Done) -> tuple[Voice, ...]:
        if frame.shares is not None:
            shared = next((hop for other, hop, _ in done if other is frame.shares), None)
            if shared is not None:
                return shared.voices
            return self.voices.of(s, frame.shares.voice) if frame.shares.voice else ()
        return self.voices.of(s, frame.voice) if frame.voice else ()

    def _cue(self, frame: Frame) -> tuple[int, int]:
        """The verb, with whom it was told to where that follows at once: “told reporters”."""
        if frame.hearer and frame.hearer[0] == frame.cue[1] + 1 and frame.base in lx.TELLING:
            return frame.cue[0], frame.hearer[1]
        return frame.cue

    def _words(self, s: list[Token], places: tuple[int, int] | None) -> str:
        return self.article.text[s[places[0]].start : s[places[1]].end] if places else ""

    def _day(self, s: list[Token], places: tuple[int, int] | None) -> str:
        if places is None or not any(token.low in DATES for token in s[places[0] : places[1] + 1]):
            return ""
        return self._words(s, places)[:LONGEST_DATE]

    def _is_outlet(self, words: list[Token], voice: Voice) -> bool:
        """Whether those who were told publish it: by their name, which is all that is known of them."""
        capitals = [word for word in words if word.is_capital and word.tag != "DET"]
        if not capitals:
            return False
        if any(word.low.removesuffix("'s") in lx.OUTLET_WORDS for word in capitals):
            return True
        if voice.name in self.voices.names.people or any(word.low in lx.BODIES for word in words):
            return False
        last = capitals[-1].text
        unknown = len(words) == 1 and words[0].low not in self.voices.names.by_surname
        return unknown or (last.isupper() and 1 < len(last) < 7)

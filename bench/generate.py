"""Writes claims to measure with, as JSON Lines: `python -m bench.generate --claims 100000 --seed 1 FOLDER`.

About 1.5 statements, half an article and 3 tags a claim; chains of one to four hops; sources, tags and words are
drawn by Zipf's law. The same seed gives the same bytes. `manage.py load_jsonl` reads what comes out.
"""

import argparse
import datetime as dt
import json
import random
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench import words
from bench.world import Row, World

BLOCK = 1_000
"""How many claims are made at a time; articles and statements of a block bear on each other."""
RECENT = 2_000
"""How many claims and statements later ones may come back to."""
KINDS = ("publishers", "sources", "tags", "articles", "claims", "statements", "links", "reviews")
"""The files, in the order in which they are loaded."""

FIRST_DAY, DAYS = dt.date(2015, 1, 1), 3_652
STATEMENTS_EACH = (1, 2, 3, 4, 5)
"""How many statements an article may hold: three on average."""
LANGUAGES = {"en": 80, "de": 6, "fr": 5, "es": 4, "uk": 3, "pl": 2}
STATUSES = {"published": 60, "new": 15, "in_progress": 10, "in_review": 8, "closed": 7}
CLAIM_KINDS = {"fact": 45, "figure": 15, "allegation": 12, "prediction": 8, "demand": 8, "opinion": 7, "promise": 5}
ARTICLE_KINDS = {"news": 70, "wire": 12, "opinion": 6, "press_release": 5, "broadcast": 4, "transcript": 3}
STANCES = {"asserts": 84, "denies": 8, "hedges": 6, "questions": 2}
QUOTATION_TYPES = {"indirect": 50, "direct": 35, "mixed": 15}
LINK_KINDS = {"supports": 3, "disputes": 2, "updates": 2, "contradicts": 1, "same_as": 1, "narrower": 1}
LEVELS = {"true": 40, "mixture": 25, "false": 30, "other": 5}
CUES = {
    "en": ("said", "told reporters", "announced", "confirmed", "wrote"),
    "de": ("sagte", "teilte mit"),
    "fr": ("a déclaré", "a annoncé"),
    "es": ("dijo", "anunció"),
    "uk": ("заявив", "повідомив"),
    "pl": ("powiedział", "ogłosił"),
}
PLANTED = ((words.FREQUENT, 0.1), (words.SELECTIVE, 0.01), (words.PHRASE, 0.005))


class Generator:
    """Makes ``claims`` claims and all around them, block by block. Memory does not grow with their number."""

    def __init__(self, claims: int, seed: int) -> None:
        self.claims = claims
        self.chance = random.Random(f"{seed} of {claims}")
        self.world = World(claims, self.chance)
        self.recent_claims: deque[Row] = deque(maxlen=RECENT)
        self.recent_statements: deque[str] = deque(maxlen=RECENT)
        self.recent_articles: deque[str] = deque(maxlen=RECENT)
        self.rare_every = max(claims // words.RARE_CLAIMS, 1)
        self.made = 0

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Every row with the name of its file. Rows of one file come in an order that can be loaded."""
        yield from self.world.rows()
        for first in range(0, self.claims, BLOCK):
            yield from self.block(first, min(first + BLOCK, self.claims))

    def pick(self, weights: dict[str, int]) -> str:
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def uid(self) -> str:
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def block(self, first: int, end: int) -> Iterator[tuple[str, Row]]:
        """The claims ``first`` to ``end``, and the articles in which they are made."""
        claims = [self.claim(number) for number in range(first, end)]
        yield from (("claims", claim) for claim in claims)
        now = DAYS * end // self.claims
        for language, told in self.told(claims).items():
            while told:
                number = min(self.chance.choice(STATEMENTS_EACH), len(told))
                yield from self.article(language, [told.pop() for _ in range(number)], now)
        self.recent_claims.extend(claims)
        for at, claim in enumerate(claims, start=len(self.recent_claims) - len(claims)):
            if at and self.chance.random() < 0.05:
                yield "links", self.link(claim, self.recent_claims[self.chance.randrange(at)])
            if self.chance.random() < 0.05:
                yield "reviews", self.review(claim, now)

    def claim(self, number: int) -> Row:
        chance, language = self.chance, self.pick(LANGUAGES)
        drawn = self.world.vocabularies[language].draw(chance, chance.randint(9, 18))
        planted = [word for word, share in PLANTED if chance.random() < share]
        if number % self.rare_every == self.rare_every // 2 and number // self.rare_every < words.RARE_CLAIMS:
            planted.append(words.RARE)
        for word in planted:
            drawn.insert(chance.randrange(len(drawn)), word)
        text = words.sentence(drawn)
        kind = self.pick(CLAIM_KINDS)
        row: Row = {
            "uid": self.uid(),
            "text": text,
            "short_text": text[:-1] if len(text) <= 76 else f"{text[:74].rsplit(' ', 1)[0]}…",
            "kind": kind,
            "status": self.pick(STATUSES),
            "priority": chance.choices((1, 2, 3, 4), (1, 6, 2, 1))[0],
            "language": language,
            "tags": self.world.some_tags(),
        }
        if row["status"] in ("published", "closed"):
            row["published_at"] = str(FIRST_DAY + dt.timedelta(days=DAYS * number // self.claims))
        if kind == "figure":
            row |= {"figure_low": chance.randrange(1, 10_000), "unit": chance.choice(("people", "million €", "km"))}
        return row

    def told(self, claims: list[Row]) -> dict[str, list[Row]]:
        """By language the claims that the block's articles make, in any order; some of them several times."""
        chance = self.chance
        told = [claim for claim in claims if chance.random() < 0.96]
        known = [*self.recent_claims, *claims]
        chance.shuffle(known)
        for _ in range(int(len(claims) * 1.5) - len(told)):
            # A few claims are repeated often.
            told.append(known[int(len(known) * chance.random() ** 3)])
        chance.shuffle(told)
        by_language: dict[str, list[Row]] = {}
        for claim in told:
            by_language.setdefault(claim["language"], []).append(claim)
        return by_language

    def article(self, language: str, told: list[Row], now: int) -> Iterator[tuple[str, Row]]:
        """An article that makes the claims ``told``, and its statements; ``now`` is in days since the first."""
        chance, outlet = self.chance, self.world.outlet()["slug"]
        self.made += 1
        day = now - chance.randrange(30) if chance.random() < 0.7 else chance.randrange(DAYS)
        published = FIRST_DAY + dt.timedelta(days=max(day, 0))
        sentences = self.world.vocabularies[language].sentences
        text = told[0]["text"][:-1]
        statements = []
        for claim in {claim["uid"]: claim for claim in told}.values():
            filler = " ".join(chance.choices(sentences, k=chance.randint(2, 4)))
            chain = self.chain(language, outlet, published)
            words_said = self.spoken(claim["text"], chain)
            start = len(text) + 1 + len(filler) + 1
            text = f"{text}\n{filler} {words_said}"
            statements.append((start, start + len(words_said), chain, claim))
        identifier = f"https://{outlet}.example.org/{self.made}"
        row = {
            "identifier": identifier,
            "publisher": outlet,
            "kind": self.pick(ARTICLE_KINDS),
            "published_at": f"{published}T{chance.randrange(24):02}:00:00Z",
            "language": language,
            "text": text,
        }
        if self.recent_articles and chance.random() < 0.03:
            row["republishes"] = chance.choice(self.recent_articles)
        yield "articles", row
        self.recent_articles.append(identifier)
        for start, end, chain, claim in statements:
            yield "statements", self.statement(identifier, text, start, end, chain, claim)

    def spoken(self, claim: str, chain: list[Row]) -> str:
        root = chain[0]
        if root["quotation_type"] == "own":
            return claim
        return f"“{claim}” {root['as_named']} {root['cue']}."

    def statement(self, article: str, text: str, start: int, end: int, chain: list[Row], claim: Row) -> Row:
        row: Row = {
            "uid": self.uid(),
            "article": article,
            "start": start,
            "end": end,
            "exact": text[start:end],
            "chain": chain,
            "claims": [{"claim": claim["uid"], "stance": self.pick(STANCES)}],
        }
        if len(chain) == 1 and self.recent_statements and self.chance.random() < 0.03:
            row["derived_from"] = self.chance.choice(self.recent_statements)
        self.recent_statements.append(row["uid"])
        return row

    def chain(self, language: str, outlet: str, published: dt.date) -> list[Row]:
        """One to four hops, root first; now and then a joint one, an empty one, or the article's own voice."""
        chance = self.chance
        if chance.random() < 0.1:
            return [{"position": 0, "source": outlet, "quotation_type": "own"}]
        root = self.world.source()
        voices = {root["slug"]: root}
        for _ in range(chance.choices((0, 1, 2, 3), (45, 33, 15, 7))[0]):
            relay = self.world.outlet() if chance.random() < 0.85 else self.world.source()
            voices.setdefault(relay["slug"], relay)
        chain = [self.hop(position, voice, language) for position, voice in enumerate(voices.values())]
        if chance.random() < 0.6:
            chain[0]["said_on"] = str(published - dt.timedelta(days=chance.randrange(7)))
        odd = chance.random()
        if odd < 0.03:
            chain[0] |= {"source": None, "as_named": "it"}
        elif odd < 0.07 and (other := self.world.source())["slug"] not in voices:
            chain.insert(1, self.hop(0, other, language))
        return chain

    def hop(self, position: int, source: Row, language: str) -> Row:
        return {
            "position": position,
            "source": source["slug"],
            "as_named": source["name"],
            "cue": self.chance.choice(CUES[language]),
            "quotation_type": self.pick(QUOTATION_TYPES),
        }

    def link(self, claim: Row, other: Row) -> Row:
        """From ``claim`` to an older one, so that links never lead round."""
        return {"uid": self.uid(), "from": claim["uid"], "kind": self.pick(LINK_KINDS), "to": other["uid"]}

    def review(self, claim: Row, now: int) -> Row:
        return {
            "uid": self.uid(),
            "claim": claim["uid"],
            "reviewer": self.world.outlet()["slug"],
            "rating": f"claimskg/{self.pick(LEVELS)}",
            "reviewed_on": str(FIRST_DAY + dt.timedelta(days=now)),
            "state": "published",
        }


def write(folder: Path, claims: int, seed: int) -> dict[str, int]:
    """Write the files into ``folder``; returns how many rows each holds."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = dict.fromkeys(KINDS, 0)
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
    with ExitStack() as stack:
        files = {
            kind: stack.enter_context(open(folder / f"{kind}.jsonl", "w", encoding="utf-8", newline="\n"))
            for kind in KINDS
        }
        for kind, row in Generator(claims, seed).rows():
            files[kind].write(encode(row) + "\n")
            counts[kind] += 1
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    counts = write(asked.folder, asked.claims, asked.seed)
    print(" · ".join(f"{kind} {count:,}" for kind, count in counts.items()))


if __name__ == "__main__":
    main()

"""Who speaks, who publishes and what about: the publishers, sources and tags of a generated database."""

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from typing import Any

from bench.words import Vocabulary, vocabularies, zipf

Row = dict[str, Any]

PUBLISHER_KINDS = ("newspaper", "agency", "broadcaster", "magazine", "blog", "government", "think_tank", "platform")
COUNTRIES = ("GB", "US", "DE", "FR", "ES", "UA", "PL", "NL", "SE", "RO")
OUTLET_ENDINGS = ("Times", "Post", "Herald", "News", "Agency", "Today", "Monitor", "Weekly")
SOURCE_KINDS = {"person": 48, "organisation": 30, "group": 8, "document": 6, "unnamed": 7, "dataset": 1}
FIRST_NAMES = ("Anna", "Boris", "Clara", "David", "Elena", "Farid", "Greta", "Hugo", "Irina", "Jonas", "Karin", "Luis")
TAG_KINDS = ("topic", "topic", "topic", "place", "technique")
TOP_TAG = 0.035
"""The commonest tag's share of three draws a claim: a tenth of all claims have it."""
MOST_OUTLETS = 200


class World:
    """The publishers, sources and tags for ``claims`` claims, drawn by Zipf's law."""

    def __init__(self, claims: int, chance: random.Random) -> None:
        self.chance = chance
        self.vocabularies: dict[str, Vocabulary] = vocabularies(chance)
        self.publishers = self._publishers(min(MOST_OUTLETS, 5 + claims // 40))
        self.outlets = [self._outlet(publisher) for publisher in self.publishers]
        self.sources = self._sources(max(claims // 50, 20))
        self.tags = self._tags(int(300 * max(claims / 10_000, 0.1) ** 0.41))
        self.filed = [tag["slug"] for tag in self.tags if tag["parent"]]
        self._source_weights = zipf(len(self.sources))
        self._outlet_weights = zipf(len(self.outlets))
        self._tag_weights = zipf(len(self.filed), TOP_TAG)

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Every row with the name of its file."""
        for name, rows in (("publishers", self.publishers), ("sources", self.outlets + self.sources)):
            yield from ((name, row) for row in rows)
        yield from (("tags", row) for row in self.tags)

    def source(self) -> Row:
        """Somebody who speaks."""
        return self._drawn(self.sources, self._source_weights)

    def outlet(self) -> Row:
        """An outlet as a source; its publisher has the same slug."""
        return self._drawn(self.outlets, self._outlet_weights)

    def some_tags(self) -> list[str]:
        """About three tags, none twice."""
        number = self.chance.choices((1, 2, 3, 4, 5, 6), (10, 25, 32, 20, 9, 4))[0]
        return list(dict.fromkeys(self._drawn(self.filed, self._tag_weights) for _ in range(number)))

    def _drawn(self, rows: Sequence[Any], weights: Sequence[float]) -> Any:
        # What `random.choices` does for many, quicker for one.
        return rows[min(bisect(weights, self.chance.random() * weights[-1]), len(rows) - 1)]

    def _name(self, size: int = 2) -> str:
        pair = self.vocabularies["en"].rare_pair(self.chance)
        return " ".join(word.capitalize() for word in pair[:size])

    def _publishers(self, number: int) -> list[Row]:
        return [
            {
                "name": f"{self._name(1)} {self.chance.choice(OUTLET_ENDINGS)}",
                "slug": f"outlet-{at}",
                "kind": self.chance.choice(PUBLISHER_KINDS),
                "country": self.chance.choice(COUNTRIES),
                "language": "en",
                "domain": f"outlet-{at}.example.org",
                "homepage": f"https://outlet-{at}.example.org/",
            }
            for at in range(1, number + 1)
        ]

    def _outlet(self, publisher: Row) -> Row:
        return {
            "name": publisher["name"],
            "slug": publisher["slug"],
            "kind": "outlet",
            "publisher": publisher["slug"],
        }

    def _sources(self, number: int) -> list[Row]:
        """The most quoted first. Those who speak for others speak for organisations that come before them."""
        rows: list[Row] = []
        organisations: list[str] = []
        for at in range(1, number + 1):
            kind = self.chance.choices(list(SOURCE_KINDS), list(SOURCE_KINDS.values()))[0]
            row = self._source(at, kind)
            speaks = kind in ("person", "document") and organisations and self.chance.random() < 0.25
            if speaks:
                row["speaks_for"] = self.chance.choice(organisations)
            elif kind == "organisation":
                organisations.append(row["slug"])
            rows.append(row)
        return rows

    def _source(self, at: int, kind: str) -> Row:
        if kind == "unnamed":
            described = f"a {self._name(1).lower()} {self.chance.choice(('diplomat', 'official', 'officer'))}"
            through = self.chance.choice(self.outlets)["slug"]
            row = {"name": described.capitalize(), "slug": f"source-{at}", "kind": "person", "named": False}
            return row | {"description": described, "known_through": through}
        name = f"{self.chance.choice(FIRST_NAMES)} {self._name(1)}" if kind == "person" else self._name()
        row = {"name": name, "slug": f"source-{at}", "kind": kind}
        if self.chance.random() < 0.2:
            row["aliases"] = [self._name(1)]
        return row

    def _tags(self, number: int) -> list[Row]:
        """A tree: some headings, under which no claim is filed, and a few levels of tags below."""
        headings = max(number // 40, 3)
        rows: list[Row] = []
        for at in range(1, headings + number + 1):
            row = {"name": self._name(), "slug": f"tag-{at}", "kind": self.chance.choice(TAG_KINDS), "parent": None}
            if at > headings:
                deep = self.chance.random() < 0.2 and len(rows) > headings
                above = (
                    rows[self.chance.randrange(headings, len(rows))] if deep else rows[self.chance.randrange(headings)]
                )
                row["parent"] = above["slug"]
            rows.append(row)
        return rows

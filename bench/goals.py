"""What the figures are held to: one row a goal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Figure = dict[str, Any]
Figures = dict[str, Figure]
"""By name what was measured of one thing: by who did it its ``cpu`` and ``wall`` in milliseconds (in seconds for
loads), and what else there is to say of it."""
Results = dict[int, Figures]
"""One engine's figures, by the number of claims."""

SMALL, MEDIUM, LARGE = 10_000, 100_000, 1_000_000
MB = 1024 * 1024


@dataclass(frozen=True)
class Goal:
    """One figure with what it must reach: a number for every size, or one for each of some.

    ``least`` says that more is better.
    """

    figure: str
    what: str
    read: "Reader"
    bound: float | Mapping[int, float]
    unit: str = "×"
    least: bool = False

    def at(self, size: int) -> float | None:
        """The bound at ``size``; None where nothing was promised."""
        return self.bound.get(size) if isinstance(self.bound, Mapping) else self.bound


@dataclass(frozen=True)
class Outcome:
    """What became of a goal on one engine at one size. ``value`` is None where nothing could be measured."""

    goal: Goal
    value: float | None
    bound: float

    @property
    def is_met(self) -> bool:
        if self.value is None:
            return False
        return self.value >= self.bound if self.goal.least else self.value <= self.bound

    def __str__(self) -> str:
        if self.value is None:
            return "not measured"
        shown = f"{self.value:,.{0 if self.value >= 100 else 2 if self.value < 10 else 1}f}"
        return shown if self.is_met else f"**{shown}** missed"


Reader = Callable[[Results, int, str], float | None]
"""Reads the value of a figure at a size; None where something that it needs was not measured."""


def _cpu(results: Results, size: int, figure: str, who: str = "ours") -> float | None:
    spent = results.get(size, {}).get(figure, {}).get(who)
    return float(spent["cpu"]) if spent else None


def floor_of(figure: Figure) -> float | None:
    """Hand-written SQL and a plain view that renders what it finds, in milliseconds."""
    parts = [figure.get(who) for who in ("sql", "view")]
    return sum(part["cpu"] for part in parts if part) if all(parts) else None


def over(one: float | None, other: float | None) -> float | None:
    return one / other if one is not None and other else None


def to_floor(results: Results, size: int, figure: str) -> float | None:
    return over(_cpu(results, size, figure), floor_of(results.get(size, {}).get(figure, {})))


def milliseconds(results: Results, size: int, figure: str) -> float | None:
    return _cpu(results, size, figure)


def growth(results: Results, size: int, figure: str) -> float | None:
    return over(_cpu(results, size, figure), _cpu(results, SMALL, figure))


def to_first_page(results: Results, size: int, figure: str) -> float | None:
    return over(_cpu(results, size, figure), _cpu(results, size, "first"))


def to_plain(results: Results, size: int, figure: str) -> float | None:
    return over(_cpu(results, size, figure), _cpu(results, size, figure, "plain"))


def speed_of_plain(results: Results, size: int, figure: str) -> float | None:
    return over(_cpu(results, size, figure, "plain"), _cpu(results, size, figure))


def speed_by_hand(results: Results, size: int, figure: str) -> float | None:
    return over(_cpu(results, size, figure, "sql"), _cpu(results, size, figure))


def speed_of_loaddata(results: Results, size: int, figure: str) -> float | None:
    loaded, one_by_one = _cpu(results, size, figure), _cpu(results, size, "loaddata")
    return over(one_by_one, loaded * 1_000 / size if loaded else None)


def memory_of_load(results: Results, size: int, figure: str) -> float | None:
    told = results.get(size, {}).get(figure, {})
    return (told["ours"]["memory"] - told["empty"]["memory"]) / MB if "ours" in told and "empty" in told else None


def memory(results: Results, size: int, figure: str) -> float | None:
    told = results.get(size, {}).get(figure, {}).get("memory")
    return told / MB if told is not None else None


def first_byte(results: Results, size: int, figure: str) -> float | None:
    told = results.get(size, {}).get(figure, {}).get("first_byte")
    return float(told) if told is not None else None


TITLES = {
    "first": "first page with total",
    "source_head": "by source, the most quoted one",
    "source_medium": "by source, one of a hundredth of the claims",
    "tag_status_year": "tag + status + year",
    "rare": "search, rare word",
    "frequent": "search, a word in 10 % of claims, with total",
    "deep_link": "page 1000, by its link",
    "deep_jump": "page 1000, by its number",
    "last_link": "last page, by its link",
    "last_jump": "last page, by its number",
    "facets_all": "facets over everything",
    "facets_selective": "facets over tag + status + year",
    "facets_tenth": "facets over 10 % of claims",
    "desk_claims": "desk: claims",
    "desk_claims_search": "desk: claims, search",
    "desk_statements": "desk: statements",
    "desk_statements_search": "desk: statements, search",
    "desk_sources": "desk: sources",
    "desk_sources_search": "desk: sources, search",
    "desk_tags": "desk: tags",
    "desk_tags_search": "desk: tags, search",
    "desk_articles": "desk: articles",
    "desk_articles_search": "desk: articles, search",
    "edit": "saving a claim",
    "export_csv_all": "export of everything, CSV",
    "export_jsonl_all": "export of everything, JSON Lines",
    "export_csv_tenth": "export of 10 % of claims, CSV",
    "export_jsonl_tenth": "export of 10 % of claims, JSON Lines",
    "load": "load_jsonl",
    "loaddata": "loaddata",
    "fixtures": "loaddata of the fixtures",
}
"""What is measured, in the order of the tables."""

NEAR_FLOOR = ("first", "source_head", "source_medium", "deep_link", "deep_jump", "last_link", "last_jump", "rare")
EXPORTS = tuple(name for name in TITLES if name.startswith("export_"))
DESK = tuple(name for name in TITLES if name.startswith("desk_"))
BY_HAND = {
    "postgresql": {MEDIUM: 1 / 3, LARGE: 1 / 3},
    "sqlite": {MEDIUM: 0.4, LARGE: 0.4},
}
"""How fast an export must be, as a part of the speed of COPY TO, or of sqlite3 and csv. Of a short one most is
what any page takes."""


def goals_for(engine: str) -> list[Goal]:
    """What is promised on ``engine``."""
    return [
        *(Goal(name, f"{TITLES[name]}: to the floor", to_floor, 1.5) for name in NEAR_FLOOR),
        *(Goal(name, f"{TITLES[name]}: growth from 10,000", growth, {LARGE: 1.3}) for name in NEAR_FLOOR),
        Goal("frequent", TITLES["frequent"], milliseconds, {MEDIUM: 40, LARGE: 60}, "ms"),
        Goal("tag_status_year", TITLES["tag_status_year"], milliseconds, {MEDIUM: 35, LARGE: 50}, "ms"),
        Goal("facets_all", "facets over everything: to the first page", to_first_page, 1.3),
        Goal("facets_selective", "facets over tag + status + year: to the floor", to_floor, 2),
        Goal("facets_tenth", TITLES["facets_tenth"], milliseconds, {MEDIUM: 100, LARGE: 100}, "ms"),
        Goal("load", "load_jsonl: speed to that by hand", speed_by_hand, 1 / 3, least=True),
        Goal("load", "load_jsonl: speed to loaddata", speed_of_loaddata, 8, least=True),
        Goal("load", "load_jsonl: memory above an empty process", memory_of_load, 150, "MB"),
        Goal("fixtures", "loaddata of our fixtures: speed to Django’s own", speed_of_plain, 0.8, least=True),
        *(
            Goal(name, f"{TITLES[name]}: speed to that by hand", speed_by_hand, BY_HAND[engine], least=True)
            for name in EXPORTS
        ),
        *(Goal(name, f"{TITLES[name]}: first byte", first_byte, 0.3, "s") for name in EXPORTS),
        *(Goal(name, f"{TITLES[name]}: memory above the idle server", memory, 50, "MB") for name in EXPORTS),
        Goal("edit", "saving a claim: to a plain admin", to_plain, 2),
        *(Goal(name, TITLES[name], milliseconds, {LARGE: 100}, "ms") for name in DESK),
    ]


def outcomes(engine: str, results: Results) -> dict[int, list[Outcome]]:
    """By size what became of each goal that holds there."""
    return {
        size: [
            Outcome(goal, goal.read(results, size, goal.figure), bound)
            for goal in goals_for(engine)
            if (bound := goal.at(size)) is not None
        ]
        for size in sorted(results)
    }

"""Writes docs/performance.md from what was measured. What people wrote into it stays."""

import json
from pathlib import Path
from typing import Any

from bench.engines import FOLDER, ROOT
from bench.goals import TITLES, Figure, Figures, Outcome, Results, floor_of, outcomes, over

PAGE = ROOT / "docs" / "performance.md"
LOADS = ("load", "loaddata", "fixtures")
RESULTS = FOLDER / "results"
"""Where the figures are kept: a file for each engine and size."""
BEGIN, END = "<!-- by hand -->", "<!-- end of what is written by hand -->"
ENGINES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}

INTRODUCTION = """# Speed

Written by `make bench`; only what stands under *Why* is written by hand. Figures are milliseconds of CPU of server
and database together, medians of several rounds, of one server process that is asked over HTTP by an editor who is
signed in. Other processes on the machine hardly bear on them.

*Floor* is hand-written SQL and, added to it, a plain Django view with the same middleware that renders the same rows
with their chains from what it is handed. *Lean* is a plain django-filter list with `COUNT(*)`, `icontains` and
prefetched chains. All run in turns on the same data: seeded claims with about 1.5 statements, 0.5 articles and 3 tags
each, in chains of one to four hops, drawn by Zipf’s law. Where there are no 2,000 pages, *page 1000* is the one in
the middle.
"""


def read_results(folder: Path = RESULTS) -> tuple[dict[str, Results], dict[str, Any]]:
    """By engine what was measured so far, and what is known of the newest run."""
    results: dict[str, Results] = {}
    about: dict[str, Any] = {}
    for file in sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime):
        told = json.loads(file.read_text())
        results.setdefault(told["engine"], {})[told["claims"]] = told["figures"]
        about |= told["about"]
    return results, about


def write(page: Path = PAGE, folder: Path = RESULTS) -> list[str]:
    """Write the page anew; returns what was missed, a line each."""
    results, about = read_results(folder)
    by_hand = kept(page.read_text(encoding="utf-8")) if page.exists() else "\n"
    page.write_text(text_of(results, about, by_hand), encoding="utf-8")
    return missed(results)


def kept(text: str) -> str:
    """What stands between the marks."""
    return text.partition(BEGIN)[2].partition(END)[0] or "\n"


def text_of(results: dict[str, Results], about: dict[str, Any], by_hand: str = "\n") -> str:
    """The whole page."""
    facts = [f"| {name} | {value} |" for name, value in about.items()]
    parts = [INTRODUCTION, "\n".join(["| | |", "|---|---|", *facts]), "\n## Goals\n"]
    parts += [goals_table(engine, results[engine]) for engine in ENGINES if engine in results]
    parts += ["## Why\n", f"{BEGIN}{by_hand}{END}\n", "## Figures\n"]
    for engine in ENGINES:
        for size, figures in sorted(results.get(engine, {}).items()):
            parts.append(figures_table(engine, size, figures))
    return "\n".join(parts)


def missed(results: dict[str, Results]) -> list[str]:
    """The goals that were missed or could not be measured."""
    return [
        f"{ENGINES[engine]}, {size:,} claims: {each.goal.what}: {plain(str(each))}, {bound_of(each)}"
        for engine, measured in results.items()
        for size, found in outcomes(engine, measured).items()
        for each in found
        if not each.is_met
    ]


def plain(text: str) -> str:
    return text.replace("**", "")


def bound_of(outcome: Outcome) -> str:
    """The bound in words: "at most 1.5 ×"."""
    return f"at {'least' if outcome.goal.least else 'most'} {outcome.bound:.3g} {outcome.goal.unit}"


def goals_table(engine: str, results: Results) -> str:
    """Every goal with what became of it at every size."""
    by_goal: dict[str, dict[int, Outcome]] = {}
    for size, found in outcomes(engine, results).items():
        for each in found:
            by_goal.setdefault(each.goal.what, {})[size] = each
    sizes = sorted(results)
    lines = [
        f"### {ENGINES[engine]}\n",
        f"| what | goal | {' | '.join(f'{size:,}' for size in sizes)} |",
        f"|---|---|{'---|' * len(sizes)}",
    ]
    for what, at in by_goal.items():
        bounds = " / ".join(dict.fromkeys(bound_of(each) for each in at.values()))
        lines.append(f"| {what} | {bounds} | {' | '.join(str(at.get(size, '')) for size in sizes)} |")
    return "\n".join([*lines, ""])


def figures_table(engine: str, size: int, figures: Figures) -> str:
    """Everything that was measured of one database."""
    lines = [
        f"### {ENGINES[engine]}, {size:,} claims\n",
        "| what | ours | floor | ratio | SQL by hand | plain view | lean | on the wall |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        _line(name, figures[name])
        for name in TITLES
        if name in figures and name not in ("load", "loaddata", "fixtures")
    ]
    return "\n".join([*lines, "", *_loads(size, figures), ""])


def _line(name: str, figure: Figure) -> str:
    if "problem" in figure:
        return f"| {TITLES[name]} | {figure['problem']} | | | | | | |"
    note = "" if figure.get("same", True) else " (other rows than the SQL’s)"
    ours, floor = figure["ours"]["cpu"], floor_of(figure)
    ratio = over(ours, floor or figure.get("plain", {}).get("cpu") or figure.get("sql", {}).get("cpu"))
    cells = [ours, floor, *(figure.get(who, {}).get("cpu") for who in ("sql", "view", "lean"))]
    cells[3] = cells[3] or figure.get("plain", {}).get("cpu")
    ms = [number(cell) for cell in cells]
    shown = [ms[0], ms[1], f"{ratio:.2f}" if ratio else "", *ms[2:], number(figure["ours"]["wall"])]
    return f"| {TITLES[name]}{note} | {' | '.join(shown)} |"


def _loads(size: int, figures: Figures) -> list[str]:
    lines = []
    if "load" in figures:
        load = figures["load"]
        lines.append(
            f"`load_jsonl` took {number(load['ours']['cpu'])} s of CPU ({number(load['ours']['cpu'] * 1e6 / size)} µs"
            f" a claim with all around it) and {number(load['ours']['wall'])} s on the wall; writing the same rows by"
            f" hand took {number(load.get('sql', {}).get('cpu'))} s. The database takes {load['disk'] / 2**20:,.0f} MB."
        )
    if "loaddata" in figures:
        ours, theirs = (number(figures["loaddata"][who]["cpu"]) for who in ("ours", "plain"))
        lines.append(f"`loaddata` takes {ours} ms a claim, Django’s own without derived data {theirs} ms.")
    if "fixtures" in figures:
        ours, theirs = (number(figures["fixtures"][who]["cpu"]) for who in ("ours", "plain"))
        lines.append(f"`loaddata` of the fixtures that we ship takes {ours} ms, Django’s own {theirs} ms.")
    return lines


def number(value: float | None) -> str:
    """Three digits or so; nothing where there is none."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"

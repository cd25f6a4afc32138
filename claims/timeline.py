"""A dated timeline, laid out for SVG. Pure: dates in, positions out.

Across, everything is a percentage of the drawing's width, so that letters keep their size on a narrow
screen; downwards, everything is in pixels. Numbers leave here as text: a template would write decimals
in the language of the reader, and SVG would not understand them.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from articles.dates import Precision, VagueDate

LEFT, WIDTH = 5.0, 90.0
"""Where the axis begins, and how long it is."""

REACH = 4.7
"""Half of what a mark takes across: 24 pixels, the smallest target, on a drawing 256 pixels wide."""

LANE, TOP, AXIS = 28, 18, 34
"""Pixels from lane to lane, above the highest, and below the lowest."""

MAX_LANES = 7
MAX_TICKS = 3


@dataclass(frozen=True)
class Entry:
    """One dated thing. ``kind`` chooses shape and colour, ``label`` says what it is, ``url`` leads to it."""

    when: VagueDate
    kind: str
    label: str
    url: str


@dataclass(frozen=True)
class Mark:
    """One link of the drawing, for ``count`` entries. ``bar`` is the interval that a coarse date stands for;
    ``by`` draws a tail to the left: then or earlier."""

    x: str
    y: str
    bar: tuple[str, str] | None
    by: bool
    kind: str
    label: str
    url: str
    count: int


@dataclass(frozen=True)
class Tick:
    x: str
    label: str
    anchor: str


@dataclass(frozen=True)
class Timeline:
    """All that the template draws. ``span`` says in words from when to when."""

    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    height: int
    axis_y: int
    span: str

    @property
    def tick_y(self) -> int:
        return self.axis_y + 6

    @property
    def label_y(self) -> int:
        return self.axis_y + 22


@dataclass(frozen=True)
class _Group:
    """Entries that share a mark. ``start`` and ``end`` bound them all."""

    start: dt.date
    end: dt.date
    entries: tuple[Entry, ...]

    @property
    def by(self) -> bool:
        return all(entry.when.by for entry in self.entries)

    @property
    def label(self) -> str:
        first = self.entries[0]
        if len(self.entries) == 1:
            return first.label
        dates = list(dict.fromkeys(str(entry.when) for entry in self.entries))
        when = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
        return f"{len(self.entries)} statements, {first.kind}, {when}"


class _Scale:
    """From a day to a percentage of the width; a single day stands in the middle."""

    def __init__(self, start: dt.date, end: dt.date) -> None:
        self.start, self.end = start, end
        self.days = (end - start).days

    def __call__(self, day: dt.date) -> float:
        return LEFT + WIDTH * ((day - self.start).days / self.days if self.days else 0.5)


def lay_out(entries: Iterable[Entry]) -> Timeline | None:
    """The drawing of ``entries``; None where there are none. Marks of one date and kind are drawn as one, and
    where that is still too crowded, neighbours of one kind are too."""
    ordered = sorted(entries, key=lambda entry: (_start(entry.when), entry.when.end, entry.kind, entry.label))
    if not ordered:
        return None
    scale = _Scale(min(map(_start, (e.when for e in ordered))), max(entry.when.end for entry in ordered))
    groups = _grouped(ordered, by_place=None)
    lanes = _lanes(groups, scale)
    if max(lanes) >= MAX_LANES:
        groups = _grouped(ordered, by_place=scale)
        lanes = _lanes(groups, scale)
    axis_y = TOP + LANE * (max(lanes) + 1)
    marks = [_mark(group, scale, axis_y - LANE * lane - LANE // 2) for group, lane in zip(groups, lanes, strict=True)]
    return Timeline(tuple(marks), tuple(_ticks(scale)), axis_y + AXIS, axis_y, _in_words(ordered))


def _start(when: VagueDate) -> dt.date:
    """The first day of the interval that a date stands for."""
    if when.precision == Precision.YEAR:
        return when.on.replace(month=1, day=1)
    if when.precision == Precision.MONTH:
        return when.on.replace(day=1)
    return when.on


def _grouped(ordered: Sequence[Entry], *, by_place: _Scale | None) -> list[_Group]:
    """Entries of one kind and date together; with ``by_place``, of one kind and within one target's width."""
    found: dict[tuple[object, ...], list[Entry]] = {}
    for entry in ordered:
        start, end = _start(entry.when), entry.when.end
        place: tuple[object, ...] = (start, end, entry.when.by)
        if by_place:
            place = (int(by_place(_middle(start, end)) // (2 * REACH)),)
        found.setdefault((entry.kind, *place), []).append(entry)
    groups = [
        _Group(min(_start(e.when) for e in each), max(e.when.end for e in each), tuple(each)) for each in found.values()
    ]
    return sorted(groups, key=lambda group: (group.start, group.end))


def _middle(start: dt.date, end: dt.date) -> dt.date:
    return start + (end - start) / 2


def _lanes(groups: Sequence[_Group], scale: _Scale) -> list[int]:
    """For each group the lowest lane in which it touches no other."""
    taken: list[float] = []
    lanes = []
    for group in groups:
        middle = scale(_middle(group.start, group.end))
        left = min(scale(group.start), middle - REACH) - (REACH if group.by else 0)
        lane = next((number for number, until in enumerate(taken) if until <= left), len(taken))
        taken[lane : lane + 1] = [max(scale(group.end), middle + REACH)]
        lanes.append(lane)
    return lanes


def _mark(group: _Group, scale: _Scale, y: int) -> Mark:
    bar = (percent(scale(group.start)), percent(scale(group.end))) if group.start < group.end else None
    x = percent(scale(_middle(group.start, group.end)))
    first = group.entries[0]
    return Mark(x, str(y), bar, group.by, first.kind, group.label, first.url, len(group.entries))


def _ticks(scale: _Scale) -> list[Tick]:
    """At most ``MAX_TICKS`` dates along the axis, the first and the last day among them."""
    if not scale.days:
        return [Tick(percent(scale(scale.start)), str(VagueDate(scale.start)), "middle")]
    precision = Precision.YEAR if scale.days > 5 * 366 else Precision.DAY
    steps = min(MAX_TICKS - 1, scale.days)
    found: dict[str, Tick] = {}
    for step in range(steps + 1):
        day = scale.start + dt.timedelta(days=round(scale.days * step / steps))
        anchor = {0: "start", steps: "end"}.get(step, "middle")
        label = str(VagueDate(day, precision))
        found.setdefault(label, Tick(percent(scale(day)), label, anchor))
    return list(found.values())


def _in_words(ordered: Sequence[Entry]) -> str:
    first, last = str(ordered[0].when), str(max(ordered, key=lambda entry: entry.when.sort_key).when)
    return first if first == last else f"from {first} to {last}"


def percent(number: float) -> str:
    """``number`` as SVG reads it, whatever the reader's language: "12.5%"."""
    return f"{number:.2f}".rstrip("0").rstrip(".") + "%"

"""The language of the search box: words, "phrases", -refused ones, beginnings*, OR, and name:value. Pure.

Nothing that anybody types is an error: what is not understood stays where it is, with a word on why and what
may have been meant, and the rest is looked for. Every pass over a query is linear in its length.
"""

import datetime as dt
import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from articles.search.expression import ALL, Expression, all_of, any_of, phrase, word
from articles.search.words import tokens
from claims.search.periods import period, readings
from claims.search.pieces import QUOTES, Piece, joined, piece_from, pieces

MAX_QUERY_CHARS = 500
MAX_TERMS = 32

_SUGGESTIONS = 3
_CLOSE = 0.7
_STARRED = re.compile(r"\A([^*]*)\*")


class Reads(Enum):
    """What the value behind a name is."""

    TEXT = auto()
    BEFORE = auto()
    """A year, month or day; the filter is given the day before it begins."""
    FROM = auto()
    """The same; the filter is given its first day."""
    UP_TO = auto()
    """The same; the filter is given its last day."""


@dataclass(frozen=True)
class Name:
    """What a name before a colon stands for. ``opposite`` is the filter that a minus before it means; empty
    where there is none."""

    parameter: str
    reads: Reads = Reads.TEXT
    opposite: str = ""


@dataclass(frozen=True)
class Filter:
    """One filter as it was typed, understood: ``value`` is still to be looked up. With the OR before it, it
    stands in the query from ``start`` to ``end``, excluded, in code points."""

    parameter: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Snag:
    """One thing in the query that was not understood, or not as it was meant, from ``start`` to ``end``.
    ``suggestions`` are whole queries. ``left_out``: nothing of it was looked for."""

    message: str
    start: int
    end: int
    suggestions: tuple[str, ...] = ()
    left_out: bool = False

    @property
    def told(self) -> str:
        """What is wrong and what became of it, in one line."""
        return f"{self.message} {LEFT_OUT}" if self.left_out else self.message


LEFT_OUT = "This part was left out."


@dataclass(frozen=True)
class Query:
    """A query as it was understood. ``words`` is its text without the filters and what was left out: what it
    looks for."""

    expression: Expression
    words: str
    filters: tuple[Filter, ...] = ()
    problems: tuple[Snag, ...] = ()

    def pairs(self) -> list[tuple[str, str]]:
        """The filters as an address gives them, each once."""
        return [*dict.fromkeys((each.parameter, each.value) for each in self.filters)]


def names_of(parameters: Collection[str], synonyms: Mapping[str, str]) -> dict[str, Name]:
    """What may stand before a colon in a list that has the filters ``parameters``, of which "-tag" says that
    "tag" can be refused: their own names, those of ``synonyms`` that lead to one of them, and the short ones for
    dates and for what there is or is not."""
    found = {name: _name(name, parameters) for name in parameters if name != "q" and not name.startswith("-")}
    for short, meant in _SHORT.items():
        there = [name for name in meant if name.parameter in found]
        if there:
            found.setdefault(short, there[0])
    for synonym, name in synonyms.items():
        if name in found:
            found.setdefault(synonym, found[name])
    return found


_OPPOSITES = {"has": "lacks", "lacks": "has"}

_SHORT = {
    "before": (Name("said_before", Reads.BEFORE), Name("published_before", Reads.BEFORE)),
    "after": (Name("said_after", Reads.FROM), Name("published_after", Reads.FROM)),
    "since": (Name("said_after", Reads.FROM), Name("published_after", Reads.FROM)),
    "no": (Name("lacks", opposite="has"),),
}


def _name(name: str, parameters: Collection[str]) -> Name:
    reads = Reads.FROM if name.endswith("_after") else Reads.UP_TO if name.endswith("_before") else Reads.TEXT
    refused = f"-{name}" if f"-{name}" in parameters else ""
    return Name(name, reads, _OPPOSITES.get(name, refused))


def parse(text: str, names: Mapping[str, Name], *, desk_only: Collection[str] = ()) -> Query:
    """``text`` as the list understands it whose filters are called ``names``. ``desk_only`` are filters that
    this viewer's list has not. Never raises."""
    reading = _Reading(text[:MAX_QUERY_CHARS], names, frozenset(desk_only))
    if len(text) > MAX_QUERY_CHARS:
        reading.note(f"Only the first {MAX_QUERY_CHARS} characters are looked at.", MAX_QUERY_CHARS, len(text))
    return reading.query()


def write(words: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The query that stands for the filters ``pairs``, as an address gives them, and ``words``: what ``parse``
    takes apart again, where no value holds a quotation mark."""
    return " ".join([*(f"{name}:{_value(value)}" for name, value in pairs), *([words] if words else [])])


def _value(value: str) -> str:
    return value if value and not re.search(rf"[\s{QUOTES}]", value) else f'"{value}"'


@dataclass
class _Reading:
    """One query while it is read."""

    text: str
    names: Mapping[str, Name]
    desk_only: frozenset[str]
    wanted: list[Expression] = field(default_factory=list)
    refused: list[Expression] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    problems: list[Snag] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """The pieces that are looked for as words."""
    looked_for: int = 0

    def query(self) -> Query:
        # AND in capitals says what is done anyhow.
        full_at = len(self.text)
        for group in joined([piece for piece in pieces(self.text) if piece.raw != "AND"]):
            self.read_group(group)
            if self.looked_for > MAX_TERMS:
                full_at = min(full_at, group[0].start)
        if self.looked_for > MAX_TERMS:
            self.note(f"Only the first {MAX_TERMS} words are looked for.", full_at, len(self.text))
        if self.left and not self.looked_for:
            self.left = []
            if not self.problems:
                self.note("There is no word in this to look for.", 0, len(self.text))
        problems = tuple(sorted(self.problems, key=lambda problem: problem.start))
        return Query(all_of(self.wanted, self.refused), " ".join(self.left), _narrowed(self.filters), problems)

    def note(self, message: str, start: int, end: int, *instead: str, left_out: bool = False) -> None:
        """A problem from ``start`` to ``end``; ``instead`` are texts that could stand there."""
        ways = dict.fromkeys(_put(self.text, start, end, text) for text in instead)
        self.problems.append(Snag(message, start, end, tuple(ways)[:_SUGGESTIONS], left_out))

    def leave_out(self, message: str, start: int, end: int, *instead: str) -> None:
        """The same of what is not looked for."""
        self.note(message, start, end, *instead, left_out=True)

    def read_group(self, group: list[Piece]) -> None:
        """Pieces that OR stands between; mostly one alone."""
        if len(group) == 1:
            self.read(group[0])
            return
        operands = group[::2]
        if all(each.name for each in operands) and len({self.plain(each) for each in operands} | {None}) == 2:
            # Several values of one filter mean any of them anyhow.
            for each, before in zip(operands, [group[0], *group[1::2]], strict=True):
                self.named(each, before.start)
        elif not any(each.name or each.negated for each in operands):
            self.keep(*group)
            self.look_for(any_of([each for each in map(self.expression, operands) if each != ALL]))
        else:
            self.only_words(group)

    def plain(self, piece: Piece) -> str | None:
        """The filter that the piece would be, where OR may join it with another of the same."""
        name = self.names.get(_known(piece.name))
        if name is None or name.reads is not Reads.TEXT or name.parameter in _OPPOSITES:
            return None
        return name.parameter if piece.body.strip() and not piece.negated else None

    def only_words(self, group: list[Piece]) -> None:
        message = "OR can only stand between words and phrases, or between values of one filter"
        plain = [each for each in group[::2] if not each.name]
        for each in plain:
            self.keep(each)
            self.words(each)
        start, end, without = group[0].start, group[-1].end, " ".join(each.raw for each in group[::2])
        if plain:
            self.note(f"{message}: only the words were looked for.", start, end, without)
        else:
            self.leave_out(f"{message}.", start, end, without)

    def read(self, piece: Piece) -> None:
        if piece.raw == "OR":
            self.leave_out("OR needs a word or a phrase on both sides.", piece.start, piece.end, "or")
        elif piece.name:
            self.named(piece, piece.start)
        elif not self.says_nothing(piece):
            self.keep(piece)
            self.words(piece)

    def keep(self, *kept: Piece) -> None:
        self.left += [piece.raw for piece in kept]

    # Words

    def words(self, piece: Piece) -> None:
        self.look_for(self.expression(piece), negated=piece.negated)

    def says_nothing(self, piece: Piece) -> bool:
        """Whether the piece is a sign alone, where that has been noted as a problem."""
        alone = (piece.raw in ("-", "*") or piece.negated or piece.quoted) and not tokens(piece.body)
        if alone:
            self.nothing(piece)
        return alone

    def look_for(self, expression: Expression, *, negated: bool = False) -> None:
        if expression == ALL:
            return
        self.looked_for += 1
        if self.looked_for <= MAX_TERMS:
            (self.refused if negated else self.wanted).append(expression)

    def expression(self, piece: Piece) -> Expression:
        if piece.quoted:
            if not piece.closed:
                message = "This quotation mark is never closed: all behind it was looked for as one phrase."
                without = f"{'-' * piece.negated}{piece.body.strip()}"
                self.note(message, piece.start, piece.end, f'{piece.raw}"', without)
            return phrase(piece.body)
        starred = _STARRED.match(piece.body)
        return self.beginning(piece, starred[1]) if starred else word(piece.body)

    def beginning(self, piece: Piece, stump: str) -> Expression:
        """A word with a star in it; ``stump`` is what stands before the first."""
        rest = piece.body[len(stump) :].strip("*")
        sign = "-" * piece.negated
        found = tokens(stump)
        if not found:
            if rest:
                self.note("A star stands for the end of a word, not for its beginning.", piece.start, piece.end, rest)
            return word(rest)
        if rest and tokens(rest):
            message = f"A star stands for the end of a word: “{stump}*” was looked for."
            self.note(message, piece.start, piece.end, f"{sign}{stump}*", f"{sign}{stump}")
        expression = word(stump, prefix=True)
        if len(found) > 1 or len(found[0]) < 2:
            message = f"A star needs at least two letters of one word before it: “{stump}” was looked for."
            self.note(message, piece.start, piece.end, f"{sign}{stump}")
        return expression

    def nothing(self, piece: Piece) -> None:
        if piece.quoted:
            message = "There is no word between these quotation marks."
        elif "*" in piece.raw:
            message = "A star stands for the end of a word: put it right behind its beginning, as in govern*."
        else:
            message = "A minus refuses a word: put it right before the word, as in -drones."
        self.leave_out(message, piece.start, piece.end)

    # Filters

    def named(self, piece: Piece, start: int) -> None:
        """A piece that has a name; ``start`` is where it begins with the OR before it."""
        name = self.names.get(_known(piece.name))
        if name is None:
            self.stranger(piece)
        elif not piece.body.strip():
            self.no_value(piece)
        elif found := self.filter(piece, name):
            self.filters.append(replace(found, start=start))

    def filter(self, piece: Piece, name: Name) -> Filter | None:
        """The filter that ``piece`` is, or None where that has been noted as a problem."""
        parameter, value = name.parameter, piece.body.strip()
        if piece.negated:
            if not name.opposite:
                self.leave_out(f"“{piece.name}:” takes no minus.", piece.start, piece.end, piece.raw[1:])
                return None
            parameter = name.opposite
        if name.reads is not Reads.TEXT:
            day = _day(value, name.reads)
            if day is None:
                self.no_day(piece, name)
                return None
            value = day.isoformat()
        if piece.quoted and not piece.closed:
            message = f"This quotation mark is never closed: all behind it was taken for the {piece.name}."
            self.note(message, piece.start, piece.end, f'{piece.raw}"')
        return Filter(parameter, value, piece.start, piece.end)

    def stranger(self, piece: Piece) -> None:
        """A name that is no filter's: misspelt, or a colon between words."""
        known = _known(piece.name)
        if known in self.desk_only:
            self.leave_out(f"Only the desk can filter by “{known}:”. Sign in first.", piece.start, piece.end)
            return
        behind = piece.raw[len(piece.name) + piece.negated :]
        if len(behind) < 2:
            # A speaker before what they said.
            self.keep(piece)
            self.look_for(word(piece.name), negated=piece.negated)
            return
        sign = "-" * piece.negated
        close = difflib.get_close_matches(known, self.names, _SUGGESTIONS, _CLOSE)
        ways = [f"{sign}{way}{behind}" for way in close]
        if not ways and tokens(piece.body):
            ways = [f'{sign}"{piece.name} {piece.body}"']
        self.leave_out(f"No filter is called “{piece.name}:”.", piece.start, piece.end, *ways)

    def no_value(self, piece: Piece) -> None:
        following = piece_from(self.text, piece.end)
        message = f"“{piece.name}:” needs a value right behind the colon."
        if following and not following.name and not following.negated and following.raw not in ("OR", "AND"):
            joined = f"{piece.raw.rstrip(QUOTES)}{following.raw}"
            better = _put(self.text, piece.start, following.end, joined)
            self.problems.append(Snag(message, piece.start, piece.end, (better,), left_out=True))
        else:
            self.leave_out(message, piece.start, piece.end)

    def no_day(self, piece: Piece, name: Name) -> None:
        message = f"“{piece.name}:” needs a year, a month or a day: 2025, 2025-06 or 2025-06-03."
        ways = [f"{piece.name}:{way}" for way in readings(piece.body) if _day(way, name.reads)]
        self.leave_out(message, piece.start, piece.end, *ways)


def _narrowed(filters: list[Filter]) -> tuple[Filter, ...]:
    """``filters`` with the last of several days from which, and the first of several up to which."""
    days: dict[str, str] = {}
    for each in filters:
        if each.parameter.endswith(("_after", "_before")):
            narrower = max if each.parameter.endswith("_after") else min
            days[each.parameter] = narrower(days.get(each.parameter, each.value), each.value)
    return tuple(replace(each, value=days.get(each.parameter, each.value)) for each in filters)


def _known(name: str) -> str:
    return name.casefold().replace("-", "_")


def _put(text: str, start: int, end: int, instead: str) -> str:
    """``text`` with ``instead`` between ``start`` and ``end``, and no blanks left over there."""
    return " ".join(piece for piece in (text[:start].rstrip(), instead, text[end:].lstrip()) if piece)


def _day(value: str, reads: Reads) -> dt.date | None:
    """The day that a filter is given for the year, month or day ``value``; None where that is none."""
    days = period(value)
    if days is None:
        return None
    first, last = days
    if reads is Reads.BEFORE:
        return first - dt.timedelta(days=1) if first > dt.date.min else None
    return first if reads is Reads.FROM else last

"""The language of the search box: words, "phrases", -refused ones, beginnings*, OR, and name:value. Pure.

Nothing that anybody types is an error: what is not understood stays where it is, with a word on why and what
may have been meant, and the rest is looked for. Every pass over a query is linear in its length.
"""

import calendar
import datetime as dt
import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from articles.search.expression import ALL, Expression, all_of, any_of, phrase, word
from articles.search.words import tokens

MAX_QUERY_CHARS = 500
MAX_TERMS = 32

_SUGGESTIONS = 3
_CLOSE = 0.7
_QUOTES = '"“”„‟«»＂'
"""Any of them opens a phrase and any closes it: people paste, and telephones turn them."""

_GAP = re.compile(r"\s*")
_RUN = re.compile(rf"[^\s{_QUOTES}]*")
_QUOTED = re.compile(rf"[{_QUOTES}]([^{_QUOTES}]*)([{_QUOTES}]?)")
_NAMED = re.compile(r"([^\W\d_][\w-]{0,39}):(.*)\Z", re.DOTALL)
_STARRED = re.compile(r"\A([^*]*)\*")
_PERIOD = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?\Z")
_DAY_FIRST = re.compile(r"([0-9]{1,2})-(?:([0-9]{1,2})-)?([0-9]{4})\Z")
_SCHEMES = frozenset(("doi", "mailto", "tel", "urn"))


class Reads(Enum):
    """What the value behind a name is."""

    TEXT = auto()
    BEFORE = auto()
    """A year, month or day; the filter is given the day before it begins."""
    FROM = auto()
    """The same; the filter is given its first day."""
    UP_TO = auto()
    """The same; the filter is given its last day."""
    FLAG = auto()
    """The name of a filter that is then "yes", or behind a minus "no"."""


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
    ``suggestions`` are whole queries."""

    message: str
    start: int
    end: int
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """A query as it was understood. ``words`` is its text without the filters: what it leaves to look for."""

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
    if not found.keys().isdisjoint(FLAGS):
        found.setdefault("is", Name("", Reads.FLAG))
    for synonym, name in synonyms.items():
        if name in found:
            found.setdefault(synonym, found[name])
    return found


FLAGS = ("single_source", "unsourced", "circular")
"""The filters that are yes or no, and read well behind "is:"."""

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
    return value if value and not re.search(rf"[\s{_QUOTES}]", value) else f'"{value}"'


@dataclass(frozen=True)
class _Term:
    """One piece of a query between blanks. ``name`` is what stands before its colon, if it has one; ``body``
    what is left without sign, name and quotation marks."""

    raw: str
    start: int
    end: int
    body: str
    negated: bool = False
    quoted: bool = False
    closed: bool = True
    name: str = ""


def _terms(text: str) -> Iterator[_Term]:
    at = _end(_GAP, text, 0)
    while at < len(text):
        term = _term(text, at)
        yield term
        at = _end(_GAP, text, term.end)


def _term(text: str, start: int) -> _Term:
    """The term that begins at ``start``, where no blank is."""
    at, negated = start, False
    if text[at] == "-" and at + 1 < len(text) and not text[at + 1].isspace():
        at, negated = at + 1, True
    end = _end(_RUN, text, at)
    run, name = text[at:end], ""
    named = _NAMED.match(run)
    if named and not named[2].startswith("//") and named[1].casefold() not in _SCHEMES:
        name, run = named[1], named[2]
    if not run and end < len(text) and text[end] in _QUOTES:
        quoted = _QUOTED.match(text, end)
        assert quoted is not None
        start_to_end = text[start : quoted.end()]
        return _Term(start_to_end, start, quoted.end(), quoted[1], negated, True, bool(quoted[2]), name)
    return _Term(text[start:end], start, end, run, negated, name=name)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


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
    """The terms that stay in the words."""
    looked_for: int = 0

    def query(self) -> Query:
        # AND in capitals says what is done anyhow.
        full_at = len(self.text)
        for group in _groups([term for term in _terms(self.text) if term.raw != "AND"]):
            self.read_group(group)
            if self.looked_for > MAX_TERMS:
                full_at = min(full_at, group[0].start)
        if self.looked_for > MAX_TERMS:
            self.note(f"Only the first {MAX_TERMS} words are looked for.", full_at, len(self.text), "")
        if self.left and not (self.problems or self.looked_for):
            self.note("There is no word in this to look for.", 0, len(self.text))
        problems = tuple(sorted(self.problems, key=lambda problem: problem.start))
        return Query(all_of(self.wanted, self.refused), " ".join(self.left), _narrowed(self.filters), problems)

    def note(self, message: str, start: int, end: int, *instead: str) -> None:
        """A problem from ``start`` to ``end``; ``instead`` are texts that could stand there."""
        ways = dict.fromkeys(_put(self.text, start, end, text) for text in instead)
        self.problems.append(Snag(message, start, end, tuple(ways)[:_SUGGESTIONS]))

    def read_group(self, group: list[_Term]) -> None:
        """Terms that OR stands between; mostly one alone."""
        if len(group) == 1:
            self.read(group[0])
            return
        operands = group[::2]
        if all(each.name for each in operands) and len({self.plain(each) for each in operands} | {None}) == 2:
            # Several values of one filter mean any of them anyhow.
            for each, joined in zip(operands, [group[0], *group[1::2]], strict=True):
                self.named(each, joined.start)
        elif not any(each.name or each.negated for each in operands):
            self.keep(*group)
            self.look_for(any_of([each for each in map(self.expression, operands) if each != ALL]))
        else:
            self.keep(*group)
            self.only_words(group)

    def plain(self, term: _Term) -> str | None:
        """The filter that the term would be, where OR may join it with another of the same."""
        name = self.names.get(_known(term.name))
        if name is None or name.reads is not Reads.TEXT or name.parameter in _OPPOSITES:
            return None
        return name.parameter if term.body.strip() and not term.negated else None

    def only_words(self, group: list[_Term]) -> None:
        for each in group[::2]:
            if not each.name:
                self.words(each)
        message = "OR can only stand between words and phrases, and between values of one filter."
        without = " ".join(each.raw for each in group[::2])
        self.note(message, group[0].start, group[-1].end, without)

    def read(self, term: _Term) -> None:
        if term.raw == "OR":
            self.keep(term)
            self.note("OR needs a word or a phrase on both sides.", term.start, term.end, "", "or")
        elif term.name:
            self.named(term, term.start)
        else:
            self.keep(term)
            self.words(term)

    def keep(self, *terms: _Term) -> None:
        self.left += [term.raw for term in terms]

    # Words

    def words(self, term: _Term) -> None:
        expression = self.expression(term)
        self.look_for(expression, negated=term.negated)
        if expression == ALL and (term.raw in ("-", "*") or term.negated or term.quoted):
            self.nothing(term)

    def look_for(self, expression: Expression, *, negated: bool = False) -> None:
        if expression == ALL:
            return
        self.looked_for += 1
        if self.looked_for <= MAX_TERMS:
            (self.refused if negated else self.wanted).append(expression)

    def expression(self, term: _Term) -> Expression:
        if term.quoted:
            if not term.closed:
                message = "This quotation mark is never closed: all behind it was looked for as one phrase."
                self.note(message, term.start, term.end, f'{term.raw}"', f"{'-' * term.negated}{term.body.strip()}")
            return phrase(term.body)
        starred = _STARRED.match(term.body)
        return self.beginning(term, starred[1]) if starred else word(term.body)

    def beginning(self, term: _Term, stump: str) -> Expression:
        """A word with a star in it; ``stump`` is what stands before the first."""
        rest = term.body[len(stump) :].strip("*")
        sign = "-" * term.negated
        found = tokens(stump)
        if not found:
            if rest:
                self.note("A star stands for the end of a word, not for its beginning.", term.start, term.end, rest)
            return word(rest)
        if rest and tokens(rest):
            message = f"A star stands for the end of a word: “{stump}*” was looked for."
            self.note(message, term.start, term.end, f"{sign}{stump}*", f"{sign}{stump}")
        expression = word(stump, prefix=True)
        if len(found) > 1 or len(found[0]) < 2:
            message = f"A star needs at least two letters of one word before it: “{stump}” was looked for."
            self.note(message, term.start, term.end, f"{sign}{stump}")
        return expression

    def nothing(self, term: _Term) -> None:
        if term.quoted:
            message = "There is no word between these quotation marks."
        elif "*" in term.raw:
            message = "A star stands for the end of a word: put it right behind its beginning, as in govern*."
        else:
            message = "A minus refuses a word: put it right before the word, as in -drones."
        self.note(message, term.start, term.end, "")

    # Filters

    def named(self, term: _Term, start: int) -> None:
        """A term that has a name; ``start`` is where it begins with the OR before it."""
        name = self.names.get(_known(term.name))
        if name is None:
            self.keep(term)
            self.stranger(term)
        elif not term.body.strip():
            self.keep(term)
            self.no_value(term)
        elif (found := self.filter(term, name)) is None:
            self.keep(term)
        else:
            self.filters.append(replace(found, start=start))

    def filter(self, term: _Term, name: Name) -> Filter | None:
        """The filter that ``term`` is, or None where that has been noted as a problem."""
        parameter, value = name.parameter, term.body.strip()
        if name.reads is Reads.FLAG:
            parameter, value = _known(value), "no" if term.negated else "yes"
            if parameter not in FLAGS or parameter not in self.names:
                self.no_flag(term)
                return None
        elif term.negated:
            if not name.opposite:
                message = f"A minus before “{term.name}” says nothing here."
                self.note(message, term.start, term.end, term.raw[1:], "")
                return None
            parameter = name.opposite
        if name.reads not in (Reads.TEXT, Reads.FLAG):
            day = _day(value, name.reads)
            if day is None:
                self.no_day(term, name)
                return None
            value = day.isoformat()
        if term.quoted and not term.closed:
            message = f"This quotation mark is never closed: all behind it was taken for the {term.name}."
            self.note(message, term.start, term.end, f'{term.raw}"')
        return Filter(parameter, value, term.start, term.end)

    def stranger(self, term: _Term) -> None:
        """A name that is no filter's: the name misspelt, else words that have a colon between them."""
        known = _known(term.name)
        if known in self.desk_only:
            self.note(f"Only the desk can filter by {known}. Sign in first.", term.start, term.end, "")
            return
        close = difflib.get_close_matches(known, self.names, _SUGGESTIONS, _CLOSE)
        behind = term.raw[len(term.name) + term.negated :]
        if close and len(behind) > 1:
            ways = [f"{'-' * term.negated}{way}{behind}" for way in close]
            asked = " or ".join(f"“{way}”" for way in close)
            self.note(f"“{term.name}” is no filter. Did you mean {asked}?", term.start, term.end, *ways)
            return
        behind_it = phrase(term.body) if term.quoted else word(term.body)
        self.look_for(all_of([word(term.name), behind_it]), negated=term.negated)
        if behind_it != ALL:
            message = f"There is no filter called “{term.name}”: both sides of the colon were looked for as words."
            self.note(message, term.start, term.end, f'{"-" * term.negated}"{term.name} {term.body}"')

    def no_value(self, term: _Term) -> None:
        at = _end(_GAP, self.text, term.end)
        following = _term(self.text, at) if at < len(self.text) else None
        message = f"“{term.name}:” needs a value right behind the colon."
        if following and not following.name and not following.negated and following.raw not in ("OR", "AND"):
            joined = f"{term.raw.rstrip(_QUOTES)}{following.raw}"
            self.problems.append(
                Snag(message, term.start, term.end, (_put(self.text, term.start, following.end, joined),))
            )
        else:
            self.note(message, term.start, term.end, "")

    def no_flag(self, term: _Term) -> None:
        there = [flag.replace("_", "-") for flag in FLAGS if flag in self.names]
        close = difflib.get_close_matches(term.body.casefold(), there, 1, 0.5) or there
        message = f"“{term.name}:” can be followed by {', '.join(there)}."
        self.note(message, term.start, term.end, *(f"{'-' * term.negated}{term.name}:{flag}" for flag in close))

    def no_day(self, term: _Term, name: Name) -> None:
        message = f"“{term.name}” needs a year, a month or a day: 2025, 2025-06 or 2025-06-03."
        ways = [f"{term.name}:{way}" for way in _meant(term.body) if _day(way, name.reads)]
        self.note(message, term.start, term.end, *ways)


def _narrowed(filters: list[Filter]) -> tuple[Filter, ...]:
    """``filters`` with the last of several days from which, and the first of several up to which."""
    days: dict[str, str] = {}
    for each in filters:
        if each.parameter.endswith(("_after", "_before")):
            narrower = max if each.parameter.endswith("_after") else min
            days[each.parameter] = narrower(days.get(each.parameter, each.value), each.value)
    return tuple(replace(each, value=days.get(each.parameter, each.value)) for each in filters)


def _groups(terms: list[_Term]) -> Iterator[list[_Term]]:
    """The terms one by one, but those that OR stands between with their ORs: operand, OR, operand, …"""
    at = 0
    while at < len(terms):
        end = at + 1
        if _is_operand(terms[at]):
            while end + 1 < len(terms) and terms[end].raw == "OR" and _is_operand(terms[end + 1]):
                end += 2
        yield terms[at:end]
        at = end


def _is_operand(term: _Term) -> bool:
    return term.raw != "OR" and bool(term.name or tokens(term.body))


def _known(name: str) -> str:
    return name.casefold().replace("-", "_")


def _put(text: str, start: int, end: int, instead: str) -> str:
    """``text`` with ``instead`` between ``start`` and ``end``, and no blanks left over there."""
    return " ".join(piece for piece in (text[:start].rstrip(), instead, text[end:].lstrip()) if piece)


def _day(value: str, reads: Reads) -> dt.date | None:
    """The day that a filter is given for the year, month or day ``value``; None where that is none."""
    match = _PERIOD.match(value)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = dt.date(year or 0, month or 1, day or 1)
        if reads is Reads.BEFORE:
            return first - dt.timedelta(days=1)
        if reads is Reads.FROM:
            return first
        return (day and first) or dt.date(first.year, month or 12, calendar.monthrange(first.year, month or 12)[1])
    except (ValueError, OverflowError):
        return None


def _meant(value: str) -> Iterator[str]:
    """Days that ``value`` may be another way to write, and where its day or month is none, the period above."""
    dashed = re.sub(r"[./\s]", "-", value.strip())
    yield dashed
    day_first = _DAY_FIRST.match(dashed)
    if day_first:
        yield "-".join(part.zfill(2) for part in (day_first[3], day_first[2] or day_first[1]))
        if day_first[2]:
            yield "-".join(part.zfill(2) for part in (day_first[3], day_first[2], day_first[1]))
    parts = dashed.split("-")
    yield from ("-".join(parts[:number]) for number in (2, 1) if number < len(parts))

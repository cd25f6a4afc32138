"""Forms: which keys a row may have, what each must be, and what they must be together. Pure."""

import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from articles import text as texts
from claims.importers.checks import Check, kind_of, nearest
from claims.importers.lines import Refused

Values = dict[str, Any]
"""What a row says: by key the value as it is stored; of a reference, what it names."""
Lists = dict[str, list[Values]]
"""The lists of a row that were given: by key, the rows in them."""


class Field(NamedTuple):
    """One key. ``default`` stands where it is left out; ``names`` says what kind of thing a reference names."""

    key: str
    column: str
    check: Check
    default: Any = None
    required: bool = False
    names: str = ""


ListReader = Callable[[Any, Values], list[Values]]


@dataclass(frozen=True)
class Form:
    """The keys of a row. ``rule`` holds values together and may put them right; ``lists`` read the nested ones."""

    fields: tuple[Field, ...]
    rule: Callable[[Values], None] | None = None
    lists: Mapping[str, ListReader] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        return [*(field.key for field in self.fields), *self.lists]


Reader = Callable[[Any], tuple[Values, Lists]]


def reader(form: Form) -> Reader:
    """A function from a JSON object to what the row says. It raises ``Refused``."""
    checks = {field.key: field.check for field in form.fields}
    defaults = {field.key: field.default for field in form.fields if not field.required}
    rule, lists = form.rule, form.lists

    def read(row: Any) -> tuple[Values, Lists]:
        if type(row) is not dict:
            raise Refused(f"must be an object, not {kind_of(row)}")
        values = defaults.copy()
        key = ""
        try:
            # Most rows say few of the keys that they might.
            for key, value in row.items():
                if key in lists:
                    continue
                check = checks[key]
                if value is not None:
                    values[key] = check(value)
        except KeyError as error:
            raise Refused(f"there is no key “{key[:60]}”{nearest(key, form.keys)}") from error
        except Refused as error:
            raise Refused(f"{key}: {error}") from error
        _refuse_gaps(values, checks)
        if rule:
            rule(values)
        return values, {key: lists[key](row[key], values) for key in lists if row.get(key) is not None}

    return read


def _refuse_gaps(values: Values, keys: Collection[str]) -> None:
    if len(values) < len(keys):
        missing = next(key for key in keys if key not in values)
        raise Refused(f"{missing}: is required")


def listed(value: Any, key: str) -> list[Any]:
    """``value`` where it is a list. Raises ``Refused``."""
    if type(value) is not list:
        raise Refused(f"{key}: must be a list, not {kind_of(value)}")
    return value


def names_of(key: str, column: str, check: Check) -> ListReader:
    """A list of names, each once."""

    def read(value: Any, _: Values) -> list[Values]:
        names = listed(value, key)
        try:
            return [{column: name} for name in dict.fromkeys(map(check, names))]
        except Refused as error:
            raise Refused(f"{key}: {error}") from error

    return read


def chain_of(read_hop: Reader) -> ListReader:
    """A chain, root first: hops, or lists of those who spoke jointly. A hop may say its ``position`` itself."""

    def read(value: Any, _: Values) -> list[Values]:
        rows = []
        for place, hop in _hops(listed(value, "chain")):
            try:
                values, _ = read_hop(hop)
            except Refused as error:
                raise Refused(f"chain[{place}]: {error}") from error
            if values["position"] is None:
                values["position"] = place
            rows.append(values)
        if len({(row["position"], row["source"]) for row in rows}) < len(rows):
            raise Refused("chain: a source stands twice at one place")
        _check_own(rows)
        return rows

    return read


def _check_own(rows: list[Values]) -> None:
    for row in rows:
        if row["quotation_type"] == "own" and (row["position"] or row["cue"]):
            raise Refused("chain: an article's own words are a chain of one hop, without a cue")


def _hops(chain: list[Any]) -> Iterator[tuple[int, Any]]:
    """Each hop with its place, which joint voices share."""
    for place, hop in enumerate(chain):
        if type(hop) is list:
            yield from ((place, voice) for voice in hop)
        else:
            yield place, hop


def appearances_of(read_one: Reader) -> ListReader:
    """The claims that a statement makes, each once, within its span."""

    def read(value: Any, statement: Values) -> list[Values]:
        rows = []
        for place, given in enumerate(listed(value, "claims")):
            try:
                values, _ = read_one(given)
                _check_part(values, statement)
            except Refused as error:
                raise Refused(f"claims[{place}]: {error}") from error
            rows.append(values)
        if len({row["claim"] for row in rows}) < len(rows):
            raise Refused("claims: a claim stands twice")
        return rows

    return read


def _check_part(part: Values, statement: Values) -> None:
    start, end = part["start"], part["end"]
    if start is None and end is None:
        return
    if start is None or end is None:
        raise Refused("give both start and end of the part, or neither")
    if not statement["start"] <= start < end <= statement["end"]:
        raise Refused("the part does not lie within the statement")


def check_span(values: Values) -> None:
    """Raise ``Refused`` where a statement's span is empty, or not as long as its words, or its stretches are not
    in order within it."""
    start, end = values["start"], values["end"]
    if start >= end:
        raise Refused("end: the span ends before it begins")
    if len(values["exact"]) != end - start:
        raise Refused(f"exact: has {len(values['exact'])} characters, the span {start}–{end} has {end - start}")
    for key in ("gaps", "words"):
        values[key] = _stretches(values[key], key, start, end)


def _stretches(value: Any, key: str, start: int, end: int) -> str:
    if value is None:
        return "[]"
    at = start
    try:
        for first, last in listed(value, key):
            if not (type(first) is int and type(last) is int and at <= first < last <= end):
                raise ValueError
            at = last
    except (TypeError, ValueError) as error:
        raise Refused(f"{key}: give [[start, end], …], in order, within {start}–{end}") from error
    return f"[{', '.join(f'[{first}, {last}]' for first, last in value)}]"


def in_order(first: str, last: str, message: str) -> Callable[[Values], None]:
    """A rule: what stands under ``first`` is not above what stands under ``last``."""

    def rule(values: Values) -> None:
        low, high = values[first], values[last]
        if low is not None and high is not None and low > high:
            raise Refused(message)

    return rule


def texts_of(read_version: Reader) -> ListReader:
    """The captured texts of an article, numbered from 1 unless they say otherwise."""

    def read(value: Any, _: Values) -> list[Values]:
        rows = []
        for place, given in enumerate(listed(value, "versions")):
            try:
                values, _ = read_version(given)
                rows.append(captured(values["text"]) | {"captured_at": values["captured_at"]})
            except Refused as error:
                raise Refused(f"versions[{place}]: {error}") from error
            rows[-1]["number"] = values["number"] or place + 1
        if not rows:
            raise Refused("versions: must not be empty")
        if len({row["number"] for row in rows}) < len(rows):
            raise Refused("versions: a number stands twice")
        return rows

    return read


def text_of(value: Any, _: Values) -> list[Values]:
    """The one text of an article, as its newest version."""
    try:
        return [captured(value) | {"captured_at": None, "number": None}]
    except Refused as error:
        raise Refused(f"text: {error}") from error


_DENSE = 60
"""As many characters beyond Latin-1 may hold no run of accents that is too long."""

_LOOSE = ("  ", " \n", "\n ", "\n\n\n", "\t", "\r")
_LOOSE_BEYOND_ASCII = tuple(mark for mark in {*texts.BLANKS, *texts.LINE_ENDS} if not mark.isascii())


def captured(value: Any) -> Values:
    """A text in the form in which texts are captured, with its headline and fingerprint. Raises ``Refused``.

    Characters that no text holds were refused with the line: they are not looked for again.
    """
    if type(value) is not str:
        raise Refused(f"must be text, not {kind_of(value)}")
    if len(value) > 2 * texts.MAX_TEXT_CHARS:
        raise Refused(f"longer than {texts.MAX_TEXT_CHARS:,} characters")
    if not _is_captured(value):
        if objection := texts.objection(value):
            raise Refused(f"holds {objection.reason}")
        value = texts.normalise(value)
    headline = value.split("\n", 1)[0]
    if not headline:
        raise Refused("must not be blank")
    if len(headline) > texts.MAX_HEADLINE_CHARS:
        raise Refused(f"its first line, the headline, is longer than {texts.MAX_HEADLINE_CHARS} characters")
    if len(value) > texts.MAX_TEXT_CHARS:
        raise Refused(f"longer than {texts.MAX_TEXT_CHARS:,} characters")
    return {"headline": headline, "text": value, "sha256": texts.fingerprint(value)}


def _is_captured(text: str) -> bool:
    """Whether ``text`` is surely in its captured form already. Ten times as quick as to normalise it."""
    if any(mark in text for mark in _LOOSE) or text[:1] in ("", " ", "\n") or text[-1] in " \n":
        return False
    if text.isascii():
        return True
    if any(mark in text for mark in _LOOSE_BEYOND_ASCII):
        return False
    beyond_latin = len(text) - len(text.encode("latin-1", "ignore"))
    return unicodedata.is_normalized("NFC", text) and (beyond_latin <= _DENSE or texts.objection(text) is None)

"""Reading rows without a database: lines, single values, files of all kinds."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from articles import text as texts
from claims.importers import checks
from claims.importers.files import Pile, parts, size
from claims.importers.kinds import KINDS, READERS
from claims.importers.lines import MAX_LINE_BYTES, Refused, numbered, read_object
from claims.importers.rows import captured

NOUNS = {name: kind.noun for name, kind in KINDS.items()}


def test_it_numbers_lines_and_passes_over_blank_ones() -> None:
    file = io.BytesIO(b"\xef\xbb\xbf{}\r\n\n  \n[]\nlast")
    assert list(numbered(file)) == [(1, b"{}"), (4, b"[]"), (5, b"last")]


def test_it_holds_no_more_of_a_long_line_than_it_must() -> None:
    lines = list(numbered(io.BytesIO(b"x" * 3 * MAX_LINE_BYTES + b"\n{}\n")))
    assert [(number, len(line)) for number, line in lines] == [(1, MAX_LINE_BYTES + 1), (2, 2)]


@given(st.dictionaries(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=20)))
def test_it_reads_what_json_writes(row: dict[str, Any]) -> None:
    for line in (json.dumps(row), json.dumps(row, ensure_ascii=False)):
        try:
            assert read_object(line.encode("utf-8", "surrogatepass")) == row
        except Refused:
            assert texts.NO_TEXT.search("".join(map(str, [row, *strings(row)])))


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *strings(list(value.values()))]
    if isinstance(value, list):
        return [found for item in value for found in strings(item)]
    return [value] if isinstance(value, str) else []


@given(st.text(max_size=80))
def test_it_captures_a_text_as_every_import_does(text: str) -> None:
    assume(not texts.NO_TEXT.search(text))  # refused with its line
    try:
        found = captured(text)
    except Refused:
        assert texts.objection(text) or not texts.normalise(text)
    else:
        assert found["text"] == texts.normalise(text)
        assert found["headline"] == found["text"].split("\n")[0]


@pytest.mark.parametrize(
    ("check", "value", "stored"),
    [
        (checks.moment, "2025-12-02", "2025-12-02 00:00:00"),
        (checks.moment, "2025-12-02T08:30:00+02:00", "2025-12-02 06:30:00"),
        (checks.moment, "2025-12-02T08:30:00.25Z", "2025-12-02 08:30:00.250000"),
        (checks.day, "0001-01-01", "0001-01-01"),
        (checks.uid, "0C2F4F0E-2A52-4E0F-8D40-6F6F0D1C7A02", "0c2f4f0e2a524e0f8d406f6f0d1c7a02"),
        (checks.decimal(24, 6), 1.5, "1.500000"),
        (checks.decimal(24, 6), "-3", "-3.000000"),
        (checks.number(0, 1), 1, 1.0),
        (checks.lines(100), ["Kremlin ", "", "The\nKremlin"], "Kremlin\nThe Kremlin"),
        (checks.text(5, blank=True), "  word ", "word"),
        (checks.anything, {"a": [1, "é"]}, '{"a": [1, "\\u00e9"]}'),
        (checks.verbatim, " as it is ", " as it is "),
    ],
)
def test_it_stores_a_value(check: checks.Check, value: Any, stored: Any) -> None:
    assert check(value) == stored


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (checks.moment, "soon"),
        (checks.moment, "0001-01-01T00:00:00+02:00"),
        (checks.moment, 5),
        (checks.day, "20251202"),
        (checks.day, "2025-W01-1"),
        (checks.uid, "5f8e9b1c"),
        (checks.uid, None),
        (checks.flag, 1),
        (checks.whole(0, 9), True),
        (checks.whole(0, 9), 10),
        (checks.whole(0, 9), 1.0),
        (checks.number(0, 1), 1.5),
        (checks.number(0, 1), True),
        (checks.decimal(24, 6), "0.0000001"),
        (checks.decimal(24, 6), 10**18),
        (checks.decimal(24, 6), "Infinity"),
        (checks.decimal(24, 6), True),
        (checks.choice([1, 2]), True),
        (checks.choice(["a", "b"]), ["a"]),
        (checks.lines(3), ["word"]),
        (checks.text(3, blank=True), "word"),
        (checks.text(3, blank=False), " "),
        (checks.verbatim, ""),
        (checks.verbatim, 5),
        (checks.day, 20251202),
        (checks.decimal(24, 6), "many"),
    ],
)
def test_it_refuses_a_value(check: checks.Check, value: Any) -> None:
    with pytest.raises(Refused):
        check(value)


def test_it_gives_each_row_its_defaults() -> None:
    values, lists = READERS["claims"]({"uid": "0" * 32, "text": "A", "short_text": "A", "kind": None})
    assert (values["kind"], values["status"], values["priority"], values["due_on"], lists) == (
        "fact",
        "new",
        2,
        None,
        {},
    )


STATEMENT = {"uid": "0" * 32, "article": "urn:x", "start": 0, "end": 4, "exact": "four"}


@pytest.mark.parametrize(
    ("kind", "row", "reason"),
    [
        ("tags", [], "must be an object, not a list"),
        ("tags", {"slug": "a", "name": "A", "parnet": "b"}, "there is no key “parnet” – did you mean “parent”?"),
        ("claims", {"uid": "0" * 32, "text": "A", "short_text": "A", "tags": "pier"}, "tags: must be a list, not text"),
        ("claims", {"uid": "0" * 32, "text": "A", "short_text": "A", "tags": [""]}, "tags: must not be blank"),
        ("sources", {"slug": "a", "name": "A", "known_through": "b"}, "known_through: only an unnamed voice"),
        ("statements", STATEMENT | {"chain": {}}, "chain: must be a list, not an object"),
        ("statements", STATEMENT | {"chain": [{"position": 1, "quotation_type": "own"}]}, "chain: an article's own"),
        ("statements", STATEMENT | {"claims": [{"claim": "1" * 32}] * 2}, "claims: a claim stands twice"),
        ("statements", STATEMENT | {"claims": [{"claim": "1" * 32, "start": 1}]}, "claims[0]: give both start and end"),
        ("statements", STATEMENT | {"claims": [{"claim": "1" * 32, "end": 1}]}, "claims[0]: give both start and end"),
        ("statements", STATEMENT | {"gaps": 5}, "gaps: give [[start, end], …], in order, within 0–4"),
        ("statements", STATEMENT | {"gaps": [5]}, "gaps: give [[start, end], …], in order, within 0–4"),
        ("statements", STATEMENT | {"gaps": [[0, 2], [1, 3]]}, "gaps: give [[start, end], …], in order, within 0–4"),
        ("statements", STATEMENT | {"words": [[0, True]]}, "words: give [[start, end], …], in order, within 0–4"),
        ("articles", {"identifier": "urn:x", "text": 5}, "text: must be text, not a number"),
        ("articles", {"identifier": "urn:x", "text": " \n "}, "text: must not be blank"),
        ("articles", {"identifier": "urn:x", "text": "a\n" * 1_000_001}, "text: longer than 1,000,000 characters"),
        ("articles", {"identifier": "urn:x", "text": "a\n" + "b " * 500_001}, "text: longer than 1,000,000 characters"),
        ("articles", {"identifier": "urn:x", "text": "e" + "\u0301" * 61}, "text: holds more than 60 accents"),
        ("articles", {"identifier": "urn:x", "versions": []}, "versions: must not be empty"),
        ("articles", {"identifier": "urn:x", "versions": {}}, "versions: must be a list, not an object"),
        ("articles", {"identifier": "urn:x", "versions": [{"text": ""}]}, "versions[0]: must not be blank"),
        ("articles", {"identifier": "urn:x", "versions": [{"text": "A", "number": 2}, {"text": "B"}]},
         "versions: a number stands twice"),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong_with_a_row(kind: str, row: Any, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        READERS[kind](row)
    assert str(refused.value).startswith(reason)


@pytest.mark.parametrize(
    "text", ["a  b", "a\tb", "été\u3000b", "e\u0301", "日本語" * 30 + "か\u3099", " a", "a ", "a\n\n\nb"]
)
def test_it_captures_what_is_not_yet_in_its_form(text: str) -> None:
    assert captured(text)["text"] == texts.normalise(text) != text


@pytest.mark.parametrize("text", ["plain", "été", "日本語" * 30, "a\n\nb"])
def test_it_leaves_what_is_in_its_form(text: str) -> None:
    assert captured(text)["text"] == text


def test_a_statement_has_its_stretches_in_order() -> None:
    values, _ = READERS["statements"](STATEMENT | {"gaps": [[0, 1], [2, 4]], "words": []})
    assert (values["gaps"], values["words"]) == ("[[0, 1], [2, 4]]", "[]")


def test_it_places_joint_voices_together() -> None:
    statement = {"uid": "0" * 32, "article": "urn:x", "start": 0, "end": 1, "exact": "x"}
    chain = [[{"source": "a"}, {"source": "b"}], {"source": "c"}, {"source": "d", "position": 1}]
    _, lists = READERS["statements"](statement | {"chain": chain})
    assert [(hop["position"], hop["source"]) for hop in lists["chain"]] == [(0, "a"), (0, "b"), (1, "c"), (1, "d")]


def test_it_parts_a_file_of_all_kinds(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text('{"type": "tag"}\n\n{"type": "claim"}\n{"type": "tag", "slug": "b"}\n{}\n')
    with parts(path, NOUNS) as found:
        held = {}
        for part in found:
            with part.lines() as lines:
                held[part.kind] = [number for number, _ in lines]
    assert held == {"": [5], "tags": [1, 4], "claims": [3]}
    assert (size(path), size(tmp_path)) == (path.stat().st_size, path.stat().st_size)


def test_a_pile_can_be_read_more_than_once() -> None:
    with Pile() as pile:
        pile.add((7, b'{"a": "b c"}'))
        for _ in range(2):
            with pile.lines() as lines:
                assert list(lines) == [(7, b'{"a": "b c"}')]

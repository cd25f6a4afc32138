"""docs/formats.md says what ``load_jsonl`` does."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from claims.importers.kinds import HOP, KINDS
from claims.importers.lines import MAX_DEPTH, MAX_LINE_BYTES
from claims.importers.load import COUNTS, PROBLEMS_SHOWN, ROWS
from claims.management.commands.load_jsonl import Command
from claims.models import Claim, Statement

PAGE = Path(settings.BASE_DIR, "docs", "formats.md").read_text().partition("## JSON Lines")[2]
ROW = re.compile(r"^\| `(\w+)\.jsonl` \| `(\w+)` \| (.+) \|$", re.MULTILINE)
EXAMPLE = "\n".join(line.strip() for line in PAGE.splitlines() if line.startswith('    {"type"'))


def listed(keys: str) -> list[tuple[str, str, bool]]:
    """Each key with what it names, and whether it is required."""
    found = re.findall(r"(\*\*)?([a-z_]+)(?:\*\*)?(?: \(([a-z ]+)\))?(?=,|$)", keys)
    return [(key, names, bool(bold)) for bold, key, names in found]


def test_it_lists_every_kind_in_the_order_in_which_they_are_taken() -> None:
    assert [(name, noun) for name, noun, _ in ROW.findall(PAGE)] == [(name, kind.noun) for name, kind in KINDS.items()]


@pytest.mark.parametrize("name", KINDS)
def test_it_lists_every_key(name: str) -> None:
    (keys,) = [keys for kind, _, keys in ROW.findall(PAGE) if kind == name]
    form = KINDS[name].form
    fields = {field.key: field for field in form.fields}
    given = listed(keys.removesuffix(", and either text or versions"))
    assert {key for key, _, _ in given} == {*fields, *form.lists} - {"text", "versions"} | ({"text"} & fields.keys())
    for key, names, required in given:
        if key in fields:
            assert required == fields[key].required
            assert names.replace("user name", "user") in (fields[key].names, "list", ""), key
            assert names or fields[key].names in ("", key, key.removeprefix("rating"), "rating"), key


def test_it_lists_every_key_of_a_hop() -> None:
    (block,) = re.findall(r"\*\*A chain\*\*.*?`\{(.+?)\}`", PAGE)
    assert {"position", *re.findall(r'"(\w+)"', block)} == {field.key for field in HOP.fields}


def test_it_lists_every_option() -> None:
    parser: Any = Command().create_parser("manage.py", "load_jsonl")
    own = [
        name
        for action in parser._actions[: [a.dest for a in parser._actions].index("version")]
        for name in action.option_strings
    ]
    every = [option for action in parser._actions for option in action.option_strings]
    options = re.findall(r"^\| `(--[a-z-]+)` \|", PAGE, re.MULTILINE)
    assert set(options) <= set(every)
    assert {name for name in own if name not in ("-h", "--help")} <= set(options)


def test_it_gives_the_limits() -> None:
    assert f"1 to {ROWS:,}" in PAGE
    assert f"longer than {MAX_LINE_BYTES // 1024**2} MB" in PAGE
    assert f"nested deeper than {MAX_DEPTH}" in PAGE
    assert f"the first {PROBLEMS_SHOWN} problems" in PAGE
    assert all(f"{what} " in PAGE.rsplit("articles:", 1)[1] for what in COUNTS)


@pytest.mark.django_db
def test_its_example_can_be_loaded(tmp_path: Path) -> None:
    path = tmp_path / "example.jsonl"
    path.write_text(EXAMPLE, encoding="utf-8")
    call_command("load_jsonl", str(path), verbosity=0, stdout=io.StringIO())
    assert {json.loads(line)["type"] for line in EXAMPLE.splitlines()} >= {"claim", "statement", "tag"}
    assert Claim.objects.get().statement_count == 1
    assert Statement.objects.get().depth == 2

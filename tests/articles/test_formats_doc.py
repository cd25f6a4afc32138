"""docs/formats.md says what the code does."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from articles.importers import FORMATS, digest
from articles.importers.rows import MAX_RAW_CHARS, Item, Problem
from articles.importers.store import MAX_ITEMS
from articles.management.commands.import_articles import Command
from articles.models import Article

PAGE = Path(settings.BASE_DIR, "docs", "formats.md").read_text()
OPTIONS = PAGE.partition("## Formats")[0]
PROBLEMS = PAGE.partition("## Problems")[2].partition("\n## ")[0]
REASONS = re.findall(r"^\| (.+?) \|", PROBLEMS, re.MULTILINE)[1:]


def own_options() -> dict[str, Any]:
    """The command's options, without those of every command, with their defaults."""
    names = {"format", "publisher", "published", "language", "kind"}
    parser: Any = Command().create_parser("manage.py", "import_articles")
    every: Any = type("Bare", (Command,), {"add_arguments": lambda *_: None})().create_parser("manage.py", "x")
    known = {action.dest for action in every._actions}
    found = {action.dest: action for action in parser._actions if action.dest not in known}
    assert found.keys() == {"file", *names}
    return {name: found[name] for name in names}


def test_it_lists_every_format() -> None:
    assert re.findall(r"^### `(\w+)`$", PAGE, re.MULTILINE) == list(FORMATS)


def test_it_lists_every_option_with_its_default() -> None:
    listed = dict(re.findall(r"^\| `--(\w+)` \| ([^|]+) \|", OPTIONS, re.MULTILINE))
    options = own_options()
    assert listed.keys() == options.keys()
    for name, default in listed.items():
        assert (default == "required") == options[name].required
    assert listed["language"] == f"`{options['language'].default}`"


def test_it_lists_every_kind() -> None:
    (row,) = [line for line in OPTIONS.splitlines() if line.startswith("| `--kind`")]
    assert re.findall(r"`(\w+)`", row) == Article.Kind.values


@pytest.mark.parametrize("name", FORMATS)
def test_it_says_what_kind_a_format_is_for(name: str) -> None:
    (row,) = FORMATS[name](b"A\nb")
    assert isinstance(row, Item)
    section = PAGE.partition(f"### `{name}`")[2].partition("\n##")[0]
    assert f"of the kind `{row.kind}`" in section


def test_its_example_is_a_digest() -> None:
    block = PAGE.partition("### `digest`")[2].partition("\n###")[0]
    example = "\n".join(line for line in block.splitlines() if line.startswith("    "))
    rows = list(digest.read(example.encode()))
    assert [row.headline for row in rows if isinstance(row, Item)] == ["Harbour to close for repairs", "Mill reopens"]
    assert len(rows) == 2


BROKEN = [
    b"x" * 301 + b"\nb",
    b"A",
    b"A\n" + b"b" * 1_000_000,
    b"A\nb\x92",
    b"A\nb\x00",
    b"A\nb\x1b",
    b"A\ne" + "\u0301".encode() * 61,
]


def test_it_lists_every_reason() -> None:
    found = []
    for item in BROKEN:
        (row,) = digest.read(b"\n" * 13 + item)
        assert isinstance(row, Problem)
        found.append(row.reason)
    assert found == REASONS


def test_it_gives_the_limits() -> None:
    assert f"larger than {settings.MAX_UPLOAD_BYTES // 1024**2} MB" in PROBLEMS
    assert f"more than {MAX_ITEMS:,} items" in PROBLEMS
    assert f"the first {MAX_RAW_CHARS:,} characters" in PROBLEMS

"""``manage.py export_decisions``: what editors decided, as training data."""

import json

import pytest
from django.core.management import CommandError, call_command

from claims.erasing import Demand, erase
from claims.models import Statement
from claims.suggesting import training
from claims.suggesting.decisions import accept, reject
from claims.suggesting.suggest import suggest
from tests import cast
from tests.claims.quotations import hop, quotation, suggested, text_of, voice
from tests.desk import address, save

pytestmark = pytest.mark.django_db

TEXT = "Harbour to close\nThe harbour will close, Foreign Minister Ana Duarte said.\nIt is old, she said."
CLOSE, OLD = "The harbour will close", "It is old"


@pytest.fixture
def writer():
    return cast.person("editor")


def exported(capsys, *args):
    call_command("export_decisions", *args)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_accepted_one_says_what_was_proposed_and_what_stands(capsys, writer):
    article = cast.article(TEXT, identifier="https://news.example.org/harbour")
    minister = voice("Ana Duarte", "Foreign Minister Ana Duarte", "Foreign Minister")
    row = accept(suggested(article, CLOSE, hop(minister, cue="said", when="Tuesday"), confidence=0.75), writer)
    (decision,) = exported(capsys)
    assert decision == {
        "article": "https://news.example.org/harbour",
        "version": 1,
        "sha256": text_of(article).sha256,
        "start": 17,
        "end": 39,
        "text": CLOSE,
        "prefix": "Harbour to close\n",
        "suffix": TEXT[39 : 39 + 64],
        "method": "rules-1",
        "confidence": 0.75,
        "proposed": row.proposed,
        "decision": "accepted",
        "final": {
            "start": 17,
            "end": 39,
            "gaps": [],
            "verbatim": [],
            "chain": [
                {
                    "position": 0,
                    "source": "ana-duarte",
                    "name": "Ana Duarte",
                    "source_kind": "person",
                    "named": True,
                    "as_named": "Foreign Minister Ana Duarte",
                    "role": "Foreign Minister",
                    "cue": "said",
                    "kind": "indirect",
                    "addressee": None,
                    "when": "Tuesday",
                }
            ],
        },
        "reason": "",
        "decided_at": row.decided_at.isoformat(),
    }
    assert TEXT[decision["start"] : decision["end"]] == decision["text"]


def test_a_corrected_and_a_rejected_one(client, capsys, editor):
    article = cast.article(TEXT)
    row = suggested(article, CLOSE, "Ana Duarte")
    save(client, address(row), state="confirmed", exact="harbour will close", start="", end="")
    reject(suggested(article, OLD, "Ana Duarte"), editor, "of no interest")
    corrected, rejected = exported(capsys)
    assert (corrected["decision"], corrected["text"]) == ("corrected", "harbour will close")
    assert (corrected["proposed"]["exact"], corrected["proposed"]["spans"]) == (CLOSE, [[17, 39]])
    assert (corrected["final"]["start"], corrected["final"]["end"]) == (21, 39)
    assert (rejected["decision"], rejected["final"], rejected["reason"]) == ("rejected", None, "of no interest")


def test_what_waits_was_withdrawn_or_typed_is_left_out(capsys, writer):
    article = cast.article(TEXT)
    suggested(article, CLOSE, "Ana Duarte")
    accept(suggested(cast.article(TEXT), CLOSE, "Ana Duarte"), writer).withdraw(by=writer, reason="x")
    cast.statement()
    assert exported(capsys) == []


def test_who_decided_is_told_where_asked_for(capsys, writer):
    accept(suggested(cast.article(TEXT), CLOSE, "Ana Duarte"), writer)
    assert "editor" not in json.dumps(exported(capsys))
    assert exported(capsys, "--names")[0]["decided_by"] == "editor"


def test_an_erased_text_leaves_nothing(capsys, writer):
    article = cast.article(TEXT)
    accept(suggested(article, CLOSE, "Ana Duarte"), writer)
    kept = accept(suggested(cast.article("Mill\nIt is old, Rui Lund said."), OLD, "Rui Lund"), writer)
    erase(text_of(article), Demand(cast.person("admin"), "Court order 7"))
    assert [decision["text"] for decision in exported(capsys)] == [kept.exact]


def test_it_writes_a_file(capsys, tmp_path, writer):
    accept(suggested(cast.article(TEXT), CLOSE, "Ana Duarte"), writer)
    file = tmp_path / "decisions.jsonl"
    call_command("export_decisions", "--output", str(file))
    printed = capsys.readouterr()
    assert (printed.out, "decisions: 1\n" in printed.err) == ("", True)
    assert [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()] == [CLOSE]


def test_a_file_that_cannot_be_written(tmp_path):
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        call_command("export_decisions", "--output", str(tmp_path / "none" / "x"))


def test_many_are_read_page_by_page(monkeypatch, django_assert_num_queries, writer):
    """Which were decided on; then for each page of them the rows and their hops."""
    text = "Headline\n" + "\n".join(f"Pier {at} is old, Ana Duarte said." for at in range(5))
    version = text_of(cast.article(text))
    suggest(version, [quotation(text, f"Pier {at} is old", "Ana Duarte") for at in range(5)])
    Statement.objects.change(state="confirmed")
    monkeypatch.setattr(training, "CHUNK", 2)
    with django_assert_num_queries(1 + 3 * 2):
        assert [one["text"] for one in training.decisions()] == [f"Pier {at} is old" for at in range(5)]

"""The claim list as a file."""

import csv
import datetime as dt
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.columns import COLUMNS, columns_for
from claims.exporters import FORMATS, rows
from claims.filters import ClaimFilter
from claims.models import Claim, Correction
from claims.provenance import refresh
from claims.views.export import BROKEN_OFF, ExportForm
from tests import cast
from tests.claims.worlds import EVERYBODY, HIDDEN, shown_and_hidden, sign_in, told

pytestmark = pytest.mark.django_db

URL = "/claims/export/"
EVERY_COLUMN = "&".join(f"cols={name}" for name in COLUMNS)


def export(client, query):
    """The text of an export."""
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content).decode()


def table(client, query=""):
    """The rows of an export as CSV, each by the names in its head."""
    return list(csv.DictReader(io.StringIO(export(client, f"format=csv&{query}"), newline="")))


def objects(client, query=""):
    return [json.loads(line) for line in export(client, f"format=jsonl&{query}").split("\n") if line]


@pytest.fixture
def reader(client):
    """Signed in."""
    client.force_login(cast.person("reader"))


def dated(text, on, **values):
    """A published claim, first said on a day."""
    claim = cast.claim(text, published=True, **values)
    item = cast.article(f"{text}\nSo it was said.")
    cast.statement(item, chain=["Ministry", cast.outlet("The Times")], claim=claim, said_on=on)
    return claim


def test_it_gives_the_columns_of_the_list_and_where_to_find_each_claim(client):
    claim = dated("It rained", "2025-11-02")
    assert table(client) == [
        {
            "text": "It rained",
            "chain": "Ministry › The Times › The Daily Digest",
            "first_said": "2025-11-02",
            "statements": "1",
            "sources": "1",
            "verdict": "",
            "id": str(claim.pk),
            "url": f"http://testserver/claims/{claim.pk}/",
        }
    ]


def test_it_gives_the_columns_that_were_chosen_in_their_order(client):
    dated("It rained", "2025-11-02", language="de")
    head = export(client, "format=csv&cols=language&cols=id&cols=kind").splitlines()[0]
    assert head == "text,language,id,kind,url"


def test_every_column_is_the_same_as_a_table_and_as_an_object(client, reader):
    colleague = cast.person("editor")
    claim = dated("It rained", "2025-11-02", priority=4, assignee=colleague, due_on=dt.date(2026, 1, 2))
    claim.tags.add(cast.tag("Weather"), cast.tag("Autumn, late"))
    cast.review(claim)
    for day, words in ((3, "It said Monday."), (4, "It said “tomorrow”.")):
        Correction.objects.create(claim=claim, corrected_on=dt.date(2025, 11, day), text=words)
    Claim.objects.filter(pk=claim.pk).update(
        published_at=dt.datetime(2025, 11, 3, 8, 30, 5, 999, tzinfo=dt.UTC),
        updated_at=dt.datetime(2025, 11, 4, tzinfo=dt.UTC),
    )
    wanted = {
        "text": "It rained",
        "chain": "Ministry › The Times › The Daily Digest",
        "first_said": "2025-11-02",
        "statements": 1,
        "sources": 1,
        "denied_by": 0,
        "verdict": "false",
        "status": "published",
        "kind": "fact",
        "tags": ["Autumn, late", "Weather"],
        "language": "en",
        "priority": "urgent",
        "assignee": "editor",
        "due_on": "2026-01-02",
        "published": "2025-11-03T08:30:05Z",
        "updated": "2025-11-04T00:00:00Z",
        "corrections": ["2025-11-04: It said “tomorrow”.", "2025-11-03: It said Monday."],
        "short_text": "It rained",
        "id": claim.pk,
        "uid": str(claim.uid),
        "url": f"http://testserver/claims/{claim.pk}/",
    }
    assert objects(client, EVERY_COLUMN) == [wanted]
    lists = {name: "; ".join(wanted[name]) for name in ("tags", "corrections")}
    in_cells = {name: str(value) for name, value in wanted.items()} | lists
    assert table(client, EVERY_COLUMN) == [in_cells]


def test_what_is_not_known_is_null_and_an_empty_cell(client, reader):
    cast.claim("Nobody said it")
    refresh(claims=[Claim.objects.get().pk])
    empty = ("chain", "first_said", "verdict", "assignee", "due_on", "published")
    (found,) = objects(client, EVERY_COLUMN)
    assert [found[name] for name in empty] == [None] * len(empty)
    assert found["tags"] == found["corrections"] == []
    (row,) = table(client, EVERY_COLUMN)
    assert {row[name] for name in (*empty, "tags", "corrections")} == {""}


@pytest.mark.parametrize(
    ("said_on", "precision", "shown"),
    [("1990-01-01", "year", "1990"), ("2025-12-01", "month", "2025-12"), ("2025-12-02", "day", "2025-12-02")],
)
def test_a_date_is_as_exact_as_it_is_known(client, said_on, precision, shown):
    claim = cast.claim("It rained", published=True)
    said = cast.statement(claim=claim, said_on=said_on)
    said.attributions.update(said_on_precision=precision)
    refresh(statements=[said.pk])
    assert [row["first_said"] for row in table(client)] == [shown]


def test_a_date_of_a_later_report_says_so(client):
    cast.statement(claim=cast.claim("It rained", published=True))
    assert [row["first_said"] for row in table(client)] == ["by 2025-11-22"]


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_public_gets_only_what_is_published(client, who, format_name):
    shown_and_hidden()
    sign_in(client, who)
    text = export(client, f"format={format_name}&cols=tags&cols=chain")
    assert "Shown" in text
    assert [name for name in HIDDEN if name in text] == []


def test_a_withdrawn_tag_is_left_out(client):
    claim = told("Shown")
    claim.tags.get().withdraw(by=None, reason="")
    refresh(claims=[claim.pk], tags=[claim.tags.get().pk])
    assert [row["tags"] for row in table(client, "cols=tags")] == [""]


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("name", [column.name for column in COLUMNS.values() if column.desk_only])
def test_the_public_may_not_choose_a_column_of_the_desk(client, who, name):
    sign_in(client, who)
    response = client.get(f"{URL}?format=csv&cols={name}")
    assert response.status_code == 400
    assert f"Only the desk sees the column {name}." in response.content.decode()


def test_the_desk_gets_its_columns(client, reader):
    told("Draft", published=False)
    assert [row["status"] for row in table(client)] == ["new"]
    assert [column.name for column in columns_for(desk=False) if column.desk_only] == []


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("format=xlsx", "Format: “xlsx” is not one of the choices."),
        ("format=csv&format=json", "Format: Choose one."),
        ("format=csv&bom=1", "Bom: “1” is not one of the choices."),
        ("format=csv&stauts=new", "This list has no filter called “stauts”."),
        ("format=csv&cols=spaeker", "Columns: “spaeker” is not one of the choices."),
        ("kind=figures", "Kind: “figures” is not one of the choices."),
    ],
)
def test_what_it_does_not_understand_it_says(client, query, reason):
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert reason in response.content.decode()


def test_without_a_format_it_asks_for_one(client):
    told("Shown")
    page = client.get(f"{URL}?kind=fact").content.decode()
    assert "Export 1 claim as" in " ".join(page.split())
    assert "safe to open in a spreadsheet" in page
    assert [name for name in FORMATS if f'name="format" value="{name}"' not in " ".join(page.split())] == []
    assert '<input type="hidden" name="kind" value="fact">' in page


ATTACKS = {case["id"]: case["variants"] for case in json.loads((Path(__file__).parent / "attacks.json").read_text())}
NO_FORMULAS = ["';=1", "%0A=1"]
FORMULAS = [*(text for text in ATTACKS["CSV-01"] if text not in NO_FORMULAS), " =1", "\xa0=1", "'=1+1", '"\t=1']


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_table_is_a_formula(client, text):
    claim = told("Shown")
    Claim.objects.filter(pk=claim.pk).update(text=text, short_text=text[:75])
    claim.tags.update(name=text)
    Claim.entry.related.related_model.objects.update(line=text)
    safe = {"text": f"'{text}", "chain": f"'{text}", "short_text": f"'{text}", "tags": f"'{text}"}
    query = "cols=chain&cols=short_text&cols=tags"
    assert [{name: row[name] for name in safe} for row in table(client, query)] == [safe]
    as_it_is = dict.fromkeys(safe, text)
    assert [{name: row[name] for name in safe} for row in table(client, f"{query}&lossless=yes")] == [as_it_is]
    assert objects(client, query)[0]["text"] == text


@pytest.mark.parametrize(
    "text",
    [
        *NO_FORMULAS,
        *ATTACKS["CSV-04"],
        "a=b",
        "minus-1",
        "'quoted'",
        'say "no", or\nnot',
        "back\\slash",
        "日本語 𝕏",
        "a; b",
        "100 %s",
    ],
)
def test_any_other_text_is_left_as_it_is(client, text):
    claim = told("Shown")
    Claim.objects.filter(pk=claim.pk).update(text=text)
    claim.tags.update(name=text)
    assert [(row["text"], row["tags"]) for row in table(client, "cols=tags")] == [(text, text)]
    assert [(row["text"], row["tags"]) for row in objects(client, "cols=tags")] == [(text, [text])]


@pytest.mark.parametrize(
    ("query", "content_type", "name"),
    [
        ("format=csv", "text/csv; charset=utf-8", "claims-2026-02-03.csv"),
        ("format=csv&lossless=yes", "text/csv; charset=utf-8", "claims-2026-02-03-lossless.csv"),
        ("format=jsonl", "application/jsonl; charset=utf-8", "claims-2026-02-03.jsonl"),
        ("format=json", "application/json", "claims-2026-02-03.json"),
    ],
)
@pytest.mark.parametrize("ask", ["get", "head"])
def test_it_is_a_file_with_a_name(client, time_machine, query, content_type, name, ask):
    time_machine.move_to(dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC), tick=False)
    response = getattr(client, ask)(f"{URL}?{query}")
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.streaming == (ask == "get")


def test_a_table_begins_with_a_mark_where_one_is_asked_for(client):
    assert export(client, "format=csv&bom=yes").startswith("\ufefftext,")
    assert export(client, "format=csv&bom=no").startswith("text,")


def test_json_says_what_it_is_a_list_of(client, time_machine):
    time_machine.move_to(dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC), tick=False)
    told("Shown", kind="figure")
    told("Other", kind="fact")
    found = json.loads(export(client, "format=json&kind=figure&cols=kind"))
    assert (found["url"], found["at"]) == (
        "http://testserver/claims/?kind=figure&cols=kind",
        "2026-02-03T12:00:00+00:00",
    )
    assert [row["text"] for row in found["claims"]] == ["Shown claim"]
    assert json.loads(export(client, "format=json&kind=demand"))["claims"] == []


def test_it_holds_all_pages_whichever_is_open(client, monkeypatch):
    monkeypatch.setattr(rows, "BLOCK", 20)
    claims = [cast.claim(f"Claim {number}", published=True) for number in range(61)]
    refresh(claims=[claim.pk for claim in claims])
    assert [row["text"] for row in table(client, "page=2")] == [f"Claim {number}" for number in reversed(range(61))]


WORLD = [
    ("2025-11-02", "figure", "rain fell", 2),
    ("2025-11-02", "fact", "rain fell and fell", 1),
    (None, "fact", "no rain fell", 0),
    ("2024-01-01", "figure", "snow fell", 1),
    ("2025-12-24", "demand", "snow must fall, and rain", 3),
]
PARAMETERS = [
    ("kind", "fact"),
    ("kind", "figure"),
    ("-kind", "demand"),
    ("q", "rain"),
    ("said_after", "2025-01-01"),
    ("said_before", "2025-12-01"),
    ("stance", "asserts"),
    ("root", "ministry"),
    ("publisher", "the-daily-digest"),
    ("sources", "1"),
    ("lacks", "review"),
    ("needs", "date"),
    ("cols", "tags"),
]


@pytest.fixture
def world(monkeypatch):
    """Claims of every sort, read in blocks of two, and ranked up to three of them."""
    monkeypatch.setattr(rows, "BLOCK", 2)
    monkeypatch.setattr(rows, "RANKED", 3)
    for on, kind, text, times in WORLD:
        claim = cast.claim(text, kind=kind, published=True)
        for at in range(times):
            item = cast.article(f"{text}\nSo it was said.")
            cast.statement(item, chain=["Ministry" if at % 2 == 0 else f"Voice {at}"], claim=claim, said_on=on)
        refresh(claims=[claim.pk])
    told("Draft", published=False)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.lists(st.sampled_from(PARAMETERS), max_size=3, unique_by=lambda pair: pair[0]),
    sort=st.sampled_from(list(ClaimFilter.orders)),
    format_name=st.sampled_from(["csv", "jsonl"]),
)
def test_it_holds_the_rows_of_the_list_in_its_order(client, world, pairs, sort, format_name):
    query = QueryDict(mutable=True)
    for name, value in (*pairs, ("sort", sort)):
        query.appendlist(name, value)
    listing = ClaimFilter(query, viewer=AnonymousUser())
    listed = [claim.text for claim in listing.page().rows]
    found = [row["text"] for row in {"csv": table, "jsonl": objects}[format_name](client, query.urlencode())]
    assert len(found) == listing.total.number
    if listing.ranks:
        # Of more matches than are ranked the best stand first, and then the others.
        assert sorted(found) == sorted(listed)
    else:
        assert found == listed


def test_the_best_of_the_newest_stand_first_and_then_the_others(client, world):
    found = [row["text"] for row in table(client, "q=rain&sort=relevance")]
    newest = [row["text"] for row in table(client, "q=rain")]
    assert sorted(found[:3]) == sorted(newest[:3])
    assert found[3:] == newest[3:]


def test_the_best_stand_in_the_order_of_the_list(client, world, monkeypatch):
    monkeypatch.setattr(rows, "RANKED", 2000)
    found = [row["text"] for row in objects(client, "q=rain&sort=relevance")]
    listing = ClaimFilter(QueryDict("q=rain&sort=relevance"), viewer=AnonymousUser())
    assert found == [claim.text for claim in listing.page().rows]


@pytest.mark.parametrize("format_name", FORMATS)
def test_it_breaks_off_visibly(client, monkeypatch, caplog, format_name):
    def broken(export):
        yield b"[{}"
        raise DatabaseError("the disk is gone")

    told = FORMATS[format_name].broken_off(BROKEN_OFF)
    monkeypatch.setitem(FORMATS, format_name, replace(FORMATS[format_name], write=broken))
    response = client.get(f"{URL}?format={format_name}")
    pieces = []
    with pytest.raises(DatabaseError):
        pieces.extend(response.streaming_content)
    assert pieces == [b"[{}", told]
    assert "not complete" in told.decode()
    assert "The export of http://testserver/claims/ broke off." in caplog.text


def test_what_broke_off_is_no_json():
    with pytest.raises(json.JSONDecodeError):
        json.loads(b'{"claims": [{}' + FORMATS["json"].broken_off(BROKEN_OFF))


@pytest.mark.parametrize("format_name", FORMATS)
def test_its_queries_are_few(client, reader, world, format_name):
    # Signed in: session, user, powers. PostgreSQL: two for the transaction, what it is told, the copy; four that count
    # the exports at once.
    # SQLite: the keys of a block of two and the block, for six claims, and that there are no more keys.
    with CaptureQueriesContext(connection) as queries:
        export(client, f"format={format_name}&{EVERY_COLUMN}")
    assert len(queries) == 3 + (8 if connection.vendor == "postgresql" else 7)


def test_the_documentation_lists_what_a_file_may_hold():
    section = Path(django_settings.BASE_DIR, "docs", "formats.md").read_text().partition("\n## Exports\n")[2]
    section = section.partition("\n## ")[0]
    named = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert named == [*ExportForm.base_fields, *COLUMNS]
    (formats,) = re.findall(r"^\| `format` \|(.*)\|$", section, re.MULTILINE)
    assert re.findall(r"`(\w+)`", formats) == list(FORMATS)

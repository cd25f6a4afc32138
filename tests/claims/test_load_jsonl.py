"""Loading whole collections from JSON Lines."""

import datetime as dt
import gzip
import io
import json
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import text as texts
from articles.models import Article, ArticleVersion, ImportProblem, ImportRun, Publisher
from claims.importers.kinds import KINDS
from claims.models import (
    Appearance,
    Attribution,
    Claim,
    ClaimLink,
    Evidence,
    Occasion,
    Review,
    Source,
    SourceRole,
    Statement,
    Tag,
    Transition,
)
from claims.provenance import drift
from tests import cast

pytestmark = pytest.mark.django_db

Row = dict[str, Any]
World = dict[str, list[Row]]

TEXT = "Pier unsafe\nThe harbour master told Radio North that the pier is not safe. Repairs will take a year."
SAID = "The harbour master told Radio North that the pier is not safe"
YEAR = "Repairs will take a year."


def uid(number: int) -> str:
    return str(uuid.UUID(int=number, version=4))


def placed(words: str, text: str = TEXT) -> Row:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "exact": words}


def world() -> World:
    """A small collection with something of every kind."""
    return {
        "publishers": [
            {"slug": "digest", "name": "The Daily Digest", "kind": "newspaper", "country": "GB"},
            {"slug": "radio-north", "name": "Radio North", "kind": "broadcaster"},
        ],
        "articles": [
            {
                "identifier": "https://digest.example.org/7",
                "publisher": "digest",
                "published_at": "2025-12-02",
                "text": TEXT,
                "republishes": "https://radio.example.org/1",
            },
            {
                "identifier": "https://radio.example.org/1",
                "publisher": "radio-north",
                "published_at": "2025-12-01T08:30:00+01:00",
                "published_precision": "time",
                "kind": "broadcast",
                "versions": [
                    {"number": 1, "text": "On air\nNot safe."},
                    {"number": 2, "text": "On air\nNot safe at all.", "captured_at": "2025-12-01T09:00:00Z"},
                ],
            },
        ],
        "sources": [
            {
                "slug": "harbour-master",
                "name": "Harbour master",
                "speaks_for": "port",
                "aliases": ["HM", "The  master"],
            },
            {"slug": "port", "name": "Port authority", "kind": "organisation"},
            {"slug": "radio-north", "name": "Radio North", "kind": "outlet", "publisher": "radio-north"},
            {
                "slug": "a-docker",
                "name": "A docker",
                "named": False,
                "description": "a docker",
                "known_through": "radio-north",
            },
        ],
        "roles": [{"uid": uid(70), "source": "harbour-master", "title": "Harbour master", "organisation": "port"}],
        "tags": [
            {"slug": "pier", "name": "Pier", "kind": "place", "parent": "harbour"},
            {"slug": "harbour", "name": "Harbour", "kind": "place"},
        ],
        "occasions": [{"uid": uid(60), "title": "Morning briefing", "kind": "briefing", "starts_on": "2025-12-01"}],
        "claims": [
            {
                "uid": uid(1),
                "text": "The north pier of the harbour is unsafe.",
                "short_text": "The north pier is unsafe",
                "tags": ["pier", "harbour"],
                "status": "published",
                "published_at": "2025-12-03T10:00:00Z",
            },
            {
                "uid": uid(2),
                "text": "Repairs of the pier take a year.",
                "short_text": "Repairs take a year",
                "kind": "figure",
                "figure_low": 1,
                "figure_high": "1.5",
                "unit": "years",
                "tags": [],
            },
        ],
        "statements": [
            {
                "uid": uid(11),
                "article": "https://digest.example.org/7",
                **placed(SAID),
                "chain": [
                    {
                        "source": "harbour-master",
                        "role": uid(70),
                        "cue": "told",
                        "quotation_type": "indirect",
                        "addressee": "radio-north",
                        "said_on": "2025-12-01",
                    },
                    {"source": "radio-north", "quotation_type": "indirect"},
                ],
                "claims": [{"claim": uid(1)}],
                "derived_from": uid(12),
            },
            {
                "uid": uid(12),
                "article": "https://radio.example.org/1",
                "version": 2,
                **placed("Not safe at all.", "On air\nNot safe at all."),
                "chain": [[{"source": "harbour-master"}, {"source": "a-docker"}]],
                "claims": [{"claim": uid(1), "stance": "hedges"}, {"claim": uid(2), "stance": "denies"}],
                "occasion": uid(60),
            },
            {
                "uid": uid(13),
                "article": "https://digest.example.org/7",
                **placed(YEAR),
                "chain": [{"source": "radio-north", "quotation_type": "own"}],
                "claims": [{"claim": uid(2), "start": placed(YEAR)["start"], "end": placed(YEAR)["end"] - 1}],
            },
        ],
        "links": [{"from": uid(2), "kind": "same_as", "to": uid(1), "note": "Both of the pier."}],
        "reviews": [{"uid": uid(80), "claim": uid(1), "reviewer": "digest", "state": "published"}],
        "evidence": [{"uid": uid(90), "claim": uid(1), "stance": "supports", "url": "https://port.example.org/report"}],
    }


Folder = Callable[[World], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    def write(rows: World) -> Path:
        for kind, lines in rows.items():
            tmp_path.joinpath(f"{kind}.jsonl").write_text(lines_of(lines), encoding="utf-8")
        return tmp_path

    yield write
    assert temporary_tables() == [], "nothing is left behind"


def temporary_tables() -> list[str]:
    sql = "SELECT name FROM sqlite_temp_master WHERE type = 'table'"
    if connection.vendor == "postgresql":
        sql = "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [name for (name,) in cursor.fetchall()]


def lines_of(rows: list[Row]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def load(path: Path | str, *options: str) -> list[str]:
    """The lines that the command prints."""
    out = io.StringIO()
    call_command("load_jsonl", str(path), *options, stdout=out)
    return out.getvalue().splitlines()


def refusal(path: Path | str, *options: str) -> list[str]:
    """The lines with which the command fails."""
    with pytest.raises(CommandError) as refused:
        load(path, *options)
    return str(refused.value).splitlines()


def everything() -> dict[str, list[Row]]:
    """All rows, without the runs that brought them."""
    children = (ArticleVersion, Attribution, Appearance, Claim.tags.through, Transition)
    models = [*(kind.model for kind in KINDS.values()), *children]
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}


def test_it_loads_a_collection(folder: Folder) -> None:
    printed = load(folder(world()))
    assert printed == [
        f"{kind}: created {len(rows)} · updated 0 · unchanged 0 · rejected 0" for kind, rows in world().items()
    ]
    run = ImportRun.objects.get()
    assert (run.format, run.created, run.total, len(run.sha256)) == ("jsonl", 20, 20, 64)
    assert {
        model.objects.get(import_run=run, pk=pk).import_run for model, pk in [(Claim, Claim.objects.first().pk)]
    } == {run}


def test_it_links_what_rows_name(folder: Folder) -> None:
    load(folder(world()))
    master = Source.objects.get(slug="harbour-master")
    assert (str(master.speaks_for), master.alias_list) == ("Port authority", ["HM", "The master"])
    assert str(Source.objects.get(slug="a-docker").known_through) == "Radio North"
    assert str(Source.objects.get(slug="radio-north").publisher) == "Radio North"
    assert Tag.objects.get(slug="pier").path == "harbour/pier/"
    carrier = Article.objects.get(identifier__contains="digest")
    assert carrier.republishes.identifier == "https://radio.example.org/1"
    assert carrier.published_label == "2 Dec 2025"
    assert [tag.slug for tag in Claim.objects.get(uid=uid(1)).tags.all()] == ["harbour", "pier"]
    assert str(SourceRole.objects.get().organisation) == "Port authority"
    link = ClaimLink.objects.get()
    assert link.from_claim_id < link.to_claim_id, "a symmetric link leads from the lower number"
    assert Review.objects.get().claim == Evidence.objects.get().claim == Claim.objects.get(uid=uid(1))


def test_it_loads_chains_and_places_words(folder: Folder) -> None:
    load(folder(world()))
    first, second, own = Statement.objects.order_by("uid")
    hops = [(hop.position, str(hop.source), hop.cue) for hop in first.attributions.all()]
    assert hops == [(0, "Harbour master", "told"), (1, "Radio North", "")]
    assert first.derived_from == second
    assert [hop.position for hop in second.attributions.all()] == [0, 0]
    assert (second.version.number, second.occasion) == (2, Occasion.objects.get())
    for statement in (first, second, own):
        around = texts.context(statement.version.text, statement.start, statement.end)
        assert (statement.prefix, statement.suffix) == (around.prefix, around.suffix)
    assert not Statement.objects.misplaced().exists()
    assert Appearance.objects.get(claim__uid=uid(2), statement=second).stance == "denies"


def test_it_leaves_nothing_derived_behind(folder: Folder) -> None:
    load(folder(world()))
    assert list(drift()) == []
    assert Claim.objects.get(uid=uid(1)).statement_count == 2


def test_it_changes_nothing_when_run_again(folder: Folder) -> None:
    path = folder(world())
    load(path)
    before = everything()
    printed = load(path)
    assert printed == [
        f"{kind}: created 0 · updated 0 · unchanged {len(rows)} · rejected 0" for kind, rows in world().items()
    ]
    assert everything() == before


def test_it_moves_the_lock_of_what_has_changed(folder: Folder) -> None:
    load(folder(world()))
    rows = world()
    rows["claims"][0]["priority"] = 4
    rows["sources"][1]["description"] = "It runs the port."
    printed = load(folder(rows))
    assert "claims: created 0 · updated 1 · unchanged 1 · rejected 0" in printed
    changed, other = Claim.objects.order_by("uid")
    assert (changed.lock, changed.priority, other.lock) == (2, 4, 1)
    assert changed.updated_at > changed.created_at
    assert Source.objects.get(slug="port").lock == 2
    assert list(drift()) == []


def test_it_brings_lists_into_line(folder: Folder) -> None:
    load(folder(world()))
    rows = world()
    rows["claims"][0]["tags"] = ["harbour"]
    rows["statements"][0]["chain"] = [{"source": "port"}, {"source": "radio-north", "cue": "reported"}]
    rows["statements"][1]["claims"] = [{"claim": uid(2), "stance": "asserts"}]
    printed = load(folder(rows))
    assert "statements: created 0 · updated 2 · unchanged 1 · rejected 0" in printed
    assert [tag.slug for tag in Claim.objects.get(uid=uid(1)).tags.all()] == ["harbour"]
    first, second, _ = Statement.objects.order_by("uid")
    assert [str(hop.source) for hop in first.attributions.current()] == ["Port authority", "Radio North"]
    assert first.attributions.exclude(withdrawn_at=None).get().withdrawn_reason
    assert first.attributions.get(position=1).lock == 2
    assert [str(one.claim.uid) for one in second.appearances.current()] == [uid(2)]
    assert (first.lock, second.lock) == (2, 2)
    assert list(drift()) == []
    load(folder(world()))
    assert [str(hop.source) for hop in first.attributions.current()] == ["Harbour master", "Radio North"]
    assert second.appearances.current().count() == 2, "what a load withdrew, a load brings back"
    assert list(drift()) == []


def test_it_leaves_lists_alone_that_are_not_given(folder: Folder) -> None:
    load(folder(world()))
    rows = world()
    del rows["claims"][0]["tags"], rows["statements"][0]["chain"], rows["statements"][0]["claims"]
    before = everything()
    load(folder(rows))
    assert everything() == before


def test_it_leaves_withdrawn_what_an_editor_has_withdrawn(folder: Folder) -> None:
    path = folder(world())
    load(path)
    editor = cast.person("editor")
    Claim.objects.get(uid=uid(1)).withdraw(by=editor, reason="Wrong")
    Appearance.objects.get(claim__uid=uid(2), stance="denies").withdraw(by=editor, reason="Wrong")
    ClaimLink.objects.get().withdraw(by=editor, reason="Wrong")
    before = everything()
    load(path)
    assert everything() == before


def test_it_stores_a_changed_text_as_a_new_version(folder: Folder) -> None:
    load(folder(world()))
    rows = world()
    rows["articles"][0]["text"] = f"{TEXT}\nMore."
    assert "articles: created 0 · updated 1 · unchanged 1 · rejected 0" in load(folder(rows))
    article = Article.objects.get(identifier__contains="digest")
    assert [version.text for version in article.versions.all()] == [TEXT, f"{TEXT}\nMore."]
    assert "articles: created 0 · updated 0 · unchanged 2 · rejected 0" in load(folder(rows))


def test_it_dates_what_is_published_and_keeps_that_date(folder: Folder) -> None:
    rows = world()
    del rows["claims"][0]["published_at"]
    load(folder(rows))
    published = Claim.objects.get(uid=uid(1)).published_at
    assert published
    assert "claims: created 0 · updated 0 · unchanged 2 · rejected 0" in load(folder(rows))
    assert Claim.objects.get(uid=uid(1)).published_at == published


def test_it_enters_a_change_of_status_in_the_history(folder: Folder) -> None:
    load(folder(world()))
    rows = world()
    rows["claims"][1]["status"] = "in_review"
    load(folder(rows))
    moved = Transition.objects.values_list("claim__uid", "old", "new")
    assert list(moved) == [(uuid.UUID(uid(1)), "new", "published"), (uuid.UUID(uid(2)), "new", "in_review")]


def test_it_takes_one_file_of_all_kinds_in_any_order(tmp_path: Path) -> None:
    rows = [row | {"type": KINDS[kind].noun} for kind, rows in reversed(world().items()) for row in rows]
    path = tmp_path / "all.jsonl"
    path.write_text(lines_of(rows), encoding="utf-8")
    load(path)
    assert ImportRun.objects.get().created == len(rows)
    assert Statement.objects.count() == 3
    assert list(drift()) == []


def test_it_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    given = lines_of([{"type": "tag", "slug": "pier", "name": "Pier"}]).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    load("-")
    assert Tag.objects.get().slug == "pier"


def test_it_reads_packed_files(tmp_path: Path) -> None:
    (tmp_path / "tags.jsonl.gz").write_bytes(gzip.compress(lines_of(world()["tags"]).encode()))
    assert load(tmp_path) == ["tags: created 2 · updated 0 · unchanged 0 · rejected 0"]


def test_it_fails_where_a_packed_file_is_broken(tmp_path: Path) -> None:
    packed = gzip.compress(lines_of(world()["tags"]).encode())
    (tmp_path / "tags.jsonl.gz").write_bytes(packed[:-12])
    assert "cannot be read" in refusal(tmp_path)[0]
    assert not Tag.objects.exists()


@pytest.mark.parametrize(
    ("kind", "change", "reason"),
    [
        ("tags", {"nmae": "Pier"}, "there is no key “nmae” – did you mean “name”?"),
        ("tags", {"name": None}, "name: is required"),
        ("tags", {"slug": "Pier"}, "slug: Use lower-case letters, digits, hyphens and underscores."),
        ("tags", {"parent": "harbor"}, "parent: there is no tag “harbor”"),
        ("tags", {"parent": "pier"}, "parent: leads back to the tag itself"),
        ("tags", {"type": "claim"}, "type: this is the file of tags"),
        ("publishers", {"homepage": "javascript:alert(1)"}, "homepage: Give a web address"),
        (
            "publishers",
            {"kind": "newspapre"},
            'kind: "newspapre" is none of newspaper, agency, broadcaster, magazine, blog',
        ),
        ("sources", {"named": False}, "description: say how the unnamed voice was described"),
        ("sources", {"publisher": "radio-north"}, "publisher: another source is this publisher already"),
        ("sources", {"aliases": "HM"}, "aliases: must be a list of texts"),
        ("articles", {"text": None}, "give either text or versions"),
        ("articles", {"text": "x" * 301}, "text: its first line, the headline, is longer than 300 characters"),
        ("articles", {"published_at": "soon"}, "published_at: must be a moment such as 2025-12-02T08:30:00Z"),
        ("claims", {"short_text": "x" * 76}, "short_text: longer than 75 characters"),
        ("claims", {"priority": "high"}, 'priority: "high" is none of 1, 2, 3, 4'),
        ("claims", {"due_on": "2025-02-30"}, "due_on: “2025-02-30” is not in the calendar"),
        ("claims", {"tags": ["peer"]}, "tags: there is no tag “peer”"),
        ("claims", {"assignee": "nobody"}, "assignee: there is no user “nobody”"),
        ("claims", {"figure_low": 2, "figure_high": 1}, "figure_low: the lower figure is above the higher one"),
        (
            "claims",
            {"about_from": "2025-02-01", "about_to": "2025-01-01"},
            "about_to: the time that the claim is about",
        ),
        ("statements", {"article": "urn:no"}, "article: there is no version 1 of an article “urn:no”"),
        ("statements", {"version": 3}, "article: there is no version 3 of an article “https://digest.example.org/7”"),
        (
            "statements",
            {"exact": SAID.replace("told", "cold")},
            f"exact: the text at 12–73 reads “{SAID[:59]}…”, not these",
        ),
        ("statements", {"exact": "told"}, "exact: has 4 characters, the span 12–73 has 61"),
        ("statements", {"end": 3}, "end: the span ends before it begins"),
        ("statements", {"start": 500, "end": 561}, "exact: the text at 500–561 reads “”, not these words"),
        ("statements", {"gaps": [[0, 3]]}, "gaps: give [[start, end], …], in order, within 12–73"),
        ("statements", {"derived_from": uid(99)}, f"derived_from: there is no statement “{uid(99)}”"),
        ("statements", {"derived_from": uid(11)}, "derived_from: leads back to the statement itself"),
        ("statements", {"chain": [{"source": "who"}]}, "chain: there is no source “who”"),
        ("statements", {"chain": [{"sauce": "port"}]}, "chain[0]: there is no key “sauce” – did you mean “source”?"),
        ("statements", {"chain": [[{}, {}]]}, "chain: a source stands twice at one place"),
        ("statements", {"chain": [{"quotation_type": "own", "cue": "x"}]}, "chain: an article's own words are a chain"),
        ("statements", {"chain": [{"source": "port", "role": uid(70)}]}, "chain: a role belongs to another source"),
        ("statements", {"claims": [{"claim": uid(99)}]}, f"claims: there is no claim “{uid(99)}”"),
        (
            "statements",
            {"claims": [{"claim": uid(1), "start": 1, "end": 3}]},
            "claims[0]: the part does not lie within",
        ),
        ("links", {"to": uid(2)}, "to: a claim cannot be linked to itself"),
        ("links", {"kind": "same"}, 'kind: "same" is none of same_as, contradicts, disputes'),
        ("reviews", {"rating": "claimskg/flase"}, "rating: there is no rating “claimskg/flase”"),
        ("reviews", {"subject": "attribution"}, "statement: name the statement whose attribution is in question"),
        ("reviews", {"subject": "attribution", "statement": uid(13)}, "statement: is not linked to this claim"),
        ("evidence", {"url": ""}, "url: give an article or an address"),
    ],
)
def test_it_refuses_a_bad_row_and_loads_nothing(folder: Folder, kind: str, change: Row, reason: str) -> None:
    rows = world()
    rows[kind][0] |= change
    told = refusal(folder(rows))
    assert told[0] == "Nothing was loaded."
    assert any(line.startswith(f"{kind}.jsonl line ") and f": {reason}" in line for line in told), told
    assert not ImportRun.objects.exists()
    assert not Publisher.objects.exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON: expecting property name enclosed in double quotes at column 2"),
        (b"[]", "not a JSON object"),
        (b'{"slug": "\xff"}', "byte 0xFF is not UTF-8"),
        (b'{"slug": "a\\u0000"}', "a NUL character in a text"),
        (b'{"slug": "a\\ud800"}', "half a character (U+D800) in a text"),
        (b'{"slug": "a\\u001b"}', "a control character (U+001B) in a text"),
        (b'{"slug": NaN}', "NaN is no number in JSON"),
        (b'{"slug": ' + 101 * b"[" + 101 * b"]" + b"}", "nested deeper than 100"),
        (b'{"slug": ' + 90_000 * b"[" + 90_000 * b"]" + b"}", "nested deeper than 100"),
        (b'{"slug": "' + b"x" * 5 * 1024**2 + b'"}', "longer than 5 MB"),
        (b'{"slug": 1' + b"0" * 5000 + b"}", "not JSON: a number is too long"),
    ],
)
def test_it_refuses_what_is_no_row(tmp_path: Path, line: bytes, reason: str) -> None:
    path = tmp_path / "tags.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"slug": "pier", "name": "Pier"}\r\n\n' + line + b"\n" + b'{"slug": "a", "name": "A"}'
    )
    assert refusal(path) == ["Nothing was loaded.", f"tags.jsonl line 3: {reason}"]
    load(path, "--keep-going")
    assert sorted(Tag.objects.values_list("slug", flat=True)) == ["a", "pier"]


def test_it_refuses_a_row_that_says_not_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text('{"slug": "pier"}\n{"type": "tga"}\n{"type": "tag", "slug": "pier", "name": "Pier"}\n')
    assert refusal(path) == [
        "Nothing was loaded.",
        "all.jsonl line 1: says not what it is: it needs a “type”",
        "all.jsonl line 2: type: there is no “tga” – did you mean “tag”?",
    ]


def test_it_shows_twenty_problems_and_how_many_there_are(folder: Folder) -> None:
    told = refusal(folder({"tags": [{"slug": f"tag-{number}"} for number in range(30)]}))
    assert told[1] == "tags.jsonl line 1: name: is required"
    assert (len(told), told[-1]) == (22, "… and 10 more")


def test_it_keeps_bad_rows_as_problems_where_it_goes_on(folder: Folder) -> None:
    rows = world()
    rows["statements"][2]["exact"] = YEAR.upper()
    rows["evidence"][0]["note"] = 3
    printed = load(folder(rows), "--keep-going")
    assert "statements: created 2 · updated 0 · unchanged 0 · rejected 1" in printed
    run = ImportRun.objects.get()
    assert (run.rejected, run.total) == (run.problems.count(), 20)
    problem = ImportProblem.objects.get(reason__startswith="evidence.jsonl")
    assert (problem.line, json.loads(problem.raw)) == (1, rows["evidence"][0])
    assert list(drift()) == []


@pytest.mark.parametrize("kind", ["publishers", "articles", "claims", "statements", "links"])
def test_it_refuses_a_row_that_stands_twice(folder: Folder, kind: str) -> None:
    rows = world()
    rows[kind].append(rows[kind][0])
    noun, line = KINDS[kind].noun, len(rows[kind])
    assert f"{kind}.jsonl line {line}: the same {noun} stands in line 1 already" in refusal(folder(rows))


def test_it_refuses_a_row_that_stands_twice_far_apart(folder: Folder) -> None:
    rows = [{"slug": f"tag-{number}", "name": "A"} for number in range(4)]
    path = folder({"tags": [*rows, rows[0]]})
    assert "tags.jsonl line 5: the same tag stands in this load already" in refusal(path, "--batch", "2")


def test_it_refuses_what_leads_round(folder: Folder) -> None:
    rows = world()
    rows["statements"][1]["derived_from"] = uid(11)
    told = refusal(folder(rows))
    assert [line for line in told if "leads back" in line] == [
        f"statements.jsonl line {line}: derived_from: leads back to the statement itself" for line in (1, 2)
    ]


def test_it_refuses_what_leads_to_what_was_refused(folder: Folder) -> None:
    tags = [{"slug": name, "name": "A", "parent": parent} for name, parent in ("ab", "bc", "cb", "da")]
    tags += [{"slug": "e", "name": "E"}, {"slug": "a", "name": "x" * 101}]
    tags += [{"slug": name, "name": name, "parent": name} for name in "bc"]
    printed = load(folder({"tags": tags}), "--keep-going")
    assert printed[0] == "tags: created 1 · updated 0 · unchanged 0 · rejected 7"
    assert Tag.objects.get().slug == "e"


def test_it_says_where_the_database_refuses_a_row(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.importers.store.CHECKS", {})
    rows = world()["sources"]
    rows[1]["publisher"] = "radio-north"
    told = refusal(folder({"publishers": world()["publishers"], "sources": rows}), "--keep-going")
    assert told[1].startswith("sources.jsonl: between lines 1 and 4 the database refuses a row: ")
    assert not Publisher.objects.exists()


def test_it_refuses_what_would_lead_round_over_stored_rows(folder: Folder) -> None:
    load(folder(world()))
    path = folder({"statements": [world()["statements"][1] | {"derived_from": uid(11)}]})
    assert "leads back to the statement itself" in refusal(path)[1]
    assert "leads back" in refusal(folder({"sources": [world()["sources"][1] | {"speaks_for": "harbour-master"}]}))[1]


def test_it_refuses_links_that_lead_round(folder: Folder) -> None:
    rows = world()
    rows["links"] = [
        {"from": uid(1), "kind": "narrower", "to": uid(2)},
        {"from": uid(2), "kind": "narrower", "to": uid(1)},
    ]
    told = refusal(folder(rows))
    assert len([line for line in told if "leads back to the claim" in line]) == 2
    rows["links"].pop()
    load(folder(rows))
    back = {"from": uid(2), "kind": "narrower", "to": uid(1)}
    assert "leads back to the claim" in refusal(folder({"links": [back]}))[1]
    load(folder({"links": [back | {"state": "rejected"}]}))


def test_it_refuses_the_uid_of_another_link(folder: Folder) -> None:
    rows = world()
    rows["links"] = [{"uid": uid(5), "from": uid(1), "kind": kind, "to": uid(2)} for kind in ("updates", "supports")]
    assert refusal(folder(rows))[1] == "links.jsonl line 1: uid: another link has this uid"


def test_it_fails_where_nothing_could_be_taken_and_keeps_the_problems(folder: Folder) -> None:
    told = refusal(folder({"tags": [{"slug": "pier"}]}), "--keep-going")
    assert told == ["Nothing could be taken; the problems are kept with the import run."]
    assert ImportRun.objects.get().problems.get().reason == "tags.jsonl: name: is required"


def test_it_refuses_a_batch_that_is_no_number_of_rows() -> None:
    for given in ("0", "2001", "all"):
        assert "give a number of rows from 1 to 2,000" in refusal("x", "--batch", given)[0]


def test_it_refuses_a_contradiction_over_different_times(folder: Folder) -> None:
    rows = world()
    rows["claims"][0] |= {"about_from": "2025-01-01", "about_precision": "year"}
    rows["claims"][1] |= {"about_from": "2026-01-01", "about_precision": "year"}
    rows["links"][0]["kind"] = "contradicts"
    assert "links.jsonl line 1: kind: the two claims are about different times" in refusal(folder(rows))[1]


def test_it_never_edits_a_captured_text(folder: Folder) -> None:
    load(folder(world()))
    rows = world()
    rows["articles"][1]["versions"][0]["text"] = "On air\nSafe."
    reason = "versions: version 1 is stored with another text, and texts are never edited"
    assert refusal(folder(rows))[1] == f"articles.jsonl line 2: {reason}"


def test_it_never_moves_a_statement_that_was_decided_on(folder: Folder) -> None:
    load(folder(world()))
    rows = world()
    rows["statements"][2] |= placed("Repairs") | {"claims": []}
    assert "never changes once it is decided on" in refusal(folder(rows))[1]
    rows["statements"][2] = world()["statements"][2] | {"state": "suggested"}
    assert "is no suggestion any more" in refusal(folder(rows))[1]
    Statement.objects.update(state="suggested")
    rows["statements"][2] = world()["statements"][2] | placed("Repairs") | {"state": "suggested"}
    del rows["statements"][2]["claims"]
    assert "a claim is made in a part of the text" in refusal(folder(rows))[1]
    rows["statements"][2]["claims"] = []
    assert "statements: created 0 · updated 3 · unchanged 0 · rejected 0" in load(folder(rows))


def test_it_finds_words_beyond_the_first_plane(folder: Folder) -> None:
    text = "Pier 🚢 unsafe\nA 𝔽irst “word” – ümläut 🚢 end."
    words = "“word” – ümläut 🚢"
    rows = {
        "articles": [{"identifier": "urn:x", "text": text}],
        "statements": [{"uid": uid(1), "article": "urn:x", **placed(words, text)}],
    }
    load(folder(rows))
    assert Statement.objects.get().prefix == text[: text.index(words)]


def test_it_stores_a_text_as_texts_are_captured(folder: Folder) -> None:
    load(folder({"articles": [{"identifier": "urn:x", "text": "Cafe\u0301  opens\r\n\u00a0Soon.\n"}]}))
    version = ArticleVersion.objects.get()
    assert (version.headline, version.text) == ("Café opens", "Café opens\nSoon.")
    assert version.sha256 == texts.fingerprint(version.text)


def test_it_holds_a_row_back_until_what_it_names_has_come(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.importers.load.ROWS", 2)
    rows = [{"slug": f"tag-{number}", "name": "A", "parent": f"tag-{number + 1}"} for number in range(7)]
    load(folder({"tags": [*rows, {"slug": "tag-7", "name": "Top"}]}))
    assert Tag.objects.get(slug="tag-0").level == 7
    assert ImportRun.objects.get().created == 8


def test_it_keeps_what_it_has_committed_and_goes_on_from_there(folder: Folder) -> None:
    rows = world()
    rows["statements"][2]["exact"] = YEAR.upper()
    told = refusal(folder(rows), "--batch", "2")
    assert told[-1] == "What was committed before stays; mend these and run it again."
    assert (Claim.objects.count(), Statement.objects.count()) == (2, 2)
    assert list(drift()) == []
    before = list(Statement.objects.values())
    printed = load(folder(world()), "--batch", "2")
    assert "statements: created 1 · updated 0 · unchanged 2 · rejected 0" in printed
    assert list(Statement.objects.order_by("pk").values())[:2] == before
    assert [(run.created, run.unchanged) for run in ImportRun.objects.order_by("pk")] == [(16, 0), (4, 16)]
    assert list(drift()) == []


def test_it_writes_nothing_where_it_only_checks(folder: Folder) -> None:
    path = folder(world())
    assert load(path, "--check")[-1] == "Nothing was written: this was a check."
    assert not ImportRun.objects.exists()
    assert not Claim.objects.exists()
    assert refusal(path, "--check", "--batch", "5") == [
        "--check writes nothing, so there is nothing to commit in batches."
    ]


def test_it_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    assert "holds none of publishers.jsonl" in refusal(tmp_path)[0]
    assert refusal(tmp_path / "none.jsonl") == [f"{tmp_path / 'none.jsonl'} cannot be read: No such file or directory."]
    for name in ("tags.jsonl", "tags.jsonl.gz"):
        (tmp_path / name).touch()
    assert refusal(tmp_path) == [f"{tmp_path} holds tags.jsonl twice, plain and packed: take one away."]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stderr", "options", "shows"),
    [(Terminal(), [], True), (Terminal(), ["--verbosity=0"], False), (io.StringIO(), [], False)],
)
def test_it_shows_a_progress_bar_on_a_terminal_only(
    folder: Folder, stderr: io.StringIO, options: list[str], shows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stderr)
    load(folder({"tags": world()["tags"]}), *options)
    assert ("tags: 100%" in stderr.getvalue()) == shows
    assert bool(stderr.getvalue()) == shows


def test_it_asks_the_database_as_often_for_many_rows_as_for_few(
    folder: Folder, django_assert_max_num_queries: Any
) -> None:
    few = [{"slug": f"tag-{number}", "name": "A"} for number in range(5)]
    many = [{"slug": f"other-{number}", "name": "A"} for number in range(500)]
    with django_assert_max_num_queries(48):
        load(folder({"tags": few}))
    with django_assert_max_num_queries(48):
        load(folder({"tags": many}))


def test_it_mends_what_an_occasion_bears_on(folder: Folder) -> None:
    load(folder(world()))
    before = Claim.objects.get(uid=uid(1)).first_said_on
    rows = world()
    rows["occasions"][0]["starts_on"] = "2025-11-01"
    load(folder(rows))
    assert Claim.objects.get(uid=uid(1)).first_said_on == dt.date(2025, 11, 1) != before
    assert list(drift()) == []


def test_it_tells_the_database_how_full_its_tables_are(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.importers.load.MANY", 0)
    with CaptureQueriesContext(connection) as asked:
        load(folder(world()))
    told = [query["sql"] for query in asked if query["sql"].startswith("ANALYZE")]
    assert 'ANALYZE "claims_claim"' in told
    assert list(drift()) == []


def test_it_remembers_no_more_names_than_it_may(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.importers.staging.MAX_KEPT", 0)
    load(folder(world()))
    assert Statement.objects.count() == 3
    assert list(drift()) == []


def test_it_leaves_temporary_tables_of_others(folder: Folder) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE others (id integer)")
    load(folder({"tags": world()["tags"]}))
    assert temporary_tables() == ["others"]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE others")


def test_a_statement_keeps_the_part_that_makes_a_claim(folder: Folder) -> None:
    load(folder(world()))
    rows = {"statements": [world()["statements"][2]]}
    del rows["statements"][0]["claims"]
    rows["statements"][0]["commitment"] = "PR+"
    assert "statements: created 0 · updated 1 · unchanged 0 · rejected 0" in load(folder(rows))
    assert Appearance.objects.get(statement__uid=uid(13)).end == placed(YEAR)["end"] - 1


@pytest.mark.parametrize(("year", "taken"), [(2025, True), (2024, False)])
def test_claims_contradict_each_other_where_their_times_overlap(folder: Folder, year: int, taken: bool) -> None:
    rows = world()
    for row, about in zip(rows["claims"], (2025, year), strict=False):
        row |= {"about_from": f"{about}-01-01", "about_precision": "year"}
    rows["links"][0]["kind"] = "contradicts"
    if taken:
        load(folder(rows))
        assert ClaimLink.objects.get().kind == "contradicts"
    else:
        assert any("about different times" in line for line in refusal(folder(rows)))


def test_a_review_may_be_on_whether_a_linked_statement_was_made(folder: Folder) -> None:
    rows = world()
    rows["reviews"][0] |= {"subject": "attribution", "statement": uid(11)}
    load(folder(rows))
    assert Review.objects.get().statement == Statement.objects.get(uid=uid(11))

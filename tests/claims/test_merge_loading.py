"""What is loaded under the name of what was merged goes to the survivor, or is refused clearly."""

import json

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from articles.models import Article, ImportProblem
from claims.merging import merge
from claims.models import Attribution, Claim, Review, Source
from claims.provenance import drift
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def merged():
    """By kind, what was merged and what it was merged into."""
    lead = cast.person("lead")
    made = {
        "tag": (cast.tag("War"), cast.tag("Fight")),
        "claim": (cast.claim("One"), cast.claim("Other")),
        "publisher": (cast.publisher("Times"), cast.publisher("The Times")),
        "source": (cast.source("Kremlin"), cast.source("Presidency")),
    }
    cast.review(made["claim"][0])
    for one, other in made.values():
        merge(one, other, by=lead, why="x")
    return made


def load(folder, **rows):
    for name, lines in rows.items():
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    call_command("load_jsonl", str(folder), verbosity=0)


def test_lines_that_name_it_go_to_the_survivor(merged, tmp_path):
    text = "Headline\nWe will pay."
    statement = {
        "uid": "7f9e2c1a-0000-4000-8000-000000000001",
        "article": "urn:test:1",
        "start": 9,
        "end": 21,
        "exact": "We will pay.",
        "chain": [{"source": "kremlin", "quotation_type": "direct"}],
        "claims": [{"claim": str(merged["claim"][0].uid)}],
    }
    claim = {"uid": "7f9e2c1a-0000-4000-8000-000000000002", "text": "New", "short_text": "New", "tags": ["war"]}
    load(
        tmp_path,
        articles=[{"identifier": "urn:test:1", "text": text, "publisher": "times"}],
        statements=[statement],
        claims=[claim],
    )
    assert not ImportProblem.objects.exists(), list(ImportProblem.objects.values_list("reason", flat=True))
    assert Article.objects.get().publisher == merged["publisher"][1]
    hop = Attribution.objects.get()
    assert (hop.source, hop.statement.appearances.get().claim) == (merged["source"][1], merged["claim"][1])
    assert list(Claim.objects.get(text="New").tags.all()) == [merged["tag"][1]]
    assert not list(drift())


@pytest.mark.parametrize(
    ("name", "kind", "row"),
    [
        ("sources", "source", {"slug": "kremlin", "name": "Kremlin", "kind": "organisation"}),
        ("publishers", "publisher", {"slug": "times", "name": "Times"}),
        ("tags", "tag", {"slug": "war", "name": "War"}),
        ("claims", "claim", {"text": "One", "short_text": "One"}),
    ],
)
def test_a_line_that_is_it_is_refused(merged, tmp_path, name, kind, row):
    one, other = merged[kind]
    with pytest.raises(CommandError, match=f"this {kind} was merged into “{other}”"):
        load(tmp_path, **{name: [row | ({"uid": str(one.uid)} if kind == "claim" else {})]})


def dump(path, *labels):
    natural = ["--natural-primary", "--natural-foreign"]
    call_command("dumpdata", *natural, *(labels or ["articles", "claims"]), output=str(path), verbosity=0)
    return json.loads(path.read_text())


def test_a_dump_with_merges_comes_back_equal(merged, tmp_path):
    before = dump(tmp_path / "dump.json")
    locks = dict(Source.objects.values_list("slug", "lock"))
    call_command("loaddata", str(tmp_path / "dump.json"), verbosity=0)
    assert dump(tmp_path / "again.json") == before
    assert dict(Source.objects.values_list("slug", "lock")) == locks
    assert not list(drift())


def test_a_fixture_that_tells_them_apart_is_refused(merged, tmp_path):
    rows = dump(tmp_path / "dump.json", "claims.source")
    for row in rows:
        row["fields"]["merged_into"] = None
    (tmp_path / "dump.json").write_text(json.dumps(rows))
    with pytest.raises(CommandError, match="source kremlin: it was merged into another here: undo that first"):
        call_command("loaddata", str(tmp_path / "dump.json"), verbosity=0)


def test_a_fixture_whose_rows_name_it_is_refused(merged, tmp_path):
    rows = dump(tmp_path / "dump.json", "claims.review")
    rows[0]["fields"]["claim"] = [str(merged["claim"][0].uid)]
    (tmp_path / "dump.json").write_text(json.dumps(rows))
    with pytest.raises(CommandError, match="names “One”, which was merged into “Other”"):
        call_command("loaddata", str(tmp_path / "dump.json"), verbosity=0)
    assert Review.objects.get().claim == merged["claim"][1]


def test_a_line_that_names_what_was_merged_twice_goes_to_the_last(merged, tmp_path):
    last = cast.claim("Last")
    merge(merged["claim"][1], last, by=User.objects.get(username="lead"), why="x")
    review = {"uid": "7f9e2c1a-0000-4000-8000-000000000003", "claim": str(merged["claim"][0].uid), "headline": "Loaded"}
    load(tmp_path, reviews=[review | {"reviewer": "the-times"}])
    assert not ImportProblem.objects.exists(), list(ImportProblem.objects.values_list("reason", flat=True))
    assert Review.objects.get(headline="Loaded").claim == last

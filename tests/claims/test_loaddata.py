"""Loading fixtures keeps the rules that forms keep."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import text as texts
from articles.models import ArticleVersion, Publisher, StaleSave
from claims.models import Annotation, Appearance, Claim, ClaimLink, Evidence, Statement, Tag
from claims.provenance import drift
from tests import cast

pytestmark = pytest.mark.django_db

DUMP = ["--natural-primary", "--natural-foreign", "articles", "claims"]


@pytest.fixture
def dumped(tmp_path):
    """A function that writes the database as a fixture, after ``change`` has had its way with the rows."""

    def dump(change=lambda rows: None):
        path = tmp_path / "dump.json"
        call_command("dumpdata", *DUMP, output=str(path), verbosity=0)
        rows = json.loads(path.read_text())
        change({row["model"]: row["fields"] for row in rows})
        path.write_text(json.dumps(rows))
        return str(path)

    return dump


def load(path):
    call_command("loaddata", path, verbosity=0)


def test_it_loads_a_dump_over_itself(dumped):
    claim = cast.claim()
    cast.statement(claim=claim)
    path = dumped()
    before = list(Statement.objects.values()), list(Claim.objects.values())
    load(path)
    assert (list(Statement.objects.values()), list(Claim.objects.values())) == before


def test_it_refuses_words_that_are_not_the_text_at_their_span(dumped):
    cast.statement(claim=cast.claim())
    Claim.objects.update(priority=4)
    path = dumped(lambda rows: rows["claims.statement"].update(start=3, end=9))
    Claim.objects.update(priority=1)
    with pytest.raises(CommandError, match="not the text there"):
        load(path)
    assert Claim.objects.get().priority == 1, "nothing of the fixture is loaded"


def test_it_refuses_a_context_that_is_not_the_text_around(dumped):
    cast.statement()
    with pytest.raises(CommandError, match="words or context"):
        load(dumped(lambda rows: rows["claims.statement"].update(prefix="made up")))


def test_it_refuses_another_text_in_place_of_a_captured_one(dumped):
    cast.article()
    with pytest.raises(CommandError, match="sha256"):
        load(dumped(lambda rows: rows["articles.articleversion"].update(text="Edited")))


def test_it_refuses_a_text_that_is_stored_otherwise(dumped):
    cast.article(identifier="urn:one")
    path = dumped()
    ArticleVersion._base_manager.update(sha256="0" * 64)
    with pytest.raises(CommandError, match="never edited"):
        load(path)


def test_it_refuses_a_passage_outside_the_text(dumped):
    version = cast.article().latest_version
    Annotation.objects.create(version=version, start=0, end=5, body="Look here")
    with pytest.raises(CommandError, match="Not a place in this text"):
        load(dumped(lambda rows: rows["claims.annotation"].update(end=10_000)))


def test_it_mends_what_is_read_off_the_chains(dumped):
    claim = cast.claim()
    cast.statement(claim=claim)
    load(dumped(lambda rows: rows["claims.claim"].update(independent_sources=7)))
    assert list(drift()) == []
    assert Claim.objects.get().independent_sources == 1


def test_it_turns_a_symmetric_link_round_where_the_numbers_ask_for_it(dumped):
    first, second = cast.claim("First"), cast.claim("Second")
    link = cast.link(first, "same_as", second)
    path = dumped(lambda rows: rows["claims.claimlink"].update(from_claim=[str(second.uid)], to_claim=[str(first.uid)]))
    link.delete()
    load(path)
    assert (ClaimLink.objects.get().from_claim, ClaimLink.objects.get().to_claim) == (first, second)


def version(**values):
    """The row of a fixture that brings a second text of ``urn:one``."""
    fields = {"article": ["urn:one"], "number": 2, "headline": "Real head", "text": "Real head\nbody"} | values
    return {"model": "articles.articleversion", "fields": fields | {"sha256": texts.fingerprint(fields["text"])}}


@pytest.fixture
def loaded(tmp_path):
    """A function that loads the given rows as a fixture."""

    def load_rows(*rows):
        path = tmp_path / "rows.json"
        path.write_text(json.dumps(rows))
        load(str(path))

    return load_rows


def test_it_loads_a_text_as_an_import_would_have_stored_it(loaded):
    cast.article(identifier="urn:one")
    loaded(version())
    assert ArticleVersion.objects.get(number=2).text == "Real head\nbody"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"headline": "Other head"}, "must be the headline"),
        ({"text": "Real head\r\nbody"}, "form in which texts are captured"),
        ({"text": "Real head\nbody\u00a0x"}, "form in which texts are captured"),
        ({"text": "Real head\nbell \x07"}, "control character"),
    ],
)
def test_it_refuses_a_text_that_no_import_would_have_stored(loaded, wrong, why):
    cast.article(identifier="urn:one")
    with pytest.raises(CommandError, match=why):
        loaded(version(**wrong))


@pytest.mark.parametrize("change", [{"number": 7}, {"headline": "Forged", "text": "Forged\nnew"}])
def test_it_refuses_to_write_over_a_captured_text_by_its_number_in_the_table(loaded, change):
    stored = cast.article("Real head\nbody", identifier="urn:one").latest_version
    with pytest.raises(CommandError, match="never edited"):
        loaded(version(**{"number": 1, **change}) | {"pk": stored.pk})
    assert ArticleVersion.objects.values_list("number", "text").get() == (1, "Real head\nbody")


@pytest.mark.parametrize("field", ["gaps", "words"])
@pytest.mark.parametrize("stretches", ["garbage", "", {}, [[0, 1]], [["a", "b"]]])
def test_it_refuses_stretches_that_are_not_in_the_statement(dumped, field, stretches):
    cast.statement()
    path = dumped(lambda rows: rows["claims.statement"].update({field: stretches}))
    with pytest.raises(CommandError, match=field):
        load(path)


@pytest.mark.parametrize(
    ("model", "field"),
    [("articles.publisher", "homepage"), ("articles.article", "archive_url"), ("claims.evidence", "url")],
)
def test_it_refuses_an_address_that_could_run_script(dumped, model, field):
    Evidence.objects.create(claim=cast.claim(), article=cast.article())
    path = dumped(lambda rows: rows[model].update({field: "javascript:alert(1)"}))
    with pytest.raises(CommandError, match=f"{field}: Give a web address"):
        load(path)


def pointing(model, field, first, second, **values):
    """Two rows of a fixture that point at each other."""
    pairs = [(first, second), (second, first)]
    return [{"model": model, "fields": values | key | {field: list(to.values())}} for key, to in pairs]


@pytest.mark.parametrize(
    ("model", "field", "name", "values"),
    [
        ("articles.article", "republishes", "identifier", {}),
        ("claims.source", "speaks_for", "slug", {"name": "x"}),
        ("claims.source", "known_through", "slug", {"name": "x", "named": False, "description": "x"}),
        ("claims.tag", "parent", "slug", {"name": "x"}),
    ],
)
def test_it_refuses_what_leads_back_to_itself(loaded, model, field, name, values):
    scheme = "urn:" if name == "identifier" else ""
    with pytest.raises(CommandError, match="lead back to themselves"):
        loaded(*pointing(model, field, {name: f"{scheme}one"}, {name: f"{scheme}other"}, **values))


def test_it_refuses_a_source_that_speaks_for_whom_it_is_known_through(loaded):
    unnamed = {"slug": "voice", "name": "x", "named": False, "description": "x", "known_through": ["outlet"]}
    outlet = {"slug": "outlet", "name": "y", "speaks_for": ["voice"]}
    with pytest.raises(CommandError, match="sources by “speaks for or known through”"):
        loaded(*({"model": "claims.source", "fields": fields} for fields in (unnamed, outlet)))


def test_it_refuses_statements_taken_from_each_other(dumped):
    first = cast.statement()
    second = cast.statement(derived_from=first)
    Statement.objects.filter(pk=first.pk).update(derived_from=second)
    path = dumped()
    Statement.objects.update(derived_from=None)
    with pytest.raises(CommandError, match="statements by “derived from”"):
        load(path)


def test_it_refuses_cross_references_in_a_circle(loaded):
    one, other = cast.claim("One"), cast.claim("Other")
    for kind in ("narrower", "supports"):
        cast.link(one, kind, other)

    def back(kind):
        ends = {"from_claim": [str(other.uid)], "to_claim": [str(one.uid)]}
        return {"model": "claims.claimlink", "fields": {"kind": kind, **ends}}

    loaded(back("supports"))
    with pytest.raises(CommandError, match="cross-references “narrower than”"):
        loaded(back("narrower"))


def test_a_change_gets_a_new_lock_and_never_an_old_one(dumped):
    claim, same = cast.claim("One"), cast.claim("Same")
    path = dumped()
    claim.text = "Two"
    claim.save()
    mine = Claim.objects.get(pk=claim.pk)
    load(path)
    assert dict(Claim.objects.values_list("pk", "lock")) == {claim.pk: 3, same.pk: 1}
    mine.priority = 4
    with pytest.raises(StaleSave):
        mine.save()


def test_a_lock_that_the_fixture_brings_is_no_jump(dumped):
    claim = cast.claim("One")
    load(dumped(lambda rows: rows["claims.claim"].update(text="Two", lock=9)))
    claim.refresh_from_db()
    assert (claim.text, claim.lock) == ("Two", 2)


def test_it_mends_what_a_row_was_linked_to_before(dumped):
    old, new = cast.claim("Old"), cast.claim("New")
    cast.statement(claim=old)
    uid = str(new.uid)
    load(dumped(lambda rows: rows["claims.appearance"].update(claim=[uid])))
    assert Appearance.objects.get().claim == new
    assert dict(Claim.objects.values_list("text", "independent_sources")) == {"Old": 0, "New": 1}
    assert list(drift()) == []


def test_it_reads_no_more_for_a_small_fixture_in_a_large_database(loaded):
    def cost(slug):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            loaded({"model": "articles.publisher", "fields": {"name": "Herald", "slug": slug}})
        return len(queries)

    before = cost("one")
    claim = cast.claim()
    for number in range(3):
        cast.statement(cast.article(publisher=f"Gazette {number}"), chain=[f"Voice {number}"], claim=claim)
    Claim.objects.update(independent_sources=7)
    assert cost("two") == before
    assert Claim.objects.get().independent_sources == 7, "what the fixture does not bear on is left alone"
    assert Publisher.objects.filter(name="Herald").count() == 2


def test_a_tag_without_a_path_is_put_in_its_place(loaded):
    parent = cast.tag("NATO")
    loaded({"model": "claims.tag", "fields": {"name": "East", "slug": "east", "parent": [parent.slug]}})
    assert Tag.objects.get(slug="east").path == "nato/east/"


def tag(slug, pk=None, parent=None):
    fields = {"slug": slug, "name": slug, "kind": "topic", "parent": parent and [parent]}
    return {"model": "claims.tag", "fields": fields} | ({"pk": pk} if pk else {})


def test_it_looks_a_row_up_by_its_name_once(tmp_path):
    path = tmp_path / "tags.json"
    few, many = ([tag("top"), *(tag(f"tag-{at}", parent="top") for at in range(count))] for count in (1, 6))
    costs = []
    for rows in (few, many):
        path.write_text(json.dumps(rows))
        with CaptureQueriesContext(connection) as queries:
            load(str(path))
        Tag.objects.exclude(parent=None).delete()
        Tag.objects.all().delete()
        costs.append(sum("slug" in query["sql"].partition("WHERE")[2] for query in queries))
    # Of each row whether it is there; and their parent, once
    assert costs == [3, 8]


def test_it_knows_a_row_by_the_name_that_the_fixture_gives_it(tmp_path):
    old, other = cast.tag("Old", slug="old"), cast.tag("Other", slug="other")
    path = tmp_path / "tags.json"
    rows = [tag("child", parent="old"), tag("new", pk=old.pk), tag("old", pk=other.pk), tag("late", parent="old")]
    path.write_text(json.dumps(rows))
    load(str(path))
    assert Tag.objects.get(slug="child").parent_id == old.pk
    assert Tag.objects.get(slug="late").parent_id == other.pk

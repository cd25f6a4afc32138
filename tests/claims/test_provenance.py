"""What is read off the chains: the six cases of the design, then rule by rule."""

import datetime as dt
import sys

import pytest
from django.db import connection

from articles.models import ImportRun
from claims.models import Appearance, Attribution, Claim, Source, Statement
from claims.provenance import Counts, Drift, drift, explain, refresh, refresh_all, refresh_loaded
from tests import cast

pytestmark = pytest.mark.django_db

DENIES = Appearance.Stance.DENIES


def excerpt(publisher="Digest", **values):
    return cast.article(publisher=publisher, kind="excerpt", **values)


def wrong_values():
    """What ``drift`` reports of columns; what lists find by them is then wrong as well."""
    return [change for change in drift() if isinstance(change, Drift)]


def read(claim):
    claim.refresh_from_db()
    return claim


def test_an_excerpt_with_its_relays_and_two_more_that_cite_one_have_a_single_source():
    claim, ministry = cast.claim(), cast.source("Defence ministry")
    welle, politico = cast.outlet("Deutsche Welle"), cast.outlet("Politico")
    carried = excerpt(text="Soldiers go to Poland\nSeveral dozen soldiers will go.")
    cast.statement(carried, chain=[ministry, welle, politico], claim=claim)
    cast.statement(carried, "Soldiers go to Poland", chain=[None], own=True, claim=claim)
    spokesperson = cast.source("Ministry spokesperson", kind="person", speaks_for=ministry)
    cast.statement(cast.article(publisher="Deutsche Welle"), chain=[spokesperson], claim=claim)
    cast.statement(cast.article(publisher="Gazette"), chain=[welle], claim=claim)
    cast.statement(cast.article(publisher="Herald"), chain=[welle], claim=claim)

    assert read(claim).independent_sources == 1
    assert claim.single_source
    assert claim.unnamed_sources == 0
    assert not claim.circular


def test_unnamed_voices_are_one_an_outlet():
    claim, times = cast.claim(), cast.outlet("Financial Times")
    diplomat = cast.source("one Baltic diplomat", named=False, description="one Baltic diplomat", known_through=times)
    cast.statement(cast.article(publisher="Blog One"), chain=[diplomat, times], claim=claim)
    cast.statement(cast.article(publisher="Blog Two"), chain=[diplomat, times], claim=claim)
    assert (read(claim).independent_sources, claim.unnamed_sources) == (1, 1)

    reuters = cast.outlet("Reuters")
    other = cast.source("a diplomat", named=False, description="a diplomat", known_through=reuters)
    cast.statement(cast.article(publisher="Reuters"), chain=[other], claim=claim)
    assert (read(claim).independent_sources, claim.unnamed_sources) == (2, 2)


def test_two_voices_that_speak_jointly_are_one():
    claim = cast.claim()
    cast.statement(chain=[["Britain", "France"]], claim=claim)
    cast.statement(chain=["Britain"], claim=claim)
    assert read(claim).independent_sources == 1


def test_the_same_two_voices_in_separate_statements_are_two():
    claim = cast.claim()
    cast.statement(chain=["Britain"], claim=claim)
    cast.statement(chain=["France"], claim=claim)
    assert read(claim).independent_sources == 2


def test_outlets_that_cite_each_other_are_a_closed_circle_until_one_more_has_a_source():
    claim, alpha, beta = cast.claim(), cast.outlet("Alpha"), cast.outlet("Beta")
    cast.statement(cast.article(publisher="Alpha"), chain=[beta], claim=claim)
    cast.statement(cast.article(publisher="Beta"), chain=[alpha], claim=claim)
    assert (read(claim).independent_sources, claim.circular) == (0, True)
    (circle,) = explain(claim, cast.person("editor")).circles
    assert circle.closed
    assert {(later.name, earlier.name) for later, earlier in circle.arcs} == {("Alpha", "Beta"), ("Beta", "Alpha")}

    cast.statement(cast.article(publisher="Gamma"), chain=["Defence ministry"], claim=claim)
    assert (read(claim).independent_sources, claim.circular) == (1, True)


def test_an_undated_statement_was_said_by_the_day_of_its_article():
    claim = cast.claim()
    officials = cast.source("Some officials", kind="group", named=False, description="some officials")
    cast.statement(cast.article(publisher="Gazette", on="2025-11-22"), chain=[officials], claim=claim)
    undated = cast.statement(cast.article(publisher="Herald", on="2025-12-24"), chain=[None], claim=claim)
    undated.attributions.update(said_on=dt.date(2025, 1, 1), said_on_precision="year")
    cast.statement(
        cast.article(publisher="Courier"), chain=["Kremlin"], said_on="2025-11-20", claim=claim, stance=DENIES
    )
    refresh(statements=[undated.pk])

    assert (read(claim).independent_sources, claim.denied_by) == (1, 1)
    assert str(claim.first_said) == "by 22 Nov 2025"


def test_documents_of_one_issuer_are_one_source_and_date_from_the_earliest():
    claim, parliament, russia = cast.claim(), cast.source("Parliament"), cast.source("Russia")
    declaration = cast.source("Declaration", kind="document", speaks_for=parliament)
    constitution = cast.source("Constitution", kind="document", speaks_for=parliament)
    carried = excerpt(on="2025-12-15")
    first = cast.statement(carried, chain=[declaration], claim=claim)
    first.attributions.update(said_on=dt.date(1990, 1, 1), said_on_precision="year")
    cast.statement(carried, chain=[constitution], said_on="1996-06-28", claim=claim)
    quoted = cast.statement(carried, chain=[declaration, russia], claim=claim)
    quoted.attributions.filter(position=1).update(said_on=dt.date(2025, 1, 1), said_on_precision="year")
    refresh(statements=[first.pk, quoted.pk])

    assert read(claim).independent_sources == 1
    assert (str(claim.first_said), claim.first_said_precision) == ("1990", "year")
    assert str(claim.first_published) == "by 15 Dec 2025"
    assert claim.first_statement == first
    assert claim.first_said_rank == dt.date(1990, 12, 31)


def test_suggested_rejected_and_withdrawn_statements_do_not_count():
    claim = cast.claim()
    cast.statement(chain=["Britain"], claim=claim, state=Statement.State.SUGGESTED)
    cast.statement(chain=["France"], claim=claim, state=Statement.State.REJECTED)
    withdrawn = cast.statement(chain=["Italy"], claim=claim)
    withdrawn.withdraw(by=None, reason="misread")
    unlinked = cast.statement(chain=["Spain"], claim=claim)
    unlinked.appearances.get().withdraw(by=None, reason="another claim")
    cast.statement(chain=["Poland"], claim=claim)
    refresh(statements=[withdrawn.pk, unlinked.pk])

    assert (read(claim).independent_sources, claim.statement_count) == (1, 1)


def test_a_question_is_neither_for_nor_against():
    claim = cast.claim()
    cast.statement(chain=["Britain"], claim=claim, stance=Appearance.Stance.QUESTIONS)
    cast.statement(chain=["France"], claim=claim, stance=Appearance.Stance.HEDGES)
    assert (read(claim).independent_sources, claim.denied_by, claim.statement_count) == (1, 0, 2)


def test_an_outlet_that_names_nobody_is_no_origin():
    claim, gazette = cast.claim(), cast.outlet("Gazette")
    cast.statement(cast.article(publisher="Gazette"), chain=[None], claim=claim)
    cast.statement(cast.article(publisher="Herald"), chain=[gazette], claim=claim)
    assert read(claim).independent_sources == 0


def test_a_reprint_adds_no_source():
    claim = cast.claim()
    original = cast.article(publisher="Gazette")
    gazette = cast.outlet("Gazette")
    cast.statement(original, chain=[gazette], own=True, claim=claim)
    cast.statement(cast.article(publisher="Herald", republishes=original), chain=[gazette], own=True, claim=claim)
    herald = cast.outlet("Herald")
    cast.statement(cast.article(publisher="Courier"), chain=[herald], claim=claim)
    assert read(claim).independent_sources == 1
    assert [voice.name for voice in explain(claim, cast.person("editor")).independent] == ["Gazette"]


def test_a_report_taken_from_another_rests_on_that_ones_source():
    claim, courier = cast.claim(), cast.outlet("Courier")
    origin = cast.statement(cast.article(publisher="Gazette"), chain=["Minister"])
    cast.statement(cast.article(publisher="Courier"), chain=[courier], own=True, claim=claim, derived_from=origin)
    explanation = explain(claim, cast.person("editor"))
    assert [voice.name for voice in explanation.independent] == ["Minister"]
    assert {voice.name for voice in explanation.passed_on_by} == {"Courier", "Gazette"}


def test_the_public_gets_no_name_that_is_not_public():
    claim, courier = cast.claim(published=True), cast.outlet("Courier")
    origin = cast.statement(cast.article(publisher="Gazette"), chain=["Minister"])
    cast.statement(cast.article(publisher="Courier"), chain=[courier], own=True, claim=claim, derived_from=origin)
    explanation = explain(claim, cast.person("outsider"))
    assert [voice.name for voice in explanation.independent] == ["a source that is not public"]


def test_a_statement_knows_its_depth_type_and_gaps():
    whole = cast.statement(chain=["Ministry", "Deutsche Welle"], said_on="2025-12-01")
    gapped = cast.statement(chain=["Ministry", "Deutsche Welle", "Politico"])
    gapped.attributions.get(position=1).withdraw(by=None, reason="misread")
    unattributed = cast.statement(chain=[])
    refresh(statements=[gapped.pk])

    def facts(statement):
        statement.refresh_from_db()
        return (statement.depth, statement.quotation_type, statement.broken, statement.undated)

    assert facts(whole) == (2, "indirect", False, False)
    assert facts(gapped) == (3, "indirect", True, True)
    assert facts(unattributed) == (0, "", True, True)
    assert whole.relay_not_captured


def test_an_unnamed_voice_is_no_break():
    anon = cast.source("an official", named=False, description="an official")
    statement = cast.statement(chain=[anon])
    statement.refresh_from_db()
    assert not statement.broken


def test_a_claim_without_dates_comes_last_in_the_list():
    undated, old, new = cast.claim("undated"), cast.claim("old"), cast.claim("new")
    cast.statement(cast.article(on=None), claim=undated)
    cast.statement(claim=old, said_on="1990-05-01")
    cast.statement(claim=new, said_on="2025-05-01")
    assert list(Claim.objects.newest_first()) == [new, old, undated]


@pytest.mark.parametrize("door", ["sources", "publishers", "articles"])
def test_a_change_behind_a_claim_reaches_it(door):
    claim, noise = cast.claim(), cast.claim("Another")
    ministry = cast.source("Ministry")
    person = cast.source("Spokesperson", kind="person")
    gazette = cast.outlet("Gazette")
    told = cast.article(publisher="Gazette", on="2025-11-22")
    reprint = cast.article(publisher="Herald", on="2025-11-25")
    cast.statement(told, chain=[ministry], claim=claim)
    cast.statement(reprint, chain=[person], claim=claim)
    cast.statement(chain=[gazette], claim=noise)
    assert read(claim).independent_sources == 2
    if door == "sources":
        Source.objects.filter(pk=person.pk).update(speaks_for=ministry)
        refresh(sources=[person.pk])
        assert read(claim).independent_sources == 1
    elif door == "publishers":
        Source.objects.filter(pk=person.pk).update(publisher=cast.publisher("Herald"))
        Source.objects.filter(pk=ministry.pk).update(speaks_for=person)
        refresh(publishers=[cast.publisher("Herald").pk], sources=[ministry.pk])
        assert read(claim).independent_sources == 1
    else:
        told.published_at = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
        told.save()
        refresh(articles=[told.pk])
        assert str(read(claim).first_said) == "by 1 Jan 2020"


def test_it_finds_and_mends_what_changed_behind_the_doors():
    claim = cast.claim()
    statement = cast.statement(chain=["Britain"], claim=claim)
    tag = cast.tag("East", parent=cast.tag("Europe"))
    assert list(drift()) == []

    Attribution.objects.filter(statement=statement).update(source=None)
    type(tag).objects.filter(pk=tag.pk).update(path="wrong/")
    found = {(change.row._meta.model_name, change.column) for change in wrong_values()}
    assert found == {("statement", "broken"), ("claim", "independent_sources"), ("tag", "path")}

    assert refresh_all() == 4, "those and the claim's entry"
    assert list(drift()) == []
    assert read(claim).independent_sources == 0


def test_its_queries_do_not_grow_with_the_rows(django_assert_num_queries):
    def grow(number):
        for at in range(number):
            claim = cast.claim(f"Claim {at}")
            cast.statement(chain=[f"Voice {at}", "Deutsche Welle"], claim=claim)

    grow(2)
    # Tags; a page of claims, their links with statements and articles, hops with sources, reviews; the statements
    # without a claim. The entries; the stored ones, which are counted, and the counts. A page of articles; what of
    # them is quoted and what they republish, the stored entries, the texts, the articles.
    with django_assert_num_queries(6 + ENTRIES + 2 + 6):
        assert list(drift()) == []
    grow(6)
    with django_assert_num_queries(6 + ENTRIES + 2 + 6):
        assert list(drift()) == []


ENTRIES = 11
"""The entries of some claims: those stored; the claims, links with statements, hops, sources, articles with what they
republish, publishers, tags, cross-references, evidence, reviews."""

BESIDE = 5
"""Whose entries tell of a claim: cross-references from it and to it, its statements, evidence and reviews on them."""

MARKS = 5
"""Whether the articles behind some claims are public: the articles, what they republish, that again, what quotes
them, and the stored entries."""


def test_one_edit_costs_few_queries(django_assert_num_queries):
    claim = cast.claim()
    statement = cast.statement(chain=["Ministry", "Deutsche Welle"], claim=claim)
    cast.statement(chain=["Kremlin"], claim=cast.claim("Another"))
    holding = connection.features.has_select_for_update
    # A savepoint and its end; the claim, its links with statements and articles, hops with sources, reviews; and a
    # hold on two kinds of entries, looked at twice, where the engine has such.
    right = 6 + BESIDE + ENTRIES + MARKS + 4 * holding
    with django_assert_num_queries(right):
        assert refresh(claims=[claim.pk]) == 0
    # Also what was taken from the statement, its links, its article, and a hold on it where the engine has such.
    with django_assert_num_queries(right + 3 + holding):
        assert refresh(statements=[statement.pk]) == 0
    Claim.objects.filter(pk=claim.pk).update(independent_sources=9)
    with django_assert_num_queries(right + 1):  # And one to write.
        assert refresh(claims=[claim.pk]) == 1
    assert read(claim).independent_sources == 1
    Claim.objects.filter(pk=claim.pk).update(text="Other words")
    with django_assert_num_queries(right + 2):  # The old entry goes, the new one comes.
        assert refresh(claims=[claim.pk]) == 1


@pytest.fixture
def small_pages(monkeypatch):
    """Two rows a page, so that a few make several."""
    for module in (refresh.__module__, "articles.rows"):
        monkeypatch.setattr(sys.modules[module], "CHUNK", 2)


@pytest.fixture
def spoilt():
    """A function that makes claims, statements linked and not, and spoils all that is derived from them.
    Returns how many rows that are."""

    def spoil():
        claims = [cast.claim(f"Claim {at}") for at in range(5)]
        shared = cast.statement(chain=["Everybody"], claim=claims[0])
        for claim in claims[1:]:
            Appearance.objects.create(statement=shared, claim=claim)
        for at, claim in enumerate(claims):
            cast.statement(chain=[f"Voice {at}", "Deutsche Welle"], claim=claim)
            cast.statement(chain=[f"Unlinked {at}"])
        refresh(claims=[claim.pk for claim in claims])
        assert list(drift()) == []
        return Claim.objects.update(independent_sources=9) + Statement.objects.update(depth=9)

    return spoil


def test_it_walks_all_pages(small_pages, spoilt):
    wrong = spoilt()
    assert len(wrong_values()) == wrong, "once each, however many claims a statement has"
    assert refresh_all() == wrong
    assert list(drift()) == []


def test_it_mends_more_than_a_page_at_once(small_pages, spoilt):
    wrong = spoilt()
    claims, statements = (model.objects.values_list("pk", flat=True) for model in (Claim, Statement))
    assert refresh(claims=claims, statements=statements) == wrong
    assert list(drift()) == []


def loaded(run):
    counts = Counts()
    mended = refresh_loaded(run, counts)
    counts.write()
    return mended


def test_after_a_load_it_mends_what_the_run_made(small_pages, spoilt):
    ours, theirs = (ImportRun.objects.create(format="jsonl", file_name=name, sha256=name) for name in ("our", "their"))
    older, untouched = cast.claim("Older"), cast.claim("Untouched")
    cast.statement(chain=["Britain"], claim=older)
    wrong = spoilt()
    Claim.objects.exclude(pk__in=[older.pk, untouched.pk]).update(import_run=ours)
    Statement.objects.update(import_run=ours)
    Claim.objects.filter(pk=untouched.pk).update(import_run=theirs)

    assert loaded(ours) == wrong - 1
    assert [(change.row, change.column) for change in wrong_values()] == [(untouched, "independent_sources")]
    assert read(older).independent_sources == 1
    assert loaded(theirs) == 1
    assert list(drift()) == []
    assert loaded(ImportRun.objects.create(format="jsonl", file_name="none", sha256="none")) == 0


def test_neither_lock_nor_time_of_change_moves():
    claim = cast.claim()
    before = (claim.lock, claim.updated_at)
    cast.statement(claim=claim)
    assert (read(claim).lock, claim.updated_at) == before
    assert claim.statement_count == 1

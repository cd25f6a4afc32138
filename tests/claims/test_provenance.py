"""What is read off the chains: the six cases of the design, then rule by rule."""

import datetime as dt

import pytest

from claims.models import Appearance, Attribution, Claim, Source, Statement
from claims.provenance import drift, explain, refresh, refresh_all
from tests import cast

pytestmark = pytest.mark.django_db

DENIES = Appearance.Stance.DENIES


def excerpt(publisher="Digest", **values):
    return cast.article(publisher=publisher, kind="excerpt", **values)


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
    found = {(change.row._meta.model_name, change.column) for change in drift()}
    assert found == {("statement", "broken"), ("claim", "independent_sources"), ("tag", "path")}

    assert refresh_all() == 3
    assert list(drift()) == []
    assert read(claim).independent_sources == 0


def test_its_queries_do_not_grow_with_the_rows(django_assert_num_queries):
    def grow(number):
        for at in range(number):
            claim = cast.claim(f"Claim {at}")
            cast.statement(chain=[f"Voice {at}", "Deutsche Welle"], claim=claim)

    grow(2)
    # For statements, then claims: statements, articles, hops, sources, the stored rows (10); the statements and
    # claims there are (2), tags (1), the appearances that count, reviews (2).
    with django_assert_num_queries(15):
        assert list(drift()) == []
    grow(6)
    with django_assert_num_queries(15):
        assert list(drift()) == []


def test_neither_lock_nor_time_of_change_moves():
    claim = cast.claim()
    before = (claim.lock, claim.updated_at)
    cast.statement(claim=claim)
    assert (read(claim).lock, claim.updated_at) == before
    assert claim.statement_count == 1

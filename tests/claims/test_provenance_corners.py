"""The corners of the rules: where a chain, a reprint or a report taken from another is easily miscounted."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from claims.models import Appearance, Occasion, Source, Statement
from claims.provenance import drift, explain, refresh
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def independent():
    """A function from a claim to the names of its independent sources, after a look at the stored number."""
    editor = cast.person("editor")

    def names(claim):
        claim.refresh_from_db()
        found = [voice.name for voice in explain(claim, editor).independent]
        assert claim.independent_sources == len(found)
        return found

    return names


def test_an_outlet_in_the_middle_of_a_trail_of_reprints_is_no_source(independent):
    claim, herald = cast.claim(), cast.outlet("Herald")
    original = cast.article(publisher="Gazette")
    reprint = cast.article(publisher="Herald", republishes=original)
    cast.statement(cast.article(publisher="Courier", republishes=reprint), chain=["Ministry"], claim=claim)
    cast.statement(cast.article(publisher="Blog"), chain=[herald], claim=claim)
    assert independent(claim) == ["Ministry"]


def test_a_report_taken_from_one_of_an_unknown_publisher_is_no_source(independent):
    claim, courier = cast.claim(), cast.outlet("Courier")
    origin = cast.statement(cast.article(publisher=None), chain=["Minister"])
    cast.statement(cast.article(publisher="Courier"), chain=[courier], own=True, claim=claim, derived_from=origin)
    assert independent(claim) == ["Minister"]


def test_the_author_of_a_report_taken_from_another_is_no_source(independent):
    claim, author = cast.claim(), cast.source("Author", kind="person")
    origin = cast.statement(cast.article(publisher="Gazette"), chain=["Minister"])
    cast.statement(cast.article(publisher="Courier"), chain=[author], own=True, claim=claim, derived_from=origin)
    assert independent(claim) == ["Minister"]


def test_an_echo_does_not_come_back_as_an_origin(independent):
    claim, politico = cast.claim(), cast.outlet("Politico")
    told = cast.article("Head line\nText says so.", publisher="Deutsche Welle")
    echo = cast.statement(told, "Head line", chain=[cast.source("Author", kind="person")], own=True, claim=claim)
    cast.statement(told, "Text says so.", chain=["Ministry"], claim=claim)
    cast.statement(cast.article(publisher="Politico"), chain=[politico], own=True, claim=claim, derived_from=echo)
    assert independent(claim) == ["Ministry"]


@pytest.mark.parametrize("state", [Statement.State.SUGGESTED, Statement.State.REJECTED])
def test_an_origin_that_is_not_confirmed_does_not_count(independent, state):
    claim, courier = cast.claim(), cast.outlet("Courier")
    origin = cast.statement(cast.article(publisher="Gazette"), chain=["Minister"], state=state)
    made = cast.statement(
        cast.article(publisher="Courier"), chain=[courier], own=True, claim=claim, derived_from=origin
    )
    assert independent(claim) == ["Courier"]
    refresh(statements=[origin.pk, made.pk])
    assert list(drift()) == [], "the same whether or not both are read together"


def test_an_unnamed_voice_without_a_voucher_is_known_through_who_passes_it_on(independent):
    claim, times = cast.claim(), cast.outlet("Financial Times")
    diplomat = cast.source("a diplomat", named=False, description="a diplomat")
    cast.statement(cast.article(publisher="Blog One"), chain=[diplomat, times], claim=claim)
    cast.statement(cast.article(publisher="Blog Two"), chain=[diplomat, times], claim=claim)
    assert independent(claim) == ["unnamed via Financial Times"]


def test_a_joint_denial_keeps_its_own_names():
    claim = cast.claim()
    cast.statement(chain=["Britain"], claim=claim)
    cast.statement(chain=[["Britain", "France"]], claim=claim, stance=Appearance.Stance.DENIES)
    (voice,) = explain(claim, cast.person("editor")).denied_by
    assert voice.name == "Britain and France"


def test_a_loop_of_voices_ends_where_it_closes():
    first = cast.source("First", named=False, description="first")
    second = cast.source("Second", named=False, description="second", known_through=first)
    Source.objects.filter(pk=first.pk).update(known_through=second)
    claim = cast.claim()
    cast.statement(chain=[first], claim=claim)
    claim.refresh_from_db()
    assert (claim.independent_sources, claim.unnamed_sources) == (1, 1)


def test_the_earlier_of_two_moments_of_a_day_comes_first():
    claim = cast.claim()
    told = {}
    for name, hour in (("Late", 20), ("Early", 8)):
        article = cast.article(publisher=name, on=None, published_precision="time")
        article.published_at = dt.datetime(2025, 11, 22, hour, tzinfo=dt.UTC)
        article.save()
        told[name] = cast.statement(article, chain=[name], claim=claim)
    claim.refresh_from_db()
    assert claim.first_statement == told["Early"]


def test_what_went_on_for_days_counts_by_its_last():
    claim = cast.claim()
    summit = Occasion.objects.create(title="Summit", starts_on=dt.date(2025, 12, 1), ends_on=dt.date(2025, 12, 5))
    cast.statement(chain=["Minister"], claim=claim, occasion=summit)
    dated = cast.statement(chain=["President"], claim=claim, said_on="2025-12-03")
    claim.refresh_from_db()
    assert claim.first_statement == dated


def test_a_withdrawn_occasion_dates_nothing():
    statement = cast.statement(occasion=Occasion.objects.create(title="Summit", starts_on=dt.date(2020, 1, 1)))
    statement.occasion.withdraw(by=None, reason="never held")
    refresh(statements=[statement.pk])
    statement.refresh_from_db()
    assert statement.undated


def test_an_excerpt_of_an_excerpt_was_published_by_the_day_of_the_earlier():
    claim = cast.claim()
    inner = cast.article(publisher="Inner", kind="excerpt", on="2025-12-15")
    outer = cast.article(publisher="Outer", kind="excerpt", on="2025-12-20", republishes=inner)
    cast.statement(outer, chain=["Minister"], claim=claim)
    claim.refresh_from_db()
    assert str(claim.first_published) == "by 15 Dec 2025"


def test_a_relay_that_published_the_article_itself_is_captured():
    times = cast.outlet("Financial Times")
    own = cast.statement(cast.article(publisher="Financial Times"), chain=["Minister", times])
    other = cast.statement(cast.article(publisher="Blog"), chain=["Minister", times])
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.relay_not_captured, other.relay_not_captured) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_who_link_one_claim_the_second_counts_both():
    claim, article = cast.claim(), cast.article()
    statements = [cast.statement(article, chain=[voice]) for voice in ("Britain", "France")]
    both_written = threading.Barrier(2)

    def link(statement):
        try:
            with transaction.atomic():
                Appearance.objects.create(statement=statement, claim=claim)
                if connection.vendor == "postgresql":  # on SQLite the second cannot write before the first is done
                    both_written.wait(10)
                refresh(statements=[statement.pk])
        finally:
            connection.close()

    editors = [threading.Thread(target=link, args=[statement]) for statement in statements]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    assert list(drift()) == []
    claim.refresh_from_db()
    assert claim.independent_sources == 2

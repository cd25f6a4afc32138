"""The chain of attribution: how it is read off a statement, and how it is drawn."""

import pytest
from django.template.loader import render_to_string

from claims.models import Attribution, SourceRole, Statement
from claims.represent import chain_of
from tests import cast

pytestmark = pytest.mark.django_db


def chain(statement):
    return chain_of(Statement.objects.with_chains().get(pk=statement.pk))


def drawn(statement, **context):
    return " ".join(render_to_string("claims/_chain.html", {"chain": chain(statement), **context}).split())


def change(statement, position=0, **values):
    Attribution.objects.filter(statement=statement, position=position).update(**values)


def test_it_begins_with_the_root_and_ends_with_who_published_it():
    told = cast.statement(chain=["Berlin’s defence ministry", "Deutsche Welle", "Politico"])
    assert str(chain(told)) == "Berlin’s defence ministry › Deutsche Welle › Politico › The Daily Digest"


def test_a_reprint_names_the_publisher_of_record_and_then_the_carrier():
    original = cast.article(publisher="Politico")
    told = cast.statement(cast.article(publisher="The Daily Digest", kind="excerpt", republishes=original))
    assert str(chain(told)).endswith(" › Politico › The Daily Digest")
    assert [way for way, _ in chain(told).outlets] == ["“said”, published by", "carried by"]


def test_an_outlet_that_speaks_last_is_not_named_twice():
    told = cast.statement(cast.article(publisher="Politico"), chain=[cast.outlet("Politico")], own=True)
    assert str(chain(told)) == "Politico"


def test_an_outlet_that_speaks_last_and_is_carried_leaves_the_carrier():
    original = cast.article(publisher="Politico")
    carrying = cast.article(publisher="The Daily Digest", republishes=original)
    told = cast.statement(carrying, chain=[cast.outlet("Politico")], own=True)
    assert str(chain(told)) == "Politico › The Daily Digest"
    assert [way for way, _ in chain(told).outlets] == ["carried by"]


def test_withdrawn_hops_are_left_out():
    told = cast.statement(chain=["Minister", "Reuters"])
    told.attributions.get(position=1).withdraw(by=None, reason="misread")
    assert str(chain(told)) == "Minister › The Daily Digest"


def test_a_missing_hop_is_a_gap():
    told = cast.statement(chain=["Minister", "Reuters", "Politico"])
    told.attributions.get(position=1).withdraw(by=None, reason="misread")
    assert chain(told).broken
    assert str(chain(told)) == "Minister › (a hop is missing) › Politico › The Daily Digest"
    assert '<span class="missing">a hop is missing</span>' in drawn(told)


def test_an_empty_source_is_a_gap_in_the_words_of_the_text():
    told = cast.statement(chain=[None])
    change(told, as_named="it has been reported")
    assert str(chain(told)) == "(nobody is named: “it has been reported”) › The Daily Digest"
    assert "hop root gap" in drawn(told)


def test_joint_voices_stand_together():
    told = cast.statement(chain=[["Britain", "France"]])
    assert str(chain(told)) == "Britain and France › The Daily Digest"
    assert "Britain</a> and <a" in drawn(told)


def test_the_words_above_an_arrow_say_how_the_hop_before_is_introduced():
    ft = cast.outlet("Financial Times")
    told = cast.statement(chain=["Admiral", ft])
    change(told, cue="told", addressee=ft)
    change(told, 1, cue="reported", commitment="CT+")
    assert [way for way, _ in chain(told).steps] == ["", "“told” to Financial Times, passed on as certain by"]
    assert [way for way, _ in chain(told).outlets] == ["“reported”, published by"]
    assert '<span class="cue">“reported”, published by</span>' in drawn(told)


def test_each_voice_is_a_link():
    told = cast.statement(chain=["Minister"])
    html = drawn(told)
    assert 'href="/sources/minister/">Minister</a>' in html
    assert 'href="/publishers/the-daily-digest/">The Daily Digest</a>' in html


def test_an_unnamed_voice_stands_with_its_published_description():
    diplomat = cast.source("Baltic diplomat", named=False, description="one Baltic diplomat, not named")
    html = drawn(cast.statement(chain=[diplomat]))
    assert 'class="voice unnamed"' in html
    assert "(one Baltic diplomat, not named)" in html


def test_an_uncertain_voice_is_marked():
    told = cast.statement(chain=["Minister"])
    assert "uncertain" not in drawn(told)
    change(told, uncertain=True)
    assert 'class="voice uncertain"' in drawn(told)


def test_the_role_held_then_shows_where_there_is_room():
    minister = cast.source("Boris Pistorius", kind="person")
    told = cast.statement(chain=[minister])
    change(told, role=SourceRole.objects.create(source=minister, title="defence minister"))
    assert "defence minister" not in drawn(told)
    assert "(defence minister)" in drawn(told, full=True)


def test_names_are_escaped():
    html = drawn(cast.statement(chain=[cast.source("<b>Mallory</b>", slug="mallory")]))
    assert "&lt;b&gt;Mallory&lt;/b&gt;" in html


def test_it_costs_two_queries_for_any_number_of_statements(django_assert_num_queries):
    for name in ("Politico", "Reuters", "Deutsche Welle"):
        original = cast.article(publisher=name)
        cast.statement(cast.article(republishes=original), chain=["Minister", name])
    # statements with their articles; hops with their sources
    with django_assert_num_queries(2):
        assert len([str(chain_of(each)) for each in Statement.objects.with_chains()]) == 3

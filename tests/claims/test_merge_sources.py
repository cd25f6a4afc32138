"""Merging two sources."""

import pytest

from articles import history
from claims import undoing
from claims.merging import MergeRefused, merge, preview
from claims.models import Annotation, Attribution, Identity, Occasion, SavedList, Source, SourceRole
from claims.provenance import drift
from tests import cast
from tests.history import untold

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return cast.person("lead")


def merged(one, other, lead):
    return merge(one, other, by=lead, why="the same")


def sound():
    return list(drift()) == [] and untold() == []


def everything():
    rows = [row for model in (Source, Attribution, SourceRole, Occasion) for row in model._base_manager.order_by("pk")]
    return [history.values_of(row) for row in rows]


def test_all_that_points_to_it_moves_and_comes_back(lead):
    kremlin, moscow = cast.source("Kremlin", aliases="Moscow\nRussia"), cast.source("Presidency", aliases="Russia")
    claim = cast.claim(published=True)
    cast.statement(claim=claim, chain=["Kremlin", "Tass"])
    cast.statement(claim=claim, chain=["Presidency"])
    cast.source("Peskov", speaks_for=kremlin)
    cast.source("An aide", named=False, description="an aide", known_through=kremlin)
    role = SourceRole.objects.create(source=kremlin, title="House", organisation=kremlin)
    Attribution.objects.filter(source=kremlin).update(role=role, addressee=kremlin)
    Occasion.objects.create(title="Briefing", host=kremlin)
    Annotation.objects.create(source=kremlin, body="x", created_by=lead)
    before = everything()
    work, revision = merged(kremlin, moscow, lead)
    assert work.moved.total() == 8
    moscow.refresh_from_db()
    assert moscow.aliases == "Russia\nKremlin\nMoscow"
    assert not Attribution.objects.filter(source=kremlin).exists()
    claim.refresh_from_db()
    assert claim.independent_sources == 1
    assert "kremlin" in claim.entry.names.casefold()
    assert sound()
    assert undoing.undo(revision, by=lead, why="x").refused == 0
    assert everything() == before
    assert sound()


def test_a_joint_act_of_the_two_is_one_of_the_survivor(lead):
    statement = cast.statement(chain=[["Kremlin", "Presidency"]], claim=cast.claim())
    kremlin, other = Source.objects.get(slug="kremlin"), Source.objects.get(slug="presidency")
    work, revision = merged(kremlin, other, lead)
    assert work.said == ["1 of the statements in whose chain it stands is there already."]
    assert [hop.source for hop in statement.attributions.current()] == [other]
    assert sound()
    undoing.undo(revision, by=lead, why="x")
    assert {hop.source for hop in statement.attributions.current()} == {kremlin, other}
    assert sound()


def test_a_chain_that_names_both_is_told_of(lead):
    cast.statement(chain=["Kremlin", "Presidency"], claim=cast.claim())
    work, _ = merged(Source.objects.get(slug="kremlin"), Source.objects.get(slug="presidency"), lead)
    assert work.said == ["1 chain names both: the survivor will stand in it twice, and has it from nobody but itself."]
    assert sound()


def test_neither_speaks_for_the_other_any_more(lead):
    ministry = cast.source("Ministry")
    spokesman = cast.source("Spokesman", speaks_for=ministry)
    work, revision = merged(ministry, spokesman, lead)
    assert work.said == ["“Spokesman” speaks for “Ministry” no more: they are one."]
    spokesman.refresh_from_db()
    assert spokesman.speaks_for is None
    undoing.undo(revision, by=lead, why="x")
    spokesman.refresh_from_db()
    assert spokesman.speaks_for == ministry
    merged(spokesman, ministry, lead)
    ministry.refresh_from_db()
    assert ministry.speaks_for is None


def test_a_loop_through_a_third_is_refused(lead):
    one, other = cast.source("One"), cast.source("Other")
    middle = cast.source("Middle", speaks_for=one)
    Source.objects.filter(pk=other.pk).update(speaks_for=middle)
    with pytest.raises(MergeRefused, match="not even through others"):
        merged(one, other, lead)


def test_an_unnamed_voice_is_not_named_by_a_merge(lead):
    unnamed = cast.source("A diplomat", named=False, description="a diplomat")
    with pytest.raises(MergeRefused, match="would say who it is"):
        merged(unnamed, cast.source("Ivanov"), lead)


def test_unnamed_voices_of_different_outlets_are_two(lead):
    voices = [
        cast.source(f"A diplomat {name}", named=False, description="a diplomat", known_through=cast.source(name))
        for name in ("Tass", "Reuters")
    ]
    assert "count as two voices" in preview(*voices, by=lead).refusals[0]


def test_a_guess_at_an_unnamed_voice_stays_with_it(lead):
    unnamed, other = (cast.source(f"Aide {n}", named=False, description="an aide") for n in "AB")
    guess = Identity.objects.create(source=unnamed, guess=cast.source("Ivanov"))
    merged(unnamed, other, lead)
    guess.refresh_from_db()
    assert (guess.source, guess.lock) == (unnamed, 1)


def test_different_wikidata_numbers_are_two(lead):
    one, other = cast.source("One", wikidata_id="Q1"), cast.source("Other", wikidata_id="Q2")
    assert "Wikidata knows them as two, Q1 and Q2" in preview(one, other, by=lead).refusals[0]


def test_the_survivor_takes_what_it_did_not_say(lead):
    one = cast.source("One", wikidata_id="Q1", description="a house", publisher=cast.publisher("One"))
    other = cast.source("Other", description="another house")
    _, revision = merged(one, other, lead)
    other.refresh_from_db()
    assert (other.wikidata_id, other.description, str(other.publisher)) == ("Q1", "another house", "One")
    undoing.undo(revision, by=lead, why="x")
    other.refresh_from_db()
    one.refresh_from_db()
    assert (other.publisher, str(one.publisher), other.wikidata_id) == (None, "One", "")
    assert sound()


def test_of_two_publishers_the_survivor_keeps_its_own(lead):
    one, other = cast.outlet("One"), cast.outlet("Other")
    work, _ = merged(one, other, lead)
    assert work.said == ["“One” is no source’s publisher any more: merge the publishers too if they are one."]
    one.refresh_from_db()
    assert one.publisher is None
    assert sound()


def test_names_that_are_too_many_are_refused(lead):
    one, other = cast.source("One", aliases="x" * 2600), cast.source("Other", aliases="y" * 2600)
    assert preview(one, other, by=lead).refusals


def test_saved_lists_go_on_under_the_old_name(lead):
    one, other = cast.source("One"), cast.source("Other")
    saved = SavedList.objects.create(name="x", query="root=one", owner=lead)
    assert "1 saved list names it: it goes on finding the survivor." in preview(one, other, by=lead).said
    merged(one, other, lead)
    saved.refresh_from_db()
    assert (saved.query, saved.lock) == ("root=one", 1)

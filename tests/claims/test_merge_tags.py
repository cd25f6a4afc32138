"""Merging two tags."""

import pytest

from articles.history import recorded
from claims import undoing
from claims.merging import MergeRefused, merge
from claims.models import Claim, Tag
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


def tags():
    return {claim.short_text: {tag.slug for tag in claim.tags.all()} for claim in Claim.objects.all()}


def paths():
    return list(Tag.objects.current().order_by("path").values_list("path", flat=True))


def test_claims_and_the_tags_below_move_and_come_back(lead):
    war, fight = cast.tag("War", definition="fighting"), cast.tag("Fight")
    ships = cast.tag("Ships", parent=war)
    for name, filed in {"One": [war], "Both": [war, fight], "Below": [ships], "Other": [fight]}.items():
        cast.claim(name, tags=filed, published=True)
    before = tags()
    work, revision = merged(war, fight, lead)
    assert (dict(work.moved), work.said) == ({"claims": 2, "tags below it": 1}, ["1 claim has both tags."])
    assert tags() == {"One": {"fight"}, "Both": {"fight"}, "Below": {"ships"}, "Other": {"fight"}}
    assert paths() == ["fight/", "fight/ships/"]
    fight.refresh_from_db()
    assert fight.definition == "fighting"
    assert sound()
    assert undoing.undo(revision, by=lead, why="x").refused == 0
    assert (tags(), paths()) == (before, ["fight/", "war/", "war/ships/"])
    assert sound()


def test_into_one_that_stands_below_it(lead):
    top = cast.tag("Top")
    war = cast.tag("War", parent=top)
    ships = cast.tag("Ships", parent=war)
    tanks = cast.tag("Tanks", parent=war)
    frigates = cast.tag("Frigates", parent=ships)
    cast.claim("One", tags=[war, frigates])
    work, revision = merged(war, ships, lead)
    assert work.said == ["“Ships” stood below “War”, and takes its place."]
    assert paths() == ["top/", "top/ships/", "top/ships/frigates/", "top/ships/tanks/"]
    assert sound()
    assert undoing.undo(revision, by=lead, why="x").refused == 0
    assert paths() == ["top/", "top/war/", "top/war/ships/", "top/war/ships/frigates/", "top/war/tanks/"]
    tanks.refresh_from_db()
    assert tanks.parent == war
    assert sound()


def test_into_one_above_it(lead):
    war = cast.tag("War")
    ships = cast.tag("Ships", parent=war)
    cast.tag("Frigates", parent=ships)
    merged(ships, war, lead)
    assert paths() == ["war/", "war/frigates/"]
    assert sound()


def test_a_place_is_no_topic(lead):
    with pytest.raises(MergeRefused, match="a place and the other a topic"):
        merged(cast.tag("Paris", kind="place"), cast.tag("Fashion"), lead)


def test_an_older_save_is_undone_with_the_survivor_for_the_tag(client, lead):
    war, fight, claim = cast.tag("War"), cast.tag("Fight"), cast.claim("One")
    claim.tags.add(war)
    with recorded(by=lead) as revision:
        claim.save()
        claim.tags.clear()
    merged(war, fight, lead)
    assert undoing.undo(revision, by=lead, why="x").changing == 1
    assert tags() == {"One": {"fight"}}
    assert sound()


def test_it_costs_the_same_for_many(lead, django_assert_max_num_queries):
    war, fight = cast.tag("War"), cast.tag("Fight")
    with cast.at_once():
        for at in range(300):
            cast.claim(f"Claim {at}", tags=[war])
    with django_assert_max_num_queries(60):
        _, revision = merged(war, fight, lead)
    assert fight.claims.count() == 300
    with django_assert_max_num_queries(700):
        undoing.undo(revision, by=lead, why="x")
    assert (war.claims.count(), fight.claims.count()) == (300, 0)
    assert sound()

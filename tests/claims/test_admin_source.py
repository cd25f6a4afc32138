"""Sources, occasions, tags and scales at the desk: their changes reach the claims."""

import datetime as dt

import pytest

from claims.models import Occasion, RatingLevel, RatingScale, Review, Source, Tag
from tests import cast
from tests.desk import address, errors, fill, save, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client):
    user = cast.person("lead")
    client.force_login(user)
    return user


def test_two_voices_become_one_where_one_speaks_for_the_other(client, editor):
    claim = cast.claim()
    for name in ("The ministry", "Its spokesman"):
        cast.statement(claim=claim, chain=[name])
    claim.refresh_from_db()
    assert claim.independent_sources == 2
    spokesman = Source.objects.get(name="Its spokesman")
    save(client, address(spokesman), speaks_for=Source.objects.get(name="The ministry").pk)
    claim.refresh_from_db()
    assert claim.independent_sources == 1


def test_a_source_speaks_for_nobody_through_itself(client, editor):
    ministry = cast.source("The ministry")
    spokesman = cast.source("Its spokesman", speaks_for=ministry)
    assert list(errors(save(client, address(ministry), speaks_for=spokesman.pk))) == ["speaks_for"]


def test_an_unnamed_voice_says_how_it_was_described(client, editor):
    url = address(Source, "add")
    typed = {"name": "A diplomat", "slug": "a-diplomat", "named": None}
    assert "description" in errors(client.post(url, fill(shown(client, url), typed)))


def test_the_date_of_an_occasion_reaches_the_claim(client, editor):
    claim, occasion = cast.claim(), Occasion.objects.create(title="Speech")
    cast.statement(claim=claim, occasion=occasion)
    save(client, address(occasion), starts_on="2001-09-11")
    claim.refresh_from_db()
    assert claim.first_said_on == dt.date(2001, 9, 11)


def test_a_moved_tag_takes_its_subtree_along(client, lead):
    military, rain = cast.tag("Military"), cast.tag("Rain")
    ships = cast.tag("Ships", parent=military)
    cast.tag("Boats", parent=ships)
    save(client, address(ships), parent=rain.pk)
    assert Tag.objects.get(slug="boats").path == "rain/ships/boats/"
    save(client, address(rain), slug="weather")
    assert Tag.objects.get(slug="boats").path == "weather/ships/boats/"


def test_a_tag_cannot_stand_below_itself(client, lead):
    military = cast.tag("Military")
    ships = cast.tag("Ships", parent=military)
    assert errors(save(client, address(military), parent=ships.pk)) == {
        "parent": ["A tag cannot stand below itself, not even through others."]
    }


def test_tags_are_for_leads_to_make(client, editor):
    assert client.get(address(Tag, "add")).status_code == 403


def test_a_level_that_amounts_to_something_else_changes_the_verdict(client, lead):
    claim, scale = cast.claim(), RatingScale.objects.create(name="Ours", slug="ours")
    level = RatingLevel.objects.create(scale=scale, label="So-so", slug="so-so", value=1, normalised="true")
    Review.objects.create(claim=claim, reviewer=cast.publisher(), rating=level, state="published")
    save(client, address(level), normalised="mixture")
    claim.refresh_from_db()
    assert claim.verdict == "mixture"
    save(client, address(scale), **{"levels-0-normalised": "false"})
    claim.refresh_from_db()
    assert claim.verdict == "false"


def test_a_level_in_use_can_be_withdrawn(client, lead):
    scale = RatingScale.objects.create(name="Ours", slug="ours")
    level = RatingLevel.objects.create(scale=scale, label="So-so", slug="so-so", value=1, normalised="true")
    Review.objects.create(claim=cast.claim(), reviewer=cast.publisher(), rating=level)
    assert save(client, address(scale), **{"levels-0-DELETE": "on"}).status_code == 302
    level.refresh_from_db()
    assert level.withdrawn_by == lead


def test_a_published_review_decides_the_verdict(client):
    client.force_login(cast.person("reviewer"))
    claim, scale = cast.claim(), RatingScale.objects.create(name="Ours", slug="ours")
    level = RatingLevel.objects.create(scale=scale, label="No", slug="no", value=1, normalised="false")
    url = address(Review, "add")
    typed = {"claim": claim.pk, "reviewer": cast.publisher().pk, "rating": level.pk, "state": "published"}
    assert client.post(url, fill(shown(client, url), typed)).status_code == 302
    claim.refresh_from_db()
    assert claim.verdict == "false"


def test_a_review_of_attribution_names_its_statement(client):
    client.force_login(cast.person("reviewer"))
    url = address(Review, "add")
    typed = {"claim": cast.claim().pk, "reviewer": cast.publisher().pk, "subject": "attribution"}
    assert "statement" in errors(client.post(url, fill(shown(client, url), typed)))

"""The search boxes: what they find, for whom, and how much of it."""

import pytest
from django.contrib.auth.models import User

from claims.models import Annotation, Appearance, Claim, Identity, RatingLevel, RatingScale, Source, Statement, Tag
from tests import cast
from tests.desk import address

pytestmark = pytest.mark.django_db


def choices(client, model, words=""):
    return client.get(address(model, "choices"), {"q": words}).json()


def found(client, model, words="") -> list[str]:
    return [row["label"] for row in choices(client, model, words)["rows"]]


def test_it_finds_by_a_part_of_the_name_or_an_alias(client, editor):
    cast.source("Dmitry Peskov", aliases="Kremlin\nMoscow")
    cast.source("Anna")
    assert found(client, Source, "pesk") == found(client, Source, "mosc") == ["Dmitry Peskov"]


def test_it_tells_rows_of_the_same_name_apart(client, editor):
    cast.source("A diplomat", slug="a", named=False, description="Baltic", known_through=cast.outlet("Financial Times"))
    cast.source("A diplomat", slug="b", kind="person", description="retired")
    notes = [row["note"] for row in choices(client, Source, "diplomat")["rows"]]
    assert notes == ["organisation, Baltic, through Financial Times", "person, retired"]


def test_it_says_on_which_scale_a_level_stands(client, editor):
    for name in ("One", "Other"):
        scale = RatingScale.objects.create(name=name, slug=name)
        RatingLevel.objects.create(scale=scale, label="True", slug="true", value=1, normalised="true")
    assert found(client, RatingLevel, "true") == ["One: True", "Other: True"]


def test_it_shows_20_and_says_that_there_are_more(client, editor):
    with cast.at_once():
        for number in range(21):
            cast.claim(f"Claim {number}")
    answer = choices(client, Claim)
    assert (len(answer["rows"]), answer["more"]) == (20, True)
    assert choices(client, Claim, "Claim 20")["more"] is False


def test_it_offers_nothing_withdrawn(client, editor):
    cast.tag("Weather").withdraw(by=editor, reason="x")
    assert found(client, Tag, "weath") == []


def test_it_keeps_what_stands_though_withdrawn_since(client, editor):
    statement = cast.statement(chain=["The ministry"])
    Source.objects.get().withdraw(by=editor, reason="x")
    assert "The ministry" in client.get(address(statement)).content.decode()


@pytest.mark.parametrize("words", ["x" * 201, "a " * 17, "zz'", 'zz"', "%", "\\", "(((", "\u202e"])
def test_no_words_break_it(client, editor, words):
    cast.claim()
    answer = choices(client, Claim, words)
    assert answer["rows"] == []
    assert bool(answer.get("error")) == (len(words) > 20)


def test_private_notes_of_others_are_not_found(client, editor):
    for visibility in ("private", "desk"):
        Annotation.objects.create(
            claim=cast.claim(), body=f"A {visibility} note", visibility=visibility, created_by=cast.person(visibility)
        )
    assert found(client, Annotation, "note") == ["A desk note"]


def test_guesses_at_identities_are_never_offered(client):
    Identity.objects.create(source=cast.source("A diplomat", named=False, description="x"), guess=cast.source("Anna"))
    client.force_login(User.objects.create_superuser("root"))
    assert client.get(address(Identity, "choices")).status_code == 403


def test_colleagues_are_offered_without_their_accounts(client, editor):
    cast.person("outsider")
    User.objects.create_user("left", is_staff=True, is_active=False)
    reviewer = cast.person("reviewer")
    User.objects.filter(pk=reviewer.pk).update(email="secret@example.org", first_name="Rita")
    assert found(client, User) == ["editor", "reviewer"]
    assert found(client, User, "secret@example.org") == []
    assert client.get(address(User, "changelist")).status_code == 403
    assert client.get(address(reviewer)).status_code == 403


@pytest.mark.parametrize("name", ["reader", "outsider"])
def test_it_is_closed_to_who_does_not_edit(client, name):
    client.force_login(cast.person(name))
    assert client.get(address(Claim, "choices")).status_code == 302


@pytest.mark.parametrize("model", [Claim, Statement, Source, Appearance])
def test_it_costs_6_queries_at_most(client, editor, django_assert_max_num_queries, model):
    for number in range(12):
        cast.statement(chain=[f"Voice {number}"], claim=cast.claim(f"Claim {number}"))
    # session, user, powers · rows · what they prefetch
    with django_assert_max_num_queries(6):
        choices(client, model)

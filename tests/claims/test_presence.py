"""Who else has a page of the desk open."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from claims.models import Annotation, Presence, SavedList
from tests import cast
from tests.desk import address

pytestmark = pytest.mark.django_db

MORNING = dt.datetime(2026, 3, 2, 10, 14, tzinfo=dt.UTC)


@pytest.fixture
def clock(monkeypatch):
    """Moves the time on: ``clock(30)`` by 30 seconds."""
    now = [MORNING]
    monkeypatch.setattr(timezone, "now", lambda: now[0])

    def later(seconds):
        now[0] += dt.timedelta(seconds=seconds)

    return later


@pytest.fixture
def at_desk(clock):
    """``at_desk("editor")``: a window of somebody of that name."""

    def sit_down(name):
        client = Client()
        client.force_login(cast.person(name))
        return client

    return sit_down


@pytest.fixture
def editor(at_desk):
    return at_desk("editor")


@pytest.fixture
def reviewer(at_desk):
    return at_desk("reviewer")


def ping(client, row, **said):
    return client.post(address(row, "presence"), said).json()["others"]


def shown(client, row):
    """The line at the top of the page, as it is without a script."""
    return client.get(address(row)).context["presence"]["others"]


def test_it_tells_others_who_is_there_since_when(editor, reviewer, clock):
    claim = cast.claim()
    assert ping(editor, claim) == ""
    clock(30)
    ping(editor, claim)
    assert ping(reviewer, claim) == "editor has been editing since 10:14"
    assert ping(editor, claim) == "reviewer has been editing since 10:14"
    assert 'role="status"' in editor.get(address(claim)).content.decode()
    assert shown(reviewer, claim) == "editor has been editing since 10:14"


def test_it_names_several_and_those_of_yesterday_with_their_day(editor, reviewer, at_desk, clock):
    claim = cast.claim()
    ping(editor, claim)
    for _ in range(30 * 60):
        clock(50)
        Presence.objects.update(seen_at=timezone.now())
    ping(reviewer, claim)
    assert shown(at_desk("lead"), claim) == (
        "editor has been editing since 2 Mar 2026, 10:14; reviewer has been editing since 11:14"
    )


def test_other_pages_are_other_pages(editor, reviewer):
    claim = cast.claim()
    ping(editor, claim)
    assert ping(reviewer, cast.claim("Another")) == ""
    assert ping(reviewer, cast.source()) == ""


def test_who_says_nothing_for_a_minute_is_gone_and_comes_anew(editor, reviewer, clock):
    claim = cast.claim()
    ping(editor, claim)
    clock(61)
    assert shown(reviewer, claim) == ""
    ping(editor, claim)
    assert shown(reviewer, claim) == "editor has been editing since 10:15"


def test_who_leaves_is_gone(editor, reviewer):
    claim = cast.claim()
    ping(editor, claim)
    ping(editor, claim, leave="1")
    assert shown(reviewer, claim) == ""


def test_the_table_stays_small(editor, reviewer, clock):
    claims = [cast.claim(f"Claim {at}") for at in range(3)]
    for claim in claims:
        for _ in range(2):
            ping(editor, claim)
    assert Presence.objects.count() == 3
    clock(61)
    ping(reviewer, claims[0])
    assert Presence.objects.count() == 1


def test_a_ping_costs_a_query_each_to_forget_to_note_and_to_tell(editor, django_assert_num_queries):
    claim = cast.claim()
    ping(editor, claim)
    # session, user, powers · claim and its tags · forget, note, tell
    with django_assert_num_queries(8):
        ping(editor, claim)


def test_nobody_is_told_of_private_notes_and_lists(editor, clock):
    author = Annotation._meta.get_field("created_by").related_model.objects.get(username="editor")
    note = Annotation.objects.create(claim=cast.claim(), body="Mine", visibility="private", created_by=author)
    kept = SavedList.objects.create(name="Mine", owner=author)
    for row in (note, kept):
        assert ping(editor, row) == ""
        assert editor.get(address(row)).context["presence"] is None
    assert not Presence.objects.exists()


@pytest.mark.parametrize(("name", "status"), [("reader", 302), ("outsider", 302), ("editor", 403), ("lead", 200)])
def test_only_who_can_change_the_row_is_noted_and_told(at_desk, name, status):
    tag = cast.tag()
    window = at_desk(name)
    assert window.post(address(tag, "presence")).status_code == status
    assert Presence.objects.exists() == (status == 200)
    if name == "editor":
        assert window.get(address(tag)).context["presence"] is None


def test_a_row_that_is_not_there_is_not_found(editor):
    claim = cast.claim()
    for pk in ("999", "9" * 30):
        assert editor.post(address(claim, "presence").replace(f"/{claim.pk}/", f"/{pk}/")).status_code == 404
    assert editor.get(address(claim, "presence")).status_code == 405

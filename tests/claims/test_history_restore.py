"""Putting a version of a row back: through the same save, as a new entry."""

import uuid

import pytest

from articles.history import recorded, values_of
from articles.models import Revision
from claims.admin.restore import STALE
from claims.models import Annotation, Attribution, SavedList, Statement
from claims.provenance.touched import Touched
from claims.restoring import put_back, restorable
from tests import cast
from tests.claims.timelines import entries, plain, restored, rows
from tests.desk import address, messages
from tests.history import untold

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim():
    """Its first version said other words, and had another tag."""
    made = cast.claim("It will rain", tags=[cast.tag("Rain")])
    with recorded():
        made.text, made.priority = "It will snow", 4
        made.save()
        made.tags.set([cast.tag("Snow")])
    return made


def restore_address(row, lock):
    return address(row).replace("change/", f"restore/{lock}/")


def said(claim):
    claim.refresh_from_db()
    return claim.text, claim.priority, [tag.name for tag in claim.tags.all()], claim.lock


def test_the_page_shows_what_would_change(client, editor, claim):
    page = client.get(restore_address(claim, 1))
    assert "It will removed: snow added: rain" in plain(page)
    assert "removed: Snow added: Rain" in plain(page)
    assert page.context["form"]["fields_back"].value() == ["text", "priority", "tags"]


def test_all_of_it_is_put_back_as_a_new_entry(client, editor, claim):
    response = restored(client, claim, 1, why="It did not snow")
    assert response.headers["Location"] == address(claim, "history")
    assert said(claim) == ("It will rain", 2, ["Rain"], 3)
    entry = entries(client, claim)[0]
    assert (entry.by, entry.how, entry.revision.why) == ("editor", "restored", "It did not snow")
    assert entry.revision.label == "Version 1: text, priority, tags"
    assert rows(entry)["claim"] == {
        "text": "It will[- snow-][+ rain+]",
        "priority": "[-urgent-][+normal+]",
        "tags": "[-Snow-][+Rain+]",
    }
    assert untold() == []


def test_one_field_is_put_back(client, editor, claim):
    restored(client, claim, 1, fields_back=["priority"], why="Less urgent")
    assert said(claim) == ("It will snow", 2, ["Snow"], 3)


def test_what_is_derived_is_mended(client, editor):
    claim = cast.claim(published=True)
    review = cast.review(claim)
    client.force_login(cast.person("reviewer"))
    with recorded():
        review.state = "draft"
        review.save()
    restored(client, review, 1, why="It was right")
    claim.refresh_from_db()
    assert claim.verdict == "false"


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"why": " "}, "why"),
        ({"why": None}, "why"),
        ({"why": "x" * 501}, "why"),
        ({"why": "x", "fields_back": None}, "fields_back"),
        ({"why": "x", "fields_back": ["status"]}, "fields_back"),
        ({"why": "x", "form_key": "y"}, "form_key"),
    ],
)
def test_it_wants_a_reason_and_a_choice(client, editor, claim, typed, complaint):
    response = restored(client, claim, 1, **typed)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [complaint]
    assert said(claim)[3] == 2


def test_what_was_changed_meanwhile_is_shown_and_not_overwritten(client, editor, claim):
    form = client.get(restore_address(claim, 1)).context["form"]
    shown = {bound.name: bound.value() for bound in form} | {"why": "It did not snow"}
    claim.text = "It will hail"
    claim.save()
    response = client.post(restore_address(claim, 1), shown)
    assert response.status_code == 409
    assert STALE in plain(response)
    assert "It will removed: snow added: hail" in plain(response)
    assert said(claim)[::3] == ("It will hail", 3)
    again = {bound.name: bound.value() for bound in response.context["form"]}
    assert (again["why"], again["seen_lock"]) == ("It did not snow", "3")
    assert client.post(restore_address(claim, 1), again).status_code == 302
    assert said(claim) == ("It will rain", 2, ["Rain"], 4), "no old lock comes back"


@pytest.mark.parametrize(("lock", "status"), [(None, 428), ("", 428), ("99", 409), ("x", 409), ("9" * 30, 409)])
def test_a_save_without_the_lock_that_was_shown_is_refused(client, editor, claim, lock, status):
    assert restored(client, claim, 1, why="x", seen_lock=lock).status_code == status
    assert said(claim)[3] == 2


def test_a_save_that_is_overtaken_is_refused(client, editor, claim, monkeypatch):
    before = type(claim).full_clean

    def overtaken(row, *args, **kwargs):
        type(row).objects.filter(pk=row.pk).change(text="It will hail")
        return before(row, *args, **kwargs)

    monkeypatch.setattr(type(claim), "full_clean", overtaken)
    response = restored(client, claim, 1, why="x")
    # The other save was in the same transaction here, so it went with this one.
    assert response.status_code == 409
    assert said(claim)[::3] == ("It will snow", 2)


def test_a_form_that_comes_twice_is_saved_once(client, editor, claim):
    form = client.get(restore_address(claim, 1)).context["form"]
    shown = {bound.name: bound.value() for bound in form} | {"why": "x"}
    assert messages(client.post(restore_address(claim, 1), shown, follow=True)) == [
        "Put back from version 1, as a new entry."
    ]
    shown["seen_lock"] = 3
    shown["fields_back"] = ["text"]
    claim.refresh_from_db()
    claim.text = "It will hail"
    claim.save()
    shown["seen_lock"] = 4
    again = client.post(restore_address(claim, 1), shown, follow=True)
    assert messages(again) == ["This form came twice; it was saved the first time."]
    assert said(claim)[0] == "It will hail"
    assert Revision.objects.filter(key=uuid.UUID(str(shown["form_key"]))).count() == 1


def test_nothing_is_written_where_nothing_differs(claim):
    assert put_back(claim, values_of(claim), restorable(type(claim)), Touched()) == set()
    assert said(claim)[3] == 2


def test_the_version_that_stands_has_nothing_to_put_back(client, editor, claim):
    assert "it is what stands" in plain(client.get(restore_address(claim, 2)))
    assert client.post(restore_address(claim, 2), {"why": "x", "seen_lock": "2"}).status_code == 200
    assert said(claim)[3] == 2


def test_what_the_rules_refuse_is_refused_with_their_words(client, editor):
    statement = cast.statement(state=Statement.State.SUGGESTED)
    with recorded():
        statement.state = Statement.State.CONFIRMED
        statement.save()
    response = restored(client, statement, 1, why="x")
    assert response.status_code == 200
    assert "state: This was decided on already" in plain(response)
    link = cast.link(cast.claim("One"), "supports", cast.claim("Two"))
    link.kind = "updates"
    link.save()
    cast.link(link.from_claim, "supports", link.to_claim)
    assert "already linked in this way" in plain(restored(client, link, 1, why="x"))


def test_withdrawals_and_status_are_acts_of_their_own(client, editor, claim):
    with recorded():
        claim.withdraw(by=editor, reason="x")
    page = client.get(restore_address(claim, 2))
    assert page.context["restore"].fields == []
    assert not {"withdrawn_at", "status", "published_at"} & restorable(type(claim))


def test_a_version_that_never_was_is_not_found(client, editor, claim):
    for lock in (0, 3, 10**30):
        assert client.get(restore_address(claim, lock)).status_code == 404


# Who may


def test_who_may_not_change_a_row_sees_no_way_to_restore_it(client, claim):
    review = cast.review(claim)
    with recorded():
        review.headline = "Checked"
        review.save()
    for name, may in [("editor", False), ("reviewer", True)]:
        client.force_login(cast.person(name))
        assert (restore_address(review, 1) in client.get(address(claim, "history")).content.decode()) == may
        assert client.get(restore_address(review, 1)).status_code == (200 if may else 403)
        assert client.post(restore_address(review, 1), {}).status_code == (428 if may else 403)
        assert restore_address(claim, 1) in client.get(address(claim, "history")).content.decode()


def test_hops_are_put_back_by_who_edits_chains(client, editor):
    statement = cast.statement(chain=["Ministry", "Reuters"])
    hop = statement.attributions.get(position=1)
    with recorded():
        hop.cue = "told"
        hop.save()
    assert restored(client, hop, 1, why="As the text says").status_code == 302
    hop.refresh_from_db()
    assert (hop.cue, hop.lock) == ("said", 3)


def test_a_hop_is_held_to_its_chain(client, editor):
    statement = cast.statement(chain=["Ministry", "Reuters", "Politico"])
    first, *others = statement.attributions.order_by("position")
    with recorded():
        first.withdraw(by=editor, reason="x")
        for position, hop in enumerate(others):
            hop.position = position
            hop.save()
    refused = restored(client, hop, 1, why="x")
    assert "The chain would have a gap" in plain(refused)
    alone = cast.statement(chain=["Ministry"], own=True).attributions.get()
    alone.quotation_type = "indirect"
    alone.save()
    Attribution.objects.create(statement=alone.statement, position=1, source=cast.source("Reuters"))
    assert "own words are a chain of one hop" in plain(restored(client, alone, 1, why="x"))
    hop.refresh_from_db()
    assert hop.position == 1


def test_a_note_is_put_back_by_its_author_alone(client, editor):
    note = Annotation.objects.create(claim=cast.claim(), body="One", created_by=editor)
    note.body = "Two"
    note.save()
    assert restored(client, note, 1, why="x").status_code == 302
    note.refresh_from_db()
    assert note.body == "One"
    client.force_login(cast.person("lead"))
    assert client.get(restore_address(note, 1)).status_code == 403


def test_a_list_is_shared_anew_by_who_may_share(client):
    for name, fields in [("editor", []), ("lead", ["visibility"])]:
        user = cast.person(name)
        client.force_login(user)
        mine = SavedList.objects.create(name="Mine", owner=user, visibility="desk")
        mine.visibility = "private"
        mine.save()
        page = client.get(restore_address(mine, 1))
        assert [told.name for told in page.context["restore"].fields] == fields


def test_identities_have_no_versions(client):
    guess = cast.source("A diplomat", named=False, description="x").identities.create(guess=cast.source("Anna"))
    guess.save()
    client.force_login(cast.person("admin"))
    assert client.get(restore_address(guess, 1)).status_code == 403

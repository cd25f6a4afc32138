"""Undoing one save as a whole: every row says again what it said before, or is refused with the reason."""

import uuid

import pytest
from django.urls import reverse

from articles import history
from articles.models import Publisher, Revision
from claims import undoing, workflow
from claims.models import Annotation, Claim, ClaimLink, Statement, Tag, Transition
from claims.provenance import drift
from claims.undoing import writing
from claims.undoing.step import NOT_YOURS
from claims.undoing.writing import TAKEN
from tests import cast
from tests.desk import add_row, address, fill, messages, save, shown, undo_address
from tests.history import untold

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client):
    user = cast.person("lead")
    client.force_login(user)
    return user


def bulk(client, action, rows, **values):
    rows = list(rows)
    data = {"action": action, "_selected_action": [row.pk for row in rows], "apply": "1", **values}
    data["seen"] = ",".join(f"{row.pk}:{row.lock}" for row in rows)
    return client.post(f"{address(type(rows[0]), 'changelist')}?withdrawn=all", data, follow=True)


def undo(client, response, **values):
    """Follow the Undo link of what ``response`` tells, and press the button."""
    return client.post(undo_address(response), {"reason": "by mistake", **values}, follow=True)


def page(client, revision):
    return client.get(reverse("undo", args=[revision.pk]))


def lines(response):
    return [
        (line.name, line.refusal, [(said.label, said.before, said.after) for said in line.says])
        for line in response.context["lines"]
    ]


def edited(by, row, **values):
    """A save of ``row`` by somebody."""
    with history.recorded(by=by) as revision:
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    return revision


def test_a_bulk_change_is_undone_from_its_message(client, lead):
    weather, rain = cast.tag("Weather"), cast.tag("Rain")
    one, two = cast.claim("One", tags=[weather]), cast.claim("Two", tags=[weather, rain])
    told = bulk(client, "remove_tags", [one, two], tags=[weather.pk])
    response = undo(client, told)
    assert messages(response) == ["Undone: 2 of 2 rows changed back."]
    assert [set(claim.tags.all()) for claim in (one, two)] == [{weather}, {weather, rain}]
    revision = Revision.objects.first()
    assert (revision.how, revision.why, revision.by, str(revision.undoes)) == (
        "undo",
        "by mistake",
        lead,
        "Remove tags: Weather",
    )
    assert str(revision) == "Undone: Remove tags: Weather"
    assert not list(drift())
    assert untold() == []


def test_the_preview_shows_before_and_after_and_changes_nothing(client, lead):
    claim = cast.claim("One", priority=2, tags=[cast.tag("Rain")])
    with history.recorded(by=lead):
        claim.priority, claim.assignee = 4, lead
        claim.save()
        claim.tags.clear()
    response = page(client, Revision.objects.get())
    assert lines(response) == [
        ("One", "", [("Priority", "urgent", "normal"), ("Assignee", "lead", "empty"), ("Tags", "empty", "Rain")])
    ]
    claim.refresh_from_db()
    assert (claim.priority, claim.lock, claim.tags.count()) == (4, 2, 0)


def test_an_undo_can_be_undone(client, lead):
    claim = cast.claim()
    told = bulk(client, "withdraw", [claim], reason="a double")
    undone = undo(client, told)
    claim.refresh_from_db()
    assert claim.withdrawn_at is None
    redone = undo(client, undone)
    claim.refresh_from_db()
    assert (claim.withdrawn_reason, claim.withdrawn_by) == ("a double", lead)
    undo(client, redone)
    claim.refresh_from_db()
    assert claim.withdrawn_at is None
    assert not list(drift())
    assert untold() == []


def test_nothing_is_undone_twice(client, lead):
    told = bulk(client, "withdraw", [cast.claim()], reason="a double")
    undo(client, told)
    assert "This was undone on" in client.get(undo_address(told)).context["refusal"]
    again = undo(client, told)
    assert "by lead. Undo that instead." in again.context["refusal"]
    assert Revision.objects.count() == 2


def test_a_form_that_comes_twice_undoes_once(client, lead):
    told = bulk(client, "withdraw", [cast.claim()], reason="a double")
    key = str(uuid.uuid4())
    undo(client, told, form_key=key)
    assert messages(undo(client, told, form_key=key)) == ["This form came twice; it was undone the first time."]


def test_it_wants_a_reason(client, lead):
    claim = cast.claim()
    told = bulk(client, "withdraw", [claim], reason="a double")
    assert client.post(undo_address(told), {"reason": " "}).context["form"].errors
    claim.refresh_from_db()
    assert claim.withdrawn_at


def test_what_somebody_changed_since_is_left_and_stands_first(client, lead):
    one, two = cast.claim("One"), cast.claim("Two")
    told = bulk(client, "withdraw", [one, two], reason="doubles")
    edited(lead, Claim.objects.get(pk=two.pk), priority=4)
    response = client.get(undo_address(told))
    assert lines(response) == [
        ("Two", "Somebody has changed it since.", [("Priority", "urgent", "normal"), *withdrawn("doubles")]),
        ("One", "", withdrawn("doubles")),
    ]
    assert messages(undo(client, told)) == [
        "Undone: 1 of 2 rows changed back; 1 left as it is.",
        "Left as it is: “Two”. Somebody has changed it since.",
    ]
    assert list(Claim.objects.current()) == [one]


def withdrawn(reason):
    return [("In lists and counts", f"withdrawn: {reason}", "yes")]


def test_what_is_new_is_withdrawn(client, lead):
    fields = shown(client, address(Tag, "add")) | {"name": "Rain", "slug": "rain"}
    client.post(address(Tag, "add"), fields)
    response = client.post(reverse("undo", args=[Revision.objects.get().pk]), {"reason": "no topic"}, follow=True)
    assert messages(response)[-1] == "Undone: 1 of 1 rows changed back."
    assert Tag.objects.get().withdrawn_reason == "Undone: no topic"


def test_a_new_publisher_stays(client, lead):
    with history.recorded(by=lead):
        cast.publisher("Politico")
    response = page(client, Revision.objects.get())
    assert lines(response)[0][1] == "It was made by this save, and rows of its kind are not withdrawn."


def test_a_publisher_says_again_what_it_said(client, lead):
    publisher = cast.publisher("Politico", slug="politico", country="BE")
    save(client, address(publisher), name="Politics", country="")
    client.post(reverse("undo", args=[Revision.objects.get().pk]), {"reason": "x"})
    assert Publisher.objects.values_list("name", "country", "lock").get() == ("Politico", "BE", 3)


def test_a_status_goes_back_with_a_transition(client, lead):
    one, two = cast.claim("One", status="in_review"), cast.claim("Two", status="in_review")
    told = bulk(client, "change_status", [one, two], to="published")
    undo(client, told)
    for claim in Claim.objects.all():
        assert (claim.status, bool(claim.published_at)) == ("in_review", True), "what was published once stays dated"
    moved = Transition.objects.filter(note="undone: by mistake")
    assert set(moved.values_list("old", "new", "by")) == {("published", "in_review", lead.pk)}
    assert not list(drift())
    assert untold() == []


def test_one_save_of_a_page_with_its_rows_is_undone_whole(client, lead):
    claim, other = cast.claim("One", status="in_progress"), cast.claim("Other")
    fields = add_row(shown(client, address(claim)), "links_out", relation="supports", other=other.pk)
    client.post(address(claim), fill(fields, {"text": "Other words", "move_to": "in_review"}))
    assert ClaimLink.objects.current().count() == 1
    client.post(reverse("undo", args=[Revision.objects.get().pk]), {"reason": "x"})
    claim.refresh_from_db()
    assert (claim.text, claim.status) == ("One", "in_progress")
    assert not ClaimLink.objects.current().exists()
    assert untold() == []
    assert not list(drift())


def test_figures_and_moments_are_put_back_exactly(client, lead):
    claim = cast.claim(figure_low="0.1", figure_high="123456789012.345678", due_on="2026-01-02", published=True)
    claim.refresh_from_db()
    revision = edited(lead, claim, priority=4)
    assert lines(page(client, revision))[0][2] == [("Priority", "urgent", "normal")]


def test_whose_save_it_is_may_undo_it_and_a_lead(client):
    editor, other = cast.person("editor"), cast.person("reviewer")
    revision = edited(editor, cast.claim(), priority=4)
    client.force_login(other)
    assert page(client, revision).status_code == 403
    assert client.post(reverse("undo", args=[revision.pk]), {"reason": "x"}).status_code == 403
    for user in (editor, cast.person("lead")):
        client.force_login(user)
        assert page(client, revision).status_code == 200


def test_each_row_asks_for_the_power_that_its_change_needs():
    editor = cast.person("editor")
    claims = [cast.claim("Never"), cast.claim("Public", published=True), cast.claim("Closed")]
    with history.recorded(by=editor) as revision:
        for claim in claims[:2]:
            claim.withdraw(by=editor, reason="x")
        workflow.move(claims[2], to="closed", by=cast.person("reviewer"))
    done = undoing.undo(revision, by=editor, why="x")
    assert {str(step.row): step.refusal for step in done.steps} == {
        "Never": "",
        "Public": NOT_YOURS,
        "Closed": NOT_YOURS,
    }


def test_an_editor_takes_back_what_they_sent_to_review_by_mistake(client):
    editor = cast.person("editor")
    client.force_login(editor)
    claim = cast.claim()
    undo(client, bulk(client, "change_status", [claim], to="in_review"))
    claim.refresh_from_db()
    assert claim.status == "new"


def test_a_colleagues_note_is_undone_as_far_as_it_is_ones_own(client, lead):
    writer = cast.person("editor")
    note = Annotation.objects.create(claim=cast.claim(), body="Check", created_by=writer)
    secret = Annotation.objects.create(claim=note.claim, body="Secret", created_by=writer, visibility="private")
    told = bulk(client, "resolve", [note])
    undo(client, told)
    note.refresh_from_db()
    assert note.resolved_at is None
    with history.recorded(by=writer) as revision:
        for one in (note, secret):
            one.body = "Other"
            one.save()
    found = page(client, revision)
    assert [line[:2] for line in lines(found)] == [("Other", NOT_YOURS)]
    assert "Secret" not in found.content.decode()
    assert page(client, edited(writer, secret, body="New")).status_code == 404


def test_a_link_that_would_close_a_circle_is_refused_and_the_rest_is_done(client, lead):
    one, other, third = cast.claim("One"), cast.claim("Other"), cast.claim("Third")
    links = [cast.link(one, "narrower", other), cast.link(one, "narrower", third)]
    told = bulk(client, "withdraw", links, reason="x")
    cast.link(other, "narrower", one)
    response = undo(client, told)
    assert messages(response)[0] == "Undone: 1 of 2 rows changed back; 1 left as it is."
    assert "directly or through others" in messages(response)[1]
    assert not list(drift())
    assert untold() == []


def test_a_name_that_was_given_away_is_refused_and_the_rest_is_done(client, lead):
    sources = [cast.source("Kremlin"), cast.source("Duma")]
    with history.recorded(by=lead) as revision:
        for source in sources:
            source.slug += "-old"
            source.save()
    cast.source("Kremlin")
    assert [line[1] for line in lines(page(client, revision))] == [TAKEN, ""]
    done = undoing.undo(revision, by=lead, why="x")
    assert (done.changing, done.refused) == (1, 1)


def test_a_save_of_too_many_rows_is_refused(client, lead, monkeypatch):
    monkeypatch.setattr(writing, "MAX_ROWS", 1)
    told = bulk(client, "withdraw", [cast.claim("One"), cast.claim("Two")], reason="x")
    assert "more than 1 rows" in client.get(undo_address(told)).context["refusal"]
    assert "more than 1 rows" in undo(client, told).context["refusal"]


def test_an_undo_that_changes_nothing_is_no_save(client, lead):
    claim = cast.claim()
    revision = edited(lead, claim)
    response = client.post(reverse("undo", args=[revision.pk]), {"reason": "x"}, follow=True)
    assert messages(response) == ["Nothing was undone: 0 of 1 rows changed back; 1 needed no change."]
    assert Revision.objects.count() == 1


def test_a_withdrawal_of_a_thousand_claims_is_undone_as_one(client, lead, django_assert_max_num_queries):
    topic, statement = cast.tag("Topic"), cast.statement()
    with cast.at_once():
        claims = [cast.claim(f"Claim {at}", tags=[topic]) for at in range(1000)]
        links = [cast.link(claims[at], "supports", claims[at + 1]) for at in range(50)]
    notes = [Annotation.objects.create(claim=claim, body="x", created_by=lead) for claim in claims[:50]]
    before = {claim.pk: claim.uid for claim in claims}
    told = bulk(client, "withdraw", claims, reason="the wrong list")
    assert not Claim.objects.current().exists()
    with django_assert_max_num_queries(75):
        undo(client, told)
    assert dict(Claim.objects.current().values_list("pk", "uid")) == before
    assert topic.claims.current().count() == 1000
    assert ClaimLink.objects.current().count() == len(links)
    assert Annotation.objects.current().count() == len(notes)
    assert Statement.objects.current().get() == statement
    assert Revision.objects.filter(how="undo").count() == 1
    assert not list(drift())
    assert untold() == []

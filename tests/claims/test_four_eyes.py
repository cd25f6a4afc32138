"""Nobody publishes a claim that they alone wrote, where the setting says so."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from articles.history import recorded
from articles.models import ImportRun, Revision
from claims import undoing, workflow
from claims.models import Appearance, Claim, Review, Transition
from tests import cast, desk

pytestmark = pytest.mark.django_db

Status = Claim.Status


@pytest.fixture
def reviewer():
    return cast.person("reviewer")


@pytest.fixture
def editor():
    return cast.person("editor")


@pytest.fixture
def own(reviewer):
    """A claim in review that the reviewer wrote."""
    with recorded(by=reviewer):
        return cast.claim(status=Status.IN_REVIEW, created_by=reviewer)


def why_not(claim, by) -> str:
    return workflow.refusal(Claim.objects.get(pk=claim.pk), to=Status.PUBLISHED, by=by)


def test_who_alone_wrote_a_claim_does_not_publish_it(own, reviewer):
    with pytest.raises(workflow.MoveRefused, match="You alone wrote it"):
        workflow.move(own, to=Status.PUBLISHED, by=reviewer)
    assert Claim.objects.get().status == Status.IN_REVIEW
    assert not Transition.objects.exists()


def test_they_can_do_anything_else_with_it(own, reviewer):
    workflow.move(own, to=Status.CLOSED, by=reviewer)


def test_somebody_else_publishes_it(own):
    workflow.move(own, to=Status.PUBLISHED, by=cast.person("lead"))


def test_nobody_publishes_it_by_undoing_that_somebody_took_it_back():
    writer, colleague = cast.person("lead"), cast.person("reviewer")
    claims = [cast.claim(status=Status.IN_REVIEW, created_by=by) for by in (writer, colleague)]
    with recorded(by=colleague) as published:
        workflow.move(claims[0], to=Status.PUBLISHED, by=colleague)
    with recorded(by=writer) as also_published:
        workflow.move(claims[1], to=Status.PUBLISHED, by=writer)
    for revision, refusals in ((published, [workflow.ALONE]), (also_published, [""])):
        taken_back = undoing.undo(revision, by=colleague, why="Too soon").revision
        done = undoing.undo(taken_back, by=writer, why="No")
        assert [step.refusal for step in done.steps] == refusals


def test_who_closed_it_themselves_can_take_that_back():
    writer = cast.person("lead")
    claim = cast.claim(created_by=writer, published=True)
    with recorded(by=writer) as closed:
        workflow.move(claim, to=Status.CLOSED, by=writer)
    assert undoing.undo(closed, by=writer, why="x").changing == 1


def test_a_desk_of_one_switches_it_off(own, reviewer, settings):
    settings.FOUR_EYES = False
    workflow.move(own, to=Status.PUBLISHED, by=reviewer)


def test_even_somebody_with_all_powers_keeps_to_it(own, reviewer):
    reviewer.is_superuser = True
    reviewer.save()
    assert why_not(own, reviewer) == workflow.ALONE


def reworded(claim, by):
    claim.text = "Germany sends engineers to Poland"
    claim.save()


def linked(claim, by):
    cast.statement(claim=claim)


def relinked(claim, by):
    row = Appearance.objects.get()
    row.stance = Appearance.Stance.DENIES
    row.save()


def reviewed(claim, by):
    cast.review(claim, created_by=by, state=Review.State.DRAFT)


WRITTEN = [reworded, linked, relinked, reviewed]


@pytest.mark.parametrize("write", WRITTEN, ids=lambda write: write.__name__)
@pytest.mark.parametrize("others", [True, False], ids=["by a colleague", "by the same"])
def test_what_a_colleague_wrote_was_seen_by_a_colleague(own, reviewer, editor, write, others):
    cast.statement(claim=own)
    Appearance.objects.update(created_by=reviewer)
    with recorded(by=editor if others else reviewer):
        write(own, editor if others else reviewer)
    if not others:
        Appearance.objects.update(created_by=reviewer)
    assert (why_not(own, reviewer) == "") is others


def assigned(claim, by):
    Claim.objects.filter(pk=claim.pk).change(assignee=by, priority=4, due_on="2026-01-01")


def tagged(claim, by):
    Claim.objects.filter(pk=claim.pk).change()
    claim.tags.add(cast.tag())


def moved(claim, by):
    workflow.move(claim, to=Status.IN_PROGRESS, by=cast.person("lead"))
    workflow.move(claim, to=Status.IN_REVIEW, by=by)


def withdrawn(claim, by):
    claim.withdraw(by=by, reason="A duplicate")
    claim.bring_back()


@pytest.mark.parametrize("work", [assigned, tagged, moved, withdrawn], ids=lambda work: work.__name__)
def test_work_on_a_claim_is_no_writing(own, reviewer, editor, work):
    with recorded(by=editor):
        work(own, editor)
    assert why_not(own, reviewer) == workflow.ALONE


def test_a_colleagues_link_counts_only_while_it_stands(own, reviewer, editor):
    cast.statement(claim=own)
    link = Appearance.objects.get()
    assert why_not(own, reviewer) == ""
    link.withdraw(by=editor, reason="Another claim")
    assert why_not(own, reviewer) == workflow.ALONE


def test_a_review_of_who_said_it_says_nothing_of_the_claim(own, reviewer, editor):
    said = cast.statement(claim=own)
    Appearance.objects.update(created_by=reviewer)
    cast.review(own, created_by=editor, subject="attribution", statement=said)
    assert why_not(own, reviewer) == workflow.ALONE


def test_what_no_door_announced_proves_nobodys_eyes(own, reviewer):
    own.text = "Written past every door"
    own.save()
    assert why_not(own, reviewer) == workflow.ALONE


@pytest.mark.parametrize(("own_run", "alone"), [(True, True), (False, False)])
def test_an_imported_claim_is_whose_the_import_is(reviewer, own_run, alone):
    run = ImportRun.objects.create(format="jsonl", created_by=reviewer if own_run else None)
    claim = cast.claim(status=Status.IN_REVIEW, import_run=run)
    assert (why_not(claim, reviewer) == workflow.ALONE) is alone


def test_a_command_is_somebody_else(own, reviewer):
    with recorded(how=Revision.How.IMPORT):
        reworded(own, None)
    assert why_not(own, reviewer) == ""


def test_asking_costs_one_query_where_somebody_else_made_it(reviewer, django_assert_num_queries):
    claim = cast.claim(status=Status.IN_REVIEW, created_by=cast.person("lead"))
    reviewer.has_perm("claims.publish_claim")
    with django_assert_num_queries(0):
        assert workflow.refusal(claim, to=Status.PUBLISHED, by=reviewer) == ""


def test_asking_costs_the_same_for_a_long_claim(own, reviewer, django_assert_max_num_queries):
    for number in range(5):
        cast.statement(words=None, claim=own)
        with recorded(by=reviewer):
            own.text = f"Text {number}"
            own.save()
    Appearance.objects.update(created_by=reviewer)
    reviewer.has_perm("claims.publish_claim")
    with django_assert_max_num_queries(7):
        assert workflow.refusal(own, to=Status.PUBLISHED, by=reviewer) == workflow.ALONE


# The doors.


def test_the_form_does_not_offer_it_and_says_why(client, own, reviewer):
    client.force_login(reviewer)
    page = client.get(desk.address(own)).context["adminform"].form
    assert "published" not in dict(page.fields["move_to"].choices)
    assert page.fields["move_to"].help_text == workflow.ALONE
    answer = desk.save(client, desk.address(own), move_to="published")
    assert desk.errors(answer)["move_to"] == [workflow.ALONE]


def test_editing_and_publishing_in_one_go_is_no_way_round(client, own, reviewer):
    client.force_login(reviewer)
    desk.save(client, desk.address(own), text="Another wording", move_to="published")
    assert Claim.objects.get().status == Status.IN_REVIEW


def test_a_bulk_change_refuses_it_row_by_row(client, own, reviewer):
    other = cast.claim("Another", status=Status.IN_REVIEW)
    client.force_login(reviewer)
    asked = {"action": "change_status", "_selected_action": [own.pk, other.pk], "to": "published"}
    page = client.post(reverse("admin:claims_claim_changelist"), asked | {"preview": "1"})
    assert {step.row.pk: step.refusal for step in page.context["steps"]} == {own.pk: workflow.ALONE, other.pk: ""}
    seen = page.context["seen"]
    client.post(reverse("admin:claims_claim_changelist"), asked | {"apply": "1", "seen": seen})
    assert Claim.objects.get(pk=own.pk).status == Status.IN_REVIEW
    assert Claim.objects.get(pk=other.pk).status == Status.PUBLISHED


def test_an_import_is_the_leads_own_decision_and_says_so_in_the_history(own, tmp_path):
    row = {"uid": str(own.uid), "text": own.text, "short_text": own.short_text, "status": "published"}
    new = {"uid": "11111111-1111-4111-8111-111111111111", "text": "New", "short_text": "New", "status": "closed"}
    raw = {"uid": "22222222-2222-4222-8222-222222222222", "text": "Raw", "short_text": "Raw"}
    path = tmp_path / "claims.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in (row, new, raw)), encoding="utf-8")
    call_command("load_jsonl", str(path), verbosity=0)
    told = Transition.objects.order_by("claim__text").values_list("claim__text", "old", "new", "note")
    assert list(told) == [
        (own.text, "in_review", "published", "Loaded from claims.jsonl"),
        ("New", "new", "closed", "Loaded from claims.jsonl"),
    ]


def dumped(path, *labels):
    call_command("dumpdata", "--natural-primary", "--natural-foreign", *labels, output=str(path), verbosity=0)


def test_a_fixture_that_changes_a_status_enters_it_once(own, tmp_path):
    path = tmp_path / "dump.json"
    dumped(path, "claims.claim")
    rows = json.loads(path.read_text())
    rows[0]["fields"]["status"] = "closed"
    path.write_text(json.dumps(rows))
    for _ in range(2):
        call_command("loaddata", str(path), verbosity=0)
    assert list(Transition.objects.values_list("old", "new", "note")) == [
        ("in_review", "closed", "Loaded dump.json"),
    ]


def test_a_fixture_that_brings_its_transitions_is_taken_at_its_word(own, tmp_path):
    path = tmp_path / "dump.json"
    workflow.move(own, to=Status.CLOSED, by=cast.person("lead"))
    dumped(path, "claims.claim", "claims.transition")
    Transition.objects.all().delete()
    Claim.objects.update(status=Status.IN_REVIEW)
    call_command("loaddata", str(path), verbosity=0)
    assert list(Transition.objects.values_list("old", "new")) == [("in_review", "closed")]

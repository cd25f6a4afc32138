"""Changing many rows at once: ask, show, confirm."""

import pytest
from django.db import transaction
from django.utils import timezone

from articles.models import Revision, StaleSave
from claims.admin import bulk
from claims.models import Annotation, Claim, ClaimLink, Statement, Transition
from claims.provenance import refresh
from tests import cast
from tests.desk import address, messages

pytestmark = pytest.mark.django_db


def post(client, model, action, rows, step, *, query="", seen=None, **values):
    """Choose ``rows`` of the list of ``model`` and go to a step of ``action``: "", "preview" or "apply"."""
    seen = ",".join(f"{row.pk}:{row.lock}" for row in rows if hasattr(row, "lock")) if seen is None else seen
    data = {"action": action, "_selected_action": [getattr(row, "pk", row) for row in rows], **values}
    if step:
        data |= {step: "1", "seen": seen}
    return client.post(f"{address(model, 'changelist')}{query}", data, follow=True)


def steps(response) -> list[tuple[str, str, str, str]]:
    return [(str(step.row), step.before, step.after, step.refusal) for step in response.context["steps"]]


def test_it_asks_first_and_changes_nothing(client, editor):
    claim = cast.claim()
    response = post(client, Claim, "add_tags", [claim], "")
    assert response.context["counts"]["chosen"] == 1
    assert "Nothing changes before you have seen a preview." in response.content.decode()


def test_it_previews_tags_before_and_after_with_a_count(client, editor):
    weather, rain = cast.tag("Weather"), cast.tag("Rain")
    one, two = cast.claim("One"), cast.claim("Two")
    two.tags.set([weather, rain])
    response = post(client, Claim, "add_tags", [one, two], "preview", tags=[weather.pk, rain.pk])
    assert sorted(steps(response)) == [
        ("One", "none", "Rain, Weather", ""),
        ("Two", "Rain, Weather", "Rain, Weather", ""),
    ]
    assert response.context["counts"] == {"chosen": 2, "changing": 1, "same": 1, "refused": 0}
    assert not one.tags.exists()


def test_it_adds_tags(client, editor):
    weather = cast.tag("Weather")
    one, two, other = cast.claim("One"), cast.claim("Two"), cast.claim("Other")
    two.tags.add(weather)
    response = post(client, Claim, "add_tags", [one, two], "apply", tags=[weather.pk])
    assert messages(response) == ["Add tags: 1 of 2 changed; 1 needed no change."]
    assert [list(claim.tags.all()) for claim in (one, two, other)] == [[weather], [weather], []]
    one.refresh_from_db()
    assert one.lock == 2
    revision = Revision.objects.get()
    assert (revision.label, revision.how, revision.by.username) == ("Add tags: Weather", "bulk", "editor")


def test_it_removes_tags(client, editor):
    weather, rain = cast.tag("Weather"), cast.tag("Rain")
    claim = cast.claim()
    claim.tags.set([weather, rain])
    post(client, Claim, "remove_tags", [claim], "apply", tags=[weather.pk])
    assert list(claim.tags.all()) == [rain]


def test_it_assigns(client, editor):
    colleague = cast.person("reviewer")
    claims = [cast.claim("One"), cast.claim("Two")]
    response = post(client, Claim, "assign", claims, "apply", assignee=colleague.pk)
    assert messages(response) == ["Assign: 2 of 2 changed."]
    assert set(Claim.objects.values_list("assignee", flat=True)) == {colleague.pk}
    post(client, Claim, "assign", Claim.objects.all(), "apply", assignee="")
    assert set(Claim.objects.values_list("assignee", flat=True)) == {None}


def test_it_gives_work_to_nobody_outside_the_desk(client, editor):
    outsider = cast.person("outsider")
    response = post(client, Claim, "assign", [cast.claim()], "apply", assignee=outsider.pk)
    assert response.context["form"].errors


def test_it_lists_each_refused_move_with_its_reason(client, editor):
    new, review, closed = (
        cast.claim("New"),
        cast.claim("Review", status="in_review"),
        cast.claim("Closed", status="closed"),
    )
    response = post(client, Claim, "change_status", [new, review, closed], "preview", to="in_review")
    assert sorted(steps(response)) == [
        ("Closed", "closed", "closed", "Your role cannot make a claim in review from here."),
        ("New", "new", "in review", ""),
        ("Review", "in review", "in review", ""),
    ]
    response = post(client, Claim, "change_status", [new, review, closed], "apply", to="in_review", note="ripe")
    assert messages(response) == [
        "Change status: 1 of 3 changed; 1 needed no change.",
        "Not changed: “Closed”. Your role cannot make a claim in review from here.",
    ]
    moved = Transition.objects.get()
    assert (moved.claim, moved.new, moved.note, moved.by) == (new, "in_review", "ripe", editor)


def test_it_withdraws_with_a_reason_and_counts_anew(client, editor):
    claim = cast.claim()
    statement = cast.statement(claim=claim)
    assert post(client, Statement, "withdraw", [statement], "apply").context["form"].errors
    post(client, Statement, "withdraw", [statement], "apply", reason="recorded twice")
    statement.refresh_from_db()
    claim.refresh_from_db()
    assert (statement.withdrawn_by, statement.withdrawn_reason) == (editor, "recorded twice")
    assert claim.independent_sources == 0


def test_it_brings_back(client, editor):
    claim = cast.claim()
    statement = cast.statement(claim=claim)
    post(client, Statement, "withdraw", [statement], "apply", reason="recorded twice")
    statement.refresh_from_db()
    response = post(client, Statement, "bring_back", [statement], "preview", query="?withdrawn=only")
    assert steps(response) == [(str(statement), "withdrawn: recorded twice", "yes", "")]
    post(client, Statement, "bring_back", [statement], "apply", query="?withdrawn=only")
    claim.refresh_from_db()
    assert claim.independent_sources == 1


def test_one_row_is_withdrawn_and_brought_back_from_its_page(client, editor):
    claim = cast.claim()
    page = client.get(address(claim)).content.decode()
    assert address(claim, "withdraw") in page
    assert client.get(address(claim, "withdraw")).context["counts"]["chosen"] == 1
    client.post(address(claim, "withdraw"), {"apply": "1", "reason": "a double", "seen": f"{claim.pk}:1"})
    page = client.get(address(claim)).content.decode()
    assert "a double" in page
    assert address(claim, "bring_back") in page
    client.post(address(claim, "bring_back"), {"apply": "1", "seen": f"{claim.pk}:2"})
    claim.refresh_from_db()
    assert claim.withdrawn_at is None


@pytest.mark.parametrize("typed", [{}, {"preview": "1", "reason": "a double"}])
def test_from_the_page_that_withdraws_a_row_one_goes_back_to_the_row(client, editor, typed):
    claim = cast.claim("It will rain")
    page = client.post(address(claim, "withdraw"), typed).content.decode()
    assert f'<a class="closelink" href="{address(claim)}">No, back</a>' in page
    assert f'› <a href="{address(claim)}">It will rain</a>' in page


def test_a_row_that_changed_since_the_preview_is_left_alone(client, editor):
    claim = cast.claim()
    Claim.objects.filter(pk=claim.pk).change(priority=4)
    response = post(client, Claim, "withdraw", [claim], "apply", reason="x")
    assert messages(response) == [
        "Withdraw: 0 of 1 changed.",
        f"Not changed: “{claim}”. Somebody else changed it since the preview.",
    ]


def test_nothing_is_applied_that_was_not_previewed(client, editor):
    claim = cast.claim()
    post(client, Claim, "withdraw", [claim], "apply", seen="", reason="x")
    claim.refresh_from_db()
    assert claim.withdrawn_at is None


def test_what_does_not_say_what_was_seen_is_refused(client, editor):
    claim = cast.claim()
    data = {"action": "withdraw", "_selected_action": [claim.pk], "apply": "1", "reason": "x"}
    response = client.post(address(Claim, "changelist"), data)
    assert (response.status_code, response.context["counts"]["changing"]) == (428, 1)
    assert "The form did not say which state of the rows it was filled in for" in response.content.decode()
    claim.refresh_from_db()
    assert claim.withdrawn_at is None


def test_rows_that_were_changed_withdrawn_or_sorted_anew_meanwhile_take_no_value_of_another(client, editor):
    rain = cast.tag("Rain")
    claims = [cast.claim(text) for text in ("One", "Two", "Three", "Four")]
    one, two, three, four = claims
    seen = ",".join(f"{row.pk}:{row.lock}" for row in claims)
    Claim.objects.filter(pk=two.pk).change(short_text="Changed", priority=4)
    three.withdraw(by=editor, reason="meanwhile")
    response = post(client, Claim, "add_tags", claims[:3], "apply", seen=seen, query="?o=4", tags=[rain.pk])
    assert [list(claim.tags.all()) for claim in claims] == [[rain], [], [], []]
    assert {(row.pk, row.lock) for row in Claim.objects.all()} == {
        (one.pk, 2),
        (two.pk, 2),
        (three.pk, 2),
        (four.pk, 1),
    }
    assert any("Somebody else changed it since the preview." in told for told in messages(response))


def test_no_row_is_written_over_a_newer_one():
    claims = [cast.claim("One"), cast.claim("Two")]
    Claim.objects.filter(pk=claims[1].pk).change()
    with pytest.raises(StaleSave), transaction.atomic():
        Claim.objects.change_rows(claims, priority=4)
    assert not Claim.objects.filter(priority=4).exists()


def test_a_bulk_change_that_arrives_twice_is_made_once(client, editor):
    claim, rain = cast.claim(), cast.tag("Rain")
    key = str(post(client, Claim, "add_tags", [claim], "preview", tags=[rain.pk]).context["form_key"])
    for _ in range(2):
        response = post(client, Claim, "add_tags", [claim], "apply", tags=[rain.pk], form_key=key, seen=f"{claim.pk}:1")
    assert messages(response) == ["This form came twice; it was saved the first time."]
    assert Revision.objects.count() == 1


def test_forged_numbers_choose_nothing(client, editor):
    claim = cast.claim()
    hidden = cast.claim("Hidden by the filter", kind="opinion")
    forged = [claim.pk, hidden.pk, "abc", "9" * 40, -1, "1 OR 1=1", 4711]
    response = post(client, Claim, "assign", forged, "preview", query="?kind=fact", assignee="")
    assert [row for row, *_ in steps(response)] == [str(claim)]


def test_forged_numbers_reach_no_private_note(client, editor):
    note = Annotation.objects.create(claim=cast.claim(), body="x", visibility="private", created_by=cast.person("lead"))
    response = post(client, Annotation, "withdraw", [note], "preview", reason="x")
    assert steps(response) == [] or not response.context["steps"]
    note.refresh_from_db()
    assert note.withdrawn_at is None


def test_a_colleagues_note_is_not_ones_to_withdraw_but_to_resolve(client, editor):
    note = Annotation.objects.create(claim=cast.claim(), body="Done?", created_by=cast.person("lead"))
    response = post(client, Annotation, "withdraw", [note], "preview", reason="x")
    assert steps(response)[0][3] == "It is not yours to change."
    post(client, Annotation, "resolve", [note], "apply")
    note.refresh_from_db()
    assert note.resolved_by == editor


def test_all_that_match_are_chosen_across_pages(client, editor):
    rain = Claim.objects.bulk_create(Claim(text="x", short_text=f"Rain {at}") for at in range(60))
    refresh(claims=[claim.pk for claim in rain])
    cast.claim("Sun")
    data = {"action": "assign", "select_across": "1", "index": "0", "_selected_action": [Claim.objects.first().pk]}
    response = client.post(f"{address(Claim, 'changelist')}?q=Rain", data)
    assert response.context["counts"]["chosen"] == 60
    # What is confirmed is what was shown, by number.
    assert response.content.decode().count('name="_selected_action"') == 60


def test_too_many_at_once_are_refused(client, editor, monkeypatch):
    monkeypatch.setattr(bulk, "MAX_ROWS", 2)
    response = post(client, Claim, "assign", [cast.claim(name) for name in "abc"], "preview", assignee="")
    assert messages(response) == ["3 rows are chosen. Narrow the list to 2 or fewer."]


def test_suggested_statements_are_accepted_and_counted(client, editor):
    claim = cast.claim()
    statement = cast.statement(claim=claim, state=Statement.State.SUGGESTED)
    post(client, Statement, "accept", [statement], "apply")
    statement.refresh_from_db()
    claim.refresh_from_db()
    assert (statement.state, statement.decided_by, claim.independent_sources) == ("confirmed", editor, 1)


def test_suggested_statements_are_rejected_with_a_reason(client, editor):
    statement = cast.statement(state=Statement.State.SUGGESTED)
    post(client, Statement, "reject", [statement], "apply", reason="a title, no statement")
    statement.refresh_from_db()
    assert (statement.state, statement.reason, statement.decided_by) == ("rejected", "a title, no statement", editor)


def test_suggested_links_are_accepted(client, editor):
    link = cast.link(cast.claim("One"), ClaimLink.Kind.SUPPORTS, cast.claim("Other"), state="suggested")
    post(client, ClaimLink, "accept", [link], "apply")
    link.refresh_from_db()
    assert (link.state, link.decided_by) == ("confirmed", editor)


def circle(**values) -> ClaimLink:
    """A link that counts for nothing while ``values`` say so, and another that leads back."""
    one, other = cast.claim("One"), cast.claim("Other")
    link = cast.link(one, ClaimLink.Kind.NARROWER, other, **values)
    cast.link(other, ClaimLink.Kind.NARROWER, one)
    return link


@pytest.mark.parametrize(
    ("action", "values"), [("accept", {"state": "rejected"}), ("bring_back", {"withdrawn_at": timezone.now()})]
)
def test_a_link_that_would_close_a_circle_stays_out(client, editor, action, values):
    link = circle(**values)
    response = post(client, ClaimLink, action, [link], "preview", query="?withdrawn=all")
    assert "directly or through others" in steps(response)[0][3]
    response = post(client, ClaimLink, action, [link], "apply", query="?withdrawn=all")
    assert "0 of 1 changed" in messages(response)[0]
    assert "directly or through others" in messages(response)[1]
    assert ClaimLink.objects.get(pk=link.pk).lock == link.lock


@pytest.mark.parametrize(
    ("action", "values"), [("accept", {"state": "rejected"}), ("bring_back", {"withdrawn_at": timezone.now()})]
)
def test_of_two_links_that_close_a_circle_together_one_is_refused(client, editor, action, values):
    one, other = cast.claim("One"), cast.claim("Other")
    links = [
        cast.link(one, ClaimLink.Kind.NARROWER, other, **values),
        cast.link(other, ClaimLink.Kind.NARROWER, one, **values),
    ]
    response = post(client, ClaimLink, action, links, "apply", query="?withdrawn=all")
    assert "1 of 2 changed" in messages(response)[0]
    assert "directly or through others" in messages(response)[1]
    assert ClaimLink.objects.current().exclude(state="rejected").count() == 1


def test_a_link_that_would_close_a_circle_is_not_brought_back_from_its_page(client, editor):
    link = circle(withdrawn_at=timezone.now())
    response = client.post(address(link, "bring_back"), {"apply": "1", "seen": f"{link.pk}:1"}, follow=True)
    assert "directly or through others" in messages(response)[0]
    assert ClaimLink.objects.get(pk=link.pk).withdrawn_at


@pytest.mark.parametrize("action", ["add_tags", "remove_tags"])
def test_a_number_that_no_tag_can_have_is_refused(client, editor, action):
    response = post(client, Claim, action, [cast.claim()], "preview", tags=["9" * 23])
    assert "is not one of the available choices" in str(response.context["form"].errors["tags"])


@pytest.mark.parametrize(("role", "may"), [("editor", False), ("reviewer", True)])
@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_claim_that_was_published_is_the_reviewers_to_withdraw_and_bring_back(client, role, may, withdrawn):
    client.force_login(cast.person(role))
    claim = cast.claim(published=True, withdrawn_at=timezone.now() if withdrawn else None)
    own = cast.claim("Never published", withdrawn_at=timezone.now() if withdrawn else None)
    action = "bring_back" if withdrawn else "withdraw"
    data = {} if withdrawn else {"reason": "x"}
    response = post(client, Claim, action, [claim, own], "preview", query="?withdrawn=all", **data)
    refusals = {row: refusal for row, _, _, refusal in steps(response)}
    assert [refusals[str(claim)] == "", refusals[str(own)]] == [may, ""]
    post(client, Claim, action, [claim, own], "apply", query="?withdrawn=all", **data)
    claim.refresh_from_db()
    own.refresh_from_db()
    assert [bool(claim.withdrawn_at), bool(own.withdrawn_at)] == [withdrawn != may, not withdrawn]


@pytest.mark.parametrize(("role", "may"), [("editor", False), ("reviewer", True)])
@pytest.mark.parametrize("withdrawn", [False, True])
def test_so_it_is_on_the_claims_own_page(client, role, may, withdrawn):
    client.force_login(cast.person(role))
    claim = cast.claim(published=True, withdrawn_at=timezone.now() if withdrawn else None)
    url = address(claim, "bring_back" if withdrawn else "withdraw")
    assert client.get(url).status_code == (200 if may else 302)
    response = client.post(url, {"apply": "1", "reason": "x", "seen": f"{claim.pk}:1"}, follow=True)
    assert ("is the reviewer's" in messages(response)[-1]) is not may
    claim.refresh_from_db()
    assert bool(claim.withdrawn_at) is (withdrawn != may)


def test_a_bulk_change_costs_the_same_for_many(client, editor, django_assert_max_num_queries):
    weather = cast.tag("Weather")
    claims = Claim.objects.bulk_create(Claim(text="x", short_text="x") for _ in range(200))
    refresh(claims=[claim.pk for claim in claims])
    # session, user, powers (2) · tags chosen (2) · count, ids, rows held, claims, their tags · tags, locks, log ·
    # savepoints · whatever is derived from claims (8), what is beside them (3), their entries (8), written anew with
    # the counts (4), the articles behind them · then the list that it leads back to
    with django_assert_max_num_queries(48):
        post(client, Claim, "add_tags", claims, "apply", tags=[weather.pk])
    assert weather.claims.count() == 200

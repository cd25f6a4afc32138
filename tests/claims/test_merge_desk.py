"""Merging at the desk: choose, look, confirm."""

import uuid

import pytest
from django.urls import reverse

from articles.models import Publisher, Revision
from claims.models import Annotation, Claim, Source, Statement, Tag
from tests import cast
from tests.desk import address, errors, messages, save, undo_address

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client):
    user = cast.person("lead")
    client.force_login(user)
    return user


def post(client, one, other, step, **values):
    data = {"survivor": other.pk, "reason": "the same", step: "1", "seen": f"{one.lock}:{other.lock}", **values}
    return client.post(address(one, "merge"), data, follow=True)


def lines(response):
    return dict(response.context["lines"])


def pairs():
    return {
        Claim: (cast.claim("One"), cast.claim("Other")),
        Source: (cast.source("One"), cast.source("Other")),
        Tag: (cast.tag("One"), cast.tag("Other")),
        Publisher: (cast.publisher("One"), cast.publisher("Other")),
    }


@pytest.mark.parametrize("model", [Claim, Source, Tag, Publisher])
def test_from_the_rows_page_to_the_survivors_and_back(client, lead, model):
    one, other = pairs()[model]
    assert address(one, "merge") in client.get(address(one)).content.decode()
    assert client.get(address(one, "merge")).context["work"] is None
    seen = post(client, one, other, "preview")
    assert seen.context["seen"] == f"{one.lock}:{other.lock}"
    assert "Nothing points to it." in seen.content.decode()
    assert not Revision.objects.exists()
    done = post(client, one, other, "apply")
    assert done.request["PATH_INFO"] == address(other)
    assert messages(done) == ["Merged “One” into “Other”: 0 rows moved."]
    one.refresh_from_db()
    assert one.merged_into == other
    undone = client.post(undo_address(done), {"reason": "not the same"}, follow=True)
    assert messages(undone)[0].startswith("Undone: ")
    one.refresh_from_db()
    assert one.merged_into is None


def test_both_are_shown_side_by_side(client, lead):
    one = cast.source("Kremlin", aliases="Moscow", wikidata_id="Q1", kind="group")
    other = cast.source("Presidency")
    cast.statement(chain=["Kremlin"])
    shown = post(client, one, other, "preview")
    assert lines(shown) == {
        "Name": ["Kremlin", "Presidency", "Presidency"],
        "Slug": ["kremlin", "presidency", "presidency"],
        "Kind": ["group", "organisation", "organisation"],
        "Named": ["yes", "yes", "yes"],
        "Aliases": ["Moscow", "empty", "Kremlin · Moscow"],
        "Wikidata id": ["Q1", "empty", "Q1"],
    }
    assert shown.context["moved"] == [("statements in whose chain it stands", 1)]


def test_what_both_say_alike_has_its_name(client, lead):
    filed = {"tags": [cast.tag("Rain")], "assignee": lead}
    shown = lines(post(client, cast.claim("One", **filed), cast.claim("Other", **filed), "preview"))
    assert (shown["Tags"], shown["Assignee"]) == (["Rain"] * 3, ["lead"] * 3)


def test_what_refuses_is_told_and_nothing_is_merged(client, lead):
    one, other = cast.claim("One", published=True), cast.claim("Other")
    shown = post(client, one, other, "preview")
    assert "The one is public and the other is not" in shown.content.decode()
    assert 'name="apply"' not in shown.content.decode()
    assert f"{address(other, 'merge')}?survivor={one.pk}" in shown.content.decode()
    assert messages(post(client, one, other, "apply")) == ["Nothing was merged."]
    around = client.get(f"{address(other, 'merge')}?survivor={one.pk}")
    assert around.context["form"].initial == {"survivor": str(one.pk)}
    assert not Revision.objects.exists()


def test_it_wants_a_survivor_and_a_reason(client, lead):
    one, other = cast.claim("One"), cast.claim("Other")
    assert set(post(client, one, other, "apply", survivor="", reason="").context["form"].errors) == {
        "survivor",
        "reason",
    }
    assert post(client, one, other, "apply", survivor="9" * 30).context["form"].errors


def test_what_changed_since_the_preview_is_shown_anew(client, lead):
    one, other = cast.claim("One"), cast.claim("Other")
    Claim.objects.filter(pk=other.pk).change(priority=4)
    shown = post(client, one, other, "apply")
    assert "Somebody has changed one of the two since the preview" in messages(shown)[0]
    assert shown.context["seen"] == "1:2"
    assert "Somebody has changed" in messages(post(client, one, other, "apply", seen="x"))[0]


def test_a_form_that_comes_twice_merges_once(client, lead):
    one, other = cast.claim("One"), cast.claim("Other")
    key = str(uuid.uuid4())
    post(client, one, other, "apply", form_key=key)
    assert "This form came twice" in messages(post(client, one, other, "apply", form_key=key))[0]
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("role", ["editor", "reviewer"])
def test_who_does_not_merge_is_shown_no_way(client, role):
    client.force_login(cast.person(role))
    for one, other in pairs().values():
        assert address(one, "merge") not in client.get(address(one)).content.decode()
        assert client.get(address(one, "merge")).status_code == 403
        assert post(client, one, other, "apply").status_code == 403


def test_a_row_that_is_not_there(client, lead):
    assert "doesn’t exist" in messages(client.get(reverse("admin:claims_claim_merge", args=[4711]), follow=True))[0]


def test_what_was_merged_is_kept_to_look_at(client, lead):
    for one, other in pairs().values():
        post(client, one, other, "apply")
        page = client.get(address(one)).content.decode()
        assert f'Merged into <a href="{address(other)}">' in page
        assert 'name="_save"' not in page
        assert address(one, "merge") not in page
        assert "was merged already" in post(client, one, other, "preview").content.decode()
        assert client.post(address(one), {"name": "New", "text": "New"}).status_code == 403


@pytest.mark.parametrize("action", ["bring_back", "withdraw", "add_tags"])
def test_what_was_merged_is_not_changed_with_others(client, lead, action):
    one, other = cast.claim("One"), cast.claim("Other")
    post(client, one, other, "apply")
    data = {"action": action, "_selected_action": [one.pk], "preview": "1", "reason": "x", "tags": [cast.tag().pk]}
    shown = client.post(f"{address(Claim, 'changelist')}?withdrawn=all", data)
    assert [step.refusal for step in shown.context["steps"]] == ["It was merged into “Other”: undo that instead."]


def test_what_was_merged_is_chosen_nowhere(client, lead):
    one, other = cast.source("Kremlin"), cast.source("Presidency")
    statement = cast.statement(chain=["Duma"])
    post(client, one, other, "apply")
    found = client.get(address(Source, "choices"), {"q": "Kremlin"}).json()["rows"]
    assert [row["label"] for row in found] == ["Presidency"]
    answer = save(client, address(statement), **{"attributions-0-source": one.pk})
    assert "attributions-0-source" in errors(answer)
    assert Statement.objects.get().attributions.get().source.slug == "duma"


def test_the_log_tells_of_a_merge_and_of_undoing_it(client, lead, caplog):
    one, other = cast.claim("One"), cast.claim("Other")
    with caplog.at_level("INFO", "hearsay.audit"):
        client.post(undo_address(post(client, one, other, "apply")), {"reason": "x"})
    told = [record.getMessage().split(' from="', 1) for record in caplog.records]
    assert [(event, facts.split('" ', 1)[1]) for event, facts in told] == [
        ('merge by="lead"', f'kind="claim" row="{one.pk}" into="{other.pk}"'),
        ('undo by="lead"', f'save="{Revision.objects.get(how="merge").pk}" rows="1"'),
    ]


def test_private_notes_of_others_move_and_are_not_counted_or_shown(client, lead):
    one, other = cast.claim("One"), cast.claim("Other")
    note = Annotation.objects.create(claim=one, body="Secret", created_by=cast.person("editor"), visibility="private")
    shown = post(client, one, other, "preview")
    assert "Secret" not in shown.content.decode()
    assert shown.context["moved"] == []
    done = post(client, one, other, "apply")
    note.refresh_from_db()
    assert note.claim == other
    page = client.get(undo_address(done)).content.decode()
    assert "Secret" not in page
    client.post(undo_address(done), {"reason": "x"})
    note.refresh_from_db()
    assert note.claim == one

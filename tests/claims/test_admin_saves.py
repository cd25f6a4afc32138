"""The list of latest saves, and the page of one."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.history import recorded
from articles.models import Change, Publisher, Revision
from claims.admin import saves
from claims.history.names import Names
from claims.models import Annotation, Claim, Evidence, SavedList
from tests import cast
from tests.claims.timelines import plain, rows
from tests.desk import address

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/revision/"


def page_of(revision):
    return address(revision)


def listed(client, **asked):
    return list(client.get(LIST, asked).context["cl"].result_list)


def test_it_lists_who_did_what_and_why(client, editor):
    claims = [cast.claim(f"Claim {number}") for number in range(2)]
    with recorded(by=editor, how=Revision.How.BULK, label="Add tags: Rain", why="It rains") as made:
        for claim in claims:
            claim.save()
    [found] = listed(client)
    assert (found, found.row_count) == (made, 2)
    shown = plain(client.get(LIST))
    assert "editor bulk change Add tags: Rain It rains 2" in shown
    assert "1 save" in shown


def test_it_is_filtered_by_person_and_how(client, editor):
    claim = cast.claim()
    with recorded(by=editor, how=Revision.How.BULK) as first:
        claim.save()
    with recorded() as second:
        claim.save()
    assert listed(client) == [second, first]
    assert listed(client, by="EDITOR") == listed(client, how="bulk") == [first]
    assert listed(client, by="-") == [second]
    assert listed(client, by="nobody of that name") == []
    assert client.get(LIST, {"how": "zzz"}).status_code == 302


def test_the_page_of_a_save_shows_its_rows(client, editor, monkeypatch):
    monkeypatch.setattr(saves, "ROWS", 2)
    claims = [cast.claim(f"Claim {number}") for number in range(3)]
    with recorded(by=editor, why="It rains") as made:
        for claim in claims:
            claim.text = "It rains"
            claim.save()
    first = client.get(page_of(made))
    assert "Why: It rains" in plain(first)
    assert rows(first.context["entry"]) == {"claim": {"text": "[-Claim 1-][+It rains+]"}}
    second = client.get(page_of(made), {"page": 2})
    assert [change.pk for change in second.context["entry"].content.rows] == [claims[2].pk]
    assert "Page 2 of 2" in plain(second)
    for bad in ("page=3", "page=0", "page=x", "zzz=1"):
        assert client.get(f"{page_of(made)}?{bad}").headers["Location"] == f"{page_of(made)}?e=1"


def test_a_save_that_undoes_another_leads_to_it(client, editor):
    claim = cast.claim()
    with recorded() as first:
        claim.save()
    with recorded(how=Revision.How.UNDO, undoes=first) as second:
        claim.save()
    assert f'<a href="{page_of(first)}">an earlier save</a>' in client.get(page_of(second)).content.decode()
    assert f'<a href="{page_of(second)}">a later save</a>' in client.get(page_of(first)).content.decode()


def test_a_save_is_undone_from_its_page_by_who_may(client, editor):
    claim = cast.claim()
    with recorded(by=editor) as mine:
        claim.save()
    with recorded(by=cast.person("lead")) as theirs:
        claim.save()
    assert f"/admin/undo/{mine.pk}/" in client.get(page_of(mine)).content.decode()
    assert f"/admin/undo/{theirs.pk}/" not in client.get(page_of(theirs)).content.decode()


def test_its_history_is_itself(client, editor):
    claim = cast.claim()
    with recorded() as made:
        claim.save()
    assert client.get(address(made, "history")).headers["Location"] == page_of(made)


def test_a_row_that_is_no_more_is_told_without_its_name(client, editor):
    claim = cast.claim()
    with recorded() as made:
        evidence = Evidence.objects.create(claim=claim, url="https://example.org/")
    evidence.delete()
    page = client.get(page_of(made))
    assert rows(page.context["entry"]) == {"evidence": {}}
    assert "Evidence, new: not shown" in plain(page)


def test_what_is_somebodys_alone_is_no_save_for_others(client, editor):
    claim = cast.claim()
    with recorded(by=editor) as noted:
        note = Annotation.objects.create(claim=claim, body="Secret", visibility="private", created_by=editor)
    with recorded(by=editor) as kept:
        mine = SavedList.objects.create(name="Secret list", owner=editor)
    with recorded(by=editor) as opened:
        note.visibility, mine.visibility = "desk", "desk"
        note.save()
        mine.save()
    with recorded(by=editor) as seen:
        note.body = "Open"
        note.save()
    assert listed(client) == [seen, opened, kept, noted]
    client.force_login(cast.person("lead"))
    assert seen in listed(client)
    assert opened not in listed(client)
    assert client.get(page_of(opened)).status_code == 302
    note.visibility = "private"
    note.save()
    assert note.pk
    for revision in (noted, seen):
        assert client.get(page_of(revision)).status_code == 302
    assert "Secret" not in client.get(page_of(kept), follow=True).content.decode()
    assert "Secret" not in client.get("/admin/").content.decode()


def test_nobody_changes_or_deletes_one(client):
    root = cast.person("admin")
    root.is_superuser = True
    root.save()
    client.force_login(root)
    claim = cast.claim()
    with recorded(by=root) as made:
        claim.save()
    before = (Revision.objects.count(), Change.objects.count())
    for url in (page_of(made), LIST, f"{LIST}add/", f"{LIST}{made.pk}/delete/", address(made, "history")):
        for method in ("post", "put", "delete", "patch"):
            answer = getattr(client, method)(url, {"why": "other", "action": "delete_selected"})
            assert answer.status_code in (302, 403, 405) or url == LIST, (method, url)
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.get(f"{LIST}{made.pk}/delete/").status_code == 403
    assert (Revision.objects.count(), Change.objects.count()) == before
    made.refresh_from_db()
    assert made.why == ""


def test_a_save_that_is_none_leads_home(client, editor):
    for pk in ("999", "x", "9" * 40):
        assert client.get(f"{LIST}{pk}/change/").status_code == 302


@pytest.mark.parametrize("name", ["outsider", "reader"])
def test_it_is_the_desks(client, name):
    client.force_login(cast.person(name))
    assert client.get(LIST).status_code in (302, 403)


def test_it_is_for_who_may_see_it(client):
    with recorded() as made:
        claim = cast.claim(published=True)
    client.force_login(User.objects.create_user("temp", is_staff=True))
    for url in (LIST, page_of(made), address(claim, "history")):
        assert client.get(url).status_code == 403


def test_names_are_for_the_desk():
    names = Names(AnonymousUser())
    claim = cast.claim("Hidden", published=False)
    names.want([(Publisher, cast.publisher().pk), (Claim, claim.pk)])
    names.load()
    assert names.of(Publisher, cast.publisher().pk) == names.of(Claim, claim.pk) == "not shown"


# The first page


def test_the_first_page_shows_what_one_saved_last(client, editor):
    claims = [cast.claim(f"Claim {number}") for number in range(2)]
    with recorded(by=editor) as mine:
        for claim in claims:
            claim.save()
    with recorded(by=cast.person("lead")):
        cast.claim("Not mine")
    page = client.get("/admin/")
    assert "Claim 0 and 1 more Claim, edited" in plain(page)
    assert page_of(mine) in page.content.decode()
    assert "Not mine" not in page.content.decode()


def test_the_first_page_shows_none_where_there_are_none(client, editor):
    assert "None yet" in plain(client.get("/admin/"))


def test_what_one_saved_last_costs_the_same_however_much(client, editor, django_assert_num_queries):
    def save_more(number):
        for _ in range(number):
            with recorded(by=editor):
                cast.claim("It will rain")

    save_more(2)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as few:
        client.get("/admin/")
    save_more(10)
    with django_assert_num_queries(len(few)):
        page = client.get("/admin/")
    assert sum("articles_revision" in query["sql"] for query in few) == 1
    assert page.content.decode().count('<li>\n              <a href="/admin/articles/revision/') == 10

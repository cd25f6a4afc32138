"""What somebody at the desk has to do."""

import datetime as dt

import pytest
from django.utils import timezone

from articles.models import Revision
from claims.models import Claim, Statement
from tests import cast, desk
from tests.claims.pages import words

pytestmark = pytest.mark.django_db

URL = "/queue/"
DAY = dt.timedelta(1)


@pytest.fixture
def reviewer(client):
    user = cast.person("reviewer")
    client.force_login(user)
    return user


def pile(client, name="open", **query):
    response = client.get(URL, {"pile": name, **query})
    assert response.status_code == 200
    return [str(line.claim) for line in response.context["lines"]]


def totals(client):
    return {tab.label: tab.total.number for tab in client.get(URL).context["tabs"]}


def plenty(editor):
    """Claims of each sort."""
    today = timezone.localdate()
    for status in Claim.Status:
        published = status in ("published", "closed")
        cast.claim(f"Mine, {status.label}", published=published, assignee=editor)
        Claim.objects.filter(text=f"Mine, {status.label}").update(status=status)
    cast.claim("Mine, late", assignee=editor, due_on=today - DAY, kind="promise")
    cast.claim("Mine, today", assignee=editor, due_on=today, status="in_review")
    cast.claim("Mine, tomorrow", assignee=editor, due_on=today + DAY)
    cast.claim("Hers", assignee=cast.person("lead"), due_on=today, status="in_review")
    cast.claim("Nobody's"), cast.claim("Nobody's urgent", priority=4), cast.claim("Nobody's, out", published=True)
    cast.claim("Gone", assignee=editor, due_on=today).withdraw(by=editor, reason="x")


def test_it_shows_their_own_open_claims_the_first_due_first(client, editor):
    plenty(editor)
    assert pile(client) == [
        "Mine, late",
        "Mine, today",
        "Mine, tomorrow",
        "Mine, in review",
        "Mine, in progress",
        "Mine, new",
    ]


def test_each_pile_holds_as_many_as_its_tab_says(client, reviewer):
    plenty(reviewer)
    found = {tab.label: (tab.total.number, len(pile(client, tab.name))) for tab in client.get(URL).context["tabs"]}
    assert found == {
        "To do": (6, 6),
        "Due": (2, 2),
        "New": (3, 3),
        "In progress": (1, 1),
        "In review": (2, 2),
        "Published": (1, 1),
        "Closed": (1, 1),
        "For a reviewer": (3, 3),
        "Nobody’s": (2, 2),
    }


def test_due_is_what_has_come_by_the_newsrooms_day(client, editor, settings):
    plenty(editor)
    assert pile(client, "due") == ["Mine, late", "Mine, today"]
    settings.TIME_ZONE = "Pacific/Kiritimati"
    cast.claim("Due there", assignee=editor, due_on=timezone.localdate())
    assert "Due there" in pile(client, "due")


def test_what_is_due_is_marked(client, editor):
    cast.claim("Mine", assignee=editor, due_on="2026-01-02")
    assert '<span class="state open">due 2 Jan 2026</span>' in client.get(URL).content.decode()


def test_reviewers_see_what_waits_for_them_and_editors_do_not(client, editor):
    assert "For a reviewer" not in totals(client)
    assert client.get(URL, {"pile": "review"}).status_code == 404


def test_it_leads_to_what_waits_for_the_desk(client, editor):
    cast.statement(state=Statement.State.SUGGESTED)
    numbers = {number.label: number for number in client.get(URL).context["to_do"]}
    assert numbers["suggested statement"].count == 1
    assert client.get(numbers["suggested statement"].url).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"), [("pile=no", 404), ("page=9999", 200), ("page=x", 200), ("pile=due", 200)]
)
def test_it_answers_any_address(client, editor, query, status):
    assert client.get(f"{URL}?{query}").status_code == status


@pytest.mark.parametrize("url", [URL, "/queue/since/"])
def test_it_is_for_those_who_work_on_claims(client, url):
    assert client.get(url).headers["Location"] == f"/login/?next={url}"
    for name, status in (("outsider", 403), ("reader", 403), ("editor", 200)):
        client.force_login(cast.person(name))
        assert client.get(url).status_code == status, name
        assert ("My queue" in client.get("/").content.decode()) is (status == 200)


def test_it_turns_pages(client, editor):
    with cast.at_once():
        for number in range(51):
            cast.claim(f"Claim {number}", assignee=editor)
    assert len(pile(client)) == 50
    assert len(pile(client, page=2)) == 1
    assert 'href="?pile=open&amp;page=2"' in client.get(URL).content.decode()


def test_its_queries_do_not_grow_with_the_list(client, reviewer, django_assert_num_queries):
    plenty(reviewer)
    # session, user, powers · own counts, for a reviewer, nobody's, suggestions · the claims
    with django_assert_num_queries(8):
        pile(client, "nobody")
    # and what waits for the desk
    with django_assert_num_queries(13):
        pile(client)


# Taking a claim


def test_who_takes_a_claim_has_it(client, editor):
    claim = cast.claim("Free")
    answer = client.post(f"/queue/take/{claim.pk}/", {"queue": "1"}, follow=True)
    claim.refresh_from_db()
    assert (claim.assignee, claim.lock) == (editor, 2)
    assert desk.messages(answer) == ["“Free” is yours now."]
    made = Revision.objects.get()
    assert (made.by, str(made)) == (editor, "Took the claim")


def test_the_page_of_a_claim_offers_it(client, editor):
    free, taken = cast.claim("Free"), cast.claim("Taken", assignee=editor)
    assert "Take it" in client.get(free.get_absolute_url()).content.decode()
    assert "Take it" not in client.get(taken.get_absolute_url()).content.decode()
    answer = client.post(f"/queue/take/{free.pk}/")
    assert answer.headers["Location"] == free.get_absolute_url()


def test_a_claim_is_taken_once(client, editor):
    claim = cast.claim("Free", assignee=cast.person("lead"))
    answer = client.post(f"/queue/take/{claim.pk}/", follow=True)
    claim.refresh_from_db()
    assert claim.assignee.username == "lead"
    assert desk.messages(answer) == ["“Free” is taken already. Look at it again first."]
    assert not Revision.objects.exists()


@pytest.mark.parametrize("name", ["reader", "outsider"])
def test_taking_needs_the_power_to_change_claims(client, name):
    claim = cast.claim()
    client.force_login(cast.person(name))
    assert client.post(f"/queue/take/{claim.pk}/").status_code == 403
    assert client.get(f"/queue/take/{claim.pk}/").status_code == 405


def test_who_does_not_work_at_the_desk_takes_nothing(client, editor):
    editor.is_staff = False
    editor.save()
    claim = cast.claim()
    answer = client.post(f"/queue/take/{claim.pk}/", follow=True)
    assert "Only somebody who works at the desk" in desk.messages(answer)[0]
    claim.refresh_from_db()
    assert claim.assignee is None


def test_what_is_typed_is_escaped(client, editor):
    cast.claim("<b>Bold</b>", assignee=editor)
    html = client.get(URL).content.decode()
    assert "<b>Bold" not in html
    assert "<b>Bold</b>" in words(html).replace("&lt;", "<").replace("&gt;", ">")

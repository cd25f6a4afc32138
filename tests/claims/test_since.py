"""What others changed since somebody was last here."""

import pytest

from articles.history import recorded
from articles.models import Revision
from claims import since
from claims.models import Annotation, Attribution, Claim, Correction, Inquiry, SavedList, Visit
from tests import cast
from tests.claims.pages import words

pytestmark = pytest.mark.django_db

URL = "/queue/since/"


@pytest.fixture
def colleague():
    return cast.person("reviewer")


@pytest.fixture
def claim(editor):
    return cast.claim("Mine", assignee=editor)


def save(claim, by, **revision) -> Revision:
    with recorded(by=by, **revision) as made:
        Claim.objects.get(pk=claim.pk).save()
    return made


def changed(client):
    response = client.get(URL)
    assert response.status_code == 200
    return {each.claim.text: [str(save.by) for save in each.revisions] for each in response.context["changed"]}


def test_it_shows_what_others_saved_on_their_claims(client, editor, colleague, claim):
    save(claim, colleague, why="A slip of the pen")
    save(claim, editor)
    save(cast.claim("Another's"), colleague)
    assert changed(client) == {"Mine": ["reviewer"]}
    shown = words(client.get(URL).content.decode())
    assert "by reviewer – A slip of the pen" in " ".join(shown.split())


def test_what_a_command_did_is_somebody_elses(client, editor, claim):
    save(claim, None)
    assert changed(client) == {"Mine": ["None"]}


def test_looking_moves_nothing_and_saying_so_does(client, editor, colleague, claim):
    save(claim, colleague)
    assert changed(client) == changed(client) != {}
    assert not Visit.objects.exists()
    revision = client.get(URL).context["since"].now
    client.post("/queue/seen/", {"revision": revision})
    assert changed(client) == {}
    save(claim, colleague)
    assert changed(client) == {"Mine": ["reviewer"]}


def test_what_came_after_the_page_was_drawn_stays_new(client, editor, colleague, claim):
    save(claim, colleague)
    drawn = client.get(URL).context["since"].now
    save(claim, colleague)
    client.post("/queue/seen/", {"revision": drawn})
    assert changed(client) == {"Mine": ["reviewer"]}


def test_an_old_page_takes_nothing_back_and_no_page_looks_ahead(client, editor, colleague, claim):
    first, second = save(claim, colleague), save(claim, colleague)
    client.post("/queue/seen/", {"revision": 10**17})
    assert Visit.objects.get().seen == second.pk
    client.post("/queue/seen/", {"revision": first.pk})
    assert Visit.objects.get().seen == second.pk


@pytest.mark.parametrize("revision", ["", "x", "-1", "1" * 19, "²"])
def test_a_form_without_a_revision_is_refused(client, editor, revision):
    assert client.post("/queue/seen/", {"revision": revision}).status_code == 400
    assert client.get("/queue/seen/").status_code == 405


def on_claim(claim, by):
    save(claim, by)


def links_a_statement(claim, by):
    with recorded(by=by):
        cast.statement(claim=claim)


def moves_a_chain(claim, by):
    cast.statement(claim=claim)
    with recorded(by=by):
        Attribution.objects.get().save()


def links_from_afar(claim, by):
    with recorded(by=by):
        cast.link(cast.claim("Other"), "disputes", claim)


def reviews(claim, by):
    with recorded(by=by):
        cast.review(claim, state="draft")


def asks(claim, by):
    with recorded(by=by):
        Inquiry.objects.create(claim=claim, name="Mayor", question="Is it so?")


def corrects(claim, by):
    with recorded(by=by):
        Correction.objects.create(claim=claim, text="It said 50.")


def withdraws(claim, by):
    with recorded(by=by):
        claim.withdraw(by=by, reason="Twice")


def notes(claim, by):
    with recorded(by=by):
        Annotation.objects.create(claim=claim, body="See here", visibility="desk", created_by=by)


WAYS = [
    *(on_claim, links_a_statement, moves_a_chain, links_from_afar),
    *(reviews, asks, corrects, withdraws, notes),
]


@pytest.mark.parametrize("act", WAYS, ids=lambda act: act.__name__)
def test_it_follows_every_kind_of_row_to_its_claim(client, colleague, claim, act):
    act(claim, colleague)
    assert changed(client) == {"Mine": ["reviewer"]}


def test_a_colleagues_private_note_stays_private(client, colleague, claim):
    with recorded(by=colleague):
        Annotation.objects.create(claim=claim, body="x", visibility="private", created_by=colleague)
    assert changed(client) == {}


def test_it_follows_the_lists_that_somebody_keeps(client, editor, colleague):
    figure, fact = cast.claim("A figure", kind="figure"), cast.claim("A fact")
    SavedList.objects.create(name="Figures", query="kind=figure", owner=editor)
    SavedList.objects.create(name="Broken", query="kind=nothing", owner=editor)
    SavedList.objects.create(name="Hers", query="kind=fact", owner=colleague)
    for each in (figure, fact):
        save(each, colleague)
    assert changed(client) == {"A figure": ["reviewer"]}
    assert 'in <a href="/claims/?kind=figure">Figures</a>' in client.get(URL).content.decode()


def test_it_says_how_many_saves_it_does_not_tell(client, colleague, claim):
    for _ in range(5):
        save(claim, colleague)
    (each,) = client.get(URL).context["changed"]
    assert (len(each.revisions), each.more) == (3, 2)


def test_it_looks_through_so_much_and_says_so(client, colleague, claim, monkeypatch):
    monkeypatch.setattr(since, "WINDOW", 2)
    Visit.objects.create(user=claim.assignee, seen=0)
    for _ in range(2):
        save(claim, colleague)
    assert not client.get(URL).context["since"].more
    save(claim, colleague)
    assert client.get(URL).context["since"].more
    assert "only the newest of it" in client.get(URL).content.decode()


def test_changes_elsewhere_hide_none_of_their_own(client, colleague, claim, monkeypatch):
    monkeypatch.setattr(since, "WINDOW", 2)
    Visit.objects.create(user=claim.assignee, seen=0)
    save(claim, colleague)
    other = cast.claim("Other")
    for _ in range(4):
        save(other, colleague)
    assert changed(client) == {"Mine": ["reviewer"]}


def test_its_queries_do_not_grow_with_the_changes(client, editor, colleague, django_assert_num_queries):
    def more(number):
        for at in range(number):
            save(cast.claim(f"Claim {number} {at}", assignee=editor), colleague)

    more(1)
    # session, user, powers · visit, newest revision · changes of theirs, of all · their claims, twice · lists ·
    # claims and saves of the page
    with django_assert_num_queries(12):
        changed(client)
    more(8)
    with django_assert_num_queries(12):
        changed(client)

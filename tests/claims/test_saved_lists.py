"""The lists that people keep: where they are shown, what they may hold, and how they are saved and changed."""

import pytest
from django.core.exceptions import ValidationError

from claims.filters.paging import Total
from claims.filters.saved import tidied
from claims.models import SavedList
from tests import cast
from tests.claims.worlds import EVERYBODY, sign_in, told
from tests.desk import asked, picks

pytestmark = pytest.mark.django_db

URL = "/claims/"


@pytest.fixture
def lead():
    """Keeps a list for the desk and one that is nobody else's."""
    lead = cast.person("lead")
    SavedList.objects.create(name="Ours", query="lacks=review", owner=lead, visibility="desk")
    SavedList.objects.create(name="Private", owner=lead)
    SavedList.objects.create(name="Gone", owner=lead, visibility="desk").withdraw(by=lead, reason="")
    return lead


def shown(response):
    return [(title, [each.name for each in lists]) for title, lists in response.context["saved"]]


def test_the_claim_list_shows_ones_own_and_the_desks(client, lead):
    editor = cast.person("editor")
    SavedList.objects.create(name="Mine", query="kind=figure", owner=editor)
    client.force_login(editor)
    response = client.get(URL)
    assert shown(response) == [("Your lists", ["Mine"]), ("Desk lists", ["Ours"])]
    page = " ".join(response.content.decode().split())
    assert '<a href="/claims/?kind=figure" >Mine</a>' in page
    assert page.index("All claims") < page.index("Desk lists") < page.index('id="filters"')
    client.force_login(lead)
    assert shown(client.get(URL)) == [("Your lists", ["Ours", "Private"])]


def test_a_list_that_is_open_says_so(client, lead):
    client.force_login(lead)
    page = " ".join(client.get(f"{URL}?lacks=review").content.decode().split())
    assert '<a href="/claims/?lacks=review" aria-current="page">Ours</a>' in page
    assert page.count('<nav class="saved"') == 1


@pytest.mark.usefixtures("lead")
@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_without_a_role_sees_the_desks_lists(client, who):
    told("Shown")
    sign_in(client, who)
    response = client.get(URL)
    assert shown(response) == []
    assert "saved" not in response.content.decode()


@pytest.mark.parametrize("query", ["", "status=published&lacks=review", "root=Shown+source&sort=oldest&page=2"])
def test_it_may_hold_what_the_list_takes(query):
    told("Shown")
    tidied(query, cast.person("editor"))


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("stauts=published", "This list has no filter called “stauts”."),
        ("kind=figures", "Kind: “figures” is not one of the choices."),
        ("root=nobody", "Said by: There is no source called “nobody”."),
        ("q=a&q=b", "Words: Give this once."),
    ],
)
def test_it_may_not_hold_what_the_list_refuses(query, reason):
    with pytest.raises(ValidationError) as refused:
        tidied(query, cast.person("editor"))
    assert refused.value.messages == [reason]


def test_it_says_all_that_is_wrong():
    with pytest.raises(ValidationError) as refused:
        tidied("kind=figures&sort=upwards", cast.person("editor"))
    assert len(refused.value.messages) == 2


LISTS = "/lists/"
NEW = "/lists/new/"


def url_of(name, part=""):
    return f"{LISTS}{SavedList.objects.get(name=name).uid}/{part}"


def kept(name):
    saved = SavedList.objects.get(name=name)
    return saved.query, saved.visibility, saved.owner.username


def open_tabs(response):
    """The list that is open above the claims, and whether it was changed since."""
    return [(tab.name, tab.is_changed) for _, tabs in response.context["saved"] for tab in tabs if tab.is_open]


def test_a_changed_list_is_told_from_one_that_is_as_it_was_saved(client, lead):
    client.force_login(lead)
    assert open_tabs(client.get(URL)) == []
    assert open_tabs(client.get(f"{URL}?lacks=review")) == [("Ours", False)]
    pasted = client.get(f"{URL}?lacks=review&kind=fact")
    assert open_tabs(pasted) == [], "an address from elsewhere changes no list"
    client.get(f"{URL}?lacks=review")
    changed = client.get(f"{URL}?lacks=review&kind=fact", headers={"referer": f"http://testserver{URL}?lacks=review"})
    assert open_tabs(changed) == [("Ours", True)]
    page = " ".join(changed.content.decode().split())
    as_shown = '<input type="hidden" name="query" value="/claims/?kind=fact&amp;lacks=review">'
    assert f'action="{url_of("Ours")}"> {as_shown}' in page
    assert f'action="{NEW}"> {as_shown}' in page
    assert open_tabs(client.get(URL)) == []
    assert open_tabs(client.get(f"{URL}?kind=fact")) == []


def test_a_page_of_a_list_and_another_order_of_its_parameters_are_no_change(client, lead):
    SavedList.objects.create(name="Two", query="kind=fact&lacks=review", owner=lead)
    told("Shown")
    client.force_login(lead)
    assert open_tabs(client.get(f"{URL}?lacks=review&kind=fact&page=1", follow=True)) == [("Two", False)]


def test_an_editor_saves_the_list_that_is_shown(client):
    client.force_login(cast.person("editor"))
    page = client.get(f"{NEW}?query=/claims/%3Fkind%3Dfact")
    assert page.context["form"].initial["query"] == "kind=fact"
    assert "visibility" not in page.context["form"].fields
    answer = client.post(NEW, {"name": "Facts", "query": "/claims/?sort=newest&kind=fact&page=3"})
    assert (answer.status_code, answer.url) == (302, "/claims/?kind=fact")
    assert kept("Facts") == ("kind=fact", "private", "editor")


@pytest.mark.parametrize(("who", "visibility"), [("editor", "private"), ("reviewer", "private"), ("lead", "desk")])
def test_only_a_lead_shares_a_list(client, who, visibility):
    client.force_login(cast.person(who))
    client.post(NEW, {"name": "Facts", "query": "kind=fact", "visibility": "desk"})
    assert kept("Facts")[1] == visibility


@pytest.mark.parametrize("url", [LISTS, NEW])
def test_nobody_keeps_lists_without_an_account(client, url):
    assert client.get(url).url == f"/login/?next={url}"


@pytest.mark.parametrize("who", ["outsider", "reader"])
def test_who_may_not_keep_lists_is_refused(client, who):
    client.force_login(cast.person(who))
    assert client.get(NEW).status_code == client.post(NEW, {"name": "Facts"}).status_code == 403
    assert not SavedList.objects.exists()


def test_what_the_list_refuses_is_not_saved_and_nothing_typed_is_lost(client):
    client.force_login(cast.person("editor"))
    answer = client.post(NEW, {"name": "Facts", "query": "kind=facts"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "“facts” is not one of the choices." in page
    assert 'value="Facts"' in page
    assert 'value="kind=facts"' in page


def test_two_lists_of_one_owner_have_two_names(client):
    client.force_login(cast.person("editor"))
    client.post(NEW, {"name": "Facts", "query": "kind=fact"})
    answer = client.post(NEW, {"name": "Facts", "query": "kind=figure"})
    assert answer.status_code == 400
    assert "You already have a list of that name." in answer.content.decode()
    assert kept("Facts")[0] == "kind=fact"


def test_a_withdrawn_list_of_the_name_is_brought_back(client, lead):
    client.force_login(lead)
    client.post(NEW, {"name": "Gone", "query": "kind=fact", "visibility": "private"})
    assert SavedList.objects.current().get(name="Gone").query == "kind=fact"


def test_its_owner_changes_it(client, lead):
    client.force_login(lead)
    page = client.get(f"{url_of('Private')}?query=/claims/%3Fkind%3Dfact")
    assert page.context["form"].initial["query"] == "kind=fact"
    form = {"name": "Facts", "query": "kind=fact", "visibility": "private", "seen_lock": 1}
    assert client.post(url_of("Private"), form).url == "/claims/?kind=fact"
    assert kept("Facts") == ("kind=fact", "private", "lead")


def test_a_change_by_somebody_else_meanwhile_is_not_overwritten(client, lead):
    url = url_of("Ours")
    SavedList.objects.get(name="Ours").save()
    client.force_login(lead)
    form = {"name": "Facts", "query": "kind=fact", "visibility": "desk", "seen_lock": 1}
    answer = client.post(url, form)
    assert (answer.status_code, asked(answer)) == (409, {"name": "you", "query": "you"})
    assert kept("Ours")[0] == "lacks=review"
    assert client.post(url, picks(answer, query="theirs")).status_code == 302
    assert kept("Facts") == ("lacks=review", "desk", "lead")


def test_a_change_without_the_lock_is_refused_and_kept(client, lead):
    client.force_login(lead)
    answer = client.post(url_of("Ours"), {"name": "Facts", "query": "kind=fact", "visibility": "desk"})
    assert answer.status_code == 428
    assert kept("Ours")[0] == "lacks=review"
    assert client.post(url_of("Ours"), picks(answer)).status_code == 302
    assert kept("Facts")[0] == "kind=fact"


def test_what_was_typed_into_a_list_that_was_withdrawn_is_not_lost(client, lead):
    url = url_of("Ours")
    SavedList.objects.get(name="Ours").withdraw(by=lead, reason="nobody needs it")
    client.force_login(lead)
    answer = client.post(url, {"name": "Facts", "query": "kind=fact", "visibility": "desk", "seen_lock": 1})
    assert answer.status_code == 409
    assert "It was withdrawn by lead: nobody needs it." in answer.content.decode()
    assert ">Facts<" in answer.content.decode()


def test_a_form_that_arrives_twice_makes_one_list(client, lead):
    client.force_login(lead)
    key = client.get(NEW).context["form"]["form_key"].value()
    form = {"name": "Twice", "query": "kind=fact", "visibility": "private", "form_key": str(key)}
    assert client.post(NEW, form).url == client.post(NEW, form | {"name": "Thrice"}).url == "/claims/?kind=fact"
    assert not SavedList.objects.filter(name="Thrice").exists()


@pytest.mark.parametrize(("who", "status"), [("reader", 403), ("editor", 403), ("admin", 200), ("outsider", 404)])
def test_a_list_of_the_desk_is_changed_by_its_owner_and_by_leads(client, lead, who, status):
    client.force_login(cast.person(who))
    assert client.get(url_of("Ours")).status_code == status
    refused = client.post(url_of("Ours", "withdraw/"), {"seen_lock": 0}).status_code
    assert refused == (302 if status == 200 else status)


@pytest.mark.parametrize("who", ["reader", "editor", "admin", "outsider"])
def test_a_private_list_is_its_owners_alone(client, lead, who):
    client.force_login(cast.person(who))
    assert client.get(url_of("Private")).status_code == 404
    assert client.post(url_of("Private", "withdraw/"), {"seen_lock": 1}).status_code == 404


def test_it_is_withdrawn_and_kept(client, lead):
    client.force_login(lead)
    url = url_of("Private", "withdraw/")
    assert client.get(url).status_code == 405
    client.post(url, {"seen_lock": 7})
    assert SavedList.objects.current().filter(name="Private").exists()
    client.post(url, {"seen_lock": 1})
    gone = SavedList.objects.get(name="Private")
    assert (gone.withdrawn_at is not None, gone.withdrawn_by) == (True, lead)


def test_the_page_of_lists_shows_ones_own_and_the_desks_with_their_numbers(client, lead):
    told("Shown", kind="figure")
    told("Draft", published=False)
    editor = cast.person("editor")
    SavedList.objects.create(name="Mine", query="kind=figure", owner=editor)
    SavedList.objects.create(name="Odd", query="kind=figures", owner=editor)
    client.force_login(editor)
    response = client.get(LISTS)
    assert [(row.saved.name, row.total, row.may_change) for row in response.context["rows"]] == [
        ("Mine", Total(1), True),
        ("Odd", None, True),
        ("Ours", Total(2), False),
    ]
    page = " ".join(response.content.decode().split())
    assert "It cannot be shown any more: Kind: “figures” is not one of the choices." in page
    assert url_of("Mine", "feed/") in page
    assert url_of("Odd", "feed/") not in page


def test_the_page_of_lists_has_so_many_and_no_more(client, django_assert_max_num_queries):
    editor = cast.person("editor")
    for number in range(25):
        SavedList.objects.create(name=f"List {number:02}", query="kind=figure&q=drones", owner=editor)
    client.force_login(editor)
    # Session, user, two for the powers; how many lists, and those of a page; a count for each.
    with django_assert_max_num_queries(6 + 20):
        response = client.get(LISTS)
    assert len(response.context["rows"]) == 20
    assert len(client.get(f"{LISTS}?page=2").context["rows"]) == 5

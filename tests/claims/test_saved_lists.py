"""The lists that people keep: where they are shown, and what they may hold."""

import pytest
from django.core.exceptions import ValidationError

from claims.filters import refuse_unfit
from claims.models import SavedList
from tests import cast
from tests.claims.worlds import EVERYBODY, sign_in, told

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
    assert page.index("Desk lists") < page.index("Filter and sort")
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
    refuse_unfit(query, cast.person("editor"))


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
        refuse_unfit(query, cast.person("editor"))
    assert refused.value.messages == [reason]


def test_it_says_all_that_is_wrong():
    with pytest.raises(ValidationError) as refused:
        refuse_unfit("kind=figures&sort=upwards", cast.person("editor"))
    assert len(refused.value.messages) == 2

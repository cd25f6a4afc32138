"""The statements of one claim, as its row in the list opens them."""

import pytest

from tests import cast
from tests.claims.worlds import EVERYBODY, sign_in

pytestmark = pytest.mark.django_db


def url(claim):
    return f"/claims/{claim.pk}/statements/"


@pytest.fixture
def claim():
    """Said twice, once in a statement that nobody has confirmed."""
    claim = cast.claim("Soldiers go to Poland", published=True)
    cast.statement(chain=["Ministry", "Welle"], claim=claim, said_on="2025-11-21")
    cast.statement(chain=["Whisperer"], claim=claim, state="suggested")
    cast.statement(chain=["Somebody else"], claim=cast.claim("Noise", published=True))
    return claim


@pytest.mark.parametrize("who", EVERYBODY)
def test_it_shows_what_the_public_may_see_with_chain_publisher_and_date(client, claim, who):
    sign_in(client, who)
    html = client.get(url(claim)).content.decode()
    for shown in ("Ministry", "Welle", "The Daily Digest", "21 Nov 2025", "The minister said"):
        assert shown in html
    assert "Whisperer" not in html
    assert "Somebody else" not in html


def test_it_shows_the_desk_what_is_not_confirmed(client, claim):
    sign_in(client, "reader")
    html = client.get(url(claim)).content.decode()
    assert "Whisperer" in html
    assert "suggested, not confirmed" in html


@pytest.mark.parametrize("who", EVERYBODY)
def test_it_knows_of_no_claim_that_is_hidden(client, who):
    draft = cast.claim("Draft")
    sign_in(client, who)
    assert client.get(url(draft)).status_code == 404
    assert client.get("/claims/999999/statements/").status_code == 404


def test_a_script_gets_them_alone(client, claim):
    response = client.get(url(claim), headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert "HX-Request" in response["Vary"]


def test_without_one_it_is_a_page_that_leads_to_the_claim(client, claim):
    html = client.get(url(claim)).content.decode()
    assert "<h1>Who said it</h1>" in html
    assert f'<a href="{claim.get_absolute_url()}">Soldiers go to Poland</a>' in html


@pytest.mark.parametrize("rows", [1, 20])
def test_it_costs_the_public_four_queries(client, django_assert_num_queries, rows):
    claim = cast.claim("Said often", published=True)
    with cast.at_once():
        for number in range(rows):
            cast.statement(chain=[f"Source {number}", "Welle"], claim=claim)
    with django_assert_num_queries(4):
        # the claim; its appearances; the statements; their hops
        client.get(url(claim))

"""A tag's page."""

import pytest

from tests import cast
from tests.claims.worlds import EVERYBODY, filed, shown_and_hidden, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", EVERYBODY)
def test_it_is_not_there_for_the_public_unless_something_published_is_under_it(client, who):
    shown_and_hidden()
    sign_in(client, who)
    codes = {slug: client.get(f"/tags/{slug}-tag/").status_code for slug in ("shown", "draft", "withdrawn")}
    assert codes == {"shown": 200, "draft": 404, "withdrawn": 404}


def test_a_role_sees_every_tag_and_that_one_is_withdrawn(client):
    shown_and_hidden()
    cast.tag("Gone").withdraw(by=None, reason="merged")
    sign_in(client, "reader")
    for slug in ("shown-tag", "draft-tag", "withdrawn-tag"):
        assert client.get(f"/tags/{slug}/").status_code == 200
    assert "Reason: merged" in client.get("/tags/gone/").content.decode()


def test_it_shows_its_definition_its_place_and_the_claims_of_its_subtree(client):
    top = cast.tag("NATO")
    middle = cast.tag("Hybrid", parent=top, definition="Below the threshold of war.")
    deep = cast.tag("Drones", parent=middle)
    unused = cast.tag("Unused", parent=middle)
    for name, tag in (("Above", top), ("Here", middle), ("Below", deep)):
        filed(cast.claim(name, published=True), tag)
    filed(cast.claim("Draft"), middle)
    response = client.get("/tags/hybrid/")
    record = response.context["record"]
    assert "Below the threshold of war." in response.content.decode()
    assert record.above == [top]
    assert [(node.tag, node.claims) for node in record.below] == [(deep, 1)]
    assert {row.text for row in record.claims.rows} == {"Here", "Below"}
    assert client.get(record.claims.url).context["total"].number == record.claims.count == 2
    sign_in(client, "reader")
    record = client.get("/tags/hybrid/").context["record"]
    assert [(node.tag, node.claims) for node in record.below] == [(deep, 1), (unused, 0)]
    assert record.claims.count == 3


def test_it_shows_twenty_claims_and_counts_all(client):
    tag = cast.tag("NATO")
    with cast.at_once():
        for number in range(23):
            filed(cast.claim(f"Claim {number}", published=True), tag)
    claims = client.get("/tags/nato/").context["record"].claims
    assert (len(claims.rows), claims.count) == (20, 23)


@pytest.mark.parametrize("count", [3, 25])
def test_it_costs_six_queries_and_a_role_nine(client, django_assert_num_queries, count):
    top = cast.tag("NATO")
    tag = cast.tag("Hybrid", parent=top)
    with cast.at_once():
        for number in range(count):
            claim = cast.claim(f"Claim {number}", published=True)
            filed(claim, cast.tag(f"Tag {number}", parent=tag))
            cast.statement(chain=["X"], claim=claim)
    with django_assert_num_queries(6):
        # the tag; the count of its claims; their keys; the newest with their chains; tags above; tags below
        client.get("/tags/hybrid/")
    sign_in(client, "editor")
    with django_assert_num_queries(9):
        # and session; user; what the user may do
        client.get("/tags/hybrid/")

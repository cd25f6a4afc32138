"""The tree of tags."""

import pytest

from tests import cast
from tests.claims.worlds import EVERYBODY, filed, names_on, shown_and_hidden, sign_in, told

pytestmark = pytest.mark.django_db

URL = "/tags/"


def tree(nodes):
    return [(node.tag.name, node.claims, tree(node.children)) for node in nodes]


def rows(response):
    assert response.status_code == 200
    return tree(response.context["rows"])


@pytest.mark.parametrize("who", EVERYBODY)
def test_it_shows_the_public_the_tags_of_what_is_published(client, who):
    shown_and_hidden()
    sign_in(client, who)
    response = client.get(URL)
    assert names_on(response) == {"Shown"}
    assert rows(response) == [("Shown tag", 1, [])]


def test_it_shows_a_role_all_that_are_not_withdrawn(client):
    shown_and_hidden()
    cast.tag("Gone").withdraw(by=None, reason="")
    sign_in(client, "reader")
    assert rows(client.get(URL)) == [("Draft tag", 1, []), ("Shown tag", 1, []), ("Withdrawn tag", 0, [])]


def test_it_is_a_tree_that_counts_each_claim_once(client):
    top = cast.tag("NATO")
    left, right = cast.tag("Hybrid", parent=top), cast.tag("Summit", parent=top)
    deep = cast.tag("Drones", parent=left)
    cast.tag("NATO-Russia Council", slug="nato-russia")
    for number, tags in enumerate(([top, deep], [left, deep], [right], [])):
        filed(cast.claim(f"Claim {number}", published=True), *tags)
    filed(cast.claim("Draft"), deep)
    expected = [("NATO", 3, [("Hybrid", 2, [("Drones", 2, [])]), ("Summit", 1, [])])]
    assert rows(client.get(URL)) == expected
    sign_in(client, "reader")
    assert sorted(rows(client.get(URL))) == [
        ("NATO", 4, [("Hybrid", 3, [("Drones", 3, [])]), ("Summit", 1, [])]),
        ("NATO-Russia Council", 0, []),
    ]


def test_it_filters(client):
    sign_in(client, "reader")
    top = cast.tag("NATO", definition="An alliance")
    cast.tag("Baltic Sea", kind="place")
    cast.tag("Drones", parent=cast.tag("Hybrid", parent=top))
    assert rows(client.get(f"{URL}?kind=place")) == [("Baltic Sea", 0, [])]
    assert rows(client.get(f"{URL}?q=alliance")) == [("NATO", 0, [])]
    assert rows(client.get(f"{URL}?q=alliance+nato")) == [("NATO", 0, [])]
    # Below the nearest tag above that is in the list.
    assert rows(client.get(f"{URL}?q=n&kind=topic")) == [("NATO", 0, [("Drones", 0, [])])]


@pytest.mark.parametrize("query", ["kind=person", "sort=name", "parent=nato"])
def test_it_refuses_what_it_does_not_understand(client, query):
    assert client.get(f"{URL}?{query}").status_code == 400


@pytest.mark.parametrize("count", [3, 30])
def test_it_costs_two_queries_and_a_role_five(client, django_assert_num_queries, count):
    with cast.at_once():
        for number in range(count):
            told(f"Shown {number}")
    with django_assert_num_queries(2):
        # the total; a page of tags with their counts
        client.get(URL)
    sign_in(client, "editor")
    with django_assert_num_queries(5):
        # and session; user; what the user may do
        client.get(URL)

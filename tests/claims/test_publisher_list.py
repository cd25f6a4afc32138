"""The list of publishers."""

import pytest

from tests import cast
from tests.claims.worlds import EVERYBODY, names_on, shown_and_hidden, sign_in, told

pytestmark = pytest.mark.django_db

URL = "/publishers/"


def rows(response):
    assert response.status_code == 200
    return [(publisher.name, publisher.claim_count) for publisher in response.context["rows"]]


@pytest.mark.parametrize("who", EVERYBODY)
def test_it_shows_the_public_the_publishers_of_what_is_published(client, who):
    shown_and_hidden()
    cast.article("Draft headline two\nText.", publisher="Shown paper")
    sign_in(client, who)
    response = client.get(URL)
    assert names_on(response) == {"Shown"}
    assert rows(response) == [("Shown paper", 1)]


def test_it_shows_a_role_all_with_all_claims_in_their_pages(client):
    shown_and_hidden()
    item = cast.article(publisher="Shown paper")
    for published in (True, False):
        cast.statement(item, chain=["X"], claim=cast.claim(f"Published: {published}", published=published))
    assert rows(client.get(URL)) == [("Shown paper", 2)]
    sign_in(client, "reader")
    assert rows(client.get(URL)) == [("Draft paper", 1), ("Shown paper", 3), ("Withdrawn paper", 0)]


def test_it_filters_and_sorts(client):
    sign_in(client, "reader")
    cast.publisher("Zebra Wire", kind="agency")
    cast.publisher("Alpha Post", kind="newspaper")
    cast.statement(cast.article(publisher="Zebra Wire"), claim=cast.claim())
    assert rows(client.get(URL)) == [("Alpha Post", 0), ("Zebra Wire", 1)]
    assert rows(client.get(f"{URL}?sort=claims")) == [("Zebra Wire", 1), ("Alpha Post", 0)]
    assert rows(client.get(f"{URL}?kind=agency")) == [("Zebra Wire", 1)]
    assert rows(client.get(f"{URL}?q=post")) == [("Alpha Post", 0)]
    assert rows(client.get(f"{URL}?q=post+alpha")) == [("Alpha Post", 0)]


@pytest.mark.parametrize("query", ["kind=paper", "sort=size", "country=DE"])
def test_it_refuses_what_it_does_not_understand(client, query):
    assert client.get(f"{URL}?{query}").status_code == 400


@pytest.mark.parametrize("count", [3, 30])
def test_it_costs_two_queries_and_a_role_five(client, django_assert_num_queries, count):
    with cast.at_once():
        for number in range(count):
            told(f"Shown {number}")
    with django_assert_num_queries(2):
        # the total; a page of publishers with their counts
        client.get(URL)
    sign_in(client, "editor")
    with django_assert_num_queries(5):
        # and session; user; what the user may do
        client.get(URL)

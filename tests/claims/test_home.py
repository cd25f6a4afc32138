"""The start page."""

import pytest

from tests import cast
from tests.claims.worlds import EVERYBODY, names_on, shown_and_hidden, sign_in, told

pytestmark = pytest.mark.django_db


def there(response):
    return {number.many: number.count for number in response.context["numbers"].there}


def to_do(response):
    return {number.many: number.count for number in response.context["numbers"].to_do}


@pytest.mark.parametrize("who", EVERYBODY)
def test_it_shows_and_counts_for_the_public_what_is_published(client, who):
    shown_and_hidden()
    sign_in(client, who)
    response = client.get("/")
    assert names_on(response) == {"Shown"}
    assert there(response) == {"claims": 1, "with a single source": 1, "statements": 1, "sources": 1, "articles": 1}
    assert to_do(response) == {}


def test_it_shows_and_counts_for_a_role_all_that_is_not_withdrawn(client):
    shown_and_hidden()
    sign_in(client, "reader")
    response = client.get("/")
    assert names_on(response) == {"Shown", "Draft"}
    # The withdrawn claim's statement, source and article stand: nobody withdrew those.
    assert there(response) == {"claims": 2, "with a single source": 2, "statements": 3, "sources": 3, "articles": 3}


def test_its_numbers_are_the_lengths_of_the_lists_they_lead_to(client):
    shown_and_hidden()
    cast.claim("Never said", published=True)
    sign_in(client, "editor")
    home = client.get("/")
    for number in home.context["numbers"].there:
        if number.many != "statements":
            assert client.get(number.url).context["total"] == number.total, number.label
    unsourced = next(each for each in home.context["numbers"].to_do if each.many == "claims without a source")
    assert client.get(unsourced.url).context["total"].number == unsourced.count == 1


def test_it_lists_the_work_for_the_desk(client):
    claim = told("Shown")
    cast.statement(chain=["X"], state="suggested")
    cast.statement(chain=["X"])
    cast.statement(chain=[None], claim=claim)
    cast.link(claim, "supports", cast.claim("Another"), state="suggested")
    sign_in(client, "editor")
    response = client.get("/")
    assert to_do(response) == {
        "suggested statements": 1,
        "statements without a claim": 1,
        "claims without a source": 1,
        "broken chains": 1,
        "suggested cross-references": 1,
    }


def test_it_speaks_of_one_thing_in_the_singular(client):
    told("Shown")
    cast.statement(chain=[None])
    sign_in(client, "editor")
    numbers = client.get("/").context["numbers"]
    assert [number.label for number in numbers.there] == [
        "claim",
        "with a single source",
        "statements",
        "source",
        "articles",
    ]
    assert [number.label for number in numbers.to_do] == [
        "suggested statements",
        "statement without a claim",
        "claims without a source",
        "broken chain",
        "suggested cross-references",
    ]


def test_its_work_leads_to_lists_that_open(client):
    sign_in(client, "editor")
    for number in client.get("/").context["numbers"].to_do:
        assert client.get(number.url).status_code == 200, number.url


def test_it_sends_nobody_to_a_desk_that_they_cannot_enter(client):
    sign_in(client, "reader")
    page = client.get("/")
    assert "/admin/" not in page.content.decode()
    assert [number.many for number in page.context["numbers"].to_do if number.url] == ["claims without a source"]


def test_it_says_how_to_begin_where_nothing_is_there(client):
    assert "Nothing has been published yet" in client.get("/").content.decode()
    sign_in(client, "editor")
    assert "This is how the first one comes about" in client.get("/").content.decode()


def test_it_offers_to_sign_in_and_out(client):
    page = client.get("/").content.decode()
    assert 'href="/login/?next=/"' in page
    assert "/logout/" not in page
    sign_in(client, "editor")
    page = client.get("/").content.decode()
    assert 'method="post" action="/logout/"' in page
    assert 'href="/admin/"' in page


@pytest.mark.parametrize("rows", [3, 20])
def test_it_costs_six_queries_and_the_desk_thirteen(client, django_assert_num_queries, rows):
    with cast.at_once():
        for number in range(rows):
            told(f"Shown {number}")
    with django_assert_num_queries(6):
        # counts of claims, statements, sources, articles; latest claims; their chains
        client.get("/")
    sign_in(client, "editor")
    with django_assert_num_queries(13):
        # and session; user; what the user may do; four kinds of work
        client.get("/")

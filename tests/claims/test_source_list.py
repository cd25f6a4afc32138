"""The list of sources."""

import pytest

from claims.models import Source
from tests import cast
from tests.claims.worlds import EVERYBODY, names_on, shown_and_hidden, sign_in, told

pytestmark = pytest.mark.django_db

URL = "/sources/"


def names(response):
    assert response.status_code == 200
    return [source.name for source in response.context["rows"]]


@pytest.mark.parametrize("who", EVERYBODY)
def test_it_shows_the_public_the_sources_of_what_is_published(client, who):
    shown_and_hidden()
    sign_in(client, who)
    response = client.get(URL)
    assert names_on(response) == {"Shown"}
    assert response.context["total"].number == 1


def test_it_shows_a_role_every_source_that_is_not_withdrawn(client):
    shown_and_hidden()
    cast.source("Gone").withdraw(by=None, reason="")
    sign_in(client, "reader")
    assert names(client.get(URL)) == ["Draft source", "Shown source", "Withdrawn source"]


def test_it_counts_claims_by_what_the_source_does(client):
    ministry, wire = cast.source("Ministry"), cast.source("Wire")
    for number in range(3):
        claim = cast.claim(f"Claim {number}", published=True)
        cast.statement(chain=[ministry, wire], claim=claim)
        cast.statement(chain=[ministry], claim=claim)
    cast.statement(chain=[wire], claim=claim, stance="denies")
    cast.statement(chain=[ministry], claim=cast.claim("Not published"))
    cast.statement(chain=[ministry], claim=cast.claim("Not confirmed", published=True), state="suggested")
    rows = {row.name: (row.makes, row.denied, row.passed_on) for row in client.get(URL).context["rows"]}
    assert rows == {"Ministry": (3, 0, 0), "Wire": (0, 1, 3)}
    sign_in(client, "editor")
    rows = {row.name: (row.makes, row.denied, row.passed_on) for row in client.get(URL).context["rows"]}
    assert rows == {"Ministry": (4, 0, 0), "Wire": (0, 1, 3)}


@pytest.fixture
def _cast_of_sources(client):
    sign_in(client, "editor")
    claim = cast.claim()
    times = cast.outlet("Financial Times")
    diplomat = cast.source(
        "one diplomat", kind=Source.Kind.PERSON, named=False, description="one diplomat", known_through=times
    )
    cast.statement(chain=[diplomat, times], claim=claim)
    cast.source("Ägyptens Präsident", kind=Source.Kind.PERSON, aliases="Cairo")


@pytest.mark.usefixtures("_cast_of_sources")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Financial Times", "one diplomat", "Ägyptens Präsident"]),
        ("q=cairo", ["Ägyptens Präsident"]),
        ("q=times", ["Financial Times"]),
        ("q=TIMES+financial", ["Financial Times"]),
        ("q=times+cairo", []),
        ("kind=person&kind=outlet", ["Financial Times", "one diplomat", "Ägyptens Präsident"]),
        ("named=no", ["one diplomat"]),
        ("named=yes&kind=person", ["Ägyptens Präsident"]),
        ("place=root", ["one diplomat"]),
        ("place=relay", ["Financial Times"]),
        ("place=root&place=relay", ["Financial Times", "one diplomat"]),
        ("sort=makes", ["one diplomat"]),
        ("sort=passed_on", ["Financial Times"]),
    ],
)
def test_it_filters_and_sorts(client, query, expected):
    found = names(client.get(f"{URL}?{query}"))
    # Where a letter with a mark stands among others differs between databases.
    assert found[:1] == expected if "sort" in query else sorted(found) == sorted(expected)


@pytest.mark.parametrize("query", ["kind=people", "named=maybe", "place=top", "sort=size", "speaker=x", "page=0"])
def test_it_refuses_what_it_does_not_understand(client, query):
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert "rows" not in response.context
    assert "This list cannot be shown as asked" in response.content.decode()


@pytest.mark.parametrize("rows", [3, 30])
def test_it_costs_two_queries_and_a_role_five(client, django_assert_num_queries, rows):
    with cast.at_once():
        for number in range(rows):
            told(f"Shown {number}")
    with django_assert_num_queries(2):
        # the total; a page of sources with their counts
        client.get(URL)
    sign_in(client, "editor")
    with django_assert_num_queries(5):
        # and session; user; what the user may do
        client.get(URL)


def test_it_does_not_repeat_a_name_as_a_description(client):
    cast.source("One diplomat", named=False, description="one diplomat")
    cast.source("One officer", named=False, description="an officer in Brussels")
    sign_in(client, "reader")
    page = client.get(URL).content.decode()
    assert "<p>an officer in Brussels</p>" in page
    assert "<p>one diplomat</p>" not in page

"""The facets beside the lists of articles, sources, publishers and tags."""

import pytest

from claims.filters import traits
from tests import cast
from tests.claims.worlds import EVERYBODY, names_on, shown_and_hidden, sign_in, told

pytestmark = pytest.mark.django_db

PANELS = ("/facets/articles/", "/facets/sources/", "/facets/publishers/", "/facets/tags/")


def counts(client, url):
    """By facet and value, how many rows there would be."""
    response = client.get(url)
    assert response.status_code == 200
    return {facet.name: {one.value: one.count for one in facet.choices} for facet in response.context["facets"]}


@pytest.fixture
def _articles(client):
    sign_in(client, "reader")
    news = cast.article("Storm warning\nIt will rain.", publisher="Herald", on="2024-05-01")
    cast.statement(news, chain=["X"])
    cast.article(
        "Storm over\nThe sun shines.", publisher="Digest", on="2025-05-01", kind="press_release", language="de"
    )
    cast.article("Undated\nNobody knows.", publisher=None, on=None)


@pytest.mark.usefixtures("_articles")
def test_articles_are_counted_by_what_they_are(client):
    assert counts(client, "/facets/articles/") == {
        "kind": {"news": 2, "press_release": 1},
        "publisher": {"digest": 1, "herald": 1, "none": 1},
        "statements": {"yes": 1, "no": 2},
        "language": {"en": 2, "de": 1},
        "year": {"2024": 1, "2025": 1, "none": 1},
    }


@pytest.mark.usefixtures("_articles")
def test_a_facet_is_counted_without_its_own_choice(client):
    found = counts(client, "/facets/articles/?q=storm&publisher=herald&-kind=wire")
    assert found["publisher"] == {"herald": 1, "digest": 1}
    assert found["kind"] == {"news": 1, "wire": 0}


@pytest.mark.usefixtures("_articles")
@pytest.mark.parametrize("name", ["kind", "publisher", "statements", "language", "year"])
def test_each_count_is_the_length_of_the_list_it_leads_to(client, name):
    response = client.get("/facets/articles/?-publisher=digest")
    facet = next(each for each in response.context["facets"] if each.name == name)
    for choice in facet.choices:
        if not choice.refused:
            assert client.get(choice.tick, follow=True).context["total"].number == choice.count, choice.value
        left = client.get(choice.refuse, follow=True).context["total"].number
        if facet.name != "publisher":
            assert left == 2 - choice.count, choice.value


def test_sources_are_counted_by_kind_name_and_place(client):
    sign_in(client, "reader")
    claim = cast.claim()
    cast.statement(chain=["Ministry", cast.outlet("Times")], claim=claim)
    cast.statement(
        chain=[cast.source("a diplomat", named=False, description="x", kind="person"), "Ministry"], claim=claim
    )
    cast.source("Never quoted")
    assert counts(client, "/facets/sources/") == {
        "kind": {"organisation": 2, "outlet": 1, "person": 1},
        "named": {"yes": 3, "no": 1},
        "place": {"root": 2, "relay": 2},
    }
    assert counts(client, "/facets/sources/?place=root&kind=person")["place"] == {"root": 1}


def test_publishers_and_tags_are_counted_by_kind(client):
    sign_in(client, "reader")
    for name, kind in (("Herald", "newspaper"), ("Digest", "think_tank"), ("Post", "newspaper")):
        cast.publisher(name, kind=kind)
    for name, kind in (("Baltic", "place"), ("NATO", "topic")):
        cast.tag(name, kind=kind)
    assert counts(client, "/facets/publishers/") == {"kind": {"newspaper": 2, "think_tank": 1}}
    assert counts(client, "/facets/publishers/?-kind=newspaper&q=e") == {"kind": {"think_tank": 1, "newspaper": 0}}
    assert counts(client, "/facets/tags/?kind=topic") == {"kind": {"place": 1, "topic": 1}}


@pytest.mark.parametrize("url", PANELS)
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_public_learns_of_nothing_hidden(client, who, url):
    shown_and_hidden()
    sign_in(client, who)
    assert names_on(client.get(url)) <= {"Shown"}
    for facet in client.get(url).context["facets"]:
        assert sum(choice.count for choice in facet.choices) == 1, facet.name


def test_one_facet_is_found_by_name_and_comes_alone_to_a_script(client):
    sign_in(client, "reader")
    for name in ("Herald", "Digest"):
        cast.article(publisher=name)
    page = client.get("/facets/articles/publisher/?find=HERA&kind=news")
    assert [choice.value for choice in page.context["facet"].choices] == ["herald"]
    assert "<h1>" in page.content.decode()
    part = client.get("/facets/articles/publisher/?find=hera", headers={"HX-Request": "true"})
    assert "<h1>" not in part.content.decode()
    assert "Herald" in part.content.decode()


@pytest.mark.parametrize("url", ["/facets/articles/size/", "/facets/tags/sort/", "/facets/sources/q/"])
def test_there_are_no_other_facets(client, url):
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("url", [*PANELS, "/facets/articles/kind/"])
def test_an_address_that_is_wrong_leads_to_the_list_that_says_so(client, url):
    response = client.get(f"{url}?kind=nonsense", follow=True)
    assert (response.status_code, response.redirect_chain[0][0]) == (400, f"/{url.split('/')[2]}/?kind=nonsense")


def test_a_long_list_is_counted_in_part_and_says_so(client, monkeypatch):
    sign_in(client, "reader")
    monkeypatch.setattr(traits, "CAP", 2)
    for name in ("A", "B", "C"):
        cast.publisher(name, kind="agency")
    page = client.get("/facets/publishers/")
    (facet,) = page.context["facets"]
    assert (facet.capped, facet.choices[0].count) == (True, 2)
    assert "at least" in page.content.decode()


@pytest.mark.parametrize(
    ("url", "queries"), [*zip(PANELS, (3, 2, 2, 2), strict=True), ("/facets/articles/?kind=news", 4)]
)
def test_it_costs_a_query_and_one_more_each_facet_in_use(client, django_assert_num_queries, url, queries):
    with cast.at_once():
        for number in range(12):
            told(f"Shown {number}")
    with django_assert_num_queries(queries):
        # the total, which in the list of articles is counted with its rows; what is counted; names of publishers
        client.get(url)


@pytest.mark.parametrize("noun", ["publisher", "source", "tag"])
def test_facets_hide_no_row_that_is_called_so(client, noun):
    sign_in(client, "reader")
    getattr(cast, noun)("Facets")
    page = client.get(f"/{noun}s/facets/")
    assert page.status_code == 200
    assert f"claims/{noun}_detail.html" in [template.name for template in page.templates]

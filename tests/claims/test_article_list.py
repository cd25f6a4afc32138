"""The list of articles."""

import pytest

from articles.models import ArticleVersion
from claims.provenance import refresh
from tests import cast
from tests.claims.worlds import EVERYBODY, names_on, shown_and_hidden, sign_in, told

pytestmark = pytest.mark.django_db

URL = "/articles/"


def headlines(response):
    assert response.status_code == 200
    return [row.headline for row in response.context["rows"]]


@pytest.mark.parametrize("who", EVERYBODY)
def test_it_shows_the_public_the_articles_of_what_is_published(client, who):
    shown_and_hidden()
    sign_in(client, who)
    response = client.get(URL)
    assert names_on(response) == {"Shown"}
    assert response.context["total"].number == 1


def test_it_shows_a_role_every_article(client):
    shown_and_hidden()
    cast.article("Nobody quoted this\nText.")
    sign_in(client, "reader")
    assert len(headlines(client.get(URL))) == 4


def test_it_counts_the_statements_that_the_viewer_may_see(client):
    item = cast.article("Headline\nOne said this.")
    for chain, published, state in (("A", True, "confirmed"), ("B", True, "suggested"), ("C", False, "confirmed")):
        cast.statement(item, chain=[chain], claim=cast.claim(f"By {chain}", published=published), state=state)
    assert [row.statements for row in client.get(URL).context["rows"]] == [1]
    sign_in(client, "reader")
    assert [row.statements for row in client.get(URL).context["rows"]] == [2]


@pytest.fixture
def _three(client):
    sign_in(client, "reader")
    cast.statement(cast.article("Old report\nText.", publisher="Herald", on="2024-01-01", kind="opinion"), chain=["X"])
    cast.article("New report\nText.", publisher="Digest", on="2025-01-01")
    undated = cast.article("Undated page\nText.", publisher=None, on=None)
    ArticleVersion.next_for(undated, headline="Renamed page", text="Renamed page\nText.").save()
    refresh(articles=[undated.pk])


@pytest.mark.usefixtures("_three")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["New report", "Old report", "Renamed page"]),
        ("sort=oldest", ["Old report", "New report", "Renamed page"]),
        ("sort=statements", ["Old report", "New report", "Renamed page"]),
        ("q=REPORT", ["New report", "Old report"]),
        ("q=renamed", ["Renamed page"]),
        ("q=report+new", ["New report"]),
        ("q=undated", []),
        ("publisher=herald", ["Old report"]),
        ("publisher=herald&publisher=digest", ["New report", "Old report"]),
        ("kind=opinion", ["Old report"]),
        ("published_after=2024-01-02", ["New report"]),
        ("published_before=2024-01-01", ["Old report"]),
        ("statements=yes", ["Old report"]),
        ("statements=no", ["New report", "Renamed page"]),
        ("statements=yes&statements=no", ["New report", "Old report", "Renamed page"]),
        ("publisher=none", ["Renamed page"]),
        ("-publisher=none&-kind=opinion", ["New report"]),
        ("year=2024&year=none", ["Old report", "Renamed page"]),
        ("-language=en", []),
        ("q=herald", ["Old report"]),
        ("q=text+-reports", ["Renamed page"]),
        ("q=rep*", ["New report", "Old report"]),
        ("sort=relevance&q=text+OR+renamed", ["Renamed page", "New report", "Old report"]),
    ],
)
def test_it_filters_and_sorts(client, query, expected):
    assert headlines(client.get(f"{URL}?{query}")) == expected


@pytest.mark.usefixtures("_three")
@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("publisher:herald report", "q=report&publisher=herald"),
        ("-kind:opinion", "-kind=opinion"),
        ("before:2025", "published_before=2024-12-31"),
        ("after:2025-01", "published_after=2025-01-01"),
    ],
)
def test_the_search_box_takes_filters(client, typed, query):
    response = client.get(URL, {"q": typed}, follow=True)
    assert response.redirect_chain[0][0] == f"{URL}?{query}"
    assert headlines(response)


def test_the_public_searches_whole_texts_only_where_it_may_read_them(client):
    for name, text_public in (("Open", True), ("Closed", False)):
        item = cast.article(f"{name} report\nA secret word.\nThey said so.", text_public=text_public)
        cast.statement(item, "They said so.", chain=["X"], claim=cast.claim(name, published=True))
    assert headlines(client.get(f"{URL}?q=secret")) == ["Open report"]
    assert headlines(client.get(f"{URL}?q=report+-secret")) == ["Closed report"]
    ranked = client.get(f"{URL}?q=report&sort=relevance", follow=True)
    assert ranked.redirect_chain == [(f"{URL}?q=report", 302)], "the order would tell"
    assert sorted(headlines(ranked)) == ["Closed report", "Open report"]
    assert "A secret word" not in client.get(f"{URL}?q=closed").content.decode()
    sign_in(client, "reader")
    assert headlines(client.get(f"{URL}?q=secret")) == ["Closed report", "Open report"]


def test_it_marks_the_words_and_quotes_the_text_where_the_headline_lacks_them(client):
    cast.article("A storm is near\nThe minister spoke of rain.")
    sign_in(client, "reader")
    page = client.get(f"{URL}?q=rains+OR+storm").content.decode()
    assert "A <mark>storm</mark> is near" in page
    assert "<mark>rain</mark>" not in page
    assert "The minister spoke of <mark>rain</mark>." in client.get(f"{URL}?q=rain").content.decode()


def test_it_says_what_is_not_known(client):
    sign_in(client, "reader")
    cast.article(publisher=None, on=None)
    page = client.get(URL).content.decode()
    assert "publisher unknown" in page
    assert "undated" in page


@pytest.mark.parametrize("query", ["kind=blog", "publisher=nobody", "published_after=x", "sort=size", "tag=x"])
def test_it_refuses_what_it_does_not_understand(client, query):
    assert client.get(f"{URL}?{query}").status_code == 400


def test_a_hidden_publisher_is_unknown_to_the_public(client):
    shown_and_hidden()
    assert client.get(f"{URL}?publisher=shown-paper").status_code == 200
    assert client.get(f"{URL}?publisher=draft-paper").status_code == 400


@pytest.mark.parametrize("count", [3, 30])
def test_it_costs_three_queries_and_a_role_six(client, django_assert_num_queries, count):
    with cast.at_once():
        for number in range(count):
            told(f"Shown {number}")
    with django_assert_num_queries(3):
        # the keys of all; a page of articles with publishers and counts; their headlines
        client.get(URL)
    sign_in(client, "editor")
    with django_assert_num_queries(6):
        # and session; user; what the user may do
        client.get(URL)

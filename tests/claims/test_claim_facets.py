"""The panel of facets beside the claim list, and as a page of its own. What it counts: test_facets."""

import re

import pytest

from claims.provenance import refresh
from tests import cast
from tests.claims.pages import words
from tests.claims.worlds import EVERYBODY, shown_and_hidden, sign_in, told

pytestmark = pytest.mark.django_db

URL = "/facets/claims/"
LINK = re.compile(r'<a class="(tick|not)" href="([^"]*)"(?: aria-current="(true)")? aria-label="([^"]*)">')


def page(client, url, **headers):
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def facet(html, name):
    """The one facet of that name."""
    return html.split(f'id="facet-{name}"')[1].split("</details>")[0]


def links(html):
    """By kind and words, where the links of values lead."""
    return {
        (kind, words(text)): (url.replace("&amp;", "&"), current) for kind, url, current, text in LINK.findall(html)
    }


def test_the_list_itself_counts_no_facet_and_says_where_they_are(client):
    told("Shown")
    html = page(client, "/claims/?tag=shown-tag&sort=oldest")
    assert 'class="value' not in html
    assert 'hx-get="/facets/claims/?tag=shown-tag&amp;sort=oldest" hx-trigger="intersect once"' in html
    assert '<a class="button quiet" href="/facets/claims/?tag=shown-tag&amp;sort=oldest">Filter this list</a>' in html


def test_a_value_and_its_count_are_one_link_that_chooses_it(client):
    told("Shown")
    told("Other")
    found = links(facet(page(client, URL), "tag"))
    assert found["tick", "Shown tag, 1 claim"] == ("/claims/?tag=shown-tag", "")
    assert found["not", "not: Shown tag"] == ("/claims/?-tag=shown-tag", "")
    assert client.get("/claims/?tag=shown-tag").context["total"].number == 1


def test_it_keeps_all_other_parameters_but_the_page(client):
    told("Shown")
    found = links(facet(page(client, f"{URL}?q=shown&kind=fact&sort=oldest&cols=tags&page=1"), "tag"))
    assert found["tick", "Shown tag, 1 claim"][0] == "/claims/?q=shown&kind=fact&sort=oldest&cols=tags&tag=shown-tag"


def test_what_is_chosen_says_so_and_can_be_taken_off(client):
    told("Shown")
    told("Other")
    html = facet(page(client, f"{URL}?tag=other-tag&-root=shown-source"), "tag")
    assert links(html)["tick", "Other tag, 1 claim, chosen"] == ("/claims/?-root=shown-source", "true")
    assert '<span class="in-use">in use</span>' in html
    html = facet(page(client, f"{URL}?tag=other-tag&-root=shown-source"), "root")
    found = links(html)
    assert found["not", "not: Shown source"] == ("/claims/?tag=other-tag", "true")
    assert found["tick", "Shown source, refused"] == ("/claims/?tag=other-tag&root=shown-source", "")


def test_tags_are_drawn_as_a_tree(client):
    top = cast.tag("NATO")
    filed = cast.claim(published=True)
    filed.tags.add(cast.tag("Hybrid", parent=top))
    refresh(claims=[filed.pk])
    html = facet(page(client, URL), "tag")
    assert html.index(">NATO<") < html.index(">Hybrid<")
    assert re.search(r'<li class="value"><a [^>]*><span class="name">NATO', html)
    assert re.search(r'<li class="value level-1"><a [^>]*><span class="name">Hybrid', html)


def test_years_are_drawn_with_bars(client):
    for number, year in enumerate((2023, 2025, 2025)):
        cast.statement(chain=["Ministry"], claim=cast.claim(f"C{number}", published=True), said_on=f"{year}-05-05")
    html = facet(page(client, URL), "year")
    assert html.index("2025") < html.index("2023")
    assert re.findall(r'<rect width="(\d+)%"', html) == ["100", "50"]


def test_a_script_gets_the_panel_alone(client):
    told("Shown")
    response = client.get(URL, headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert 'id="facet-tag"' in response.content.decode()
    assert "HX-Request" in response["Vary"]


def test_without_one_it_is_a_page_with_the_way_back(client):
    told("Shown")
    html = page(client, f"{URL}?tag=shown-tag")
    assert "<h1>Filter the claims</h1>" in html
    assert '<a href="/claims/?tag=shown-tag">Show them</a>' in html
    assert "Remove filter Tag: Shown tag" in words(html)


def test_what_is_no_facet_is_asked_for_in_a_form_that_keeps_the_rest(client):
    told("Shown")
    html = page(client, f"{URL}?q=claim&tag=shown-tag&sources_min=1&said_after=2020-01-01")
    form = html.split('aria-label="More filters"')[1].split("</form>")[0]
    assert '<input type="hidden" name="q" value="claim">' in form
    assert '<input type="hidden" name="tag" value="shown-tag">' in form
    assert 'type="hidden" name="sources_min"' not in form
    assert re.search(r'type="number" name="sources_min" id="id_sources_min" value="1"', form)
    assert re.search(r'type="date" name="said_after" id="id_said_after" value="2020-01-01"', form)


def test_an_address_that_the_list_refuses_leads_there(client):
    response = client.get(f"{URL}?knid=fact")
    assert response.status_code == 302
    assert response["Location"] == "/claims/?knid=fact"


@pytest.mark.parametrize("who", EVERYBODY)
def test_it_names_to_the_public_nothing_that_is_hidden(client, who):
    shown_and_hidden()
    sign_in(client, who)
    html = page(client, URL)
    assert "Shown tag" in html
    assert "Draft" not in html
    assert "Withdrawn" not in html
    assert 'id="facet-status"' not in html
    assert client.get(f"{URL}status/").status_code == 404


# One facet


@pytest.fixture
def _many():
    with cast.at_once():
        for number in range(12):
            told(f"Shown {number}")


@pytest.mark.usefixtures("_many")
def test_more_of_a_facet_is_asked_for_by_its_link(client):
    html = facet(page(client, f"{URL}?kind=fact"), "root")
    assert html.count('class="tick"') == 10
    assert 'hx-get="/facets/claims/root/?kind=fact" hx-target="#facet-root"' in html
    assert facet(page(client, f"{URL}root/?kind=fact"), "root").count('class="tick"') == 12


@pytest.mark.usefixtures("_many")
def test_one_facet_is_looked_through_by_name(client):
    html = page(client, f"{URL}root/?kind=fact&find=SHOWN+1")
    assert {text for kind, text in links(html) if kind == "tick"} == {
        "Shown 1 source, 1 claim",
        "Shown 10 source, 1 claim",
        "Shown 11 source, 1 claim",
    }
    assert 'name="find" value="SHOWN 1"' in html
    assert '<input type="hidden" name="kind" value="fact">' in html
    assert "Nothing here is called so." in page(client, f"{URL}root/?find=zebra")


def test_what_is_chosen_keeps_its_count_while_another_is_looked_for(client):
    told("Shown")
    told("Other")
    facet = client.get(f"{URL}root/?root=shown-source&find=other").context["facet"]
    assert {choice.value: choice.count for choice in facet.choices} == {"shown-source": 1, "other-source": 1}


def test_there_is_no_facet_of_another_name(client):
    assert client.get(f"{URL}q/").status_code == 404
    assert client.get(f"{URL}nothing/").status_code == 404


# What it costs


@pytest.mark.parametrize("rows", [3, 30])
def test_it_costs_the_public_three_queries(client, django_assert_num_queries, rows):
    with cast.at_once():
        for number in range(rows):
            told(f"Shown {number}")
    with django_assert_num_queries(3):
        # the counts that are kept; the names of values; the total
        client.get(URL)


def test_what_would_narrow_nothing_stands_last(client):
    told("Shown", kind="fact")
    told("Other", kind="figure")
    names = [facet.name for facet in client.get(URL).context["facets"] if facet.choices]
    assert names.index("tag") < names.index("kind") < names.index("needs") < names.index("verdict")
    chosen = [facet.name for facet in client.get(f"{URL}?verdict=none").context["facets"] if facet.choices]
    assert chosen.index("verdict") < chosen.index("tag")

"""The claim list as a page: rows, addresses, pages, who sees what. Its filters: test_claim_filters."""

import re

import pytest
from django.urls import reverse

from claims.models import Claim
from claims.provenance import refresh
from tests import cast
from tests.claims.worlds import EVERYBODY, names_on, shown_and_hidden, sign_in, told

pytestmark = pytest.mark.django_db

URL = "/claims/"


def text_of(response):
    """The page's words on one line, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def total(response):
    return response.context["total"].number


@pytest.mark.parametrize("who", EVERYBODY)
def test_it_shows_the_public_what_is_published(client, who):
    shown_and_hidden()
    sign_in(client, who)
    response = client.get(URL)
    assert names_on(response) == {"Shown"}
    assert total(response) == 1


@pytest.mark.parametrize("who", ["reader", "editor", "admin"])
def test_it_shows_a_role_all_that_is_not_withdrawn(client, who):
    shown_and_hidden()
    sign_in(client, who)
    response = client.get(URL)
    assert names_on(response) == {"Shown", "Draft"}
    assert total(response) == 2


def test_it_shows_a_row_with_its_chain_date_and_counts(client):
    claim = cast.claim("Soldiers go to Poland", published=True)
    ministry = cast.source("Defence ministry")
    cast.statement(cast.article(publisher="Digest"), chain=[ministry, "Welle"], claim=claim, said_on="2025-11-21")
    cast.statement(cast.article(publisher="Herald"), chain=["Kremlin"], claim=claim, stance="denies")
    page = text_of(client.get(URL))
    assert "Soldiers go to Poland Defence ministry" in page
    assert page.index("Defence ministry") < page.index("Welle") < page.index("Digest")
    assert "2 statements Show them 21 Nov 2025 2 1 No verdict yet" in page
    assert "denied by 1" in page
    markup = client.get(URL).content.decode()
    assert '<span class="badge">Single source</span>' in markup
    assert '<time datetime="2025-11-21">' in markup


def test_it_remarks_on_no_claim_that_has_several_sources(client):
    claim = cast.claim(published=True)
    cast.statement(chain=["Britain"], claim=claim)
    cast.statement(chain=["France"], claim=claim)
    page = client.get(URL).content.decode()
    assert '<td class="number" data-label="Independent sources">2</td>' in page
    assert 'class="badge"' not in page


def test_it_shows_the_status_to_the_desk_only(client):
    told("Shown")
    assert 'class="state settled">Published' not in client.get(URL).content.decode()
    sign_in(client, "editor")
    assert 'class="state settled">Published' in client.get(URL).content.decode()


def test_it_shows_no_chain_that_only_a_hidden_statement_has(client):
    claim = cast.claim(published=True)
    statement = cast.statement(chain=["Secret source"], claim=claim)
    type(statement).objects.filter(pk=statement.pk).update(state="suggested")
    refresh(statements=[statement.pk])
    assert "Secret source" not in client.get(URL).content.decode()


@pytest.fixture
def _answered():
    """A claim first made by the ministry, denied by Russia and passed on by the FT in a later article."""
    claim = cast.claim("Drones came from the east", published=True)
    cast.statement(chain=["Ministry"], claim=claim, said_on="2025-11-01")
    cast.statement(cast.article(on="2025-11-25"), chain=["Officer", "FT"], claim=claim)
    cast.statement(cast.article(on="2025-11-26"), chain=["Second officer", "FT"], claim=claim)
    cast.statement(cast.article(publisher="Herald"), chain=["Russia"], claim=claim, stance="denies")


@pytest.mark.usefixtures("_answered")
@pytest.mark.parametrize(
    ("query", "chain", "stance"),
    [
        ("", "Ministry › The Daily Digest", None),
        ("publisher=the-daily-digest", "Ministry › The Daily Digest", None),
        ("relay=ft", "Officer › FT › The Daily Digest", None),
        ("root=second-officer", "Second officer › FT › The Daily Digest", None),
        ("publisher=herald", "Russia › Herald", "denies"),
        ("stance=denies", "Russia › Herald", "denies"),
        ("published_after=2025-11-26", "Second officer › FT › The Daily Digest", None),
    ],
)
def test_it_shows_the_chain_of_the_first_statement_that_fits(client, query, chain, stance):
    cast.statement(chain=["Ministry", "FT"], claim=cast.claim("Noise", short_text="Noise"))
    row = client.get(f"{URL}?{query}").context["rows"][0]
    assert str(row.chain) == chain
    assert (row.stance and row.stance.word) == stance


@pytest.mark.usefixtures("_answered")
def test_it_says_so_where_that_statement_does_not_assert_the_claim(client):
    assert 'class="stance denies">denies<' in client.get(f"{URL}?root=russia").content.decode()
    assert 'class="stance' not in client.get(URL).content.decode()


def test_it_says_kindly_that_nothing_is_there(client):
    assert "Nothing has been published yet" in text_of(client.get(URL))
    sign_in(client, "editor")
    assert "Import articles at the desk" in text_of(client.get(URL))


def test_a_long_claim_is_whole_in_its_title(client):
    cast.claim("Short", published=True)
    cast.claim("“Long” " * 30, published=True)
    page = client.get(URL).content.decode()
    assert page.count(' title="“Long” “Long”') == 1
    assert ' title="Short' not in page


def test_it_says_which_filter_leaves_nothing(client):
    told("Shown")
    told("Other")
    response = client.get(URL, {"q": "zebra", "tag": "shown-tag"})
    assert response.status_code == 200
    page = text_of(response)
    assert "Nothing fits all 2 filters at once." in page
    assert "Without Words: zebra there is 1" in page
    assert "Without Tag: Shown tag" not in page
    assert '<a href="/claims/?tag=shown-tag">Without <em>Words: zebra</em></a>' in response.content.decode()


def test_it_says_which_filters_leave_nothing_even_alone(client):
    told("Shown")
    told("Other")
    assert "Nothing fits this filter. Without Words: zebra there are 2." in text_of(client.get(URL, {"q": "zebra"}))
    page = text_of(client.get(URL, {"q": "zebra", "tag": "shown-tag", "kind": "opinion"}))
    assert "Nothing at all fits Words: zebra . Remove it" in page
    assert "Nothing at all fits Kind: opinion . Remove it" in page
    assert "fits Tag: Shown tag" not in page
    contradicting = {"q": "shown", "tag": "shown-tag", "root": "other-source", "publisher": "other-paper"}
    assert "To remove one of them is not enough" in text_of(client.get(URL, contradicting))


def test_it_has_one_heading_and_a_title(client):
    page = client.get(URL).content.decode()
    assert page.count("<h1") == 1
    assert " ".join(re.search(r"<title>(.*?)</title>", page, re.S)[1].split()) == "Claims · Hearsay"


def test_its_search_box_stands_on_every_page_and_asks_it(client):
    page = client.get("/sources/").content.decode()
    assert re.search(r'<form class="search" action="/claims/">.*?name="q"', page, re.S)


# Addresses


def test_it_sends_names_and_empty_parameters_on_to_the_tidy_address(client):
    told("Shown")
    response = client.get(URL, {"q": "", "root": " shown SOURCE ", "kind": "fact", "sort": "newest", "page": "1"})
    assert response.status_code == 302
    assert response["Location"] == "/claims/?root=shown-source&kind=fact"
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["", "q=a+b%26c", "tag=shown-tag&kind=fact&kind=figure", "kind=figure&kind=fact&q=x", "sort=oldest&page=1"],
)
def test_an_address_leads_to_itself_or_to_one_that_does(client, query):
    told("Shown")
    response = client.get(f"{URL}?{query}")
    if response.status_code == 302:
        response = client.get(response["Location"])
    assert response.status_code == 200


def test_its_chips_each_take_one_filter_off(client):
    told("Shown")
    response = client.get(f"{URL}?tag=shown-tag&root=shown-source&kind=fact&kind=figure&sort=oldest")
    chips = {(chip.label, chip.value): chip.url for chip in response.context["chips"]}
    assert chips == {
        ("Tag", "Shown tag"): "/claims/?root=shown-source&kind=fact&kind=figure&sort=oldest",
        ("Said by", "Shown source"): "/claims/?tag=shown-tag&kind=fact&kind=figure&sort=oldest",
        ("Kind", "fact"): "/claims/?tag=shown-tag&root=shown-source&kind=figure&sort=oldest",
        ("Kind", "figure"): "/claims/?tag=shown-tag&root=shown-source&kind=fact&sort=oldest",
    }


# Pages


def test_it_pages_by_fifty_without_losing_or_repeating_a_row(client):
    with cast.at_once():
        for number in range(53):
            cast.claim(f"Claim number {number:02}", published=True)
    first = client.get(URL)
    second = client.get(first.context["next_url"])
    texts = [row.text for page in (first, second) for row in page.context["rows"]]
    assert len(texts) == 53
    assert len(set(texts)) == 53
    assert "Page 1 of 2" in text_of(first)
    assert 'href="/claims/" rel="prev"' in second.content.decode()
    assert [row.text for row in client.get(f"{URL}?page=2").context["rows"]] == texts[50:]


def test_its_pages_keep_the_filters(client):
    with cast.at_once():
        for number in range(51):
            cast.claim(f"Claim number {number:02}", published=True)
    response = client.get(f"{URL}?kind=fact&sort=oldest")
    assert response.context["next_url"].startswith("/claims/?kind=fact&sort=oldest&page=2&after=")


def test_it_answers_a_page_that_is_not_there(client):
    told("Shown")
    response = client.get(f"{URL}?page=9")
    assert response.status_code == 404
    assert "There is no page 9: the list ends on page 1" in text_of(response)
    assert "Shown claim" not in text_of(response)


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "9" * 5000, "99999999999999999999"])
def test_it_refuses_a_page_that_is_no_number(client, number):
    response = client.get(URL, {"page": number})
    assert response.status_code == 400
    assert "Page: Give a whole number" in text_of(response)


# What it costs


@pytest.mark.parametrize("rows", [3, 30])
def test_it_costs_the_public_three_queries(client, django_assert_num_queries, rows):
    with cast.at_once():
        for number in range(rows):
            told(f"Shown {number}")
    with django_assert_num_queries(3):
        # the total that is kept; the keys of a page; its claims with their entries
        client.get(URL)


EVERYTHING = (
    "?q=claim&tag=shown-1-tag&tag=shown-2-tag&root=shown-1-source&root=shown-2-source&source=shown-1-source"
    "&publisher=shown-1-paper&stance=asserts&published_after=2020-01-01&published_before=2030-01-01&kind=fact"
    "&status=published&verdict=none&said_after=2020-01-01&said_before=2030-01-01&sources_min=1&sources_max=1"
    "&has=statement&lacks=review&lacks=evidence&lacks=cross_reference&sort=oldest&cols=tags&cols=assignee"
)


@pytest.mark.parametrize("rows", [3, 30])
def test_it_costs_an_editor_at_most_twelve_queries(client, django_assert_num_queries, rows):
    with cast.at_once():
        for number in range(rows):
            told(f"Shown {number}")
    sign_in(client, "editor")
    with django_assert_num_queries(7):
        # session; user; what the user may do; saved lists; the total; keys; claims
        assert client.get(URL).status_code == 200
    with django_assert_num_queries(12):
        # session; user; what the user may do; saved lists; names of tags; of sources; of publishers; the total;
        # the keys; the claims; by which statement each was found; their tags (nobody is assigned)
        assert total(client.get(URL + EVERYTHING)) == 1


def test_it_is_read_only(client):
    assert client.post(URL).status_code == 405
    assert client.head(URL).status_code == 200


def test_a_claims_own_address_is_on_it(client):
    claim = told("Shown")
    assert f'href="{reverse("claim_detail", args=[claim.pk, "shown-claim"])}"' in client.get(URL).content.decode()
    assert Claim.objects.count() == 1


def test_a_refused_name_stays_in_its_box_and_the_others_stay_chosen(client):
    told("Shown")
    page = client.get(f"{URL}?root=shown-source&root=shwn").content.decode()
    box = re.search(r'<input type="text"\s+name="root".*?>', page, re.S)[0]
    assert 'value="shwn"' in box
    assert 'aria-invalid="true"' in box
    assert re.search(r'type="checkbox"\s+name="root"\s+value="shown-source"\s+checked', page)

"""The Atom feeds: what is new in a list."""

import datetime as dt
from xml.etree import ElementTree

import pytest

from claims.models import Claim, SavedList
from claims.provenance import refresh
from tests import cast
from tests.claims.worlds import EVERYBODY, HIDDEN, shown_and_hidden, sign_in, told

pytestmark = pytest.mark.django_db

URL = "/claims/feed/"
ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client, url=URL):
    """A feed, read."""
    response = client.get(url)
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def titles(client, url=URL):
    return [entry.findtext(f"{ATOM}title") for entry in feed(client, url).iter(f"{ATOM}entry")]


def published(claim, on):
    Claim.objects.filter(pk=claim.pk).update(published_at=dt.datetime.fromisoformat(on).replace(tzinfo=dt.UTC))


@pytest.fixture
def lead():
    """Keeps a list for the desk and one that is nobody else's."""
    lead = cast.person("lead")
    SavedList.objects.create(name="Ours", query="status=new", owner=lead, visibility="desk")
    SavedList.objects.create(name="Private", owner=lead)
    return lead


def list_feed(name):
    return f"/lists/{SavedList.objects.get(name=name).uid}/feed/"


def test_an_entry_says_what_was_said_and_how_it_came_to_us(client):
    claim = told("Shown", kind="figure")
    Claim.objects.filter(pk=claim.pk).update(updated_at=dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC))
    published(claim, "2026-01-01")
    (entry,) = feed(client).iter(f"{ATOM}entry")
    found = {child.tag.removeprefix(ATOM): child.text for child in entry if child.text}
    assert found == {
        "title": "Shown claim",
        "id": claim.uid.urn,
        "published": "2026-01-01T00:00:00+00:00",
        "updated": "2026-01-02T03:04:05+00:00",
        "summary": "Shown source › Shown paper · First said by 22 Nov 2025 · No verdict yet",
    }
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver{claim.get_absolute_url()}"
    assert [tag.get("term") for tag in entry.iter(f"{ATOM}category")] == ["Shown tag"]


def test_it_says_what_it_is_a_feed_of(client):
    told("Shown", kind="figure")
    found = feed(client, f"{URL}?kind=figure&sort=oldest")
    assert found.findtext(f"{ATOM}title") == "Claims · Kind: figure"
    assert found.findtext(f"{ATOM}author/{ATOM}name") == "Hearsay"
    assert {link.get("rel"): link.get("href") for link in found.findall(f"{ATOM}link")} == {
        "alternate": "http://testserver/claims/?kind=figure&sort=oldest",
        "self": "http://testserver/claims/feed/?kind=figure&sort=oldest",
    }
    assert found.findtext(f"{ATOM}id") == "http://testserver/claims/?kind=figure&sort=oldest"


def test_what_was_published_last_stands_first(client):
    for name, on in (("Second", "2026-01-02"), ("Last", "2026-01-03"), ("First", "2026-01-01")):
        published(told(name), on)
    assert titles(client) == ["Last claim", "Second claim", "First claim"]


def test_it_takes_the_parameters_of_the_list(client):
    told("Shown", kind="figure")
    told("Other", kind="fact")
    assert titles(client, f"{URL}?kind=figure&cols=tags&page=3") == ["Shown claim"]
    assert titles(client, f"{URL}?q=other") == ["Other claim"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("kind=figures", "“figures” is not one of the choices."),
        ("stauts=new", "This list has no filter called “stauts”."),
        ("status=new", "Only the desk can filter by status. Sign in first."),
    ],
)
def test_what_it_does_not_understand_it_says(client, query, reason):
    response = client.get(f"{URL}?{query}")
    assert (response.status_code, response.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert reason in response.content.decode()


@pytest.mark.parametrize("who", [*EVERYBODY, "reader"])
@pytest.mark.parametrize("url", [URL, "/sources/shown-source/feed/", "/tags/shown-tag/feed/"])
def test_it_holds_what_the_public_may_see_whoever_asks(client, who, url):
    shown_and_hidden()
    sign_in(client, who)
    assert titles(client, url) == ["Shown claim"]


@pytest.mark.parametrize("who", [*EVERYBODY, "reader"])
@pytest.mark.parametrize("name", [*(name.lower() for name in HIDDEN), "nobody"])
@pytest.mark.parametrize("noun", ["source", "tag"])
def test_what_the_public_may_not_see_has_no_feed(client, who, name, noun):
    shown_and_hidden()
    sign_in(client, who)
    assert client.get(f"/{noun}s/{name}-{noun}/feed/").status_code == 404


def test_a_source_and_a_tag_have_their_own(client):
    told("Shown")
    told("Other")
    found = feed(client, "/sources/shown-source/feed/")
    assert (found.findtext(f"{ATOM}title"), found.find(f"{ATOM}link").get("href")) == (
        "Shown source",
        "http://testserver/sources/shown-source/",
    )
    assert titles(client, "/sources/shown-source/feed/") == titles(client, "/tags/shown-tag/feed/") == ["Shown claim"]


def test_a_saved_list_has_one_for_who_may_see_the_list(client, lead):
    told("Shown")
    told("Draft", published=False)
    client.force_login(cast.person("reader"))
    assert titles(client, list_feed("Ours")) == ["Draft claim"]
    assert client.get(list_feed("Private")).status_code == 404
    client.force_login(lead)
    assert sorted(titles(client, list_feed("Private"))) == ["Draft claim", "Shown claim"]


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.usefixtures("lead")
def test_nobody_else_gets_the_feed_of_a_saved_list(client, who):
    sign_in(client, who)
    assert [client.get(list_feed(name)).status_code for name in ("Ours", "Private")] == [404, 404]


def test_a_withdrawn_list_has_no_feed(client, lead):
    url = list_feed("Private")
    SavedList.objects.get(name="Private").withdraw(by=lead, reason="")
    client.force_login(lead)
    assert client.get(url).status_code == 404


def test_a_program_that_has_it_gets_nothing_anew(client):
    told("Shown")
    tag = client.get(URL).headers["ETag"]
    assert client.get(URL, headers={"If-None-Match": tag}).status_code == 304
    told("Other")
    assert client.get(URL, headers={"If-None-Match": tag}).status_code == 200


def test_what_xml_does_not_have_is_left_out(client):
    refresh(claims=[cast.claim("Bell\x07 & <b>\uffff", published=True).pk])
    assert titles(client) == ["Bell & <b>"]


@pytest.mark.parametrize("url", [URL, "/sources/shown-source/feed/", "/tags/shown-tag/feed/"])
def test_it_is_only_read(client, url):
    told("Shown")
    assert client.post(url).status_code == 405


def test_its_queries_do_not_grow_with_the_list(client, django_assert_num_queries):
    with cast.at_once():
        for number in range(51):
            told(f"Number {number}")
    # The claims with their entries; their tags.
    with django_assert_num_queries(3):
        found = titles(client)
    assert len(found) == 50


@pytest.mark.parametrize(
    ("path", "href"),
    [
        ("/claims/?kind=fact", "/claims/feed/?kind=fact"),
        ("/sources/shown-source/", "/sources/shown-source/feed/"),
        ("/tags/shown-tag/", "/tags/shown-tag/feed/"),
    ],
)
def test_the_page_of_a_list_leads_to_its_feed(client, path, href):
    told("Shown")
    found = " ".join(client.get(path).content.decode().split())
    assert 'type="application/atom+xml" title="' in found
    assert f'href="{href}"' in found

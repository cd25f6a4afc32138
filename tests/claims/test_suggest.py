"""The names that text boxes offer while somebody types."""

import html
import re

import pytest

from tests import cast
from tests.claims.worlds import EVERYBODY, names_on, shown_and_hidden, sign_in

pytestmark = pytest.mark.django_db


def options(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return [html.unescape(value) for value in re.findall(r'<option value="([^"]*)">', response.content.decode())]


@pytest.mark.parametrize("table", ["sources", "publishers", "tags"])
@pytest.mark.parametrize("who", EVERYBODY)
def test_it_offers_the_public_only_what_they_may_see(client, table, who):
    shown_and_hidden()
    sign_in(client, who)
    for typed in ("shown", "draft", "withdrawn"):
        assert names_on(client.get(f"/suggest/{table}/", {"q": typed})) <= {"Shown"}
    assert len(options(client, f"/suggest/{table}/?q=shown")) == 1


@pytest.mark.parametrize("table", ["sources", "publishers", "tags"])
def test_it_offers_a_role_all(client, table):
    shown_and_hidden()
    sign_in(client, "reader")
    assert len(options(client, f"/suggest/{table}/?q=draft")) == 1


def test_it_reads_the_box_that_asks(client):
    sign_in(client, "reader")
    cast.source("Ministry of “Defence” & Co")
    assert options(client, "/suggest/sources/?field=root&root=defen") == ["Ministry of “Defence” & Co"]
    assert options(client, "/suggest/sources/?field=relay&root=defen") == []


def test_what_it_offers_is_what_the_list_takes(client):
    sign_in(client, "reader")
    cast.source("John Smith", slug="john-smith-1")
    cast.source("John Smith", slug="john-smith-2")
    cast.source("Smithsonian", aliases="The Castle")
    offered = options(client, "/suggest/sources/?q=smith")
    assert offered == ["john-smith-1", "john-smith-2", "Smithsonian"]
    for value in offered:
        assert client.get("/claims/", {"root": value}, follow=True).status_code == 200
    assert options(client, "/suggest/sources/?q=castle") == ["Smithsonian"]


def test_it_waits_for_two_letters_and_offers_ten(client):
    sign_in(client, "reader")
    for number in range(12):
        cast.source(f"Source {number:02}")
    assert options(client, "/suggest/sources/?q=s") == []
    assert options(client, f"/suggest/sources/?q={'s' * 201}") == []
    assert len(options(client, "/suggest/sources/?q=source")) == 10


def test_it_never_offers_what_is_withdrawn(client):
    sign_in(client, "admin")
    cast.source("Gone source").withdraw(by=None, reason="")
    cast.tag("Gone tag").withdraw(by=None, reason="")
    assert options(client, "/suggest/sources/?q=gone") == []
    assert options(client, "/suggest/tags/?q=gone") == []

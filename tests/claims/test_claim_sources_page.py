"""The page that says where a claim's number of independent sources comes from."""

import re

import pytest

from tests import cast

pytestmark = pytest.mark.django_db


def read(client, claim):
    """What the page says, without its tags, runs of blanks made one."""
    response = client.get(f"{claim.get_absolute_url()}sources/")
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def claim():
    return cast.claim("Germany sends soldiers to Poland", published=True)


def test_it_names_who_counts_who_passes_on_and_who_denies(client, claim):
    cast.statement(chain=["Minister", "Reuters"], claim=claim)
    cast.statement(chain=["Kremlin"], claim=claim, stance="denies")
    shown = read(client, claim)
    assert "Single source." in shown
    assert re.search(r"Independent sources Minister Passed on by .*Reuters.* Denied by Kremlin", shown)


def test_it_lists_a_circle_arc_by_arc(client, claim):
    alpha, beta = cast.outlet("Alpha"), cast.outlet("Beta")
    cast.statement(cast.article(publisher="Alpha"), chain=[beta], claim=claim)
    cast.statement(cast.article(publisher="Beta"), chain=[alpha], claim=claim)
    shown = read(client, claim)
    assert "Alpha has it from Beta" in shown
    assert "Beta has it from Alpha" in shown
    assert "so none of them counts as a source" in shown
    assert "Independent sources Nobody" in shown


def test_without_a_circle_nothing_is_said_of_one(client, claim):
    cast.statement(claim=claim)
    assert "circle" not in read(client, claim)


def test_another_slug_leads_to_the_right_address(client, claim):
    response = client.get(f"/claims/{claim.pk}-another/sources/")
    assert (response.status_code, response["Location"]) == (302, f"{claim.get_absolute_url()}sources/")


def test_an_unpublished_claim_is_not_found_by_the_public(client):
    hidden = cast.claim("Not out yet")
    address = f"{hidden.get_absolute_url()}sources/"
    assert client.get(address).status_code == 404
    client.force_login(cast.person("reader"))
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("times", [1, 4])
def test_it_costs_an_editor_at_most_sixteen_queries(client, claim, django_assert_max_num_queries, times):
    ministry = cast.source("Ministry")
    for number in range(times):
        one, other = cast.outlet(f"Alpha {number}"), cast.outlet(f"Beta {number}")
        speaker = cast.source(f"Speaker {number}", speaks_for=ministry)
        origin = cast.statement(chain=[speaker], claim=cast.claim("Elsewhere"))
        original = cast.article(publisher=one.name)
        cast.statement(cast.article(republishes=original), chain=[other], claim=claim, derived_from=origin)
        cast.statement(cast.article(publisher=other.name), chain=[one], claim=claim)
    client.force_login(cast.person("editor"))
    # 1 session · 2 user · 3, 4 powers · 5 claim · 6 tags · 7 appearances · 8 statements · 9 their origins ·
    # 10 articles · 11 their originals · 12 hops · 13 sources · 14 whom they speak for · 15 names of publishers ·
    # 16 names of sources
    with django_assert_max_num_queries(16):
        read(client, claim)

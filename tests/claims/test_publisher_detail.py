"""A publisher's page."""

import pytest

from claims.models import Review
from tests import cast
from tests.claims.worlds import EVERYBODY, shown_and_hidden, sign_in

pytestmark = pytest.mark.django_db


def record(client, slug):
    response = client.get(f"/publishers/{slug}/")
    assert response.status_code == 200
    return response.context["record"]


@pytest.mark.parametrize("who", EVERYBODY)
def test_it_is_not_there_for_the_public_unless_it_published_something_visible(client, who):
    shown_and_hidden()
    sign_in(client, who)
    codes = {slug: client.get(f"/publishers/{slug}-paper/").status_code for slug in ("shown", "draft", "withdrawn")}
    assert codes == {"shown": 200, "draft": 404, "withdrawn": 404}


def test_a_role_sees_every_publisher(client):
    shown_and_hidden()
    sign_in(client, "reader")
    for slug in ("shown", "draft", "withdrawn"):
        assert client.get(f"/publishers/{slug}-paper/").status_code == 200


def test_it_lists_its_articles_and_the_claims_in_them_as_the_viewer_may_see_them(client):
    with cast.at_once():
        for number in range(12):
            item = cast.article(f"Headline {number}\nText.", publisher="Digest", on=f"2025-11-{number + 1:02}")
            cast.statement(item, chain=["X"], claim=cast.claim(f"Claim {number}", published=number > 0))
    cast.statement(cast.article(publisher="Herald"), chain=["X"], claim=cast.claim("Noise", published=True))
    seen = record(client, "digest")
    assert seen.article_count.number == 11
    assert [row.headline for row in seen.articles] == [f"Headline {number}" for number in range(11, 1, -1)]
    assert seen.claims.count == 11
    assert client.get(seen.articles_url).context["total"].number == 11
    assert client.get(seen.claims.url).context["total"].number == 11
    sign_in(client, "reader")
    assert record(client, "digest").article_count.number == 12
    assert record(client, "digest").claims.count == 12


def test_it_names_the_voice_that_it_is(client):
    welle = cast.outlet("Welle")
    cast.statement(cast.article(publisher="Welle"), chain=["X"], claim=cast.claim(published=True))
    assert record(client, "welle").voice is None
    cast.statement(chain=[welle], claim=cast.claim("Another", published=True))
    assert record(client, "welle").voice == welle


def test_it_shows_what_it_concluded_drafts_to_the_desk_only(client):
    checker = cast.publisher("Checker", kind="fact_checker")
    for state in ("published", "draft"):
        claim = cast.claim(f"A claim with a {state} review", published=True)
        Review.objects.create(claim=claim, reviewer=checker, textual_rating="Wrong", state=state)
    page = client.get("/publishers/checker/").content.decode()
    assert "A claim with a published review" in page
    assert "Wrong" in page
    assert "draft review" not in page
    sign_in(client, "reader")
    assert "A claim with a draft review" in client.get("/publishers/checker/").content.decode()


@pytest.mark.parametrize("count", [3, 20])
def test_it_costs_nine_queries_and_a_role_twelve(client, django_assert_num_queries, count):
    cast.outlet("Digest")
    with cast.at_once():
        for number in range(count):
            claim = cast.claim(f"Claim {number}", published=True)
            cast.statement(cast.article(publisher="Digest"), chain=["Digest"], claim=claim)
            Review.objects.create(claim=claim, reviewer=cast.publisher("Digest"), state="published")
    with django_assert_num_queries(9):
        # the publisher; its voice; the keys of its articles; the newest; their headlines; the count of claims; their
        # keys; the newest with their chains; reviews
        client.get("/publishers/digest/")
    sign_in(client, "editor")
    with django_assert_num_queries(12):
        # and session; user; what the user may do
        client.get("/publishers/digest/")

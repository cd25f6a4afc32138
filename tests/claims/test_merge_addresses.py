"""The old addresses of what was merged lead to the survivor, for those who may see that."""

import pytest
from django.urls import reverse

from articles.models import Publisher
from claims import undoing
from claims.merging import merge
from claims.models import Claim, Source, Tag
from claims.provenance import refresh
from claims.views.moved import row_or_404
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return cast.person("lead")


@pytest.fixture
def chained(lead):
    """Of each kind, one that was merged into another, which was merged into a third; and the revisions."""
    names = ("one", "two", "three")
    tags = [cast.tag(name) for name in names]
    claims = [cast.claim(f"Claim {name}", published=True, tags=[tags[2]]) for name in names]
    publishers = [cast.publisher(f"Paper {name}") for name in names]
    sources = [cast.source(name) for name in names]
    cast.statement(cast.article(publisher=publishers[0]), chain=["one"], claim=claims[0])
    made = []
    for rows in (tags, claims, publishers, sources):
        made += [merge(rows[0], rows[1], by=lead, why="x")[1], merge(rows[1], rows[2], by=lead, why="x")[1]]
    return made


def leads_to(client, old):
    response = client.get(old)
    assert response.status_code == 302, old
    assert client.get(response.url).status_code == 200
    return response.url


@pytest.mark.parametrize("who", [None, "reader"])
def test_old_addresses_lead_on(client, chained, who):
    if who:
        client.force_login(cast.person(who))
    one, three = Claim.objects.get(text="Claim one"), Claim.objects.get(text="Claim three")
    for old in ("one", "two"):
        for name in ("source", "tag"):
            assert leads_to(client, reverse(f"{name}_detail", args=[old])) == reverse(f"{name}_detail", args=["three"])
            assert leads_to(client, reverse(f"{name}_feed", args=[old])) == reverse(f"{name}_feed", args=["three"])
        paper = reverse("publisher_detail", args=[f"paper-{old}"])
        assert leads_to(client, paper) == reverse("publisher_detail", args=["paper-three"])
    assert leads_to(client, one.get_absolute_url()) == three.get_absolute_url()
    assert leads_to(client, reverse("claim_short", args=[one.pk])) == three.get_absolute_url()
    for name, args in {"claim_sources": [three.pk, three.slug], "claim_statements": [three.pk]}.items():
        old = [one.pk, one.slug][: len(args)]
        assert leads_to(client, reverse(name, args=old)) == reverse(name, args=args)


@pytest.mark.parametrize(
    ("asked", "tidy"),
    [
        ("tag=one", "tag=three"),
        ("-tag=two", "-tag=three"),
        ("root=one&relay=two", "root=three&relay=three"),
        ("source=one", "source=three"),
        ("publisher=paper-one", "publisher=paper-three"),
    ],
)
def test_filters_know_old_names(client, chained, asked, tidy):
    address = f"{reverse('claim_list')}?{asked}"
    assert leads_to(client, address) == f"{reverse('claim_list')}?{tidy}"
    assert client.get(f"{reverse('claim_feed')}?{asked}").status_code == 200


def test_who_may_not_see_the_survivor_gets_404(client, chained):
    Claim.objects.update(published_at=None, status="new")
    refresh(claims=Claim.objects.values_list("pk", flat=True))
    for old in (Claim.objects.get(text="Claim one"), Source.objects.get(slug="one"), Tag.objects.get(slug="one")):
        assert client.get(old.get_absolute_url()).status_code == 404
    assert client.get(Publisher.objects.get(slug="paper-one").get_absolute_url()).status_code == 404
    assert client.get(f"{reverse('claim_list')}?source=one").status_code == 400


def test_once_undone_the_address_is_its_own_again(client, chained, lead):
    for revision in reversed(chained):
        assert undoing.undo(revision, by=lead, why="x").refused == 0
    assert client.get(Claim.objects.get(text="Claim one").get_absolute_url()).status_code == 200
    assert client.get(reverse("publisher_detail", args=["paper-one"])).status_code == 200
    assert client.get(f"{reverse('claim_list')}?source=one").status_code == 200


def test_a_source_in_use_costs_no_query_more(client, chained, django_assert_num_queries):
    with django_assert_num_queries(1):
        row_or_404(Source.objects.all(), slug="three")

"""Merging two publishers."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from articles.importers.store import Delivery, import_file
from articles.models import Article, Publisher
from claims import undoing
from claims.merging import MergeRefused, merge, preview
from claims.models import Review, Source
from claims.provenance import drift
from claims.visibility import visible_publishers
from tests import cast
from tests.desk import address
from tests.history import untold

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return cast.person("lead")


def merged(one, other, lead):
    return merge(one, other, by=lead, why="the same")


def sound():
    return list(drift()) == [] and untold() == []


def test_articles_and_reviews_move_and_come_back(lead):
    one, other = cast.publisher("Times", country="GB"), cast.publisher("The Times")
    claim = cast.claim(published=True)
    article = cast.article(publisher=one)
    cast.statement(article, claim=claim)
    review = cast.review(claim, reviewer=one)
    work, revision = merged(one, other, lead)
    assert dict(work.moved) == {"articles": 1, "reviews by it": 1}
    assert Article.objects.get().publisher == other
    review.refresh_from_db()
    other.refresh_from_db()
    assert (review.reviewer, other.country) == (other, "GB")
    assert sound()
    assert undoing.undo(revision, by=lead, why="x").refused == 0
    assert Article.objects.get().publisher == one
    assert Review.objects.get().reviewer == one
    other.refresh_from_db()
    assert other.country == ""
    assert sound()


def test_two_that_are_sources_are_told_apart_until_those_are_one(lead):
    one, other = cast.outlet("Times"), cast.outlet("The Times")
    with pytest.raises(MergeRefused, match="merge the sources “Times” and “The Times” first"):
        merged(one.publisher, other.publisher, lead)
    merge(one, other, by=lead, why="x")
    merged(Publisher.objects.get(slug="times"), Publisher.objects.get(slug="the-times"), lead)
    assert sound()


def test_its_source_becomes_the_survivors(lead):
    source, other = cast.outlet("Times"), cast.publisher("The Times")
    cast.statement(chain=["Ministry", "Times"], claim=cast.claim())
    _, revision = merged(source.publisher, other, lead)
    source.refresh_from_db()
    assert source.publisher == other
    assert sound()
    undoing.undo(revision, by=lead, why="x")
    source.refresh_from_db()
    assert source.publisher.slug == "times"
    assert sound()


def test_a_withdrawn_source_makes_room(lead):
    source, there = cast.outlet("Times"), cast.outlet("The Times")
    there.withdraw(by=lead, reason="x")
    _, revision = merged(source.publisher, there.publisher, lead)
    source.refresh_from_db()
    assert source.publisher == there.publisher
    assert Source.objects.get(pk=there.pk).publisher is None
    assert undoing.undo(revision, by=lead, why="x").refused == 0
    assert sound()


def test_different_wikidata_numbers_are_two(lead):
    one, other = cast.publisher("One", wikidata_id="Q1"), cast.publisher("Other", wikidata_id="Q2")
    assert preview(one, other, by=lead).refusals


def test_it_leaves_lists_choices_and_suggestions(client, lead):
    one, other = cast.publisher("Times"), cast.publisher("The Times")
    cast.statement(cast.article(publisher=one), claim=cast.claim(published=True))
    merged(one, other, lead)
    assert list(visible_publishers(lead)) == [other]
    assert list(visible_publishers(AnonymousUser())) == [other]
    client.force_login(lead)
    chosen = client.get(address(Publisher, "choices"), {"q": "Times"}).json()["rows"]
    assert [row["label"] for row in chosen] == ["The Times"]
    offered = client.get(reverse("suggest_publishers"), {"q": "Times"}).content.decode()
    assert offered.count("<option") == 1
    for path in (reverse("publisher_list"), address(Publisher, "changelist")):
        page = client.get(path).content.decode()
        assert (reverse("publisher_detail", args=["times"]) in page, address(one) in page) == (False, False)
    only = client.get(f"{address(Publisher, 'changelist')}?merged=only").content.decode()
    assert address(one) in only
    assert address(other) not in only


def test_what_is_imported_under_the_old_name_is_the_survivors(lead):
    file, delivery = b"A headline\nIts text.", Delivery(format="text", file_name="a.txt", publisher="Times")
    import_file(file, delivery)
    one, other = Publisher.objects.get(), cast.publisher("The Times")
    merged(one, other, lead)
    assert import_file(file, delivery).unchanged == 1
    import_file(b"Another\nIts text.", delivery)
    assert set(Article.objects.values_list("publisher", flat=True)) == {other.pk}

"""The facets beside the claim list: each count is what ticking the value alone would show."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings

from claims.filters import claim_pages, facets, paging
from claims.filters.facets import Facets
from claims.models import Claim, RatingLevel, RatingScale
from tests import cast
from tests.claims.reference import listing, look, questions

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(request, module_db):
    with transaction.atomic():
        yield look(getattr(request, "param", 1))
        transaction.set_rollback(True)


def alone(world, desk, asked, name, value):
    """How many claims there would be with ``value`` of a facet ticked, nothing else of it, and all other filters."""
    others = {other: values for other, values in asked.items() if other != name}
    return len(world.reference.answer({**others, name: [value]}, desk=desk))


def check(world, desk, asked):
    shown = Facets(listing(asked, world.viewers[desk])).all()
    assert {facet.name for facet in shown} == facets.KINDS.keys() - ({"status"} if not desk else set())
    for facet in shown:
        counts = {choice.value: choice.count for choice in facet.choices}
        right = {value: alone(world, desk, asked, facet.name, value) for value in world.values[desk][facet.name]}
        assert counts == {value: right.get(value) for value in counts}, facet.name
        left_out = {value: count for value, count in right.items() if value not in counts and count}
        if not facet.more:
            assert not left_out, facet.name
        elif left_out:
            unused = {choice.count for choice in facet.choices if not choice.chosen and not choice.refused}
            assert max(left_out.values()) <= min(unused, default=max(left_out.values())), facet.name
    return shown


@pytest.mark.parametrize("world", [5, 6], indirect=True)
def test_each_count_is_what_the_value_alone_would_show(world):
    @settings(max_examples=50)
    @given(questions(world, most=3))
    def holds(question):
        check(world, *question)

    holds()


def test_one_facet_shows_all_its_values_or_those_that_are_called_so(world):
    asked = {"stance": ["asserts", "hedges"], "-kind": ["figure"]}
    listed = listing(asked, world.viewers[True])
    for name in facets.KINDS:
        facet = Facets(listed).one(name)
        right = {value: alone(world, True, asked, name, value) for value in world.values[True][name]}
        counts = {choice.value: choice.count for choice in facet.choices}
        assert {value: count for value, count in counts.items() if count} == {v: n for v, n in right.items() if n}
        assert not facet.more
    found = Facets(listed).one("source", find="ministry 1").choices
    assert found
    for choice in found:
        assert "ministry 1" in choice.label
        assert choice.count == alone(world, True, asked, "source", choice.value)


def test_the_comparison_would_see_a_facet_that_counts_by_the_claim_what_is_asked_of_one_statement(world, monkeypatch):
    asked = {"stance": ["denies"]}
    check(world, True, asked)
    monkeypatch.setattr(Facets, "_told", lambda self, name, walk: self._matched(walk))
    with pytest.raises(AssertionError):
        check(world, True, asked)


def test_it_says_so_where_it_counted_some_claims_only(world, monkeypatch):
    for module in (paging, claim_pages, facets):
        monkeypatch.setattr(module, "CAP", 10)
    viewer = world.viewers[True]
    assert not any(facet.capped for facet in Facets(listing({}, viewer)).all()), "kept counts are of all"
    check(world, True, {})
    for facet in Facets(listing({"lacks": ["review"]}, viewer)).all():
        assert facet.capped
        for choice in facet.choices:
            assert choice.count <= min(10, alone(world, True, {"lacks": ["review"]}, facet.name, choice.value))
    few = {"tag": ["none"], "kind": ["figure"]}
    assert 0 < len(world.reference.answer(few, desk=True)) <= 10
    assert {facet.name for facet in Facets(listing(few, viewer)).all() if facet.capped} <= {"tag", "kind"}


def test_they_cost_few_queries(world):
    def cost(**asked):
        listed = listing({name: [value] for name, value in asked.items()}, world.viewers[True])
        assert listed.is_valid()
        assert len(listed.values) > 1, "names are looked up before"
        with CaptureQueriesContext(connection) as queries:
            shown = Facets(listed).all()
        assert len(queries) <= len(shown) + 1
        return len(queries)

    assert cost() == 2  # the counts that are kept; names
    assert cost(q="soldiers") == 2  # the terms of what is found; names
    assert cost(kind="fact") == 3  # and what there would be without the kind
    assert cost(kind="fact", verdict="none", tag="none") == 5
    # the terms of what is found; its keys, statements and hops, for relay, source, publisher and stance; names,
    # and of the root, which is alone among its like: what there would be without it
    assert cost(root="source-1") == 6
    # besides, of each facet in use: keys, statements and hops without it; of the root the terms too, for nobody named
    assert cost(root="source-1", stance="asserts") == 12


def test_it_offers_the_public_nothing_that_the_list_then_refuses():
    """A review of what a claim says may name a statement; the public sees it only where it sees that."""
    claim, other = cast.claim(published=True), cast.claim("Another", published=True)
    suggested = cast.statement(claim=claim, state="suggested")
    scale = RatingScale.objects.create(name="Secret scale", slug="secret")
    level = RatingLevel.objects.create(scale=scale, label="Wrong", slug="wrong", value=1, normalised="false")
    cast.review(claim, statement=suggested, rating=level)
    cast.review(other)
    page = listing({}, cast.person("outsider"))
    (rating,) = [facet for facet in Facets(page).all() if facet.name == "rating"]
    for choice in rating.choices:
        assert listing({"rating": [choice.value]}, page.viewer).is_valid(), choice.label


def test_it_costs_no_more_for_more_claims(world):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            Facets(listing({"stance": ["denies"]}, world.viewers[True])).all()
        return len(queries)

    before = cost()
    report = cast.article()
    for at in range(5):
        claim = cast.claim(f"Added {at}")
        claim.tags.add(cast.tag(f"Added {at}"))
        cast.statement(report, claim=claim, chain=[f"New voice {at}"], stance="denies")
    assert Claim.objects.count() == 65
    assert cost() == before


@pytest.mark.django_db
def test_a_tag_stands_before_what_is_below_it_however_short_its_name():
    asia, eu = cast.tag("Asia"), cast.tag("EU")
    law = cast.tag("Law", parent=eu)
    for filed in (asia, eu, law):
        cast.claim(f"On {filed}", tags=[filed])
    facet = Facets(listing({}, cast.person("editor"))).one("tag")
    shown = [(choice.label, choice.level) for choice in facet.choices if choice.label in ("Asia", "EU", "Law")]
    assert shown == [("Asia", 0), ("EU", 0), ("Law", 1)]

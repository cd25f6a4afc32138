"""The claim list against a plain reckoning of what it must answer, in random worlds under random filters."""

import pytest
from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from hypothesis import given, settings

from claims.filters import claim_pages, claims, paging
from claims.models import Claim
from claims.views.lists import neighbours
from tests import cast
from tests.claims.reference import SORTS, listing, look, questions

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(request, module_db):
    with transaction.atomic():
        yield look(getattr(request, "param", 1))
        transaction.set_rollback(True)


def check(world, desk, asked):
    """The list and its total against the reference."""
    found = listing(asked, world.viewers[desk])
    assert found.is_valid(), found.errors
    expected = world.reference.answer(asked, desk=desk)
    assert [claim.pk for claim in found.qs] == expected
    assert found.total.number == (paging.CAP if found.total.more else len(expected))
    assert found.total.number <= len(expected), "more than it says"
    return found, expected


def parameters(url):
    """Those of an address; None for none."""
    return dict(QueryDict(url.partition("?")[2]).lists()) if url else None


def pages(asked, viewer, way, first):
    """The ids page by page, from the page that ``first`` asks for along the links of each."""
    query = {**asked, **first}
    found = []
    while query is not None:
        here = listing(query, viewer)
        page = here.page()
        found.append([claim.pk for claim in page.rows])
        query = parameters(neighbours(here, page)[way])
        assert len(found) < 100, "pages without end"
    return found


def joined(found):
    return [pk for page in found for pk in page]


@pytest.mark.parametrize("world", [1, 2], indirect=True)
def test_it_shows_what_the_reference_says(world):
    @settings(max_examples=150)
    @given(questions(world))
    def holds(question):
        check(world, *question)

    holds()


@pytest.fixture
def small_pages(monkeypatch):
    """Nine rows a page, and no count beyond 25."""
    for module in (paging, claim_pages):
        monkeypatch.setattr(module, "PAGE_SIZE", 9)
        monkeypatch.setattr(module, "CAP", 25)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("world", [4], indirect=True)
def test_its_pages_hold_each_row_once_whichever_way_one_goes(world):
    @settings(max_examples=40)
    @given(questions(world))
    def holds(question):
        desk, asked = question
        viewer = world.viewers[desk]
        expected = check(world, desk, asked)[1]
        sliced = [expected[at : at + 9] for at in range(0, len(expected), 9)] or [[]]
        assert pages(asked, viewer, "next_url", {}) == sliced
        backwards = pages(asked, viewer, "previous_url", {"before": [paging.END]})
        assert joined(backwards[::-1]) == expected
        jumped = [listing({**asked, "page": [str(at + 1)]}, viewer).page().rows for at in range(len(sliced))]
        assert [[claim.pk for claim in rows] for rows in jumped] == sliced
        there_and_back = pages(asked, viewer, "previous_url", {"page": [str(len(sliced))]})
        assert joined(there_and_back[::-1]) == expected

    holds()


@pytest.mark.usefixtures("small_pages")
def test_the_best_matches_are_the_same_claims_in_another_order(world):
    for words in ("soldiers", "drones -soldiers", '"of the"', "zebra", ""):
        for desk, viewer in world.viewers.items():
            asked = {"q": [words], "sort": ["relevance"]}
            expected = world.reference.answer(asked, desk=desk)
            found = pages(asked, viewer, "next_url", {})
            assert sorted(joined(found)) == sorted(expected)
            assert [len(page) for page in found[:-1]] == [9] * (len(found) - 1)
            assert words or joined(found) == expected, "without words nothing matches better"
            back = pages(asked, viewer, "previous_url", {"page": [str(len(found))]})
            assert back[::-1] == found


@pytest.mark.usefixtures("small_pages")
def test_its_pages_neither_lose_nor_repeat_a_row_while_others_are_added(world):
    desk = world.viewers[True]
    there = set(world.reference.answer({}, desk=True))
    report = cast.article()
    for sort in SORTS:
        seen, query = [], {"sort": [sort]}
        while query is not None:
            here = listing(query, desk)
            page = here.page()
            seen += [claim.pk for claim in page.rows]
            query = parameters(neighbours(here, page)["next_url"])
            said_on = ("2026-01-01", "1990-01-01")[len(seen) % 2]
            cast.statement(report, claim=cast.claim("Added meanwhile"), chain=["Somebody"], said_on=said_on)
            assert len(seen) < 500, "pages without end"
        assert len(seen) == len(set(seen))
        assert there <= set(seen)


WANTED = [
    *(
        ("tag", "none"),
        ("root", "none"),
        ("kind", "fact"),
        ("status", "new"),
        ("verdict", "none"),
        ("stance", "denies"),
    ),
    *(("language", "en"), ("year", "2025"), ("sources", "1"), ("needs", "review"), ("has", "statement")),
]


def test_the_comparison_would_see_a_filter_that_is_not_asked(world, monkeypatch):
    for name, value in WANTED:
        for asked in ({name: [value]}, {("lacks" if name == "has" else f"-{name}"): [value]}):
            check(world, True, asked)
        with monkeypatch.context() as without:
            without.delitem(claims.TERMS, name)
            with pytest.raises(AssertionError):
                check(world, True, {name: [value]})


def test_the_comparison_would_see_statements_that_are_not_asked_together(world, monkeypatch):
    asked = {"stance": ["denies"], "publisher": ["paper-0"]}
    check(world, True, asked)
    monkeypatch.setattr(claims.ClaimFilter, "beyond_terms", lambda self, but="": Q())
    with pytest.raises(AssertionError):
        check(world, True, asked)


def test_the_comparison_would_see_a_claim_whose_entry_is_missing(world):
    Claim.objects.get(pk=world.reference.answer({}, desk=True)[0]).entry.delete()
    with pytest.raises(AssertionError):
        check(world, True, {})

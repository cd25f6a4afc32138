"""axe-core on every list, the start, the records of sources, publishers and tags, and the forms, light and dark;
and what only a browser can tell: widths, keys, names offered, no script needed."""

import pytest

from articles.history import recorded
from claims.models import Annotation, RatingLevel, RatingScale, Review, SourceRole
from claims.provenance import refresh
from tests import cast
from tests.browser.accessibility import assert_accessible

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikantenverband"
PAGES = [
    "/",
    "/claims/",
    "/claims/?root=defence-ministry&kind=fact&tag=nato&stance=asserts&has=statement",
    "/claims/?q=nothing+like+this",
    "/claims/?speeker=x&kind=fakt&root=defnce&said_after=x&sources_min=x",
    "/claims/?page=9",
    "/sources/",
    "/sources/defence-ministry/",
    "/sources/one-diplomat/",
    "/publishers/",
    "/publishers/digest/",
    "/articles/",
    "/tags/",
    "/tags/hybrid/",
    "/nowhere/",
]


def fill():
    """Something of everything that these pages show, some of it long."""
    top = cast.tag("NATO", definition="An alliance.")
    hybrid = cast.tag("Hybrid", parent=top)
    ministry = cast.source("Defence ministry", aliases="Berlin", wikidata_id="Q1", description="A ministry.")
    speaker = cast.source("Speaker", kind="person", speaks_for=ministry)
    SourceRole.objects.create(source=ministry, title="Host", held_from="2025-01-01")
    Annotation.objects.create(source=ministry, body="Has **two** spokespeople.", visibility="public")
    times = cast.outlet("Financial Times")
    diplomat = cast.source("one diplomat", named=False, description="a Baltic diplomat", known_through=times)
    item = cast.article(f"A headline\nThe ministry spoke.\n{LONG} {LONG}", publisher="Digest", language="de")
    scale = RatingScale.objects.create(name="Scale", slug="scale")
    chains = ([ministry, times], [diplomat, times], [None, times], [speaker], [LONG, times], [[ministry, diplomat]])
    for number, chain in enumerate(chains):
        claim = cast.claim(f"Claim {number}: {LONG if number == 4 else 'soldiers go to Poland'}", published=True)
        claim.tags.add(hybrid if number % 2 else top)
        cast.statement(item, "The ministry spoke.", chain=chain, claim=claim)
        verdict = ("true", "mixture", "false", "other")[number % 4]
        level = RatingLevel.objects.create(scale=scale, label=verdict, slug=f"l{number}", value=1, normalised=verdict)
        checker = cast.publisher("Checker", kind="fact_checker")
        Review.objects.create(claim=claim, reviewer=checker, rating=level, state="published")
        refresh(claims=[claim.pk])
    cast.claim("In review", status="in_review")


@pytest.fixture
def _full():
    fill()


# One world for all pages: it takes longer to make than a page to look at. A failure names its page.


@pytest.mark.usefixtures("_full")
def test_none_has_a_violation_for_the_public(page, page_faults):
    for url in PAGES:
        page.goto(url)
        assert_accessible(page)
    page_faults[:] = [fault for fault in page_faults if "status of 40" not in fault]


@pytest.mark.usefixtures("_full")
def test_none_has_a_violation_for_an_editor(page, sign_in):
    sign_in(page, cast.person("editor"))
    for url in ("/", "/claims/?status=published&sort=oldest", "/sources/defence-ministry/", "/password/"):
        page.goto(url)
        assert_accessible(page)


def test_none_has_a_violation_where_nothing_is_there(page):
    for url in ("/", "/claims/", "/sources/", "/publishers/", "/articles/", "/tags/", "/login/"):
        page.goto(url)
        assert_accessible(page)


def test_a_refused_sign_in_has_no_violation(page):
    page.goto("/login/")
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    assert page.get_by_role("alert").is_visible()
    assert_accessible(page)


@pytest.mark.usefixtures("_full")
def test_none_scrolls_sideways_at_320_pixels(page, page_faults):
    page.set_viewport_size({"width": 320, "height": 640})
    for url in PAGES:
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, url
    page_faults[:] = [fault for fault in page_faults if "status of 40" not in fault]


@pytest.mark.usefixtures("_full")
def test_a_queue_is_accessible_and_fits_a_narrow_page(page, sign_in):
    reviewer = cast.person("reviewer")
    claim = cast.claim("A claim with a rather long text " * 2, assignee=reviewer, due_on="2026-01-01")
    with recorded(why="A slip of the pen"):
        claim.save()
    sign_in(page, reviewer)
    page.set_viewport_size({"width": 320, "height": 640})
    for url in ("/queue/", "/queue/?pile=nobody", "/queue/?pile=closed", "/queue/since/"):
        page.goto(url)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, url


@pytest.mark.usefixtures("_full")
def test_the_filters_fold_away_where_it_is_narrow_and_stand_open_where_it_is_wide(page):
    page.goto("/claims/")
    page.get_by_role("heading", name="Said by").wait_for()
    page.set_viewport_size({"width": 320, "height": 640})
    assert not page.get_by_role("heading", name="Said by").is_visible()
    page.locator(".filters > summary").click()
    assert page.get_by_role("heading", name="Said by").is_visible()
    assert_accessible(page)


@pytest.mark.usefixtures("_full")
def test_the_first_keys_skip_to_the_page_and_to_the_search(page):
    page.goto("/claims/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto("/claims/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "search"

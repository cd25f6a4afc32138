"""The claim's page and the article's page in a browser: accessible, readable at 320 px, without JavaScript."""

import pytest

from claims.models import (
    Annotation,
    Attribution,
    Correction,
    CorrectionRequest,
    Evidence,
    Inquiry,
    RatingLevel,
    RatingScale,
    Review,
)
from tests import cast
from tests.browser.accessibility import assert_accessible

pytestmark = pytest.mark.any_engine

TEXT = """Soldiers to Poland
The ministry said dozens would go. Nobody asked Warsaw.
“We agree,” a spokesperson said, “and gladly.” The Kremlin denied it.
It has been reported that more would follow."""


@pytest.fixture
def claim():
    return cast.claim("Germany sends soldiers to Poland from April 2026", published=True)


@pytest.fixture
def article(claim, transactional_db):
    """An article with something of everything, linked to the claim."""
    article = cast.article(TEXT, publisher="Politico", archive_url="https://archive.example.org/1")
    diplomat = cast.source("a diplomat", named=False, description="a diplomat, not named")
    told = cast.statement(article, "dozens would go", chain=["Ministry", "Deutsche Welle"], claim=claim)
    cast.statement(article, "dozens would", chain=[diplomat], claim=claim, stance="hedges", said_on="2025-01-01")
    cast.statement(
        article, "The Kremlin denied it", chain=["Kremlin"], claim=claim, stance="denies", said_on="2024-05-01"
    )
    cast.statement(article, "more would follow", chain=[None], claim=claim, stance="questions")
    cast.statement(article, "“We agree,”", chain=[["Britain", "France"]], claim=claim, state="suggested")
    cast.statement(article, "and gladly", chain=["Britain"])
    Attribution.objects.filter(source=diplomat).update(said_on_precision="year", uncertain=True, cue="hinted")
    claim.tags.add(cast.tag("NATO"))
    cast.link(claim, "supports", cast.claim("The border is fortified", published=True), note="It is why.")
    Evidence.objects.create(claim=claim, article=article, stance="supports", excerpt="dozens", note="See there.")
    scale = RatingScale.objects.create(name="Truth", slug="truth")
    level = RatingLevel.objects.create(scale=scale, label="True", slug="true", value=1, normalised="true")
    desk = cast.publisher("Fact Desk")
    Review.objects.create(claim=claim, reviewer=desk, rating=level, state="published")
    Review.objects.create(claim=claim, reviewer=desk, subject="attribution", statement=told, textual_rating="said")
    Inquiry.objects.create(claim=claim, name="Mayor", question="Why?", outcome="declined", answer_public=True)
    CorrectionRequest.objects.create(claim=claim, publisher=desk, wrong="The date.", due_on="2999-01-01")
    Correction.objects.create(claim=claim, text="It said May.")
    Annotation.objects.create(claim=claim, body="A [link](https://example.org).", visibility="public")
    Annotation.objects.create(statement=told, body="A note.", visibility="public")
    return article


@pytest.fixture
def circular(transactional_db):
    claim = cast.claim("Alpha and Beta cite each other", published=True)
    for one, other in (("Alpha", "Beta"), ("Beta", "Alpha")):
        cast.statement(cast.article(publisher=one), chain=[cast.outlet(other)], claim=claim)
    return claim


def open_all(page):
    """Every closed part is checked too."""
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")


def test_a_claim_is_accessible(page, article, claim):
    page.goto(claim.get_absolute_url())
    open_all(page)
    assert_accessible(page)


def test_a_claim_is_accessible_to_an_editor(page, sign_in, article, claim):
    sign_in(page, cast.person("editor"))
    page.goto(claim.get_absolute_url())
    open_all(page)
    assert_accessible(page)


def test_an_empty_claim_is_accessible(page, claim):
    page.goto(claim.get_absolute_url())
    assert_accessible(page)


def test_an_article_is_accessible(page, article):
    page.goto(article.get_absolute_url())
    assert_accessible(page)


def test_an_article_is_accessible_to_an_editor(page, sign_in, article):
    sign_in(page, cast.person("editor"))
    page.goto(article.get_absolute_url())
    assert_accessible(page)


@pytest.mark.parametrize("person", [None, "editor"])
def test_both_pages_fit_a_narrow_screen(page, sign_in, article, claim, person):
    if person:
        sign_in(page, cast.person(person))
    page.set_viewport_size({"width": 320, "height": 640})
    for address in (claim.get_absolute_url(), article.get_absolute_url()):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert_accessible(page)


def test_the_cue_is_shown_when_a_hop_is_focused_and_read_out_always(page, article, claim):
    page.goto(claim.get_absolute_url())
    hop = page.locator(".hop", has=page.get_by_role("link", name="Deutsche Welle")).first
    cue = hop.locator(".cue")
    assert cue.text_content() == "“said”, passed on by"
    assert cue.evaluate("cue => getComputedStyle(cue).opacity") == "0"
    hop.get_by_role("link").focus()
    assert cue.evaluate("cue => getComputedStyle(cue).opacity") == "1"
    assert cue.bounding_box()["width"] > 100


def test_a_mark_of_the_timeline_leads_to_its_statement(page, article, claim):
    page.goto(claim.get_absolute_url())
    page.get_by_role("link", name="1 May 2024: Kremlin denies").click()
    assert page.locator(":target").inner_text().startswith("Kremlin")


def test_a_circle_is_listed_where_there_is_javascript(page, circular):
    page.goto(circular.get_absolute_url())
    page.get_by_text("Alpha has it from Beta").wait_for()
    assert_accessible(page)


def test_a_circle_is_a_link_away_where_there_is_none(new_context, circular):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(circular.get_absolute_url())
    page.get_by_role("link", name="who has it from whom").click()
    assert page.get_by_text("Alpha has it from Beta").is_visible()


def test_where_the_sources_come_from_is_accessible(page, circular):
    page.goto(f"{circular.get_absolute_url()}sources/")
    assert_accessible(page)


def test_it_goes_from_claim_to_article_and_back_without_javascript(new_context, article, claim):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(claim.get_absolute_url())
    page.locator("#said").get_by_role("link", name="Soldiers to Poland").first.click()
    assert page.locator("mark:target").count() == 1
    page.locator("section.card").first.get_by_role("link", name="Germany sends soldiers").click()
    assert page.locator("li.told:target").count() == 1

"""An editor's main job, in a browser, from the sign-in to the chain on the claim's page."""

import re

import pytest
from playwright.sync_api import Page, expect

from claims.models import Claim, Statement
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

CLAIM = "The alliance stores fuel along its eastern border"
TEXT = """Fuel for the border
An admiral told Deutsche Welle that the alliance stores fuel in the east, Politico reported."""


@pytest.fixture
def suggested() -> Statement:
    """A statement that a program proposed, with its chain, and other rows that the walk must pass by."""
    told = cast.statement(
        cast.article(TEXT, publisher="Politico"),
        "the alliance stores fuel in the east",
        chain=["Admiral", "Deutsche Welle"],
        state="suggested",
    )
    cast.statement(chain=["Noise"], claim=cast.claim("Noise"))
    cast.tag("NATO")
    cast.tag("Noise")
    cast.claim("The alliance fortifies its eastern border", published=True)
    return told


def choose(page: Page, label: str, words: str, name: str) -> None:
    """Type ``words`` into the search box of that label and choose ``name`` with the keyboard."""
    box = page.get_by_role("combobox", name=label)
    box.fill(words)
    expect(page.get_by_role("option", name=name)).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_from_a_suggested_statement_to_a_claim_with_its_chain(page, suggested):
    cast.person("editor")

    # Sign in, and from the desk's work list to the suggested statement.
    page.goto("/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Desk").click()
    page.get_by_role("link", name="1 suggested statement").click()
    page.get_by_role("link", name="the alliance stores fuel in the east").click()
    expect(page.locator(".field-passage")).to_contain_text("Admiral")

    # Confirm it, and link it to a new claim.
    page.get_by_role("combobox", name="State").select_option("confirmed")
    page.get_by_role("button", name="Add a claim").click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Add another claim").click()
    window = opened.value
    window.get_by_label("Text:", exact=True).fill(CLAIM)
    window.get_by_label("Short text:").fill(CLAIM)
    window.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("combobox", name="Claim")).to_have_value(CLAIM)
    save(page)

    # Tag the claim, and cross-reference it.
    claim = Claim.objects.get(text=CLAIM)
    page.goto(f"/admin/claims/claim/{claim.pk}/change/")
    choose(page, "Tags", "nat", "NATO")
    page.get_by_role("button", name="Add a cross-reference").click()
    page.get_by_role("combobox", name="This claim").select_option(label="supports")
    choose(page, "Other claim", "fortifies", "The alliance fortifies")
    page.get_by_role("textbox", name="Reason").fill("Whoever fortifies needs fuel.")
    save(page)

    # Find it by filter.
    page.goto("/claims/")
    page.get_by_role("link", name=re.compile("^NATO, ")).click()
    page.locator("#facet-root > summary").click()
    page.get_by_role("link", name="Admiral, 1 claim", exact=True).click()
    expect(page.locator(".claim-row")).to_have_count(1)
    page.get_by_role("link", name=CLAIM).click()

    # Read its chain.
    expect(page.get_by_role("heading", level=1)).to_have_text(CLAIM)
    expect(page.locator("#said .chain a")).to_have_text(["Admiral", "Deutsche Welle", "Politico"])
    expect(page.locator(".chips")).to_contain_text("NATO")
    references = page.locator("#cross-references")
    expect(references).to_contain_text("Supports")
    expect(references).to_contain_text("The alliance fortifies its eastern border")
    expect(references).to_contain_text("Whoever fortifies needs fuel.")

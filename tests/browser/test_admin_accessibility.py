"""The desk in a real browser: no rule of WCAG 2.2 AA broken, light or dark, and all of it by keyboard."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from articles.history import recorded
from claims.models import Annotation, Claim, ClaimLink, Evidence, Review, Statement
from tests import cast
from tests.browser.accessibility import assert_accessible
from tests.desk import address

pytestmark = pytest.mark.any_engine


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root", password="x")


@pytest.fixture
def desk(page: Page, sign_in, root) -> Page:
    sign_in(page, root)
    return page


@pytest.fixture
def claim(root) -> Claim:
    """A claim with something in every part of its page."""
    made = cast.claim("Germany sends soldiers to Poland", assignee=root)
    weather = cast.tag("Weather")
    made.tags.add(weather, cast.tag("Rain", parent=weather))
    said = cast.statement(claim=made, chain=["The ministry", [None, "Reuters"], "Politico"])
    cast.statement(claim=made, chain=["A diplomat"], state=Statement.State.SUGGESTED)
    cast.link(made, ClaimLink.Kind.SUPPORTS, cast.claim("Poland asks for soldiers"), note="It says so", drawn_by=said)
    cast.link(cast.claim("Nobody moves"), ClaimLink.Kind.DISPUTES, made, state=ClaimLink.State.SUGGESTED)
    Evidence.objects.create(claim=made, article=cast.article(), excerpt="Soldiers were seen.")
    Review.objects.create(claim=made, reviewer=cast.publisher("Checkers"), headline="Checked")
    Annotation.objects.create(claim=made, body="Ask again", created_by=root)
    Annotation.objects.create(claim=made, body="I *did*", created_by=cast.person("editor"))
    return made


def check(page: Page, url: str) -> None:
    page.goto(url)
    assert_accessible(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_first_page_is_accessible(desk, claim, width):
    desk.set_viewport_size({"width": width, "height": 900})
    check(desk, "/admin/")


@pytest.mark.parametrize("model", [Claim, Statement, ClaimLink, Annotation])
def test_lists_are_accessible(desk, claim, model):
    check(desk, address(model, "changelist"))
    check(desk, f"{address(model, 'changelist')}?q=o&withdrawn=all")


def test_a_narrow_list_is_accessible(desk, claim):
    desk.set_viewport_size({"width": 320, "height": 800})
    check(desk, address(Claim, "changelist"))


def test_names_without_a_blank_leave_narrow_pages_as_wide_as_they_are(desk):
    desk.set_viewport_size({"width": 320, "height": 800})
    name = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    rows = [
        cast.claim(name, short_text=name[:75]),
        cast.source(name, slug="company"),
        cast.tag(name, slug="ships"),
        cast.publisher(name, slug="gazette"),
    ]
    pages = [address(row, page) for row in rows for page in ("change", "history", "merge")]
    for url in [*pages, address(rows[0], "withdraw"), "/tags/"]:
        desk.goto(url)
        assert desk.evaluate("document.documentElement.scrollWidth") == 320, url


@pytest.mark.parametrize("width", [1280, 320])
def test_the_claim_form_is_accessible(desk, claim, width):
    desk.set_viewport_size({"width": width, "height": 900})
    check(desk, address(claim))
    for details in desk.locator("details").all():
        details.evaluate("element => element.open = true")
    assert_accessible(desk)
    check(desk, address(Claim, "add"))


def test_the_claim_form_is_accessible_with_rows_added_and_errors(desk, claim):
    desk.goto(address(claim))
    for link in desk.locator(".add-row a").all():
        link.click()
    assert_accessible(desk)
    desk.locator("#id_short_text").fill("")
    desk.get_by_role("button", name="Save and continue editing").first.click()
    expect(desk.locator(".errornote")).to_be_visible()
    assert_accessible(desk)


def test_the_statement_form_is_accessible(desk, claim):
    check(desk, address(claim.appearances.first().statement))
    check(desk, address(Statement, "add"))


@pytest.mark.parametrize("width", [1280, 320])
def test_history_is_accessible_and_runs_no_script_of_a_text(desk, claim, root, width):
    desk.set_viewport_size({"width": width, "height": 900})
    payload = "<img src=x onerror=window.__xss=1> and <script>window.__xss=1</script>"
    for text in (payload, f"{payload} </ins></del>"):
        with recorded(by=root, why=payload) as made:
            claim.text = claim.short_text = text[:75]
            claim.tags.clear()
            claim.save()
    check(desk, address(claim, "history"))
    desk.get_by_label("compare from the version").last.check()
    desk.get_by_role("button", name="Compare the two").click()
    expect(desk.get_by_role("heading", name="Two versions")).to_be_visible()
    assert_accessible(desk)
    check(desk, address(made))
    check(desk, address(type(made), "changelist"))
    check(desk, address(claim).replace("change", "restore/1"))
    desk.get_by_role("button", name="Put back").click()
    expect(desk.get_by_text("This field is required.")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_label("Why:").fill("As it was")
    desk.get_by_role("button", name="Put back").click()
    expect(desk.get_by_role("heading", name="History: Germany sends soldiers")).to_be_visible()
    assert desk.evaluate("window.__xss") is None


def test_the_preview_of_a_bulk_change_is_accessible(desk, claim):
    desk.goto(address(Claim, "changelist"))
    desk.get_by_label("Select all objects on this page for an action").check()
    desk.get_by_label("Action:").select_option("add_tags")
    desk.get_by_role("button", name="Go").click()
    assert_accessible(desk)
    choose(desk, "Tags", "rain")
    desk.get_by_role("button", name="Preview").click()
    expect(desk.get_by_role("status").first).to_contain_text("3 chosen: 2 will change, 1 needs no change.")
    assert_accessible(desk)
    desk.get_by_role("button", name="Add the tags: 2").click()
    expect(desk.locator(".messagelist")).to_contain_text("Add tags: 2 of 3 changed; 1 needed no change.")


def choose(page: Page, label: str, words: str, *, at: int = 0) -> None:
    """Choose a row by keyboard alone, once the box is reached."""
    box = page.get_by_role("combobox", name=re.compile(f"^{label}:?$")).nth(at)
    box.focus()
    page.keyboard.type(words)
    options = page.locator(f"#{box.get_attribute('aria-controls')}").get_by_role("option")
    expect(options.first).to_be_visible()
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    page.keyboard.press("Enter")


def test_a_search_box_is_worked_by_keyboard(desk, claim):
    for name in ("Anna", "Bert"):
        cast.claim(f"{name} sings")
    desk.goto(address(claim))
    desk.get_by_role("button", name="Add another Cross-reference").click()
    choose(desk, "Other claim", "anna", at=2)
    box = desk.get_by_role("combobox", name="Other claim").nth(2)
    expect(box).to_have_value("Anna sings")
    # What was typed over it and left is undone: half a word is no choice.
    box.fill("Be")
    expect(desk.get_by_role("option", name="Bert sings")).to_be_visible()
    assert_accessible(desk)
    desk.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("Be")
    desk.keyboard.press("Escape")
    expect(box).to_have_value("Anna sings")
    desk.locator("#id_links_out-2-relation").select_option("disputes:inverse")
    desk.get_by_role("button", name="Save and continue editing").first.click()
    expect(desk.locator(".messagelist")).to_contain_text("was changed successfully")
    assert ClaimLink.objects.filter(from_claim__text="Anna sings", kind="disputes", to_claim=claim).exists()


def test_a_choice_is_emptied_by_emptying_its_box(desk, claim):
    desk.goto(address(claim))
    box = desk.get_by_role("combobox", name="Assignee")
    expect(box).to_have_value("root")
    box.fill("")
    desk.keyboard.press("Tab")
    desk.get_by_role("button", name="Save and continue editing").first.click()
    expect(desk.locator(".messagelist")).to_contain_text("was changed successfully")
    claim.refresh_from_db()
    assert claim.assignee is None


def test_tags_are_chips_that_the_keyboard_removes(desk, claim):
    desk.goto(address(claim))
    cast.tag("Snow")
    choose(desk, "Tags", "snow")
    desk.get_by_role("button", name="Remove Rain").press("Enter")
    desk.keyboard.press("Backspace")
    chips = desk.get_by_role("list", name="Chosen").get_by_role("listitem")
    expect(chips).to_have_text(["Weather×"])
    desk.get_by_role("button", name="Save and continue editing").first.click()
    expect(desk.locator(".messagelist")).to_contain_text("was changed successfully")
    assert [tag.name for tag in claim.tags.all()] == ["Weather"]


def test_it_says_that_nothing_is_found(desk, claim):
    desk.goto(address(claim))
    box = desk.get_by_role("combobox", name="Assignee")
    box.fill("nobody of that name")
    expect(desk.locator(".field-assignee [role=status]")).to_have_text("Nothing found")


def test_a_claim_made_in_a_window_of_its_own_is_chosen(desk, claim):
    statement = cast.statement()
    desk.goto(address(statement))
    desk.get_by_role("button", name="Add a claim").click()
    with desk.expect_popup() as opened:
        desk.locator("#add_id_appearances-0-claim").click()
    window = opened.value
    window.get_by_label("Text:", exact=True).fill("A claim made on the way")
    window.get_by_label("Short text:").fill("Made on the way")
    assert_accessible(window)
    window.get_by_role("button", name="Save", exact=True).first.click()
    expect(desk.get_by_role("combobox", name="Claim:", exact=True)).to_have_value("Made on the way")
    desk.get_by_role("button", name="Save and continue editing").first.click()
    expect(desk.locator(".messagelist")).to_contain_text("was changed successfully")
    assert [str(row.claim) for row in statement.appearances.all()] == ["Made on the way"]

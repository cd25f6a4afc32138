"""The claim list in a browser: its panel, its keys, where the focus goes, and that none of it needs a script."""

import re

import pytest

from tests import cast
from tests.browser.accessibility import assert_accessible
from tests.claims.worlds import told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]


@pytest.fixture(autouse=True)
def _claims():
    with cast.at_once():
        for number in range(12):
            told(f"Number {number}")


def focused(page, of="textContent"):
    return " ".join(page.evaluate(f"document.activeElement.{of}").split())


def open_panel(page, address):
    page.goto(address)
    page.locator(".facet").first.wait_for()


def facet(page, name):
    return page.locator(f"#facet-{name}")


def test_the_panel_comes_by_itself_and_has_no_violation(page, sign_in):
    sign_in(page, cast.person("editor"))
    open_panel(page, "/claims/?tag=number-1-tag&-root=number-2-source&q=claim")
    for summary in page.locator("#filters summary:visible").all():
        if not summary.evaluate("summary => summary.parentElement.open"):
            summary.click()
    page.get_by_text("Order and columns").first.click()
    page.locator(".expand > summary").first.click()
    page.locator(".expand .statements").wait_for()
    assert_accessible(page)


def test_a_value_is_chosen_and_refused_with_the_keyboard(page):
    open_panel(page, "/claims/")
    value = facet(page, "root").locator(".value").first
    value.locator(".tick").focus()
    page.keyboard.press("Tab")
    assert focused(page, "ariaLabel").startswith("not: Number")
    assert value.locator(".not").evaluate("link => getComputedStyle(link).opacity") == "1"
    page.keyboard.press("Enter")
    page.wait_for_url("**/claims/?-root=number-*-source")
    assert page.get_by_role("status").first.inner_text().split("·")[0].strip().startswith("11 claims")


def test_more_values_take_the_focus_and_are_looked_through(page):
    open_panel(page, "/claims/")
    old = {tick.inner_text() for tick in facet(page, "root").locator(".tick").all()}
    facet(page, "root").get_by_role("link", name="More").click()
    facet(page, "root").locator(".value").nth(11).wait_for()
    page.wait_for_function("document.activeElement.matches('.tick')")
    assert focused(page, "innerText") not in {" ".join(text.split()) for text in old}
    box = page.get_by_role("searchbox", name="Said by: find by name")
    box.press_sequentially("number 11")
    facet(page, "root").locator(".value").nth(1).wait_for(state="detached")
    assert facet(page, "root").locator(".name").all_inner_texts() == ["Number 11 source"]
    assert focused(page, "value") == "number 11"
    facet(page, "root").get_by_role("status").get_by_text("1 found").wait_for(state="attached")
    page.evaluate("window.scrollTo(0, 0)")  # out from under the heads of the table
    assert_accessible(page)


def test_a_facet_stays_as_it_was_left(page):
    open_panel(page, "/claims/")
    assert facet(page, "tag").evaluate("facet => facet.open")
    facet(page, "tag").locator("summary").click()
    open_panel(page, "/claims/")
    page.wait_for_function("!document.querySelector('#facet-tag').open")


@pytest.mark.parametrize("key", ["Delete", "Backspace"])
def test_a_filter_is_removed_by_key_and_the_next_takes_the_focus(page, key):
    page.goto("/claims/?tag=number-1-tag&kind=fact&kind=figure")
    page.get_by_role("link", name="Remove filter Kind: fact", exact=True).focus()
    page.keyboard.press(key)
    page.wait_for_url("**/claims/?tag=number-1-tag&kind=figure")
    page.wait_for_function("document.activeElement.matches('.chip')")
    assert focused(page) == "Remove filter Kind: figure"
    page.keyboard.press(key)
    page.wait_for_url("**/claims/?tag=number-1-tag")
    page.wait_for_function("document.activeElement.matches('.chip')")
    page.keyboard.press(key)
    page.wait_for_url("**/claims/")
    page.wait_for_function("document.activeElement.id == 'list'")


def test_keys_walk_the_rows_and_open_them(page):
    page.goto("/claims/")
    texts = page.locator(".claim-text").all_inner_texts()
    for key, text in (("j", texts[0]), ("j", texts[1]), ("j", texts[2]), ("k", texts[1])):
        page.keyboard.press(key)
        assert focused(page) == text
    page.keyboard.press("Space")
    page.locator(".expand[open] .statements").wait_for()
    page.keyboard.press("Space")
    assert page.locator(".expand[open]").count() == 0
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/claims/\d+-number"))


def test_keys_lead_to_the_search_and_the_filters_and_leave_typing_alone(page):
    open_panel(page, "/claims/")
    page.keyboard.press("/")
    assert focused(page, "id") == "search"
    page.keyboard.type("j/f?")
    assert focused(page, "value") == "j/f?"
    page.locator("h1").click()
    page.keyboard.press("f")
    assert page.evaluate("Boolean(document.activeElement.closest('#filters'))")
    page.keyboard.press("Control+j")
    assert page.evaluate("Boolean(document.activeElement.closest('#filters'))")


def test_the_keys_are_listed_and_can_be_switched_off(page):
    page.goto("/claims/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys of this page")
    for key in ("j", "k", "Enter", "Space", "/", "f", "?"):
        assert dialog.get_by_role("rowheader", name=key, exact=True).is_visible()
    assert_accessible(page)
    dialog.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert not page.evaluate("Boolean(document.activeElement.closest('.claim-row'))")
    page.goto("/claims/")
    page.keyboard.press("?")
    assert not dialog.is_visible()
    page.get_by_role("button", name="Keys").click()
    assert not dialog.get_by_label("Single keys are on").is_checked()


def test_help_with_the_search_opens_beside_the_box(page):
    page.goto("/claims/")
    page.get_by_role("button", name="How to search").click()
    assert page.get_by_role("heading", name="How to search").is_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    assert not page.get_by_role("heading", name="How to search").is_visible()


def test_all_of_it_works_without_a_script(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/claims/?kind=fact")
    page.get_by_role("link", name="Filter this list").click()
    page.wait_for_url("**/facets/claims/?kind=fact")
    page.locator("#facet-root").get_by_role("link", name="More").click()
    page.get_by_role("searchbox", name="Said by: find by name").fill("number 7")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Number 7 source, 1 claim").click()
    page.wait_for_url("**/claims/?kind=fact&root=number-7-source")
    page.locator(".expand > summary").click()
    page.get_by_role("link", name="Show them").click()
    page.get_by_role("heading", name="Who said it").wait_for()
    page.goto("/facets/claims/")
    page.locator(".group > summary", has_text="How well sourced").click()
    page.get_by_label("Independent sources, at least").fill("2")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**sources_min=2**")
    assert page.get_by_text("Nothing fits this filter.").is_visible()


def test_it_is_a_pile_of_cards_at_320_pixels(page):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/claims/?cols=chain&cols=tags&cols=url&cols=verdict")
    page.locator(".expand > summary").first.click()
    page.locator(".expand .statements").wait_for()
    assert page.locator("thead").is_hidden()
    page.locator(".filters > summary").click()
    page.locator(".facet").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert_accessible(page)

"""Deciding on suggestions in a browser: by keys, with the focus on the next one, and without a script."""

import re

import pytest

from articles.models import Article
from claims.models import Statement
from tests import cast
from tests.browser.accessibility import assert_accessible
from tests.claims.offers import CLOSE, MISTAKE, OLD, UNSAFE, harbour

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]

URL = "/queue/suggestions/"


@pytest.fixture(autouse=True)
def waiting(page, sign_in):
    sign_in(page, cast.person("lead"))
    return harbour()


def states():
    return list(Statement.objects.order_by("start").values_list("state", flat=True))


def focused(page):
    """The words of the suggestion that has the focus."""
    return page.evaluate("document.activeElement.dataset.words")


def said(page, words):
    page.locator("#decided[role=status]").filter(has_text=words).wait_for()


def test_keys_decide_one_after_the_other(page):
    page.goto(URL)
    page.keyboard.press("a")  # nothing has the focus yet: nothing is accepted unseen
    assert (focused(page), states()) == (CLOSE, ["suggested"] * 4)
    page.keyboard.press("a")
    said(page, f"Accepted: “{CLOSE}”. Undo")
    assert focused(page) == OLD
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == MISTAKE
    page.keyboard.press("a")
    said(page, "It is not clear who is meant")
    page.keyboard.press("k")
    page.keyboard.press("x")
    page.get_by_role("dialog", name="Reject this suggestion").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    said(page, f"Rejected: “{UNSAFE}”. Undo")
    assert focused(page) == MISTAKE
    assert states() == ["confirmed", "suggested", "rejected", "suggested"]
    assert Statement.objects.get(exact=UNSAFE).reason == "wrong span"
    assert page.get_by_text("Suggestions to decide: 2").is_visible()


def test_the_form_leads_back_to_the_next(page):
    page.goto(URL)
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_url("**/admin/claims/statement/**")
    page.get_by_role("button", name="Save and accept").first.click()
    page.wait_for_url(f"**{URL}#s*")
    assert focused(page) == OLD
    said(page, "was changed successfully")
    page.keyboard.press("o")
    page.wait_for_url("**/articles/**")


def test_other_words_are_wanted_where_no_reason_fits(page):
    page.goto(URL)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.get_by_label("Other").check()
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog").is_visible()
    page.get_by_label("In your own words").fill("ja, so")
    page.keyboard.press("Enter")
    said(page, "Rejected")
    assert Statement.objects.get(exact=CLOSE).reason == "ja, so"


def test_what_is_typed_or_pressed_with_others_decides_nothing(page):
    page.goto(URL)
    page.keyboard.press("j")
    for key in ("Control+a", "Alt+a", "Meta+a"):
        page.keyboard.press(key)
    page.evaluate(
        """() => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", { key: "a", bubbles: true, isComposing: true }))"""
    )
    page.evaluate(
        """() => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", { key: "a", bubbles: true, repeat: true }))"""
    )
    page.get_by_label("Method").fill("")
    page.keyboard.type("axe?")
    assert page.get_by_label("Method").input_value() == "axe?"
    page.wait_for_timeout(200)
    assert states() == ["suggested"] * 4


def test_the_keys_are_listed_and_switched_off(page):
    page.goto(URL)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys of this page")
    for key in ("j", "k", "a", "e", "x", "o", "/", "f", "?"):
        assert dialog.get_by_role("rowheader", name=key, exact=True).is_visible()
    assert not dialog.get_by_role("rowheader", name="Space", exact=True).is_visible()
    dialog.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("Escape")
    assert page.locator(".decide kbd").first.is_hidden()
    page.keyboard.press("j")
    page.keyboard.press("a")
    assert page.locator(":focus.suggestion").count() == 0


def test_a_stale_row_stays_and_is_told_of(page, page_faults, waiting):
    page.goto(URL)
    Statement.objects.filter(pk=waiting[0].pk).change(commitment="CT+")
    page.keyboard.press("j")
    page.keyboard.press("a")
    said(page, "Somebody else changed it")
    assert focused(page) == CLOSE
    page.goto(URL)
    Statement.objects.filter(pk=waiting[0].pk).change(state="rejected")
    page.keyboard.press("j")
    page.keyboard.press("a")
    said(page, "It was rejected already")
    assert focused(page) == OLD
    assert all("409" in fault for fault in page_faults)
    page_faults.clear()


def test_after_the_last_one_it_offers_what_is_left(page):
    Statement.objects.exclude(exact=CLOSE).change(state="confirmed")
    page.goto(f"{URL}?confidence=90")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.locator("#decided a:focus", has_text="Show what is left").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("Nothing fits this filter.").wait_for()


def test_the_page_of_the_article_takes_the_same_keys(page):
    page.goto(Article.objects.get().get_absolute_url())
    page.keyboard.press("j")
    page.keyboard.press("a")
    said(page, "Accepted")
    assert focused(page) == OLD
    assert page.locator("mark.unlinked").all_inner_texts() == [CLOSE]
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    said(page, "Rejected")
    assert page.locator("mark.suggested").count() == 2
    assert_accessible(page)


def test_all_of_it_works_without_a_script(new_context, sign_in):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, cast.person("editor"))
    page.goto(URL)
    page.get_by_role("button", name=f"Accept : {CLOSE}").click()
    page.wait_for_url(f"**{URL}#s*")
    assert page.get_by_role("status").first.inner_text() == f"Accepted: “{CLOSE}”. Undo"
    page.get_by_role("link", name=re.compile(f"^Reject.*{UNSAFE}$")).click()
    page.get_by_label("A denial").check()
    page.get_by_role("button", name="Reject").click()
    page.wait_for_url(f"**{URL}#s*")
    assert states() == ["confirmed", "suggested", "rejected", "suggested"]


@pytest.mark.parametrize("url", [URL, f"{URL}?type=block", f"{URL}accept/?least=10", f"{URL}precision/"])
def test_none_has_a_violation_or_scrolls_sideways(page, url):
    Statement.objects.filter(exact=OLD).change(state="confirmed")
    page.goto(url)
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert_accessible(page)


def test_the_dialog_and_the_page_that_ask_why_have_no_violation(page, waiting):
    page.goto(URL)
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert_accessible(page)
    page.goto(f"{URL}{waiting[0].pk}/reject/")
    assert_accessible(page)

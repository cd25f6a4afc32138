"""Two at one page of the desk: they are told of each other, and who saves second picks what is to stand."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests import cast
from tests.browser.accessibility import assert_accessible
from tests.desk import add_row, address, fill, save, shown

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other(db) -> Client:
    """Somebody else at the desk."""
    client = Client()
    client.force_login(cast.person("reviewer"))
    return client


@pytest.fixture
def desk(page: Page, sign_in, other) -> Page:
    sign_in(page, cast.person("editor"))
    return page


def press_save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue editing").first.click()


def test_what_is_picked_is_saved_and_nothing_typed_is_lost(desk, other, page_faults):
    rain, snow = cast.tag("Rain"), cast.tag("Snow")
    claim = cast.claim("Germany sends soldiers to Poland in spring", tags=[rain])
    other.post(address(claim, "presence"))
    desk.goto(address(claim))
    expect(desk.locator("#presence")).to_contain_text("reviewer has been editing since")
    typed = {"text": "Germany sends some 200 soldiers to Poland", "tags": [snow.pk], "why": "The ministry corrected it"}
    save(other, address(claim), **typed)
    desk.locator("#id_text").fill("Germany sends many soldiers to Poland in summer")
    desk.locator("#id_unit").evaluate("box => (box.value = 'men')")
    press_save(desk)
    expect(desk.get_by_role("heading", level=1)).to_have_text("Somebody else saved this too")
    expect(desk.locator(".saves")).to_contain_text("by reviewer, “The ministry corrected it”")
    text = desk.get_by_role("group", name="Text you both changed it")
    expect(text.locator("del").first).to_have_text("in spring")
    text.get_by_label("Stored now").check()
    assert_accessible(desk)
    desk.set_viewport_size({"width": 320, "height": 800})
    assert_accessible(desk)
    assert desk.evaluate("document.documentElement.scrollWidth") <= 320
    desk.get_by_role("button", name="Save what is picked").press("Enter")
    expect(desk.locator(".messagelist .success")).to_be_visible()
    claim.refresh_from_db()
    assert (claim.text, claim.unit, list(claim.tags.all())) == (typed["text"], "men", [snow])
    assert len(page_faults) == 1
    assert "409" in page_faults.pop()


def test_a_chain_is_picked_whole(desk, other, page_faults):
    told = cast.statement(chain=["The German defence ministry", "Deutsche Welle"])
    desk.goto(address(told))
    hop = {"position": 2, "source": cast.source("Le Monde").pk, "quotation_type": "indirect"}
    other.post(address(told), fill(add_row(shown(other, address(told)), "attributions", **hop), {}))
    desk.locator("#id_attributions-1-cue").fill("reports from Berlin")
    press_save(desk)
    expect(desk.get_by_role("group", name="Who said it, according to whom")).to_contain_text("Le Monde (added)")
    assert_accessible(desk)
    desk.get_by_label("Stored now").check()
    desk.get_by_role("button", name="Save what is picked").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert [str(hop.source) for hop in told.attributions.current()][2:] == ["Le Monde"]
    assert "409" in page_faults.pop()


def test_who_leaves_the_page_is_gone(desk, other):
    claim = cast.claim()
    desk.goto(address(claim))
    line = lambda: other.post(address(claim, "presence")).json()["others"]  # noqa: E731
    expect(desk.locator("#presence")).to_be_attached()
    for _ in range(50):
        if line():
            break
        desk.wait_for_timeout(100)
    assert line().startswith("editor has been editing since ")
    desk.goto("/claims/")
    for _ in range(50):
        if not line():
            break
        desk.wait_for_timeout(100)
    assert line() == ""

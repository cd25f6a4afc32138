"""What the desk's forms do in a browser: hops that count on, search boxes that lose no word, errors that are led to."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from claims.models import Claim, Source, Statement
from tests import cast
from tests.browser.accessibility import assert_accessible
from tests.desk import address

UNCHOSEN = "Choose from the list, or make it with +"


@pytest.fixture
def desk(page: Page, sign_in, db) -> Page:
    sign_in(page, User.objects.create_superuser("root", password="x"))
    return page


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue editing").first.click()


def chain(statement: Statement) -> list[tuple[int, str]]:
    hops = statement.attributions.current().select_related("source").order_by("position", "id")
    return [(hop.position, str(hop.source)) for hop in hops]


def positions(page: Page) -> list[str]:
    shown = page.locator(".inline-related:not(.empty-form) input[name$=-position]")
    return [box.input_value() for box in shown.all()]


def test_each_added_hop_gets_the_next_number(desk):
    cast.source("Reuters")
    cast.source("Politico")
    statement = cast.statement(chain=["The ministry"])
    desk.goto(address(statement))
    for at, name in ((1, "Reuters"), (2, "Politico")):
        desk.get_by_role("button", name="Add another hop").click()
        box = desk.locator(f"#attributions-{at}").get_by_role("combobox", name="Source")
        box.fill(name)
        desk.get_by_role("option", name=name).click()
        desk.locator(f"#id_attributions-{at}-quotation_type").select_option("indirect")
    assert positions(desk) == ["0", "1", "2"]
    expect(desk.locator("#attributions-2 .row-heading")).to_have_text("Hop 2")
    save(desk)
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert chain(statement) == [(0, "The ministry"), (1, "Reuters"), (2, "Politico")]


def test_the_first_hop_of_a_new_statement_is_the_root(desk):
    desk.goto(address(Statement, "add"))
    desk.get_by_role("button", name="Add a hop").click()
    desk.get_by_role("button", name="Add a hop").click()
    assert positions(desk) == ["0", "1", "2"]
    desk.locator("#id_attributions-2-position").fill("1")
    expect(desk.locator("#attributions-2 .row-heading")).to_have_text("Hop 1")


def test_words_that_were_not_chosen_stay_and_are_refused(desk):
    statement = cast.statement(chain=["The ministry"])
    desk.goto(address(statement))
    box = desk.locator("#attributions-0").get_by_role("combobox", name="Source")
    box.fill("Ida Holm")
    desk.keyboard.press("Tab")
    expect(box).to_have_value("Ida Holm")
    expect(box).to_have_accessible_description(f"Empty: nobody is named. {UNCHOSEN}")
    assert_accessible(desk)
    save(desk)
    expect(desk.locator("#attributions-0 .errorlist")).to_have_text(
        "“Ida Holm” is no source yet: choose from the list, or make it with +."
    )
    expect(box).to_have_value("Ida Holm")
    expect(box).to_be_focused()
    assert_accessible(desk)
    box.press("Escape")
    expect(box).to_have_value("The ministry")
    save(desk)
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert chain(statement) == [(0, "The ministry")]


def test_words_that_name_exactly_one_row_choose_it(desk):
    cast.source("Ida Holm")
    cast.source("Ida Holmberg")
    statement = cast.statement(chain=["The ministry"])
    desk.goto(address(statement))
    desk.locator("#attributions-0").get_by_role("combobox", name="Source").fill("ida holm")
    save(desk)
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert chain(statement) == [(0, "Ida Holm")]


def test_words_in_a_box_of_several_are_refused_too(desk):
    claim = cast.claim()
    claim.tags.add(cast.tag("Rain"))
    desk.goto(address(claim))
    desk.get_by_role("combobox", name="Tags").fill("Hail")
    save(desk)
    expect(desk.locator(".field-tags .errorlist")).to_contain_text("“Hail” is no tag yet")
    expect(desk.get_by_role("combobox", name="Tags")).to_have_value("Hail")
    assert [tag.name for tag in claim.tags.all()] == ["Rain"]


def test_the_words_are_the_name_of_what_is_made_on_the_way(desk):
    statement = cast.statement(chain=["The ministry"])
    desk.goto(address(statement))
    box = desk.locator("#attributions-0").get_by_role("combobox", name="Source")
    box.fill("Ida Holm")
    with desk.expect_popup() as opened:
        desk.locator("#add_id_attributions-0-source").click()
    window = opened.value
    expect(window.get_by_label("Name:")).to_have_value("Ida Holm")
    expect(window.get_by_label("Slug:")).to_have_value("ida-holm")
    window.get_by_role("button", name="Save", exact=True).first.click()
    expect(box).to_have_value("Ida Holm")
    expect(box).to_have_attribute("aria-invalid", "false")
    save(desk)
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert chain(statement) == [(0, Source.objects.get(name="Ida Holm").name)]


def test_an_error_opens_its_group_and_is_led_to(desk):
    claim = cast.claim()
    desk.goto(address(claim))
    desk.get_by_text("Figure", exact=True).click()
    desk.get_by_label("Figure low").fill("1e40")
    save(desk)
    expect(desk.locator(".complaints a").first).to_be_visible()
    link = desk.locator(".complaints a").first
    field = desk.locator(link.get_attribute("href") or "")
    expect(field).to_be_visible()
    expect(field).to_be_focused()
    assert_accessible(desk)
    desk.locator("h1").click()
    link.click()
    expect(field).to_be_focused()
    assert not Claim.objects.exclude(figure_low=None).exists()


@pytest.mark.parametrize("model", [Claim, Statement])
def test_a_list_shows_all_its_columns_at_1280(desk, model):
    for at in range(3):
        made = cast.claim(f"The ministry of defence says what number {at} of its many budgets is worth")
        made.tags.add(cast.tag(f"Procurement {at}"), cast.tag(f"Public opinion {at}"))
        cast.statement(claim=made, chain=["The ministry of defence", "A news agency", "A paper"])
    desk.set_viewport_size({"width": 1280, "height": 900})
    desk.goto(address(model, "changelist"))
    assert desk.locator("#changelist-form .results").evaluate("box => box.scrollWidth - box.clientWidth") == 0

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from articles.models import Article
from tests import cast
from tests.articles.samples import TEN_ITEMS
from tests.browser.accessibility import assert_accessible


@pytest.mark.parametrize("width", [1280, 320])
def test_a_digest_goes_in_through_the_page(
    page: Page, sign_in: Callable[[Page, User], None], tmp_path: Path, width: int
) -> None:
    file = tmp_path / "digest.txt"
    file.write_bytes(TEN_ITEMS + b"Keep reading\nNo body\n")
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, cast.person("lead"))
    page.goto(reverse("admin:articles_importrun_changelist"))
    page.get_by_role("link", name="Import articles").click()
    assert_accessible(page)

    page.get_by_label("Publisher").fill("The Daily Digest")
    page.get_by_label("Published").fill("soon")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("Choose a file.")).to_be_visible()
    why = "“soon” is no date: write 2025-12-02, 2025-12 or 2025."
    expect(page.get_by_label("Published")).to_have_accessible_description(re.compile(re.escape(why)))
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.get_by_label("File").set_input_files(file)
    page.get_by_label("Published").fill("2025-12")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("created 10 · updated 0 · unchanged 0 · rejected 1")).to_be_visible()
    assert_accessible(page)
    assert Article.objects.count() == 10

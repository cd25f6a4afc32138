"""Takes the pictures of the documentation anew: `make screenshots`.

Serves a fresh sample on a free port of this machine, walks through the guide in Chromium (CHROMIUM, else Debian's),
writes docs/images/*.png, and stops the server again. Your own database is not touched.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import FloatRect, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
DIGEST = ROOT / "docs" / "morning.txt"
PASSWORD = "for-the-pictures-only"
WIDTH, HEIGHT = 1280, 800
ROOM = 16  # pixels around what is cut out

PICTURED_CLAIM = "/claims/?q=East+Shield+dozen"
DISPUTED_CLAIM = "/claims/?q=sightings+drones"
PICTURED_ARTICLE = "/articles/?q=soldiers"


def main() -> None:
    browser_path = shutil.which(os.environ.get("CHROMIUM") or "chromium")
    if not browser_path:
        sys.exit("No browser: run `apt-get install chromium`, or set CHROMIUM=/path/to/it.")
    IMAGES.mkdir(exist_ok=True)
    with serve() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        context = browser.new_context(
            base_url=address,
            viewport={"width": WIDTH, "height": HEIGHT},
            color_scheme="light",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        picture_public_pages(page)
        sign_in(page, "editor")
        picture_desk(page)
        picture_suggestions(page)
        picture_links(page)
        picture_preview(page)
        picture_history(page)
        picture_conflict(page)
        sign_in(page, "lead")
        picture_upload(page)
        sign_in(page, "editor")
        picture_statement(page)
        browser.close()


@contextlib.contextmanager
def serve() -> Iterator[str]:
    """A server with a sample of its own; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="hearsay-pictures-") as folder:
        environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder}/sample.sqlite3",
            "DEMO": "on",
            "DEMO_PASSWORD": PASSWORD,
            "HOST": "127.0.0.1",
            "HTTPS": "off",
            "PORT": str(port),
        }
        for command in ("migrate", "collectstatic --no-input", "prepare"):
            manage = [sys.executable, "manage.py", *command.split(), "--verbosity", "0"]
            subprocess.run(manage, cwd=ROOT, env=environment, check=True)
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", "config/server.py", "config.wsgi"]
        with subprocess.Popen(gunicorn, cwd=ROOT, env=environment) as server:
            try:
                address = f"http://127.0.0.1:{port}"
                wait_for(f"{address}/healthz")
                yield address
            finally:
                server.terminate()


def wait_for(url: str) -> None:
    """Raises TimeoutError where ``url`` does not answer within half a minute."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(url):
            return
        time.sleep(0.2)
    raise TimeoutError(f"{url} does not answer.")


# What the browser does.


def sign_in(page: Page, role: str) -> None:
    page.context.clear_cookies()
    page.goto("/login/")
    page.fill("[name=username]", role)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/")


def open_first(page: Page, listing: str) -> None:
    """The first row of a list."""
    page.goto(listing)
    page.click("main :is(ul.rows, .claims tbody) a >> nth=0")
    page.wait_for_load_state()


def choose(page: Page, field: str, words: str) -> None:
    """Type into the search box over the select with the id ``field``, and take the first row."""
    box = page.locator(f"#{field} + .combobox-box input")
    box.click()
    with page.expect_response(lambda response: "/choices/" in response.url and "q=" + words[0] in response.url):
        box.press_sequentially(words)
    page.locator(f"#{field} + .combobox-box [role=option]").first.click()


def add_source(page: Page, hop: int, name: str, **options: str) -> None:
    """Make a new source in the pop-up of one hop."""
    with page.expect_popup() as popup:
        page.click(f"#add_id_attributions-{hop}-source")
    popup.value.fill("#id_name", name)
    for field, value in options.items():
        popup.value.select_option(f"#id_{field}", value)
    with popup.value.expect_event("close"):
        popup.value.click("[name=_save] >> nth=0")
    page.locator(f"#id_attributions-{hop}-source option:checked", has_text=name).wait_for(state="attached")


def take(page: Page, name: str) -> None:
    """The first screen."""
    page.mouse.move(0, 0)
    page.screenshot(path=IMAGES / f"{name}.png")


def cut_out(page: Page, name: str, part: Locator) -> None:
    """The full width of the page, as high as ``part``."""
    page.mouse.move(0, 0)
    box = part.bounding_box()
    assert box, f"{name}: nothing to cut out"
    top = max(0, box["y"] + page.evaluate("window.scrollY") - ROOM)
    clip = FloatRect(x=0, y=top, width=WIDTH, height=box["height"] + 2 * ROOM)
    page.screenshot(path=IMAGES / f"{name}.png", full_page=True, clip=clip)


# The pictures.


def picture_public_pages(page: Page) -> None:
    """As a reader of the desk sees them."""
    sign_in(page, "reader")
    open_first(page, PICTURED_CLAIM)
    take(page, "claim")
    open_first(page, DISPUTED_CLAIM)
    cut_out(page, "timeline", page.locator("#timeline"))
    open_first(page, PICTURED_ARTICLE)
    take(page, "article")
    page.goto("/claims/?relay=financial-times")
    page.wait_for_selector("#filters .facet")
    take(page, "list")


def picture_desk(page: Page) -> None:
    page.goto("/admin/")
    take(page, "desk")


def picture_suggestions(page: Page) -> None:
    page.goto("/queue/suggestions/")
    page.wait_for_selector(".keys")
    page.keyboard.press("j")
    take(page, "suggestions")


def picture_links(page: Page) -> None:
    page.goto("/admin/claims/claim/?q=several+dozen+East+Shield")
    page.click("#result_list tbody th a >> nth=0")
    cut_out(page, "links", page.locator("#links_out-group"))


def picture_preview(page: Page) -> None:
    page.goto("/admin/claims/claim/?q=NSPA")
    for row in range(3):
        page.locator("input.action-select").nth(row).check()
    page.select_option("select[name=action]", label="Add tags")
    page.click(".actions button")
    choose(page, "id_tags", "unnamed")
    page.click("[name=preview]")
    page.wait_for_selector("[name=apply]")
    take(page, "preview")


def picture_history(page: Page) -> None:
    page.goto("/admin/claims/claim/?q=several+dozen+East+Shield")
    page.click("#result_list tbody th a >> nth=0")
    text = page.locator("#id_text")
    text.fill(text.input_value().replace("initially runs", "is planned to run"))
    page.fill("#id_why", "The ministry's release speaks of a plan")
    page.click("[name=_continue] >> nth=0")
    page.click("a.historylink")
    cut_out(page, "history", page.locator(".entry >> nth=0"))


def picture_conflict(page: Page) -> None:
    """What the editor gets who saves after the reviewer."""
    assert page.context.browser
    other = page.context.browser.new_context(base_url=page.url.partition("/admin/")[0]).new_page()
    sign_in(other, "reviewer")
    for window in (page, other):
        window.goto("/admin/claims/claim/?q=several+dozen+East+Shield")
        window.click("#result_list tbody th a:has-text('Several dozen')")
    text = page.input_value("#id_text")
    other.fill("#id_text", text.replace("Several dozen", "Up to 60"))
    other.fill("#id_why", "The ministry gave a number.")
    other.click("[name=_save] >> nth=0")
    other.wait_for_selector(".messagelist .success")
    other.context.close()
    page.fill("#id_text", text.replace("soldiers", "soldiers, most of them engineers,"))
    page.click("[name=_save] >> nth=0")
    page.wait_for_selector(".conflict")
    cut_out(page, "conflict", page.locator("#content"))


def picture_upload(page: Page) -> None:
    page.goto("/admin/articles/importrun/upload/")
    page.set_input_files("[name=file]", DIGEST)
    page.fill("[name=publisher]", "Morning digest")
    page.fill("[name=published]", "2025-12-09")
    take(page, "upload")
    page.click("#content form [type=submit]")
    page.wait_for_selector(".messagelist .success")


def picture_statement(page: Page) -> None:
    page.goto("/admin/claims/statement/add/")
    choose(page, "id_version", "harbour")
    page.fill("#id_exact", "The piles are rotten and nobody should stand on them")
    take(page, "statement")
    add_source(page, 0, "Ida Holm")
    page.fill("#id_attributions-0-cue", "told the Coast Courier")
    page.fill("#id_attributions-0-said_on_as_given", "Monday")
    page.click("#attributions-group .add-row a")
    page.fill("#id_attributions-1-position", "1")
    add_source(page, 1, "Coast Courier", kind="outlet")
    page.fill("#id_attributions-1-cue", "reports")
    cut_out(page, "chain", page.locator("#attributions-group"))
    page.click("[name=_continue] >> nth=0")
    page.wait_for_selector(".messagelist .success")


if __name__ == "__main__":
    main()

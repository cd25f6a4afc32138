"""A real browser against a live server. Whatever the browser complains of fails the test."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Playwright, Request, WebError

# Playwright's loop runs in the thread of the tests, where Django would refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

ARGUMENTS = [
    "--no-sandbox",  # it cannot be had as root
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


def chromium() -> str:
    """The browser's path: CHROMIUM, else Debian's. Without one the test fails: a skip would go unseen."""
    found = shutil.which(os.environ.get("CHROMIUM") or "chromium")
    if not found:
        pytest.fail("No browser: run `apt-get install chromium`, or set CHROMIUM=/path/to/it.", pytrace=False)
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | {"executable_path": chromium(), "args": ARGUMENTS}


@pytest.fixture(scope="session")
def playwright(playwright: Playwright) -> Iterator[Playwright]:
    """While Playwright's loop runs, Django keeps the thread's connection in another place than before and after
    it: what is opened there is closed before the loop ends, or nobody can close it."""
    yield playwright
    connections.close_all()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], live_server: Any) -> dict[str, Any]:
    """So that a test may say `page.goto("/claims/")`."""
    return browser_context_args | {"base_url": live_server.url}


@pytest.fixture
def page_faults() -> Iterator[list[str]]:
    """What the browser complained of. A test that provokes a fault asserts on it, then clears the list."""
    faults: list[str] = []
    yield faults
    assert not faults, "The browser complains:\n" + "\n".join(faults)


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], page_faults: list[str], live_server: Any
) -> Iterator[Callable[..., BrowserContext]]:
    """Watches every context, that of `page` included, and each of its windows."""
    contexts: list[BrowserContext] = []

    def watched(**options: Any) -> BrowserContext:
        context = new_context(**options)
        watch(context, page_faults, live_server.url)
        contexts.append(context)
        return context

    yield watched
    for page in [page for context in contexts for page in context.pages]:
        page.wait_for_timeout(50)  # lets the last complaints arrive


def watch(context: BrowserContext, faults: list[str], origin: str) -> None:
    """Adds to `faults`: console errors (a breach of the CSP is one), uncaught errors, requests elsewhere."""

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def error(error: WebError) -> None:
        faults.append(f"uncaught: {error.error}")

    def request(request: Request) -> None:
        if not request.url.startswith((origin, "data:", "blob:", "about:")):
            faults.append(f"request elsewhere: {request.url}")

    context.on("console", console)
    context.on("weberror", error)
    context.on("request", request)


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Page, User], None]:
    """`sign_in(page, user)`: from then on the page's requests are the user's. The form is not shown."""

    def sign_in(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": session,
                    "url": live_server.url,
                    "httpOnly": True,
                }
            ]
        )

    return sign_in

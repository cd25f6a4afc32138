"""Asks axe-core (vendored, https://github.com/dequelabs/axe-core, MPL-2.0) about a page."""

from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "axe.min.js").read_text()
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

OPTIONS = {
    # WCAG 2.2, levels A and AA. No rule is exempt.
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    # Preloading writes imported stylesheets into the page, which our policy refuses. Only an experimental
    # rule, off by default, asks for it.
    "preload": False,
}


def assert_accessible(page: Page) -> None:
    """Fails where the page as it stands has a violation, in light or in dark; leaves it in light."""
    found = [f"{scheme}: {line}" for scheme in SCHEMES for line in violations(page, scheme)]
    page.emulate_media(color_scheme="light")
    assert not found, f"{len(found)} violations on {page.url}\n" + "\n".join(found)


def violations(page: Page, scheme: Literal["light", "dark"]) -> list[str]:
    """One line an element: the rule, where the element is, its HTML."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    # Evaluated, not added as a script: the page's CSP would rightly refuse that.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate("options => axe.run(document, options)", OPTIONS)
    return [
        f"{violation['id']} ({violation['help']}) at {node['target']}: {node['html'][:300]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]

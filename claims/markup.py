"""Markdown as notes may use it, made into HTML that is safe to show. Pure: text in, text out.

Two fences: the parser passes no HTML through, and what it writes goes through an allow-list.
"""

from collections.abc import Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from articles.links import may_be_link

TAGS = {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "strong", "ul"}
SCHEMES = {"http", "https", "mailto"}


def _bold_line(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """A heading in a note would stand in the page's outline: it becomes a bold line."""
    return "<p><strong>" if tokens[at].nesting == 1 else "</strong></p>\n"


_markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
_markdown.add_render_rule("heading_open", _bold_line)
_markdown.add_render_rule("heading_close", _bold_line)


def _checked(tag: str, attribute: str, value: str) -> str | None:
    """Links to the web are held to what every other address is held to."""
    return value if attribute != "href" or value.startswith("mailto:") or may_be_link(value) else None


def to_html(markdown: str) -> str:
    """``markdown`` as HTML made of ``TAGS`` alone; links lead to ``SCHEMES`` only and say that we do not vouch."""
    return nh3.clean(
        _markdown.render(markdown),
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        attribute_filter=_checked,
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel="nofollow noopener noreferrer",
    )

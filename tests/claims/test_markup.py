"""Markdown in notes: what it may become, and what it may never."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.markup import SCHEMES, TAGS, to_html
from claims.models import Annotation
from tests import cast


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("Two *words*", "<p>Two <em>words</em></p>"),
        ("**bold** and `code`", "<p><strong>bold</strong> and <code>code</code></p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("# A heading", "<p><strong>A heading</strong></p>"),
        ("A heading\n===", "<p><strong>A heading</strong></p>"),
    ],
)
def test_it_renders_what_a_note_needs(markdown, html):
    assert to_html(markdown).strip() == html


@pytest.mark.parametrize("address", ["https://example.org/a?b=1", "http://example.org", "mailto:desk@example.org"])
def test_it_links_to_the_web_and_to_mail_without_vouching(address):
    html = to_html(f"[there]({address})")
    assert html == f'<p><a href="{address}" rel="nofollow noopener noreferrer">there</a></p>\n'


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#x73;cript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "/admin/",
        "//example.org/x",
    ],
)
def test_it_links_nowhere_else(address):
    assert "href" not in to_html(f"[there]({address})")
    assert "href" not in to_html(f"[there](<{address}>)")
    assert "href" not in to_html(f"[there][1]\n\n[1]: {address}")


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="https://example.org" onclick="alert(1)">x</a>',
        "<iframe src=https://example.org></iframe>",
        "<svg><script>alert(1)</script></svg>",
        '<p style="position:fixed">x</p>',
    ],
)
def test_it_shows_html_as_the_letters_it_is(markdown):
    html = to_html(markdown)
    assert "&lt;" in html
    for tag in ("<script", "<img", "<iframe", "<svg", "<a ", "<p style"):
        assert tag not in html


def test_it_shows_no_image():
    assert "<img" not in to_html("![alt](https://example.org/x.png)")


def test_it_bounds_its_nesting():
    assert to_html("> " * 5000 + "deep").count("<blockquote>") < 100
    assert "deep" in to_html("[" * 5000 + "deep")


@given(st.text(alphabet="<>[]()!`*_#-\"'=/:&; \nahrefscriptonjavdt", max_size=80))
def test_it_never_makes_an_attribute_or_tag_that_is_not_allowed(markdown):
    html = to_html(markdown)
    opened = {part.split(">")[0].split()[0].strip("/") for part in html.split("<")[1:]}
    assert opened <= {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "strong", "ul"}


CASES = {case["id"]: case["variants"] for case in json.loads((Path(__file__).parent / "attacks.json").read_text())}
HOSTILE = [
    *CASES["XSS-03"],
    *CASES["XSS-06"],
    '[x](javascript:window.__xss=1) ![x](x"onerror="window.__xss=1) <javascript:alert(1)> [a]\n\n[a]: javascript:1',
    "[x](https:evil.test) [x](https://user:pass@evil.test/) [x](HTTP:/evil.test) [x](https://a.b\\@evil.test)",
]


class Read(HTMLParser):
    """The tags and attributes of a piece of HTML, as a browser finds them."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs


@pytest.mark.parametrize("markdown", HOSTILE)
def test_hostile_markdown_becomes_harmless_html(markdown):
    read = Read(to_html(markdown))
    assert read.tags <= TAGS
    assert {name for name, _ in read.attributes} <= {"href", "rel", "start"}
    links = [value for name, value in read.attributes if name == "href"]
    assert all(re.match(r"https?://[^@]+$", link) or link.startswith("mailto:") for link in links)
    assert {"http", "https", "mailto"} == SCHEMES


@pytest.mark.django_db
def test_every_page_shows_it_through_the_allow_list(client):
    claim = cast.claim(published=True)
    hostile = "\n\n".join(HOSTILE)
    for visibility in ("public", "desk"):
        Annotation.objects.create(claim=claim, body=f"*Marked* {visibility}\n\n{hostile}", visibility=visibility)
    cast.review(claim, explanation=f"*Marked* review\n\n{hostile}")
    client.force_login(cast.person("admin"))
    pages = (claim.get_absolute_url(), f"/admin/claims/claim/{claim.pk}/change/")
    for url, notes in zip(pages, (3, 2), strict=True):
        page = client.get(url).content.decode()
        shown = page.count("<em>Marked</em>")
        assert shown == notes, url
        read = Read(page)
        assert not read.tags & {"iframe", "object", "embed", "base", "math", "video", "template"}, url
        assert not [name for name, _ in read.attributes if name.startswith("on")], url
        links = [value or "" for name, value in read.attributes if name in ("href", "src", "action")]
        assert not [link for link in links if re.match(r"\s*(javascript|data|vbscript)|.*evil\.test", link)], url

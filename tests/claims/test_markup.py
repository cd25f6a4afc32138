"""Markdown in notes: what it may become, and what it may never."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.markup import to_html


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

"""The claim list as a table: its columns, its order, its search box, and the words that it marks."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.search.expression import word
from claims.columns import columns_for
from claims.drawing import chain
from claims.models import Claim
from claims.provenance import refresh
from claims.records.found import words_found
from claims.represent import Chain, Hop, Voice
from tests import cast
from tests.claims.pages import words
from tests.claims.worlds import sign_in, told

pytestmark = pytest.mark.django_db

URL = "/claims/"
NOBODY = AnonymousUser()


def page(client, query=""):
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def heads(html):
    """The columns' names with what their headings say of the order."""
    found = re.findall(r'<th scope="col"([^>]*)>(.*?)</th>', html)
    return {words(text): "".join(re.findall(r'aria-sort="(\w+)"', attributes)) for attributes, text in found}


# Columns


def test_it_is_a_table_with_a_caption_and_the_usual_columns(client):
    told("Shown")
    html = page(client)
    assert "Claims 1–1 of 1" in words(html.split("<caption")[1].split("</caption>")[0])
    assert list(heads(html)) == ["Claim", "First said", "Statements", "Independent sources", "Verdict"]
    sign_in(client, "reader")
    assert list(heads(page(client)))[-1] == "Status"


def test_it_shows_the_columns_that_the_address_names_in_their_order(client):
    told("Shown")
    html = page(client, "cols=tags&cols=kind&cols=statements")
    assert list(heads(html)) == ["Claim", "Tags", "Kind", "Statements"]
    assert '<td class="tags" data-label="Tags"><a href="/tags/shown-tag/">Shown tag</a></td>' in html
    assert '<ol class="chain">' not in html
    assert '<ol class="chain">' in page(client, "cols=chain&cols=kind")


@pytest.mark.parametrize("role", [None, "editor"])
def test_no_column_asks_for_anything_row_by_row(client, role):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, query)
        return len(asked)

    if role:
        sign_in(client, role)
    query = "&".join(f"cols={column.name}" for column in columns_for(desk=bool(role))[1:])
    told("Shown", assignee=cast.person("lead"), due_on="2026-01-01")
    one = queries()
    for name in ("Other", "Third"):
        told(name, assignee=cast.person(name), due_on="2026-01-02")
    assert queries() == one


def test_a_column_is_moved_by_a_link(client):
    told("Shown")
    html = page(client, "cols=tags&cols=kind&q=shown")
    assert 'href="/claims/?q=shown&amp;cols=kind&amp;cols=tags#column-kind" aria-label="Move Kind up"' in html
    assert 'href="/claims/?q=shown&amp;cols=kind&amp;cols=tags#column-tags" aria-label="Move Tags down"' in html
    assert 'aria-label="Move Tags up"' not in html
    form = html.split('aria-label="Order and columns"')[1].split("</form>")[0]
    assert '<input type="hidden" name="q" value="shown">' in form
    assert form.count("checked") == 2
    assert form.index('value="tags"') < form.index('value="kind"') < form.index('value="verdict"')


def test_what_people_typed_is_escaped_in_every_column(client):
    claim = cast.claim("<b>Bold</b>", published=True)
    claim.tags.add(cast.tag("<i>Tag</i>", slug="tag"))
    cast.statement(chain=[cast.source("<s>Mallory</s>", slug="mallory")], claim=claim)
    refresh(claims=[claim.pk])
    html = page(client, "cols=chain&cols=tags&cols=short_text&q=bold")
    for tag in ("<b>", "<i>", "<s>"):
        assert tag not in html


def test_no_address_gets_out_of_its_attribute():
    """A slug holds letters and dashes; whoever writes rows past every check writes no HTML all the same."""
    mallory = Voice("Mallory", '"><b>')
    assert "<b>" not in chain(Chain((Hop(0, (mallory,)),), (mallory,), broken=False))


# Order


@pytest.mark.parametrize(
    ("query", "ordered", "leads_to"),
    [
        ("", {"First said": "descending"}, '/claims/?sort=oldest" title="Sort: oldest first'),
        ("sort=oldest&kind=fact", {"First said": "ascending"}, '/claims/?kind=fact" title="Sort: newest first'),
        ("sort=statements", {"Statements": "descending"}, '/claims/" title="Sort: newest first'),
    ],
)
def test_a_heading_says_the_order_and_leads_to_another(client, query, ordered, leads_to):
    told("Shown")
    html = page(client, query)
    assert {name: order for name, order in heads(html).items() if order} == ordered
    assert f'<a href="{leads_to}">First said</a>' in html


def test_the_best_match_is_first_only_where_there_are_words_to_match(client):
    told("Shown")
    assert '<option value="relevance"' not in page(client, "")
    assert '<option value="relevance" selected>' in page(client, "q=shown&sort=relevance")
    for query in ("sort=relevance&kind=fact", "sort=relevance&kind=fact&q="):
        assert client.get(f"/claims/?{query}").url == "/claims/?kind=fact"


# The search box


def test_the_box_shows_what_is_looked_for_and_keeps_the_filters(client):
    told("Shown")
    html = page(client, "q=shown&kind=fact&sort=oldest")
    form = html.split('<form class="search"')[1].split("</form>")[0]
    assert 'value="shown"' in form
    assert '<input type="hidden" name="kind" value="fact">' in form
    assert '<input type="hidden" name="sort" value="oldest">' in form
    assert 'name="page"' not in form
    assert 'type="hidden"' not in client.get("/").content.decode().split('<form class="search"')[1].split("</form>")[0]


def test_what_is_not_understood_is_marked_and_the_rest_still_shows(client):
    told("Shown")
    html = page(client, "q=rot:shown+claim&kind=fact")
    snags = html.split('class="snags"')[1].split("</ul>")[0]
    assert '<code class="query"><mark>rot:shown</mark> claim</code>' in snags
    assert "No filter is called “rot:”. This part was left out. Did you mean root:shown claim ?" in words(snags)
    assert '<a href="/claims/?q=root%3Ashown+claim&amp;kind=fact">root:shown claim</a>' in snags
    assert '<a href="/claims/?q=claim&amp;kind=fact">Remove it</a>' in snags
    assert "Remove filter Words: claim" in words(html)
    assert "Shown claim" in words(html)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("tag:x+shown", "Tag: There is no tag called “x”. This part was left out."),
        ("verdict:flase+shown", "Verdict: “flase” is not one of the choices. This part was left out."),
        ("foo:bar+shown", "No filter is called “foo:”. This part was left out."),
        ("after:2026-13+shown", "“after:” needs a year, a month or a day: 2025, 2025-06 or 2025-06-03. This part was"),
        ("status:new+shown", "Only the desk can filter by “status:”. Sign in first. This part was left out."),
    ],
)
def test_every_mistake_is_left_out_and_said_so(client, query, said):
    told("Shown")
    html = words(page(client, f"q={query}"))
    assert said in html
    assert "Remove filter Words: shown 1 claim" in html


def test_a_chip_says_what_it_removes(client):
    told("Shown")
    html = words(page(client, "-root=none&tag=shown-tag"))
    assert "Remove filter Tag: Shown tag" in html
    assert "Remove filter Not said by: no source" in html
    assert "Clear all" in html
    assert "1 claim 2 filters" in html


# Pages


def test_it_says_which_rows_a_page_has_and_goes_to_any(client):
    with cast.at_once():
        for number in range(101):
            cast.claim(f"Claim {number}", published=True)
    html = page(client, "kind=fact&page=2")
    pages = html.split('aria-label="Pages"')[1].split("</nav>")[0]
    assert "Page 2 of 3 · 51–100 of 101" in words(pages)
    assert '<input type="hidden" name="kind" value="fact">' in pages
    assert re.search(r'type="number" name="page" min="1" max="3"', pages)


# Words


def found_in(claims, text, viewer=NOBODY):
    return words_found(claims, word(text), viewer)


def test_it_marks_the_words_in_a_claim(client):
    told("Shown")
    assert "<mark>Shown</mark> <mark>claim</mark></a>" in page(client, "q=claims+shown")


def test_it_quotes_a_statement_where_the_claim_has_not_the_words(client):
    claim = cast.claim("Soldiers go to Poland", published=True)
    item = cast.article("Headline\nThe minister of “zebras & lions” said so.")
    cast.statement(item, claim=claim)
    html = page(client, "q=lions")
    assert '<p class="found">The minister of “zebras &amp; <mark>lions</mark>” said so.</p>' in html
    assert 'class="found"' not in page(client, "q=soldiers")


def test_it_quotes_nothing_that_the_viewer_may_not_read(client):
    claim = cast.claim("Soldiers go to Poland", published=True)
    item = cast.article("Headline\nThey said, as the lions heard, that it is so.")
    start = item.latest_version.text.index("as the lions heard")
    cast.statement(item, claim=claim, gaps=[[start, start + len("as the lions heard")]])
    hidden = cast.article("Headline\nMore lions were heard.")
    cast.statement(hidden, claim=claim, state="suggested")
    found = found_in(Claim.objects.all(), "lions")
    assert found[claim.pk]["quoted"] == ()


def test_it_looks_for_the_words_of_a_page_with_one_query(django_assert_num_queries):
    with cast.at_once():
        for number in range(20):
            told(f"Shown {number}")
    claims = list(Claim.objects.all())
    with django_assert_num_queries(0):
        found_in(claims, "claim")
    with django_assert_num_queries(1):
        found_in(claims, "zebra")

"""No door takes an address that runs something or leads elsewhere than it says, and no page makes a link of one."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.utils.html import escape

from articles.links import may_be_link
from articles.models import Publisher
from articles.models.fields import NO_IDENTIFIER, NO_LINK, check_identifier
from claims.columns import Look
from claims.drawing import LOOKS, web_link
from claims.markup import to_html
from claims.models import Evidence, Review, SavedList
from tests import cast
from tests.desk import add_row, address, errors, fill, shown

CASES = {case["id"]: case["variants"] for case in json.loads((Path(__file__).parent / "attacks.json").read_text())}
HOSTILE = [
    *CASES["XSS-05"],
    "javascript&colon;alert(1)",
    "https:/evil.test",
    "https:///evil.test",
    "http://",
    "https://@evil.test/",
    "https://user@evil.test/",
    "https://evil.test\\@news.example.org/",
    "https://news.example.org\\evil",
    "\\\\evil.test",
    "https://news.example.org/a b",
    "https://news.example.org/a\tb",
    "https://news.example.org/\x00",
    "https://news.example.org/\u202egpj.exe",
    "https://news.example.org:port/",
    "ftp://news.example.org/",
]
"""What no address may be; the door may take blanks off its ends before it asks."""

COMPLETED = ["javascript:alert(1)", "//evil.test", "https:evil.test", "http://user:pass@evil.test/"]
"""Some of these an ordinary form would complete to an address before it asks."""

HARMLESS = [
    "https://news.example.org",
    "http://news.example.org:8080/a?b=1&c=%20d#e",
    "HTTPS://news.example.org/",
    "https://bücher.example/größe",
    "https://en.wikipedia.org/wiki/A_(b),_c;d='e'",
    "http://localhost:8000/",
    "http://archive/2025",
    "http://[2001:db8::1]/",
]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("given", HARMLESS)
def test_it_takes_an_address_of_the_web(given):
    assert may_be_link(given)
    check_identifier(given)
    assert web_link(given, "there") == f'<a href="{escape(given)}" rel="noopener noreferrer">there</a>'


@pytest.mark.parametrize("given", HOSTILE)
def test_it_makes_a_link_of_nothing_else(given):
    assert not may_be_link(given)
    assert web_link(given) == f"<span>{escape(given)}</span>"
    assert web_link(given, "there", "row-name") == f'<span class="row-name">there: {escape(given)}</span>'
    assert LOOKS[Look.LINK](given) == escape(given)


@pytest.mark.parametrize("given", HOSTILE)
def test_it_takes_none_of_them_for_a_name(given):
    assert not re.match("urn:", given)
    with pytest.raises(Exception, match="Give a name"):
        check_identifier(given)


@pytest.fixture(scope="module")
def world(module_db):
    """One row of each kind that has an address, as the admin of the desk sees them."""
    claim = cast.claim("Germany sends soldiers", published=True)
    article = cast.article(identifier="https://news.example.org/links", archive_url="https://archive.example/1")
    cast.statement(article, claim=claim)
    return {
        "user": cast.person("admin"),
        "claim": claim,
        "article": article,
        "publisher": cast.publisher("Links", homepage="https://links.example/"),
        "evidence": Evidence.objects.create(claim=claim, url="https://links.example/1", excerpt="Words."),
        "review": cast.review(claim, url="https://links.example/2", headline="Wrong"),
    }


FIELDS = [
    ("article", "identifier"),
    ("article", "archive_url"),
    ("publisher", "homepage"),
    ("evidence", "url"),
    ("evidence", "archive_url"),
    ("review", "url"),
]


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_the_forms_of_the_desk_refuse_it(client, world, kind, field):
    client.force_login(world["user"])
    row: Model = world[kind]
    filled = shown(client, address(row))
    said = NO_IDENTIFIER if field == "identifier" else NO_LINK
    for given in HOSTILE if field == "identifier" else COMPLETED:
        if may_be_link(given.strip()):
            continue
        answer = client.post(address(row), fill(filled, {field: given}))
        # What is no text at all does not come as far as the form.
        assert answer.status_code == 400 or said in errors(answer)[field], given
    # Nothing was completed or cut into an address either.
    assert getattr(type(row).objects.get(pk=row.pk), field) == getattr(row, field)


def test_the_rows_within_another_form_refuse_it(client, world):
    client.force_login(world["user"])
    claim = world["claim"]
    prefix = next(
        i.formset.prefix
        for i in client.get(address(claim)).context["inline_admin_formsets"]
        if i.opts.model is Evidence
    )
    for given in COMPLETED:
        filled = add_row(shown(client, address(claim)), prefix, url=given)
        complaints = errors(client.post(address(claim), fill(filled, {})))
        assert NO_LINK in next(iter(complaints.values())), given
    assert claim.evidences.count() == 1


# Blanks around what a row says are taken off.
@pytest.mark.parametrize("given", [given for given in HOSTILE if not may_be_link(given.strip())])
def test_load_jsonl_refuses_it(tmp_path, given):
    rows = [
        {"type": "publisher", "slug": "a", "name": "A", "homepage": given},
        {"type": "article", "identifier": given, "publisher": None, "text": "Headline\nText."},
        {"type": "article", "identifier": "urn:b", "archive_url": given, "text": "Headline\nText."},
    ]
    for row in rows:
        file = tmp_path / "rows.jsonl"
        file.write_text(json.dumps(row))
        with pytest.raises(CommandError, match="Nothing was loaded"):
            call_command("load_jsonl", str(file), verbosity=0)
    assert not Publisher.objects.filter(slug="a").exists()


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_loaddata_refuses_it(tmp_path, world, kind, field):
    row = world[kind]
    call_command(
        "dumpdata", row._meta.label_lower, "--natural-foreign", output=str(tmp_path / "dump.json"), verbosity=0
    )
    objects = json.loads((tmp_path / "dump.json").read_text())
    for given in HOSTILE:
        if "\x00" in given:
            continue
        objects[0]["fields"][field] = given
        (tmp_path / "hostile.json").write_text(json.dumps(objects[:1]))
        with pytest.raises(CommandError, match="Nothing was loaded"):
            call_command("loaddata", str(tmp_path / "hostile.json"), verbosity=0)


def test_what_is_stored_behind_the_doors_is_text_on_every_page(client, world):
    bad = "javascript:alert(document.domain)"
    for kind, field in FIELDS:
        type(world[kind])._base_manager.filter(pk=world[kind].pk).update(**{field: bad})
    public = [world["claim"].get_absolute_url(), world["article"].get_absolute_url(), "/publishers/links/"]
    desk = [address(world[kind]) for kind in ("article", "publisher", "evidence", "review", "claim")]
    lists = [address(type(world[kind]), "changelist") for kind in ("article", "publisher", "evidence", "review")]
    client.force_login(world["user"])
    told = 0
    for url in [*public, *desk, *lists, "/claims/?cols=text,url"]:
        page = client.get(url).content.decode()
        assert not re.search(r"""href=["']?\s*javascript""", page, re.IGNORECASE), url
        told += bad in page
    assert told >= len(public) + len(desk) - 1
    Review.objects.filter(pk=world["review"].pk).update(headline="")
    assert "Read the review: javascript:" in client.get(public[0]).content.decode()


def test_a_reader_of_the_desk_gets_no_link_either(client, world):
    Evidence._base_manager.update(url="javascript:alert(1)", archive_url="https://user:pass@evil.test/")
    client.force_login(cast.person("reviewer"))
    page = client.get(address(world["evidence"])).content.decode()
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page
    assert 'href="https://user' not in page


@pytest.mark.parametrize("query", ["javascript:alert(1)", "//evil.test", "https://evil.test/", '"><script>'])
def test_a_saved_list_never_leaves_the_site(client, world, query):
    saved = SavedList.objects.create(name="Hostile", owner=world["user"], query=query)
    assert saved.get_absolute_url().startswith("/claims/?")
    client.force_login(world["user"])
    page = client.get("/claims/").content.decode()
    assert 'href="/claims/?' in page
    assert not re.search(r'href="(javascript|//|https://evil)', page)


@pytest.mark.parametrize("given", [*CASES["XSS-05"], "https://user:pass@evil.test/", "https:evil.test"])
def test_a_note_links_to_none_of_them(given):
    html = to_html(f"[there]({given}) [here](<{given}>) <{given}>")
    for href in re.findall(r'href="([^"]*)"', html):
        assert may_be_link(href)
        assert "@" not in href

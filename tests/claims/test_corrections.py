"""A published claim shows its own corrections: on its page, in feeds and in exports."""

import csv
import datetime as dt
import io
import json
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from claims.models import Claim, Correction
from tests import cast, desk
from tests.claims.pages import read, section, words

pytestmark = pytest.mark.django_db

PUBLIC = AnonymousUser()
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def claim():
    return cast.claim("Fifteen soldiers went", published=True)


def correct(claim, text="It said 50.", on="2026-02-03") -> Correction:
    return Correction.objects.create(claim=claim, text=text, corrected_on=on)


def test_the_page_shows_them_newest_first(client, claim):
    assert 'id="corrections"' not in read(client, claim)
    correct(claim, "It said 60.", "2026-01-01")
    correct(claim)
    correct(claim, "Gone").withdraw(by=cast.person("lead"), reason="x")
    shown = " ".join(words(section(read(client, claim), "corrections")).split())
    assert shown == "Corrections Corrected 3 Feb 2026 It said 50. Corrected 1 Jan 2026 It said 60."


def test_they_are_escaped(client, claim):
    correct(claim, "<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)" in section(read(client, claim), "corrections")


def test_readers_see_those_of_claims_that_they_see(claim):
    correct(claim)
    assert Correction.objects.visible_to(PUBLIC).count() == 1
    claim.withdraw(by=cast.person("lead"), reason="x")
    assert not Correction.objects.visible_to(PUBLIC).exists()


def test_only_what_was_published_is_corrected_in_public():
    with pytest.raises(ValidationError, match="Only what was published"):
        Correction(claim=cast.claim(), text="It said 50.").full_clean()


# Feeds


def entry(client):
    response = client.get("/claims/feed/")
    return response, ElementTree.fromstring(response.content).find(f"{ATOM}entry")


def test_the_feed_tells_of_them_and_that_the_claim_is_news_again(client, claim):
    before, entry_before = entry(client)
    made = correct(claim)
    response, found = entry(client)
    assert "Corrected 3 Feb 2026: It said 50." in found.findtext(f"{ATOM}summary")
    assert dt.datetime.fromisoformat(found.findtext(f"{ATOM}updated")) == made.updated_at
    assert response.headers["ETag"] != before.headers["ETag"]
    assert found.findtext(f"{ATOM}id") == entry_before.findtext(f"{ATOM}id")


# Exports


def export(client, form, query=""):
    response = client.get(f"/claims/export/?format={form}&cols=corrections{query}")
    return b"".join(response.streaming_content).decode()


def test_a_table_holds_them_in_one_cell(client, claim):
    correct(claim, "It said 60.", "2026-01-01")
    correct(claim)
    correct(claim, "Gone").withdraw(by=cast.person("lead"), reason="x")
    cast.claim("Right from the start", published=True)
    rows = list(csv.DictReader(io.StringIO(export(client, "csv"), newline="")))
    assert [row["corrections"] for row in rows] == ["", "2026-02-03: It said 50.; 2026-01-01: It said 60."]


def test_json_holds_a_list(client, claim):
    correct(claim, "It said 60.", "2026-01-01")
    correct(claim)
    cast.claim("Right from the start", published=True)
    rows = [json.loads(line) for line in export(client, "jsonl").splitlines()]
    assert [row["corrections"] for row in rows] == [[], ["2026-02-03: It said 50.", "2026-01-01: It said 60."]]


def test_the_list_shows_the_same_column(client, claim):
    correct(claim)
    assert "2026-02-03: It said 50." in client.get("/claims/?cols=corrections").content.decode()


# The desk


def test_a_reviewer_writes_one_on_the_page_of_the_claim(client, claim):
    reviewer = cast.person("reviewer")
    client.force_login(reviewer)
    fields = desk.add_row(desk.shown(client, desk.address(claim)), "corrections", text="It said 50.")
    answer = client.post(desk.address(claim), desk.fill(fields, {}))
    assert answer.status_code == 302, desk.errors(answer)
    assert Correction.objects.get().created_by == reviewer


def test_an_editor_reads_them(client, claim):
    row = correct(claim)
    client.force_login(cast.person("editor"))
    page = client.get(desk.address(claim))
    inlines = {inline.formset.prefix: inline for inline in page.context["inline_admin_formsets"]}
    assert not inlines["corrections"].has_add_permission
    assert "It said 50." in page.content.decode()
    assert client.post(desk.address(row), {"text": "Mine"}).status_code == 403


def test_a_claim_that_was_never_published_has_no_place_for_them(client):
    claim = cast.claim(status=Claim.Status.IN_REVIEW)
    client.force_login(cast.person("reviewer"))
    prefixes = {inline.formset.prefix for inline in client.get(desk.address(claim)).context["inline_admin_formsets"]}
    assert "inquiries" in prefixes
    assert "corrections" not in prefixes

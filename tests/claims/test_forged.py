"""Forms with more in them than their page holds: what was not asked for is not written, whoever sends it."""

import pytest
from django.urls import reverse

from claims.models import Annotation, Claim, SavedList
from tests import cast
from tests.desk import address, fill, shown

pytestmark = pytest.mark.django_db

FORGED = {
    "id": "1",
    "pk": "1",
    "uid": "00000000-0000-0000-0000-000000000001",
    "created_by": "1",
    "created_at": "1999-01-01",
    "updated_at": "1999-01-01",
    "status": "published",
    "published_at_0": "1999-01-01",
    "verdict": "true",
    "independent_sources": "99",
    "withdrawn_at": "1999-01-01",
    "withdrawn_reason": "forged",
    "import_run": "1",
    "first_statement": "1",
    "is_superuser": "on",
    "history_user": "1",
}
KEPT = [
    *("id", "uid", "created_by_id", "created_at", "status", "published_at", "verdict", "independent_sources"),
    *("withdrawn_at", "withdrawn_reason", "import_run_id", "first_statement_id"),
]


def kept(claim):
    return Claim.objects.values(*KEPT).get(pk=claim.pk)


def test_a_claim_takes_nothing_that_its_form_does_not_hold(client, editor):
    claim = cast.claim()
    before = kept(claim)
    sent = fill(shown(client, address(claim)), FORGED | {"short_text": "Typed"})
    query = "?status=published&verdict=true&created_by=1"
    assert client.post(address(claim) + query, sent).status_code == 302
    claim.refresh_from_db()
    assert (claim.short_text, claim.lock) == ("Typed", 2)
    assert kept(claim) == before


def test_a_new_claim_is_a_new_row_and_its_authors(client, editor):
    old = cast.claim("Old", created_by=cast.person("lead"))
    before = kept(old)
    sent = fill(shown(client, address(Claim, "add")), FORGED | {"text": "New", "short_text": "New", "id": old.pk})
    assert client.post(address(Claim, "add"), sent | {"lock": "999"}).status_code == 302
    assert kept(old) == before
    new = Claim.objects.get(short_text="New")
    assert (new.created_by, new.status, new.lock, new.verdict, new.published_at) == (editor, "new", 1, "", None)


def test_an_action_reaches_no_row_that_its_sender_does_not_see(client, editor):
    lead = cast.person("lead")
    note = Annotation.objects.create(claim=cast.claim(), body="Mine", visibility="private", created_by=lead)
    for action in ("withdraw", "resolve"):
        sent = {"action": action, "_selected_action": note.pk, "apply": "1", "reason": "x", "seen": f"{note.pk}:1"}
        client.post(address(Annotation, "changelist"), sent)
    note.refresh_from_db()
    assert (note.lock, note.withdrawn_at, note.resolved_at) == (1, None, None)


def test_a_row_of_a_form_reaches_no_row_of_another_record(client, editor):
    """The number of a hidden field is changed to a row that hangs on another claim, or is somebody else's."""
    claim, other = cast.claim("One"), cast.claim("Two")
    theirs = Annotation.objects.create(claim=other, body="Theirs", created_by=cast.person("lead"))
    Annotation.objects.create(claim=claim, body="Mine", created_by=editor)
    sent = fill(shown(client, address(claim)), {})
    (name,) = [name for name in sent if name.startswith("annotations-0-id")]
    client.post(address(claim), sent | {name: theirs.pk, "annotations-0-body": "Overwritten"})
    theirs.refresh_from_db()
    assert (theirs.body, theirs.claim, theirs.lock) == ("Theirs", other, 1)


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE", "GET"])
def test_no_word_in_a_request_makes_it_another_method(client, editor, method):
    saved = SavedList.objects.create(name="Mine", owner=editor)
    for url in (reverse("saved_list_withdraw", args=[saved.uid]), reverse("claim_list")):
        asked = client.get(url, {"_method": "POST"}, HTTP_X_HTTP_METHOD_OVERRIDE="POST")
        assert asked.status_code in (200, 400, 405)
    assert (
        client.post(reverse("claim_list"), {"_method": method}, HTTP_X_HTTP_METHOD_OVERRIDE=method).status_code == 405
    )
    saved.refresh_from_db()
    assert saved.withdrawn_at is None


def test_a_reader_writes_nothing(client):
    claim, reader = cast.claim(), cast.person("reader")
    client.force_login(reader)
    for url in (address(claim), address(Claim, "add"), reverse("saved_list_new")):
        assert client.post(url, {"text": "x", "short_text": "x", "name": "x"}).status_code in (302, 403)
    assert Claim.objects.values_list("text", flat=True).get() == claim.text
    assert not SavedList.objects.exists()

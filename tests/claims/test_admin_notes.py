"""Notes on a passage: given by its words, as a statement's place is."""

import pytest

from articles.models import ArticleVersion
from claims.models import Annotation
from tests import cast
from tests.desk import address, errors, fill, save, shown

pytestmark = pytest.mark.django_db

TEXT = "Two ministers speak\nShe said “we pay”. Later she said “we pay” again.\nHe said “we wait”."


@pytest.fixture
def version(client) -> ArticleVersion:
    client.force_login(cast.person("editor"))
    found = cast.article(TEXT).latest_version
    assert found
    return found


def add(client, **typed):
    url = address(Annotation, "add")
    return client.post(url, fill(shown(client, url), {"body": "Who is he?", **typed}))


def test_words_that_stand_once_are_enough(client, version):
    assert add(client, version=version.pk, passage=" He said ").status_code == 302
    note = Annotation.objects.get()
    assert (note.exact, TEXT[note.start : note.end]) == (" He said "[1:-1],) * 2


def test_a_place_is_enough(client, version):
    assert add(client, version=version.pk, start=0, end=3).status_code == 302
    assert Annotation.objects.get().exact == "Two"


def test_other_words_move_the_note(client, version):
    add(client, version=version.pk, passage="He said")
    note = Annotation.objects.get()
    assert shown(client, address(note))["passage"] == "He said"
    save(client, address(note), passage="“we wait”")
    note.refresh_from_db()
    assert (note.exact, note.start) == ("“we wait”", TEXT.index("“we wait”"))


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"passage": "we never said"}, "passage", "do not stand in the text"),
        ({"passage": "we pay"}, "start", "The words stand in 2 places"),
        ({"passage": "we pay", "start": 0, "end": 6}, "passage", "Other words stand at this start and end"),
        ({}, "passage", "Give the words, or the start and end"),
        ({"passage": "we wait", "version": ""}, "version", "A passage needs its article text"),
    ],
)
def test_it_says_what_is_wrong_with_a_passage(client, version, typed, field, reason):
    found = errors(add(client, **{"version": version.pk, **typed}))
    assert reason in found[field][0]
    assert not Annotation.objects.exists()


def test_a_note_on_a_claim_needs_no_passage(client, version):
    assert add(client, claim=cast.claim().pk).status_code == 302
    assert Annotation.objects.get().exact == ""


def test_a_note_on_nothing_is_refused_with_what_was_typed(client, version):
    add(client, claim=cast.claim().pk)
    note = Annotation.objects.get()
    response = save(client, address(note), claim="", body="Whose?")
    assert response.status_code == 200
    assert response.context["adminform"].form["body"].value() == "Whose?"
    note.refresh_from_db()
    assert note.body == "Who is he?"

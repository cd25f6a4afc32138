"""What is kept from somebody stands on no page they may open, answers no search of theirs, and changes no count."""

import logging
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import override_settings

from claims.models import Annotation, Claim, Source
from claims.views import suggest
from tests.claims import guarded
from tests.permissions.walk import Walker, addresses, patterns

pytestmark = pytest.mark.django_db

CRAWLERS = ("anonymous", "outsider", "reader", "editor", "lead", "superuser")
"""What is kept from a reviewer or an admin is kept from a lead or a superuser as well, and those open more."""

UNKNOWN = "xqnothing"
"""A word that nothing holds."""

LISTS = ("claims", "sources", "publishers", "articles", "tags")
PUBLIC_SEARCHES = (
    *(f"/{name}/?q={{}}" for name in LISTS),
    *(f"/facets/{name}/?q={{}}" for name in ("claims", "articles")),
    *(f"/claims/export/?format={name}&q={{}}" for name in ("csv", "jsonl")),
    *("/claims/feed/?q={}", "/facets/claims/tag/?find={}", "/facets/claims/source/?find={}"),
    *("/claims/?q=root:{}", "/claims/?tag={}", "/claims/?source={}", "/claims/?publisher={}", "/articles/?source={}"),
    *("/suggest/sources/?q={}", "/suggest/publishers/?q={}", "/suggest/tags/?q={}"),
)


OF_ITS_OWN = re.compile(
    r"(?<=csrfmiddlewaretoken. value=.)\w+|<code>[A-Z0-9]+</code>|\"reference\": \"\w+\"|<updated>[^<]+</updated>"
)
"""What no two answers share."""


@pytest.fixture(scope="module")
def walker(module_db) -> Iterator[Walker]:
    logging.disable(logging.CRITICAL)
    with override_settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies"):
        yield Walker(guarded.build())
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def everywhere(walker):
    """The address of every page."""
    found = [place for pattern in patterns() for place in addresses(walker.world, pattern)]
    return [place.url for place in found if not place.data]


def text(walker, role, url):
    """What a page says, without what the asker said: the address is repeated in links that lead back."""
    response = walker.page(role, url)
    body = b"".join(response) if response.streaming else response.content
    headers = [response.headers.get(name, "") for name in ("Location", "Content-Disposition")]
    page = f"{headers}{body.decode()}".replace(url, "").replace(url.replace("/", "%2F"), "")
    return OF_ITS_OWN.sub("", page)


def kept_from(role):
    return [thing for thing, audience in guarded.AUDIENCES.items() if role not in audience]


def leaks(walker, role, urls):
    """Which pages hold what is kept from ``role``."""
    kept = kept_from(role)
    found = []
    for url in urls:
        page = text(walker, role, url)
        found += [f"{role} reads of {thing} at {url}" for thing in kept if f"hide{thing}" in page]
    return found


def digest():
    """All rows of all tables but sessions."""
    models = [model for model in apps.get_models(include_auto_created=True) if model is not Session]
    return {model._meta.label: sorted(map(repr, model._base_manager.values_list())) for model in models}


@pytest.mark.parametrize("role", CRAWLERS)
def test_no_page_shows_what_is_kept_from_its_reader_and_none_writes(walker, everywhere, role):
    before = digest()
    assert leaks(walker, role, everywhere) == []
    assert digest() == before


def test_each_thing_is_found_by_its_audience(walker, everywhere):
    """Or the test above would hold where nothing is shown at all."""
    desk = [url for url in everywhere if url.endswith(("change/", "/history/")) or not url.startswith("/admin/")]
    for role, things in (("lead", [*kept_from("superuser"), "unquoted", "draft"]), ("admin", kept_from("lead"))):
        pages = "".join(text(walker, role, url) for url in desk)
        assert [thing for thing in things if thing != "formernote" and f"hide{thing}" not in pages] == []


def told(walker, role, addresses):
    """The searches for kept things that are answered otherwise than one for what is not there."""
    found = []
    for address in addresses:
        unknown = searched(walker, role, address, UNKNOWN)
        words = [f"find{thing}" for thing in kept_from(role)]
        found += [address.format(word) for word in words if searched(walker, role, address, word) != unknown]
    return found


def searched(walker, role, address, word):
    return text(walker, role, address.format(word)).replace(word, "…")


@pytest.mark.parametrize("role", ["anonymous", "outsider"])
def test_no_search_of_the_public_tells_of_what_is_kept(walker, role):
    searches = PUBLIC_SEARCHES if role == "anonymous" else PUBLIC_SEARCHES[:2]
    assert told(walker, role, searches) == []


@pytest.mark.parametrize("role", ["editor", "lead", "superuser"])
def test_no_search_at_the_desk_tells_of_what_is_kept(walker, role):
    lists = [f"/{pattern}?q={{}}" for pattern in patterns() if is_a_search(pattern)]
    assert told(walker, role, [*PUBLIC_SEARCHES, *lists]) == []


def is_a_search(pattern):
    return pattern.startswith("admin/") and pattern.count("/") >= 3 and pattern.endswith(("choices/", "ion/", "tag/"))


def test_a_row_that_is_kept_is_answered_as_one_that_is_not_there(walker):
    draft, hidden = walker.world.rows["claim"]["draft"], walker.world.rows["source"]["hidden"]
    for role in ("anonymous", "outsider"):
        assert text(walker, role, f"/claims/{draft.pk}/") == text(walker, role, "/claims/987654/")
        assert text(walker, role, f"/sources/{hidden.slug}/") == text(walker, role, "/sources/nobody/")
    note = walker.world.rows["annotation"]["lead's private"]
    kept, missing = f"/admin/claims/annotation/{note.pk}/change/", "/admin/claims/annotation/987654/change/"
    for role in ("editor", "superuser"):
        answers = [walker.page(role, url) for url in (kept, missing)]
        assert answers[0].status_code == answers[1].status_code
        assert answers[0].headers.get("Location") == answers[1].headers.get("Location")


def test_an_unnamed_voice_is_not_linked_to_whom_it_is_guessed_to_be(walker):
    guess = walker.world.rows["identity"][""]
    about = [f"/sources/{guess.source.slug}/", f"/sources/{guess.source.slug}/feed/", "/sources/?q=official"]
    about += [f"/admin/claims/source/{guess.source_id}/{page}/" for page in ("change", "history", "withdraw")]
    for role in ("anonymous", "reader", "editor", "lead"):
        assert [url for url in about if "Guessed voice" in text(walker, role, url)] == []
    for role in ("editor", "lead"):
        pages = ["/admin/claims/source/?q=Guessed", "/admin/claims/source/choices/?q=Guessed", "/sources/?q=Guessed"]
        assert [url for url in pages if "an official" in text(walker, role, url)] == []


# The tests above would notice.


def test_a_planted_leak_is_found(walker, everywhere, monkeypatch):
    monkeypatch.setattr(type(Annotation.objects.all()), "visible_to", lambda rows, _user: rows)
    notes = [url for url in everywhere if "annotation" in url]
    assert any("of note at /admin/claims/annotation/" in line for line in leaks(walker, "editor", notes))


def test_a_planted_page_of_a_draft_is_found(walker, everywhere, monkeypatch):
    monkeypatch.setattr(type(Claim.objects.all()), "visible_to", lambda rows, _user: rows)
    pages = [url for url in everywhere if url.startswith("/claims/")]
    assert any(line.startswith("anonymous reads of draft") for line in leaks(walker, "anonymous", pages))


def test_a_planted_suggestion_is_found(walker, monkeypatch):
    monkeypatch.setattr(suggest, "shown_sources", lambda _user: Source.objects.all())
    assert told(walker, "anonymous", ["/suggest/sources/?q={}"]) == ["/suggest/sources/?q=findsource"]


def test_a_planted_write_is_found(walker, monkeypatch):
    before = digest()
    Source.objects.filter(slug="shown-voice").update(description="Visited")
    assert digest() != before

"""What a visitor reads when a request cannot be served."""

import re
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from claims.views import browse
from config import errors
from tests import cast


def body(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def forgiving():
    """A client that is answered as a visitor is where the site fails."""
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_is_answered_in_our_own_words(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "There is no such page" in body(response)
    assert 'href="/claims/"' in body(response)
    assert "Sign in" in body(response)


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_our_own_words():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.person("editor"))
    response = strict.post("/logout/")
    assert response.status_code == 403
    assert "The form was not accepted" in body(response)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda request: errors.permission_denied(request, PermissionError()), "Your account may not do that"),
        (lambda request: errors.page_not_found(request, LookupError()), "There is no such page"),
        (errors.csrf_failure, "The form was not accepted"),
        (errors.server_error, "Something went wrong here"),
    ],
)
def test_each_stands_without_a_session_and_without_a_database(answer, words):
    response = answer(RequestFactory().get("/"))
    assert words in body(response)
    assert body(response).count("<h1") == 1


@pytest.mark.parametrize("status", errors.PAGES)
def test_each_says_what_happened_why_and_what_to_do_and_how_to_ask_about_it(status):
    answer = errors.refusal(status=status)
    page = errors.PAGES[status]
    assert answer.status_code == status
    for words in (f"<h1>{page.title}</h1>", page.reason, page.advice, "tell them this: <code>"):
        assert words in body(answer)
    assert answer["Cache-Control"] == "no-store"
    assert "Try my words." in body(errors.refusal("Try my words.", status))


def test_what_cannot_be_read_is_answered_with_the_reason(client):
    response = client.get("/claims/?q=%00")
    assert response.status_code == 400
    assert "The address holds bytes that are not text." in body(response)
    # The visitor is not known here, so nothing is said about signing in or out.
    assert "Sign" not in body(response)


def test_the_last_resort_needs_none_of_our_machinery():
    page = render_to_string("500.html", {"reference": "K7Q29FXM"})
    assert 'href="/static/hearsay/hearsay.css"' in page
    assert "masthead" not in page
    assert "K7Q29FXM" in page


@pytest.mark.django_db
def test_the_id_on_the_page_finds_the_one_line_in_the_log(forgiving, log):
    with patch.object(browse, "render", side_effect=RuntimeError("secret of the house")):
        for path in ("/nowhere/", "/claims/?q=%00", "/"):
            log.lines.clear()
            page = body(forgiving.get(path))
            assert "secret" not in page
            reference = re.search(r"<code>([A-Z2-7]{8})</code>", page)[1]
            assert [line.split("[")[1].split("]")[0] for line in log.lines] == [reference]
    assert "Something went wrong here" in page
    assert "  | RuntimeError: secret of the house" in log.lines[0]


@pytest.mark.django_db
def test_a_database_that_is_away_is_503_and_says_when_to_come_back(forgiving, log):
    with patch.object(browse, "render", side_effect=OperationalError("connection to db.internal refused")):
        response = forgiving.get("/")
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert "The database does not answer just now" in body(response)
    assert "internal" not in body(response)
    (line,) = log.lines
    assert 'status="503"' in line
    assert 'cause="connection to db.internal refused"' in line


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"])
@pytest.mark.parametrize("path", ["/", "/claims/", "/admin/login/", "/static/hearsay/hearsay.css", "/nowhere/"])
def test_a_method_that_no_page_knows_is_refused_everywhere(client, method, path):
    response = client.generic(method, path, HTTP_X_ECHO="echo-echo")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST"
    assert b"echo-echo" not in response.content


@pytest.mark.django_db
def test_a_page_that_takes_no_forms_says_so(client):
    response = client.post("/claims/", {"a": "b"})
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert "This page cannot be used like that" in body(response)


@pytest.mark.django_db
def test_scripts_are_answered_in_json(client):
    for path, status in (("/suggest/tags/?q=%00", 400), ("/suggest/nothing/", 404)):
        response = client.get(path)
        assert response.status_code == status
        assert response["Content-Type"] == "application/json"
        assert set(response.json()) == {"error", "reference"}
    assert client.post("/suggest/tags/").json()["error"] == errors.PAGES[405].reason
    client.force_login(cast.person("editor"))
    not_theirs = client.get("/admin/claims/identity/choices/")
    assert (not_theirs.status_code, not_theirs["Content-Type"]) == (403, "application/json")

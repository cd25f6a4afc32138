"""What a visitor reads when a request cannot be served."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views import defaults
from django.views.csrf import csrf_failure

from tests import cast


def body(response):
    return " ".join(response.content.decode().split())


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_is_answered_in_our_own_words(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "There is no such page" in body(response)
    assert 'href="/claims/"' in body(response)


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
        (lambda request: defaults.permission_denied(request, None), "Your account may not do that"),
        (lambda request: defaults.page_not_found(request, None), "There is no such page"),
        (csrf_failure, "The form was not accepted"),
        (defaults.server_error, "Something went wrong here"),
    ],
)
def test_each_stands_without_a_session_and_without_a_database(answer, words):
    response = answer(RequestFactory().get("/"))
    assert words in body(response)
    assert body(response).count("<h1") == 1


def test_what_cannot_be_read_is_answered_with_the_reason(client):
    response = client.get("/claims/?q=%00")
    assert response.status_code == 400
    assert "The address holds bytes that are not text." in body(response)
    # The visitor is not known here, so nothing is said about signing in or out.
    assert "Sign" not in body(response)


def test_the_last_resort_needs_none_of_our_machinery():
    page = render_to_string("500.html")
    assert 'href="/static/hearsay/hearsay.css"' in page
    assert "masthead" not in page

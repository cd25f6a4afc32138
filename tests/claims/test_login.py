"""Signing in and out, and changing a password."""

import pytest

from tests import cast

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


def test_it_signs_in_and_leads_back_to_where_one_was(client):
    cast.person("editor")
    page = client.get("/login/?next=/tags/").content.decode()
    assert page.count("<h1") == 1
    response = client.post("/login/", {"username": "editor", "password": PASSWORD, "next": "/tags/"})
    assert response["Location"] == "/tags/"
    assert "Sign out" in client.get("/tags/").content.decode()


def test_it_never_leads_elsewhere(client):
    cast.person("editor")
    data = {"username": "editor", "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/login/", data)["Location"] == "/"


def test_it_says_what_is_wrong_and_not_which_half(client):
    cast.person("editor")
    for name in ("editor", "nobody"):
        page = client.post("/login/", {"username": name, "password": "wrong"}).content.decode()
        assert 'role="alert"' in page
        assert "correct username and password" in page


def test_it_signs_out_by_a_form_only(client):
    client.force_login(cast.person("editor"))
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/"
    assert "Sign in" in client.get("/").content.decode()


def test_it_changes_a_password(client):
    assert client.get("/password/")["Location"] == "/login/?next=/password/"
    client.force_login(cast.person("editor"))
    page = client.post("/password/", {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"})
    assert 'href="#id_new_password2"' in page.content.decode()
    new = {"new_password1": "four long plain words", "new_password2": "four long plain words"}
    assert client.post("/password/", {"old_password": PASSWORD, **new})["Location"] == "/password/done/"
    assert "Your password is changed" in client.get("/password/done/").content.decode()

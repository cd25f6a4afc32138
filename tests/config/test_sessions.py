"""A session begins with signing in, and ends where its owner or an admin ends it."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests import cast, desk

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
NEW = "four long plain words"


@pytest.fixture
def editor():
    return cast.person("editor")


def signed_in(name="editor", password=PASSWORD):
    client = Client()
    assert client.post("/login/", {"username": name, "password": password}).status_code == 302
    return client


def is_in(client):
    return client.get("/admin/").status_code == 200


def session_of(client):
    return client.cookies["sessionid"].value


@pytest.mark.parametrize("path", ["/login/", "/admin/login/"])
def test_signing_in_begins_a_new_session_and_a_new_token(editor, path):
    client = Client()
    client.cookies["sessionid"] = "chosenbyanattacker"
    client.get(path)
    token = client.cookies["csrftoken"].value
    client.post(path, {"username": "editor", "password": PASSWORD})
    assert session_of(client) not in ("", "chosenbyanattacker")
    assert client.cookies["csrftoken"].value != token
    assert Session.objects.filter(pk=session_of(client)).exists()


def test_signing_out_ends_the_session_on_the_server(editor):
    client = signed_in()
    old = session_of(client)
    client.post("/logout/")
    client.cookies["sessionid"] = old
    assert not is_in(client)


def test_a_new_password_ends_every_other_session(editor):
    here, elsewhere = signed_in(), signed_in()
    old = session_of(here)
    data = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post("/password/", data).status_code == 302
    assert session_of(here) != old
    assert is_in(here)
    assert not is_in(elsewhere)
    here.cookies["sessionid"] = old
    assert not is_in(here)


def test_a_wrong_old_password_counts_at_the_door(editor, log):
    client = signed_in()
    data = {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW}
    assert [client.post("/password/", data).status_code for _ in range(11)] == [200] * 10 + [429]
    assert Client().post("/login/", {"username": "editor", "password": PASSWORD}).status_code == 429
    assert is_in(client)


def test_a_right_old_password_forgives_a_wrong_one(editor):
    client = signed_in()
    data = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    assert {client.post("/password/", data).status_code for _ in range(12)} == {200}


def edit(admin, person, **changed):
    """Saves the admin's form of an account with `changed` typed into it."""
    response = desk.save(admin, desk.address(person), **changed)
    assert response.status_code == 302, desk.errors(response)


def test_switching_an_account_off_ends_its_sessions_for_good(editor, client):
    client.force_login(cast.person("admin"))
    theirs = signed_in()
    edit(client, editor, is_active=False)
    assert not is_in(theirs)
    edit(client, editor, is_active=True)
    assert not is_in(theirs)


def test_another_role_ends_the_sessions_under_the_old_one(editor, client, log):
    client.force_login(cast.person("admin"))
    cast.role("reviewer")
    theirs = signed_in()
    log.lines.clear()
    edit(client, editor, role="reviewer")
    assert not is_in(theirs)
    assert is_in(client)
    (line,) = log.about("account-changed")
    assert 'by="admin"' in line
    assert 'account="editor"' in line


def test_a_name_that_is_changed_ends_no_session(editor, client):
    client.force_login(cast.person("admin"))
    theirs = signed_in()
    edit(client, editor, first_name="Ed")
    assert is_in(theirs)


def test_whoever_only_reads_has_no_session_and_no_cookie(client):
    for path in ("/", "/claims/", "/sources/", "/articles/", "/tags/"):
        assert not client.get(path).cookies
    assert not Session.objects.exists()


@pytest.mark.parametrize("value", ["", '"', "a" * 4000, "abc:def:ghi", "é", r'"\200\377"', "[[1]]", "; ;=;"])
def test_a_broken_cookie_is_no_session(value):
    cookies = "; ".join(f"{name}={value}" for name in ("sessionid", "csrftoken", "messages"))
    for path, status in (("/claims/", 200), ("/admin/", 302), ("/login/", 200)):
        assert Client().get(path, HTTP_COOKIE=cookies).status_code == status
    strict = Client(enforce_csrf_checks=True)
    data = {"username": "editor", "password": PASSWORD, "csrfmiddlewaretoken": value}
    assert strict.post("/login/", data, HTTP_COOKIE=cookies).status_code == 403


def test_the_cookie_of_messages_is_as_safe_as_the_others(editor, settings):
    settings.MESSAGES_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "__Host-messages", True
    client = Client()
    client.force_login(editor)
    answer = client.post("/queue/seen/", {"revision": "1"}, secure=True)
    cookie = answer.cookies["__Host-messages"]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Lax")
    assert "Noted." in client.get("/queue/", secure=True).content.decode()
    assert client.cookies["__Host-messages"].value == ""

"""Accounts: admins invite, give roles, switch off and hand out new links; nobody lifts themselves or a superuser."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from claims.permissions import MEANS, ROLES
from tests import cast
from tests.desk import address, errors, fill, save, shown

pytestmark = pytest.mark.django_db

MAILS = override_settings(SENDS_MAIL=True)
NEW = "four long plain words"


@pytest.fixture
def admin(client):
    for name in ROLES:
        cast.role(name)
    user = cast.person("admin")
    client.force_login(user)
    return user


@pytest.fixture
def root():
    return User.objects.create_superuser("root", password="root of all passwords")


def link_on(response):
    """The path of the link that a page shows."""
    found = re.search(r'value="(https?://[^"]+/password/set/[^"]+)"', response.content.decode())
    return urlsplit(found[1]).path if found else ""


def invite(client, **values):
    return client.post(
        address(User, "add"), {"username": "anna", "email": "anna@example.org", "role": "editor"} | values
    )


def choose(path, password=NEW):
    """Somebody without an account opens a link and chooses a password."""
    client = Client()
    form = client.get(path, follow=True)
    if "form" not in form.context or form.context["form"] is None:
        return form
    return client.post(form.request["PATH_INFO"], {"new_password1": password, "new_password2": password})


def test_an_invited_colleague_chooses_a_password_once(client, admin):
    response = invite(client)
    path = link_on(response)
    anna = User.objects.get(username="anna")
    assert not anna.has_usable_password()
    assert [group.name for group in anna.groups.all()] == ["editor"]
    assert anna.is_staff
    assert choose(path)["Location"] == "/login/"
    anna.refresh_from_db()
    assert anna.check_password(NEW)
    page = choose(path, "another long password").content.decode()
    assert "This link does not work" in page
    anna.refresh_from_db()
    assert anna.check_password(NEW)


def test_a_weak_password_is_refused_there_too(client, admin):
    page = choose(link_on(invite(client)), "short").content.decode()
    assert "too short" in page


@MAILS
def test_the_invitation_is_mailed_where_mails_are_sent(client, admin):
    page = invite(client).content.decode()
    (message,) = mail.outbox
    assert message.to == ["anna@example.org"]
    assert "http://localhost:8000/password/set/" in message.body
    assert "It was sent to" in page


def test_without_mail_nothing_is_sent(client, admin):
    assert "Pass it on" in invite(client).content.decode()
    assert mail.outbox == []


def test_the_link_never_names_a_host_that_a_browser_made_up(client, admin):
    page = client.post(
        address(User, "add"),
        {"username": "anna", "role": ""},
        HTTP_HOST="localhost:6666",
        HTTP_X_FORWARDED_HOST="evil.test",
    ).content.decode()
    assert "http://localhost:8000/password/set/" in page
    assert "6666" not in page
    assert "evil" not in page


def test_a_new_link_ends_the_old_password_the_old_link_and_every_session(client, admin):
    path = link_on(invite(client))
    choose(path)
    anna = User.objects.get(username="anna")
    theirs = Client()
    assert theirs.post("/login/", {"username": "anna", "password": NEW}).status_code == 302
    assert link_on(client.get(address(anna, "link"))) == ""
    anna.refresh_from_db()
    assert anna.has_usable_password(), "looking changes nothing"
    first, second = (link_on(client.post(address(anna, "link"))) for _ in range(2))
    assert theirs.get("/password/").status_code == 302
    assert "does not work" in choose(first).content.decode()
    assert choose(second)["Location"] == "/login/"


def test_a_link_is_no_way_back_for_who_was_switched_off(client, admin):
    path = link_on(invite(client))
    anna = User.objects.get(username="anna")
    save(client, address(anna), is_active=None)
    anna.refresh_from_db()
    assert not anna.is_active
    assert "does not work" in choose(path).content.decode()
    assert client.post(address(anna, "link"))["Location"] == address(anna)
    save(client, address(anna), is_active="on")
    assert choose(path)["Location"] == "/login/"


def test_a_link_ends_after_three_days(client, admin, time_machine):
    path = link_on(invite(client))
    time_machine.move_to(timezone.now() + dt.timedelta(days=3, minutes=1))
    assert "does not work" in choose(path).content.decode()


@pytest.mark.parametrize("token", ["x-y", "set-password", "cx1abc-0123456789abcdef0123456789abcdef"])
def test_no_made_up_link_works(token):
    for uid in ("MQ", "OTk5OTk5", "%00", "!"):
        response = Client().get(f"/password/set/{uid}/{token}/", follow=True)
        assert response.status_code in (200, 400, 404)
        assert b"new_password1" not in response.content


def test_each_role_is_given_with_what_it_is_for(client, admin):
    reader = cast.person("reader")
    page = client.get(address(reader)).content.decode()
    assert all(means in page for means in MEANS.values())
    for role, is_staff in (("lead", True), ("", False), ("reader", False)):
        assert save(client, address(reader), role=role).status_code == 302
        reader.refresh_from_db()
        assert [group.name for group in reader.groups.all()] == list(filter(None, [role]))
        assert reader.is_staff == is_staff


def test_groups_of_ones_own_making_are_kept(client, admin):
    reader = cast.person("reader")
    reader.groups.add(Group.objects.create(name="football"))
    save(client, address(reader), role="editor")
    assert {group.name for group in reader.groups.all()} == {"editor", "football"}


def test_what_was_given_is_in_the_list_and_can_be_looked_for(client, admin, root):
    cast.person("reader")
    rows = client.get(address(User, "changelist"), {"role": "reader"}).context["cl"].result_list
    assert [row.username for row in rows] == ["reader"]
    rows = client.get(address(User, "changelist"), {"role": "none"}).context["cl"].result_list
    assert [row.username for row in rows] == ["root"]
    assert "none, superuser" in client.get(address(User, "changelist")).content.decode()


FORGED = {
    "is_superuser": "on",
    "is_staff": "on",
    "groups": "1",
    "user_permissions": "1",
    "password": "plain",
    "password1": NEW,
    "id": "1",
    "last_login_0": "2001-01-01",
    "date_joined": "2001-01-01",
}


def test_an_admin_makes_no_superuser(client, admin):
    reader = cast.person("reader")
    before = User.objects.values().get(pk=reader.pk)
    client.post(address(reader), fill(shown(client, address(reader)), FORGED))
    assert User.objects.values().get(pk=reader.pk) == before
    assert not reader.user_permissions.exists()
    invite(client, **FORGED)
    anna = User.objects.get(username="anna")
    assert (anna.is_superuser, anna.has_usable_password(), anna.user_permissions.exists()) == (False, False, False)


def test_an_admin_does_not_touch_a_superuser(client, admin, root):
    assert client.get(address(root)).status_code == 200
    assert 'name="email"' not in client.get(address(root)).content.decode()
    before = User.objects.values().get(pk=root.pk)
    for url in (address(root), address(root, "link")):
        assert client.post(url, {"username": "mine", "email": "mine@example.org"} | FORGED).status_code == 403
    assert User.objects.values().get(pk=root.pk) == before


def test_nobody_changes_their_own_powers(client, admin, root):
    for user, role in ((admin, "reader"), (root, "admin")):
        client.force_login(user)
        held = {group.name for group in user.groups.all()}
        typed = {"role": role, "is_active": None, "is_superuser": None, "first_name": "Alex"}
        assert save(client, address(user), **typed).status_code == 302
        before = user.is_superuser
        user.refresh_from_db()
        assert (user.first_name, user.is_active, user.is_superuser) == ("Alex", True, before)
        assert {group.name for group in user.groups.all()} == held
        assert client.get(address(user, "link"))["Location"] == "/password/"


def test_a_superuser_may_make_another(client, admin, root):
    client.force_login(root)
    save(client, address(admin), is_superuser="on")
    admin.refresh_from_db()
    assert admin.is_superuser


@pytest.mark.parametrize("name", ["reader", "editor", "reviewer", "lead"])
def test_accounts_are_for_admins_alone(client, name):
    user = cast.person(name)
    client.force_login(user)
    for url in (address(user), address(user, "link"), address(User, "add"), address(User, "changelist")):
        assert client.post(url, {"role": "admin", "is_superuser": "on"}).status_code in (302, 403)
    user.refresh_from_db()
    assert (user.is_superuser, [group.name for group in user.groups.all()]) == (False, [name])


def test_a_name_that_is_taken_is_refused(client, admin):
    assert list(errors(invite(client, username="admin"))) == ["username"]


# Forgotten passwords.


def forget(email):
    return Client().post("/password/forgotten/", {"email": email})


@pytest.fixture
def at_once(monkeypatch):
    """Mails are sent before the answer, to be looked at; none were sent before."""
    cache.clear()
    monkeypatch.setattr("config.links.Timer.start", lambda timer: timer.function(*timer.args))
    with MAILS:
        yield


@pytest.fixture
def anna():
    user = cast.person("editor")
    user.email = "anna@example.org"
    user.save()
    return user


def test_it_mails_a_link_to_who_forgot_and_only_one(anna, at_once):
    assert forget("Anna@Example.org")["Location"] == "/password/forgotten/sent/"
    assert forget("anna@example.org")["Location"] == "/password/forgotten/sent/"
    (message,) = mail.outbox
    path = urlsplit(re.search(r"http\S+", message.body.split("link works once:")[1])[0]).path
    assert choose(path)["Location"] == "/login/"
    anna.refresh_from_db()
    assert anna.check_password(NEW)


def test_it_tells_nobody_who_is_there(anna, at_once):
    cast.person("lead")
    User.objects.filter(username="lead").update(email="left@example.org", is_active=False)
    answers = {forget(email).content for email in ("anna@example.org", "left@example.org", "nobody@example.org")}
    assert len(answers) == 1
    assert [message.to for message in mail.outbox] == [["anna@example.org"]]


@pytest.mark.parametrize("email", ["anna@example.org", "nobody@example.org"])
def test_its_answer_waits_for_no_link_and_no_mail(anna, monkeypatch, email):
    begun, made = [], []
    monkeypatch.setattr("config.links.Timer.start", lambda timer: begun.append(timer))
    monkeypatch.setattr("config.links.new", made.append)
    with MAILS:
        assert forget(email).status_code == 302
    assert (len(begun), made, mail.outbox) == (1, [], [])


def test_the_mail_never_names_a_host_that_a_browser_made_up(anna, at_once):
    data = {"email": "anna@example.org"}
    Client().post("/password/forgotten/", data, HTTP_HOST="localhost:6666", HTTP_X_FORWARDED_HOST="evil.test")
    (message,) = mail.outbox
    assert "http://localhost:8000/password/set/" in message.body
    assert "6666" not in message.body


def test_a_server_of_mails_that_is_away_breaks_nothing(anna, at_once, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False
    assert forget("anna@example.org").status_code == 302


def test_without_mail_it_says_whom_to_ask(client, anna):
    page = client.get("/password/forgotten/").content.decode()
    assert "sends no e-mail" in page
    assert "<input" not in page.split("<main")[1]
    assert forget("anna@example.org").status_code == 302
    assert mail.outbox == []

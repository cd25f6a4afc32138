"""Who may try a password, and how often."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from axes.models import AccessFailureLog
from django.core.management import call_command
from django.db import connection
from django.test import Client

from config import door
from tests import cast

PASSWORD = "correct horse battery"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def editor():
    return cast.person("editor")


def attempt(name="editor", password="wrong", address="192.0.2.1", path="/login/", client=None):
    data = {"username": name, "password": password}
    return (client or Client()).post(path, data, REMOTE_ADDR=address)


def fail(times, **how):
    return [attempt(**how).status_code for _ in range(times)]


def refused(response):
    return response.status_code == 429


def test_an_account_is_locked_after_seven_failures_from_strangers():
    assert fail(7) == [200] * 7
    assert refused(attempt())
    assert refused(attempt(password=PASSWORD))
    assert refused(attempt(password=PASSWORD, address="192.0.2.2"))


def test_ten_failures_are_the_most_from_anywhere():
    attempt(password=PASSWORD)
    assert fail(10) == [200] * 10
    assert refused(attempt(password=PASSWORD))


def test_strangers_cannot_lock_out_where_the_desk_signs_in_from():
    attempt(password=PASSWORD, address="198.51.100.9")
    fail(20, address="192.0.2.1")
    fail(20, address="192.0.2.2")
    assert attempt(password=PASSWORD, address="198.51.100.9").status_code == 302


def test_the_lock_ends_by_itself_and_trying_on_does_not_prolong_it():
    with time_machine.travel(NOON, tick=False):
        fail(7)
    with time_machine.travel(NOON + timedelta(minutes=14), tick=False):
        assert fail(5) == [429] * 5
    with time_machine.travel(NOON + timedelta(minutes=15, seconds=1), tick=False):
        assert attempt(password=PASSWORD).status_code == 302


def test_it_says_when_to_try_again():
    with time_machine.travel(NOON, tick=False):
        fail(7)
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        response = attempt()
    page = " ".join(response.content.decode().split())
    assert "Too many sign-ins failed" in page
    assert "Try again in 10 minutes, at 12:15 UTC." in page
    assert response["Retry-After"] == "600"


def test_an_address_may_fail_fifty_times_in_an_hour_whoever_it_tries():
    with time_machine.travel(NOON, tick=False):
        assert [attempt(name=f"person{at}").status_code for at in range(50)] == [200] * 50
        assert refused(attempt(name="somebody"))
        assert attempt(name="somebody", address="192.0.2.2").status_code == 200
    with time_machine.travel(NOON + timedelta(minutes=59), tick=False):
        assert refused(attempt(password=PASSWORD))
    with time_machine.travel(NOON + timedelta(minutes=61), tick=False):
        assert attempt(password=PASSWORD).status_code == 302
        assert not AccessFailureLog.objects.exists()


def test_an_address_of_ipv6_is_its_network():
    fail(7, address="2001:db8:1:2::1", name="nobody")
    for at in range(43):
        attempt(name=f"person{at}", address=f"2001:db8:1:2::{at + 1}")
    assert refused(attempt(name="another", address="2001:db8:1:2:ffff::1"))


def test_a_forged_address_counts_for_nothing(client):
    for at in range(7):
        client.post("/login/", {"username": "editor", "password": "wrong"}, HTTP_X_FORWARDED_FOR=f"192.0.2.{at}")
    assert set(AccessFailureLog.objects.values_list("ip_address", flat=True)) == {"127.0.0.1"}


def test_the_desk_has_the_same_door():
    assert fail(4) + fail(3, path="/admin/login/") == [200] * 7
    assert refused(attempt(path="/admin/login/", password=PASSWORD))
    assert refused(attempt(path="/login/", password=PASSWORD))


def test_the_right_password_leads_from_the_desks_door_to_the_desk():
    assert attempt(path="/admin/login/", password=PASSWORD)["Location"] == "/admin/"
    assert attempt(path="/admin/login/?next=/admin/claims/", password=PASSWORD)["Location"] == "/admin/claims/"
    page = Client().get("/admin/login/?next=/admin/claims/claim/").content.decode()
    assert '<input type="hidden" name="next" value="/admin/claims/claim/">' in page


def test_a_right_password_forgives_what_failed_for_that_account_from_there():
    fail(6)
    fail(3, name="nobody")
    attempt(password=PASSWORD)
    assert AccessFailureLog.objects.count() == 3


def test_nothing_tells_which_accounts_there_are(editor):
    cast.person("reviewer").delete()
    gone = cast.person("lead")
    gone.is_active = False
    gone.save()

    def told(name):
        client = Client()
        client.get("/login/")
        responses = [attempt(name=name, client=client, address="192.0.2.8") for _ in range(8)]
        return [(each.status_code, sorted(each.headers), neutral(each.content.decode(), name)) for each in responses]

    def neutral(page, name):
        for changing in (r'name="csrfmiddlewaretoken" value="\w+"', r"<code>\w{8}</code>", rf'value="{name}"'):
            page = re.sub(changing, "", page)
        return re.sub(r"in \d+ minutes, at \d\d:\d\d", "", page)

    assert told("editor") == told("nobody") == told("lead")


def test_every_try_costs_the_same_queries(django_assert_num_queries):
    counts = []
    for name in ("editor", "nobody"):
        with django_assert_num_queries(7) as asked:
            attempt(name=name)
        counts.append([re.sub(r"'[^']*'|\d+", "", query["sql"]) for query in asked.captured_queries])
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_a_burst_is_counted_before_any_password_is_looked_at(monkeypatch):
    looked_at = []
    monkeypatch.setattr("django.contrib.auth.models.User.check_password", lambda *_: looked_at.append(1) and False)

    def burst(at):
        try:
            return attempt(address=f"192.0.2.{at % 20}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        codes = list(threads.map(burst, range(60)))
    assert set(codes) <= {200, 429}
    assert len(looked_at) == codes.count(200) <= 7


@pytest.mark.parametrize("command", [["axes_reset"], ["axes_reset_username", "editor"], ["axes_reset_ip", "192.0.2.1"]])
def test_an_admin_can_lift_a_lock(command, log, capsys):
    fail(8)
    call_command(*command)
    assert attempt(password=PASSWORD).status_code == 302
    (line,) = log.about("locks-lifted")
    assert 'by="command"' in line


def test_a_lift_for_one_name_leaves_the_others_locked(capsys):
    fail(7)
    fail(7, name="nobody")
    call_command("axes_reset_username", "nobody")
    assert refused(attempt())
    call_command("axes_reset_ip_username", "192.0.2.9", "editor")
    assert refused(attempt())
    door.Door().reset_attempts(ip_address="192.0.2.9", username="editor", ip_or_username=True)
    assert not refused(attempt())


def test_a_locked_try_is_one_line(log):
    fail(7)
    log.lines.clear()
    fail(1)
    (line,) = log.about("refused")
    assert log.lines == [line]
    assert 'status="429"' in line
    assert line.endswith('account="editor"')


def test_a_sign_in_and_a_failure_say_who_and_from_where(client, log):
    attempt(client=client)
    attempt(client=client, name="correct horse battery", password="x")
    attempt(client=client, password=PASSWORD)
    client.post("/logout/")
    said = [re.sub(r"^.*?\] ", "", line) for line in log.lines]
    assert said == [
        'sign-in-failed by="-" from="192.0.2.1" account="editor"',
        'sign-in-failed by="-" from="192.0.2.1" account="no such account"',
        'sign-in by="editor" from="192.0.2.1"',
        'sign-out by="editor" from="127.0.0.1"',
    ]

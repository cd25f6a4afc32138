"""The log: one line an event, with who, when, what and which request; nothing that was sent looks like a line."""

import logging
import re
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client, RequestFactory

from config import audit
from tests import cast, desk
from tests.articles.samples import TEN_ITEMS

LINE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [A-Z]+ [\w.]+ \[([A-Z2-7]{8})\] (\w.*)$")


@pytest.mark.django_db
def test_a_refusal_is_one_line_with_who_when_what_and_which_request(client, log):
    client.force_login(cast.person("editor"))
    log.lines.clear()
    client.get("/admin/auth/user/add/", REMOTE_ADDR="192.0.2.7")
    (line,) = log.lines
    said = LINE.match(line)[2]
    assert said.startswith(
        'refused by="editor" from="192.0.2.7" status="403" method="GET" path="/admin/auth/user/add/"'
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/%0d%0aINFO forged%1b[31m", {}),
        ("/x%00%0a2026-01-01T00:00:00Z INFO forged", {}),
        ("/%e2%80%ae%e2%80%a8%c2%85forged", {"HTTP_USER_AGENT": "x\x1b[2J\r\nforged"}),
        ("/forged/", {"HTTP_HOST": "evil.test\r\nINFO forged"}),
    ],
)
def test_nothing_that_was_sent_makes_a_line_or_steers_a_terminal(log, path, headers):
    Client(raise_request_exception=False).get(path, **headers)
    (line,) = log.lines
    assert LINE.match(line)
    assert line.isprintable()


def test_a_traceback_is_set_in_and_written_out(log):
    try:
        raise ValueError("a\r\n2026-01-01T00:00:00Z INFO forged \x1b[31m")
    except ValueError:
        logging.getLogger("django.request").error("it broke", exc_info=sys.exc_info())
    first, *rest = log.lines[0].split("\n")
    assert first.endswith("it broke")
    assert all(line.startswith("  | ") and line.isprintable() for line in rest)
    assert rest[-1] == "  | 2026-01-01T00:00:00Z INFO forged \\x1b[31m"


def test_a_fact_is_cut_where_it_is_long(log):
    audit.record("tried", why="x" * 10_000)
    assert len(log.lines[0]) < 500


def test_it_says_who_as_far_as_it_can():
    request = RequestFactory().get("/")
    assert audit.who(request) == "-"

    class Away:
        def get_username(self):
            raise OperationalError("away")

    request.user = Away()
    assert audit.who(request) == "?"


@pytest.mark.django_db
def test_no_secret_reaches_the_log(client, log):
    cast.person("editor")
    client.post("/login/", {"username": "editor", "password": "SENTINELpassword"})
    client.post("/login/", {"username": "SENTINELtyped-into-the-wrong-box", "password": "x"})
    client.get("/claims/export/?token=SENTINELtoken")
    client.get("/nowhere/?key=SENTINELkey", HTTP_AUTHORIZATION="Bearer SENTINELbearer", HTTP_COOKIE="a=SENTINELcookie")
    assert log.lines
    assert "SENTINEL" not in "".join(log.lines)


def the(log, event):
    """The one line of `event`, from its name on."""
    (line,) = log.about(event)
    return LINE.match(line)[2]


@pytest.mark.django_db
def test_an_export_is_told_with_its_list(client, log):
    client.force_login(cast.person("editor"))
    client.get("/claims/export/?format=csv&tag=none")
    assert the(log, "export") == 'export by="editor" from="127.0.0.1" format="csv" list="/claims/?tag=none"'


@pytest.mark.django_db
def test_an_import_is_told_at_the_desk_and_at_the_command_line(client, log, tmp_path):
    client.force_login(cast.person("lead"))
    sent = {"format": "digest", "publisher": "The Daily Digest", "language": "en"}
    file = SimpleUploadedFile("digest.txt", TEN_ITEMS)
    assert client.post("/admin/articles/importrun/upload/", sent | {"file": file}).status_code == 302
    assert the(log, "import").startswith('import by="lead" from="127.0.0.1" run=')
    log.lines.clear()
    (tmp_path / "again.txt").write_bytes(TEN_ITEMS)
    call_command("import_articles", tmp_path / "again.txt", format="digest", publisher="The Daily Digest", verbosity=0)
    (line,) = log.about("import")
    assert 'by="command"' in line


@pytest.mark.django_db
def test_a_withdrawal_is_told_with_its_rows(client, log):
    client.force_login(cast.person("lead"))
    claim = cast.claim()
    sent = {"apply": "1", "reason": "a double", "seen": f"{claim.pk}:{claim.lock}"}
    client.post(desk.address(claim, "withdraw"), sent)
    claim.refresh_from_db()
    assert claim.withdrawn_at
    assert the(log, "withdraw") == f'withdraw by="lead" from="127.0.0.1" kind="claim" rows="{claim.pk}"'


@pytest.mark.django_db
def test_a_row_withdrawn_on_the_page_of_another_is_told_once_it_is(django_capture_on_commit_callbacks, client, log):
    client.force_login(cast.person("editor"))
    link = cast.link(cast.claim(), "contradicts", cast.claim())
    with django_capture_on_commit_callbacks(execute=True):
        desk.save(client, desk.address(link.from_claim), **{"links_out-0-DELETE": "on"})
        assert not log.about("withdraw")
    assert the(log, "withdraw") == f'withdraw by="editor" kind="claimlink" rows="{link.pk}"'

"""Whom the desk asked and what came back: rights of reply, and corrections asked of publishers."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from claims.models import CorrectionRequest, Inquiry
from tests import cast, desk
from tests.claims.pages import read, section, words

pytestmark = pytest.mark.django_db

PUBLIC = AnonymousUser()
DAY = dt.date(2026, 3, 3)


@pytest.fixture
def claim():
    return cast.claim(published=True)


def inquiry(claim, **values) -> Inquiry:
    """A question to the port authority, which answered in public."""
    given = {
        "name": "Port authority",
        "question": "Did the pier fall?",
        "asked_on": DAY,
        "outcome": "answered",
        "answered_on": DAY + dt.timedelta(2),
        "answer": "It did not.",
        "answer_public": True,
    }
    return Inquiry.objects.create(claim=claim, **given | values)


WAITING = {"outcome": "waiting", "answered_on": None, "answer": ""}


def request(claim, **values) -> CorrectionRequest:
    given = {"publisher": cast.publisher(), "wrong": "The pier stands.", "asked_on": DAY}
    return CorrectionRequest.objects.create(claim=claim, **given | values)


# Who sees what


def test_readers_see_a_public_answer_and_not_the_question(client, claim):
    inquiry(claim)
    shown = words(section(read(client, claim), "replies"))
    assert "Port authority It did not. asked 3 Mar 2026 answered 5 Mar 2026" in shown
    assert "Did the pier fall?" not in shown
    assert "e-mail" not in shown


@pytest.mark.parametrize("values", [{"answer_public": False}, WAITING], ids=["for the desk", "waiting"])
def test_readers_see_nothing_else(client, claim, values):
    inquiry(claim, **values)
    request(claim)
    assert 'id="replies"' not in read(client, claim)


def test_readers_learn_of_no_source_that_they_may_not_know_of(claim):
    hidden, shown = cast.source("A quiet voice"), cast.source("Ministry")
    cast.statement(claim=claim, chain=[shown])
    told = inquiry(claim, source=shown)
    inquiry(claim, source=hidden)
    assert list(Inquiry.objects.visible_to(PUBLIC)) == [told]
    told.withdraw(by=cast.person("lead"), reason="x")
    assert not Inquiry.objects.visible_to(PUBLIC).exists()


def test_readers_see_nothing_of_a_claim_that_is_not_public():
    inquiry(cast.claim())
    assert not Inquiry.objects.visible_to(PUBLIC).exists()


def test_a_publisher_is_linked_where_its_page_can_be_opened(client, claim):
    paper = cast.publisher("The Tribune")
    inquiry(claim, publisher=paper, name="")
    assert paper.get_absolute_url() not in read(client, claim)
    client.force_login(cast.person("reader"))
    assert paper.get_absolute_url() in section(read(client, claim), "replies")


def test_the_desk_sees_all_of_it(client, claim):
    yesterday = timezone.localdate() - dt.timedelta(1)
    inquiry(claim, answer_public=False, channel="phone")
    inquiry(claim, name="Harbour master", due_on=timezone.localdate(), asked_on=yesterday, **WAITING)
    inquiry(claim, name="Mayor", due_on=yesterday, asked_on=yesterday, **WAITING)
    request(claim, article=cast.article(), outcome="partly", outcome_on=DAY, url="https://paper.example.org/c")
    request(claim)
    client.force_login(cast.person("reader"))
    shown = words(section(read(client, claim), "replies"))
    for part in ("Did the pier fall?", "telephone", "for the desk only", "waiting until", "overdue since"):
        assert part in shown
    assert "The pier stands. asked 3 Mar 2026 partly corrected 3 Mar 2026 the article the correction" in shown
    assert "asked 3 Mar 2026 waiting" in shown


def test_what_people_typed_is_escaped(client, claim):
    bad = "<script>alert(1)</script>"
    inquiry(claim, name=bad, answer=bad, question=bad)
    request(claim, wrong=bad, note=bad, publisher=cast.publisher(bad, slug="bad"))
    client.force_login(cast.person("reader"))
    html = section(read(client, claim), "replies")
    assert bad not in html
    assert html.count("&lt;script&gt;") == 6


def test_a_correction_request_is_the_desks(claim):
    request(claim)
    assert not CorrectionRequest.objects.visible_to(PUBLIC).exists()
    assert CorrectionRequest.objects.visible_to(cast.person("reader")).exists()


# What can be said


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"name": ""}, "Say whom you asked"),
        ({"outcome": "waiting"}, "set the outcome to “answered”"),
        ({"answer": ""}, "Say what they answered, and when"),
        ({"answered_on": None}, "Say what they answered, and when"),
        ({"answered_on": DAY - dt.timedelta(1)}, "before anybody asked"),
        ({"due_on": DAY - dt.timedelta(1)}, "due before anybody asked"),
    ],
)
def test_it_refuses_a_reply_that_cannot_be(claim, values, why):
    row = inquiry(claim)
    for name, value in values.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError, match=why):
        row.full_clean()


def test_it_is_to_one_of_them(claim):
    row = inquiry(claim, source=cast.source())
    row.publisher = cast.publisher()
    with pytest.raises(ValidationError, match="not both"):
        row.full_clean()


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"outcome_on": DAY}, "choose the outcome"),
        ({"outcome": "refused", "outcome_on": DAY - dt.timedelta(1)}, "before anybody asked"),
        ({"url": "javascript:alert(1)"}, "Give a web address"),
    ],
)
def test_it_refuses_a_request_that_cannot_be(claim, values, why):
    row = request(claim)
    for name, value in values.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError, match=why):
        row.full_clean()


def test_overdue_is_what_still_waits_the_day_after(claim):
    today = timezone.localdate()
    yesterday = today - dt.timedelta(1)
    values = {"asked_on": yesterday, **WAITING}
    late = inquiry(claim, due_on=yesterday, **values)
    inquiry(claim, due_on=today, **values)
    inquiry(claim, due_on=yesterday, **values | {"outcome": "no_answer"})
    inquiry(claim, due_on=yesterday, **values).withdraw(by=cast.person("lead"), reason="x")
    assert list(Inquiry.objects.overdue()) == [late]


# The desk


def test_an_editor_asks_on_the_page_of_the_claim(client, claim):
    editor, ministry = cast.person("editor"), cast.source("Ministry")
    client.force_login(editor)
    fields = desk.shown(client, desk.address(claim))
    fields = desk.add_row(fields, "inquiries", source=ministry.pk, question="Is it so?", due_on="2999-01-01")
    answer = client.post(desk.address(claim), desk.fill(fields, {}))
    assert answer.status_code == 302, desk.errors(answer)
    made = Inquiry.objects.get()
    assert (made.addressee, made.outcome, made.created_by) == ("Ministry", "waiting", editor)


def test_an_editor_enters_the_answer_on_its_own_page(client, claim):
    client.force_login(cast.person("editor"))
    row = inquiry(claim, **WAITING)
    typed = {"outcome": "answered", "answer": "It stands.", "answered_on": "2026-03-09"}
    answer = desk.save(client, desk.address(row), **typed)
    assert answer.status_code == 302, desk.errors(answer)
    row.refresh_from_db()
    assert (row.answer, row.lock) == ("It stands.", 2)


def test_an_editor_asks_for_a_correction(client, claim):
    client.force_login(cast.person("editor"))
    fields = desk.shown(client, desk.address(claim))
    fields = desk.add_row(fields, "correction_requests", publisher=cast.publisher().pk, wrong="It stands.")
    answer = client.post(desk.address(claim), desk.fill(fields, {}))
    assert answer.status_code == 302, desk.errors(answer)
    assert CorrectionRequest.objects.get().outcome == "open"


@pytest.mark.parametrize("model", [Inquiry, CorrectionRequest])
def test_the_desks_lists_find_them_by_whom_was_asked_and_by_the_claim(client, claim, model):
    row = inquiry(claim, name="Mayor") if model is Inquiry else request(claim, publisher=cast.publisher("Mayor"))
    client.force_login(cast.person("editor"))
    for words_typed, found in (("mayor", [row]), ("soldiers", [row]), ("nobody", [])):
        listed = client.get(desk.address(model, "changelist"), {"q": words_typed}).context["cl"].result_list
        assert list(listed) == found


@pytest.mark.parametrize("name", ["reader", "editor"])
def test_withdrawing_needs_the_power_to_change(client, claim, name):
    row = inquiry(claim)
    client.force_login(cast.person(name))
    address = reverse("admin:claims_inquiry_withdraw", args=[row.pk])
    client.post(address, {"reason": "Twice", "apply": "1", "seen": f"{row.pk}:1", "_selected_action": row.pk})
    row.refresh_from_db()
    assert bool(row.withdrawn_at) is (name == "editor")


def test_a_dump_brings_them_back_by_their_keys(claim, tmp_path):
    path = tmp_path / "dump.json"
    inquiry(claim, publisher=cast.publisher("The Tribune"))
    request(claim)
    labels = ("claims.inquiry", "claims.correctionrequest")
    call_command("dumpdata", *labels, natural_primary=True, natural_foreign=True, output=str(path), verbosity=0)
    before = [list(model.objects.values("uid", "claim", "publisher")) for model in (Inquiry, CorrectionRequest)]
    Inquiry.objects.all().delete()
    CorrectionRequest.objects.all().delete()
    call_command("loaddata", str(path), verbosity=0)
    assert [list(model.objects.values("uid", "claim", "publisher")) for model in (Inquiry, CorrectionRequest)] == before

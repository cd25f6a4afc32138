"""What time proves right or wrong is due again once it is out."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from claims.admin.claim import LOOK_AGAIN
from claims.models import Claim
from tests import cast, desk

pytestmark = pytest.mark.django_db

CLAIMS = reverse("admin:claims_claim_changelist")


@pytest.fixture
def day():
    return timezone.localdate() + dt.timedelta(30)


@pytest.fixture(autouse=True)
def reviewer(client):
    client.force_login(cast.person("reviewer"))


@pytest.mark.parametrize(("kind", "asked"), [("promise", True), ("fact", False)])
def test_the_form_asks_for_the_day(client, kind, asked):
    claim = cast.claim(kind=kind, status="in_review")
    answer = client.post(
        desk.address(claim), desk.fill(desk.shown(client, desk.address(claim)), {"move_to": "published"}), follow=True
    )
    assert (LOOK_AGAIN in desk.messages(answer)) is asked


def test_the_form_does_not_ask_where_the_day_is_given(client, day):
    claim = cast.claim(kind="figure", status="in_review")
    typed = {"move_to": "published", "due_on": day.isoformat()}
    answer = client.post(desk.address(claim), desk.fill(desk.shown(client, desk.address(claim)), typed), follow=True)
    assert LOOK_AGAIN not in desk.messages(answer)
    assert Claim.objects.get().due_on == day


def test_a_bulk_change_takes_the_day_for_those_that_time_proves(client, day):
    promise, fact = cast.claim("A promise", kind="promise"), cast.claim("A fact")
    asked = {
        "action": "change_status",
        "_selected_action": [promise.pk, fact.pk],
        "to": "closed",
        "look_again": day.isoformat(),
    }
    page = client.post(CLAIMS, asked | {"preview": "1"})
    after = {step.row: step.after for step in page.context["steps"]}
    assert after == {promise: f"closed, due again on {date_format(day)}", fact: "closed"}
    assert f'value="{day.isoformat()}"' in page.content.decode()
    client.post(CLAIMS, asked | {"apply": "1", "seen": page.context["seen"]})
    assert dict(Claim.objects.values_list("kind", "due_on")) == {"promise": day, "fact": None}


def test_a_claim_that_does_not_move_keeps_its_day(client, day):
    claim = cast.claim("A promise", kind="promise")
    asked = {"action": "change_status", "_selected_action": [claim.pk], "to": "new", "look_again": day.isoformat()}
    page = client.post(CLAIMS, asked | {"preview": "1"})
    assert [step.changes for step in page.context["steps"]] == [False]


def test_the_desks_list_of_what_is_due_counts_the_days_of_the_newsroom(client, settings):
    settings.TIME_ZONE = "Pacific/Kiritimati"
    there = timezone.localdate()
    due = cast.claim("Due", due_on=there)
    cast.claim("Not yet", due_on=there + dt.timedelta(1))
    assert list(client.get(CLAIMS, {"todo": "due"}).context["cl"].result_list) == [due]

"""The first page of the desk: a work list."""

import datetime as dt

import pytest
from django.utils import timezone

from articles.models import ImportProblem, ImportRun
from claims.models import ClaimLink, CorrectionRequest, Inquiry, Statement
from claims.provenance import refresh
from tests import cast

pytestmark = pytest.mark.django_db


def work() -> None:
    """As much of each kind as its place in the expected list says, and noise."""
    editor = cast.person("lead")
    linked = cast.claim("Linked", status="in_review", due_on=timezone.localdate())
    cast.statement(claim=linked)
    cast.statement(state=Statement.State.SUGGESTED)
    cast.statement().withdraw(by=editor, reason="x")
    cast.statement(), cast.statement()
    for _ in range(3):
        cast.statement(chain=[None, "Reuters"], claim=linked)
    days = [timezone.localdate() + dt.timedelta(days) for days in (-400, -1, 1, 9)]
    others = [cast.claim(f"Unsourced {number}", due_on=day) for number, day in enumerate(days)]
    gone = cast.claim("Gone", due_on=days[0])
    gone.withdraw(by=editor, reason="x")
    refresh(claims=[gone.pk])
    for other in others[:2]:
        cast.link(linked, ClaimLink.Kind.SUPPORTS, other, state=ClaimLink.State.SUGGESTED)
    cast.link(linked, ClaimLink.Kind.SUPPORTS, others[2])
    asked(linked)
    old = ImportRun.objects.create(format="digest", file_name="a.txt", sha256="0" * 64)
    new = ImportRun.objects.create(format="digest", file_name="a.txt", sha256="1" * 64)
    for run, line in ((old, 1), (old, 2), (new, 2)):
        ImportProblem.objects.create(run=run, line=line, reason="no body", raw="x")


def asked(claim) -> None:
    """Two questions and one request that are overdue, and some that are not."""
    today = timezone.localdate()
    yesterday = today - dt.timedelta(1)
    for due_on in (yesterday, yesterday, today, None):
        values = {"claim": claim, "asked_on": yesterday, "due_on": due_on}
        Inquiry.objects.create(name="Somebody", question="Is it so?", **values)
    CorrectionRequest.objects.create(publisher=cast.publisher(), wrong="x", **values | {"due_on": yesterday})
    CorrectionRequest.objects.create(publisher=cast.publisher(), wrong="x", **values)
    refused = {"outcome": CorrectionRequest.Outcome.REFUSED, "due_on": yesterday}
    CorrectionRequest.objects.create(publisher=cast.publisher(), wrong="x", **values | refused)


def listed(client) -> dict[str, int]:
    return {item.label: item.count for item in client.get("/admin/").context["waiting"]}


def test_it_counts_what_waits(client):
    work()
    client.force_login(cast.person("editor"))
    assert listed(client) == {
        "suggested statements": 1,
        "statements without a claim": 2,
        "broken chains": 3,
        "claims without a source": 4,
        "claims due today or overdue": 3,
        "questions not answered in time": 2,
        "corrections not made in time": 1,
        "suggested cross-references": 2,
        "claims in review": 1,
        "import problems": 1,
    }


def test_each_number_is_the_length_of_the_list_it_leads_to(client):
    work()
    client.force_login(cast.person("editor"))
    for item in client.get("/admin/").context["waiting"]:
        assert client.get(item.url).context["cl"].result_count == item.count, item.label


def test_it_shows_only_what_the_viewer_may_see(client):
    work()
    outsider = cast.person("outsider")
    outsider.is_staff = True
    outsider.save()
    client.force_login(outsider)
    assert listed(client) == {}


def test_it_costs_a_query_a_number(client, django_assert_num_queries):
    work()
    client.force_login(cast.person("editor"))
    client.get("/admin/")
    # session, user, powers · 10 numbers · what the viewer did last
    with django_assert_num_queries(14):
        client.get("/admin/")


def test_who_may_import_is_offered_it(client):
    offer = 'href="/admin/articles/importrun/upload/">Import articles'
    for name, offered in (("editor", False), ("lead", True)):
        client.force_login(cast.person(name))
        assert (offer in client.get("/admin/").content.decode()) is offered

"""The first page of the desk: a work list."""

import pytest

from articles.models import ImportProblem, ImportRun
from claims.models import ClaimLink, Statement
from claims.provenance import refresh
from tests import cast

pytestmark = pytest.mark.django_db


def work() -> None:
    """As much of each kind as its place in the expected list says, and noise."""
    editor = cast.person("lead")
    linked = cast.claim("Linked", status="in_review")
    cast.statement(claim=linked)
    cast.statement(state=Statement.State.SUGGESTED)
    cast.statement().withdraw(by=editor, reason="x")
    cast.statement(), cast.statement()
    for _ in range(3):
        cast.statement(chain=[None, "Reuters"], claim=linked)
    others = [cast.claim(f"Unsourced {number}") for number in range(4)]
    gone = cast.claim("Gone")
    gone.withdraw(by=editor, reason="x")
    refresh(claims=[gone.pk])
    for other in others[:2]:
        cast.link(linked, ClaimLink.Kind.SUPPORTS, other, state=ClaimLink.State.SUGGESTED)
    cast.link(linked, ClaimLink.Kind.SUPPORTS, others[2])
    old = ImportRun.objects.create(format="digest", file_name="a.txt", sha256="0" * 64)
    new = ImportRun.objects.create(format="digest", file_name="a.txt", sha256="1" * 64)
    for run, line in ((old, 1), (old, 2), (new, 2)):
        ImportProblem.objects.create(run=run, line=line, reason="no body", raw="x")


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
    # session, user, powers · 7 numbers · what the viewer did last
    with django_assert_num_queries(11):
        client.get("/admin/")


def test_who_may_import_is_offered_it(client):
    offer = 'href="/admin/articles/importrun/upload/">Import articles'
    for name, offered in (("editor", False), ("lead", True)):
        client.force_login(cast.person(name))
        assert (offer in client.get("/admin/").content.decode()) is offered

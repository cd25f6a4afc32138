"""Who gets what answer at every address, as the committed table says; and that nothing is written but by a form."""

import types

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from claims.admin.tag import TagAdmin
from claims.models import SavedList
from config import urls
from tests.claims import guarded
from tests.permissions import walk

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(module_db):
    return guarded.build()


@pytest.fixture(scope="module")
def walked(world):
    return walk.walk(world)


def test_every_address_answers_as_the_table_says(walked):
    told = walk.differences(walk.read(), walked)
    assert not told, "\n".join([*told, "Read these, then: python -m tests.permissions --write"])


def test_the_table_is_as_it_is_written(walked):
    assert walk.drawn(walk.read()) == walk.TABLE.read_text()


def test_nothing_breaks_and_no_method_but_those_of_pages_and_forms_is_answered(walked):
    for line, (*cells, others) in walked.items():
        assert "500" not in " ".join(cells), line
        assert set(others.split(",")) <= {"404", "405"}, line


@pytest.mark.parametrize("role", ["anonymous", "superuser"])
def test_no_form_is_taken_without_its_token(world, role):
    with walk.asking(world) as walker:
        places = [place for pattern in walk.patterns() for place in walk.addresses(world, pattern)]
        codes = {place.line: walker.without_token(role, place) for place in places}
    assert {line: code for line, code in codes.items() if code != 403} == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ORIGIN": "https://evil.test"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "http://testserver.evil.test"},
        {"HTTP_COOKIE": f"csrftoken={'a' * 32}", "HTTP_X_CSRFTOKEN": "b" * 32},
        {"HTTP_X_HTTP_METHOD_OVERRIDE": "GET"},
    ],
)
def test_no_form_is_taken_from_elsewhere(headers):
    own = Client(enforce_csrf_checks=True)
    token = own.get("/login/").cookies["csrftoken"].value
    data = {"username": "nobody", "password": "x"}
    assert own.post("/login/", data | {"csrfmiddlewaretoken": token}).status_code == 200
    if "HTTP_ORIGIN" in headers:
        data["csrfmiddlewaretoken"] = token
    assert own.post("/login/", data, **headers).status_code == 403


def test_it_catches_a_permission_that_was_left_open(world, monkeypatch):
    monkeypatch.setattr(TagAdmin, "has_change_permission", lambda *_args: True)
    told = walk.differences(_table("admin/claims/tag/"), walk.walk(world, "admin/claims/tag/"))
    assert any("change/ [shown]: editor got 200/428, the table says 200/403" in line for line in told), told


def test_it_catches_a_page_that_is_shown_to_too_many(world, monkeypatch):
    monkeypatch.setattr(type(SavedList.objects.all()), "visible_to", lambda rows, _user: rows)
    told = walk.differences(_table("lists/<uuid"), walk.walk(world, "lists/<uuid"))
    assert any("[lead's private]: editor got" in line for line in told), told


def test_it_catches_an_address_that_nobody_has_thought_of(world):
    new = types.ModuleType("new")
    new.urlpatterns = [path("zebra/", lambda request: HttpResponse("Zebra")), *urls.urlpatterns]
    with override_settings(ROOT_URLCONF=new):
        told = walk.differences(_table("zebra"), walk.walk(world, "zebra"))
    assert told == ["/zebra/: no line in the table"]


def test_a_row_is_asked_for_where_an_address_wants_one(world):
    with pytest.raises(LookupError, match="which row stands"):
        walk.addresses(world, "zebras/<int:pk>/")


def _table(only):
    return {line: cells for line, cells in walk.read().items() if line.startswith(f"/{only}")}


def test_nobody_is_somebody_else_by_the_name_alone(world):
    assert set(world.people) == {*guarded.ROLES} - {"anonymous"}
    assert [user.username for user in User.objects.filter(is_superuser=True)] == ["superuser"]

"""Every attack case is tried, held by a test, or named with the reason why it comes later."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from claims.models import Claim
from tests.soak import world
from tests.soak.addresses import lists
from tests.soak.cases import CASES, Case
from tests.soak.catalogue import HELD, LATER
from tests.soak.digest import digest
from tests.soak.wsgi import Answer, Asked, Site

TESTS = Path(__file__).resolve().parents[1]

NUMBERS = {
    "XSS": "01 02 03 04 05 06 08 09 11 12 13",
    "CSV": "01 03 04",
    "SSRF": "01 02 03 04 06 08 10",
    "SIZE": "01 02 03 04 05 06 08 09 10 13",
    "ENC": "01 02 03 04 05 06 07 09",
    "PARSE": "01 02 03 04 05 07 08 09 10",
    "REDOS": "01 04",
    "INJ": "01 02 03 05",
    "SRCH": "01 03 04",
    "REDIR": "01",
    "AUTHZ": "01 02 03 04 05 06 07 10 11 12 13",
    "MASS": "01 02",
    "CSRF": "01 03 04 05",
    "SESS": "01 02 03 05",
    "AUTH": "01 03 04 06",
    "CONF": "01 02 04 05 06 08 09 10",
    "LOG": "01 02 03",
    "DES": "01",
    "PATH": "01 02",
    "PAGE": "01 02 03 04 06",
    "CONC": "01 02 03 05 06 07 08 09 11 12 14 15",
    "CRASH": "01 03 04 05 07 08 10 12 13",
    "REPL": "01 02 03 04",
    "TIME": "01 03",
    "MIG": "01 02 04 05",
    "BAK": "01 03 04 06",
    "STAT": "01 02 03",
}
"""All cases: by what they attack, the numbers of those we know."""

INSIDES = re.compile(rb"Traceback|psycopg|sqlite3\.|OperationalError|SELECT \"|/site-packages/|Django/|SECRET_KEY = ")


@pytest.fixture(scope="module")
def site(module_db: None) -> Iterator[Site]:
    people = world.build()
    with Site().open() as opened:
        opened.sign_in(**people)
        yield opened


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_it_is_answered_and_changes_nothing_else(site: Site, case: Case) -> None:
    before = None if case.writes else digest()
    asked = list(case.asks(site))
    faults = [told for each in asked if (told := fault(case, each, site.ask(each)))]
    assert faults == []
    assert case.writes or digest() == before
    assert broken(site) == []


@pytest.mark.django_db
def test_fields_that_are_in_no_form_are_not_written(site: Site) -> None:
    case = next(case for case in CASES if case.name == "AUTHZ-06")
    shown = ("lock", "status", "verdict", "published_at", "created_by", "uid")
    before = Claim.objects.order_by("pk").values_list(*shown)[0]
    assert [site.ask(each).status for each in case.asks(site)] == [302]
    assert Claim.objects.order_by("pk").values_list(*shown)[0] == before


def fault(case: Case, asked: Asked, answer: Answer) -> str:
    """What is wrong with the answer; empty where nothing is."""
    if answer.status not in case.statuses:
        return f"{answer.status}: {asked}\n{answer.fault}"
    if INSIDES.search(answer.body):
        return f"tells of our insides: {asked}"
    place = answer.headers.get("Location", "/")
    return "" if place.startswith("/") and not place.startswith("//") else f"leads to {place}: {asked}"


def broken(site: Site) -> list[str]:
    """Pages that no longer stand."""
    shown = ("/claims/", "/claims/export/?format=json", "/claims/export/?format=csv", "/admin/claims/claim/")
    assert set(shown) <= set(lists())
    answers = {path: site.get(*path.partition("?")[:1], "admin", path.partition("?")[2]).status for path in shown}
    return [f"{path}: {status}" for path, status in answers.items() if status != 200]


def test_every_case_stands_in_one_place() -> None:
    known = [f"{kind}-{number}" for kind, numbers in NUMBERS.items() for number in numbers.split()]
    placed = [*HELD, *LATER, *(case.name for case in CASES)]
    assert len(known) == 140
    assert sorted(placed) == sorted(known)


@pytest.mark.parametrize("name", HELD)
def test_the_test_that_holds_it_is_there(name: str) -> None:
    file, _, test = HELD[name][1].partition("::")
    assert f"def {test or 'test_'}" in (TESTS / file).read_text()


@pytest.mark.django_db
def test_it_notices_an_answer_that_tells_too_much(site: Site) -> None:
    case, asked = CASES[0], Asked("GET", "/claims/")
    assert fault(case, asked, Answer(500, {}, b"", ""))
    assert fault(case, asked, Answer(200, {}, b'Traceback (most recent call last): File "/x"', ""))
    assert fault(case, asked, Answer(302, {"Location": "//evil.test"}, b"", ""))
    assert not fault(case, asked, site.ask(asked))

"""What every test shares."""

import gc
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from tests import cast

# The same examples in every run: a red run can be run again. No deadline: a busy machine is not a failure.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")

BROWSER_FIXTURES = {"page", "context", "browser"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """An argument with the name of a browser's fixture makes a browser test of what is none."""
    for mark in metafunc.definition.iter_markers("parametrize"):
        names = mark.args[0].split(",") if isinstance(mark.args[0], str) else mark.args[0]
        for name in BROWSER_FIXTURES.intersection(map(str.strip, names)):
            pytest.fail(f"Do not parametrize “{name}”: it is the browser's. Choose another name.", pytrace=False)


DATABASE_FIXTURES = {"db", "transactional_db", "module_db", "live_server"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that may not ask the database, which pytest-django sees to, is the same on every engine."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if not item.get_closest_marker("django_db") and DATABASE_FIXTURES.isdisjoint(fixtures):
            item.add_marker("any_engine")


def pytest_collection_finish() -> None:
    """What is imported and collected by now stays to the end: to look through it for garbage again and again took an
    eighth of the time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Iterator[None]:
    """What a test's fixtures make is refreshed together, before the test begins."""
    with cast.at_once():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
    """What stands for more than one test is refreshed where it is made, not within what is rolled back behind the
    first of them."""
    with nullcontext() if fixturedef.scope == "function" else cast.at_once():
        return (yield)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A connection that a thread of the live server has left open does not keep its database from being dropped."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        connection.close()


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For a module's fixture whose rows are made once: they stand until the module's last test is over, and what
    each test changes of them is rolled back behind it. Not for tests that need transactions of their own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def editor(db: None, client: Client) -> User:
    """An editor, who is signed in with ``client``."""
    user = cast.person("editor")
    client.force_login(user)
    return user

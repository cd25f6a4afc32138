"""`manage.py prepare` fills an empty database, once. The fixtures here are stand-ins for the real ones."""

import json

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.core.serializers.base import DeserializationError

from claims import first_run
from claims.permissions import ROLES
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixtures(tmp_path, settings):
    """A folder in which each fixture holds next to nothing."""
    settings.FIXTURE_DIRS = [tmp_path]
    settings.DEMO, settings.DEMO_PASSWORD = True, ""
    for fixture in (*first_run.NEEDED_FIXTURES, *first_run.SAMPLE_FIXTURES):
        groups = ROLES if fixture == "roles" else [f"stands in for {fixture}"]
        rows = [{"model": "auth.group", "fields": {"name": name}} for name in groups]
        (tmp_path / f"{fixture}.json").write_text(json.dumps(rows))
    return tmp_path


@pytest.fixture
def prepare(capsys):
    """Runs the command and returns what it printed."""

    def prepare():
        call_command("prepare")
        return capsys.readouterr().out

    return prepare


def test_it_makes_an_account_for_each_role(prepare):
    prepare()
    accounts = {user.username: user for user in User.objects.all()}
    assert set(accounts) == {"reader", "editor", "reviewer", "lead", "admin"}
    assert all([group.name for group in user.groups.all()] == [name] for name, user in accounts.items())
    assert {name for name, user in accounts.items() if not user.is_staff} == {"reader"}
    assert {name for name, user in accounts.items() if user.is_superuser} == {"admin"}


def test_it_prints_the_random_password_and_only_once(prepare):
    password = prepare().split()[-1]
    assert User.objects.get(username="editor").check_password(password)
    assert prepare() == ""


def test_it_takes_the_given_password_and_does_not_print_it(prepare, settings):
    settings.DEMO_PASSWORD = "correct horse battery"
    assert "correct horse" not in prepare()
    assert User.objects.get(username="lead").check_password("correct horse battery")


def test_without_the_demo_it_says_how_to_make_the_first_account(prepare, settings):
    settings.DEMO = False
    said = prepare()
    assert ".venv/bin/python manage.py createsuperuser" in said
    assert "roles, rating_scales." in said
    assert not User.objects.exists()
    assert set(ROLES) < set(Group.objects.values_list("name", flat=True))


@pytest.mark.parametrize(
    "somebody_was_here",
    [
        lambda: User.objects.create_user("ann"),
        lambda: Group.objects.create(name="desk"),
        lambda: cast.publisher(),
        lambda: cast.claim(),
    ],
    ids=["user", "group", "publisher", "claim"],
)
def test_it_leaves_a_used_database_alone(prepare, somebody_was_here):
    somebody_was_here()
    users = User.objects.count()
    assert prepare() == ""
    assert User.objects.count() == users


def test_it_is_never_half_done(prepare, fixtures):
    (fixtures / "nato_digest.json").write_text("[{")
    with pytest.raises(DeserializationError):
        prepare()
    assert first_run.is_empty()


def test_the_accounts_of_the_sample_are_refused_where_others_visit(prepare, settings):
    prepare()
    settings.PUBLIC, settings.DEMO = True, False
    with pytest.raises(CommandError, match="accounts of the sample still work"):
        prepare()
    User.objects.filter(username="reader").update(is_active=False)
    assert prepare() == ""

"""What an empty database is filled with, so that the first visit shows something."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import transaction

from articles.models import Publisher
from claims.models import Claim
from claims.permissions import ROLES

NEEDED_FIXTURES = ("roles", "rating_scales")
SAMPLE_FIXTURES = ("tags", "nato_digest")

WITHOUT_DESK = ("reader",)
SUPERUSERS = ("admin",)


@dataclass(frozen=True)
class FirstRun:
    """What was put into the empty database. `password` is that of all `accounts`, "" where there are none."""

    fixtures: tuple[str, ...]
    accounts: tuple[str, ...] = ()
    password: str = ""


def is_empty() -> bool:
    """Nobody has been here: no user, group, publisher or claim."""
    return not any(model._default_manager.exists() for model in (User, Group, Publisher, Claim))


@transaction.atomic
def fill(*, demo: bool, password: str = "") -> FirstRun | None:
    """Fills an empty database, all or nothing; leaves any other alone and returns None.

    With `demo` the sample and an account for each role, with `password` or a random one; else only what the
    site cannot do without.
    """
    if not is_empty():
        return None
    fixtures = NEEDED_FIXTURES + SAMPLE_FIXTURES if demo else NEEDED_FIXTURES
    call_command("loaddata", *fixtures, verbosity=0)
    if not demo:
        return FirstRun(fixtures)
    password = password or secrets.token_urlsafe(12)
    for role in ROLES:
        make_account(role, password)
    return FirstRun(fixtures, ROLES, password)


def make_account(role: str, password: str) -> User:
    """A user named like its role and in its group; Group.DoesNotExist where the fixture `roles` lacks it."""
    user = User.objects.create_user(
        role, password=password, is_staff=role not in WITHOUT_DESK, is_superuser=role in SUPERUSERS
    )
    user.groups.add(Group.objects.get(name=role))
    return user


def demo_accounts_work() -> bool:
    """Whether all five accounts of the sample can still be signed in to: everybody knows their names."""
    return User.objects.filter(username__in=ROLES, is_active=True).count() == len(ROLES)

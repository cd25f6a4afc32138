"""What the harnesses work on: a small world of rows of every kind, and the people who ask for it."""

import datetime as dt

from django.contrib.auth.models import User

from articles.importers.store import Delivery, import_file
from claims.models import Annotation, Claim, Identity, Occasion, SavedList, Source, SourceRole
from tests import cast
from tests.claims import random_world

PEOPLE = ("editor", "admin")
"""Who asks, besides somebody without an account."""

TWO_ITEMS = b"Harbour to close\nThe harbour master said it is not safe.\nKeep reading\nNo body\nKeep reading\n"


def build(claims: int = 20) -> dict[str, User]:
    """Fill the empty database with rows of every kind. Returns the people by name."""
    random_world.build(7, claims)
    people = {name: cast.person(name) for name in PEOPLE}
    claim, source = (model.objects.order_by("pk").first() for model in (Claim, Source))
    unnamed = Source.objects.filter(named=False).order_by("pk").first()
    assert claim
    assert source
    assert unnamed
    Annotation.objects.create(claim=claim, created_by=people["editor"], body="See *page 3*.")
    Identity.objects.create(source=unnamed, guess=source, note="met twice")
    Occasion.objects.create(title="Press conference", starts_on=dt.date(2025, 11, 1), host=source)
    SourceRole.objects.create(source=source, title="Minister")
    for owner in people.values():
        SavedList.objects.create(name="Mine", query="q=poland", owner=owner)
    import_file(TWO_ITEMS, Delivery("digest", "digest.txt", "The Daily Digest"), by=people["admin"])
    return people


def restore(people: dict[str, User]) -> None:
    """Give ``people`` back the names and powers that they began with, whatever was done to their accounts."""
    for name, user in people.items():
        user.refresh_from_db()
        user.username, user.is_active, user.is_staff = name, True, True
        user.save()
        user.groups.set([cast.role(name)])

"""Who else has a row's page open, for those who can change it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import formats, timezone

from articles.models import Locked
from claims.models import Presence

COUNTS = dt.timedelta(minutes=1)
"""How long somebody counts as being there who says nothing more."""


def is_told(row: Locked) -> bool:
    """Whether it is told who has ``row`` open: not of private notes and lists, and not of what keeps no history."""
    return row.KEEPS_HISTORY and getattr(row, "visibility", "") != "private"


def come(user: Any, row: Locked) -> None:
    """Note that ``user`` has the page of ``row`` open. Two statements; who is long gone goes with the first."""
    now = timezone.now()
    Presence.objects.filter(seen_at__lt=now - COUNTS).delete()
    Presence.objects.bulk_create(
        [Presence(user=user, kind=_kind(row), row=row.pk, since=now, seen_at=now)],
        update_conflicts=True,
        update_fields=["seen_at"],
        unique_fields=["kind", "row", "user"],
    )


def leave(user: Any, row: Locked) -> None:
    """Note that ``user`` has closed the page of ``row``."""
    Presence.objects.filter(user=user, kind=_kind(row), row=row.pk).delete()


def others(user: Any, row: Locked) -> str:
    """Who else has the page of ``row`` open: “editor has been editing since 10:14”. Empty: nobody. One query."""
    there = Presence.objects.filter(kind=_kind(row), row=row.pk, seen_at__gte=timezone.now() - COUNTS)
    return _in_words(there.exclude(user=user).select_related("user").order_by("since", "id"))


def _kind(row: Locked) -> str:
    return str(row._meta.model_name)


def _in_words(there: Iterable[Presence]) -> str:
    return "; ".join(f"{one.user} has been editing since {_moment(one.since)}" for one in there)


def _moment(at: dt.datetime) -> str:
    """The time of day; with its date where that is not today."""
    local, today = timezone.localtime(at), timezone.localdate()
    return formats.date_format(local, "H:i" if local.date() == today else "j M Y, H:i")

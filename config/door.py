"""Who may try a password, and how often. For django-axes, which asks before each try and tells of each outcome.

A try is written down before the password is looked at, and crossed out where it was right. So however many come at
once, by however many processes, no more than the limit are looked at.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.base import AxesHandler
from axes.models import AccessFailureLog, AccessLog
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from config import audit, client
from config.errors import Page, refusal


@dataclass(frozen=True)
class Limit:
    failures: int
    within: timedelta


QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)

AN_ACCOUNT = Limit(10, QUARTER)
AN_ACCOUNT_FROM_ELSEWHERE = Limit(7, QUARTER)
"""Fewer from an address that nobody has signed in from: strangers cannot lock the desk out of its own accounts. It is
the address that is known, not the account with it, so that it tells nobody which accounts there are."""

AN_ADDRESS = Limit(50, HOUR)

KNOWN_FOR = timedelta(days=90)
"""After its last sign-in."""


class Door(AxesHandler):
    """AXES_HANDLER. Failures are rows of axes' AccessFailureLog, kept for an hour; sign-ins rows of its AccessLog."""

    def is_locked(self, request: Any, credentials: Any = None) -> bool:
        AccessFailureLog.objects.filter(attempt_time__lt=timezone.now() - AN_ADDRESS.within).delete()
        attempt = AccessFailureLog.objects.create(
            username=credentials["username"], ip_address=client.address(request), path_info=request.path_info[:255]
        )
        until = _locked_until(attempt)
        if until is None:
            request.attempt = attempt
            return False
        attempt.delete()
        request.axes_locked_out = True
        request.locked_until = until
        request.axes_credentials = credentials
        return True

    def user_login_failed(self, sender: Any, credentials: Any, request: Any = None, **_: Any) -> None:
        """What was locked is refused, which has a line of its own."""
        if not request.axes_locked_out:
            audit.record("sign-in-failed", request, level=logging.WARNING, account=_named(credentials))

    def user_logged_in(self, sender: Any, request: Any, user: Any, **_: Any) -> None:
        if hasattr(request, "attempt"):
            forgive(request, user.get_username())
            AccessLog.objects.filter(attempt_time__lt=timezone.now() - KNOWN_FOR).delete()
            AccessLog.objects.create(username=user.get_username(), ip_address=client.address(request))
        audit.record("sign-in", request, by=user.get_username())

    def user_logged_out(self, sender: Any, request: Any, user: Any, **_: Any) -> None:
        if user:
            audit.record("sign-out", request, by=user.get_username())

    def reset_attempts(
        self, *, ip_address: str | None = None, username: str | None = None, ip_or_username: bool = False
    ) -> int:
        """For `manage.py axes_reset`, `axes_reset_username` and `axes_reset_ip`."""
        by_address, by_name = Q(ip_address=ip_address), Q(username=username)
        if ip_or_username:
            wanted = by_address | by_name
        else:
            wanted = (by_address if ip_address else Q()) & (by_name if username else Q())
        audit.record("locks-lifted", by="command", account=username or "any", address=ip_address or "any")
        return AccessFailureLog.objects.filter(wanted).delete()[0]


def forgive(request: HttpRequest, username: str) -> None:
    """The password was right: what failed for this account from this address does not count any longer."""
    AccessFailureLog.objects.filter(username=username, ip_address=client.address(request)).delete()


def _locked_until(attempt: AccessFailureLog) -> datetime | None:
    """When it may be tried again; None for now. Counts what others have written down by now, never `attempt`."""
    here = AccessLog.objects.filter(ip_address=attempt.ip_address, attempt_time__gt=timezone.now() - KNOWN_FOR)
    account = AN_ACCOUNT if here.exists() else AN_ACCOUNT_FROM_ELSEWHERE
    ends = (
        _full_until(attempt, Q(username=attempt.username), account),
        _full_until(attempt, Q(ip_address=attempt.ip_address), AN_ADDRESS),
    )
    return max((end for end in ends if end), default=None)


def _full_until(attempt: AccessFailureLog, whose: Q, limit: Limit) -> datetime | None:
    others = AccessFailureLog.objects.filter(whose, attempt_time__gt=attempt.attempt_time - limit.within)
    times = others.exclude(pk=attempt.pk).order_by("-attempt_time").values_list("attempt_time", flat=True)
    first = times[limit.failures - 1 : limit.failures]
    return first[0] + limit.within if first else None


def locked_out(request: Any, answer: HttpResponse, credentials: Any) -> HttpResponse:
    """AXES_LOCKOUT_CALLABLE. The same for every name, whether there is such an account or not."""
    until: datetime = request.locked_until
    seconds = max(1, round((until - timezone.now()).total_seconds()))
    minutes = -(-seconds // 60)
    page = Page(
        "Too many sign-ins failed",
        "Too many passwords were wrong, for this account or from where you are. It could be somebody guessing.",
        f"Try again in {minutes} {'minute' if minutes == 1 else 'minutes'}, at {timezone.localtime(until):%H:%M %Z}. "
        "If it cannot wait, ask whoever looks after the accounts to lift the lock.",
    )
    return refusal(status=429, page=page, retry_after=seconds, account=_named(credentials))


def _named(credentials: Any) -> str:
    """The name for the log, where it is an account's: people type passwords into the wrong box."""
    name: str = credentials["username"]
    return name if User.objects.filter(username=name).exists() else "no such account"

"""Ends what was begun under other powers."""

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone


def end(user: User) -> None:
    """Signs `user` out everywhere. A session says in itself whose it is, so all that still run are read."""
    running = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    theirs = [each.pk for each in running if each.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=theirs).delete()

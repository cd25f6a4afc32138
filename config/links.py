"""Links by which somebody sets a password without having one: for the invited, and for who forgot theirs.

A link works once and for three days. It is signed over the password that the account has now, so that it ends with
the next one, and nothing of it is stored.
"""

import logging
from collections.abc import Iterable
from smtplib import SMTPException
from threading import Timer

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from config import audit


def new(user: User) -> str:
    """The address. It begins as the settings say, never as the browser of whoever asks says."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return settings.SITE_URL + reverse("password_set", args=[uid, default_token_generator.make_token(user)])


def send(user: User, link: str, *, template: str, subject: str) -> bool:
    """Mails the link, and says whether it could. The caller shows it to be copied where it could not."""
    if not settings.SENDS_MAIL or not user.email:
        return False
    facts = {"user": user, "link": link, "days": settings.LINK_DAYS, "site": settings.SITE_URL}
    body = render_to_string(f"registration/{template}.txt", facts)
    try:
        return bool(EmailMessage(subject, body, to=[user.email]).send())
    except (OSError, SMTPException, ValueError) as error:
        reason = type(error).__name__
        audit.record("mail-failed", by="system", level=logging.ERROR, account=user.get_username(), why=reason)
        return False


A_MAIL_EVERY = 600
"""Seconds: nobody's mailbox is filled by strangers."""

A_MOMENT = 0.1
"""Seconds: by then the page that was asked for has left."""


def send_to_each(users: Iterable[User], *, template: str, subject: str) -> None:
    """Mails each of them a link of their own, after the answer and behind its back. What it costs to make and send
    one would tell that there is such an account: for nobody, as for anybody, the answer begins the same."""

    def make_and_send(found: list[User]) -> None:
        for user in found:
            if cache.add(f"{template}-{user.pk}", True, A_MAIL_EVERY):
                send(user, new(user), template=template, subject=subject)

    later = Timer(A_MOMENT, make_and_send, [list(users)])
    later.daemon = True
    later.start()

"""Links by which somebody sets a password without having one: for the invited, and for who forgot theirs.

A link works once and for three days. It is signed over the password that the account has now, so that it ends with
the next one, and nothing of it is stored.
"""

import logging
from smtplib import SMTPException
from threading import Thread

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
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


def send_unseen(user: User, link: str, *, template: str, subject: str) -> None:
    """The same behind the answer's back: how long it takes would tell that there is such an account."""
    Thread(target=send, args=[user, link], kwargs={"template": template, "subject": subject}, daemon=True).start()

"""Where the messages wait that the next page shows."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class OwnCookie(CookieStorage):
    """A cookie with a name of ours, as the others have."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]
        name: str = settings.MESSAGES_COOKIE_NAME
        return name


class Flashes(FallbackStorage):
    """MESSAGE_STORAGE. As Django's own: in a cookie; in the session what does not fit there."""

    storage_classes = (OwnCookie, SessionStorage)

"""Where a form leads once it is done: to the page that it was opened from."""

from django.utils.http import url_has_allowed_host_and_scheme

MAX_CHARS = 2000


def back_to(given: str | None, otherwise: str) -> str:
    """``given``, where it is an address on this site, else ``otherwise``."""
    if not given or len(given) > MAX_CHARS or not given.startswith("/"):
        return otherwise
    return given if url_has_allowed_host_and_scheme(given, allowed_hosts=None) else otherwise

"""Where a request comes from."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

IPV6_NETWORK = 64
"""Whoever has one IPv6 address has the 2^64 beside it: such a network counts as one address."""


def address(request: HttpRequest) -> str | None:
    """The client's IP address, an IPv6 one as its /64 network; None where there is none, as behind a socket.

    X-Forwarded-For is believed only with BEHIND_PROXY, and of it only the last entry: our own proxy's. Whatever
    stands before that, the client may have written.
    """
    given = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        given = forwarded if _parsed(forwarded) else given
    found = _parsed(given)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(found), IPV6_NETWORK), strict=False).network_address)
    return str(found) if found else None


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found

"""Where a request comes from, and who may say so."""

import pytest
from django.test import RequestFactory

from config.client import address


def seen(settings, *, proxy, remote="10.0.0.1", forwarded=None):
    settings.BEHIND_PROXY = proxy
    extra = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return address(RequestFactory().get("/", REMOTE_ADDR=remote, **extra))


def test_nobody_is_believed_without_a_proxy(settings):
    assert seen(settings, proxy=False, forwarded="192.0.2.7") == "10.0.0.1"


@pytest.mark.parametrize(
    ("forwarded", "found"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("8.8.8.8, 192.0.2.7", "192.0.2.7"),
        ("8.8.8.8,unknown", "10.0.0.1"),
        ("192.0.2.7:1234", "10.0.0.1"),
        ("", "10.0.0.1"),
        (None, "10.0.0.1"),
    ],
)
def test_a_proxy_is_believed_in_what_it_added_itself(settings, forwarded, found):
    assert seen(settings, proxy=True, forwarded=forwarded) == found


@pytest.mark.parametrize(
    ("remote", "found"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", None),
        ("unix:", None),
    ],
)
def test_a_network_of_ipv6_counts_as_one_address(settings, remote, found):
    assert seen(settings, proxy=False, remote=remote) == found

"""What every answer carries: the headers that MDN's HTTP Observatory gives an A+ for, on every class of page.

Its sums, as of version 1.4.8: 100, and 10 for a policy that begins with default-src 'none' and has nothing unsafe,
10 for CORP same-origin, 5 for frames refused by the policy, 5 for a private referrer; HSTS, nosniff and the redirect
to TLS take away where they are missing. That is 130, or 135 with secure cookies; A+ begins at 100.
"""

import re
from unittest.mock import patch

import pytest
from axes.models import AccessFailureLog
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from claims.views import browse
from config import errors
from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as ours
from tests import cast

__all__ = ["handler400", "handler403", "handler404", "handler500"]

pytestmark = pytest.mark.django_db


def refused(request, status):
    return errors.refusal(status=status)


urlpatterns = [
    path("refused/<int:status>/", refused),
    path("framed/", lambda request: HttpResponse(headers={"X-Frame-Options": "SAMEORIGIN"})),
    *ours,
]

PUBLIC = {
    "/": 200,
    "/claims/": 200,
    "/claims/feed/": 200,
    "/claims/export/?format=csv": 200,
    "/claims/export/?format=jsonl": 200,
    "/sources/": 200,
    "/articles/": 200,
    "/tags/": 200,
    "/facets/claims/": 200,
    "/suggest/tags/?q=na": 200,
    "/login/": 200,
    "/admin/login/": 200,
    "/admin/": 302,
    "/healthz": 200,
    "/favicon.ico": 200,
    "/static/hearsay/hearsay.css": 200,
    "/static/nothing.css": 404,
    "/nowhere/": 404,
    "/suggest/nothing/": 404,
    "/claims/?q=%00": 400,
    "/claims/?no=such": 400,
    **{f"/refused/{status}/": status for status in errors.PAGES},
}
DESK = {
    "/": 200,
    "/admin/": 200,
    "/admin/claims/claim/": 200,
    "/admin/claims/claim/add/": 200,
    "/admin/claims/tag/choices/": 200,
    "/admin/auth/user/add/": 403,
    "/password/": 200,
    "/lists/": 200,
}


@pytest.fixture(autouse=True)
def over_tls(settings):
    """As with HTTPS=on BEHIND_PROXY=on, which config/settings.py reads when it is loaded."""
    settings.ROOT_URLCONF = "tests.config.test_headers"
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def policy(response):
    parts = [part.split() for part in response["Content-Security-Policy"].split(";")]
    assert len(parts) == len({name for name, *_ in parts})
    return {name: words for name, *words in parts}


def check(response):
    """That nothing is missing which the grade is made of. Reading it to its end closes what is served from a file."""
    response.getvalue()
    assert policy(response) == {
        "default-src": ["'none'"],
        **{
            name: ["'self'"]
            for name in ("connect-src", "font-src", "form-action", "img-src", "script-src", "style-src")
        },
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert re.match(r"max-age=(\d{8,}); includeSubDomains", response["Strict-Transport-Security"])
    assert not [name for name in response.headers if name.startswith("Access-Control")]
    assert not {"Server", "X-Powered-By"} & set(response.headers)
    for cookie in response.cookies.values():
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(("address", "status"), PUBLIC.items())
def test_every_public_page_and_every_refusal_has_them(visitor, address, status):
    response = visitor.get(address, secure=True, HTTP_ORIGIN="https://evil.test")
    assert response.status_code == status
    check(response)


@pytest.mark.parametrize(("address", "status"), DESK.items())
def test_every_page_of_the_desk_has_them(visitor, address, status):
    visitor.force_login(cast.person("editor"))
    response = visitor.get(address, secure=True)
    assert response.status_code == status
    check(response)


@pytest.mark.parametrize(("error", "status"), [(RuntimeError, 500), (OperationalError, 503)])
def test_a_fault_has_them(visitor, error, status):
    with patch.object(browse, "render", side_effect=error("planted")):
        response = visitor.get("/", secure=True)
    assert response.status_code == status
    check(response)


def test_so_has_what_is_refused_by_method_size_token_or_throttle(visitor):
    check(visitor.post("/claims/", secure=True))
    check(visitor.options("/claims/", secure=True, HTTP_ORIGIN="https://evil.test"))
    check(visitor.post("/login/", b"", content_type="text/plain", secure=True, CONTENT_LENGTH=str(10**9)))
    check(Client(enforce_csrf_checks=True).post("/login/", secure=True))
    AccessFailureLog.objects.bulk_create(AccessFailureLog(username="x", ip_address="127.0.0.1") for _ in range(7))
    locked = visitor.post("/login/", {"username": "x", "password": "y"}, secure=True)
    assert locked.status_code == 429
    check(locked)


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "https://testserver.evil.test"])
def test_no_other_site_may_read_or_send(visitor, origin):
    editor = cast.person("editor")
    visitor.force_login(editor)
    assert visitor.options("/claims/", HTTP_ORIGIN=origin, secure=True).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    for address in ("/logout/", "/login/", "/password/", "/lists/new/", "/admin/claims/claim/add/"):
        response = strict.post(address, {"a": "b"}, HTTP_ORIGIN=origin, secure=True)
        assert response.status_code == 403
        check(response)


def test_a_view_may_not_be_framed_by_a_slip(visitor):
    """`frame-ancestors` goes before `X-Frame-Options` wherever a browser knows both."""
    assert policy(visitor.get("/framed/", secure=True))["frame-ancestors"] == ["'none'"]


@pytest.mark.parametrize("secure", [False, True])
def test_a_host_that_is_not_ours_is_refused_before_anything_else(visitor, secure):
    response = visitor.get("/claims/", HTTP_HOST="evil.test", secure=secure)
    assert response.status_code == 400
    assert b"evil" not in response.content
    assert policy(response)["frame-ancestors"] == ["'none'"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert ("Strict-Transport-Security" in response) is secure


@pytest.mark.parametrize(
    "forwarded",
    [
        {"HTTP_X_FORWARDED_HOST": "evil.test"},
        {"HTTP_X_FORWARDED_PORT": "666", "HTTP_FORWARDED": "host=evil.test;proto=http"},
        {"HTTP_X_ORIGINAL_URL": "/admin/", "HTTP_X_REWRITE_URL": "/admin/", "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"},
    ],
)
def test_what_a_visitor_says_of_a_proxy_is_not_believed(visitor, forwarded):
    response = visitor.get("/claims/", secure=True, **forwarded)
    assert response.status_code == 200
    assert b"evil.test" not in response.content
    assert visitor.get("/nowhere", secure=True, **forwarded).status_code == 404
    assert visitor.get("/claims", secure=True, **forwarded)["Location"] == "/claims/"
    assert visitor.get("/claims/", HTTP_X_FORWARDED_PROTO="https")["Location"] == "https://testserver/claims/"

"""What no page could answer is a 400 that says why."""

import pytest
from django.test import Client, RequestFactory

from config.wsgi import application

pytestmark = pytest.mark.django_db

PAGE = "/login/"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=B"


def refused(response, *words):
    page = response.content.decode()
    return response.status_code == 400 and all(word in page for word in words)


@pytest.mark.parametrize("path", ["/%00", "/claims/%00/", "/admin/x%00"])
def test_it_refuses_a_path_with_a_nul(client, path):
    assert refused(client.get(path), "address", "not text")


@pytest.mark.parametrize("path", ["/%FF/", "/%ED%A0%80/", "/claims/%C0%AF/"])
def test_a_path_in_broken_utf8_leads_nowhere(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("query", ["q=%00", "q=a&%00=b", "q=%ff", "q=%ED%A0%80", "q=a+%c3", "next=/%00"])
def test_it_refuses_a_query_that_is_no_text(client, query):
    assert refused(client.get(PAGE, QUERY_STRING=query), "address", "not text")


@pytest.mark.parametrize(
    "query", ["", "q=a+b%20c", "q=%C3%A9&q=%F0%9F%98%80", "q=100%", "q=%zz", "next=/claims/%3Fq%3D1"]
)
def test_it_lets_text_through(client, query):
    assert client.get(PAGE, QUERY_STRING=query).status_code == 200


@pytest.mark.parametrize("charset", ["latin-1", "utf-7", "utf-16", "unicode_escape", "nonsense"])
@pytest.mark.parametrize("query", ["", "q=ab", r"q=%5Cud800", r"q=%5Cx00", "tag=%2B2AA-"])
def test_no_coding_turns_a_query_into_something_else(client, charset, query):
    response = client.get("/claims/", QUERY_STRING=query, CONTENT_TYPE=f"text/plain; charset={charset}")
    assert refused(response, "UTF-8")


@pytest.mark.parametrize("charset", ["=rot13", "=idna", "=undefined", "=utf-7", "*=nonsense''x", "=", "=a\x00b"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_coding_that_breaks_what_reads_it_is_refused_before(charset, method):
    asked = RequestFactory().generic(method, PAGE, QUERY_STRING="next=/x").environ
    told = []
    page = application(
        asked | {"CONTENT_TYPE": f"text/plain; charset{charset}"}, lambda line, _headers: told.append(line)
    )
    assert b"UTF-8" in b"".join(page)
    assert told == ["400 Bad Request"]


def test_it_bounds_the_query(client):
    assert client.get(PAGE, QUERY_STRING="q=" + "a" * 8190).status_code == 200
    assert refused(client.get(PAGE, QUERY_STRING="q=" + "a" * 8191), "longer than 8192")


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "anything"])
def test_it_refuses_a_cookie_with_a_nul(client, name):
    assert refused(client.get("/admin/", HTTP_COOKIE=rf'{name}="a\000b"'), "cookie")


@pytest.mark.parametrize("body", ["username=%00", "user%00name=x", "username=%ff", "username=%ED%A0%80"])
def test_it_refuses_a_form_that_is_no_text(client, body):
    assert refused(client.generic("POST", PAGE, body, content_type=FORM), "form", "not text")


def multipart(head, value=b"x"):
    return b"--B\r\nContent-Disposition: form-data; " + head + b"\r\n\r\n" + value + b"\r\n--B--\r\n"


@pytest.mark.parametrize(
    "body",
    [
        multipart(b'name="username"', b"a\x00b"),
        multipart(b'name="user\x00name"'),
    ],
)
def test_it_refuses_a_nul_in_a_multipart_form(client, body):
    assert refused(client.generic("POST", PAGE, body, content_type=MULTIPART), "form", "not text")


@pytest.mark.parametrize("charset", ["rot13", "utf-7", "unicode_escape", "nonsense"])
@pytest.mark.parametrize("kind", [FORM, MULTIPART])
def test_it_refuses_a_form_in_another_coding(client, kind, charset):
    body = multipart(b'name="username"')
    response = client.generic("POST", PAGE, body, content_type=f"{kind}; charset={charset}")
    assert refused(response, "UTF-8")


def test_it_lets_a_good_form_through(client):
    response = client.post(PAGE, {"username": "Zoë 😀", "password": "x\r\ny"})
    assert response.status_code == 200


def test_it_refuses_before_anyone_is_asked_who_they_are():
    outsider = Client(enforce_csrf_checks=True)
    assert outsider.generic("POST", PAGE, "username=x", content_type=FORM).status_code == 403
    assert refused(outsider.get("/admin/", QUERY_STRING="q=%00"))


def test_it_says_what_was_too_much(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    too_large = client.post(PAGE, {"username": "x" * 200})
    assert too_large.status_code == 413
    many = "a=1&b=2&c=3"
    assert refused(client.generic("POST", PAGE, many, content_type=FORM), "more fields")


@pytest.mark.parametrize(
    ("kind", "length", "status"),
    [
        (MULTIPART, 3 * 1024**2, 200),
        (MULTIPART, 3 * 1024**2 + 1, 413),
        (FORM, 1024**2 + 1, 413),
        ("text/plain", 1024**2 + 1, 413),
    ],
)
def test_it_refuses_unread_what_is_over_the_limit(client, settings, kind, length, status):
    settings.MAX_UPLOAD_BYTES, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2, 1024**2
    head = b'name="a"; filename="a.txt"'
    body = multipart(head, b"x" * (length - len(multipart(head, b""))))
    response = client.generic("POST", PAGE, body, content_type=kind)
    assert response.status_code == status
    assert (b"MB were sent" in response.content) is (status == 413)


def test_a_length_of_thousands_of_digits_is_only_too_much(client):
    response = client.generic("POST", PAGE, b"a=b", content_type=FORM, CONTENT_LENGTH="9" * 5000)
    assert response.status_code == 413


def test_it_refuses_a_form_that_does_not_say_how_long_it_is(client):
    response = client.generic("POST", PAGE, b"a=b", content_type=FORM, HTTP_TRANSFER_ENCODING="chunked")
    assert response.status_code == 413


def test_the_refusal_carries_the_security_headers(client):
    response = client.get(PAGE, QUERY_STRING="q=%00")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_refusal_does_not_repeat_what_was_sent(client):
    assert "evil" not in client.get("/", HTTP_HOST="evil.example").content.decode()

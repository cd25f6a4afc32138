from unittest.mock import patch

import pytest
from django.db import OperationalError, connection


@pytest.mark.django_db
def test_it_answers_ok_where_the_database_does(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]


def test_it_answers_503_without_a_word_of_the_error(client):
    with patch.object(connection, "cursor", side_effect=OperationalError("password of db.internal refused")):
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert b"internal" not in response.content


@pytest.mark.django_db
def test_it_answers_whatever_the_host_is_called(client, settings):
    settings.ALLOWED_HOSTS = ["claims.example.org"]
    for host in ("127.0.0.1:8000", "10.0.0.7", "claims.example.org", "no such name"):
        assert client.get("/healthz", HTTP_HOST=host).status_code == 200
    assert client.get("/admin/login/", HTTP_HOST="127.0.0.1:8000").status_code == 400


@pytest.mark.django_db
def test_it_is_only_read_and_has_the_headers_of_every_page(client):
    assert client.post("/healthz").status_code == 405
    assert client.get("/healthz/").status_code == 404
    response = client.get("/healthz")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_it_answers_without_tls_where_the_rest_of_the_site_does_not(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/admin/login/").status_code == 301

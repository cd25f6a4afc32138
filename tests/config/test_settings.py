"""The settings start with nothing set and refuse nonsense."""

import os
import runpy
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

SETTINGS = Path(__file__).resolve().parents[2] / "config" / "settings.py"
KEY = "k" * 10 + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH"


@pytest.fixture
def load(monkeypatch):
    """`load(DEBUG="on")` gives the settings of an environment where only that is set, and a key."""

    def load(**environment):
        for name in list(os.environ):
            monkeypatch.delenv(name)
        for name, value in ({"SECRET_KEY": KEY} | environment).items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return load


def test_it_starts_with_nothing_set_safely(load):
    settings = load()
    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert settings["DATABASES"]["default"]["ENGINE"] == "config.sqlite"
    assert settings["DEMO"] is True


def test_an_empty_variable_counts_as_unset(load):
    settings = load(DATABASE_URL="", DEBUG=" ", HOST="", ALLOWED_HOSTS=",")
    assert settings["DEBUG"] is False
    assert settings["HOST"] == "127.0.0.1"
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("HTTPS", "2"),
        ("BEHIND_PROXY", "nginx"),
        ("DEMO", "some"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "٨٠"),
        ("STATEMENT_TIMEOUT", "1.5"),
        ("ALLOWED_HOSTS", "a.example, *"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "django-insecure-" + KEY),
        ("SECRET_KEY", "a" * 60),
        ("DATABASE_URL", "mysql://hearsay@127.0.0.1/hearsay"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "postgres://hearsay@127.0.0.1:port/hearsay"),
    ],
)
def test_it_refuses_a_value_that_means_nothing(load, name, value):
    with pytest.raises(ImproperlyConfigured, match=name):
        load(**{name: value})


def test_a_refused_database_address_is_not_repeated(load):
    with pytest.raises(ImproperlyConfigured) as refused:
        load(DATABASE_URL="mysql://hearsay:open-sesame@127.0.0.1/hearsay")
    assert "sesame" not in str(refused.value)


@pytest.mark.parametrize("value", ["on", "ON", "true", "yes", "1"])
def test_debug_may_be_asked_for(load, value):
    assert load(DEBUG=value)["DEBUG"] is True


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "claims.example.org"])
def test_debug_is_refused_where_others_could_look(load, host):
    with pytest.raises(ImproperlyConfigured, match="DEBUG=on"):
        load(DEBUG="on", HOST=host, HTTPS="on", ALLOWED_HOSTS="claims.example.org")


@pytest.mark.parametrize(
    "public",
    [{"HTTPS": "on"}, {"HTTPS": "on", "ALLOWED_HOSTS": "localhost,claims.example.org"}],
)
def test_the_demo_is_for_this_machine_alone(load, public):
    assert load(**public)["DEMO"] is False
    with pytest.raises(ImproperlyConfigured, match="DEMO=on"):
        load(DEMO="on", **public)
    assert load(ALLOWED_HOSTS="localhost,[::1],127.0.0.1")["DEMO"] is True


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.2", "::1"])
def test_plain_http_is_fine_where_nobody_else_can_listen(load, host):
    assert load(HOST=host)["SESSION_COOKIE_SECURE"] is False


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "claims.example.org", "localhost.example.org"])
@pytest.mark.parametrize("https", ["", "off"])
def test_it_refuses_plain_http_anywhere_else(load, host, https):
    with pytest.raises(ImproperlyConfigured, match="HTTPS=on BEHIND_PROXY=on"):
        load(HOST=host, HTTPS=https, ALLOWED_HOSTS="claims.example.org")


@pytest.mark.parametrize("public", [{"BEHIND_PROXY": "on"}, {"ALLOWED_HOSTS": "localhost,claims.example.org"}])
def test_it_refuses_plain_http_where_a_proxy_brings_others(load, public):
    with pytest.raises(ImproperlyConfigured, match="HTTPS is off"):
        load(**public)
    assert load(HTTPS="on", **public)["SESSION_COOKIE_SECURE"] is True


def test_it_asks_for_names_where_it_listens_everywhere(load):
    with pytest.raises(ImproperlyConfigured, match="ALLOWED_HOSTS"):
        load(HOST="0.0.0.0", HTTPS="on")


def test_https_secures_cookies_and_redirects(load):
    settings = load(HOST="192.0.2.7", HTTPS="on")
    assert settings["ALLOWED_HOSTS"][-1] == "192.0.2.7"
    assert settings["SESSION_COOKIE_SECURE"] is settings["CSRF_COOKIE_SECURE"] is True
    assert settings["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert settings["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert settings["MESSAGES_COOKIE_NAME"].startswith("__Host-")
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SECURE_HSTS_SECONDS"] >= 31_536_000


def test_a_proxy_is_believed_only_when_asked(load):
    assert "SECURE_PROXY_SSL_HEADER" not in load(HTTPS="on")
    believed = load(HTTPS="on", BEHIND_PROXY="on")["SECURE_PROXY_SSL_HEADER"]
    assert believed == ("HTTP_X_FORWARDED_PROTO", "https")


def test_the_policy_has_no_unsafe_word(load):
    policy = load()["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert not [word for words in policy.values() for word in words if "unsafe" in word or "*" in word]

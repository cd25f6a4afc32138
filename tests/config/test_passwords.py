"""What a password may be: long rather than many-coloured."""

import time

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from tests import cast

PASSWORD = "correct horse battery"


@pytest.mark.parametrize(
    "password", ["plain words only", "aaaaaaaaaaab", "492039485720", "x" * 256, "Ω" * 64, "with a  gap inside"]
)
def test_it_takes_any_characters_up_to_256(password):
    validate_password(password)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("eleven char", "too short"),
        ("x" * 257, "too long. It may have at most 256"),
        ("x" * 1_000_000, "too long"),
        ("1qaz2wsx3edc", "too common"),
        ("QWERTYUIOP123", "too common"),
    ],
)
def test_it_refuses_what_is_short_endless_or_common(password, why):
    with pytest.raises(ValidationError, match=why):
        validate_password(password)


def test_it_says_so_beforehand():
    assert any("256" in text for text in password_validators_help_texts())


@pytest.mark.django_db
def test_a_password_of_a_megabyte_is_answered_at_once(client, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    client.force_login(cast.person("editor"))
    huge = "x" * 1_000_000
    begun = time.process_time()
    data = {"old_password": PASSWORD, "new_password1": huge, "new_password2": huge}
    page = client.post("/password/", data).content
    assert client.post("/login/", {"username": "nobody", "password": huge}).status_code in (200, 302)
    assert b"too long" in page
    assert len(page) < 100_000
    assert time.process_time() - begun < 10


@pytest.mark.django_db
def test_nothing_of_a_password_is_cut_off(client):
    editor = cast.person("editor")
    client.force_login(editor)
    long = "long " * 50 + "tail 1"
    data = {"old_password": PASSWORD, "new_password1": long, "new_password2": long}
    assert client.post("/password/", data).status_code == 302
    editor.refresh_from_db()
    assert editor.check_password(long)
    assert not editor.check_password(long[:-1])

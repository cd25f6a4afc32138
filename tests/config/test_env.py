import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


@pytest.fixture(autouse=True)
def no_key(monkeypatch):
    monkeypatch.delenv("SECRET_KEY")


def test_the_key_is_made_once_and_for_the_owner_only(tmp_path):
    path = tmp_path / "var" / "secret_key"
    key = env.secret_key(path, debug=False)
    assert len(key) >= 50
    assert env.secret_key(path, debug=False) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_of_two_that_start_at_once_both_get_the_first_key(tmp_path, monkeypatch):
    path = tmp_path / "secret_key"

    def random_key_while_another_starts():
        path.write_text("the other's key, as long as any that is made at random: 0123456789")
        return "mine"

    monkeypatch.setattr(env, "get_random_secret_key", random_key_while_another_starts)
    assert env.secret_key(path, debug=False) == "the other's key, as long as any that is made at random: 0123456789"


def test_a_kept_key_that_is_too_weak_is_refused(tmp_path):
    path = tmp_path / "secret_key"
    path.write_text("only for trying")
    with pytest.raises(ImproperlyConfigured, match=f"{path} is too weak to sign with: delete it"):
        env.secret_key(path, debug=False)


def test_a_folder_that_cannot_be_made_or_written_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "var", Path("/proc/self")):
        with pytest.raises(
            ImproperlyConfigured, match=rf"^Nothing can be written in {folder} \(.+\): make it a folder .+$"
        ):
            env.writable(folder)
        with pytest.raises(ImproperlyConfigured, match="Nothing can be written"):
            env.secret_key(folder / "secret_key", debug=False)


def test_a_folder_is_made_for_its_owner_and_left_empty(tmp_path):
    folder = env.writable(tmp_path / "new" / "var")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not list(folder.iterdir())


def test_a_key_that_cannot_be_read_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "secret_key").mkdir()
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        env.secret_key(tmp_path / "secret_key", debug=False)


def test_an_empty_key_file_is_refused(tmp_path):
    path = tmp_path / "secret_key"
    path.touch()
    with pytest.raises(ImproperlyConfigured, match="delete it"):
        env.secret_key(path, debug=False)


def test_a_file_that_is_not_there_is_made_for_its_owner(tmp_path):
    env.check_private(tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o644, 0o602, 0o666])
def test_a_file_that_everybody_may_read_is_refused_with_the_remedy(tmp_path, mode):
    (tmp_path / "file").touch()
    (tmp_path / "file").chmod(mode)
    tmp_path.chmod(0o755)
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        env.check_private(tmp_path / "file")
    tmp_path.chmod(0o700)
    env.check_private(tmp_path / "file")
    with pytest.raises(ImproperlyConfigured, match="cannot be opened"):
        env.check_private(tmp_path / "no folder" / "file")


@pytest.mark.parametrize(
    ("given", "hosts", "https", "expected"),
    [
        ("", ["localhost", "127.0.0.1"], False, "http://localhost:8000"),
        ("", ["claims.example.org"], True, "https://claims.example.org"),
        ("", [".example.org"], True, "https://example.org"),
        ("", ["*"], False, "http://localhost:8000"),
        ("https://claims.example.org/", ["localhost"], True, "https://claims.example.org"),
        ("http://10.0.0.7:81", ["localhost"], False, "http://10.0.0.7:81"),
    ],
)
def test_the_site_has_an_address_of_its_own(monkeypatch, given, hosts, https, expected):
    monkeypatch.setenv("SITE_URL", given)
    assert env.site_url(hosts, https=https, port=8000) == expected


@pytest.mark.parametrize(
    "given", ["claims.example.org", "ftp://x", "https://", "https://x/y", "https://a:b@x", "https://x?y"]
)
def test_an_address_that_is_none_is_refused(monkeypatch, given):
    monkeypatch.setenv("SITE_URL", given)
    with pytest.raises(ImproperlyConfigured, match="write the address of the site"):
        env.site_url(["localhost"], https=True, port=8000)


def test_mails_go_the_way_that_is_named(monkeypatch):
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    for given, expected in (
        ("", env.Mailer()),
        ("console:", env.Mailer("django.core.mail.backends.console.EmailBackend")),
        ("smtp://a%40b.org:p%2Fw@mail.org", env.Mailer(smtp, "mail.org", 587, "a@b.org", "p/w", tls=True)),
        ("smtps://mail.org:466", env.Mailer(smtp, "mail.org", 466, ssl=True)),
    ):
        monkeypatch.setenv("EMAIL_URL", given)
        assert env.mailer() == expected


@pytest.mark.parametrize(
    "given", ["mail.org", "smtp://", "http://mail.org", "smtp://u:secret@mail.org:port", "smtp://[x"]
)
def test_a_way_that_is_none_is_refused_without_telling_the_password(monkeypatch, given):
    monkeypatch.setenv("EMAIL_URL", given)
    with pytest.raises(ImproperlyConfigured, match="smtps://") as refused:
        env.mailer()
    assert "secret" not in str(refused.value)

import socket

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import databases, startup


@pytest.fixture
def taken():
    """A port at which somebody listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_free_port_is_fine_twice():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    startup.check_port("127.0.0.1", port)
    startup.check_port("127.0.0.1", port)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_it_names_another_port_where_one_is_in_use(taken, host):
    with pytest.raises(ImproperlyConfigured, match=f"^Port {taken} is in use; try make run PORT=") as refused:
        startup.check_port(host, taken)
    assert str(refused.value).endswith(f"={taken + 1 if taken < 65535 else taken - 1}.")


def test_it_says_where_nobody_can_listen():
    # An address for documentation, which no machine has.
    with pytest.raises(ImproperlyConfigured, match=r"^HOST=192\.0\.2\.1 PORT=8000: nobody can listen there \(.+\)\.$"):
        startup.check_port("192.0.2.1", 8000)


def test_it_ends_with_one_sentence(settings, tmp_path, taken):
    settings.VAR_DIR, settings.HOST, settings.PORT = tmp_path, "127.0.0.1", taken
    with pytest.raises(SystemExit, match=r"^Hearsay cannot start. Port \d+ is in use"):
        startup.main()
    settings.VAR_DIR = tmp_path / "file"
    settings.VAR_DIR.touch()
    with pytest.raises(SystemExit, match=r"^Hearsay cannot start. Nothing can be written in "):
        startup.main()


@pytest.fixture
def kept(settings, tmp_path, monkeypatch):
    """A folder that everybody may enter, with the key and the database of a site that starts."""
    monkeypatch.delenv("SECRET_KEY")
    settings.VAR_DIR = tmp_path
    tmp_path.chmod(0o755)
    startup.check_secrets(sqlite(tmp_path))
    return tmp_path


def sqlite(folder):
    return {"ENGINE": databases.SQLITE, "NAME": str(folder / "hearsay.sqlite3")}


@pytest.mark.parametrize("name", ["secret_key", "hearsay.sqlite3"])
def test_it_refuses_to_start_where_others_can_read_what_it_keeps(kept, settings, name):
    (kept / name).chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match=f"{name} can be read by everybody"):
        startup.check_secrets(sqlite(kept))
    settings.DEBUG = True
    startup.check_secrets(sqlite(kept))


@pytest.mark.parametrize("name", ["hearsay.sqlite3", "with space, 100%?#.sqlite3"])
def test_a_server_that_is_told_to_reload_asks_the_same_again(kept, name):
    served = sqlite(kept) | {"NAME": str(kept / name)}
    startup.check_secrets(served)
    databases.keep_to_existing(served)
    again = dict(served)
    startup.check_secrets(again)
    databases.keep_to_existing(again)
    assert again == served
    (kept / name).touch()
    (kept / name).chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match="can be read by everybody"):
        startup.check_secrets(again)


def test_what_is_not_in_files_is_not_looked_for(kept, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "given")
    for path in kept.iterdir():
        path.chmod(0o644)
    startup.check_secrets({"ENGINE": databases.POSTGRESQL})
    startup.check_secrets({"ENGINE": databases.SQLITE, "NAME": ":memory:"})


def test_it_says_where_the_site_is():
    said = startup.greeting("127.0.0.1:8000", https=False, behind_proxy=False)
    assert said == "Hearsay is at http://127.0.0.1:8000/ – Ctrl-C stops it."


def test_it_names_the_setting_without_which_https_never_shows_a_page():
    said = startup.greeting("0.0.0.0:8000", https=True, behind_proxy=False)
    assert "set BEHIND_PROXY=on" in said
    assert "BEHIND_PROXY" not in startup.greeting("0.0.0.0:8000", https=True, behind_proxy=True)

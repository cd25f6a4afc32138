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
        path.write_text("the other's key")
        return "mine"

    monkeypatch.setattr(env, "get_random_secret_key", random_key_while_another_starts)
    assert env.secret_key(path, debug=False) == "the other's key"


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

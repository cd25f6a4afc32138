"""`make` is the first thing a newcomer types."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def make(*arguments):
    # As in a shell: neither with the settings of the tests, nor as part of the `make test` that runs them.
    inherited = {"DJANGO_SETTINGS_MODULE", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    shell = {name: value for name, value in os.environ.items() if name not in inherited}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=shell, capture_output=True, text=True, timeout=60)


def test_without_a_word_it_lists_what_there_is():
    listed = make().stdout
    for target in ("run", "test", "coverage", "check", "soak", "format", "requirements", "dev", "clean", "help"):
        assert f"  make {target} " in listed


def test_a_python_too_old_is_told_so(tmp_path):
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    made = make("--always-make", "--makefile", str(ROOT / "Makefile"), ".venv/python.stamp", f"PYTHON={old}")
    assert made.returncode
    assert "needs Python 3.11 or newer" in made.stderr


def test_a_port_in_use_is_told_at_once_and_before_anything_is_changed():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        nowhere = "sqlite:////nowhere/hearsay.sqlite3"  # whatever opens it fails in another way
        made = make("--old-file=.venv/run.stamp", "run", f"PORT={port}", f"DATABASE_URL={nowhere}")
    assert made.returncode
    said, makes_own = made.stderr.splitlines()
    assert said == f"Hearsay cannot start. Port {port} is in use; try make run PORT={port + 1}."
    assert makes_own.startswith("make: ")
    assert made.stdout == ""


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_names_no_index(file):
    lines = (ROOT / file).read_text().splitlines()
    assert lines
    assert all("==" in line and "://" not in line and not line.startswith("-") for line in lines)


def test_developers_get_the_very_versions_that_run():
    def pins(file):
        return {line.split(" ;")[0] for line in (ROOT / file).read_text().splitlines()}

    assert pins("requirements.txt") <= pins("requirements-dev.txt")

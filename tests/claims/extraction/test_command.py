"""``python -m claims.extraction``: an article in, one JSON object a line out."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

ARTICLE = "🌉 “We’ll rebuild it,” Ana Duarte told CNN, “by spring.”\r\n\r\nDuarte said that it was late.\n"


def asked(article: bytes, *words: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "claims.extraction", *words]
    around = {**os.environ, **environment}
    return subprocess.run(command, input=article, capture_output=True, cwd=ROOT, env=around, timeout=60, check=False)


def test_each_line_is_a_statement_with_its_place_and_chain():
    done = asked(ARTICLE.encode(), LC_ALL="C", PYTHONIOENCODING="ascii")

    first, second = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert first["text"] == ARTICLE[first["start"] : first["end"]]
    assert [ARTICLE[start:end] for start, end in first["spans"]] == ["We’ll rebuild it", "by spring."]
    assert (first["kind"], first["speaker"], first["speaker_name"]) == ("direct", "Ana Duarte", "Ana Duarte")
    assert [(hop["source"], hop["kind"]) for hop in first["chain"]] == [("Ana Duarte", "direct"), ("CNN", "indirect")]
    assert first["cue"] == "told CNN"
    assert 0 < first["confidence"] <= 1
    assert (second["speaker"], second["speaker_name"], second["kind"]) == ("Duarte", "Ana Duarte", "indirect")


def test_places_are_those_of_the_text_as_it_came():
    article = "\ufeff" + ARTICLE

    done = asked(article.encode())

    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [row["text"] for row in rows] == [article[row["start"] : row["end"]] for row in rows]


def test_nothing_in_gives_nothing_out():
    done = asked(b"")

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_another_coding_is_refused_in_one_line():
    done = asked("Señora Duarte said that it was late.".encode("latin-1"))

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"UTF-8" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_it_says_what_it_reads_and_prints():
    done = asked(b"", "--help")

    assert done.returncode == 0
    assert b"JSON" in done.stdout

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from articles.importers import FORMATS
from articles.management.commands.import_articles import Command
from articles.models import Article, ImportRun
from tests.articles.samples import TEN_ITEMS


@pytest.fixture
def digest(tmp_path: Path) -> Path:
    file = tmp_path / "digest.txt"
    file.write_bytes(TEN_ITEMS)
    return file


def import_articles(file: Path, *options: str) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("import_articles", str(file), *(options or ("--format=digest", "--publisher=Digest")), stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_it_reports_and_can_be_run_twice(digest: Path) -> None:
    assert import_articles(digest) == "created 10 · updated 0 · unchanged 0 · rejected 0\n"
    assert import_articles(digest) == "created 0 · updated 0 · unchanged 10 · rejected 0\n"
    assert [run.file_name for run in ImportRun.objects.all()] == ["digest.txt", "digest.txt"]


@pytest.mark.django_db
def test_it_reports_what_it_could_not_take(digest: Path) -> None:
    digest.write_bytes(TEN_ITEMS + b"Keep reading\nNo body\n")
    assert import_articles(digest).startswith("created 10 · updated 0 · unchanged 0 · rejected 1 (line ")
    assert ImportRun.objects.get().problems.get().reason == "no body"


@pytest.mark.django_db
def test_it_takes_all_options(digest: Path) -> None:
    digest.write_bytes(b"A headline\nA text.")
    options = ["--format=text", "--publisher=Digest", "--published=1990", "--language=pt-BR", "--kind=opinion"]
    import_articles(digest, *options)
    article = Article.objects.get()
    assert (article.published_label, article.language, article.kind) == ("1990", "pt-BR", "opinion")
    assert str(article.publisher) == "Digest"


@pytest.mark.django_db
def test_it_knows_nothing_that_it_was_not_told(digest: Path) -> None:
    import_articles(digest)
    assert set(Article.objects.values_list("published_at", "language", "kind")) == {(None, "en", "excerpt")}


@pytest.mark.django_db
def test_it_fails_where_nothing_could_be_taken_and_keeps_the_problems(digest: Path) -> None:
    digest.write_bytes(b"No body")
    with pytest.raises(CommandError, match=r"^Nothing could be taken: .* rejected 1 \(line 1: no body\)$"):
        import_articles(digest)
    assert ImportRun.objects.get().problems.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--published=2025-13"], "--published: “2025-13” is not in the calendar."),
        (["--published=soon"], "--published: “soon” is no date: write 2025-12-02, 2025-12 or 2025."),
        (["--language=English!"], "--language: Give a language tag such as “en” or “pt-BR”."),
        (["--publisher="], "--publisher: This field cannot be blank."),
        (["--kind=rumour"], "Error: argument --kind: invalid choice: 'rumour'"),
        (["--format=csv"], "Error: argument --format: invalid choice: 'csv'"),
    ],
)
def test_it_refuses_a_bad_option(digest: Path, options: list[str], message: str) -> None:
    with pytest.raises(CommandError) as refused:
        import_articles(digest, "--format=digest", "--publisher=Digest", *options)
    assert str(refused.value).startswith(message)
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("options", [["--format=digest"], ["--publisher=Digest"]])
def test_it_asks_for_format_and_publisher(digest: Path, options: list[str]) -> None:
    with pytest.raises(CommandError, match="the following arguments are required"):
        import_articles(digest, *options)


@pytest.mark.django_db
@pytest.mark.parametrize("data", [b"", b"\n\nKeep reading\n"])
def test_it_refuses_a_blank_file(digest: Path, data: bytes) -> None:
    digest.write_bytes(data)
    with pytest.raises(CommandError, match=r"^The file holds no article: it is blank\.$"):
        import_articles(digest)
    assert not ImportRun.objects.exists()


def test_it_refuses_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.txt cannot be read: No such file or directory\.$"):
        import_articles(tmp_path / "none.txt")


@pytest.mark.parametrize("file", [Path("/dev/zero"), Path("/")])
def test_it_refuses_what_is_no_file(file: Path) -> None:
    with pytest.raises(CommandError, match=f"^{file} is not a file\\.$"):
        import_articles(file)


def test_it_does_not_read_a_file_that_is_too_large(tmp_path: Path) -> None:
    file = tmp_path / "large.txt"
    with file.open("wb") as large:
        large.truncate(settings.MAX_UPLOAD_BYTES + 1)
    with pytest.raises(CommandError, match=r"large\.txt is larger than 20 MB\.$"):
        import_articles(file)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stderr", "options", "shows"),
    [(Terminal(), [], True), (Terminal(), ["--verbosity=0"], False), (io.StringIO(), [], False)],
)
def test_it_shows_a_progress_bar_on_a_terminal_only(
    digest: Path, stderr: io.StringIO, options: list[str], shows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stderr)
    import_articles(digest, "--format=digest", "--publisher=Digest", *options)
    assert ("10 items" in stderr.getvalue()) == shows
    assert bool(stderr.getvalue()) == shows


def test_it_offers_every_format() -> None:
    parser: Any = Command().create_parser("manage.py", "import_articles")
    assert parser.parse_args(["x", "--publisher=y", "--format=text"]).format == "text"
    (choices,) = [action.choices for action in parser._actions if action.dest == "format"]
    assert choices == list(FORMATS)

"""The page of an import run at the desk: which articles came of it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import admin
from articles.models import ArticleVersion, ImportRun
from tests import cast
from tests.desk import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(client: Client) -> ImportRun:
    client.force_login(User.objects.create_superuser("root"))
    return ImportRun.objects.create(format="digest", file_name="a.txt", sha256="0" * 64)


def imported(run: ImportRun, headline: str) -> str:
    article = cast.article(f"{headline}\nx")
    ArticleVersion.objects.filter(article=article).update(import_run=run)
    return address(article)


def test_it_links_the_articles_that_it_made(client: Client, run: ImportRun) -> None:
    links = [imported(run, "One"), imported(run, "Two")]
    noise = address(cast.article("Noise\nx"))
    page = client.get(address(run)).content.decode()
    assert [link in page for link in [*links, noise]] == [True, True, False]


def test_it_links_the_first_of_many_and_counts_all(
    client: Client, run: ImportRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin, "ARTICLES_SHOWN", 2)
    links = [imported(run, f"Article {at}") for at in range(3)]
    page = client.get(address(run)).content.decode()
    assert [link in page for link in links] == [True, True, False]
    assert "3, the first 2 of them:" in page


def test_it_says_that_there_are_none(client: Client, run: ImportRun) -> None:
    assert '<div class="readonly">none</div>' in client.get(address(run)).content.decode()

"""``manage.py suggest_statements``, and the same from the list of articles."""

import logging

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article, ArticleVersion
from claims import extraction
from claims.admin import suggesting
from claims.models import Look, Statement
from claims.provenance import drift
from claims.suggesting import looking
from tests import cast
from tests.claims.quotations import quotation
from tests.claims.test_admin_bulk import post
from tests.desk import messages

pytestmark = pytest.mark.django_db

TEXT = "Harbour to close\nThe harbour will close, Ana Duarte said."
CLOSE = "The harbour will close"


@pytest.fixture(autouse=True)
def read(monkeypatch):
    """Extraction that knows one sentence. Returns the texts that it was given."""
    given = []

    def extract(text):
        given.append(text)
        if "BROKEN" in text:
            raise ZeroDivisionError("no such thing")
        return [quotation(text, CLOSE, "Ana Duarte")] if CLOSE in text else []

    monkeypatch.setattr(extraction, "extract", extract)
    return given


def run(capsys, *args):
    """What the command prints, and what it complains of."""
    call_command("suggest_statements", *args)
    printed = capsys.readouterr()
    return printed.out.splitlines(), [line for line in printed.err.splitlines() if " INFO " not in line]


def another_text(article, text):
    ArticleVersion.next_for(article, headline=text.split("\n", 1)[0], text=text).save()


NOTHING = "suggested 0 · waiting 0 · known 0 · withdrawn 0"
ONE = "suggested 1 · waiting 0 · known 0 · withdrawn 0"


class TestCommand:
    def test_it_looks_at_what_it_has_not_looked_at_and_says_what_came_of_it(self, capsys):
        first, second = cast.article(TEXT), cast.article("Mill reopens\nForty people work there.")
        assert run(capsys) == (
            [f"{first.pk} “Harbour to close”: {ONE}", f"{second.pk} “Mill reopens”: {NOTHING}", f"articles: 2 · {ONE}"],
            [],
        )
        assert Statement.objects.get().version.article == first
        assert list(drift()) == []

    def test_run_again_it_finds_nothing_to_do(self, capsys, read):
        cast.article(TEXT), cast.article("Mill reopens\nForty people work there.")
        run(capsys)
        assert run(capsys) == ([f"articles: 0 · {NOTHING}"], [])
        assert len(read) == 2

    def test_a_new_text_and_a_new_method_are_looked_at(self, capsys, read, monkeypatch):
        article = cast.article("Harbour\nNothing yet.")
        run(capsys)
        another_text(article, TEXT)
        assert run(capsys)[0][-1] == f"articles: 1 · {ONE}"
        assert read == ["Harbour\nNothing yet.", TEXT]
        monkeypatch.setattr(looking, "METHOD", "rules-2")
        assert run(capsys)[0][-1] == "articles: 1 · suggested 0 · waiting 1 · known 0 · withdrawn 0"

    def test_all_looks_at_every_newest_text_again(self, capsys, read):
        article = cast.article("Harbour\nNothing yet.")
        another_text(article, TEXT)
        for said in (ONE, "suggested 0 · waiting 1 · known 0 · withdrawn 0"):
            assert run(capsys, "--all")[0][-1] == f"articles: 1 · {said}"
        assert read == [TEXT, TEXT]
        assert Look.objects.count() == 1

    @pytest.mark.parametrize("by", ["pk", "identifier"])
    def test_one_article_by_number_or_identifier(self, capsys, read, by):
        article = cast.article(TEXT)
        cast.article("Mill reopens\nForty people work there.")
        for _ in range(2):
            run(capsys, "--article", str(getattr(article, by)))
        assert read == [TEXT, TEXT]

    @pytest.mark.parametrize(
        ("which", "said"),
        [
            ("999999", "There is no article “999999”."),
            ("https://nowhere.example", "There is no article “https://nowhere.example”."),
            ("urn:de", "Article “urn:de” is in “de”, not in English."),
            ("urn:empty", "Article “urn:empty” has no text."),
            ("9" * 30, f"There is no article “{'9' * 30}”."),
        ],
    )
    def test_an_article_that_cannot_be_looked_at(self, capsys, read, which, said):
        cast.article(TEXT, identifier="urn:de", language="de")
        Article.objects.create(identifier="urn:empty")
        with pytest.raises(CommandError, match=said):
            run(capsys, "--article", which)
        assert read == []

    def test_only_english_is_read(self, capsys, read):
        cast.article(TEXT, language="de"), cast.article(TEXT, language="enm"), cast.article(TEXT, language="en-GB")
        run(capsys, "--all")
        assert len(read) == 1

    def test_one_that_fails_says_so_and_the_others_go_on(self, capsys, caplog):
        broken, whole = cast.article("Bad\nBROKEN " + TEXT), cast.article(TEXT)
        with caplog.at_level(logging.ERROR), pytest.raises(CommandError, match=r"1 of 2 article\(s\) failed") as failed:
            call_command("suggest_statements")
        assert failed.value.returncode == 1
        printed = capsys.readouterr()
        assert f"{broken.pk} “Bad”: failed: ZeroDivisionError: no such thing" in printed.err
        assert f"{whole.pk} “Harbour to close”: {ONE}" in printed.out
        assert "no such thing" in caplog.text
        # It is looked at again the next time.
        assert Look.objects.get().version.article == whole
        assert list(looking.not_looked_at()) == [broken.latest_version]

    def test_it_takes_either_articles_or_all(self):
        with pytest.raises(CommandError):
            call_command("suggest_statements", "--all", "--article", "1")


class TestAction:
    def test_it_suggests_for_the_chosen_articles(self, client, editor):
        article, other = cast.article(TEXT), cast.article(TEXT)
        response = post(client, Article, "suggest_statements", [article], "")
        assert messages(response) == [f"Articles looked at: 1 · {ONE}."]
        row = Statement.objects.get()
        assert (row.version.article, row.created_by) == (article, editor)
        assert other.latest_version in looking.not_looked_at()

    def test_it_looks_again_and_doubles_nothing(self, client, editor):
        article = cast.article(TEXT)
        for _ in range(2):
            post(client, Article, "suggest_statements", [article], "")
        assert Statement.objects.count() == 1

    def test_it_says_what_it_could_not_read(self, client, editor):
        rows = [cast.article(TEXT, language="de"), cast.article("Bad\nBROKEN")]
        assert messages(post(client, Article, "suggest_statements", rows, "")) == [
            f"Articles looked at: 1 · {NOTHING}. 1 have no text in English.",
            "“Bad” failed: ZeroDivisionError: no such thing. The log says more.",
        ]

    @pytest.mark.parametrize(("name", "most"), [("MAX_ARTICLES", 2), ("MAX_CHARS", 100)])
    def test_too_much_at_once_is_refused_and_nothing_done(self, client, editor, monkeypatch, read, name, most):
        monkeypatch.setattr(suggesting, name, most)
        rows = [cast.article(TEXT) for _ in range(3)]
        (said,) = messages(post(client, Article, "suggest_statements", rows, ""))
        assert said.startswith(f"3 articles with {3 * len(TEXT)} characters are chosen. Nothing was done: choose up to")
        assert "manage.py suggest_statements" in said
        assert read == []
        assert not Look.objects.exists()

    def test_who_may_not_add_statements_is_not_offered_it(self, client):
        reader = cast.person("clerk")
        reader.is_staff = True
        reader.save()
        reader.groups.add(cast.role("reader"))
        client.force_login(reader)
        article = cast.article(TEXT)
        assert (
            'value="suggest_statements"'
            not in post(client, Article, "suggest_statements", [article], "").content.decode()
        )
        assert not Statement.objects.exists()

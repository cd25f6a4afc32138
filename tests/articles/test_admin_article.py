"""The evidence at the desk: captured text is never edited, and what is read off it stays right."""

import pytest

from articles.models import Article, ArticleVersion, ImportProblem, ImportRun, Publisher
from articles.models.fields import NO_IDENTIFIER
from tests import cast
from tests.desk import add_row, address, errors, fill, save, shown

pytestmark = pytest.mark.django_db


def test_it_adds_an_article_with_its_first_text(client, editor):
    url = address(Article, "add")
    typed = {
        "identifier": "https://news.example.org/one",
        "versions-2-0-text": "  Minister speaks\r\n\r\nShe said\u00a0“no”.\r\n",
    }
    assert client.post(url, fill(shown(client, url), typed)).status_code == 302
    version = ArticleVersion.objects.get()
    assert (version.number, version.headline, version.created_by) == (1, "Minister speaks", editor)
    assert version.text == "Minister speaks\n\nShe said “no”."
    assert version.article.created_by == editor


@pytest.mark.parametrize("identifier", ["javascript:alert(1)", "ftp://example.org/", "just words"])
def test_it_refuses_an_identifier_that_is_no_address(client, editor, identifier):
    article = cast.article()
    assert errors(save(client, address(article), identifier=identifier)) == {"identifier": [NO_IDENTIFIER]}


def test_a_new_text_is_the_next_version_and_the_old_one_stays(client, editor):
    article = cast.article("Headline\nFirst text.")
    fields = add_row(shown(client, address(article)), "versions-2", text="New headline\nSecond text.")
    assert client.post(address(article), fill(fields, {})).status_code == 302
    assert list(article.versions.values_list("number", "headline", "text")) == [
        (1, "Headline", "Headline\nFirst text."),
        (2, "New headline", "New headline\nSecond text."),
    ]


def test_a_first_line_too_long_for_a_headline_is_refused(client, editor):
    article = cast.article()
    fields = add_row(shown(client, address(article)), "versions-2", text="x" * 301)
    found = errors(client.post(address(article), fill(fields, {})))
    assert "The first line is the headline" in found["versions-2-0-text"][0]


def test_captured_text_is_never_edited(client, editor):
    article = cast.article("Headline\nFirst text.")
    version = article.latest_version
    forged = shown(client, address(article)) | {
        "versions-TOTAL_FORMS": 1,
        "versions-INITIAL_FORMS": 1,
        "versions-0-id": version.pk,
        "versions-0-article": article.pk,
        "versions-0-text": "Forged",
        "versions-0-headline": "Forged",
    }
    client.post(address(article), fill(forged, {}))
    forged |= {name.replace("versions-", "versions-2-"): value for name, value in forged.items()}
    client.post(address(article), fill(forged, {}))
    assert client.post(address(version), {"text": "Forged"}).status_code == 403
    assert list(article.versions.values_list("text", flat=True)) == ["Headline\nFirst text."]


def test_the_list_of_versions_does_not_load_their_texts(client, editor):
    cast.article("Headline\nA sentence that is in the text alone.")
    article = Article.objects.get()
    assert "in the text alone" not in client.get(address(article)).content.decode()
    assert "in the text alone" in client.get(address(article.latest_version)).content.decode()


def test_a_changed_date_reaches_the_claim(client, editor):
    claim, article = cast.claim(), cast.article()
    cast.statement(article, claim=claim)
    save(client, address(article), published_at="2020-01-01T00:00:00")
    claim.refresh_from_db()
    assert str(claim.first_said) == "by 1 Jan 2020"


def test_a_changed_publisher_reaches_the_claim(client, editor):
    """A paper that passes on what a ministry says is no voice of its own; the ministry's own press page is."""
    claim, article = cast.claim(), cast.article(publisher="The Herald")
    cast.statement(article, claim=claim, chain=[cast.outlet("The Ministry")])
    save(client, address(article), publisher=Publisher.objects.get(name="The Ministry").pk)
    article.refresh_from_db()
    claim.refresh_from_db()
    assert (article.publisher.name, claim.independent_sources) == ("The Ministry", 1)


def test_a_loop_of_reprints_is_refused(client, editor):
    original = cast.article("Original\nx")
    reprint = cast.article("Reprint\nx", republishes=original)
    assert list(errors(save(client, address(original), republishes=reprint.pk))) == ["republishes"]


def test_what_an_import_left_over_can_only_be_looked_at(client, editor):
    run = ImportRun.objects.create(format="digest", file_name="a.txt", sha256="0" * 64, rejected=1)
    problem = ImportProblem.objects.create(run=run, line=7, reason="no body", raw="<b>Only a headline</b>")
    page = client.get(address(problem)).content.decode()
    assert "&lt;b&gt;Only a headline&lt;/b&gt;" in page
    assert "no body" in client.get(address(run)).content.decode()
    for row in (run, problem):
        assert client.post(address(row), {"reason": "forged"}).status_code == 403
        assert client.post(address(type(row), "add"), {}).status_code == 403


def test_the_page_of_a_run_offers_the_upload_to_leads_alone(client):
    for name, offered in (("editor", False), ("lead", True)):
        client.force_login(cast.person(name))
        page = client.get(address(ImportRun, "changelist")).content.decode()
        assert ("upload/" in page) is offered

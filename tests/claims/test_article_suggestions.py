"""Suggested statements on the page of their article, and asking for them there."""

import pytest

from articles.models import ArticleVersion
from claims import extraction
from claims.models import Look, Statement
from tests import cast, desk
from tests.claims.offers import CLOSE, TEXT, harbour
from tests.claims.pages import read, words
from tests.claims.quotations import quotation

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    return harbour()


@pytest.fixture
def article(waiting):
    return waiting[0].version.article


def test_they_stand_in_the_text_and_can_be_decided_on(client, editor, article, waiting):
    html = read(client, article)
    first, second, *_ = waiting
    assert f'class="said suggested" data-of="{first.pk}">{CLOSE}</mark>' in html
    assert f'action="/queue/suggestions/{first.pk}/accept/"' in html
    assert f'name="back" value="/articles/{article.pk}/#s{second.pk}"' in html
    assert f"/queue/suggestions/{first.pk}/reject/?back=" in html
    said = words(html)
    assert "“Foreign Minister Ana Duarte” new source “Ana Duarte” (person, Foreign Minister)" in said
    assert "Suggestions to decide: 4" in said
    assert f'href="/queue/suggestions/?article={article.pk}"' in html
    assert html.count('<script src="/static/hearsay/suggestions') == 1


def test_accepting_leads_back_to_the_article(client, editor, article, waiting):
    first, second, *_ = waiting
    back = f"/articles/{article.pk}/#s{second.pk}"
    response = client.post(f"/queue/suggestions/{first.pk}/accept/", {"lock": first.lock, "back": back})
    assert response.headers["Location"] == back
    assert "Suggestions to decide: 3" in words(read(client, article))


def test_the_public_never_sees_them(client, article):
    cast.statement(article, "Merz called it", claim=cast.claim(published=True))
    html = read(client, article)
    for hidden in (CLOSE, "suggest", "Ana Duarte", "One Baltic diplomat", "data-of"):
        assert hidden not in html, hidden


def test_who_may_not_decide_sees_that_they_wait(client, article, waiting):
    client.force_login(cast.person("reader"))
    html = read(client, article)
    assert 'class="state open">suggested' in html
    for hidden in ("/queue/suggestions/", "data-of", "suggestions.js", "Suggest statements"):
        assert hidden not in html, hidden


def test_what_was_decided_on_offers_nothing_more(client, editor):
    article = cast.article()
    cast.statement(article)
    html = read(client, article)
    assert "data-of" not in html
    assert "suggestions.js" not in html


def test_its_queries_do_not_grow_with_the_suggestions(client, editor, waiting, django_assert_num_queries):
    # session, user, powers · article, publisher · versions, text · statements, hops · appearances, notes · related
    # · sources that may be meant
    article = waiting[0].version.article
    Statement.objects.exclude(pk=waiting[0].pk).change(state="rejected")
    client.get(article.get_absolute_url())
    with django_assert_num_queries(12) as few:
        client.get(article.get_absolute_url())
    Statement.objects.change(state="suggested")
    with django_assert_num_queries(len(few)):
        client.get(article.get_absolute_url())


# Asking for them


@pytest.fixture
def found(monkeypatch):
    """What extraction finds in the text."""
    monkeypatch.setattr(extraction, "extract", lambda text: [quotation(text, CLOSE, "Ana Duarte")])


def press(client, article):
    return client.post(f"/articles/{article.pk}/suggest/", follow=True)


@pytest.mark.usefixtures("found")
def test_where_nobody_looked_yet_a_button_does(client, editor):
    article = cast.article(TEXT)
    assert "Suggest statements" in read(client, article)
    response = press(client, article)
    assert desk.messages(response) == [
        "The text was looked at for statements: suggested 1 · waiting 0 · known 0 · withdrawn 0."
    ]
    assert "Suggestions to decide: 1" in words(response.content.decode())
    assert Statement.objects.get().created_by == editor


def test_where_nothing_was_found_it_is_not_offered_again(client, editor, monkeypatch):
    monkeypatch.setattr(extraction, "extract", lambda text: [])
    article = cast.article(TEXT)
    press(client, article)
    assert Look.objects.filter(version__article=article).exists()
    assert "Suggest statements" not in read(client, article)


@pytest.mark.usefixtures("found")
def test_an_older_text_and_another_language_are_not_offered(client, editor):
    german = cast.article("Kopf\nText", language="de")
    article = cast.article(TEXT)
    ArticleVersion.objects.create(article=article, number=2, headline="New", text="New\nwords")
    assert "Suggest statements" not in read(client, german)
    assert "Suggest statements" not in read(client, article, version=1)
    assert "only texts in English" in desk.messages(press(client, german))[0]


def test_a_failure_is_told(client, editor, monkeypatch):
    def fail(text):
        raise ValueError("no such luck")

    monkeypatch.setattr(extraction, "extract", fail)
    article = cast.article(TEXT)
    [message] = desk.messages(press(client, article))
    assert message == "Nothing was suggested: ValueError: no such luck. The log says more."


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize(("name", "status"), [("reader", 403), ("outsider", 403), ("editor", 302)])
def test_it_takes_the_power_to_add_statements(client, name, status):
    article = cast.article(TEXT)
    client.force_login(cast.person(name))
    assert client.post(f"/articles/{article.pk}/suggest/").status_code == status
    assert Statement.objects.exists() is (status == 302)

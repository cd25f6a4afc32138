"""What the entries of articles tell of claims: which the public sees, and which hold statements."""

import pytest
from django.contrib.auth.models import AnonymousUser

from articles.models import Article, ArticleEntry, ArticleVersion
from claims.models import Claim
from claims.provenance import drift, refresh, refresh_all
from claims.search.articles import SHOWN, TOLD
from claims.search.terms import PUBLIC
from claims.visibility import visible_articles
from tests import cast

pytestmark = pytest.mark.django_db


def marks(article) -> set[str]:
    return {PUBLIC, SHOWN, TOLD} & set(ArticleEntry.objects.get(article=article).terms.split())


@pytest.fixture
def said():
    """A confirmed statement in a published claim."""
    cast.statement(cast.article(publisher="Noise"), chain=["X"])
    return cast.statement(chain=["X"], claim=cast.claim(published=True))


def test_an_article_is_public_by_a_statement_in_a_published_claim(said):
    assert marks(said.version.article) == {PUBLIC, SHOWN, TOLD}
    assert marks(Article.objects.get(publisher__name="Noise")) == {TOLD}
    assert marks(cast.article()) == set()


@pytest.mark.parametrize("how", ["withdrawn statement", "withdrawn claim", "withdrawn link", "draft", "rejected"])
def test_it_is_no_longer_so_where_nothing_shows_it(said, how):
    claim, link = Claim.objects.get(), said.appearances.get()
    if how == "draft":
        Claim.objects.update(published_at=None, status="new")
    elif how == "rejected":
        type(said).objects.filter(pk=said.pk).update(state="rejected")
    else:
        {"withdrawn statement": said, "withdrawn claim": claim, "withdrawn link": link}[how].withdraw(
            by=None, reason="x"
        )
    refresh(statements=[said.pk], claims=[claim.pk])
    assert marks(said.version.article) == (set() if how in ("withdrawn statement", "rejected") else {TOLD})


def test_what_it_republishes_is_public_for_four_steps():
    trail = [cast.article()]
    for _ in range(5):
        trail.append(cast.article(republishes=trail[-1]))
    cast.statement(trail[-1], chain=["X"], claim=cast.claim(published=True))
    assert [PUBLIC in marks(article) for article in trail] == [False, True, True, True, True, True]
    assert marks(trail[-2]) == {PUBLIC}
    assert set(visible_articles(AnonymousUser())) == set(trail[1:])


def test_a_new_text_keeps_them(said):
    article = said.version.article
    ArticleVersion.next_for(article, headline="Renamed", text="Renamed\nText.").save()
    refresh(articles=[article.pk])
    assert marks(article) == {PUBLIC, SHOWN, TOLD}
    assert ArticleEntry.objects.get(article=article).title.startswith("renamed")


def test_what_is_wrong_is_told_and_mended(said):
    article = said.version.article
    ArticleEntry.objects.filter(article=article).update(terms="x0all x0public")
    assert [str(each) for each in drift()] == [f"article {article.pk}: its entry in the lists is wrong in terms"]
    assert refresh_all() == 1
    assert marks(article) == {PUBLIC, SHOWN, TOLD}
    assert list(drift()) == []

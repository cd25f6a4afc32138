"""What of the evidence a viewer may see. Judgement says so itself, in ``visible_to`` of each QuerySet;
evidence knows nothing of claims, so its half of the rule stands here.

For the public: what a visible statement leads to. A role sees all.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import Article, ArticleVersion, Publisher
from claims.models import Review, Source, Statement, sees_desk
from claims.models.term import is_public_in
from claims.search.terms import Facet


def visible_versions(user: Any) -> QuerySet[ArticleVersion]:
    """The captured texts that hold a visible statement."""
    if sees_desk(user):
        return ArticleVersion.objects.all()
    return ArticleVersion.objects.filter(Exists(Statement.objects.visible_to(user).filter(version=OuterRef("pk"))))


TRAIL_STEPS = 4
"""How far the public may follow what an article republishes: a reprint of an excerpt of a wire report."""


def visible_articles(user: Any) -> QuerySet[Article]:
    """The articles that hold a visible statement, what those republish, and so on for four steps. For a few rows:
    the list of articles asks the index."""
    if sees_desk(user):
        return Article.objects.all()
    quoted = Exists(Statement.objects.visible_to(user).filter(version__article=OuterRef("pk")))
    reached, step = Q(quoted), "republishes"
    for _ in range(TRAIL_STEPS):
        reached |= Q(Exists(Article.objects.filter(quoted, **{step: OuterRef("pk")})))
        step += "__republishes"
    return Article.objects.filter(reached)


def visible_publishers(user: Any) -> QuerySet[Publisher]:
    """The publishers of visible articles, those that are visible sources, and the reviewers on view; without those
    that were merged into others."""
    standing = Publisher.objects.filter(merged_into=None)
    if sees_desk(user):
        return standing
    return standing.filter(
        Q(is_public_in(Facet.PUBLISHER))
        | Exists(Source.objects.visible_to(user).filter(publisher=OuterRef("pk")))
        | Exists(Review.objects.visible_to(user).filter(reviewer=OuterRef("pk")))
    )


def may_read_whole_text(user: Any, article: Article) -> bool:
    """Whether ``user`` may read all of the text of ``article``; others read the passages that visible
    statements quote. Says nothing of whether they may open the article: ask ``visible_articles``."""
    return article.text_public or sees_desk(user)

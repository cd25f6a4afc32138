"""What of the evidence a viewer may see. Judgement says so itself, in ``visible_to`` of each QuerySet;
evidence knows nothing of claims, so its half of the rule stands here.

For the public: what a visible statement leads to. A role sees all.
"""

from typing import Any

from django.db.models import Q, QuerySet

from articles.models import Article, ArticleVersion, Publisher
from claims.models import Review, Source, Statement, sees_desk


def visible_versions(user: Any) -> QuerySet[ArticleVersion]:
    """The captured texts that hold a visible statement."""
    if sees_desk(user):
        return ArticleVersion.objects.all()
    return ArticleVersion.objects.filter(pk__in=Statement.objects.visible_to(user).values("version"))


TRAIL_STEPS = 4
"""How far the public may follow what an article republishes: a reprint of an excerpt of a wire report."""


def visible_articles(user: Any) -> QuerySet[Article]:
    """The articles that hold a visible statement, what those republish, and so on for four steps."""
    if sees_desk(user):
        return Article.objects.all()
    quoted = visible_versions(user).values("article")
    reached, step = Q(pk__in=quoted), "republishes"
    for _ in range(TRAIL_STEPS):
        carriers = Article.objects.filter(pk__in=quoted, **{f"{step}__isnull": False})
        reached |= Q(pk__in=carriers.values(step))
        step += "__republishes"
    return Article.objects.filter(reached)


def visible_publishers(user: Any) -> QuerySet[Publisher]:
    """The publishers of visible articles, those that are visible sources, and the reviewers on view."""
    if sees_desk(user):
        return Publisher.objects.all()
    return Publisher.objects.filter(
        Q(pk__in=visible_articles(user).values("publisher"))
        | Q(pk__in=Source.objects.visible_to(user).values("publisher"))
        | Q(pk__in=Review.objects.visible_to(user).values("reviewer"))
    )


def may_read_whole_text(user: Any, article: Article) -> bool:
    """Whether ``user`` may read all of the text of ``article``; others read the passages that visible
    statements quote. Says nothing of whether they may open the article: ask ``visible_articles``."""
    return article.text_public or sees_desk(user)

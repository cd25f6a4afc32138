"""Looks at texts for statements: at which, and at one after the other."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import ArticleVersion
from claims import extraction
from claims.models import Look
from claims.suggesting import METHOD
from claims.suggesting.sources import Sources
from claims.suggesting.suggest import Outcome, suggest

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Looked:
    """What came of looking at one text: an outcome, or a failure in words."""

    version: ArticleVersion
    outcome: Outcome | None
    failure: str = ""


def newest() -> QuerySet[ArticleVersion]:
    """The newest text of each article in English, which is what extraction reads."""
    newer = ArticleVersion.objects.filter(article=OuterRef("article"), number__gt=OuterRef("number"))
    english = Q(article__language__iexact="en") | Q(article__language__istartswith="en-")
    return ArticleVersion.objects.filter(english, ~Exists(newer)).order_by("pk")


def not_looked_at() -> QuerySet[ArticleVersion]:
    """Those that this method has not looked at yet."""
    return newest().filter(~Exists(Look.objects.filter(version=OuterRef("pk"), method=METHOD)))


def look_at(versions: Iterable[int], by: Any = None) -> Iterator[Looked]:
    """Look at the texts with those ids, one by one, each as a save of its own. One that fails leaves nothing, and the
    others go on; what went wrong is in the log."""
    sources = Sources()
    for pk in versions:
        version = ArticleVersion.objects.select_related("article__publisher").get(pk=pk)
        try:
            found = extraction.extract(version.text)
            yield Looked(version, suggest(version, found, sources=sources, by=by))
        except Exception as error:
            logger.exception("text %s was not looked at", pk)
            yield Looked(version, None, f"{type(error).__name__}: {error}")

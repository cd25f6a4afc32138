"""Articles as lists find them."""

from django.db import models

from articles.models.article import Article
from articles.search.entry import Entry, EntryQuerySet


class ArticleEntry(Entry):
    """One article as lists find it: the words of its newest text. Derived: ``entries.refresh_articles`` alone
    writes here. The text is the body, the headline the title: who may not read the one may search the other."""

    article = models.OneToOneField(Article, models.CASCADE, related_name="entry")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "article entries"
        ordering = ["-key"]

    def __str__(self) -> str:
        return f"entry of article {self.article_id}"

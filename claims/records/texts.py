"""Where the words that a list looks for stand in the articles that it shows."""

from collections.abc import Collection

from articles.models import Article, ArticleVersion
from articles.search.expression import Expression
from articles.search.snippets import Piece, highlight, snippet
from articles.search.words import is_english
from claims.visibility import may_read_whole_text

Found = dict[str, tuple[Piece, ...]]
"""The headline of an article with the words ``marked``, and ``quoted`` the part of its text that has them where
the headline has none."""


def texts_found(articles: Collection[Article], words: Expression, viewer: object) -> dict[int, Found]:
    """By id, where ``words`` stand in ``articles``, which come with their headlines, as far as ``viewer`` may read
    them: at most one query."""
    marked = {
        article.pk: tuple(highlight(str(article), words, english=is_english(article.language))) for article in articles
    }
    read = [article for article in articles if not _has(marked[article.pk]) and may_read_whole_text(viewer, article)]
    newest = {article.pk: version.pk for article in read if (version := article.latest_version)}
    texts = ArticleVersion.objects.only("text").in_bulk(newest.values()) if newest else {}
    quoted = {}
    for article in read:
        if article.pk in newest:
            text = snippet(texts[newest[article.pk]].text, words, english=is_english(article.language))
            quoted[article.pk] = tuple(text) if _has(text) else ()
    return {pk: {"marked": headline, "quoted": quoted.get(pk, ())} for pk, headline in marked.items()}


def _has(text: Collection[Piece]) -> bool:
    return any(hit for _, hit in text)

"""Writes the entries in which lists find articles. Every door that adds or changes articles or texts calls it."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping

from django.db import transaction
from django.db.models import Max

from articles.models import Article, ArticleEntry, ArticleVersion
from articles.search.entry import insert, key_of
from articles.search.expression import EVERYTHING
from articles.search.terms import NO_VALUE, OWN, WHOLE_TEXT, ArticleFacet, language_term, split, term
from articles.search.words import LONG, document, is_english

COLUMNS = ("key", "title", "body", "names", "terms")

UNKNOWN_DAY = dt.date(1, 1, 1)
"""The day of an article that nobody knows the date of: the last in every list."""


Marks = Mapping[int, Collection[str]]
"""By article the terms that others add to its own: whether the public sees it, and what hangs on it."""


def refresh_articles(articles: Collection[int], marks: Marks | None = None) -> int:
    """Write the entries of ``articles`` anew where they differ, with ``marks``, or with those that they have.
    Returns the rows written.

    Texts are long: give some hundred articles at a time.
    """
    with transaction.atomic():
        stored = ArticleEntry.objects.in_bulk(articles, field_name="article_id")
        right = entries_of(articles, _marks_in(stored) if marks is None else marks)
        changed = [entry for entry in right if differing(stored.get(entry.article_id), entry)]
        replaced = [entry.article_id for entry in changed if entry.article_id in stored]
        if replaced:
            ArticleEntry.objects.filter(article__in=replaced).delete()
        insert(changed)
        return len(changed)


def mark_articles(marks: Marks) -> int:
    """Write ``marks`` into the entries that have others, and nothing else of them. Returns the rows written."""
    changed = []
    for entry in ArticleEntry.objects.filter(article__in=marks).only("key", "article_id", "terms"):
        terms = _joined(filter(_is_own, entry.terms.split()), marks[entry.article_id])
        if terms != entry.terms:
            entry.terms = terms
            changed.append(entry)
    ArticleEntry.objects.bulk_update(changed, ["terms"], batch_size=200)
    return len(changed)


def entry_drift(articles: Collection[int], marks: Marks) -> Iterator[str]:
    """What ``refresh_articles`` would write, a line for each article."""
    stored = ArticleEntry.objects.in_bulk(articles, field_name="article_id")
    for entry in entries_of(articles, marks):
        columns = differing(stored.get(entry.article_id), entry)
        if columns:
            yield f"article {entry.article_id}: its entry in the lists is wrong in {', '.join(columns)}"


def differing(stored: ArticleEntry | None, right: ArticleEntry) -> tuple[str, ...]:
    if stored is None:
        return COLUMNS
    return tuple(name for name in COLUMNS if getattr(stored, name) != getattr(right, name))


def entries_of(articles: Collection[int], marks: Marks) -> Iterator[ArticleEntry]:
    """The entries that ``articles`` should have, unsaved: their newest texts."""
    newest = ArticleVersion.objects.filter(article__in=articles).order_by().values("article").annotate(n=Max("number"))
    numbers = dict(newest.values_list("article", "n"))
    texts = {
        version.article_id: version
        for version in ArticleVersion.objects.filter(article__in=articles).only("article", "number", "headline", "text")
        if version.number == numbers[version.article_id]
    }
    for article in Article.objects.filter(pk__in=articles).select_related("publisher"):
        version = texts.get(article.pk)
        english = is_english(article.language)
        yield ArticleEntry(
            key=key_of(article.published_at.date() if article.published_at else UNKNOWN_DAY, article.pk),
            article_id=article.pk,
            title=document([(version.headline, english)]) if version else "",
            body=document([(version.text, english)], LONG) if version else "",
            names=document([(article.publisher.name, True)]) if article.publisher else "",
            terms=_joined(_terms(article), marks.get(article.pk, ())),
        )


def _terms(article: Article) -> Iterator[str]:
    """What the article itself tells."""
    year = article.published_at.year if article.published_at else NO_VALUE
    yield EVERYTHING
    yield term(ArticleFacet.KIND, article.kind)
    yield term(ArticleFacet.PUBLISHER, article.publisher_id or NO_VALUE)
    yield language_term(article.language)
    yield term(ArticleFacet.YEAR, year)
    if article.text_public:
        yield WHOLE_TEXT


def _is_own(token: str) -> bool:
    return token == EVERYTHING or split(token)[0] in OWN


def _marks_in(stored: Mapping[int, ArticleEntry]) -> Marks:
    return {pk: [token for token in entry.terms.split() if not _is_own(token)] for pk, entry in stored.items()}


def _joined(own: Iterable[str], marks: Iterable[str]) -> str:
    return " ".join(sorted({*own, *marks}))

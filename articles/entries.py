"""Writes the entries in which lists find articles. Every door that adds or changes articles or texts calls it."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from django.db import transaction

from articles.models import Article, ArticleEntry, ArticleVersion
from articles.rows import Among
from articles.search.entry import insert, key_of
from articles.search.expression import EVERYTHING
from articles.search.terms import NO_VALUE, OWN, WHOLE_TEXT, ArticleFacet, language_term, split, term
from articles.search.words import LONG, document, is_english

ARTICLE_COLUMNS = ("pk", "published_at", "language", "publisher_id", "publisher__name", "kind", "text_public")

UNKNOWN_DAY = dt.date(1, 1, 1)
"""The day of an article that nobody knows the date of: the last in every list."""


class Row(NamedTuple):
    """One entry as it is written."""

    key: int
    article_id: int
    title: str
    body: str
    names: str
    terms: str


Marks = Mapping[int, Collection[str]]
"""By article the terms that others add to its own: whether the public sees it, and what hangs on it."""


def refresh_articles(articles: Collection[int], marks: Marks | None = None) -> int:
    """Write the entries of ``articles`` anew where they differ, with ``marks``, or with those that they have.
    Returns the rows written.

    Texts are long: give some hundred articles at a time.
    """
    with transaction.atomic():
        stored = _stored(articles)
        right = entries_of(articles, _marks_in(stored) if marks is None else marks)
        changed = [entry for entry in right if stored.get(entry.article_id) != entry]
        replaced = [entry.article_id for entry in changed if entry.article_id in stored]
        if replaced:
            ArticleEntry.objects.filter(article__in=replaced).delete()
        insert(ArticleEntry, changed)
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
    stored = _stored(articles)
    for entry in entries_of(articles, marks):
        columns = differing(stored.get(entry.article_id), entry)
        if columns:
            yield f"article {entry.article_id}: its entry in the lists is wrong in {', '.join(columns)}"


def _stored(articles: Collection[int]) -> dict[int, Row]:
    rows = ArticleEntry.objects.filter(Among("article_id", articles)).order_by().values_list(*Row._fields)
    return {row.article_id: row for row in map(Row._make, rows)}


def differing(stored: "NamedTuple | None", right: NamedTuple) -> tuple[str, ...]:
    """The columns in which two entries differ; all of them where none is stored."""
    if stored is None:
        return right._fields
    return tuple(name for name, was, is_ in zip(right._fields, stored, right, strict=True) if was != is_)


def entries_of(articles: Collection[int], marks: Marks) -> Iterator[Row]:
    """The entries that ``articles`` should have: of their newest texts."""
    texts: dict[int, tuple[str, str]] = {}
    versions = ArticleVersion.objects.filter(Among("article_id", articles)).order_by("article_id", "number")
    for pk, headline, text in versions.values_list("article_id", "headline", "text"):
        texts[pk] = (headline, text)
    rows = Article.objects.filter(Among("pk", articles)).order_by().values_list(*ARTICLE_COLUMNS)
    for pk, published_at, language, publisher, outlet, *others in rows:
        headline, text = texts.get(pk, ("", ""))
        english = is_english(language)
        day = published_at.date() if published_at else None
        yield Row(
            key=key_of(day or UNKNOWN_DAY, pk),
            article_id=pk,
            title=document([(headline, english)]),
            body=document([(text, english)], LONG),
            names=document([(outlet, True)]) if outlet else "",
            terms=_joined(_terms(day, language, publisher, *others), marks.get(pk, ())),
        )


def _terms(day: dt.date | None, language: str, publisher: int | None, kind: str, text_public: bool) -> Iterator[str]:
    """What the article itself tells."""
    yield EVERYTHING
    yield term(ArticleFacet.KIND, kind)
    yield term(ArticleFacet.PUBLISHER, publisher or NO_VALUE)
    yield language_term(language)
    yield term(ArticleFacet.YEAR, day.year if day else NO_VALUE)
    if text_public:
        yield WHOLE_TEXT


def _is_own(token: str) -> bool:
    return token == EVERYTHING or split(token)[0] in OWN


def _marks_in(stored: Mapping[int, Row]) -> Marks:
    return {pk: [token for token in entry.terms.split() if not _is_own(token)] for pk, entry in stored.items()}


def _joined(own: Iterable[str], marks: Iterable[str]) -> str:
    return " ".join(sorted({*own, *marks}))

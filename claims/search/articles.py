"""Writes what claims know of articles into the entries in which lists find them: which of them the public sees,
and which hold statements."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from django.db import transaction

from articles.entries import entry_drift, mark_articles, refresh_articles
from articles.models import Article, ArticleEntry
from articles.rows import Among, chunks, hold
from claims.models import Appearance, Statement
from claims.search.terms import PUBLIC, Facet, term
from claims.visibility import TRAIL_STEPS

TOLD = term(Facet.HAS, "statement")
SHOWN = term(Facet.PUBLIC_HAS, "statement")
"""The article holds a confirmed statement; and one that the public sees."""


def refresh_article_entries(articles: Collection[int]) -> int:
    """Write the entries of ``articles``, some hundred at most, anew where they differ. Returns the rows written."""
    with transaction.atomic(savepoint=False):
        _hold(articles)
        return refresh_articles(articles, marks_of(articles))


def refresh_marks(articles: Collection[int]) -> int:
    """The same where no article and no text has changed, but what hangs on them."""
    if not articles:
        return 0
    with transaction.atomic(savepoint=False):
        _hold(articles)
        return mark_articles(marks_of(articles))


def _hold(articles: Collection[int]) -> None:
    """Of two transactions that tell of one article, the second reads what the first wrote."""
    hold(ArticleEntry.objects.filter(Among("article_id", articles)).order_by("article_id"))


def article_drift(articles: Collection[int]) -> Iterator[str]:
    """What ``refresh_article_entries`` would write, a line for each article."""
    yield from entry_drift(articles, marks_of(articles))


def articles_behind(statements: Collection[int], claims: Collection[int]) -> set[int]:
    """The articles whose marks those statements, and those of ``claims``, bear on: those that they stand in, and
    the ones which these republish."""
    found: set[int] = set()
    for chunk in chunks(statements):
        told = Statement.objects.filter(Among("pk", chunk)).order_by()
        found.update(told.values_list("version__article_id", flat=True))
    for chunk in chunks(claims):
        made = Appearance.objects.filter(Among("claim_id", chunk)).order_by()
        found.update(made.values_list("statement__version__article_id", flat=True))
    ahead = found
    for _ in range(TRAIL_STEPS):
        originals: set[int] = set()
        for chunk in chunks(ahead):
            carriers = Article.objects.filter(Among("pk", chunk)).exclude(republishes=None).order_by()
            originals.update(carriers.values_list("republishes_id", flat=True))
        ahead = originals - found
        found |= ahead
    return found


def marks_of(articles: Collection[int]) -> dict[int, set[str]]:
    """By article, the terms that it has besides its own."""
    carried = _carried(articles)
    marks: dict[int, set[str]] = {pk: set() for pk in articles}
    for holder, shown in _told({*articles, *carried}):
        if holder in marks:
            marks[holder].add(TOLD)
        if shown:
            for pk in {holder, *carried.get(holder, ())} & marks.keys():
                marks[pk].add(PUBLIC)
            if holder in marks:
                marks[holder].add(SHOWN)
    return marks


def _told(articles: Collection[int]) -> Iterator[tuple[int, bool]]:
    """The articles that hold confirmed statements, each with whether the public sees one: some several times.

    What ``visible_to`` asks is picked here: a database would look at every published claim for it.
    """
    columns = ("state", "withdrawn_at", "appearances__id", "appearances__withdrawn_at")
    of_claims = ("appearances__claim__published_at", "appearances__claim__withdrawn_at")
    for chunk in chunks(articles):
        rows = Statement.objects.filter(Among("version__article_id", chunk)).order_by()
        told = rows.values_list("version__article_id", *columns, *of_claims)
        for article, state, withdrawn_at, link, unlinked_at, published_at, taken_off_at in told:
            if state == Statement.State.CONFIRMED and withdrawn_at is None:
                yield article, bool(link and not unlinked_at and published_at and not taken_off_at)


def _carried(articles: Collection[int]) -> dict[int, set[int]]:
    """By article that carries another, in as many steps as the public may follow, which of ``articles`` these are."""
    found: dict[int, set[int]] = defaultdict(set)
    ahead = {pk: {pk} for pk in articles}
    for _ in range(TRAIL_STEPS):
        carriers: dict[int, set[int]] = {}
        for chunk in chunks(ahead):
            rows = Article.objects.filter(Among("republishes_id", chunk)).order_by()
            carriers |= {pk: ahead[original] for pk, original in rows.values_list("pk", "republishes_id")}
        for pk, originals in carriers.items():
            found[pk] |= originals
        ahead = carriers
    return found

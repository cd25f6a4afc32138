"""The publishers, and the articles that they brought out."""

from collections.abc import Iterable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from articles.models import Article
from claims.filters import ArticleFilter, PublisherFilter
from claims.records.publisher import publisher_record
from claims.records.texts import texts_found
from claims.represent import ArticleRow, article_row, fetch_headlines
from claims.views.lists import answer_list
from claims.views.moved import row_or_404
from claims.visibility import visible_publishers


@require_safe
def publisher_list(request: HttpRequest) -> HttpResponse:
    listing = PublisherFilter(request.GET, viewer=request.user, path=request.path)
    return answer_list(request, listing, "claims/publisher_list.html")


@require_safe
def publisher_detail(request: HttpRequest, slug: str) -> HttpResponse:
    publisher = row_or_404(visible_publishers(request.user), slug=slug)
    if publisher.slug != slug:
        return redirect(publisher)
    return render(request, "claims/publisher_detail.html", {"record": publisher_record(publisher, request.user)})


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    listing = ArticleFilter(request.GET, viewer=request.user, path=request.path)
    rows = partial(article_rows, listing=listing)
    return answer_list(request, listing, "claims/article_list.html", prepare=rows)


def article_rows(articles: Iterable[Article], *, listing: ArticleFilter) -> list[ArticleRow]:
    """The rows of the list, with the words marked that it looks for. Two queries."""
    fetched = fetch_headlines(articles)
    found = texts_found(fetched, listing.words, listing.viewer) if listing.words else {}
    return [article_row(article, **found.get(article.pk, {})) for article in fetched]

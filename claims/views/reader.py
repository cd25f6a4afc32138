"""One article with the statements in it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.models import ArticleVersion
from claims.models import sees_desk
from claims.records.article import article_record
from claims.visibility import visible_articles


@require_safe
def article_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest text, or the one that ``?version=`` names."""
    article = get_object_or_404(visible_articles(request.user).select_related("publisher"), pk=pk)
    try:
        record = article_record(article, request.user, version_or_404(request))
    except ArticleVersion.DoesNotExist as error:
        raise Http404("No such version.") from error
    facts = {"record": record, "article": article, "sees_desk": sees_desk(request.user)}
    return render(request, "claims/article_detail.html", facts)


def version_or_404(request: HttpRequest) -> int | None:
    """The number of the version that is asked for, if any."""
    number = request.GET.get("version")
    if number is None:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Http404("No such version.")
    return int(number)

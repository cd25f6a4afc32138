"""One article with the statements in it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from articles.models import ArticleVersion
from claims.models import sees_desk
from claims.records.article import article_record
from claims.suggesting.looking import look_at, newest, not_looked_at
from claims.views.suggestions import RejectForm
from claims.visibility import visible_articles
from config import audit

SUGGESTS = "claims.add_statement"
"""What it takes to have statements suggested."""


@require_safe
def article_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest text, or the one that ``?version=`` names."""
    article = get_object_or_404(visible_articles(request.user).select_related("publisher"), pk=pk)
    try:
        record = article_record(article, request.user, version_or_404(request))
    except ArticleVersion.DoesNotExist as error:
        raise Http404("No such version.") from error
    facts = {"record": record, "article": article, "sees_desk": sees_desk(request.user)}
    if record.to_decide:
        facts["reject_form"] = RejectForm(auto_id="reject_%s")
    elif record.version and request.user.has_perm(SUGGESTS):
        facts["may_suggest"] = not_looked_at().filter(pk=record.version.pk).exists()
    return render(request, "claims/article_detail.html", facts)


@require_POST
@login_required
@permission_required(SUGGESTS, raise_exception=True)
def article_suggest(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for statements in the newest text."""
    article = get_object_or_404(visible_articles(request.user), pk=pk)
    texts = newest().filter(article=article).values_list("pk", flat=True)
    looked = list(look_at(texts, by=request.user))
    for one in looked:
        if one.outcome:
            audit.record("suggest", request, articles=1, suggested=one.outcome.new)
            messages.success(request, f"The text was looked at for statements: {one.outcome}.")
        else:
            messages.error(request, f"Nothing was suggested: {one.failure}. The log says more.")
    if not looked:
        messages.error(request, "Nothing was suggested: only texts in English are looked at.")
    return redirect(article)


def version_or_404(request: HttpRequest) -> int | None:
    """The number of the version that is asked for, if any."""
    number = request.GET.get("version")
    if number is None:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Http404("No such version.")
    return int(number)

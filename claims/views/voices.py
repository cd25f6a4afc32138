"""The sources: who words are attributed to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from claims.filters import SourceFilter
from claims.models import Source
from claims.records.source import source_record
from claims.views.lists import answer_list
from claims.views.moved import row_or_404


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    listing = SourceFilter(request.GET, viewer=request.user, path=request.path)
    return answer_list(request, listing, "claims/source_list.html")


@require_safe
def source_detail(request: HttpRequest, slug: str) -> HttpResponse:
    named = Source.objects.visible_to(request.user).select_related("speaks_for", "known_through", "publisher")
    source = row_or_404(named, slug=slug)
    if source.slug != slug:
        return redirect(source)
    return render(request, "claims/source_detail.html", {"record": source_record(source, request.user)})

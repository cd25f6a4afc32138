"""Taking the claim list away: the same rows, order and columns, all pages in one file."""

import logging
from collections.abc import Iterator

from django import forms
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from claims.columns import COLUMNS, Column
from claims.exporters import FORMATS, Export, Format
from claims.filters import ClaimFilter
from claims.filters.base import Problem
from claims.filters.fields import YES_OR_NO, ChoiceField
from config import at_once, audit
from config.errors import refusal

logger = logging.getLogger(__name__)

ALWAYS = ("id", "url")
"""The columns that an export has besides those of the list, to find each claim again."""

AT_ONCE = 3
"""Each holds a thread of the server and a query of the database until it ends."""

RETRY_AFTER = 30

BROKEN_OFF = "This export broke off here and is not complete. Ask for it again."
TOO_MANY = f"{AT_ONCE} exports that you asked for are still on their way. Wait for one of them to end."


class TooMany(Exception):
    """Cuts the answer off, so that whoever downloads it notices."""


class ExportForm(forms.Form):
    """What an export is asked for besides the parameters of its list."""

    format = ChoiceField(choices=[(name, each.label) for name, each in FORMATS.items()], required=False)
    bom = ChoiceField(choices=YES_OR_NO, required=False)
    lossless = ChoiceField(choices=YES_OR_NO, required=False)

    def problems(self) -> list[Problem]:
        return [Problem(f"{name.capitalize()}: {text}", "") for name, texts in self.errors.items() for text in texts]


@require_safe
def claim_export(request: HttpRequest) -> HttpResponseBase:
    """The list as a file; without a format, the page on which one is chosen."""
    asked, form = request.GET.copy(), ExportForm(request.GET)
    for name in form.fields:
        asked.pop(name, None)
    listing = ClaimFilter(asked, viewer=request.user, path=reverse("claim_list"))
    problems = [*form.problems(), *listing.problems()]
    if problems:
        return render(request, "claims/claim_export.html", {"problems": problems}, status=400)
    format_name = form.cleaned_data["format"]
    if not format_name:
        return render(request, "claims/claim_export.html", {"listing": listing, "total": listing.total})
    export = Export(
        listing,
        exported_columns(listing),
        list_url=request.build_absolute_uri(listing.path),
        url=request.build_absolute_uri(listing.url()),
        at=timezone.now(),
        safe=form.cleaned_data["lossless"] != "yes",
        bom=form.cleaned_data["bom"] == "yes",
    )
    return _file(request, export, format_name)


def exported_columns(listing: ClaimFilter) -> tuple[Column, ...]:
    """Those of the list, then the ones by which a claim can be found again."""
    columns = listing.columns
    return (*columns, *(COLUMNS[name] for name in ALWAYS if COLUMNS[name] not in columns))


def _file(request: HttpRequest, export: Export, format_name: str) -> HttpResponseBase:
    chosen = FORMATS[format_name]
    name = "-".join(["claims", timezone.localdate(export.at).isoformat(), *_manner(export, format_name)])
    headers = {
        "Content-Type": chosen.content_type,
        "Content-Disposition": str(content_disposition_header(True, f"{name}.{format_name}")),
        "Cache-Control": "private, no-store",
    }
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    who = at_once.asker(request)
    if at_once.running(who) >= AT_ONCE:
        return refusal(TOO_MANY, 429, retry_after=RETRY_AFTER)
    audit.record("export", request, format=format_name, list=export.listing.url())
    return StreamingHttpResponse(_counted(who, export, chosen), headers=headers)


def _manner(export: Export, format_name: str) -> list[str]:
    """What the name of the file must say: that a spreadsheet may take its cells for formulas."""
    return ["lossless"] if format_name == "csv" and not export.safe else []


def _counted(who: int, export: Export, chosen: Format) -> Iterator[bytes]:
    """It counts from its first piece on. Of many that were asked for in one moment, those too many break off."""
    with at_once.counted(who):
        if at_once.running(who) > AT_ONCE:
            yield chosen.broken_off(TOO_MANY)
            raise TooMany
        yield from _to_the_end(export, chosen)


def _to_the_end(export: Export, chosen: Format) -> Iterator[bytes]:
    """The file in pieces. Where one fails, the file says so at its end, and the answer is cut off, which whoever
    downloads it notices."""
    try:
        yield from chosen.write(export)
    except DatabaseError:
        logger.exception("The export of %s broke off.", export.url)
        yield chosen.broken_off(BROKEN_OFF)
        raise

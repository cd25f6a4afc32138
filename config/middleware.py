"""Refuses what no page could answer, before it reaches the database.

PostgreSQL stores no NUL, neither engine a lone surrogate: unrefused, either is a 500 or a row that breaks
every later list.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase

from config.errors import refusal

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

MAX_LENGTH_DIGITS = 20
"""Python refuses to read a number of thousands of digits; with so many it is too large anyway."""


class RefuseBrokenInput:
    """400 for NUL bytes, lone surrogates and broken UTF-8 in address, cookies and form; 413 for too much."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return _refuse_head(request) or self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Read here, not earlier: what runs before a view may still set how the form is read."""
        return _refuse_form(request) if request.method == "POST" else None


def _refuse_head(request: HttpRequest) -> HttpResponse | None:
    """The query is read raw: Django puts U+FFFD for broken bytes, and a filter would look for that.

    In a path Django writes them out ("%FF"), which no address of ours has: a 404. It would read query and form in
    whatever coding is named.
    """
    if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        return refusal("A request must be sent as UTF-8.")
    query = request.META.get("QUERY_STRING", "")
    if len(query) > settings.MAX_QUERY_BYTES:
        return refusal(f"The address is longer than {settings.MAX_QUERY_BYTES} characters.")
    if not _all_storable([request.path_info]) or not _is_text(unquote_to_bytes(query)):
        return refusal("The address holds bytes that are not text.")
    if not _all_storable(request.COOKIES.values()):
        return refusal("A cookie holds characters that are not text.")
    return _refuse_length(request)


def _refuse_length(request: HttpRequest) -> HttpResponse | None:
    """Refused unread. Only a form with files may be larger than a form; one of unknown length could be any."""
    if request.META.get("HTTP_TRANSFER_ENCODING"):
        return refusal("What was sent did not say how long it is.", status=413)
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if request.content_type == "multipart/form-data":
        most += settings.MAX_UPLOAD_BYTES
    if _content_length(request) > most:
        return refusal(f"More than {most // 1024**2} MB were sent.", status=413)
    return None


def _refuse_form(request: HttpRequest) -> HttpResponse | None:
    try:
        if request.content_type == "application/x-www-form-urlencoded" and not _is_text(unquote_to_bytes(request.body)):
            return refusal("The form holds bytes that are not text.")
        if not _all_storable(_form_texts(request)):
            return refusal("The form holds characters that are not text.")
    except UnreadablePostError:
        return refusal("The form broke off before its end.")
    return None


def _form_texts(request: HttpRequest) -> Iterator[str]:
    """Names and values of the fields. Django itself cleans the names of files."""
    for name, values in request.POST.lists():
        yield name
        yield from (str(value) for value in values)


def _content_length(request: HttpRequest) -> int:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(length[:MAX_LENGTH_DIGITS]) if length.isascii() and length.isdigit() else 0


def _is_text(data: bytes) -> bool:
    """Strict UTF-8 without NUL; strict decoding refuses surrogates too."""
    try:
        return "\x00" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _all_storable(texts: Iterable[str]) -> bool:
    return not any(UNSTORABLE.search(text) for text in texts)

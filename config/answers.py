"""What every answer gets, whoever gives it: headers, an error page that helps, and one line in the log."""

import logging
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase

from config import audit
from config.errors import Refusal, refusal

HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Said by Django too, but not where it refuses the host's name.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

METHODS = ("GET", "HEAD", "POST")

IN_JSON = re.compile(r"^/suggest/|/choices/$")
"""Addresses that only scripts ask."""


class Attend:
    """The outermost: gives the request its id, and sees every answer, those of other middleware too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        audit.begin()
        response = self.get_response(request)
        if response.status_code >= 400:
            _record(request, response)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class Explain:
    """Puts a page where Django would answer with nothing, and JSON where a script asked. Within what sets headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Methods that no page of ours knows are refused here: a view that forgets to look would take them for GET."""
        response = self.get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)
        if isinstance(response, HttpResponseNotAllowed):
            response = _not_allowed(response.headers["Allow"])
        if isinstance(response, Refusal) and IN_JSON.search(request.path_info):
            return _in_json(response)
        return response


def _not_allowed(allowed: str) -> Refusal:
    answer = refusal(status=405)
    answer.headers["Allow"] = allowed
    return answer


def _record(request: HttpRequest, response: HttpResponseBase) -> None:
    """A 500 stands in the log already, with its traceback."""
    if response.status_code == 500:
        return
    about = {"status": response.status_code, "method": request.method, "path": request.path_info}
    level = logging.ERROR if response.status_code > 500 else logging.WARNING
    audit.record("refused", request, level=level, **about, **getattr(response, "facts", {}))


def _in_json(answer: Refusal) -> HttpResponse:
    """The same for a script. What the log says of it comes along."""
    told = RefusalInJson({"error": answer.reason, "reference": audit.reference()}, status=answer.status_code)
    told.facts = answer.facts
    for name in ("Allow", "Cache-Control", "Retry-After"):
        if name in answer.headers:
            told.headers[name] = answer.headers[name]
    return told


class RefusalInJson(JsonResponse):
    facts: dict[str, object]

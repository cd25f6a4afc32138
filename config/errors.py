"""Answers to a request that cannot be served as it came; 403, 404 and 500 are Django's own views."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

TOO_MUCH: dict[type[Exception], str] = {
    RequestDataTooBig: "The form is larger than this site accepts.",
    TooManyFieldsSent: "The form has more fields than this site accepts.",
    TooManyFilesSent: "More files came with the form than this site accepts.",
}


def refusal(reason: str, status: int = 400) -> HttpResponse:
    """The page 400.html with `reason`, a sentence for the visitor. It has no request and reads no session."""
    return HttpResponse(render_to_string("400.html", {"reason": reason}), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400. Only our own words reach the page: an exception may repeat what was sent."""
    return refusal(TOO_MUCH.get(type(exception), ""))

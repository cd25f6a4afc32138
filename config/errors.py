"""Answers to a request that cannot be served: what happened, why, what to do, and an id that finds the log's line."""

import sys
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from config import audit
from config.outage import outage


@dataclass(frozen=True)
class Page:
    """The words of one kind of error page. `link` is the name of an address and what it is called."""

    title: str
    reason: str
    advice: str
    link: tuple[str, str] = ("home", "Back to the start")


PAGES = {
    400: Page(
        "That request cannot be answered",
        "What was sent is not something this site understands.",
        "Nothing was changed. Go back, look at what you sent or at the address, and try again.",
    ),
    403: Page(
        "Your account may not do that",
        "It takes a role that your account does not have.",
        "Nothing was changed. If you need this for your work, ask whoever looks after the accounts for another role.",
    ),
    404: Page(
        "There is no such page",
        "It may have moved, been withdrawn, or not be published.",
        "Look for it among the claims:",
        ("claim_list", "All claims"),
    ),
    405: Page(
        "This page cannot be used like that",
        "Something asked for it in a way that it does not know.",
        "Nothing was changed. Follow a link or send a form instead.",
    ),
    409: Page(
        "Somebody else was quicker",
        "What you sent was based on something that has changed since.",
        "Nothing of yours was saved. Go back, load the page again, and make your change to what stands there now.",
    ),
    413: Page(
        "That is more than this site takes",
        "What was sent is too large.",
        "Nothing was changed. Send less, or in several parts.",
    ),
    428: Page(
        "The form did not say what it was based on",
        "Without that, a change of somebody else could be lost.",
        "Nothing was changed. Go back, load the page again, and send the form from there.",
    ),
    429: Page(
        "Too many tries",
        "This was asked for too often in a short time.",
        "Wait a little, then try again.",
    ),
    503: Page(
        "The database does not answer just now",
        "It cannot be reached.",
        "Nothing was saved by what you sent last. Wait half a minute, go back, and try again; what you typed is "
        "still in the form.",
    ),
}

FORM_EXPIRED = Page(
    "The form was not accepted",
    "It was opened too long ago, in another session, or with cookies switched off.",
    "Nothing was changed. Go back, load the page again, and send it once more.",
)

TOO_MUCH: dict[type[BaseException], tuple[int, str]] = {
    RequestDataTooBig: (413, "The form is larger than this site accepts."),
    TooManyFieldsSent: (400, "The form has more fields than this site accepts."),
    TooManyFilesSent: (413, "More files came with the form than this site accepts."),
}

RETRY_AFTER = 10
"""Seconds after which whoever was told 503 may ask again."""


class Refusal(HttpResponse):
    """An error page. `reason` is its sentence, for an endpoint that answers in JSON; `facts` go into the log."""

    def __init__(self, content: str, *, status: int, reason: str, facts: dict[str, object]) -> None:
        super().__init__(content, status=status, headers={"Cache-Control": "no-store"})
        self.reason = reason
        self.facts = {"why": reason} | facts


def refusal(
    reason: str = "",
    status: int = 400,
    *,
    request: HttpRequest | None = None,
    page: Page | None = None,
    retry_after: int = 0,
    **facts: object,
) -> Refusal:
    """The error page of `status`, with `reason`, a sentence for the visitor, instead of its usual one.

    Without `request` it reads no session and asks no database. `retry_after` is in seconds. `facts` go into the log.
    """
    page = page or PAGES[status]
    reason = reason or page.reason
    context = {"page": page, "reason": reason, "reference": audit.reference()}
    answer = Refusal(render_to_string("error.html", context, request), status=status, reason=reason, facts=facts)
    if retry_after:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


# Django's own handlers, by their names in config/urls.py. Only our own words reach the page: an exception may repeat
# what was sent.


def bad_request(request: HttpRequest, exception: BaseException) -> HttpResponse:
    status, reason = TOO_MUCH.get(type(exception), (400, ""))
    return refusal(reason, status, kind=type(exception).__name__)


def permission_denied(request: HttpRequest, exception: BaseException) -> HttpResponse:
    return refusal(status=403, request=request)


def page_not_found(request: HttpRequest, exception: BaseException) -> HttpResponse:
    return refusal(status=404, request=request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW."""
    return refusal(status=403, request=request, page=FORM_EXPIRED, kind=reason)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is away, busy or full; else 500, which asks nothing of what may just have failed."""
    why = outage(sys.exc_info()[1])
    if why:
        return refusal(why, 503, retry_after=RETRY_AFTER, cause=str(sys.exc_info()[1]))
    context: dict[str, Any] = {"reference": audit.reference()}
    return HttpResponse(render_to_string("500.html", context), status=500, headers={"Cache-Control": "no-store"})

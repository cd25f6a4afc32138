"""Forms of the desk that meet another save on their way, or that come twice."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from articles.retrying import Result, tried_again


def answered(request: HttpRequest, answer: Callable[[], Result]) -> Result:
    """What ``answer`` returns, tried again where it met another save. What came to nothing is not told of."""
    return tried_again(answer, lambda: _unsay(request))


def _unsay(request: HttpRequest) -> None:
    storage: Any = messages.get_messages(request)
    storage._queued_messages.clear()


def tell_repeated(request: HttpRequest, done: str = "saved") -> None:
    """Say that the form was here before."""
    messages.info(request, f"This form came twice; it was {done} the first time.")

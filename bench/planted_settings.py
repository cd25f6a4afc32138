"""The settings of the site with a fault: every page burns CPU. A run with ``--plant`` must say so."""

import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE as OURS

BURNT_SECONDS = 0.2


class Burn:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        until = time.thread_time() + BURNT_SECONDS
        while time.thread_time() < until:
            pass
        return self.get_response(request)


MIDDLEWARE = ["bench.planted_settings.Burn", *OURS]

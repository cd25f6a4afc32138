"""Harness: generated requests. No answer may be a 5xx, and no row that they leave may break a later page."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPException

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils import timezone

from tests.soak import world
from tests.soak.addresses import desk_models, lists, pages_of
from tests.soak.generated import Generator, learn
from tests.soak.wire import Wire
from tests.soak.wsgi import Answer, Asked, Site

BATCH = 200
"""After so many requests all pages are looked at."""

OVER_HTTP = 10
"""One request in so many goes to the server as it runs in use, the others to the site in this process."""

TOUCHED = 15
"""Of each model, so many of the rows that a batch wrote are looked at."""


class Storm:
    """Requests to the site in this process and, one in ``over_http``, over ``wire``, and what came of them."""

    def __init__(self, site: Site, wire: Wire, people: dict[str, User]) -> None:
        self.site, self.wire, self.people = site, wire, people
        self.over_http, self.asked = OVER_HTTP, Counter[str]()
        site.sign_in(**people)
        self.known = learn(site)
        self.statuses: Counter[int] = Counter()

    def blow(self, number: int, seed: str) -> list[str]:
        """Send ``number`` requests. Returns in full what went wrong."""
        generator = Generator(self.known, seed)
        wrong: list[str] = []
        for first in range(0, number, BATCH):
            begun = timezone.now()
            last = min(first + BATCH, number) - 1
            for at in range(first, last + 1):
                wrong += self._send(generator.request(at), f"request {at} of seed {seed!r}")
            world.restore(self.people)
            self.site.sign_in(**self.people)
            wrong += self._look(begun, f"after request {last} of seed {seed!r}")
        return wrong

    def _send(self, asked: Asked, name: str) -> Iterator[str]:
        answer = self._ask(asked, "requests")
        self.statuses[answer.status] += 1
        if answer.status >= 500:
            yield _told(name, asked, answer)

    def _ask(self, asked: Asked, what: str) -> Answer:
        self.asked[what] += 1
        if self.asked[what] % self.over_http:
            return self.site.ask(asked)
        self.asked[f"{what} over HTTP"] += 1
        try:
            return self.wire.ask(asked)
        except (OSError, HTTPException) as error:
            return Answer(599, {}, b"", f"No answer over HTTP: {error!r}")

    def _look(self, since: dt.datetime, when: str) -> Iterator[str]:
        """Every list, export and feed, and the pages of the rows that were written, must stand."""
        shown = lists()
        written = [path for row in written_since(since) for path in pages_of(row)]
        for path in dict.fromkeys([*shown, *written]):
            place, _, query = path.partition("?")
            asked = Asked("GET", place, query, who="admin")
            answer = self._ask(asked, "pages")
            if answer.status >= 500 or (path in shown and answer.status != 200):
                yield _told(f"a row that breaks a page, {when}", asked, answer)

    def __str__(self) -> str:
        groups: Counter[str] = Counter()
        for status, number in self.statuses.items():
            groups[f"{status // 100}xx"] += number
        told = ", ".join(f"{number:,} {group}" for group, number in sorted(groups.items()))
        asked, looked = (
            f"{self.asked[what]:,} {what}, {self.asked[f'{what} over HTTP']:,} of them over HTTP"
            for what in ("requests", "pages")
        )
        return f"{asked} ({told}) · {looked}, looked at after"


def written_since(moment: dt.datetime) -> Iterator[Model]:
    for model in desk_models():
        if any(column.name == "updated_at" for column in model._meta.concrete_fields):
            yield from model._base_manager.filter(updated_at__gte=moment).order_by("-pk")[:TOUCHED]


def _told(what: str, asked: Asked, answer: Answer) -> str:
    return f"{what}: {answer.status}\n{asked}\n{answer.fault or repr(answer.body[:600])}"

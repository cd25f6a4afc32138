"""Asks for every address as every role with every method, and compares the answers with the committed table.

Pages are not drawn: who may open them is decided before.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.core.handlers.base import BaseHandler
from django.db import transaction
from django.http.response import HttpResponseBase
from django.template.backends.django import Template
from django.test import Client, RequestFactory
from django.test.runner import DiscoverRunner
from django.test.utils import override_settings
from django.urls import URLResolver, get_resolver

from tests.claims.guarded import ROLES, World, build

TABLE = Path(__file__).resolve().parent / "table.txt"

OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")

HEAD = """\
# What each role is answered at each address: GET/POST. HEAD is answered as GET is; the last column is what all
# others (PUT, PATCH, DELETE, OPTIONS, TRACE and an invented one) are answered, whoever asks. A case in brackets
# says which row the address is of, or which action was chosen in a list.
#
#   200 a page, or a form that complains    302 done, or led elsewhere    ask   led to where one signs in
#   403 not for this role                   404 there is no such page     405   not with this method
#   428 a save that does not say which state it changes: whoever gets this may save
#   no  the list again: the action is not offered
#
# Written by `python -m tests.permissions --write`, read by people: a line is right because somebody has read it.
# An address without a line fails the tests.
"""


@dataclass(frozen=True)
class Address:
    """One place to ask. ``line`` is what the table calls it."""

    pattern: str
    case: str
    url: str
    data: tuple[tuple[str, str], ...] = ()

    @property
    def line(self) -> str:
        return f"/{self.pattern} [{self.case}]" if self.case else f"/{self.pattern}"


EXPRESSION = re.compile(r"\(\?P<(\w+)>.*\)")


def patterns(resolver: Any = None, above: str = "") -> Iterator[str]:
    """Every pattern that the site answers, in the order of the resolver."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = above + EXPRESSION.sub(r"<\1>", str(entry.pattern)).lstrip("^").rstrip("$")
        if isinstance(entry, URLResolver):
            yield from patterns(entry, pattern)
        else:
            yield pattern


# What stands in an address for what is between its brackets.

WORDS = {
    "<app_label>": "claims",
    "<url>": "nowhere",
    "<uidb64>/<token>": "MQ/x-y",
    "<int:lock>": "1",
    "r/<path:rest>": "r/1/1/",
    "<path:content_type_id>/<path:object_id>": "1/1",
    "claims/<str:name>": "claims/status",
    "sources/<str:name>": "sources/kind",
    "publishers/<str:name>": "publishers/kind",
    "articles/<str:name>": "articles/kind",
    "tags/<str:name>": "tags/kind",
}
BRACKETS = re.compile(r"<(?:\w+:)?(\w+)>")
KINDS = {
    "claims": "claim",
    "sources": "source",
    "publishers": "publisher",
    "articles": "article",
    "tags": "tag",
    "queue": "claim",
}


def addresses(world: World, pattern: str) -> list[Address]:
    """Where to ask for ``pattern``: at each row of its kind, where it has brackets.

    Raises ``LookupError`` where nothing says what to put into them.
    """
    plain = pattern
    for words, put in WORDS.items():
        plain = plain.replace(words, put)
    if not BRACKETS.search(plain):
        return [Address(pattern, "", f"/{plain}"), *_actions(pattern, world)]
    rows = world.rows.get(_kind(plain), {})
    if not rows:
        raise LookupError(
            f"Say in tests/permissions/walk.py and tests/claims/guarded.py which row stands in {pattern}."
        )
    return [
        Address(pattern, case, "/" + BRACKETS.sub(partial(_put, row), plain))
        for case, row in rows.items()
        if case != "hidden" or not pattern.startswith("admin/")  # the desk sees all
    ]


def _kind(pattern: str) -> str:
    """The model whose rows stand at ``pattern``."""
    parts = pattern.split("/")
    if parts[:2] == ["admin", "undo"]:
        return "revision"
    if parts[0] == "admin":
        return parts[2]
    if parts[:2] == ["queue", "suggestions"]:
        return "statement"
    return "savedlist" if parts[0] == "lists" else KINDS.get(parts[0], "")


def _put(row: Any, part: re.Match[str]) -> str:
    name = part[1]
    if name in ("pk", "id", "object_id"):
        return str(row.pk)
    if name == "slug":
        return str(getattr(row, "slug", "") or row.get_absolute_url().strip("/").partition("-")[2])
    if name == "uid":
        return str(row.uid)
    raise LookupError(f"Say in tests/permissions/walk.py what stands for <{name}>.")


def _actions(pattern: str, world: World) -> Iterator[Address]:
    """A list of the desk once more for each action that can be chosen in it."""
    parts = pattern.split("/")
    if parts[0] != "admin" or len(parts) != 4 or parts[3]:
        return
    desks = [desk for model, desk in admin.site._registry.items() if model._meta.model_name == parts[2]]
    for desk in desks:
        for action in desk.actions or ():
            first = next(iter(world.rows[parts[2]].values()))
            name = action if isinstance(action, str) else action.__name__
            data = (("action", name), ("_selected_action", str(first.pk)), ("index", "0"))
            yield Address(pattern, f"action {name}", f"/{pattern}", data)


# Asking.


class Walker:
    """Asks as each role, in one transaction each time that is rolled back, so that no answer changes the next."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.factory = RequestFactory()
        self.sessions = {role: self._session(role) for role in ROLES}

    def _session(self, role: str) -> dict[str, str]:
        if role == "anonymous":
            return {}
        client = Client()
        client.force_login(self.world.people[role])
        return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}

    def ask(self, role: str, method: str, address: Address) -> str:
        """The code of the answer, "ask" where it leads to where one signs in, "no" where it is the list in which an
        action was chosen that is not offered there."""
        request = self._request(role, method, address)
        if role in self.world.people:
            # Who it is was found out when the walk began: not again for each of ten thousand.
            request._cached_user = self.world.people[role]
        response = self._answer(request)
        return "no" if address.data and _is_a_list(response) else _code(response)

    def page(self, role: str, url: str) -> HttpResponseBase:
        """What a visitor with that role reads at ``url``."""
        return self._answer(self._request(role, "GET", Address("", "", url)))

    def without_token(self, role: str, address: Address, **headers: str) -> int:
        """How a form is answered that does not bear the token of the page that it stood on."""
        request = self._request(role, "POST", address)
        request._dont_enforce_csrf_checks = False
        request.META |= headers
        return self._answer(request).status_code

    def _request(self, role: str, method: str, address: Address) -> Any:
        request: Any = self.factory.generic(method, address.url)
        if method == "POST":
            request = self.factory.post(address.url, dict(address.data))
        request.COOKIES.update(self.sessions[role])
        request._dont_enforce_csrf_checks = True
        return request

    def _answer(self, request: Any) -> HttpResponseBase:
        if request.method in ("GET", "HEAD"):
            return self.handler.get_response(request)
        with _rolled_back():
            return self.handler.get_response(request)

    def line(self, address: Address) -> tuple[str, ...]:
        """The cells of one line: GET/POST of each role, and what all other methods are answered."""
        others = {code for method in OTHER_METHODS for code in self._of_all(method, address)}
        return *(self._cell(role, address) for role in ROLES), ",".join(sorted(others))

    def _cell(self, role: str, address: Address) -> str:
        if address.data:
            return f"-/{self.ask(role, 'POST', address)}"
        get, head, post = (self.ask(role, method, address) for method in ("GET", "HEAD", "POST"))
        return f"{get}/{post}" if head == get else f"{get}/{post}(HEAD {head})"

    def _of_all(self, method: str, address: Address) -> set[str]:
        """What the roles are answered. Where nobody looked at the session, who asks made no difference."""
        request = self._request("superuser", method, address)
        code = _code(self._answer(request))
        session = getattr(request, "session", None)
        if session is None or not session.accessed:
            return {code}
        return {self.ask(role, method, address) for role in ROLES}


def _is_a_list(response: Any) -> bool:
    return "change_list.html" in str(getattr(response, "template_name", ""))


def _code(response: HttpResponseBase) -> str:
    if response.status_code == 302 and re.match(r"(/admin)?/login/\?next=", response["Location"]):
        return "ask"
    return str(response.status_code)


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _undrawn() -> Iterator[None]:
    """Pages are empty, and what is refused is not logged."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with (
            mock.patch.object(Template, "render", return_value=""),
            mock.patch.object(AdminSite, "each_context", return_value={}),
        ):
            yield
    finally:
        logging.disable(before)


@contextmanager
def asking(world: World) -> Iterator[Walker]:
    """Somebody who asks, and is shown nothing. Sessions stand in the cookie: no query a request, and signing out
    ends none."""
    with override_settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies"), _undrawn():
        yield Walker(world)


def walk(world: World, only: str = "") -> dict[str, tuple[str, ...]]:
    """The table as it is: of each line its cells. ``only`` those whose pattern begins so."""
    with asking(world) as walker:
        return {
            address.line: walker.line(address)
            for pattern in patterns()
            if pattern.startswith(only)
            for address in addresses(world, pattern)
        }


# The table.


def read() -> dict[str, tuple[str, ...]]:
    """The committed table."""
    lines = (line for line in TABLE.read_text().splitlines() if line and not line.startswith("#"))
    _heading, *rows = (tuple(re.split(r"  +", line)) for line in lines)
    return {line: tuple(cells) for line, *cells in rows}


WIDTHS = (88, *[9] * len(ROLES), 6)
"""Room to spare, so that a new line moves no other."""


def drawn(table: dict[str, tuple[str, ...]]) -> str:
    """The table as a text."""
    rows = [("address", *ROLES, "others"), *((line, *cells) for line, cells in sorted(table.items()))]
    widths = [max(least, *(len(row[at]) for row in rows)) for at, least in enumerate(WIDTHS)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return HEAD + "\n" + "\n".join(lines) + "\n"


def differences(table: dict[str, tuple[str, ...]], found: dict[str, tuple[str, ...]]) -> list[str]:
    """What is answered otherwise than the table says, and what it says nothing of. Empty where all is as it says."""
    told = [f"{line}: no line in the table" for line in found if line not in table]
    told += [f"{line}: no such address" for line in table if line not in found]
    for line in found.keys() & table.keys():
        told += _cells(line, table[line], found[line])
    return sorted(told)


def _cells(line: str, cells: Iterable[str], found: Iterable[str]) -> Iterator[str]:
    for role, told, got in zip((*ROLES, "others"), cells, found, strict=True):
        if told != got:
            yield f"{line}: {role} got {got}, the table says {told}"


def main(arguments: list[str]) -> int:
    """``--write`` writes the table, no argument compares. Returns 0 where all is as the table says."""
    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment()
    databases = runner.setup_databases()
    try:
        with _rolled_back():
            found = walk(build())
    finally:
        runner.teardown_databases(databases)
    if arguments == ["--write"]:
        TABLE.write_text(drawn(found))
        return 0
    told = differences(read(), found)
    print("\n".join(told) or "Everything is answered as the table says.")
    return int(bool(told))

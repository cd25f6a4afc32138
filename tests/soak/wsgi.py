"""The site in this process, asked as gunicorn asks it: an environment in, status, headers and body out."""

import io
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from config.wsgi import application

TOKEN = "t" * 32
"""What stands in the cookie and in the header, so that a form is taken for one of ours."""


@dataclass(frozen=True)
class Asked:
    """One request; ``path`` and ``query`` are raw, as they stand in the request's first line."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    who: str = "anonymous"

    def __str__(self) -> str:
        lines = [f"{self.method} {self.path}{'?' if self.query else ''}{self.query} (as {self.who})"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        shown = self.body if len(self.body) <= 4000 else self.body[:4000] + b"..."
        return "\n".join([*lines, repr(shown) if self.body else ""])[:12_000]


@dataclass
class Answer:
    """What came back; ``fault`` is the traceback of an error that no page of ours could answer."""

    status: int
    headers: dict[str, str]
    body: bytes
    fault: str = ""


class Site:
    """Asks the application. ``sessions`` says by whose name which session stands."""

    def __init__(self) -> None:
        self.application = application
        self.sessions: dict[str, str] = {}
        self.faults: list[str] = []

    def sign_in(self, **people: Any) -> None:
        """From now on, requests of these names are these users'."""
        for name, user in people.items():
            client = Client()
            client.force_login(user)
            self.sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value

    @contextmanager
    def open(self) -> Iterator["Site"]:
        """Within, requests keep the connection to the database, and faults are noted."""
        signals = (request_started, request_finished)
        for signal in signals:
            signal.disconnect(close_old_connections)
        got_request_exception.connect(self._note)
        try:
            yield self
        finally:
            got_request_exception.disconnect(self._note)
            for signal in signals:
                signal.connect(close_old_connections)

    def _note(self, **_signal: Any) -> None:
        kind, error, trace = sys.exc_info()
        self.faults.append("".join(traceback.format_exception(kind, error, trace)[-14:]))

    def get(self, path: str, who: str = "anonymous", query: str = "") -> Answer:
        return self.ask(Asked("GET", path, query, who=who))

    def ask(self, asked: Asked) -> Answer:
        self.faults.clear()
        told: list[Any] = []
        try:
            pieces = self.application(self._environment(asked), lambda *head: told.extend(head))
            try:
                body = b"".join(pieces)
            finally:
                getattr(pieces, "close", lambda: None)()
        except Exception:  # whatever it is, the server would have answered with it
            return Answer(500, {}, b"", traceback.format_exc())
        return Answer(int(told[0].split()[0]), dict(told[1]), body, "\n".join(self.faults))

    def headers(self, asked: Asked) -> dict[str, str]:
        """All that are sent with ``asked``: its own over those that let it past the doors."""
        cookies = [f"{settings.CSRF_COOKIE_NAME}={TOKEN}"]
        if asked.who in self.sessions:
            cookies.append(f"{settings.SESSION_COOKIE_NAME}={self.sessions[asked.who]}")
        return {"Host": "localhost", "Cookie": "; ".join(cookies), "X-CSRFToken": TOKEN} | asked.headers

    def _environment(self, asked: Asked) -> dict[str, Any]:
        environment: dict[str, Any] = {
            "REQUEST_METHOD": asked.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(asked.path).decode("latin-1"),
            "QUERY_STRING": asked.query,
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(asked.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(asked.body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        for name, value in self.headers(asked).items():
            key = name.upper().replace("-", "_")
            plain = key in ("CONTENT_TYPE", "CONTENT_LENGTH")
            environment[key if plain else f"HTTP_{key}"] = value
        return environment

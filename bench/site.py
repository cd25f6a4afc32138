"""A server as it runs in use, asked over HTTP by somebody who is signed in."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from bench import clock
from bench.engines import ROOT, Database

PATIENCE_SECONDS = 60


CHUNK_BYTES = 1 << 16


@dataclass(frozen=True)
class Answer:
    """What came back; ``first_byte`` is in seconds after asking. ``body`` is empty where it was not to be kept."""

    status: int
    headers: dict[str, str]
    body: bytes
    size: int
    first_byte: float


@dataclass
class Site:
    """A server with one worker on loopback, and the cookies of whoever asks it."""

    port: int
    worker: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def get(self, path: str, *, keep: bool = True) -> Answer:
        return self._ask("GET", path, None, {}, keep=keep)

    def post(self, path: str, form: list[tuple[str, str]]) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": self._address(path)}
        return self._ask("POST", path, urlencode(form).encode(), headers)

    def tidy(self, path: str) -> str:
        """Where ``path`` leads: the address that answers by itself. Raises ``BadAnswer`` unless that is a page."""
        for _ in range(5):
            answer = self.get(path)
            if answer.status not in (301, 302):
                break
            place = urlsplit(urljoin(self._address(path), answer.headers["location"]))
            path = f"{place.path}?{place.query}" if place.query else place.path
        if answer.status != 200:
            raise BadAnswer(f"{path} answers {answer.status}")
        return path

    def check(self, path: str, *, keep: bool = True) -> None:
        """Ask for a page. Raises ``BadAnswer`` where none comes."""
        answer = self.get(path, keep=keep)
        if answer.status != 200:
            raise BadAnswer(f"{path} answers {answer.status}")

    def cpu(self) -> float:
        return clock.cpu_of(self.worker)

    def _address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str], *, keep: bool = True) -> Answer:
        """Over the connection that stands, or over a new one where the server has given that up."""
        headers |= {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        begun = time.perf_counter()
        try:
            response = self._sent(method, path, body, headers)
        except (ConnectionError, http.client.HTTPException):
            self.close()
            begun = time.perf_counter()
            response = self._sent(method, path, body, headers)
        pieces, size = [response.read(1)], 1
        first_byte = time.perf_counter() - begun
        while piece := response.read(CHUNK_BYTES):
            size += len(piece)
            if keep:
                pieces.append(piece)
        self._keep_cookies(response)
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, told, b"".join(pieces) if keep else b"", size, first_byte)

    def _sent(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        self.connection.request(method, path, body, headers)
        return self.connection.getresponse()

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None

    def _keep_cookies(self, response: http.client.HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value


class BadAnswer(Exception):
    """A page that is to be measured did not come."""


@contextmanager
def serve(database: Database, session: str, **environment: str) -> Iterator[Site]:
    """The site on ``database``, served as in use but by one worker, to the owner of ``session``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = database.environment(PORT=str(port), WEB_CONCURRENCY="1", **environment)
    command = [sys.executable, "-m", "gunicorn", "--config", "config/server.py", "config.wsgi"]
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL) as process:
        try:
            site = Site(port, _worker(process, port), {"sessionid": session})
            yield site
            site.close()
        finally:
            process.terminate()


def _worker(process: subprocess.Popen[bytes], port: int) -> int:
    """The process that answers, once it does."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as asked:
                asked.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
                if asked.recv(1):
                    return clock.children(process.pid)[0]
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server does not answer.")


class _Form(HTMLParser):
    """Gathers what a browser would send of the form whose ``id`` is asked for."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.inside = name, False
        self.fields: list[tuple[str, str]] = []
        self.select, self.area = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.name
        if not self.inside or "disabled" in given:
            return
        if tag == "input" and given.get("name") and _is_sent(given):
            self.fields.append((given["name"], given.get("value", "on" if given.get("type") == "checkbox" else "")))
        elif tag == "select":
            self.select = given.get("name", "")
        elif tag == "option" and self.select and "selected" in given:
            self.fields.append((self.select, given.get("value", "")))
        elif tag == "textarea" and given.get("name"):
            self.area = given["name"]
            self.fields.append((self.area, ""))

    def handle_data(self, data: str) -> None:
        if self.area:
            name, value = self.fields[-1]
            self.fields[-1] = (name, value + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""


def _is_sent(given: dict[str, str]) -> bool:
    kind = given.get("type", "text")
    if kind in ("checkbox", "radio"):
        return "checked" in given
    return kind not in ("submit", "button", "image", "reset", "file")


def form_in(page: bytes, name: str) -> list[tuple[str, str]]:
    """The fields of the form with the id ``name``, as a browser would send them back."""
    form = _Form(name)
    form.feed(page.decode())
    # A browser drops the line end with which a text area begins.
    return [(field, value.removeprefix("\r\n").removeprefix("\n")) for field, value in form.fields]

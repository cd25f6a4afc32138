"""The site served as in use, gunicorn and all, on the database of the tests."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

from tests.soak.forms import Fields

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


@dataclass
class Answer:
    """What came back, and after how many seconds. ``where`` is the place that a redirect names."""

    status: int
    body: bytes
    where: str
    seconds: float


@dataclass
class Visitor:
    """Somebody with cookies who asks a server on loopback, each time over a new connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, form: Fields) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(form).encode(), headers)

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        begun = time.perf_counter()
        try:
            asked.request(method, path, body, {"Cookie": cookies, "Connection": "close"} | (headers or {}))
            response = asked.getresponse()
            read = response.read()
        finally:
            asked.close()
        for line in response.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, read, response.headers.get("Location", ""), time.perf_counter() - begun)


def visitor(port: int, user: object) -> Visitor:
    """``user``, signed in."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return Visitor(port, {name: client.cookies[name].value})


def database_url() -> str:
    """The address of the database that the tests run on."""
    given = connection.settings_dict
    name = quote(str(given["NAME"]), safe="/")
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    who = quote(given["USER"], safe="") + (f":{quote(given['PASSWORD'], safe='')}" if given["PASSWORD"] else "")
    place = {part: given[part.upper()] or given["OPTIONS"].get(part, "") for part in ("host", "port")}
    return f"postgresql://{who}@/{name}?{urlencode({part: value for part, value in place.items() if value})}"


def environment(**more: str) -> dict[str, str]:
    """What a process of ours has to find around it to work on the database of the tests."""
    ours = {"DATABASE_URL": database_url(), "SECRET_KEY": settings.SECRET_KEY, "HOST": "127.0.0.1", "DEMO": "off"}
    return {**os.environ, **ours, "DEBUG": "off", "HTTPS": "off", **more}


@contextmanager
def serve(log: Path, *, module: str = "tests.soak.settings", processes: int = 3) -> Iterator[int]:
    """The port of a server with the settings of ``module``, which writes what it complains of to ``log``. On SQLite
    it has one process, whatever is asked for."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).chmod(0o600)  # the server refuses one that everybody can read
    around = environment(PORT=str(port), WEB_CONCURRENCY=str(processes), DJANGO_SETTINGS_MODULE=module)
    command = [sys.executable, "-m", "gunicorn", "--config", "config/server.py", "config.wsgi"]
    with (
        log.open("wb") as complaints,
        subprocess.Popen(command, cwd=ROOT, env=around, stdout=subprocess.DEVNULL, stderr=complaints) as process,
    ):
        try:
            _wait(process, port, log)
            yield port
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if Visitor(port).get("/healthz").status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.05)
    raise RuntimeError(f"The server does not answer: {log.read_text()[-2000:]}")

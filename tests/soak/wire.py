"""The same requests as in this process, sent to a server on loopback byte by byte."""

import http.client
import socket
from contextlib import suppress
from pathlib import Path

from tests.soak.server import PATIENCE_SECONDS
from tests.soak.wsgi import Answer, Asked, Site

TOLD_CHARS = 6000
"""How much of what the server complained of is shown."""


class Wire:
    """Asks the server at ``port``, which writes its complaints to ``log``, with the sessions of ``site``."""

    def __init__(self, site: Site, port: int, log: Path) -> None:
        self.site, self.port, self.log = site, port, log

    def ask(self, asked: Asked) -> Answer:
        """Raises ``OSError`` or ``HTTPException`` where there is no answer that could be read."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS) as line:
            # Where the server has answered before it has read all, that answer is what counts.
            with suppress(BrokenPipeError, ConnectionResetError):
                line.sendall(self._bytes(asked))
            response = http.client.HTTPResponse(line, method=asked.method)
            try:
                response.begin()
                body = response.read()
            finally:
                response.close()
        fault = self.log.read_text(errors="replace")[-TOLD_CHARS:] if response.status >= 500 else ""
        return Answer(response.status, dict(response.getheaders()), body, fault)

    def _bytes(self, asked: Asked) -> bytes:
        target = f"{asked.path}?{asked.query}" if asked.query else asked.path
        ours = {"Content-Length": str(len(asked.body)), "Connection": "close"}
        lines = [f"{name}: {value}" for name, value in (self.site.headers(asked) | ours).items()]
        head = f"{asked.method} {target} HTTP/1.1".encode() + b"\r\n" + "\r\n".join(lines).encode("latin-1")
        return head + b"\r\n\r\n" + asked.body

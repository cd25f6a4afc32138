"""What `make run` asks before it changes anything: `python -m config.startup`."""

import errno
import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import databases, env


def main() -> None:
    """Exits with one sentence where the site could not be served."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        env.writable(settings.VAR_DIR)
        check_port(settings.HOST, settings.PORT)
        check_secrets(settings.DATABASES["default"])
    except ImproperlyConfigured as error:
        sys.exit(f"Hearsay cannot start. {error}")


def check_secrets(database: dict[str, Any]) -> None:
    """Raises ``ImproperlyConfigured`` where others on this machine could read what it keeps to itself."""
    if settings.DEBUG:
        return
    if not env.text("SECRET_KEY"):
        env.check_private(settings.VAR_DIR / "secret_key")
    file = databases.file_of(database)
    if file:
        env.check_private(file)


def check_port(host: str, port: int) -> None:
    """Raises ``ImproperlyConfigured`` where nobody can listen there. Asked first: gunicorn asks for seconds."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As gunicorn does: connections of a server that has just ended are in nobody's way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                other = port + 1 if port < 65535 else port - 1
                raise ImproperlyConfigured(f"Port {port} is in use; try make run PORT={other}.") from error
            reason = f"HOST={host} PORT={port}: nobody can listen there ({error.strerror})."
            raise ImproperlyConfigured(reason) from error


def greeting(bind: str, *, https: bool, behind_proxy: bool) -> str:
    """What the server says when it serves at `bind`. It speaks plain http: TLS is its proxy's."""
    if not https:
        return f"Hearsay is at http://{bind}/ – Ctrl-C stops it."
    if behind_proxy:
        return f"Hearsay is at http://{bind}/ for your proxy, which serves it as https – Ctrl-C stops it."
    return (
        f"Hearsay is at http://{bind}/ and sends every visitor to https – Ctrl-C stops it.\n"
        "Behind a proxy that ends TLS and always sets X-Forwarded-Proto, set BEHIND_PROXY=on, or no page is ever shown."
    )


if __name__ == "__main__":
    main()

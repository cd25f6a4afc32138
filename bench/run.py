"""Measures everything and writes docs/performance.md: `python -m bench.run --claims 10000 100000 --engine sqlite`.

Databases and figures are kept under var/bench; `--report` writes the page from figures that are there.
"""

import argparse
import datetime as dt
import hashlib
import json
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import generate, load, report
from bench.engines import ENGINES, FOLDER, ROOT, Database, Server, server
from bench.goals import TITLES

SEED = 1
PLANTED = FOLDER / "planted"
"""Where the figures and the page of a run with a fault go, so that they never mix with others."""
GENERATOR = ("bench/generate.py", "bench/words.py", "bench/world.py")
MADE_BY = (
    *GENERATOR,
    *("articles/migrations", "claims/migrations", "articles/search", "claims/search", "claims/importers"),
)
"""Where these change, a database that is kept is made anew."""


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.umask(0o077)  # the server does not start on a database that everybody can read
    asked = arguments()
    if not asked.report:
        collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(collect, cwd=ROOT, check=True)
        for engine in asked.engine:
            with server(engine) as running:
                for claims in asked.claims:
                    measure(running, claims, asked)
    wrong = report.write(PLANTED / "performance.md", PLANTED) if asked.plant else report.write()
    print("\n".join(["", f"{len(wrong)} goals missed or not measured:", *wrong]))
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the site, and write docs/performance.md.")
    parser.add_argument("--claims", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--engine", choices=ENGINES, nargs="+", default=list(ENGINES))
    parser.add_argument("--fresh", action="store_true", help="make the databases anew")
    parser.add_argument("--keep", action="store_true", help="keep databases whose code has changed since")
    parser.add_argument("--only", choices=TITLES, nargs="+", default=[], metavar="FIGURE", help=", ".join(TITLES))
    parser.add_argument("--load-only", action="store_true", help="fill the databases, and ask for no page")
    parser.add_argument("--report", action="store_true", help="only write the page from figures that are there")
    parser.add_argument("--plant", action="store_true", help="slow every page: the report must say so")
    return parser.parse_args()


def measure(running: Server, claims: int, asked: argparse.Namespace) -> None:
    """Fill the database if it is not there, ask for its pages, and keep the figures."""
    print(f"{running.engine}, {claims:,} claims", flush=True)
    file = report.RESULTS / f"{running.engine}-{claims}.json"
    file.parent.mkdir(exist_ok=True)
    database = running.database(f"bench_{claims}")
    told = json.loads(file.read_text()) if file.exists() else {}
    if asked.fresh or not told or not (asked.keep or told["made_by"] == fingerprint()):
        told = {"engine": running.engine, "claims": claims, "made_by": fingerprint()}
        told |= {"figures": loads(running, database, claims), "about": about(database)}
        file.write_text(json.dumps(told, indent=1))
    if not asked.load_only:
        told["figures"] |= ask(database, claims, asked.only, plant=asked.plant)
        told["about"] = about(database)
        file = PLANTED / file.name if asked.plant else file
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(told, indent=1))


def loads(running: Server, database: Database, claims: int) -> dict[str, Any]:
    data = data_of(claims)
    figure = load.ours(database, data)
    print(f"  load_jsonl: {figure['ours']['cpu']:.1f} s", flush=True)
    figure["sql"] = load.by_hand(database, running.database(f"{database.name}_copy"))
    print(f"  by hand: {figure['sql']['cpu']:.1f} s", flush=True)
    small = running.database("bench_small")
    small.create()
    small.manage("load_jsonl", str(data_of(load.SAMPLE)))
    compared = load.loaddata(running, small, FOLDER / "small.json")
    small.drop()
    print(
        f"  loaddata: {compared['ours']['cpu']:.1f} ms a claim, Django's own {compared['plain']['cpu']:.1f}", flush=True
    )
    return {"load": figure, "loaddata": compared, "fixtures": load.fixtures(running)}


def data_of(claims: int) -> Path:
    """The folder with the files of so many claims; written anew where what makes them has changed."""
    folder = FOLDER / f"data-{claims}"
    stamp = folder / "made_by"
    if not stamp.exists() or stamp.read_text() != fingerprint(GENERATOR):
        generate.write(folder, claims, SEED)
        stamp.write_text(fingerprint(GENERATOR))
    return folder


def ask(database: Database, claims: int, only: list[str], *, plant: bool) -> dict[str, Any]:
    """The figures of the pages, from a process of their own: Django knows one database a process."""
    result = FOLDER / "pages.out"
    command = [sys.executable, "-m", "bench.pages", database.engine, database.url, str(claims)]
    command += [str(database.server or 0), str(result), *only]
    more = {"PLANT": "1"} if plant else {}
    with subprocess.Popen(command, cwd=ROOT, env=database.environment(**more)) as process:
        try:
            code = process.wait()
        except BaseException:
            process.terminate()  # so that it stops its servers
            raise
    if code:
        raise subprocess.CalledProcessError(code, command)
    figures: dict[str, Any] = json.loads(result.read_text())
    result.unlink()
    return figures


def fingerprint(names: Sequence[str] = MADE_BY) -> str:
    """Of what decides what is in a database, or in the files at ``names``."""
    digest = hashlib.sha256()
    for name in names:
        place = ROOT / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(file.read_bytes())
    return digest.hexdigest()


def about(database: Database) -> dict[str, str]:
    """What a reader has to know of the machine and of the versions."""
    engine = "PostgreSQL" if database.engine == "postgresql" else "SQLite"
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "Date": dt.date.today().isoformat(),
        "Machine": f"{len(models)} × {models[0] if models else platform.machine()}, {memory:.0f} GB",
        "Python": f"{platform.python_version()}, Django {version('django')}, gunicorn {version('gunicorn')}",
        engine: database.version(),
    }


if __name__ == "__main__":
    sys.exit(main())

"""Measures the pages of one database: `python -m bench.pages ENGINE URL CLAIMS SERVER RESULT`, as ``bench.run`` does.

Every page is asked for over HTTP of the server as it runs in use, by an editor who is signed in. What is beside it
runs in turns with it, so that a slow minute slows all.
"""

import json
import os
import re
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore

from bench import desk, exports
from bench.chosen import Chosen, choose
from bench.clock import Call, measure, sum_of
from bench.engines import Database
from bench.hand import Hand, Rows
from bench.queries import PAGE_SIZE, QUERIES, Query, facet_sql, page_sql, total_sql
from bench.site import BadAnswer, Site, serve
from claims.first_run import make_account

Figure = dict[str, Any]
"""What was measured of one thing: by who did it, ``asdict(Spent)``; or why it could not be."""

ROW = re.compile(rb'<a href="/claims/(\d+)-[^"/]*/"')
WORKER = "editor"


def session() -> str:
    """The key of a session in which somebody with the role of an editor is signed in."""
    user = User.objects.filter(username=WORKER).first() or make_account(WORKER, "only for measuring")
    store = SessionStore()
    # The door stands before it in the list, and looks nobody up.
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


class Bench:
    """The two sites and the hand that are measured beside each other on one database."""

    def __init__(self, database: Database, chosen: Chosen, site: Site, plain: Site) -> None:
        self.database, self.chosen, self.site, self.plain = database, chosen, site, plain
        self.hand = Hand(database)

    def asking(self, site: Site, path: str) -> Call:
        return Call(lambda: site.check(path), sum_of([site.cpu, self.database.cpu]))

    def tasks(self) -> dict[str, Callable[[], Figure]]:
        """By the name of each figure, what measures it."""
        found: dict[str, Callable[[], Figure]] = {
            name: partial(self.facets if query.facets else self.page, query) for name, query in QUERIES.items()
        }
        found |= {name: partial(desk.listed, self.database, self.site, path) for name, path in desk.LISTS.items()}
        found["edit"] = lambda: desk.edit(self.database, self.site, self.plain, self.some_claim())
        found |= {
            name: partial(exports.export, self.database, self.site, self.hand, params)
            for name, params in exports.LISTS.items()
        }
        return found

    def some_claim(self) -> int:
        """A claim from the middle of the list, which has statements as most have."""
        low = f"SELECT min(id) FROM claims_claim WHERE statement_count = 2 AND id > {self.chosen.claims // 2}"  # nosec B608 # a number of ours
        return int(self.hand.rows((low, []))[0][0])

    def page(self, query: Query) -> Figure:
        engine, chosen = self.database.engine, self.chosen
        path, before = self.place(query)
        sql, total = page_sql(engine, query, chosen, **before), total_sql(engine, query, chosen)
        rows = self.hand.page(sql, total)
        ids = ",".join(str(row[2]) for row in rows)
        calls = {
            "ours": self.asking(self.site, path),
            "sql": Call(lambda: self.hand.page(sql, total), self.hand.cpu),
            "view": self.asking(self.plain, f"/handed/?ids={ids}"),
            "lean": self.asking(self.plain, self.lean(query)),
        }
        return self.measured(calls) | {"path": path, "same": self.is_same(path, rows)}

    def place(self, query: Query) -> tuple[str, dict[str, int]]:
        """The address of the page, and for the SQL the key at which the page before it ends."""
        path = query.address(self.chosen)
        if query.page in ("deep", "last"):
            return self.site.tidy(f"{path}?page={self.number_of(query)}"), {}
        if query.page == "end":
            return self.linked(path, rb'<a href="([^"]+)"[^>]*>\s*Last page'), {}
        if query.page == "after":
            deep = page_sql(self.database.engine, QUERIES["deep_jump"], self.chosen)
            before = self.linked(f"{path}?page={self.chosen.deep_page - 1}", rb'<a href="([^"]+)" rel="next">')
            return before, {"before": self.hand.rows(deep)[0][0] + 1}
        return self.site.tidy(path), {}

    def linked(self, path: str, pattern: bytes) -> str:
        """Where a link on the page at ``path`` leads."""
        link = re.search(pattern, self.site.get(self.site.tidy(path)).body)
        if not link:
            raise BadAnswer(f"{path} has no such link as {pattern.decode()}")
        return self.site.tidy(urljoin(path, link[1].decode().replace("&amp;", "&")))

    def number_of(self, query: Query) -> int:
        last = -(-self.chosen.claims // PAGE_SIZE)
        return {"first": 1, "last": last, "end": last}.get(query.page, self.chosen.deep_page)

    def lean(self, query: Query) -> str:
        number = self.number_of(query)
        path = query.address(self.chosen).replace("/claims/", "/lean/", 1)
        return path if number == 1 else f"{path}{'&' if '?' in path else '?'}page={number}"

    def is_same(self, path: str, rows: Rows) -> bool:
        """Whether the page shows the very rows that the SQL found, in its order."""
        shown = list(dict.fromkeys(int(pk) for pk in ROW.findall(self.site.get(path).body)))
        return shown == [row[2] for row in rows]

    def facets(self, query: Query) -> Figure:
        path, sql = self.site.tidy(query.address(self.chosen)), facet_sql(self.database.engine, query, self.chosen)
        values = self.site.get(path).body.count(b"<li")
        calls = {
            "ours": self.asking(self.site, path),
            "sql": Call(lambda: self.hand.counted(sql), self.hand.cpu),
            "view": self.asking(self.plain, f"/handed/facets/?values={values}"),
            "lean": self.asking(self.plain, self.lean(query)),
        }
        return self.measured(calls) | {"path": path}

    def measured(self, calls: dict[str, Call]) -> Figure:
        return {who: asdict(spent) for who, spent in zip(calls, measure(calls.values()), strict=True)}


def guarded(task: Callable[[], Figure]) -> Figure:
    """The figure, or that a page does not come."""
    try:
        return task()
    except BadAnswer as problem:
        return {"problem": str(problem)}


def main(engine: str, url: str, claims: str, server: str, result: str, *only: str) -> None:
    """Writes the figures to the file ``result``; all, or those named in ``only``."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    database = Database(engine, url, int(server) or None)
    figures: dict[str, Figure] = {}
    with ExitStack() as stack:
        key = session()
        planted = {"DJANGO_SETTINGS_MODULE": "bench.planted_settings"} if os.environ.get("PLANT") else {}
        site = stack.enter_context(serve(database, key, **planted))
        # Some plain pages take longer than we would let a page take.
        unlike = {"DJANGO_SETTINGS_MODULE": "bench.plain_settings", "STATEMENT_TIMEOUT": "0"}
        plain = stack.enter_context(serve(database, key, **unlike))
        tasks = Bench(database, choose(int(claims)), site, plain).tasks()
        for name in only or tasks:
            figures[name] = guarded(tasks[name])
            print(f"  {name}: {figures[name].get('problem') or round(figures[name]['ours']['cpu'], 1)}", flush=True)
    Path(result).write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Measures the editors' desk: its lists, with and without a search, and saving a claim."""

import itertools
from dataclasses import asdict
from typing import Any

from bench import words
from bench.clock import Call, measure, sum_of
from bench.engines import Database
from bench.site import BadAnswer, Site, form_in

LISTS = {
    "desk_claims": "/admin/claims/claim/",
    "desk_claims_search": f"/admin/claims/claim/?q={words.FREQUENT}",
    "desk_statements": "/admin/claims/statement/",
    "desk_statements_search": f"/admin/claims/statement/?q={words.FREQUENT}",
    "desk_sources": "/admin/claims/source/",
    "desk_sources_search": "/admin/claims/source/?q=Anna",
    "desk_tags": "/admin/claims/tag/",
    "desk_tags_search": "/admin/claims/tag/?q=al",
    "desk_articles": "/admin/articles/article/",
    "desk_articles_search": f"/admin/articles/article/?q={words.FREQUENT}",
}

EDITED = "short_text"
REASON = "why"
"""Where our form asks for one: of a published claim it wants it."""


def listed(database: Database, site: Site, path: str) -> dict[str, Any]:
    """One list of the desk."""
    path = site.tidy(path)
    asking = Call(lambda: site.check(path), sum_of([site.cpu, database.cpu]))
    return {"ours": asdict(measure([asking])[0]), "path": path}


def edit(database: Database, site: Site, plain: Site, claim: int) -> dict[str, Any]:
    """Saving ``claim`` with another short text at our desk, beside the same in a plain admin."""
    ours = Edit(site, f"/admin/claims/claim/{claim}/change/")
    theirs = Edit(plain, f"/plain/claims/claim/{claim}/change/")
    calls = {
        who: Call(edit.save, sum_of([edit.site.cpu, database.cpu]), edit.prepare)
        for who, edit in (("ours", ours), ("plain", theirs))
    }
    return {who: asdict(spent) for who, spent in zip(calls, measure(calls.values()), strict=True)}


class Edit:
    """Saves a claim's form, again and again. ``prepare`` fetches the form, and is not measured."""

    def __init__(self, site: Site, path: str) -> None:
        self.site, self.path = site, path
        self.numbers = itertools.count(1)
        self.form: list[tuple[str, str]] = []

    def prepare(self) -> None:
        page = self.site.get(self.path)
        if page.status != 200:
            raise BadAnswer(f"{self.path} answers {page.status}")
        fields = form_in(page.body, "claim_form")
        typed = dict.fromkeys((EDITED, REASON), f"Edited for the {next(self.numbers)}. time")
        self.form = [(name, typed.get(name, value)) for name, value in fields]

    def save(self) -> None:
        answer = self.site.post(self.path, self.form)
        if answer.status != 302:
            raise BadAnswer(f"{self.path} answers {answer.status} to its own form")

"""Every address of the site, with rows of the database in it."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, get_resolver, reverse

from articles.models import Article, Publisher
from claims.models import Claim, SavedList, Source, Tag

HOLE = re.compile(r"<(?:\w+:)?(\w+)>")
"""A place in an address that a row fills."""

ROWS: dict[str, type[Model]] = {
    "claims": Claim,
    "sources": Source,
    "publishers": Publisher,
    "articles": Article,
    "tags": Tag,
    "lists": SavedList,
}
"""Whose rows stand in the addresses below a folder of the site."""


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: ``route`` has holes such as "<int:pk>", ``model`` is whose rows fill them."""

    route: str
    model: type[Model] | None

    @property
    def is_desk(self) -> bool:
        return self.route.startswith("admin/")

    def filled(self, values: dict[str, str]) -> str:
        """The path with ``values`` in its holes; a hole that none is for is filled with "1"."""
        return "/" + HOLE.sub(lambda hole: values.get(hole[1], "1"), self.route)


def addresses() -> list[Address]:
    """All of them, in the resolver's order. What the desk refuses as unknown stands there too."""
    return [Address(route, _model(route)) for route in _routes(get_resolver(), "")]


def _routes(resolver: Any, before: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            yield from _routes(pattern, route)
        elif "^" in route:
            yield from (f"admin/{label}/" for label in ("articles", "auth", "claims"))
        else:
            yield route.replace("(?P<url>.*)$", "<path:url>")


def _model(route: str) -> type[Model] | None:
    folders = route.split("/")
    if folders[0] == "admin" and len(folders) > 3:
        try:
            return apps.get_model(folders[1], folders[2])
        except LookupError:
            return None
    return ROWS.get(folders[0])


def values_of(row: Model) -> dict[str, str]:
    """What of ``row`` stands in addresses, by the names of the holes."""
    named = {"slug": getattr(row, "slug", ""), "uid": str(getattr(row, "uid", uuid.UUID(int=0)))}
    if isinstance(row, Claim):
        named["slug"] = row.get_absolute_url().rstrip("/").partition("-")[2]
    key = str(row.pk)
    return named | {"pk": key, "object_id": key, "id": key, "content_type_id": "1", "name": "kind"}


def lists() -> list[str]:
    """The pages that show many rows: the site's lists, exports and feeds, and the desk's lists."""
    public = ["home", "claim_list", "source_list", "publisher_list", "article_list", "tag_list", "saved_lists"]
    paths = [reverse(name) for name in [*public, "claim_feed", "claim_facets", "source_facets", "article_facets"]]
    paths += [f"{reverse('claim_export')}?format={form}" for form in ("csv", "json", "jsonl")]
    paths += [reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in desk_models()]
    return ["/healthz", *paths, reverse("admin:index")]


def desk_models() -> list[type[Model]]:
    return list(admin.site._registry)


def pages_of(row: Model) -> list[str]:
    """The pages of one row: at the desk, with its history, and on the site."""
    paths = []
    if type(row) in admin.site._registry:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        paths += [reverse(f"{name}_{page}", args=[row.pk]) for page in ("change", "history")]
    shown = getattr(row, "get_absolute_url", lambda: "")().partition("#")[0]
    return [*paths, shown] if shown.startswith("/") else paths

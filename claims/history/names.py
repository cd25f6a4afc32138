"""What rows are called, as one viewer may read it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model, Prefetch, QuerySet

from articles.models import Article, ArticleVersion
from articles.rows import Among
from claims.models import Appearance, Attribution, ClaimLink, Evidence, Review, SourceRole, sees_desk

NOT_SHOWN = "not shown"
"""Stands for what is not there any more and for what is not the viewer's to see alike."""

WITH = {
    Appearance: ("statement", "claim"),
    Attribution: ("source",),
    ClaimLink: ("from_claim", "to_claim"),
    Evidence: ("article",),
    Review: ("reviewer", "rating"),
    SourceRole: ("organisation",),
}
"""What names of rows are made of besides their own columns."""

VERSIONS = {Article: "versions", Evidence: "article__versions"}


class Names:
    """The names of rows. Say which are wanted, ``load`` them, and ask: one query a kind, and two of articles."""

    def __init__(self, viewer: Any) -> None:
        self.viewer = viewer
        self._wanted: dict[type[Model], set[int]] = defaultdict(set)
        self._rows: dict[tuple[type[Model], int], Model] = {}

    def want(self, rows: Iterable[tuple[type[Model], int]]) -> None:
        for model, pk in rows:
            self._wanted[model].add(pk)

    def load(self) -> None:
        for model, ids in self._wanted.items():
            for row in self._visible(model).filter(Among("pk", ids)):
                self._rows[model, row.pk] = row
        self._wanted.clear()

    def row(self, model: type[Model], pk: int) -> Any:
        """The row itself; ``None`` where it is not shown."""
        return self._rows.get((model, pk))

    def of(self, model: type[Model], pk: int) -> str:
        row = self.row(model, pk)
        if row is None:
            return NOT_SHOWN
        if isinstance(row, User):
            return row.get_username()
        if isinstance(row, Appearance):
            return f"{row.get_stance_display()}: {row.statement}"
        return str(row)

    def _visible(self, model: type[Model]) -> "QuerySet[Any]":
        rows: Any = model._base_manager.all()
        if hasattr(model._default_manager, "visible_to"):
            rows = model._default_manager.visible_to(self.viewer)
        elif not sees_desk(self.viewer):
            rows = rows.none()
        if model is ArticleVersion:
            rows = rows.defer("text")
        if model in VERSIONS:
            rows = rows.prefetch_related(Prefetch(VERSIONS[model], ArticleVersion.objects.defer("text")))
        return rows.select_related(*WITH[model]).order_by() if model in WITH else rows.order_by()

"""Rows that were merged into another, whose old names and addresses lead there."""

from typing import Any, Self

from django.db import models


class Mergeable(models.Model):
    """A row that can be merged into another of its kind: then all that pointed to it points there, and it is kept for
    its name and its address alone."""

    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged_from"
    )

    class Meta:
        abstract = True

    def survivor(self) -> Self:
        """The row itself, or the one that it was merged into, through however many merges. One query a step."""
        row: Any = self
        seen = {row.pk}
        while row.merged_into is not None and row.merged_into_id not in seen:
            row = row.merged_into
            seen.add(row.pk)
        return row


def survivor_named(model: type[Mergeable], **name: Any) -> Any:
    """Of the row that was called so and merged, the one that it was merged into; ``None`` where no merged row was."""
    merged = model._base_manager.filter(merged_into__isnull=False, **name).first()
    return merged.survivor() if merged else None

"""Rows that people edit: a lock that moves with each save, and which the database keeps the history of."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from articles.models.base import Imported


class StaleSave(Exception):
    """The row was changed by somebody else since it was read; nothing was written."""


class LockedQuerySet(models.QuerySet):
    def change(self, **values: Any) -> int:
        """Update in one statement as a save would: the lock and ``updated_at`` move. Returns the rows changed."""
        return self.update(**values, lock=F("lock") + 1, updated_at=timezone.now())

    def change_rows(self, rows: "Iterable[Locked]", **values: Any) -> None:
        """The same for ``rows`` as they were read: one statement for each of their locks.

        Raises ``StaleSave`` where one of them has changed since; run it in a transaction.
        """
        by_lock: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            by_lock[row.lock].append(row.pk)
        for lock, pks in by_lock.items():
            if self.filter(pk__in=pks, lock=lock).change(**values) != len(pks):
                raise StaleSave(f"{self.model._meta.verbose_name_plural} have changed since they were read")


class Locked(Imported):
    """A row that people edit. Whatever writes it moves its lock by one; the database notes what it said before
    (``articles.history``), so the lock moves first and what hangs on it, like a claim's tags, after it."""

    DERIVED: ClassVar[tuple[str, ...]] = ()
    """The columns that ``provenance.refresh`` alone writes. What a row in memory holds of them may be old."""

    KEEPS_HISTORY: ClassVar[bool] = True
    """Whether what a row said before is kept."""

    lock = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, and move its lock in the same transaction. A new row never overwrites a stored one,
        and a stored one keeps its derived columns unless ``update_fields`` names them.

        Raises ``StaleSave`` where the stored lock is no longer the one that was read.
        """
        if self._state.adding:
            super().save(*args, **kwargs | {"force_insert": True})
            return
        if self.DERIVED and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = self._typed_columns()
        with transaction.atomic():
            stored = type(self)._base_manager.filter(pk=self.pk, lock=self.lock)
            if not stored.update(lock=F("lock") + 1):
                raise StaleSave(f"{self._meta.verbose_name} {self.pk} has changed since it was read")
            self.lock += 1
            try:
                super().save(*args, **kwargs)
            except BaseException:
                self.lock -= 1
                raise

    def _typed_columns(self) -> set[str]:
        """The columns that are no derived ones; those that were not read are left out, as Django does."""
        unread = self.get_deferred_fields()
        columns = (column for column in self._meta.concrete_fields if not column.primary_key)
        return {column.name for column in columns if column.attname not in unread} - {*self.DERIVED}

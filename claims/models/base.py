"""What every row of judgement has in common: a lock that moves with each save, and withdrawal."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from articles.models import Imported, Uid


class StaleSave(Exception):
    """The row was changed by somebody else since it was read; nothing was written."""


def sees_desk(user: Any) -> bool:
    """Whether ``user`` has a role: then all of the desk's record is theirs to read, but others' private
    notes and the identities of unnamed voices. Roles are groups; each grants ``claims.see_desk``."""
    return bool(user.is_active and user.has_perm("claims.see_desk"))


def is_one_of(rows: models.QuerySet, column: str) -> Exists:
    """Whether ``column`` names one of ``rows``. It is asked of each row for itself: databases would gather all of
    ``rows`` first, be they a million."""
    return Exists(rows.order_by().filter(pk=OuterRef(column)))


class JudgementQuerySet(models.QuerySet):
    """Query words that all rows of judgement share."""

    def current(self) -> Self:
        """Rows that nobody has withdrawn."""
        return self.filter(withdrawn_at=None)

    def change(self, **values: Any) -> int:
        """Update in one statement as a save would: the lock and ``updated_at`` move. Returns the rows changed."""
        return self.update(**values, lock=F("lock") + 1, updated_at=timezone.now())


class Judgement(Imported):
    """A row that editors write. Nothing is deleted through the interface: it is withdrawn, with a reason."""

    DERIVED: ClassVar[tuple[str, ...]] = ()
    """The columns that ``provenance.refresh`` alone writes. What a row in memory holds of them may be old."""

    lock = models.PositiveIntegerField(default=1, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        # Nobody is asked what they withdrew, and accounts are never deleted.
        db_index=False,
        related_name="+",
    )
    withdrawn_reason = models.CharField(max_length=500, blank=True, editable=False)

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

    def withdraw(self, *, by: Any, reason: str) -> None:
        """Take the row out of every list and count, and keep it."""
        self.withdrawn_at, self.withdrawn_by, self.withdrawn_reason = timezone.now(), by, reason
        self.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])

    def bring_back(self) -> None:
        """Undo a withdrawal."""
        self.withdrawn_at, self.withdrawn_by, self.withdrawn_reason = None, None, ""
        self.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])


class UidJudgement(Uid, Judgement):
    """A row of judgement whose natural key is its uid."""

    class Meta:
        abstract = True

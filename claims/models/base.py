"""What every row of judgement has in common: the desk's eyes, and withdrawal."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from articles.models import Locked, LockedQuerySet, Uid


def sees_desk(user: Any) -> bool:
    """Whether ``user`` has a role: then all of the desk's record is theirs to read, but others' private
    notes and the identities of unnamed voices. Roles are groups; each grants ``claims.see_desk``."""
    return bool(user.is_active and user.has_perm("claims.see_desk"))


def is_one_of(rows: models.QuerySet, column: str) -> Exists:
    """Whether ``column`` names one of ``rows``. It is asked of each row for itself: databases would gather all of
    ``rows`` first, be they a million."""
    return Exists(rows.order_by().filter(pk=OuterRef(column)))


class JudgementQuerySet(LockedQuerySet):
    """Query words that all rows of judgement share."""

    def current(self) -> Self:
        """Rows that nobody has withdrawn."""
        return self.filter(withdrawn_at=None)


class Judgement(Locked):
    """A row that editors write. Nothing is deleted through the interface: it is withdrawn, with a reason."""

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

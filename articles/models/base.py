"""What rows of both apps carry: when and by whom they were made, a key for fixtures, the import they came from."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class Named:
    """Rows that were looked up by their names, so that a load of fixtures asks for none of them twice."""

    def __init__(self) -> None:
        self._rows: dict[tuple[Any, ...], Any] = {}
        self._names: dict[tuple[Any, ...], tuple[Any, ...]] = {}

    def find(self, rows: models.Manager, column: str, name: str) -> Any:
        """The one of ``rows`` that is called so. Raises ``DoesNotExist``."""
        key = (rows.model, rows.db, name)
        if key not in self._rows:
            row = self._rows[key] = rows.get(**{column: name})
            self._names[rows.model, rows.db, row.pk] = key
        return self._rows[key]

    def forget(self, row: models.Model) -> None:
        """``row`` was written: its name may be another now."""
        key = self._names.pop((type(row), row._state.db, row.pk), None)
        if key is not None:
            del self._rows[key]


_named: ContextVar[Named | None] = ContextVar("named", default=None)


@contextmanager
def remembering_names() -> Iterator[Named]:
    """Within, rows are looked up by natural key once. Whoever writes one has to say so."""
    known = Named()
    token = _named.set(known)
    try:
        yield known
    finally:
        _named.reset(token)


def find_named(rows: models.Manager, column: str, name: str) -> Any:
    known = _named.get()
    return rows.get(**{column: name}) if known is None else known.find(rows, column, name)


class SlugManager(models.Manager):
    """Rows that a fixture names by their slug."""

    def get_by_natural_key(self, slug: str) -> Any:
        return find_named(self, "slug", slug)


class UidManager(models.Manager):
    """Rows that a fixture names by their uid."""

    def get_by_natural_key(self, uid: str) -> Any:
        return find_named(self, "uid", uid)


class Recorded(models.Model):
    """When a row came to be, by whom, and when it last changed."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.updated_at = timezone.now()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "updated_at"}
        super().save(*args, **kwargs)


class Uid(models.Model):
    """A row whose natural key is a UUID of its own."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str]:
        return (str(self.uid),)


class ImportRun(Uid, Recorded):
    """One run of an importer. Its four counts add up to the items that the file held."""

    format = models.CharField(max_length=20)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    objects = UidManager()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.format})"

    @property
    def total(self) -> int:
        """The number of items that the file held."""
        return self.created + self.updated + self.unchanged + self.rejected


class ImportProblem(Uid, Recorded):
    """One item that an import could not take: where, why, and its raw text, so that nothing is lost."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField(help_text="The line of the file on which the item begins, from 1.")
    reason = models.CharField(max_length=500)
    raw = models.TextField(help_text="What the file held. Bytes that are no text stand as \\x… escapes.")

    objects = UidManager()

    class Meta:
        ordering = ["run", "line", "id"]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class Imported(Recorded):
    """A row that may have come from an import."""

    import_run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")

    class Meta:
        abstract = True

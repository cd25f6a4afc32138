"""What was taken out of the record because the law demanded it: who, when and why, never what."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Erasure(models.Model):
    """One demand that was met. It tells the kind and number of what it was about and how many rows were written,
    and none of their words."""

    class Kind(models.TextChoices):
        TEXT = "text", "text of an article"
        SOURCE = "source", "source"
        IDENTITY = "identity", "identity of an unnamed voice"
        ACCOUNT = "account", "account"

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    why = models.CharField("reason", max_length=500)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    row = models.BigIntegerField("number", help_text="The number that the row has, or had, in this database.")
    counts = models.JSONField("rows", default=dict, help_text="By kind of row, how many were written or deleted.")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.row}"

"""Who has which page of the desk open."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Presence(models.Model):
    """One person at one row's page. Rows that were not renewed for a minute count no more, and go."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=20, help_text="The model, as “claim”.")
    row = models.BigIntegerField()
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "row", "user"], name="claims_presence_once_a_page")]

    def __str__(self) -> str:
        return f"{self.user} at {self.kind} {self.row}"

"""When people last looked at what others changed."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone


class VisitQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Everybody's own."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class Visit(models.Model):
    """One person's word that they have seen what changed up to a revision. Dumps leave it out: a revision has its
    number in one database alone."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="visit")
    at = models.DateTimeField(default=timezone.now)
    seen = models.PositiveBigIntegerField(help_text="The newest revision that there was then.")

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["user"]

    def __str__(self) -> str:
        return f"{self.user}: {self.at:%Y-%m-%d %H:%M}"

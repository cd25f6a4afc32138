"""Which texts a program has looked at for statements."""

from django.db import models
from django.utils import timezone

from articles.models import ArticleVersion


class Look(models.Model):
    """One captured text that was looked at for statements, whether or not any was found: by which method, last.
    Dumps leave it out: to look again doubles nothing."""

    version = models.OneToOneField(ArticleVersion, models.CASCADE, related_name="look")
    method = models.CharField(max_length=50)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["version"]

    def __str__(self) -> str:
        return f"{self.version}: {self.method}"

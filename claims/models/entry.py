"""How the list of claims finds and counts its rows. Derived: ``provenance.refresh`` alone writes here."""

from django.db import models

from articles.search.entry import Entry, EntryQuerySet
from claims.models.claim import Claim


class ClaimEntry(Entry):
    """One claim as the list of claims finds it: its words, the values of its facets, and the chain that its
    row shows."""

    claim = models.OneToOneField(Claim, models.CASCADE, related_name="entry")
    chain = models.JSONField(null=True, help_text="The chain of its first statement, as ``represent`` packs it.")
    line = models.TextField(blank=True, help_text="The same on one plain line, for exports.")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "claim entries"
        ordering = ["-key"]

    def __str__(self) -> str:
        return f"entry of claim {self.claim_id}"

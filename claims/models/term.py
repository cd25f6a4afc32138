"""How many claims have each value of a facet. Derived: ``provenance.refresh`` alone writes here."""

from django.db import models
from django.db.models import CharField, Exists, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from articles.search.terms import term


class TermCountQuerySet(models.QuerySet):
    def of_row(self, facet: str, suffix: str = "") -> models.QuerySet:
        """The count of the claims that have the row outside for their value of ``facet``."""
        parts = [Value(term(facet, "")), Cast(OuterRef("pk"), CharField()), *([Value(suffix)] if suffix else [])]
        return self.filter(term=Concat(*parts)).order_by()


class TermCount(models.Model):
    """One value of a facet, with how many claims in use have it: of all, and of those that the public sees."""

    term = models.CharField(max_length=100, primary_key=True)
    facet = models.CharField(max_length=1)
    desk = models.IntegerField(default=0)
    public = models.IntegerField(default=0)

    objects = TermCountQuerySet.as_manager()

    class Meta:
        ordering = ["term"]
        indexes = [
            # The commonest values of a facet, beside the list without filters.
            models.Index(fields=["facet", "-desk", "term"], name="claims_termcount_desk"),
            models.Index(fields=["facet", "-public", "term"], name="claims_termcount_public"),
        ]

    def __str__(self) -> str:
        return f"{self.term}: {self.desk}, {self.public} of them public"


def claims_with(facet: str, *, desk: bool, suffix: str = "") -> Coalesce:
    """How many claims in use have the row for their value of ``facet``, as the desk counts or the public."""
    counts = TermCount.objects.of_row(facet, suffix).values("desk" if desk else "public")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


def is_counted(facet: str, *, desk: bool) -> Exists:
    """Whether there is such a claim."""
    return Exists(TermCount.objects.of_row(facet).filter(**{f"{'desk' if desk else 'public'}__gt": 0}))


def is_public_in(facet: str) -> Exists:
    """Whether the public sees such a claim."""
    return is_counted(facet, desk=False)

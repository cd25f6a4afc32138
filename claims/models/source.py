"""Voices that words are attributed to."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

from articles.models import Article, Mergeable, Publisher, SlugManager, UidManager, WikidataField, refuse_loop
from claims.models.base import Judgement, JudgementQuerySet, UidJudgement, is_one_of, sees_desk
from claims.models.term import is_public_in
from claims.search.terms import Facet

TRAILS = (
    *("speaks_for", "speaks_for__speaks_for", "speaks_for__speaks_for__speaks_for"),
    *("known_through", "speaks_for__known_through", "known_through__speaks_for"),
)
"""From a source to those behind it, as far as the public may follow: a spokesperson, a ministry, a government,
a union of them; somebody unnamed, the outlet that vouches, its owner."""


class SourceQuerySet(JudgementQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For the public: sources that a visible statement names, and whom those speak for or are known
        through, as far as ``TRAILS`` lead: the entries of claims hold them all."""
        return self if sees_desk(user) else self.current().filter(is_public_in(Facet.NAMED))

    def named_like(self, words: str) -> Self:
        """Sources whose name or one of whose aliases contains ``words``."""
        return self.filter(Q(name__icontains=words) | Q(aliases__icontains=words))


class Source(Mergeable, Judgement):
    """One voice that words are attributed to: a person, an institution, a document, a poll."""

    class Kind(models.TextChoices):
        PERSON = "person", "person"
        ORGANISATION = "organisation", "organisation"
        GROUP = "group", "group"
        OUTLET = "outlet", "outlet"
        DOCUMENT = "document", "document"
        DATASET = "dataset", "dataset or poll"

    name = models.CharField(max_length=200, help_text="For an unnamed voice, its published description.")
    slug = models.SlugField(max_length=200, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.PERSON)
    named = models.BooleanField(default=True, help_text="Off for a voice whose name was not published.")
    description = models.CharField(
        max_length=300, blank=True, help_text="Who this is; of an unnamed voice, how it was described."
    )
    known_through = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="vouched_for",
        help_text="The outlet that vouches for an unnamed voice.",
    )
    aliases = models.TextField(
        blank=True, max_length=5000, help_text="Other names, one a line; metonyms too: Kremlin, Moscow."
    )
    speaks_for = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="spoken_for_by",
        help_text="Whose voice this is: the ministry of a spokesperson, the issuer of a document.",
    )
    publisher = models.OneToOneField(
        Publisher,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="source",
        help_text="Where an outlet is a source.",
    )
    article = models.ForeignKey(
        Article,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sources",
        help_text="Where a document is stored as an article.",
    )
    wikidata_id = WikidataField(blank=True)

    objects = SlugManager.from_queryset(SourceQuerySet)()

    class Meta:
        ordering = ["name", "id"]
        permissions = [("merge_source", "Can merge sources")]
        indexes = [
            # The desk's list and everybody's.
            models.Index(fields=["name", "id"], name="claims_source_name"),
            models.Index(Lower("name"), F("id"), name="claims_source_lower_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(named=True) | ~Q(description=""),
                name="claims_source_unnamed_is_described",
                violation_error_message="Say how the unnamed voice was described.",
            ),
            models.CheckConstraint(
                condition=Q(named=False) | Q(known_through=None),
                name="claims_source_named_needs_no_voucher",
                violation_error_message="Only an unnamed voice is known through an outlet.",
            ),
            models.CheckConstraint(
                condition=Q(speaks_for=None) | ~Q(speaks_for=F("id")),
                name="claims_source_not_its_own_voice",
                violation_error_message="A source cannot speak for itself here: leave the field empty.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["articles.publisher", "articles.article"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("source_detail", args=[self.slug])

    def clean(self) -> None:
        refuse_loop(self, "A source cannot speak for itself, not even through others.", "speaks_for")
        refuse_loop(self, "A source cannot be known through itself.", "known_through")
        refuse_loop(self, "A source cannot speak for those who vouch for it.", "speaks_for", "known_through")
        if not self.named and not self.description:
            raise ValidationError({"description": "Say how the unnamed voice was described."})

    @property
    def alias_list(self) -> list[str]:
        """The aliases, without blank lines."""
        return [line.strip() for line in self.aliases.splitlines() if line.strip()]


class SourceRoleQuerySet(JudgementQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For the public: the roles of visible sources."""
        return self if sees_desk(user) else self.current().filter(is_one_of(Source.objects.visible_to(user), "source"))


class SourceRole(UidJudgement):
    """One dated role of a source: a statement shows the role that was held then."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="roles")
    title = models.CharField(max_length=200)
    organisation = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="roles_within")
    held_from = models.DateField(null=True, blank=True)
    held_to = models.DateField(null=True, blank=True)

    objects = UidManager.from_queryset(SourceRoleQuerySet)()

    class Meta:
        ordering = ["source", F("held_from").desc(nulls_last=True), "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_from=None) | Q(held_to=None) | Q(held_from__lte=F("held_to")),
                name="claims_role_from_before_to",
                violation_error_message="The role ends before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.organisation}" if self.organisation else self.title

    def get_absolute_url(self) -> str:
        """The page of its source."""
        return self.source.get_absolute_url()


class IdentityQuerySet(JudgementQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For nobody but those with the permission of its own."""
        return self if user.is_active and user.has_perm("claims.view_identity") else self.none()


class Identity(UidJudgement):
    """One guess at who an unnamed voice is. It has a permission of its own, and stays out of history,
    search, autocomplete, counts and exports."""

    KEEPS_HISTORY = False

    source = models.ForeignKey(Source, models.PROTECT, related_name="identities")
    guess = models.ForeignKey(Source, models.PROTECT, related_name="+")
    note = models.TextField(max_length=5000, blank=True)

    objects = UidManager.from_queryset(IdentityQuerySet)()

    class Meta:
        verbose_name_plural = "identities"
        ordering = ["source", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=F("guess")),
                name="claims_identity_of_somebody_else",
                violation_error_message="The guess names the unnamed voice itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"guess at {self.source}"

    def clean(self) -> None:
        if self.source_id and self.source.named:
            raise ValidationError({"source": "This source is named: there is nothing to guess."})

    def get_absolute_url(self) -> str:
        """The page of the unnamed voice, which says nothing of the guess."""
        return self.source.get_absolute_url()

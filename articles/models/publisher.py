"""Who publishes."""

from django.core.validators import DomainNameValidator
from django.db import models
from django.urls import reverse

from articles.models.base import SlugManager
from articles.models.fields import COUNTRY_CODE, LanguageField, WebURLField, WikidataField
from articles.models.locked import Locked, LockedQuerySet
from articles.models.merged import Mergeable


class Publisher(Mergeable, Locked):
    """One outlet that publishes: a newspaper, an agency, a blog, a ministry's press page, a fact-checker."""

    class Kind(models.TextChoices):
        NEWSPAPER = "newspaper", "newspaper"
        AGENCY = "agency", "news agency"
        BROADCASTER = "broadcaster", "broadcaster"
        MAGAZINE = "magazine", "magazine"
        BLOG = "blog", "blog"
        GOVERNMENT = "government", "government body"
        THINK_TANK = "think_tank", "think tank"
        AGGREGATOR = "aggregator", "aggregator"
        PLATFORM = "platform", "platform"
        FACT_CHECKER = "fact_checker", "fact-checker"
        OTHER = "other", "other"

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.OTHER)
    homepage = WebURLField(blank=True)
    domain = models.CharField(max_length=253, blank=True, validators=[DomainNameValidator()])
    country = models.CharField(
        max_length=2, blank=True, validators=[COUNTRY_CODE], help_text="Two letters, ISO 3166-1: DE."
    )
    language = LanguageField(blank=True)
    wikidata_id = WikidataField(blank=True, help_text="For example Q153770.")

    objects = SlugManager.from_queryset(LockedQuerySet)()

    class Meta:
        ordering = ["name", "id"]
        permissions = [("merge_publisher", "Can merge publishers")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("publisher_detail", args=[self.slug])

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

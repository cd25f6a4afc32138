"""Evidence: what was published. Captured text is never edited, so that offsets into it never shift."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator, RegexValidator, URLValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from articles import text as texts
from articles.dates import Precision, show_moment
from articles.search.entry import Entry, EntryQuerySet, Matches
from articles.search.expression import ALL, Expression


class WebURLField(models.URLField):
    """A web address: http or https only, so that no stored link can run script."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 2000)
        super().__init__(*args, **kwargs)


class LanguageField(models.CharField):
    """A language as a BCP 47 tag: "en", "pt-BR"."""

    default_validators = [
        RegexValidator(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\Z", "Give a language tag such as “en” or “pt-BR”.")
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 35)
        super().__init__(*args, **kwargs)


class WikidataField(models.CharField):
    """The number of a thing in Wikidata: "Q153770"."""

    default_validators = [RegexValidator(r"^Q[1-9][0-9]*\Z", "Give the number of a Wikidata item, such as “Q153770”.")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", "Wikidata id")
        kwargs.setdefault("max_length", 20)
        super().__init__(*args, **kwargs)


COUNTRY_CODE = RegexValidator(r"^[A-Z]{2}\Z", "Give the two capital letters of ISO 3166-1, such as “DE”.")

MAX_IDENTIFIER_BYTES = 2000
"""PostgreSQL cannot index more than 2,704 bytes, and letters outside ASCII take several."""


def short_enough_to_index(identifier: str) -> None:
    """Raise ``ValidationError`` where ``identifier`` takes more than 2,000 bytes."""
    size = len(identifier.encode())
    if size > MAX_IDENTIFIER_BYTES:
        raise ValidationError(f"The identifier takes {size:,} bytes; {MAX_IDENTIFIER_BYTES:,} at most can be stored.")


class SlugManager(models.Manager):
    """Rows that a fixture names by their slug."""

    def get_by_natural_key(self, slug: str) -> Any:
        return self.get(slug=slug)


class UidManager(models.Manager):
    """Rows that a fixture names by their uid."""

    def get_by_natural_key(self, uid: str) -> Any:
        return self.get(uid=uid)


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


class Publisher(Imported):
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

    objects = SlugManager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("publisher_detail", args=[self.slug])

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


PUBLISHED_RANK = Coalesce(F("published_at"), Value(dt.datetime(1, 1, 1, tzinfo=dt.UTC)))
"""When an article was published, with the unknown before everything else on both engines."""


class ArticleQuerySet(models.QuerySet):
    def search(self, wanted: Expression) -> Self:
        """Articles that the inverted index finds, by the words of their newest texts and by what they are."""
        return self if wanted == ALL else self.filter(Matches("entry__key", wanted))

    def newest_first(self) -> Self:
        """By date of publication, unknown last."""
        return self.order_by(PUBLISHED_RANK.desc(), "-id")


class ArticleManager(models.Manager):
    def get_by_natural_key(self, identifier: str) -> Any:
        return self.get(identifier=identifier)


class Article(Imported):
    """One published item, however often its text was captured."""

    class Kind(models.TextChoices):
        NEWS = "news", "news"
        OPINION = "opinion", "opinion"
        WIRE = "wire", "wire report"
        PRESS_RELEASE = "press_release", "press release"
        TRANSCRIPT = "transcript", "transcript"
        BROADCAST = "broadcast", "broadcast"
        SOCIAL_POST = "social_post", "social post"
        DOCUMENT = "document", "document"
        EXCERPT = "excerpt", "excerpt"

    identifier = models.CharField(
        max_length=2000,
        unique=True,
        validators=[short_enough_to_index],
        help_text="The canonical address; without one, a urn:uuid: that the import made.",
    )
    publisher = models.ForeignKey(
        Publisher, models.PROTECT, null=True, blank=True, related_name="articles", help_text="Empty: unknown."
    )
    byline = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.NEWS)
    published_at = models.DateTimeField(null=True, blank=True, help_text="In UTC. Empty: unknown.")
    published_precision = models.CharField(
        max_length=5, choices=Precision.choices, default=Precision.DAY, help_text="How exactly the date is known."
    )
    language = LanguageField(default="en")
    archive_url = WebURLField("archived copy", blank=True)
    text_public = models.BooleanField(
        default=False,
        help_text="Anonymous visitors may read the whole text; otherwise only the quoted passages.",
    )
    republishes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="republished_as",
        help_text="The article that this one carries, as a reprint or an excerpt.",
    )

    objects = ArticleManager.from_queryset(ArticleQuerySet)()

    class Meta:
        ordering = [F("published_at").desc(nulls_last=True), "-id"]
        indexes = [
            # The article list, newest first.
            models.Index(PUBLISHED_RANK.desc(), F("id").desc(), name="articles_article_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(republishes=None) | ~Q(republishes=F("id")),
                name="articles_article_not_its_own_original",
                violation_error_message="An article cannot republish itself.",
            ),
        ]

    def __str__(self) -> str:
        version = self.latest_version
        return version.headline if version else self.identifier

    def get_absolute_url(self) -> str:
        return reverse("article_detail", args=[self.pk])

    def natural_key(self) -> tuple[str]:
        return (self.identifier,)

    def clean(self) -> None:
        refuse_loop(self, "An article cannot republish itself, not even through others.", "republishes")

    @property
    def latest_version(self) -> "ArticleVersion | None":
        """The newest captured text; reads prefetched ``versions`` where there are any."""
        return max(self.versions.all(), key=lambda version: version.number, default=None)

    def trail(self) -> list["Article"]:
        """This article, the one that it republishes, and so on to the original. A loop is walked once.

        Costs no query where ``republishes`` is at hand, else one a step.
        """
        trail, seen = [self], {self.pk}
        while (original := trail[-1].republishes) is not None and original.pk not in seen:
            seen.add(original.pk)
            trail.append(original)
        return trail

    @property
    def web_address(self) -> str:
        """The page's own address, or nothing where the identifier is a URN."""
        return self.identifier if self.identifier.startswith(("https://", "http://")) else ""

    @property
    def published_label(self) -> str:
        """When it was published, as exactly as that is known; empty where it is not."""
        return show_moment(self.published_at, self.published_precision)


CAPTURED = frozenset({"article", "article_id", "number", "headline", "text", "sha256"})
"""What of a version is the text as it was captured."""


class ArticleVersionQuerySet(models.QuerySet):
    """Refuses to edit or delete captured texts, many at once as well as one by one."""

    def update(self, **values: Any) -> int:
        if CAPTURED & values.keys():
            raise ValidationError(NEVER_EDITED)
        return super().update(**values)

    def delete(self) -> Any:
        raise ValidationError("A captured text is never deleted.")

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


NEVER_EDITED = "A captured text is never edited: add a new version instead."


class ArticleVersionManager(models.Manager):
    def get_by_natural_key(self, identifier: str, number: int) -> Any:
        return self.get(article__identifier=identifier, number=number)


class ArticleVersion(Imported):
    """One captured text of an article. Immutable: a publisher's edit is a new version."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    headline = models.CharField(max_length=texts.MAX_HEADLINE_CHARS)
    text = models.TextField(help_text="The whole text; its first line is the headline.")
    sha256 = models.CharField(max_length=64, editable=False)
    captured_at = models.DateTimeField(default=timezone.now)

    objects = ArticleVersionManager.from_queryset(ArticleVersionQuerySet)()

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="articles_version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="articles_version_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.headline} (version {self.number})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValidationError(NEVER_EDITED)
        self.sha256 = texts.fingerprint(self.text)
        super().save(*args, **kwargs | {"force_insert": True})

    def get_absolute_url(self) -> str:
        return f"{self.article.get_absolute_url()}?version={self.number}"

    def natural_key(self) -> tuple[str, int]:
        return (self.article.identifier, self.number)

    natural_key.dependencies = ["articles.article"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        if objection := texts.objection(self.text):
            raise ValidationError({"text": f"The text holds {objection.reason}."})
        self.text = texts.normalise(self.text)
        if len(self.text) > texts.MAX_TEXT_CHARS:
            raise ValidationError({"text": f"The text is longer than {texts.MAX_TEXT_CHARS:,} characters."})
        if self.text.split("\n", 1)[0] != self.headline:
            raise ValidationError({"text": "The first line of the text must be the headline."})

    @classmethod
    def next_for(cls, article: Article, **values: Any) -> Self:
        """An unsaved version of ``article`` with the next free number."""
        last = cls.objects.filter(article=article).aggregate(last=models.Max("number"))["last"] or 0
        return cls(article=article, number=last + 1, **values)


class ArticleEntry(Entry):
    """One article as lists find it: the words of its newest text. Derived: ``entries.refresh_articles`` alone
    writes here. The text is the body, the headline the title: who may not read the one may search the other."""

    article = models.OneToOneField(Article, models.CASCADE, related_name="entry")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "article entries"
        ordering = ["-key"]

    def __str__(self) -> str:
        return f"entry of article {self.article_id}"


Steps = Mapping[int, Collection[int]]
"""By the id of a row the ids of those that it points to."""


def looping(steps: Steps) -> set[int]:
    """The ids from which following ``steps`` never ends: those in a loop, and those that lead into one."""
    left = {pk: set(ahead) for pk, ahead in steps.items()}
    while ended := {pk for pk, ahead in left.items() if not ahead & left.keys()}:
        left = {pk: ahead for pk, ahead in left.items() if pk not in ended}
    return set(left)


def refuse_loop(row: models.Model, message: str, *fields: str) -> None:
    """Raise ``ValidationError`` where following the foreign keys ``fields`` from ``row`` never ends: on the
    field, or where they are several on the whole row.

    One query a step; such trails are a few steps long.
    """
    columns = [f"{field}_id" for field in fields]
    steps = {row.pk: {getattr(row, column) for column in columns} - {None}}
    while ahead := set().union(*steps.values()) - steps.keys():
        found = type(row)._base_manager.filter(pk__in=ahead).values_list("pk", *columns)
        steps |= {pk: set() for pk in ahead} | {pk: set(ids) - {None} for pk, *ids in found}
    if looping(steps):
        raise ValidationError({fields[0]: message} if len(fields) == 1 else message)

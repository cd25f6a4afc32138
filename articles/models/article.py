"""What was published, and each text of it that was captured. Those are never edited, so that offsets into them
never shift."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone

from articles import text as texts
from articles.dates import Precision, show_moment
from articles.models.base import Imported, find_named
from articles.models.fields import LanguageField, WebURLField, check_identifier, short_enough_to_index
from articles.models.locked import Locked, LockedQuerySet
from articles.models.loops import refuse_loop
from articles.models.publisher import Publisher
from articles.search.entry import Matches
from articles.search.expression import ALL, Expression

# Written out, for SQLite knows no index by a value that comes as a parameter.
PUBLISHED_RANK = Func(
    F("published_at"),
    template="COALESCE(%(expressions)s, '0001-01-01 00:00:00+00')",
    output_field=models.DateTimeField(),
)
"""When an article was published, with the unknown before everything else on both engines."""


class ArticleQuerySet(LockedQuerySet):
    def search(self, wanted: Expression) -> Self:
        """Articles that the inverted index finds, by the words of their newest texts and by what they are."""
        return self if wanted == ALL else self.filter(Matches("entry__key", wanted))

    def newest_first(self) -> Self:
        """By date of publication, unknown last."""
        return self.order_by(PUBLISHED_RANK.desc(), "-id")


class ArticleManager(models.Manager):
    def get_by_natural_key(self, identifier: str) -> Any:
        return find_named(self, "identifier", identifier)


class Article(Locked):
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
        validators=[short_enough_to_index, check_identifier],
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
        """The page's own address, or nothing where the identifier is a URN. ``may_be_link`` tells whether it is one."""
        return "" if self.identifier.startswith("urn:") else self.identifier

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

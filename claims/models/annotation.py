"""Editors' notes."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from articles import text as texts
from articles.models import ArticleVersion, UidManager
from claims.models.base import JudgementQuerySet, UidJudgement, is_one_of, sees_desk
from claims.models.claim import Claim
from claims.models.source import Source
from claims.models.statement import Statement

TARGETS = ("claim", "statement", "source", "version")


class AnnotationQuerySet(JudgementQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For the public: public notes on what they may see; of a text that is the quoted passages, unless all
        of it is public. A role sees the desk's notes too, and everybody their own private ones."""
        if sees_desk(user):
            return self.filter(~Q(visibility=Annotation.Visibility.PRIVATE) | Q(created_by=user))
        statements = Statement.objects.visible_to(user)
        quoted = statements.filter(version=OuterRef("version"), start__lte=OuterRef("start"), end__gte=OuterRef("end"))
        on_visible = (
            Q(is_one_of(Claim.objects.visible_to(user), "claim"))
            | is_one_of(statements, "statement")
            | is_one_of(Source.objects.visible_to(user), "source")
            | Exists(quoted)
            | Q(
                Q(start=None) | Q(version__article__text_public=True),
                Exists(statements.filter(version=OuterRef("version"))),
            )
        )
        return self.current().filter(on_visible, visibility=Annotation.Visibility.PUBLIC)


def exactly_one_target() -> Q:
    one = Q()
    for chosen in TARGETS:
        one |= Q(**{f"{target}__isnull": target != chosen for target in TARGETS})
    return one


class Annotation(UidJudgement):
    """One editor's note on a claim, a statement, a source or a passage of an article."""

    class Motivation(models.TextChoices):
        """The W3C Web Annotation motivations that a desk uses."""

        ASSESSING = "assessing", "assessing"
        COMMENTING = "commenting", "commenting"
        DESCRIBING = "describing", "describing"
        EDITING = "editing", "asking for a change"
        IDENTIFYING = "identifying", "identifying"
        LINKING = "linking", "linking"
        QUESTIONING = "questioning", "questioning"
        REPLYING = "replying", "replying"

    class Visibility(models.TextChoices):
        PRIVATE = "private", "only me"
        DESK = "desk", "the desk"
        PUBLIC = "public", "everybody"

    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="annotations")
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, blank=True, related_name="annotations")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="annotations")
    version = models.ForeignKey(
        ArticleVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="annotations",
        verbose_name="article version",
    )
    start = models.PositiveIntegerField(null=True, blank=True, help_text="The passage, in code points of the text.")
    end = models.PositiveIntegerField(null=True, blank=True)
    exact = models.TextField("passage", blank=True, editable=False)
    motivation = models.CharField(max_length=12, choices=Motivation.choices, default=Motivation.COMMENTING)
    body = models.TextField("note", max_length=20_000, help_text="Markdown.")
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.DESK)
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UidManager.from_queryset(AnnotationQuerySet)()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            # The desk's list, the newest first.
            models.Index(fields=["-created_at", "-id"], name="claims_annotation_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one_target(),
                name="claims_annotation_one_target",
                violation_error_message="Choose one thing to annotate: a claim, a statement, a source or a passage.",
            ),
            models.CheckConstraint(
                condition=Q(version=None, start=None, end=None) | Q(version__isnull=False, start__lt=F("end")),
                name="claims_annotation_passage_of_a_version",
                violation_error_message="A passage has an article version, a start, and an end after it.",
            ),
        ]

    def __str__(self) -> str:
        line = " ".join(self.body.split())
        return line if len(line) <= 80 else f"{line[:79]}…"

    @property
    def target(self) -> Any:
        """What the note is on."""
        return self.claim or self.statement or self.source or self.version

    def get_absolute_url(self) -> str:
        """Its place on the page of what it is on; empty in a form that was emptied of that."""
        return f"{self.target.get_absolute_url()}#note-{self.pk}" if self.target else ""

    def clean(self) -> None:
        self.place()

    def place(self) -> None:
        """Copy the words of the passage; raise ``ValidationError`` where the text has no such place."""
        if self.version_id is None or self.version is None or self.start is None or self.end is None:
            self.exact = ""
            return
        try:
            self.exact = texts.context(self.version.text, self.start, self.end).exact
        except ValueError as error:
            raise ValidationError({"end": f"Not a place in this text: {error}."}) from error

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.place()
        super().save(*args, **kwargs)

"""Fairness: whom the desk asked and what they answered, what it asked others to correct, what it corrected itself."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from articles.dates import DatePrecision, VagueDate, vague
from articles.models import Article, Publisher, UidManager, WebURLField
from claims.models.base import JudgementQuerySet, UidJudgement, is_one_of, sees_desk
from claims.models.claim import Claim
from claims.models.source import Source


class Asked(UidJudgement):
    """What the desk asked of somebody about a ``claim``, and by when it wanted to hear."""

    asked_on = models.DateField(default=timezone.localdate)
    asked_on_precision = models.CharField(max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY)
    due_on = models.DateField("answer by", null=True, blank=True, help_text="By when they were asked to answer.")

    class Meta:
        abstract = True
        ordering = ["claim", "-asked_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=F("asked_on")),
                name="claims_%(class)s_due_after_asked",
                violation_error_message="The answer was due before anybody asked.",
            ),
        ]

    @property
    def asked(self) -> VagueDate | None:
        return vague(self.asked_on, self.asked_on_precision)


class InquiryQuerySet(JudgementQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For the public: answers that are theirs to read, on a claim that they see, by nobody whom they may not
        know of."""
        if sees_desk(user):
            return self
        return self.current().filter(
            Q(source=None) | is_one_of(Source.objects.visible_to(user), "source"),
            is_one_of(Claim.objects.visible_to(user), "claim"),
            answer_public=True,
            outcome__in=Inquiry.HEARD,
        )

    def overdue(self) -> Self:
        """Those whom the desk still waits for, though the day has passed."""
        return self.current().filter(outcome=Inquiry.Outcome.WAITING, due_on__lt=timezone.localdate())


class Inquiry(Asked):
    """One question that the desk put to somebody about a claim: their right of reply."""

    class Channel(models.TextChoices):
        EMAIL = "email", "e-mail"
        PHONE = "phone", "telephone"
        LETTER = "letter", "letter"
        MEETING = "meeting", "in person"
        MESSAGE = "message", "message or post"
        FORM = "form", "form of a website"
        OTHER = "other", "other"

    class Outcome(models.TextChoices):
        WAITING = "waiting", "waiting"
        ANSWERED = "answered", "answered"
        DECLINED = "declined", "declined to comment"
        NO_ANSWER = "no_answer", "no answer"

    HEARD = (Outcome.ANSWERED, Outcome.DECLINED, Outcome.NO_ANSWER)
    """The outcomes that readers can be told of."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="inquiries")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="inquiries")
    publisher = models.ForeignKey(Publisher, models.PROTECT, null=True, blank=True, related_name="inquiries")
    name = models.CharField(
        "name as given", max_length=200, blank=True, help_text="Where it is neither, or who it was there."
    )
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    question = models.TextField(max_length=5000)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    answered_on = models.DateField(null=True, blank=True)
    answer = models.TextField(max_length=10_000, blank=True, help_text="In their own words.")
    answer_public = models.BooleanField(
        "readers see it",
        default=False,
        help_text="On the page of a claim that is public: whom the desk asked, when, and the answer; not the question.",
    )

    objects = UidManager.from_queryset(InquiryQuerySet)()

    class Meta(Asked.Meta):
        verbose_name = "right of reply"
        verbose_name_plural = "rights of reply"
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(withdrawn_at=None, outcome="waiting"), name="claims_inquiry_waiting"
            ),
        ]
        constraints = [
            *Asked.Meta.constraints,
            models.CheckConstraint(
                condition=Q(source__isnull=False) | Q(publisher__isnull=False) | ~Q(name=""),
                name="claims_inquiry_is_to_somebody",
                violation_error_message="Say whom you asked: a source, a publisher, or a name.",
            ),
            models.CheckConstraint(
                condition=Q(source=None) | Q(publisher=None),
                name="claims_inquiry_is_to_one",
                violation_error_message="Choose the source or the publisher, not both.",
            ),
            models.CheckConstraint(
                condition=Q(outcome="answered") | Q(answer=""),
                name="claims_inquiry_answer_is_an_answer",
                violation_error_message="An answer is there: set the outcome to “answered”.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="answered") | (Q(answered_on__isnull=False) & ~Q(answer="")),
                name="claims_inquiry_answered_says_what_and_when",
                violation_error_message="Say what they answered, and when.",
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(answered_on__gte=F("asked_on")),
                name="claims_inquiry_answered_after_asked",
                violation_error_message="The answer came before anybody asked.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.addressee}: {self.get_outcome_display()}"

    @property
    def addressee(self) -> str:
        """Whom the desk asked: the source or publisher, with the name behind it where one is given as well."""
        asked = self.source or self.publisher
        return f"{asked} ({self.name})" if asked and self.name else str(asked or self.name)

    @property
    def answered(self) -> VagueDate | None:
        return vague(self.answered_on, DatePrecision.DAY)

    def get_absolute_url(self) -> str:
        """The replies on the page of its claim."""
        return f"{self.claim.get_absolute_url()}#replies"


class CorrectionRequestQuerySet(JudgementQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For roles alone: what comes of it, a publisher says itself."""
        return self if sees_desk(user) else self.none()

    def overdue(self) -> Self:
        """Those that are open, though the day has passed."""
        return self.current().filter(outcome=CorrectionRequest.Outcome.OPEN, due_on__lt=timezone.localdate())


class CorrectionRequest(Asked):
    """One correction that the desk asked a publisher for, and what came of it."""

    class Outcome(models.TextChoices):
        OPEN = "open", "open"
        CORRECTED = "corrected", "corrected"
        PARTLY = "partly", "partly corrected"
        REFUSED = "refused", "refused"
        NO_ANSWER = "no_answer", "no answer"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="correction_requests")
    publisher = models.ForeignKey(Publisher, models.PROTECT, related_name="correction_requests")
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="correction_requests", help_text="Where it stands."
    )
    wrong = models.TextField("what is wrong", max_length=5000)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    outcome_on = models.DateField(null=True, blank=True)
    url = WebURLField("address of the correction", blank=True)
    note = models.TextField(max_length=5000, blank=True)

    objects = UidManager.from_queryset(CorrectionRequestQuerySet)()

    class Meta(Asked.Meta):
        verbose_name = "correction request"
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(withdrawn_at=None, outcome="open"), name="claims_correction_asked"
            ),
        ]
        constraints = [
            *Asked.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(outcome="open") | Q(outcome_on=None, url=""),
                name="claims_correction_request_open_has_no_outcome",
                violation_error_message="Something came of it: choose the outcome.",
            ),
            models.CheckConstraint(
                condition=Q(outcome_on=None) | Q(outcome_on__gte=F("asked_on")),
                name="claims_correction_request_outcome_after_asked",
                violation_error_message="The outcome came before anybody asked.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.get_outcome_display()}"

    @property
    def settled(self) -> VagueDate | None:
        return vague(self.outcome_on, DatePrecision.DAY)

    def get_absolute_url(self) -> str:
        """The replies on the page of its claim."""
        return f"{self.claim.get_absolute_url()}#replies"


class CorrectionQuerySet(JudgementQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For the public: those of claims that they see."""
        if sees_desk(user):
            return self
        return self.current().filter(is_one_of(Claim.objects.visible_to(user), "claim"))

    def newest_first(self) -> Self:
        return self.order_by("-corrected_on", "-id")


class Correction(UidJudgement):
    """One correction of a claim that we had published ourselves, in words for the public."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="corrections")
    corrected_on = models.DateField(default=timezone.localdate)
    text = models.TextField(
        "what was changed, and why", max_length=5000, help_text="For readers: what stood here, what stands now."
    )

    objects = UidManager.from_queryset(CorrectionQuerySet)()

    class Meta:
        ordering = ["claim", "-corrected_on", "-id"]

    def __str__(self) -> str:
        return f"{self.corrected_on}: {self.text[:80]}"

    def clean(self) -> None:
        if self.claim_id and self.claim.published_at is None:
            raise ValidationError("Only what was published can be corrected in public: change the claim itself.")

    @property
    def corrected(self) -> VagueDate | None:
        return vague(self.corrected_on, DatePrecision.DAY)

    def get_absolute_url(self) -> str:
        """The corrections on the page of the claim."""
        return f"{self.claim.get_absolute_url()}#corrections"

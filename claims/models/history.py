"""What happened to claims, and the lists that people keep of them."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from articles.models import Uid, UidManager
from claims.models.base import JudgementQuerySet, UidJudgement, sees_desk
from claims.models.claim import Claim


class TransitionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """For roles alone: how the desk works is the desk's."""
        return self if sees_desk(user) else self.none()


class Transition(Uid):
    """One change of a claim's status, written by ``workflow.move`` and by nothing else."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="transitions")
    old = models.CharField(max_length=12, choices=Claim.Status.choices)
    new = models.CharField(max_length=12, choices=Claim.Status.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=500, blank=True)

    objects = UidManager.from_queryset(TransitionQuerySet)()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_old_display()} → {self.get_new_display()}"

    def get_absolute_url(self) -> str:
        """The history on the page of its claim."""
        return f"{self.claim.get_absolute_url()}#history"


class SavedListQuerySet(JudgementQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The desk's lists for a role, and everybody's own."""
        if not user.is_authenticated:
            return self.none()
        own = Q(owner=user)
        return self.filter(own | Q(visibility=SavedList.Visibility.DESK) if sees_desk(user) else own)


class SavedList(UidJudgement):
    """One filtered list of claims under a name."""

    class Visibility(models.TextChoices):
        PRIVATE = "private", "only me"
        DESK = "desk", "the desk"

    name = models.CharField(max_length=100)
    query = models.CharField(max_length=2000, blank=True, help_text="What stands behind the ? of the list's address.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_lists")
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.PRIVATE)

    objects = UidManager.from_queryset(SavedListQuerySet)()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="claims_saved_list_name_once_an_owner",
                violation_error_message="You already have a list of that name.",
            ),
        ]
        permissions = [("share_savedlist", "Can share lists with the desk")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('claim_list')}?{self.query}" if self.query else reverse("claim_list")

"""What rows said before: a revision for each save, and in it a change for each row that it wrote.

The database writes the changes itself (``articles.triggers``), whichever door the save came through; the doors say
who saved and why (``articles.history``).
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.lookups import IsNull
from django.utils import timezone

from articles.models.base import ImportRun
from articles.models.locked import Locked


class Revision(models.Model):
    """One save: who wrote what, when and why, in one transaction."""

    class How(models.TextChoices):
        EDIT = "edit", "edited"
        BULK = "bulk", "bulk change"
        IMPORT = "import", "imported"
        FIXTURE = "fixture", "loaded from a fixture"
        RESTORE = "restore", "restored"
        MERGE = "merge", "merged"
        UNDO = "undo", "undone"
        ERASE = "erase", "erased on demand"

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="revisions",
        help_text="Empty: a command that was told no name.",
    )
    how = models.CharField(max_length=8, choices=How.choices, default=How.EDIT)
    label = models.CharField(max_length=300, blank=True, help_text="What was done: “Add tags: health”.")
    why = models.CharField(max_length=500, blank=True, help_text="The reason, in the words of who saved.")
    key = models.UUIDField(
        null=True, blank=True, unique=True, help_text="The form's own: one that arrives twice is saved once."
    )
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    import_run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, blank=True, related_name="revisions")

    class Meta:
        verbose_name = "save"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.label or self.get_how_display()


class Noted(models.Func):
    """The number that a change notes under a column, spelled without a parameter: so the index over it is used."""

    output_field = models.BigIntegerField()
    template = "json_extract(%(expressions)s, '$.%(column)s')"

    def __init__(self, column: str) -> None:
        super().__init__("was", column=column)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="((%(expressions)s ->> '%(column)s')::bigint)", **context)


def left(column: str) -> models.Index:
    """Finds the rows that once hung on another by ``column``, and were moved since."""
    noted = Noted(column)
    return models.Index(noted, condition=Q(IsNull(noted, False)), name=f"articles_change_{column}")


class Change(models.Model):
    """One row that a save wrote, with what the row said until then.

    No foreign key leads to the row: there are as many tables as kinds, rows are never deleted through the
    interface, and what was erased on demand leaves who, when and why.
    """

    revision = models.ForeignKey(
        Revision, models.PROTECT, null=True, related_name="changes", help_text="Empty: written past every door."
    )
    kind = models.CharField(max_length=20, help_text="The model, as “claim”.")
    row = models.BigIntegerField()
    lock = models.PositiveIntegerField(help_text="The row's lock from this save on.")
    was = models.JSONField(null=True, help_text="The typed columns and tags as they were. Empty: the row is new.")

    class Meta:
        ordering = ["-id"]
        indexes = [left("claim_id"), left("from_claim_id"), left("to_claim_id")]
        constraints = [
            # Also how a row's history is found, and what it said at a lock.
            models.UniqueConstraint(fields=["kind", "row", "lock"], name="articles_change_once_a_lock"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row}, {self.lock}"

    @property
    def model(self) -> type[Locked]:
        return recorded_models()[self.kind]


UNTYPED = {"id", "uid", "lock", "created_at", "created_by_id", "updated_at", "import_run_id"}
"""The columns that nobody types, and that no history tells."""


def recorded_models() -> dict[str, type[Locked]]:
    """The models whose rows keep a history, by their kind."""
    return {
        str(model._meta.model_name): model
        for model in apps.get_models()
        if issubclass(model, Locked) and model.KEEPS_HISTORY
    }


def typed_fields(model: type[Locked]) -> "list[models.Field[Any, Any]]":
    """The columns of ``model`` that history tells, in the order of the model."""
    derived = {model._meta.get_field(name) for name in model.DERIVED}
    return [field for field in model._meta.concrete_fields if field.column not in UNTYPED and field not in derived]

"""What can be done to many claims at once."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.formats import date_format

from articles.admin_base import Choices, Choosy
from articles.admin_widgets import Combobox, Day, MultiCombobox
from articles.models import StaleSave
from claims import workflow
from claims.admin.bulk import STALE, BringBack, BulkChange, Values, Withdraw
from claims.models import Claim, Tag
from claims.provenance.touched import Touched


class TagsForm(Choosy, forms.Form):
    tags = Choices(Tag.objects.current())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desk: Any = admin.site._registry[Tag]
        field: Any = self.fields["tags"]
        field.widget = desk.chooser(MultiCombobox)
        field.widget.choices = field.choices


class AddTags(BulkChange):
    name = "add_tags"
    label = "Add tags"
    button = "Add the tags"
    column = "tags"
    form_class = TagsForm

    def before(self, row: Claim) -> str:
        return self._names(row.tags.all())

    def after(self, row: Claim, values: Values) -> str:
        return self._names(self._tags_after(row, values))

    def _names(self, tags: Any) -> str:
        return ", ".join(tag.name for tag in sorted(tags, key=lambda tag: (tag.path, tag.pk))) or "none"

    def _tags_after(self, row: Claim, values: Values) -> set[Tag]:
        return {*row.tags.all(), *values["tags"]}

    def write(self, rows: list[Any], values: Values, user: Any, touched: Touched) -> dict[int, str]:
        self._count_as_saved(rows, touched)
        Filed = Claim.tags.through
        Filed.objects.bulk_create(
            [Filed(claim_id=row.pk, tag_id=tag.pk) for row in rows for tag in values["tags"]],
            ignore_conflicts=True,
            batch_size=500,
        )
        return {}

    def _count_as_saved(self, rows: list[Any], touched: Touched) -> None:
        """The lock moves first, so that history notes the tags as they were."""
        Claim.objects.change_rows(rows)
        touched.add_all(rows)

    def log_message(self, values: Values) -> str:
        return f"{self.label}: {self._names(values['tags'])}"


class RemoveTags(AddTags):
    name = "remove_tags"
    label = "Remove tags"
    button = "Remove the tags"

    def _tags_after(self, row: Claim, values: Values) -> set[Tag]:
        return set(row.tags.all()) - set(values["tags"])

    def write(self, rows: list[Any], values: Values, user: Any, touched: Touched) -> dict[int, str]:
        self._count_as_saved(rows, touched)
        pks = [row.pk for row in rows]
        Claim.tags.through.objects.filter(claim__in=pks, tag__in=values["tags"]).delete()
        return {}


class AssigneeForm(Choosy, forms.Form):
    assignee = forms.ModelChoiceField(User.objects.none(), required=False, help_text="Empty: nobody.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desk: Any = admin.site._registry[User]
        field: Any = self.fields["assignee"]
        field.queryset = desk.offered(None)
        field.widget = desk.chooser(Combobox)
        field.widget.choices = field.choices


class Assign(BulkChange):
    name = "assign"
    label = "Assign"
    button = "Assign"
    column = "assignee"
    form_class = AssigneeForm

    def before(self, row: Claim) -> str:
        return str(row.assignee or "nobody")

    def after(self, row: Claim, values: Values) -> str:
        return str(values["assignee"] or "nobody")

    def write(self, rows: list[Any], values: Values, user: Any, touched: Touched) -> dict[int, str]:
        Claim.objects.change_rows(rows, assignee=values["assignee"])
        return {}

    def log_message(self, values: Values) -> str:
        return f"Assigned to {values['assignee'] or 'nobody'}"


class StatusForm(forms.Form):
    to = forms.ChoiceField(label="New status", choices=Claim.Status.choices)
    note = forms.CharField(max_length=500, required=False)
    look_again = forms.DateField(
        label="Look at them again on",
        required=False,
        widget=Day,
        help_text="For promises, predictions and figures, which time proves right or wrong. Empty: due as they are.",
    )


class ChangeStatus(BulkChange):
    """Through ``workflow.move``, claim by claim, so that each refusal has its reason."""

    name = "change_status"
    label = "Change status"
    button = "Change the status"
    column = "status"
    form_class = StatusForm

    def before(self, row: Claim) -> str:
        return row.get_status_display()

    def after(self, row: Claim, values: Values) -> str:
        label = Claim.Status(values["to"]).label
        again = self._look_again(row, values)
        return f"{label}, due again on {date_format(again)}" if again and row.status != values["to"] else label

    def refusal(self, row: Claim, values: Values, user: Any) -> str:
        return "" if row.status == values["to"] else workflow.refusal(row, to=values["to"], by=user)

    def write(self, rows: list[Any], values: Values, user: Any, touched: Touched) -> dict[int, str]:
        refused = {}
        for row in rows:
            try:
                with transaction.atomic():
                    self._move(row, values, user, touched)
            except workflow.MoveRefused as refusal:
                refused[row.pk] = str(refusal)
            except StaleSave:
                refused[row.pk] = STALE
        return refused

    def _look_again(self, row: Claim, values: Values) -> dt.date | None:
        return values["look_again"] if row.kind in workflow.LOOKED_AT_AGAIN else None

    def _move(self, row: Claim, values: Values, user: Any, touched: Touched) -> None:
        again = self._look_again(row, values)
        workflow.move(row, to=values["to"], by=user, note=values["note"], look_again=again, touched=touched)

    def log_message(self, values: Values) -> str:
        return f"Status: {Claim.Status(values['to']).label}"


class WithdrawClaim(Withdraw):
    """What the public has seen is the reviewer's to take away."""

    def refusal(self, row: Claim, values: Values, user: Any) -> str:
        if row.published_at and not row.withdrawn_at and not user.has_perm("claims.publish_claim"):
            return "It was published: withdrawing it is the reviewer's."
        return ""


class BringClaimBack(BringBack):
    """What would stand before the public again is the reviewer's to bring back."""

    def refusal(self, row: Claim, values: Values, user: Any) -> str:
        if row.published_at and row.withdrawn_at and not user.has_perm("claims.publish_claim"):
            return "It was published: bringing it back is the reviewer's."
        return super().refusal(row, values, user)

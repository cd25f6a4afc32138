"""Forms of the desk: they notice when somebody else was faster, and bring back what was withdrawn."""

import copy
import re
import uuid
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import InlineForeignKeyField, model_to_dict
from django.utils import timezone
from django.utils.functional import cached_property

from articles.admin_base import DeskForm, is_id
from articles.history import Values
from claims import reasons
from claims.admin.overtaken import Overtaken, as_it_was, overtaken
from claims.models.base import Judgement
from config import audit

LOCK = "seen_lock"
"""The form field that carries the lock of the row as it was when the page was opened."""

WHY_BELOW = "Nothing was saved: say why under “This change”."

ABOUT_THE_SAVE = ("form_key", "why")
"""The fields of a page's form that say something of the save."""

OVERTAKEN = "Somebody else saved this after you opened it."


def visible(queryset: Any, user: Any) -> Any:
    """What of ``queryset`` is ``user``'s to see. Models without a rule of their own are the desk's."""
    return queryset.visible_to(user) if hasattr(queryset, "visible_to") else queryset


class LockedForm(DeskForm):
    """A form over a row with a lock. Where somebody else saved the row since the page was opened, and something else
    was typed than they saved, ``overtaken`` says what there is to ask; until that is answered nothing is saved."""

    seen_lock = forms.IntegerField(required=False, widget=forms.HiddenInput)
    user: Any = None
    """Who fills in the form; set on the class that is made for each request."""

    twin_key: tuple[str, ...] = ()
    """The fields that make a row unique: a withdrawn row of the same key is brought back, not doubled."""

    may_change = True
    """Whether who fills in the form may change the row; who may not sends nothing of it."""

    gone = False
    """Whether the row has left the page that the form stands on."""

    shown_otherwise: tuple[str, ...] = ()
    """Columns that the form shows in fields of other names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.superseded: Judgement | None = None
        if self.instance.pk:
            self.initial[LOCK] = self.instance.lock

    @property
    def lock_name(self) -> str:
        return self.add_prefix(LOCK)

    @cached_property
    def overtaken(self) -> Overtaken | None:
        """What there is to ask before the form may be saved."""
        return overtaken(self) if self.is_bound and self.may_change and not self.instance._state.adding else None

    def row_fields(self) -> list[str]:
        """The fields that say something of the row."""
        hidden = {LOCK, *ABOUT_THE_SAVE, self.instance._meta.pk.name}
        return [
            name
            for name, field in self.fields.items()
            if name not in hidden and not field.disabled and not isinstance(field, InlineForeignKeyField)
        ]

    def initial_of(self, values: Values) -> dict[str, Any]:
        """What the fields showed while the row said ``values``."""
        past = as_it_was(self.instance, values)
        linked = {field.name: values[field.name] for field in past._meta.many_to_many}
        columns = [name for name in self.fields if name not in linked]
        return model_to_dict(past, columns) | linked | self.shown_of(past)

    def shown_of(self, row: Any) -> dict[str, Any]:
        """What fields that are no columns show of ``row``."""
        return {}

    def full_clean(self) -> None:
        """First of all with what is stored, where nothing else was typed."""
        self.overtaken  # noqa: B018
        super().full_clean()

    @cached_property
    def changed_data(self) -> list[str]:
        """Without the lock, which nobody types."""
        self.overtaken  # noqa: B018
        return [name for name in super().changed_data if name != LOCK]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.overtaken:
            self.add_error(None, ValidationError(OVERTAKEN, code="overtaken"))
        return cleaned

    def _post_clean(self) -> None:
        """A stored row that nobody changed is not written, and need not be checked; one that others changed stays
        as they left it."""
        if self.overtaken or (self.instance.pk and not self.has_changed()):
            return
        self.take_over_twin()
        self.prepare()
        super()._post_clean()  # type: ignore[misc]

    def prepare(self) -> None:
        """For what a subclass sets on the instance, between choosing it and checking it."""

    def validate_unique(self) -> None:
        """In another row's form Django leaves out every constraint that names that row: “once a claim” too."""
        super().validate_unique()
        inline = any(isinstance(field, InlineForeignKeyField) for field in self.fields.values())
        if inline and not self.errors and self.has_changed():
            try:
                self.instance.validate_constraints(exclude=self._get_validation_exclusions())  # type: ignore[attr-defined]
            except ValidationError as error:
                self._update_errors(error)  # type: ignore[attr-defined]

    def reason_wanted(self, *, withdrawing: bool = False) -> str:
        """Why what was typed needs a reason; empty where it does not."""
        if type(self.instance) not in reasons.RULES or not (self.has_changed() or withdrawing):
            return ""
        row = copy.copy(self.instance)
        if withdrawing:
            row.withdrawn_at = timezone.now()
        return reasons.wanted(row, reasons.stored(row))

    def take_over_twin(self) -> None:
        """Where the typed key is that of a withdrawn row, write that one. A row that had another key before
        is left as ``superseded``, for the formset to withdraw."""
        twin = self.withdrawn_twin()
        if twin is None:
            return
        if not self.instance._state.adding:
            self.superseded = self.instance
        twin.withdrawn_at, twin.withdrawn_by, twin.withdrawn_reason = None, None, ""
        self.instance = twin

    def twin_values(self) -> dict[str, Any]:
        """The key as typed; empty where the form says nothing of it."""
        return {name: self.cleaned_data.get(name) for name in self.twin_key if name in self.fields}

    def withdrawn_twin(self) -> Any:
        values = self.twin_values()
        if not values or set(values) & set(self.errors) or not self.has_changed():
            return None
        if any(isinstance(value, Model) and value.pk is None for value in values.values()):
            return None
        rows = self._meta.model._base_manager.exclude(pk=self.instance.pk).exclude(withdrawn_at=None)
        return rows.filter(**values).first()


class KeyedForm(LockedForm):
    """A form that is saved once, however often it arrives."""

    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    @cached_property
    def changed_data(self) -> list[str]:
        """Without what is about the save and not about the row."""
        return [name for name in super().changed_data if name not in ABOUT_THE_SAVE]


class PageForm(KeyedForm):
    """The form of a row's own page at the desk: it may say why."""

    why = forms.CharField(
        label="Why",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Stands in the history beside what you change.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # For the rows on the page, whose reason stands here: Django gives their formsets this row, and no form.
        self.instance.page_form = self

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.overtaken:
            self.ask_why(self.reason_wanted())

    def ask_why(self, wanted: str) -> None:
        """Refuse the save where a reason is ``wanted`` and none was given."""
        if wanted and not self.cleaned_data.get("why") and "why" not in self.errors:
            self.add_error("why", wanted)


GAPS = 20
"""So many rows may be missing among those that a page sends."""


class WithdrawingFormSet(forms.BaseInlineFormSet):
    """Rows of judgement in another row's form. The checkbox at a row withdraws it; nothing is deleted."""

    user: Any = None

    def total_form_count(self) -> int:
        """As many as were sent: a number that claims thousands more would have them made, one by one."""
        count = super().total_form_count()
        return min(count, self._rows_sent) if self.is_bound else count

    @cached_property
    def _rows_sent(self) -> int:
        """Up to the last that was sent, where hardly any before it are missing."""
        numbered = re.compile(rf"{re.escape(str(self.prefix))}-(\d{{1,6}})-")
        sent = {int(found[1]) for name in self.data if (found := numbered.match(name))}
        return min(max(sent, default=-1) + 1, len(sent) + GAPS)

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].label = "Withdraw"

    def _existing_object(self, pk: Any) -> Any:
        """Rows that left the page since it was opened, too: what was typed of them is not to get lost."""
        row = super()._existing_object(pk)  # type: ignore[misc]
        if row is None and is_id(str(pk)):
            elsewhere = Q(withdrawn_at=None) & ~Q(**{self.fk.name: self.instance})
            model: Any = self.model
            row = visible(model._default_manager, self.user).filter(~Q(withdrawn_at=None) | elsewhere, pk=pk).first()
            vars(self).setdefault("gone", set()).add(pk)
        return row

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        """With the page's row at hand, so that naming a row costs no query."""
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.gone = form.instance.pk in vars(self).get("gone", ())
        if not form.gone:
            setattr(form.instance, self.fk.name, self.instance)
        return form

    def overtaken(self) -> list[Any]:
        """What there is to ask of the rows, each with its heading still to come."""
        forms: list[Any] = self.initial_forms
        return [form.overtaken for form in forms if form.overtaken]

    def is_valid(self) -> bool:
        """Rows that are to be withdrawn are not checked by Django; whether others changed them is."""
        return super().is_valid() and not self.overtaken()

    def _should_delete_form(self, form: Any) -> bool:
        return not form.gone and super()._should_delete_form(form)  # type: ignore[misc]

    def clean(self) -> None:
        """What bears on a published claim says why, in the page's own field."""
        super().clean()
        rows: Any = self.forms
        going = self._should_delete_form
        wanted = [reason for row in rows if (reason := row.reason_wanted(withdrawing=going(row)))]
        if wanted and not self.overtaken():
            self.instance.page_form.ask_why(wanted[0])
            if "why" in self.instance.page_form.errors:
                raise ValidationError(WHY_BELOW)

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        if commit:
            obj.withdraw(by=self.user, reason=f"withdrawn on the page of {self.instance}"[:500])
            facts = {"by": self.user.get_username(), "kind": obj._meta.model_name, "rows": obj.pk}
            # A save that was overtaken is tried again: only the one that stands is told.
            transaction.on_commit(partial(audit.record, "withdraw", **facts))

    def save_new(self, form: Any, commit: bool = True) -> Any:
        if form.instance._state.adding:
            form.instance.created_by = self.user
        return super().save_new(form, commit)

    def save(self, commit: bool = True) -> Any:
        saved = super().save(commit)
        for form in self.initial_forms:
            superseded = getattr(form, "superseded", None)
            if superseded is not None:
                self.delete_existing(superseded, commit)
        return saved

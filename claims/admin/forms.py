"""Forms of the desk: they notice when somebody else was faster, and bring back what was withdrawn."""

import uuid
from functools import cached_property, partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import InlineForeignKeyField

from articles.admin_base import DeskForm
from claims.models.base import Judgement
from config import audit

LOCK = "seen_lock"
"""The form field that carries the lock of the row as it was when the page was opened."""

ABOUT_THE_SAVE = ("form_key", "why")
"""The fields of a page's form that say something of the save."""


class LockedForm(DeskForm):
    """A form over a row of judgement. A save of a row that somebody else changed since the page was opened is
    refused with what is stored now; what was typed is kept, and saving again keeps it."""

    seen_lock = forms.IntegerField(required=False, widget=forms.HiddenInput)
    user: Any = None
    """Who fills in the form; set on the class that is made for each request."""

    twin_key: tuple[str, ...] = ()
    """The fields that make a row unique: a withdrawn row of the same key is brought back, not doubled."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.superseded: Judgement | None = None
        if self.instance.pk:
            self.initial[LOCK] = self.instance.lock

    @cached_property
    def changed_data(self) -> list[str]:
        """Without the lock, which nobody types."""
        return [name for name in super().changed_data if name != LOCK]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk and self.changed_data and self.cleaned_data.get(LOCK) != self.instance.lock:
            self.refuse_stale()
        return cleaned

    def refuse_stale(self) -> None:
        """Say what is stored now, and let the next save be a knowing one."""
        name = self.instance._meta.verbose_name
        stored = "; ".join(f"{self._label(field)}: {self._stored(field)}" for field in self.changed_data)
        self.add_error(
            None,
            ValidationError(
                f"Somebody else changed this {name} after you opened it, so nothing was saved. "
                f"What you typed is kept below. Stored now – {stored}. Save again to keep yours.",
                code="stale",
            ),
        )
        typed: Any = self.data.copy()  # type: ignore[attr-defined]
        typed[self.add_prefix(LOCK)] = str(self.instance.lock)
        self.data = typed

    def _label(self, name: str) -> str:
        field = self.fields.get(name)
        return str(field.label or name) if field else "withdrawn"

    def _stored(self, name: str) -> str:
        if name == DELETION_FIELD_NAME:
            return "no"
        display = getattr(self.instance, f"get_{name}_display", None)
        value: Any = display() if display else getattr(self.instance, name, self.initial.get(name))
        if hasattr(value, "all"):
            value = ", ".join(str(row) for row in value.all())
        return f"“{value}”" if value not in (None, "") else "empty"

    def _post_clean(self) -> None:
        """A stored row that nobody changed is not written, and need not be checked."""
        if self.instance.pk and not self.has_changed():
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


class PageForm(LockedForm):
    """The form of a row's own page: it may say why, and one that arrives twice is saved once."""

    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)
    why = forms.CharField(
        label="Why",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Stands in the history beside what you change.",
    )

    @cached_property
    def changed_data(self) -> list[str]:
        """Without what is about the save and not about the row."""
        return [name for name in super().changed_data if name not in ABOUT_THE_SAVE]


class WithdrawingFormSet(forms.BaseInlineFormSet):
    """Rows of judgement in another row's form. The checkbox at a row withdraws it; nothing is deleted."""

    user: Any = None

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].label = "Withdraw"

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        """With the page's row at hand, so that naming a row costs no query."""
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        setattr(form.instance, self.fk.name, self.instance)
        return form

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

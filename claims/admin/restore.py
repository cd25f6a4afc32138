"""The form that puts a version of a row back: which fields, why, and over which lock."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.functional import cached_property

from articles.admin_base import is_id
from articles.history import Values, drop_if_empty, recorded, values_at, values_of
from articles.models import Locked, Revision, StaleSave
from claims.admin.forms import LOCK
from claims.history.fields import Difference, Told, differing, related, told_fields
from claims.history.names import Names
from claims.provenance.touched import Touched
from claims.restoring import restore

STALE = "Somebody else changed it after you opened this page, so nothing was saved. This is what stands now."


class RestoreForm(forms.Form):
    """Which fields of a version are put back, and why."""

    fields_back = forms.MultipleChoiceField(
        label="What to put back",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what to put back."},
    )
    why = forms.CharField(
        label="Why",
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Stands in the history.",
    )
    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)
    seen_lock = forms.CharField(required=False, widget=forms.HiddenInput)


class Restore:
    """Putting back what a row said while its lock was ``lock``. ``read`` reads the row anew."""

    def __init__(self, read: Callable[[], Any], lock: int, user: Any, allowed: set[str]) -> None:
        self.read, self.lock, self.user, self.allowed = read, lock, user, allowed
        self.row: Locked = read()
        self.model: type[Locked] = type(self.row)
        self.values = values_at(self.row, lock)
        self.since: list[Difference] = []

    @cached_property
    def fields(self) -> list[Told]:
        """What the version says otherwise than the row does now, of what may be put back."""
        return [told for told in self._differing(self.now, self.values) if self.allowed.issuperset(told.values)]

    @cached_property
    def now(self) -> Values:
        return values_of(self.row)

    def _differing(self, one: Values | None, other: Values | None) -> list[Told]:
        return [told for told in told_fields(self.model).values() if told.raw(one) != told.raw(other)]

    def differences(self) -> list[Difference]:
        """What would become of each field."""
        return self._read(self.fields, self.now, self.values)

    def _read(self, fields: list[Told], before: Values | None, after: Values | None) -> list[Difference]:
        names = Names(self.user)
        for values in (before, after):
            names.want(related(self.model, values))
        names.load()
        return differing(fields, before, after, names)

    def form(self, data: Any) -> RestoreForm:
        form = RestoreForm(data, initial={LOCK: self.row.lock, "fields_back": [told.name for told in self.fields]})
        form.fields["fields_back"].choices = [(told.name, told.label) for told in self.fields]  # type: ignore[attr-defined]
        return form

    def save(self, form: RestoreForm) -> int:
        """Put back what ``form`` says. Returns the status to answer with: 302 where it is done. Nothing is written
        where the row is no longer the one that was shown.

        Raises ``AlreadySaved`` where the form came before.
        """
        seen = form.data.get(LOCK)
        if self._is_stale(form):
            return 409 if seen else 428
        if not form.is_valid():
            return 200
        try:
            self._write(form.cleaned_data)
        except StaleSave:
            self._start_anew()
            self._is_stale(form)
            return 409
        except ValidationError as error:
            form.add_error(None, _told(error))
            self._start_anew()
            return 200
        return 302

    def _write(self, chosen: dict[str, Any]) -> None:
        fields = [told for told in self.fields if told.name in chosen["fields_back"]]
        label = f"Version {self.lock}: {', '.join(told.label for told in fields)}"
        revision = {"how": Revision.How.RESTORE, "label": label[:300], "why": chosen["why"], "key": chosen["form_key"]}
        assert self.values is not None
        with recorded(by=self.user, **revision) as made:
            touched = Touched()
            restore(self.row, self.values, [name for told in fields for name in told.values], touched)
            touched.refresh()
            drop_if_empty(made)

    def _start_anew(self) -> None:
        """The row as it is stored: what was about to be written is still in the one at hand."""
        self.row = self.read()
        self.__dict__.pop("now", None)
        self.__dict__.pop("fields", None)

    def _is_stale(self, form: RestoreForm) -> bool:
        """Whether the row is another than was shown. Then what changed is told, and the next try is a knowing one."""
        seen = form.data.get(LOCK, "")
        if seen == str(self.row.lock):
            return False
        form.add_error(None, STALE)
        shown = values_at(self.row, int(seen)) if is_id(seen) else None
        if shown is not None:
            self.since = self._read(self._differing(shown, self.now), shown, self.now)
        data: Any = form.data.copy()  # type: ignore[attr-defined]
        data[LOCK] = str(self.row.lock)
        form.data = data
        return True


def _told(error: ValidationError) -> list[str]:
    """The messages, each behind the field that it is about."""
    if not hasattr(error, "error_dict"):
        return error.messages
    return [
        message if name == NON_FIELD_ERRORS else f"{name}: {message}"
        for name, found in error.message_dict.items()
        for message in found
    ]

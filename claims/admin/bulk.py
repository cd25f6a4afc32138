"""Changes of many rows at once: choose rows, say what, see what would change, confirm.

A bulk change stands in an admin class's ``actions``. One row's page uses the same steps through
``on_one``, so that withdrawing one row and withdrawing fifty look alike.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles import history
from articles.models import Revision, StaleSave
from claims.admin.again import tell_repeated
from claims.admin.conflict import UNLOCKED
from claims.dependents import Dependents, dependents
from claims.provenance.touched import Touched
from claims.restoring import led_to_merged, restorable
from config import audit

MAX_ROWS = 1000
"""How many rows one bulk change may touch: a preview longer than that is read by nobody."""

UNSEEN = "The form did not say which state of the rows it was filled in for, so nothing changed: look, and apply again."
STALE = "Somebody else changed it since the preview."
NOT_YOURS = "It is not yours to change."

Values = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """What a bulk change does to one row. With a refusal, or where nothing differs, nothing is written."""

    row: Any
    before: str
    after: str
    refusal: str = ""

    @property
    def changes(self) -> bool:
        return not self.refusal and self.before != self.after


def undo_link(revision: Revision) -> SafeString:
    """Leads to the page that undoes ``revision``."""
    return format_html('<a href="{}">Undo</a>', reverse("undo", args=[revision.pk]))


class BulkChange:
    """One kind of change to many rows. Subclasses say what it does to a row and how it is written."""

    name = ""
    label = ""
    """In the list of actions: “Add tags”."""
    button = "Apply"
    column = ""
    """What changes, as the heading over before and after."""
    form_class: type[forms.Form] = forms.Form
    allowed_permissions = ("change",)
    do_not_call_in_templates = True

    def __init__(self) -> None:
        self.__name__ = self.name
        self.short_description = self.label

    # What a subclass says.

    def form(self, desk: Any, data: Any, **kwargs: Any) -> forms.Form:
        return self.form_class(data, **kwargs)

    def allowed(self, desk: Any, request: HttpRequest, row: Any) -> bool:
        return bool(desk.has_change_permission(request, row))

    def before(self, row: Any) -> str:
        raise NotImplementedError

    def after(self, row: Any, values: Values) -> str:
        raise NotImplementedError

    def refusal(self, row: Any, values: Values, user: Any) -> str:
        """Why this row cannot be changed so; empty where it can."""
        return ""

    def write(self, rows: list[Any], values: Values, user: Any, touched: Touched) -> dict[int, str]:
        """Change the rows. Returns, by id, why a row was not changed after all."""
        raise NotImplementedError

    def save_each(self, rows: list[Any], touched: Touched, save: Callable[[Any], None]) -> dict[int, str]:
        """``save`` row by row, each in its own savepoint. Returns, by id, why a row would not be saved."""
        refused = {}
        for row in rows:
            try:
                with transaction.atomic():
                    save(row)
            except ValidationError as error:
                refused[row.pk] = " ".join(error.messages)
            except StaleSave:
                refused[row.pk] = STALE
        touched.add_all([row for row in rows if row.pk not in refused])
        return refused

    def log_message(self, values: Values) -> str:
        return self.label

    def beside(self, rows: list[Any], user: Any) -> list[Dependents]:
        """What is to be known of ``rows`` before they are changed so."""
        return []

    # The steps.

    def __call__(self, desk: Any, request: HttpRequest, queryset: QuerySet[Any]) -> TemplateResponse | None:
        """The page that asks and shows; ``None`` once it is done, which leads back to the list."""
        count = queryset.count()
        if count > MAX_ROWS:
            desk.message_user(
                request, f"{count:,} rows are chosen. Narrow the list to {MAX_ROWS:,} or fewer.", messages.ERROR
            )
            return None
        sent = bool({"preview", "apply"} & set(request.POST)) or not self.form_class.base_fields
        form = self.form(desk, request.POST if sent else None)
        if not form.is_valid():
            return self._page(desk, request, form, list(queryset), [])
        if "apply" in request.POST and "seen" in request.POST:
            try:
                self._apply(desk, request, queryset, form.cleaned_data)
            except history.AlreadySaved:
                tell_repeated(request)
            return None
        steps = [self._step(desk, request, row, form.cleaned_data) for row in queryset]
        page = self._page(desk, request, form, [step.row for step in steps], steps)
        if "apply" in request.POST:
            desk.message_user(request, UNSEEN, messages.WARNING)
            page.status_code = UNLOCKED
        return page

    def _step(self, desk: Any, request: HttpRequest, row: Any, values: Values) -> Step:
        if getattr(row, "merged_into_id", None):
            refusal = f"It was merged into “{row.merged_into}”: undo that instead."
        elif not self.allowed(desk, request, row):
            refusal = NOT_YOURS
        else:
            refusal = self.refusal(row, values, request.user)
        before = self.before(row)
        return Step(row, before, before if refusal else self.after(row, values), refusal)

    def _page(
        self, desk: Any, request: HttpRequest, form: forms.Form, rows: list[Any], steps: list[Step]
    ) -> TemplateResponse:
        context = desk.admin_site.each_context(request) | {
            "title": self.label,
            "opts": desk.opts,
            "change": self,
            "form": form,
            "sent": self.form(desk, request.POST, auto_id=False) if steps else None,
            "rows": [(row, self.before(row)) for row in rows],
            "steps": steps,
            "counts": {
                "chosen": len(rows),
                "changing": sum(step.changes for step in steps),
                "same": sum(not step.changes and not step.refusal for step in steps),
                "refused": sum(bool(step.refusal) for step in steps),
            },
            "dependents": self.beside(rows, request.user),
            "seen": ",".join(f"{row.pk}:{row.lock}" for row in rows),
            "form_key": uuid.uuid4(),
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "media": desk.media,
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/claims/bulk.html", context)

    def _apply(self, desk: Any, request: HttpRequest, queryset: QuerySet[Any], values: Values) -> None:
        seen = set(request.POST.get("seen", "").split(","))
        touched = Touched()
        revision: dict[str, Any] = {
            "how": Revision.How.BULK,
            "label": self.log_message(values)[:300],
            "why": str(values.get("reason") or values.get("note") or ""),
            "key": history.key_of(request.POST.get("form_key")),
        }
        with history.recorded(by=request.user, **revision) as made:
            chosen = list(queryset.values_list("pk", flat=True))
            # Held until the end, so that no save of somebody else's comes between check and write.
            list(desk.model._base_manager.select_for_update().filter(pk__in=chosen).values_list("pk", flat=True))
            steps = [self._step(desk, request, row, values) for row in queryset]
            refused = {step.row.pk: step.refusal for step in steps if step.refusal}
            refused |= {step.row.pk: STALE for step in steps if f"{step.row.pk}:{step.row.lock}" not in seen}
            rows = [step.row for step in steps if step.changes and step.row.pk not in refused]
            refused |= self.write(rows, values, request.user, touched)
            done = [row for row in rows if row.pk not in refused]
            touched.refresh()
            history.drop_if_empty(made)
        if done:
            kind, ids = desk.opts.model_name, " ".join(str(row.pk) for row in done)
            audit.record(self.name.replace("_", "-"), request, kind=kind, rows=ids)
        said = self._said([step.row for step in steps], done, refused)
        told = format_html("{} {}", said, undo_link(made)) if made.pk else said
        desk.message_user(request, told, messages.SUCCESS if done else messages.INFO)
        self._tell_refused(desk, request, [step.row for step in steps], refused)

    def _said(self, rows: list[Any], done: list[Any], refused: dict[int, str]) -> str:
        same = len(rows) - len(done) - len(refused)
        said = f"{self.label}: {len(done)} of {len(rows)} changed"
        return f"{said}; {same} needed no change." if same else f"{said}."

    def _tell_refused(self, desk: Any, request: HttpRequest, rows: list[Any], refused: dict[int, str]) -> None:
        names = {row.pk: str(row) for row in rows}
        for pk, reason in list(refused.items())[:20]:
            desk.message_user(request, f"Not changed: “{names[pk]}”. {reason}", messages.WARNING)
        if len(refused) > 20:
            desk.message_user(request, f"… and {len(refused) - 20} more were not changed.", messages.WARNING)


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=500, help_text="Why? The reason is kept with the row.")


class Withdraw(BulkChange):
    """Takes rows out of every list and count, and keeps them."""

    name = "withdraw"
    label = "Withdraw"
    button = "Withdraw"
    column = "in lists and counts"
    form_class = ReasonForm

    def before(self, row: Any) -> str:
        return "withdrawn" if row.withdrawn_at else "yes"

    def after(self, row: Any, values: Values) -> str:
        return "withdrawn"

    def beside(self, rows: list[Any], user: Any) -> list[Dependents]:
        return list(dependents(type(rows[0]), rows, user)) if rows else []

    def write(self, rows: list[Any], values: Values, user: Any, touched: Touched) -> dict[int, str]:
        return self.save_each(rows, touched, lambda row: row.withdraw(by=user, reason=values["reason"]))

    def log_message(self, values: Values) -> str:
        return f"Withdrawn: {values['reason']}"


class BringBack(BulkChange):
    """Undoes a withdrawal."""

    name = "bring_back"
    label = "Bring back"
    button = "Bring back"
    column = "in lists and counts"

    def before(self, row: Any) -> str:
        return f"withdrawn: {row.withdrawn_reason}" if row.withdrawn_at else "yes"

    def after(self, row: Any, values: Values) -> str:
        return "yes"

    def refusal(self, row: Any, values: Values, user: Any) -> str:
        """What a merge left behind, because the survivor had it already, stays with what was merged."""
        return led_to_merged(row, restorable(type(row))) if row.withdrawn_at else ""

    def write(self, rows: list[Any], values: Values, user: Any, touched: Touched) -> dict[int, str]:
        return self.save_each(rows, touched, lambda row: row.bring_back())

    def log_message(self, values: Values) -> str:
        return "Brought back"

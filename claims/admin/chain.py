"""The chain of a statement as an ordered list of hops."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.forms.models import construct_instance
from django.http import HttpRequest

from claims.admin.base import JudgementInline
from claims.admin.forms import LockedForm, WithdrawingFormSet
from claims.models import Attribution, QuotationType, Statement

GAP = "The chain has no hop {missing}: number the hops 0, 1, 2 … without gaps. Joint voices share a number."
TWICE = "This voice already stands at hop {position}."
NOBODY_TWICE = "Hop {position} already has an empty source."
OWN_ALONE = "An article's own words are a chain of one hop, at position 0."
OWN_CUE = "An article's own words have no cue."


class HopForm(LockedForm):
    """One hop. What only the whole chain can tell, the formset says in the right row."""

    def validate_unique(self) -> None:
        """Hop by hop, two that change places would seem to collide."""

    def _get_validation_exclusions(self) -> set[str]:
        """Silences the constraint on own words, which reads the cue and names no field."""
        return super()._get_validation_exclusions() | {"cue"}  # type: ignore[misc]


@dataclass(frozen=True)
class Typed:
    """One hop as typed. Kept apart from its form, whose values go once it has an error."""

    form: Any
    position: int
    source: Any
    own: bool
    cue: str

    @classmethod
    def of(cls, form: Any) -> "Typed":
        typed = form.cleaned_data
        own = typed.get("quotation_type") == QuotationType.OWN
        # A source that was refused is not “nobody”, and no other's twin: its form stands for it.
        return cls(form, typed["position"], typed.get("source", form), own, typed.get("cue") or "")


def _refuse_gaps(hops: list[Typed]) -> None:
    positions = {hop.position for hop in hops}
    missing = next((at for at in range(len(positions)) if at not in positions), None)
    if missing is not None:
        beyond = min((hop for hop in hops if hop.position > missing), key=lambda hop: hop.position)
        beyond.form.add_error("position", GAP.format(missing=missing))


def _refuse_twice(hops: list[Typed]) -> None:
    seen: set[tuple[int, Any]] = set()
    for hop in hops:
        if (hop.position, hop.source) in seen:
            hop.form.add_error("source", (TWICE if hop.source else NOBODY_TWICE).format(position=hop.position))
        seen.add((hop.position, hop.source))


def _refuse_own_words_in_company(hops: list[Typed]) -> None:
    for hop in (hop for hop in hops if hop.own):
        if len(hops) > 1 or hop.position != 0:
            hop.form.add_error("quotation_type", OWN_ALONE)
        if hop.cue:
            hop.form.add_error("cue", OWN_CUE)


class ChainFormSet(WithdrawingFormSet):
    """The hops of one statement."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Hops that are added come after those that stand, one after the other; ``desk.js`` counts on from there."""
        super().add_fields(form, index)
        added = 0 if index is None else index - self.initial_form_count()
        if added >= 0:
            form.initial["position"] = self.next_position() + added

    def next_position(self) -> int:
        return max((hop.position for hop in self.get_queryset()), default=-1) + 1

    def validate_unique(self) -> None:
        """See ``clean``: it says which voice stands where twice."""

    def clean(self) -> None:
        super().clean()
        hops = [Typed.of(form) for form in self.forms if self._counts(form)]
        _refuse_gaps(hops)
        _refuse_twice(hops)
        _refuse_own_words_in_company(hops)

    def _counts(self, form: Any) -> bool:
        stands = form.instance.pk or form.has_changed()
        going = self._should_delete_form(form)  # type: ignore[attr-defined]
        return bool(stands and not going and "position" in form.cleaned_data)

    def save(self, commit: bool = True) -> list[Attribution]:
        """Write the chain. A hop goes into the stored row of its place, in use or withdrawn, where there is one,
        else into its own: so hops that change places never collide. Rows that are left over are withdrawn."""
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []
        stored = self._stored()
        hops = [form for form in self.forms if self._counts(form)]
        placed = {form: stored.get(self._place(form)) for form in hops}
        taken = {row.pk for row in placed.values() if row}
        own = {row.pk: row for row in stored.values() if row.pk not in taken}
        for form, row in placed.items():
            self._write(form, row or own.pop(form.instance.pk, None))
        for row in own.values():
            if row.withdrawn_at is None:
                self.delete_existing(row)
                self.deleted_objects.append(row)
        return [row for row, _ in self.changed_objects] + self.new_objects

    def _stored(self) -> dict[tuple[int, int | None], Attribution]:
        """All rows of the statement by their place; those that the page showed with the locks it showed."""
        locks = {hop.pk: hop.lock for hop in self.get_queryset()}
        rows = {}
        for row in Attribution.objects.filter(statement=self.instance):
            row.lock = locks.get(row.pk, row.lock)
            rows[row.position, row.source_id] = row
        return rows

    def _place(self, form: Any) -> tuple[int, int | None]:
        source = form.cleaned_data.get("source")
        return form.cleaned_data["position"], source.pk if source else None

    def _write(self, form: Any, row: Attribution | None) -> None:
        if row and row.pk == form.instance.pk and not form.has_changed():
            return
        is_new = row is None
        row = row or Attribution(statement=self.instance, created_by=self.user)
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = None, None, ""
        construct_instance(form, row, form._meta.fields, form._meta.exclude)
        row.save()
        if is_new:
            self.new_objects.append(row)
        else:
            self.changed_objects.append((row, form.changed_data))


class ChainInline(JudgementInline):
    model = Attribution
    form = HopForm
    formset = ChainFormSet
    verbose_name = "hop"
    verbose_name_plural = "chain of attribution: hop 0 is who is said to have said it first"
    show_change_link = False
    ordering = ["position", "id"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("position", "source", "uncertain"),
                    ("as_named", "cue", "quotation_type"),
                    ("said_on", "said_on_precision", "said_on_as_given"),
                ]
            },
        ),
        (
            "More about this hop",
            {
                "fields": [("role", "addressee"), ("commitment", "sourcing_terms"), ("reliability", "credibility")],
                "classes": ["collapse"],
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attribution]:
        return super().get_queryset(request).select_related("source", "role__organisation", "addressee")

    def heading(self, form: Any) -> str:
        hop = f"Hop {form['position'].value()}"
        return f"{hop}: {form.instance.source or 'nobody named'}" if form.instance.pk else hop

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if isinstance(obj, Statement) else 1

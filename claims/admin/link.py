"""Cross-references: one list on a claim's page for both directions, each in its own words."""

import copy
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst

from articles.admin_base import Choice
from articles.admin_filters import Work, WorkFilter
from articles.admin_widgets import Combobox
from claims.admin.base import JudgementAdmin, JudgementInline
from claims.admin.bulk import BringBack, BulkChange, Values, Withdraw
from claims.admin.forms import LockedForm, PageForm, WithdrawingFormSet
from claims.admin.search import ThroughClaims
from claims.models import Claim, ClaimLink
from claims.models.link import overlap_in_time
from claims.provenance.touched import Touched

INVERSE = ":inverse"
SELF = "A claim cannot be linked to itself."
TWICE = "These two claims are already linked in this way."
OTHER_TIMES = "The two claims are about different times, so they do not contradict: use “updates”."
CIRCLE = "Together with the other cross-references this closes a circle."


def relations() -> list[tuple[str, str]]:
    """Every way in which this claim can relate to another: each kind forward and, where it differs, back."""
    ways = []
    for kind, words in ClaimLink.WORDS.items():
        ways.append((str(kind.value), words.forward))
        if not words.symmetric:
            ways.append((f"{kind.value}{INVERSE}", words.inverse))
    return ways


class LinkForm(LockedForm):
    """One cross-reference as it reads from ``parent``, whichever end that is."""

    relation = forms.ChoiceField(label="This claim", choices=[("", "—"), *relations()])
    other = Choice(Claim.objects.all(), label="Other claim")
    parent: Claim
    names = {"kind": "relation", "to_claim": "other", "from_claim": "other"}
    """Where an error of the model's shows in this form."""
    shown_otherwise = ("kind", "from_claim", "to_claim")

    def __init__(self, *args: Any, parent: Claim, **kwargs: Any) -> None:
        self.parent = parent
        self.ends: tuple[Claim, Claim] | None = None
        super().__init__(*args, **kwargs)
        self.initial.pop("from_claim", None)
        self.stored = None
        if self.instance.pk:
            self.stored = (self.instance.from_claim, self.instance.to_claim)
            other = self.instance.other_end(parent.pk)
            self.initial.update(self.shown_of(self.instance))
            field: Any = self.fields["other"]
            field.stored = other
            getattr(field.widget, "widget", field.widget).know(other)

    def shown_of(self, row: ClaimLink) -> dict[str, Any]:
        forward = row.from_claim_id == self.parent.pk
        way = "" if forward or row.words.symmetric else INVERSE
        return {"relation": row.kind + way, "other": row.to_claim_id if forward else row.from_claim_id}

    def add_error(self, field: str | None, error: Any) -> None:
        if field is None and hasattr(error, "error_dict"):
            error = ValidationError({self.names.get(name, name): found for name, found in error.error_dict.items()})
        super().add_error(field, error)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        relation, other = self.cleaned_data.get("relation"), self.cleaned_data.get("other")
        if not relation or other is None:
            return cleaned
        kind = relation.removesuffix(INVERSE)
        if other.pk == self.parent.pk:
            self.add_error("other", SELF)
        elif kind == ClaimLink.Kind.CONTRADICTS and not overlap_in_time(self.parent, other):
            self.add_error("relation", OTHER_TIMES)
        else:
            self.kind = kind
            self.ends = (other, self.parent) if relation.endswith(INVERSE) else (self.parent, other)
            if self.has_changed() and self.twin_rows().filter(withdrawn_at=None).exists():
                self.add_error("other", TWICE)
        return cleaned

    def key(self) -> tuple[str, int | None, int | None]:
        """The link as it is stored: a symmetric one from the lower number to the higher."""
        assert self.ends is not None
        link = ClaimLink(kind=self.kind, from_claim_id=self.ends[0].pk, to_claim_id=self.ends[1].pk)
        link.put_in_order()
        return (self.kind, link.from_claim_id, link.to_claim_id)

    def twin_rows(self) -> QuerySet[ClaimLink]:
        """Other stored links of the same kind between the same claims."""
        kind, from_id, to_id = self.key()
        rows = ClaimLink.objects.filter(kind=kind, from_claim=from_id, to_claim=to_id)
        return rows.exclude(pk=self.instance.pk)

    def withdrawn_twin(self) -> Any:
        return self.twin_rows().exclude(withdrawn_at=None).first()

    def _post_clean(self) -> None:
        """Without both ends there is no link that the model could check."""
        if self.ends is not None and not self.errors and self.has_changed():
            super()._post_clean()

    def prepare(self) -> None:
        self.put_ends()
        assert self.ends is not None
        self.cleaned_data["from_claim"] = self.ends[0]
        if self.instance.pk and "state" in self.changed_data:
            self.instance.decided_by, self.instance.decided_at = self.user, timezone.now()

    def put_ends(self) -> None:
        assert self.ends is not None
        self.instance.kind = self.kind
        self.instance.from_claim, self.instance.to_claim = self.ends


class LinkFormSet(WithdrawingFormSet):
    """The links from and to one claim."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.queryset = kwargs["queryset"].filter(Q(from_claim=self.instance) | Q(to_claim=self.instance))

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"parent": self.instance}

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        """Django takes the page's row for the link's near end; it may be its far one."""
        form = super()._construct_form(i, **kwargs)
        if form.stored:
            form.instance.from_claim, form.instance.to_claim = form.stored
        return form

    def clean(self) -> None:
        forms: list[Any] = self.forms
        going = self._should_delete_form
        rows = [form for form in forms if getattr(form, "ends", None) and not form.gone and not going(form)]
        self._refuse_twice(rows)
        self._refuse_circles(rows)

    def _refuse_twice(self, rows: list[Any]) -> None:
        seen: set[Any] = set()
        for form in rows:
            key = (form.kind, *(end.pk for end in form.ends))
            key = key if not ClaimLink.WORDS[key[0]].symmetric else (key[0], frozenset(key[1:]))
            if key in seen and not form.errors:
                form.add_error("other", TWICE)
            seen.add(key)

    def _refuse_circles(self, rows: list[Any]) -> None:
        """Each link alone may be sound and two together not: this ← other, and this → what leads to it."""
        if any(form.errors for form in rows):
            return
        for kind in (kind for kind, words in ClaimLink.WORDS.items() if words.acyclic):
            out = {form.ends[1].pk for form in rows if form.kind == kind and form.ends[0] is self.instance}
            ways_in = [form for form in rows if form.kind == kind and form.ends[1] is self.instance]
            changed = [form for form in ways_in if form.has_changed()]
            reached = self._reached(kind, out) if changed else set()
            for form in changed:
                if form.ends[0].pk in reached:
                    form.add_error("other", CIRCLE)

    def _reached(self, kind: str, frontier: set[int]) -> set[int]:
        """The claims that stored links of ``kind`` lead to, past this claim's own. One query a step."""
        links = ClaimLink.objects.current().filter(kind=kind).exclude(state=ClaimLink.State.REJECTED)
        links = links.exclude(from_claim=self.instance.pk)
        reached: set[int] = set()
        while frontier:
            reached |= frontier
            ahead = links.filter(from_claim__in=frontier).values_list("to_claim_id", flat=True)
            frontier = set(ahead) - reached
        return reached

    def save_new(self, form: Any, commit: bool = True) -> Any:
        """The page's claim has its number only now, where it is new itself."""
        if form.instance._state.adding:
            form.instance.created_by = self.user
        form.put_ends()
        return form.save(commit)


class LinkInline(JudgementInline):
    """The cross-references of one claim, in both directions."""

    model = ClaimLink
    form = LinkForm
    formset = LinkFormSet
    fk_name = "from_claim"
    ordering = ["kind", "id"]
    fieldsets = [(None, {"fields": [("relation", "other"), "note", ("state", "drawn_by")]})]

    def heading(self, form: Any) -> str:
        """As the cross-reference reads from this claim; one that waits for a decision says so first."""
        link = form.instance
        if not link.pk:
            return "New cross-reference"
        waits = "" if link.state == ClaimLink.State.CONFIRMED else f"{link.get_state_display()}: "
        words = link.words_from(form.parent.pk)
        return capfirst(f"{waits}{words} “{link.other_end(form.parent.pk).short_text}”")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClaimLink]:
        return super().get_queryset(request).select_related("from_claim", "to_claim", "drawn_by")

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        claims: Any = self.admin_site._registry[Claim]
        other = Choice(claims.choosable(request), label="Other claim")
        other.widget = RelatedFieldWidgetWrapper(
            claims.chooser(Combobox),
            ClaimLink._meta.get_field("to_claim").remote_field,
            self.admin_site,
            can_add_related=claims.has_add_permission(request),
            can_view_related=claims.has_view_permission(request),
        )
        other.widget.choices = other.choices
        formset.form.base_fields["other"] = other
        return formset


class Decide(BulkChange):
    """Accepts or rejects what a program, or a colleague, suggested."""

    state = ""
    column = "state"

    def before(self, row: Any) -> str:
        return str(row.get_state_display())

    def after(self, row: Any, values: Values) -> str:
        return str(type(row).State(self.state).label)

    def write(self, rows: list[Any], values: Values, user: Any, touched: Touched) -> dict[int, str]:
        def decide(row: Any) -> None:
            row.state, row.decided_by, row.decided_at = self.state, user, timezone.now()
            fields = ["state", "decided_by", "decided_at"]
            if "reason" in values:
                row.reason = values["reason"]
                fields.append("reason")
            row.save(update_fields=fields)

        return self.save_each(rows, touched, decide)


class Accept(Decide):
    name = "accept"
    label = "Accept"
    button = "Accept"
    state = "confirmed"


class Reject(Decide):
    name = "reject"
    label = "Reject"
    button = "Reject"
    state = "rejected"


def circle_refusal(link: ClaimLink, **changed: Any) -> str:
    """Why ``link`` cannot count again, ``changed`` so: it would close a circle; empty where it would not."""
    again = copy.copy(link)
    for name, value in changed.items():
        setattr(again, name, value)
    try:
        again.refuse_circle()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


class AcceptLink(Accept):
    def refusal(self, row: Any, values: Values, user: Any) -> str:
        """A rejected link counts again once it is accepted; any other counts already."""
        return circle_refusal(row, state=self.state) if row.state == ClaimLink.State.REJECTED else ""


class BringLinkBack(BringBack):
    def refusal(self, row: Any, values: Values, user: Any) -> str:
        return circle_refusal(row, withdrawn_at=None) if row.withdrawn_at else ""


SUGGESTED_LINKS = Work(
    "suggested", "suggested cross-references", lambda links: links.filter(state=ClaimLink.State.SUGGESTED)
)


class WholeLinkForm(PageForm):
    """A cross-reference with both its ends, as it is stored."""

    twin_key = ("from_claim", "kind", "to_claim")

    def twin_values(self) -> dict[str, Any]:
        values = super().twin_values()
        if all(values.values()) and not self.errors:
            link = ClaimLink(**values)
            link.put_in_order()
            values |= {"from_claim": link.from_claim, "to_claim": link.to_claim}
        return values


@admin.register(ClaimLink)
class ClaimLinkAdmin(ThroughClaims, JudgementAdmin):
    claims = ("from_claim", "to_claim")
    form = WholeLinkForm
    works = [SUGGESTED_LINKS]
    withdrawals = [Withdraw(), BringLinkBack()]
    actions = [AcceptLink(), Reject(), *withdrawals]
    list_display = ["from_claim", "kind", "to_claim", "state", "note"]
    list_filter = [WorkFilter, "kind", "state"]
    list_select_related = ["from_claim", "to_claim", "drawn_by"]
    search_fields = ["from_claim"]
    search_help_text = "Words of either claim, its statements, sources and tags"
    ordering = ["-id"]
    fieldsets = [(None, {"fields": ["from_claim", "kind", "to_claim", "note", ("state", "drawn_by")]})]

    def save_model(self, request: Any, obj: ClaimLink, form: Any, change: bool) -> None:
        if change and "state" in form.changed_data:
            obj.decided_by, obj.decided_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)

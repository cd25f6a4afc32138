"""The chain of a statement as an ordered list of hops."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.forms.models import construct_instance
from django.http import HttpRequest
from django.utils.functional import cached_property

from articles.models import StaleSave
from articles.rows import hold
from claims.admin.base import JudgementInline
from claims.admin.forms import LockedForm, WithdrawingFormSet
from claims.admin.overtaken import Overtaken, seen_lock
from claims.admin.overtaken_chain import OvertakenChain, overtaken_chain
from claims.models import Attribution, QuotationType, Statement
from claims.records.suggestion import Offered, VoiceOffered, offered

GAP = "The chain has no hop {missing}: number the hops 0, 1, 2 … without gaps. Joint voices share a number."
TWICE = "This voice already stands at hop {position}."
NOBODY_TWICE = "Hop {position} already has an empty source."
OWN_ALONE = "An article's own words are a chain of one hop, at position 0."
OWN_CUE = "An article's own words have no cue."
WHO = "Choose who “{as_named}” is. If nobody is named, empty “as named”."
MADE = "New source “{makes}” ({about}): it is made when you accept, unless you choose another."


class HopForm(LockedForm):
    """One hop. What only the whole chain can tell, the formset says in the right row."""

    asked_as_chain = False
    """Whether the whole chain is asked about, and this hop in it."""

    stands_again = False
    """Whether the hop was withdrawn by others, and its editor keeps it knowingly."""

    @cached_property
    def overtaken(self) -> Overtaken | None:
        return None if self.asked_as_chain or self.stands_again else super().overtaken

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


def _offered(voice: VoiceOffered) -> str:
    if voice.makes:
        return MADE.format(makes=voice.makes, about=voice.about)
    if voice.source:
        return f"“{voice.as_named}” is {voice.source}, unless you choose another."
    names = " or ".join(f"{source} ({source.slug})" for source in voice.candidates)
    return f"“{voice.as_named}” may be {names}: choose." if names else WHO.format(as_named=voice.as_named)


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
    """The hops of one statement. They are one thing: where others added, withdrew or moved a hop after the page was
    opened, and its editor changed something too, the whole chain is asked about."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self.instance.pk:
            # Of two editors who add a hop each, the second sees the first one's.
            hold(Statement.objects.filter(pk=self.instance.pk))

    @cached_property
    def seen(self) -> dict[int, int | None]:
        """By its number the lock of each hop that the editor saw."""
        rows = [form for form in self.initial_forms if not form.instance._state.adding]
        return {form.instance.pk: seen_lock(form) for form in rows} | self.seen_besides

    @cached_property
    def seen_besides(self) -> dict[int, int | None]:
        """Hops that came to the chain after the page was opened, and that its editor was shown since."""
        pairs = re.findall(r"(\d{1,18}):(\d{1,9})", self.data.get(f"{self.prefix}-seen", ""))
        return {int(pk): int(lock) for pk, lock in pairs}

    @cached_property
    def chain_overtaken(self) -> OvertakenChain | None:
        """What there is to ask of the chain as a whole."""
        if not self.is_bound or self.instance._state.adding:
            return None
        forms: list[Any] = self.initial_forms
        for form in forms:
            form.stands_again = form.gone and seen_lock(form) == form.instance.lock and bool(self.seen_besides)
        found = overtaken_chain(self)
        for form in forms:
            form.asked_as_chain = found is not None
        return found

    def full_clean(self) -> None:
        self.chain_overtaken  # noqa: B018
        super().full_clean()

    def overtaken(self) -> list[Any]:
        whole = self.chain_overtaken
        return [whole] if whole else super().overtaken()

    def add_fields(self, form: Any, index: int | None) -> None:
        """Hops that are added come after those that stand, one after the other; ``desk.js`` counts on from there."""
        super().add_fields(form, index)
        if "source" in form.fields and (told := " ".join(map(_offered, self.new_at(form.instance)))):
            form.fields["source"].help_text = told
        added = 0 if index is None else index - self.initial_form_count()
        if added >= 0:
            form.initial["position"] = self.next_position() + added

    @cached_property
    def offers(self) -> Offered | None:
        """What is proposed of a suggestion: one query."""
        statement: Statement = self.instance
        if statement.pk is None or not statement.proposed or getattr(statement, "was_settled", True):
            return None
        return offered([statement])[statement.pk]

    def new_at(self, hop: Attribution) -> list[VoiceOffered]:
        """The voices of a stored hop whose sources come with accepting, or have to be chosen."""
        open_hop = hop.pk is not None and hop.source_id is None
        return self.offers.at(hop.position) if open_hop and self.offers else []

    def next_position(self) -> int:
        return max((hop.position for hop in self.get_queryset()), default=-1) + 1

    def validate_unique(self) -> None:
        """See ``clean``: it says which voice stands where twice."""

    def clean(self) -> None:
        super().clean()
        if self.chain_overtaken:
            return
        hops = [Typed.of(form) for form in self.forms if self._counts(form)]
        _refuse_gaps(hops)
        _refuse_twice(hops)
        _refuse_own_words_in_company(hops)
        if self.instance.page_form.cleaned_data.get("state") == Statement.State.CONFIRMED:
            self._refuse_untold(hops)

    def _refuse_untold(self, hops: list["Typed"]) -> None:
        """Who is meant by a name that fits several sources, or by “he”, is said before the statement is confirmed."""
        for hop in hops:
            row = hop.form.instance
            if hop.form.cleaned_data.get("source") is None and not {"as_named", "position"} & {*hop.form.changed_data}:
                for voice in self.new_at(row):
                    if not voice.is_clear:
                        hop.form.add_error("source", WHO.format(as_named=voice.as_named))

    def _counts(self, form: Any) -> bool:
        if form.gone and not form.stands_again:
            return False
        stands = form.instance.pk or form.has_changed()
        going = self._should_delete_form(form)
        return bool(stands and not going and "position" in form.cleaned_data)

    def save(self, commit: bool = True) -> list[Attribution]:
        """Write the chain. A hop goes into the stored row of its place, in use or withdrawn, where there is one,
        else into its own: so hops that change places never collide. Rows that are left over are withdrawn."""
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []
        if not self.has_changed() and not self.seen_besides:
            return []
        stored = self._stored()
        hops = [form for form in self.forms if self._counts(form)]
        placed = {form: stored.get(self._place(form)) for form in hops}
        taken = {row.pk for row in placed.values() if row}
        own = {row.pk: row for row in stored.values() if row.pk not in taken}
        for form, row in placed.items():
            self._write(form, row or own.pop(form.instance.pk, None))
        for row in own.values():
            if row.withdrawn_at is None:
                if row.pk not in self.seen:
                    raise StaleSave(f"{row} came to the chain meanwhile")
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
        if row and row.pk == form.instance.pk and row.withdrawn_at is None and not form.has_changed():
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
        named = form.instance.source or form.instance.as_named or "nobody named"
        return f"{hop}: {named}" if form.instance.pk else hop

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if isinstance(obj, Statement) else 1

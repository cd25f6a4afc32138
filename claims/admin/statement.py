"""Statements: the passage in its context, who said it according to whom, and which claims it makes."""

import re
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from articles import text as texts
from articles.admin_filters import ChoiceFilter, TextFilter, Work, WorkFilter
from articles.admin_search import COUNTED, articles_found
from articles.rows import Among
from claims.admin.annotation import OwnNotes, StatementNotes
from claims.admin.base import JudgementAdmin, JudgementInline
from claims.admin.bulk import BringBack, ReasonForm, Values, Withdraw
from claims.admin.chain import ChainInline
from claims.admin.claim import AppearanceForm
from claims.admin.forms import PageForm
from claims.admin.link import Accept, Reject
from claims.admin.place import PASTE, find_place
from claims.admin.search import ThroughClaims
from claims.admin.suggestion import Correcting
from claims.filters.base import every_word
from claims.models import Appearance, Attribution, Source, Statement
from claims.provenance.touched import Touched
from claims.records.suggestion import offered, with_new
from claims.represent import chain_of
from claims.suggesting.decisions import Deciding
from claims.suggesting.proposal import Proposal

State = Statement.State


def unlinked(statements: Any) -> QuerySet[Statement]:
    return statements.unlinked()


SEARCHED = 1_000
"""How many of the newest articles with the words, and of the sources that are called so, are gone through."""

DECIDED = "It was {state} already: change it on its own page."

SUGGESTED = Work("suggested", "suggested statements", lambda rows: rows.filter(state=State.SUGGESTED))
UNLINKED = Work("unlinked", "statements without a claim", unlinked)
BROKEN = Work("broken", "broken chains", lambda rows: rows.filter(broken=True, state=State.CONFIRMED))


class StretchesField(forms.CharField):
    """Stretches of the text as people write them: “120–134, 150–171”. Value: ``[[120, 134], [150, 171]]``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=2000, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(f"{start}–{end}" for start, end in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[list[int]]:
        typed = super().clean(value)
        parts = [part.strip() for part in typed.split(",") if part.strip()]
        matches = [re.fullmatch(r"(\d{1,9}) ?[-–] ?(\d{1,9})", part) for part in parts]
        if not all(matches):
            raise ValidationError("Give places as start–end, with commas between: 120–134, 150–171.")
        return [[int(match[1]), int(match[2])] for match in matches if match]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial or []) != (data or "")


class StatementForm(PageForm):
    """A statement whose place can be given as numbers, as words, or both."""

    class Meta:
        labels = {"version": "Article text"}

    gaps = StretchesField(
        label="Gaps", help_text="Stretches inside that are not the voice's words: 120–134, 150–171, places in the text."
    )
    words = StretchesField(label="Words verbatim", help_text="In a mixed statement, the stretches that are verbatim.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("start", "end", "exact"):
            if name in self.fields:
                self.fields[name].required = False
        if "exact" in self.fields:
            self.fields["exact"].strip = False  # type: ignore[attr-defined]
            self.fields["exact"].help_text = PASTE

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "version" in self.fields and self.cleaned_data.get("version") and not self.errors:
            self._move()
            find_place(self, "exact")
        if self.cleaned_data.get("state") == State.REJECTED and not self.cleaned_data.get("reason"):
            self.add_error("reason", "Say why the statement is rejected.")
        return cleaned

    def _move(self) -> None:
        """Of a stored place, what was typed over says where the statement stands now, and the rest follows."""
        typed = {"start", "end", "exact"}.intersection(self.changed_data) if self.instance.pk else set()
        if typed == {"exact"}:
            self.cleaned_data |= {"start": None, "end": None}
        elif typed and "exact" not in typed:
            self.cleaned_data["exact"] = ""

    def prepare(self) -> None:
        if self.instance.pk and "state" in self.changed_data:
            self.instance.decided_by, self.instance.decided_at = self.user, timezone.now()


class Claims(JudgementInline):
    """The claims that the statement makes or answers."""

    model = Appearance
    form = AppearanceForm
    fk_name = "statement"
    verbose_name = "claim"
    verbose_name_plural = "claims that it makes or answers"
    ordering = ["id"]
    fieldsets = [
        (None, {"fields": [("claim", "stance")]}),
        ("Only part of the statement", {"fields": [("start", "end")], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appearance]:
        return super().get_queryset(request).select_related("claim")

    def heading(self, form: Any) -> str:
        row = form.instance
        return f"{capfirst(row.get_stance_display())}: {row.claim}" if row.pk else "New claim"


class DecideOnStatement:
    """Decides on suggestions alone, by the same function as every door."""

    def refusal(self, row: Statement, values: Values, user: Any) -> str:
        return "" if row.state == State.SUGGESTED else DECIDED.format(state=row.get_state_display())

    def decide(self, deciding: Deciding, row: Statement, values: Values) -> None:
        raise NotImplementedError

    def write(self, rows: list[Statement], values: Values, user: Any, touched: Touched) -> dict[int, str]:
        deciding = Deciding(user, touched)
        refused = {row.pk: deciding.try_to(self.decide, deciding, row, values) for row in rows}
        return {pk: why for pk, why in refused.items() if why}


class AcceptStatement(DecideOnStatement, Accept):
    def after(self, row: Statement, values: Values) -> str:
        proposal = Proposal.read(row.proposed)
        new = ", ".join(proposal.new_names) if proposal else ""
        return f"confirmed, and known from now on: {new}" if new else "confirmed"

    def decide(self, deciding: Deciding, row: Statement, values: Values) -> None:
        deciding.accept(row, row.lock)


class RejectStatement(DecideOnStatement, Reject):
    form_class = ReasonForm

    def decide(self, deciding: Deciding, row: Statement, values: Values) -> None:
        deciding.reject(row, values["reason"], row.lock)

    def log_message(self, values: Values) -> str:
        return f"Rejected: {values['reason']}"


class VoiceFilter(TextFilter):
    title = "source"
    parameter_name = "source"
    hint = "A name anywhere in the chain"

    def matching(self, queryset: Any, words: str) -> Any:
        sources = list(Source.objects.named_like(words).values_list("pk", flat=True)[:SEARCHED])
        hops = Attribution.objects.current().filter(Among("source_id", sources)).order_by()
        few = list(hops.values_list("statement_id", flat=True)[: COUNTED + 1])
        if len(few) <= COUNTED:
            return queryset.filter(Among("pk", few))
        return queryset.filter(Exists(hops.filter(statement=OuterRef("pk"))))


class LinkedFilter(ChoiceFilter):
    title = "claim"
    parameter_name = "claim"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "With a claim"), ("no", "Without a claim")]

    def chosen(self, queryset: Any, value: str) -> Any:
        return queryset.filter(unlinked=value == "no")


def settled(statement: Statement | None) -> bool:
    """Whether the statement was decided on when the page was asked for, whatever has been typed into it since."""
    if statement is None:
        return False
    vars(statement).setdefault("was_settled", statement.state != State.SUGGESTED)
    return bool(vars(statement)["was_settled"])


@admin.register(Statement)
class StatementAdmin(Correcting, StatementNotes, JudgementAdmin):
    form = StatementForm
    works = [SUGGESTED, UNLINKED, BROKEN]
    actions = [AcceptStatement(), RejectStatement(), Withdraw(), BringBack()]
    list_display = ["statement", "chain", "state", "quotation_type", "depth", "remarks"]
    list_filter = [
        *(WorkFilter, "state", "quotation_type", VoiceFilter, LinkedFilter),
        *("broken", "undated", "relay_not_captured"),
    ]
    search_fields = ["exact", "version__headline"]
    search_help_text = "Words of the statement, or of the article's headline"
    ordering = ["-id"]
    inlines = [ChainInline, Claims, OwnNotes]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        return super().get_queryset(request).with_chains()  # type: ignore[attr-defined]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Where it was first recorded never changes once decided on."""
        shown = ["passage", "others_notes", "method", "confidence", "decided_by", "decided_at"]
        return [*shown, "version", "start", "end", "exact"] if settled(obj) else shown

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        place = {"fields": ["version", "exact", ("start", "end")]}
        more = [
            ("The statement", {"fields": ["occasion", "derived_from", "commitment"]}),
            ("Parts of the passage", {"fields": ["gaps", "words"], "classes": ["collapse"]}),
        ]
        if obj is None:
            return [("Where it stands", place), ("State", {"fields": [("state", "reason")]}), *more]
        if settled(obj):
            place = {"fields": ["version"]}
        decision = [("state", "reason"), ("decided_by", "decided_at", "method", "confidence")]
        fieldsets = [
            ("Where it stands", {"fields": ["passage", *place["fields"]]}),
            ("State", {"fields": decision}),
            *more,
            ("Colleagues’ notes", {"fields": ["others_notes"]}),
        ]
        return self.locked(request, obj, fieldsets)

    def found(
        self, request: HttpRequest, queryset: QuerySet[Any], words: str, *, typing: bool = False
    ) -> QuerySet[Any]:
        """In the articles that hold the words, as the index finds them."""
        if not words.strip():
            return queryset
        articles = articles_found(words, typing=typing, limit=SEARCHED + 1)
        if len(articles) > SEARCHED and not typing:
            message = f"More than {SEARCHED:,} articles hold these words: the newest were searched for statements."
            self.message_user(request, message, messages.INFO)
        near = Statement.objects.filter(Among("version__article_id", articles[:SEARCHED])).order_by()
        found = near.filter(every_word(words, "exact", "version__headline"))
        return queryset.filter(Among("pk", found.values_list("pk", flat=True)[: COUNTED + 1]))

    @admin.display(description="statement", ordering="exact")
    def statement(self, statement: Statement) -> str:
        return str(statement)

    @admin.display(description="chain")
    def chain(self, statement: Statement) -> str:
        return str(chain_of(statement, desk=True))

    @admin.display(description="remarks")
    def remarks(self, statement: Statement) -> str:
        noted = {"broken chain": statement.broken, "undated": statement.undated}
        return ", ".join(remark for remark, applies in noted.items() if applies)

    @admin.display(description="passage")
    def passage(self, statement: Statement) -> SafeString:
        """The paragraphs that the statement stands in, with its words marked."""
        # As stored: what was typed and refused may be no place at all.
        text, start, end = Statement.objects.values_list("version__text", "start", "end").get(pk=statement.pk)
        touching = [(at, to) for at, to in texts.paragraphs(text) if at < end and to > start]
        first = min(at for at, _ in [*touching, (start, end)])
        last = max(to for _, to in [*touching, (start, end)])
        place: dict[str, Any] = {"before": text[first:start], "exact": text[start:end], "after": text[end:last]}
        chain = chain_of(statement, desk=True)
        if not settled(statement):
            chain = with_new(chain, offered([statement])[statement.pk])
        place |= {"start": start, "end": end, "statement": statement, "chain": chain}
        return render_to_string("admin/claims/passage.html", place)

    @classmethod
    def choice_note(cls, row: Statement) -> str:
        return ", ".join(filter(None, [str(row.version.article.publisher or ""), row.version.headline]))


class PageAppearanceForm(PageForm, AppearanceForm):
    """The same, on a page of its own."""


@admin.register(Appearance)
class AppearanceAdmin(ThroughClaims, JudgementAdmin):
    form = PageAppearanceForm
    list_display = ["id", "claim", "stance", "statement"]
    list_filter = ["stance"]
    list_select_related = ["claim", "statement"]
    search_fields = ["claim"]
    search_help_text = "Words of the claim, its statements, sources and tags"
    ordering = ["-id"]
    fieldsets = [
        (None, {"fields": ["statement", "claim", "stance"]}),
        ("Only part of the statement", {"fields": [("start", "end")]}),
    ]


@admin.register(Attribution)
class AttributionAdmin(JudgementAdmin):
    """Hops to look at across statements; they are edited on their statement's page, as a chain."""

    actions = None
    list_display = ["statement", "position", "source", "as_named", "cue", "quotation_type"]
    list_filter = ["quotation_type", "sourcing_terms", "uncertain"]
    list_select_related = ["statement", "source", "addressee", "role"]
    search_fields = ["source"]
    search_help_text = "Name of the source"
    ordering = ["-id"]
    fields = [
        *("statement", "position", "source", "as_named", "uncertain", "role", "addressee", "cue"),
        *("quotation_type", "commitment", "sourcing_terms", "said_on", "said_on_precision", "said_on_as_given"),
        *("reliability", "credibility"),
    ]

    def found(
        self, request: HttpRequest, queryset: QuerySet[Any], words: str, *, typing: bool = False
    ) -> QuerySet[Any]:
        """By the names of sources alone: hops are too many to look through."""
        sources = Source.objects.named_like(words).values_list("pk", flat=True)
        return queryset.filter(source__in=list(sources[:SEARCHED])) if words.strip() else queryset

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def may_restore(self, request: HttpRequest, row: Any) -> bool:
        """As who edits chains may."""
        return request.user.has_perm("claims.change_attribution")

"""Claims: the desk's main page."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from articles.admin_filters import ChoiceFilter, TextFilter, Work, WorkFilter
from articles.rows import Among
from articles.search.expression import Token, all_of, any_of
from claims import workflow
from claims.admin.annotation import ClaimNotes, OwnNotes
from claims.admin.base import JudgementAdmin, JudgementInline
from claims.admin.claim_changes import AddTags, Assign, BringClaimBack, ChangeStatus, RemoveTags, WithdrawClaim
from claims.admin.forms import LockedForm, PageForm
from claims.admin.link import LinkInline
from claims.admin.merge import Merging
from claims.admin.people import colleagues
from claims.admin.reply import CorrectionInline, CorrectionRequestInline, InquiryInline
from claims.admin.review import EvidenceInline, ReviewInline
from claims.admin.search import ask_index, claims_found, claims_of_index, has_more
from claims.filters import ClaimFilter
from claims.models import Appearance, Claim, Source, Statement, Tag
from claims.models.claim import Verdict
from claims.represent import chain_of
from claims.search.terms import NO_VALUE, Facet, sources_term, term

UNSOURCED = Work("unsourced", "claims without a source", lambda claims: claims.filter(independent_sources=0))
IN_REVIEW = Work("in_review", "claims in review", lambda claims: claims.filter(status=Claim.Status.IN_REVIEW))

DUE = Work(
    "due",
    "claims due today or overdue",
    lambda claims: claims.filter(withdrawn_at=None, due_on__lte=timezone.localdate()),
)

LOOK_AGAIN = "Time will tell whether this claim is right: say in “due on” when to look at it again."

NAMED_ALIKE = 200
"""How many of the sources that are called so a filter asks for."""

DERIVED = ["sources_shown", "denied_by", "first_said_shown", "first_published_shown", "verdict_shown"]


ABOUT = [
    ("What it is about", {"fields": [("about_from", "about_to", "about_precision")], "classes": ["collapse"]}),
    ("Figure", {"fields": [("qualifier", "figure_low", "figure_high", "unit")], "classes": ["collapse"]}),
]


class RefusedMove(forms.ChoiceField):
    """Lets any status through, so that ``ClaimForm`` can say why it is refused."""

    def valid_value(self, value: str) -> bool:
        return value in Claim.Status.values


class ClaimForm(PageForm):
    """A claim with a field that moves its status, which only ``workflow.move`` changes."""

    move_to = RefusedMove(label="Move to", required=False, choices=[])
    move_note = forms.CharField(label="Note on the move", required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            refusals = {to: self._refusal(to) for to in Claim.Status}
            allowed = [(str(to.value), to.label) for to, why_not in refusals.items() if not why_not]
            stays = f"stay {self.instance.get_status_display()}"
            self.fields["move_to"].choices = [("", stays), *allowed]  # type: ignore[attr-defined]
            if workflow.ALONE in refusals.values():
                self.fields["move_to"].help_text = workflow.ALONE

    def _refusal(self, to: str) -> str:
        return workflow.refusal(self.instance, to=to, by=self.user)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("move_note") and not self.cleaned_data.get("move_to"):
            self.add_error("move_note", "A note belongs to a move: choose where the claim moves to.")
        return cleaned

    def clean_assignee(self) -> Any:
        """Somebody who has left the desk keeps what they have, and is given nothing new."""
        assignee = self.cleaned_data["assignee"]
        if assignee and "assignee" in self.changed_data and not colleagues().filter(pk=assignee.pk).exists():
            raise ValidationError("Choose somebody who works at the desk.")
        return assignee

    def clean_move_to(self) -> str:
        """A way that was open when the page was drawn may be closed by now: say why."""
        to: str = self.cleaned_data["move_to"]
        why_not = self._refusal(to) if to else ""
        if why_not:
            raise ValidationError(why_not)
        return to


class AppearanceForm(LockedForm):
    twin_key = ("statement", "claim")


class Statements(JudgementInline):
    """The statements that make or answer the claim."""

    model = Appearance
    form = AppearanceForm
    fk_name = "claim"
    verbose_name = "statement of this claim"
    verbose_name_plural = "statements"
    ordering = ["id"]
    fieldsets = [
        (None, {"fields": [("statement", "stance")]}),
        ("Only part of the statement", {"fields": [("start", "end")], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appearance]:
        return super().get_queryset(request).select_related("statement")

    def heading(self, form: Any) -> str:
        row = form.instance
        return f"{capfirst(row.get_stance_display())} it: {row.statement}" if row.pk else "New statement of this claim"


class WaitingFilter(WorkFilter):
    """What the index has a term for is asked of it."""

    def chosen(self, queryset: Any, value: str) -> Any:
        if value != UNSOURCED.slug:
            return super().chosen(queryset, value)
        ask_index(self.request, Token(sources_term(0)))
        return queryset


class FacetFilter(ChoiceFilter):
    """The values of one facet of the index."""

    facet: Facet
    values: list[tuple[str, str]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return self.values

    def chosen(self, queryset: Any, value: str) -> Any:
        ask_index(self.request, Token(term(self.facet, value)))
        return queryset


class KindFilter(FacetFilter):
    title = parameter_name = "kind"
    facet = Facet.KIND
    values = Claim.Kind.choices


class VerdictFilter(FacetFilter):
    title = parameter_name = "verdict"
    facet = Facet.VERDICT
    values = [*Verdict.choices, (NO_VALUE, "none")]


class CircularFilter(ChoiceFilter):
    title = parameter_name = "circular"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("no", "No")]

    def chosen(self, queryset: Any, value: str) -> Any:
        circular = Token(term(Facet.NEEDS, "circle"))
        ask_index(self.request, circular if value == "yes" else all_of((), [circular]))
        return queryset


class SourcesFilter(ChoiceFilter):
    title = "independent sources"
    parameter_name = "sources"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", "None"), ("one", "One: single source"), ("more", "Two or more")]

    def chosen(self, queryset: Any, value: str) -> Any:
        none, one = Token(sources_term(0)), Token(sources_term(1))
        wanted = {"none": none, "one": one, "more": all_of((), [none, one])}
        ask_index(self.request, wanted[value])
        return queryset


class TagFilter(TextFilter):
    title = "tag"
    parameter_name = "tag"
    hint = "Name, with all below it"

    def matching(self, queryset: Any, words: str) -> Any:
        tags = Tag.objects.current().filter(Q(slug__iexact=words) | Q(name__iexact=words))[:20]
        ask_index(self.request, any_of(Token(term(Facet.TAG, tag.pk)) for tag in tags))
        return queryset


class SourceFilter(TextFilter):
    title = "source"
    parameter_name = "source"
    hint = "A name anywhere in a chain"

    def matching(self, queryset: Any, words: str) -> Any:
        sources = Source.objects.current().named_like(words)[:NAMED_ALIKE]
        ask_index(self.request, any_of(Token(term(Facet.SOURCE, source.pk)) for source in sources))
        return queryset


class AssigneeFilter(TextFilter):
    title = "assignee"
    parameter_name = "assignee"
    hint = "User name, me, or nobody"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        self.me = request.user
        return super().queryset(request, queryset)

    def matching(self, queryset: Any, words: str) -> Any:
        if words == "nobody":
            return queryset.filter(assignee=None)
        found = [self.me] if words == "me" else User.objects.filter(username__iexact=words)
        return queryset.filter(assignee__in=[user.pk for user in found])


@admin.register(Claim)
class ClaimAdmin(Merging, ClaimNotes, JudgementAdmin):
    form = ClaimForm
    name_field = "text"
    works = [UNSOURCED, IN_REVIEW, DUE]
    withdrawals = [WithdrawClaim(), BringClaimBack()]
    actions = [AddTags(), RemoveTags(), Assign(), ChangeStatus(), *withdrawals]
    list_display = [
        *("short_text", "kind", "status", "priority_shown", "assignee", "tags_shown"),
        *("sources_shown", "statements_shown", "first_said_shown", "verdict"),
    ]
    list_filter = [
        *(WaitingFilter, "status", KindFilter, "priority", TagFilter, SourceFilter, AssigneeFilter, SourcesFilter),
        *(VerdictFilter, CircularFilter, "due_on"),
    ]
    list_select_related = ["assignee"]
    search_fields = ["text"]
    search_help_text = "As in the list of claims: words, “phrases”, -without, begin*, tag:name"
    ordering = ["-first_said_rank", "-id"]
    indexed_orders = ("first_said_rank", "-first_said_rank", "-priority", "status")
    inlines = [
        *(Statements, LinkInline, EvidenceInline, ReviewInline),
        *(InquiryInline, CorrectionRequestInline, CorrectionInline, OwnNotes),
    ]
    readonly_fields = ["status", "chains", "others_notes", *DERIVED]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new claim has nothing yet to read off, and only who may change a claim is shown where it can move."""
        wording = {"fields": ["text", "short_text", ("kind", "language"), "tags"]}
        work: list[Any] = [("priority", "assignee", "due_on")]
        if obj is not None:
            moves = ("status", "move_to", "move_note") if self.has_change_permission(request, obj) else ("status",)
            work = [moves, *work]
        fieldsets: list[Any] = [(None, wording), ("Work", {"fields": work}), *ABOUT]
        if obj is not None:
            fieldsets.insert(1, ("Who said it", {"fields": ["chains", tuple(DERIVED)]}))
            fieldsets.append(("Colleagues’ notes", {"fields": ["others_notes"]}))
        return self.locked(request, obj, fieldsets)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """A claim that was never published is changed, not corrected in public."""
        published = obj is not None and obj.published_at is not None
        return [inline for inline in self.inlines if published or inline is not CorrectionInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        tags = Tag.objects.order_by("path", "id")
        return super().get_queryset(request).prefetch_related(Prefetch("tags", tags))

    def found(
        self, request: HttpRequest, queryset: QuerySet[Any], words: str, *, typing: bool = False
    ) -> QuerySet[Any]:
        """In the index, with the words of the site's own search box, and what the filters ask of it."""
        if typing:
            return queryset.filter(Among("pk", claims_found(words, typing=True))) if words.strip() else queryset
        asked = QueryDict(mutable=True)
        asked["q"] = words
        listing = ClaimFilter(asked, viewer=request.user)
        for each in listing.snags():
            self.message_user(request, each.snag.told, messages.WARNING)
        return claims_of_index(request, queryset, listing.walk(), listing.beyond_terms())

    def get_paginator(self, request: HttpRequest, queryset: Any, per_page: int, *args: Any, **kwargs: Any) -> Any:
        paginator: Any = super().get_paginator(request, queryset, per_page, *args, **kwargs)
        paginator.known_to_have_more = has_more(request) and not self._asks_columns(request)
        return paginator

    def _asks_columns(self, request: HttpRequest) -> bool:
        """Whether the address asks for more than the index was asked."""
        indexed = {"q", "p", "o", "all", "tag", "source", "sources", "kind", "verdict", "circular"}
        if request.GET.get("todo") == UNSOURCED.slug:
            indexed.add("todo")
        return not request.GET.keys() <= indexed

    def after_related(self, request: HttpRequest, form: Any, change: bool) -> None:
        to = form.cleaned_data.get("move_to")
        if to:
            note = form.cleaned_data["move_note"]
            moved = workflow.move(form.instance, to=to, by=request.user, note=note, touched=form.touched)
            self.message_user(request, f"Status: {moved}.")
            if workflow.wants_another_look(form.instance):
                self.message_user(request, LOOK_AGAIN, messages.WARNING)

    @admin.display(description="tags")
    def tags_shown(self, claim: Claim) -> str:
        return ", ".join(tag.name for tag in claim.tags.all())

    @admin.display(description="priority", ordering="-priority")
    def priority_shown(self, claim: Claim) -> str:
        return claim.get_priority_display()

    @admin.display(description="sources", ordering="independent_sources")
    def sources_shown(self, claim: Claim) -> str:
        if claim.independent_sources == 0:
            return "none, a closed circle" if claim.circular else "none"
        unnamed = f" ({claim.unnamed_sources} unnamed)" if claim.unnamed_sources else ""
        return f"{claim.independent_sources}{unnamed}"

    @admin.display(description="statements", ordering="statement_count")
    def statements_shown(self, claim: Claim) -> int:
        return claim.statement_count

    @admin.display(description="first said", ordering="first_said_rank")
    def first_said_shown(self, claim: Claim) -> str:
        return str(claim.first_said or "unknown")

    @admin.display(description="first published")
    def first_published_shown(self, claim: Claim) -> str:
        return str(claim.first_published or "unknown")

    @admin.display(description="verdict")
    def verdict_shown(self, claim: Claim) -> str:
        return claim.get_verdict_display() or "nobody has checked this yet"

    @admin.display(description="chains")
    def chains(self, claim: Claim) -> SafeString:
        statements = Statement.objects.current().with_chains()
        made = claim.appearances.current().filter(statement__withdrawn_at=None)
        rows: Any = made.prefetch_related(Prefetch("statement", statements)).order_by("id")
        for row in rows:
            row.chain = chain_of(row.statement, desk=True)
        return render_to_string("admin/claims/chains.html", {"appearances": rows})

    @classmethod
    def choice_label(cls, row: Claim) -> str:
        return row.short_text

    @classmethod
    def choice_note(cls, row: Claim) -> str:
        return f"{row.get_kind_display()}, {row.get_status_display()}, no. {row.pk}"

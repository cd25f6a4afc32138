"""The columns of the claim list: what a page shows in each, and what an export writes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import F, Prefetch, Value, prefetch_related_objects

from articles.dates import Precision, VagueDate, vague, vague_moment
from claims.cells import (
    SEPARATOR,
    CorrectionArray,
    Corrections,
    Day,
    Filled,
    Joined,
    Moment,
    Number,
    Safe,
    SafeTags,
    TagArray,
    Tags,
    Uid,
    first_said,
    label_of,
)
from claims.models import Claim, Correction, Tag
from claims.represent import STATUS_MARKS, VERDICT_MARKS, Mark


class Look(StrEnum):
    """How a page shows a value."""

    CLAIM = "claim"
    """The claim's text, which leads to it."""
    CHAIN = "chain"
    """A ``represent.Chain`` or None."""
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    """A ``VagueDate`` or None."""
    MARK = "mark"
    """A ``represent.Mark``."""
    TAGS = "tags"
    """A list of tags."""
    LINK = "link"
    """An address."""


@dataclass(frozen=True)
class Column:
    """One column. ``value`` gives what a page shows of a claim from ``fetch_chains`` and ``fetch_columns``.

    ``cell`` is the value as an export has it, from the columns of the claim, its ``entry``, and ``claims_at``, the
    address of the claim list. ``safe`` is the same for a spreadsheet, where people type it; ``array`` is the same
    as JSON, where it is a list. ``sort`` is the list's order by this column, falling, and ``back`` the same rising,
    where there are such. ``reads`` are the columns of the claim that ``value`` reads besides those of any row, and
    ``needs`` is fetched for a page besides.
    """

    name: str
    label: str
    look: Look
    value: Callable[[Any], Any]
    cell: Any
    safe: Any = None
    array: Any = None
    default: bool = False
    desk_only: bool = False
    sort: str = ""
    back: str = ""
    reads: tuple[str, ...] = ()
    needs: Callable[[], Prefetch] | None = None

    @property
    def number(self) -> bool:
        return self.look == Look.NUMBER


def _moment(name: str) -> dict[str, Any]:
    """The value and the cell of a moment."""

    def value(claim: Claim) -> VagueDate | None:
        return vague_moment(getattr(claim, name), Precision.TIME)

    return {"value": value, "cell": Moment(F(name)), "reads": (name,)}


def current_tags() -> Prefetch:
    return Prefetch("tags", Tag.objects.current().order_by("path"))


def current_corrections() -> Prefetch:
    return Prefetch("corrections", Correction.objects.current().newest_first())


def _corrections(claim: Claim) -> str:
    return SEPARATOR.join(f"{each.corrected_on}: {each.text}" for each in claim.corrections.all())


def people() -> Prefetch:
    return Prefetch("assignee")


def _status(claim: Claim) -> Mark:
    return STATUS_MARKS[Claim.Status(claim.status)]


def _typed(name: str) -> dict[str, Any]:
    """The cells of a text that people type."""
    return {"cell": Filled(F(name)), "safe": Safe(F(name))}


_COLUMNS = (
    Column("text", "Claim", Look.CLAIM, lambda claim: claim.text, **_typed("text"), default=True),
    Column("chain", "Chain", Look.CHAIN, lambda claim: claim.shown_chain, **_typed("entry__line"), default=True),
    Column(
        "first_said",
        "First said",
        Look.DATE,
        lambda claim: claim.first_said,
        first_said(),
        default=True,
        sort="newest",
        back="oldest",
    ),
    Column(
        "statements",
        "Statements",
        Look.NUMBER,
        lambda claim: claim.statement_count,
        F("statement_count"),
        default=True,
        sort="statements",
    ),
    Column(
        "sources",
        "Independent sources",
        Look.NUMBER,
        lambda claim: claim.independent_sources,
        F("independent_sources"),
        default=True,
        sort="sources",
    ),
    Column("denied_by", "Denied by", Look.NUMBER, lambda claim: claim.denied_by, F("denied_by")),
    Column(
        "verdict", "Verdict", Look.MARK, lambda claim: VERDICT_MARKS[claim.verdict], Filled(F("verdict")), default=True
    ),
    Column("status", "Status", Look.MARK, _status, F("status"), default=True, desk_only=True),
    Column("kind", "Kind", Look.TEXT, lambda claim: claim.get_kind_display(), F("kind"), reads=("kind",)),
    Column(
        "tags",
        "Tags",
        Look.TAGS,
        lambda claim: list(claim.tags.all()),
        Tags(F("pk")),
        SafeTags(F("pk")),
        TagArray(F("pk")),
        needs=current_tags,
    ),
    Column("language", "Language", Look.TEXT, lambda claim: claim.language, Filled(F("language"))),
    Column(
        "priority",
        "Priority",
        Look.TEXT,
        lambda claim: claim.get_priority_display(),
        label_of("priority", Claim.Priority),
        desk_only=True,
        reads=("priority",),
    ),
    Column(
        "assignee",
        "Assigned to",
        Look.TEXT,
        lambda claim: str(claim.assignee or ""),
        **_typed("assignee__username"),
        desk_only=True,
        reads=("assignee",),
        needs=people,
    ),
    Column(
        "due_on",
        "Due",
        Look.DATE,
        lambda claim: vague(claim.due_on, Precision.DAY),
        Day(F("due_on")),
        desk_only=True,
        reads=("due_on",),
    ),
    Column("published", "Published", Look.DATE, **_moment("published_at")),
    Column("updated", "Last changed", Look.DATE, **_moment("updated_at"), sort="updated"),
    Column(
        "corrections",
        "Corrections",
        Look.TEXT,
        _corrections,
        Corrections(F("pk")),
        array=CorrectionArray(F("pk")),
        needs=current_corrections,
    ),
    Column("short_text", "In short", Look.TEXT, lambda claim: claim.short_text, **_typed("short_text")),
    Column("id", "Number", Look.NUMBER, lambda claim: claim.pk, F("pk")),
    Column("uid", "UUID", Look.TEXT, lambda claim: str(claim.uid), Uid(F("uid")), reads=("uid",)),
    Column(
        "url",
        "Address",
        Look.LINK,
        lambda claim: claim.get_absolute_url(),
        Joined(F("claims_at"), Number(F("pk")), Value("/")),
    ),
)
COLUMNS = {column.name: column for column in _COLUMNS}

FIRST = "text"
"""Always the first column, whatever else is chosen."""


def columns_for(*, desk: bool) -> list[Column]:
    """Those that somebody may choose."""
    return [column for column in _COLUMNS if desk or not column.desk_only]


def columns_shown(names: Sequence[str], *, desk: bool) -> list[Column]:
    """The columns ``names`` in that order, or those of a list that nobody chose any for."""
    if not names:
        return [column for column in columns_for(desk=desk) if column.default]
    return [COLUMNS[FIRST], *(COLUMNS[name] for name in names if name != FIRST)]


def fetch_columns(claims: Iterable[Claim], columns: Iterable[Column]) -> list[Claim]:
    """``claims`` with what ``columns`` show besides: a query for tags, one for people."""
    fetched = list(claims)
    prefetch_related_objects(fetched, *(column.needs() for column in columns if column.needs))
    return fetched

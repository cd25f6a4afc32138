"""The cells of an export as the database itself writes them, the same on both engines. Empty cells are NULL."""

from typing import Any

from django.db.models import Case, Choices, F, Func, Model, TextField, Value, When

from articles.dates import DatePrecision
from claims.models import Claim, Correction, Tag

SEPARATOR = "; "
"""Between the values of one cell."""

FORMULA = "=+-@＝＋－＠"
"""What a spreadsheet takes for the beginning of a formula, in half and in full width."""

BLANKS = " \t\r\n\v\f\xa0\u200b\ufeff"
"""What it may pass over before that; and so it may one quotation mark."""


def neutral(sql: str) -> str:
    """The text ``sql`` with an apostrophe before it where a spreadsheet could take it for a formula."""
    first = ", ".join(f"'{character}'" for character in FORMULA + BLANKS)
    quoted = f"substr({sql}, 1, 1) IN ('\"', '''') AND substr({sql}, 2, 1) IN ({first})"
    return f"CASE WHEN substr({sql}, 1, 1) IN ({first}) OR {quoted} THEN '''' || {sql} ELSE {sql} END"


class Written(Func):
    """Text that each engine writes by a template of its own."""

    output_field = TextField()
    sqlite = postgresql = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.sqlite, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.postgresql, **extra)


class Day(Written):
    """2025-11-22."""

    postgresql = "to_char(%(expressions)s, 'YYYY-MM-DD')"


class Moment(Written):
    """2025-11-22T14:10:00Z."""

    sqlite = "(replace(substr(%(expressions)s, 1, 19), ' ', 'T') || 'Z')"
    postgresql = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""


class Uid(Written):
    """A UUID with its hyphens, which SQLite does not keep."""

    sqlite = (
        "(substr({0}, 1, 8) || '-' || substr({0}, 9, 4) || '-' || substr({0}, 13, 4) || '-'"
        " || substr({0}, 17, 4) || '-' || substr({0}, 21))"
    ).format("%(expressions)s")
    postgresql = "%(expressions)s::text"


class Number(Written):
    """A whole number as text."""

    sqlite = postgresql = "CAST(%(expressions)s AS text)"


class Filled(Written):
    """A text, or NULL where it is empty."""

    sqlite = postgresql = "NULLIF(%(expressions)s, '')"


class Safe(Written):
    """A column as a cell that no spreadsheet takes for a formula."""

    sqlite = postgresql = neutral("NULLIF(%(expressions)s, '')")


class Joined(Written):
    """Its parts in one text; NULL where one of them is."""

    sqlite = postgresql = "(%(expressions)s)"
    arg_joiner = " || "


class Part(Written):
    """Some of a text; the other parts say from where, and how many characters."""

    sqlite = postgresql = "substr(%(expressions)s)"


def first_said() -> Joined:
    """As exactly as it is known: 2025-11-22, 2025-11, 1990; with "by" where it is the date of a later report."""
    length = Case(
        When(first_said_precision=DatePrecision.YEAR, then=4),
        When(first_said_precision=DatePrecision.MONTH, then=7),
        default=10,
    )
    by = Case(When(first_said_is_by=True, then=Value("by ")), default=Value(""))
    return Joined(by, Part(Day(F("first_said_on")), Value(1), length))


def label_of(name: str, choices: type[Choices]) -> Case:
    """The word for a choice that is stored as a number."""
    return Case(*(When(**{name: value}, then=Value(str(label))) for value, label in choices.choices))


def _table(model: type[Model]) -> str:
    return f'"{model._meta.db_table}"'


_TAGS = (
    f"FROM {_table(Claim.tags.through)} AS filed JOIN {_table(Tag)} AS tag ON tag.id = filed.tag_id"
    " WHERE filed.claim_id = %(expressions)s AND tag.withdrawn_at IS NULL"
)
_IN_ORDER = f"(SELECT tag.name AS name {_TAGS} ORDER BY tag.path)"


class Tags(Written):
    """The names of the claim's tags, in the order of their tree, in one text."""

    sqlite = f"(SELECT group_concat(name, '{SEPARATOR}') FROM {_IN_ORDER})"  # nosec B608 # pieces of ours
    postgresql = f"""(SELECT string_agg(tag.name, '{SEPARATOR}' ORDER BY tag.path COLLATE "C") {_TAGS})"""


class SafeTags(Tags):
    """The same as a cell that no spreadsheet takes for a formula."""

    sqlite = f"(SELECT {neutral('names')} FROM (SELECT {Tags.sqlite} AS names LIMIT 1))"  # nosec B608 # pieces of ours
    postgresql = f"(SELECT {neutral('names')} FROM (SELECT {Tags.postgresql} AS names OFFSET 0) AS tags)"  # nosec B608 # pieces of ours


class TagArray(Tags):
    """The same as a list in JSON."""

    sqlite = f"(SELECT json_group_array(name) FROM {_IN_ORDER})"  # nosec B608 # pieces of ours
    postgresql = f"""(SELECT coalesce(to_json(array_agg(tag.name ORDER BY tag.path COLLATE "C")), '[]') {_TAGS})"""


_MADE = f"FROM {_table(Correction)} AS made WHERE made.claim_id = %(expressions)s AND made.withdrawn_at IS NULL"
_NEWEST_FIRST = "ORDER BY made.corrected_on DESC, made.id DESC"
_SQLITE_LINES = f"(SELECT made.corrected_on || ': ' || made.text AS line {_MADE} {_NEWEST_FIRST})"
_POSTGRESQL_LINE = "to_char(made.corrected_on, 'YYYY-MM-DD') || ': ' || made.text"


class Corrections(Written):
    """The claim's corrections, the newest first, in one text: "2025-11-22: It said 50." As they begin with a digit,
    no spreadsheet takes them for a formula."""

    sqlite = f"(SELECT group_concat(line, '{SEPARATOR}') FROM {_SQLITE_LINES})"  # nosec B608 # pieces of ours
    postgresql = f"(SELECT string_agg({_POSTGRESQL_LINE}, '{SEPARATOR}' {_NEWEST_FIRST}) {_MADE})"


class CorrectionArray(Corrections):
    """The same as a list in JSON."""

    sqlite = f"(SELECT json_group_array(line) FROM {_SQLITE_LINES})"  # nosec B608 # pieces of ours
    postgresql = f"(SELECT coalesce(to_json(array_agg({_POSTGRESQL_LINE} {_NEWEST_FIRST})), '[]') {_MADE})"

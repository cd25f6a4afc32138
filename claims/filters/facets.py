"""The facets beside the claim list: each value with how many claims there would be under it.

A value is counted among the claims that all other filters leave: so its count is what ticking it alone would
show. One that is refused has none left to count. Where more than ``CAP`` claims are left, ``CAP`` of them are
counted, and counts are "at least". Beside the whole list the counts are those that are kept. One query counts all
facets that are not in use, one more each that is; one names all values.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from articles.models import Publisher
from articles.rows import Among
from articles.search.entry import DAY, LAST_KEY, Walk
from articles.search.expression import ALL, Token
from articles.text import fold
from claims.filters.claims import SOURCES, VERDICTS, ClaimFilter
from claims.filters.fields import as_texts
from claims.filters.paging import CAP, Total
from claims.filters.shelf import NONE_LAST, FacetShown, Label, Shelf, narrowing_first
from claims.models import Appearance, Attribution, Claim, RatingLevel, Source, Tag, TermCount
from claims.search.terms import NEEDS, NO_VALUE, PUBLIC, Facet, counted_in, language_of, split, term
from claims.visibility import TRAIL_STEPS

TOP = 10
"""How many values of a facet are shown before somebody asks for more."""

FOUND = 1000
"""So many rows that are called like what somebody types are counted."""

MORE = 100
"""How many are shown then, or are found by typing."""

ALL_OF_THEM = 1000
"""As many as any facet has that is shown whole: years, numbers, choices."""

_SPARE = 10
"""So many more are counted than shown: rows that were withdrawn have counts and no names."""


@dataclass(frozen=True)
class Kind:
    """One facet: its letter for the desk and for the public, and its values. ``rows`` is the name of the table
    whose rows they are; ``fixed`` are the values that there can be, by how a term holds them; with neither they
    are read off the term. ``in_order``: shown in that order instead of by count, and all of them."""

    desk: Facet
    public: Facet | None = None
    rows: str = ""
    fixed: Mapping[str, Label] | None = None
    none: str = ""
    in_order: bool = False

    def letter(self, *, desk: bool) -> Facet:
        return self.desk if desk else self.public or self.desk


def _fixed(choices: Iterable[tuple[Any, Any]]) -> dict[str, Label]:
    return {str(value).replace("_", ""): Label(str(value), str(label), at) for at, (value, label) in enumerate(choices)}


KINDS: dict[str, Kind] = {
    "status": Kind(Facet.STATUS, fixed=_fixed(Claim.Status.choices), in_order=True),
    "needs": Kind(Facet.NEEDS, Facet.PUBLIC_NEEDS, fixed=_fixed(NEEDS.items())),
    "verdict": Kind(Facet.VERDICT, fixed=_fixed(VERDICTS), in_order=True),
    "rating": Kind(Facet.RATING, rows="rating", none="not rated"),
    "tag": Kind(Facet.TAG, rows="tag", none="no tag"),
    "root": Kind(Facet.ROOT, rows="source", none="nobody named"),
    "relay": Kind(Facet.RELAY, rows="source", none="passed on by nobody"),
    "source": Kind(Facet.SOURCE, rows="source", none="nobody named"),
    "publisher": Kind(Facet.PUBLISHER, rows="publisher", none="no publisher"),
    "stance": Kind(Facet.STANCE, fixed=_fixed(Appearance.Stance.choices), in_order=True),
    "kind": Kind(Facet.KIND, fixed=_fixed(Claim.Kind.choices)),
    "sources": Kind(Facet.SOURCES, fixed=_fixed(SOURCES), in_order=True),
    "language": Kind(Facet.LANGUAGE),
    "year": Kind(Facet.YEAR, none="unknown", in_order=True),
}
"""By the name of its filter, in the order in which they stand beside the list."""


@dataclass(frozen=True)
class Counted:
    """By letter and value, how many claims have it; ``claims`` were counted for that, or those of the whole list."""

    values: Mapping[str, Mapping[str, int]]
    claims: Total | None = None

    @property
    def capped(self) -> bool:
        """Whether there are more claims than were counted."""
        return self.claims is not None and self.claims.more

    def of(self, letter: Facet) -> Mapping[str, int]:
        return self.values.get(letter, {})


class Facets:
    """The facets of one list for its viewer."""

    def __init__(self, listing: ClaimFilter) -> None:
        self.listing, self.desk = listing, listing.desk
        self._shelf = Shelf(listing)
        self._shared: Counted | None = None
        self._claims_told: dict[str, tuple[dict[Facet, dict[Any, set[int]]], Total]] = {}

    @property
    def total(self) -> Total:
        """How many claims the list has; known where the facets were counted among them."""
        return self._shared.claims if self._shared and self._shared.claims else self.listing.total

    def all(self) -> list[FacetShown]:
        """Every facet that the viewer may use, with its commonest values."""
        names = [name for name in KINDS if name in self.listing.filters]
        counts = {name: self._counts(name) for name in names}
        wanted = {name: self._commonest(name, counts[name].of(self._letter(name)), TOP + _SPARE) for name in names}
        labels = self._labels(wanted)
        return narrowing_first(self._shown(name, counts[name], labels[name], TOP) for name in names)

    def one(self, name: str, *, find: str = "") -> FacetShown:
        """One facet with up to ``MORE`` values, or with those that are called like ``find``."""
        if find and KINDS[name].rows:
            labels = _row_labels([KINDS[name].rows], Q(text__icontains=find), limit=FOUND)[KINDS[name].rows]
            counted = self._counts(name, [*labels])
            return self._shown(name, counted, labels, MORE)
        counted = self._counts(name, limit=MORE + _SPARE)
        labels = self._labels({name: self._commonest(name, counted.of(self._letter(name)), MORE + _SPARE)})[name]
        called = {value: label for value, label in labels.items() if fold(find) in fold(label.text)}
        return self._shown(name, counted, called, MORE)

    def _letter(self, name: str) -> Facet:
        return KINDS[name].letter(desk=self.desk)

    # Counting.

    def _counts(self, name: str, only: Collection[str] = (), *, limit: int = TOP + _SPARE) -> Counted:
        """How many claims there would be under each value of a facet, or under ``only`` some and those in use; of
        the whole list the ``limit`` commonest."""
        in_use = self._values_in_use(name)
        walk = self.listing.walk(but=name if in_use else "")
        if name in self.listing.of_statements and self.listing.asked_of_statements(but=name):
            return self._told(name, walk)
        if _is_whole(walk):
            if only:
                return self._kept_of(name, {*only, *in_use})
            if in_use:
                return self._kept([name], limit)
        elif in_use:
            return self._matched(walk)
        return self._of_unused(walk, limit)

    def _of_unused(self, walk: Walk, limit: int = TOP + _SPARE) -> Counted:
        """All facets that are not in use, counted once."""
        if self._shared is None:
            names = [other for other in KINDS if other in self.listing.filters]
            self._shared = self._kept(names, limit) if _is_whole(walk) else self._matched(walk)
        return self._shared

    def _kept(self, names: list[str], limit: int) -> Counted:
        """The commonest values of some facets over the whole list, and those in use, from the counts that are
        kept: one query, which reads no more of an index than it returns."""
        column, table = self._column(), connection.ops.quote_name(TermCount._meta.db_table)
        commonest = (
            f"SELECT * FROM (SELECT term, {column} FROM {table} WHERE facet = %s AND {column} > 0"  # nosec B608 # names of ours, values as parameters
            f" ORDER BY {column} DESC, term LIMIT %s) AS commonest"
        )
        params: list[Any] = []
        for name in names:
            params += [self._letter(name), ALL_OF_THEM if KINDS[name].in_order else limit]
        parts = [commonest] * len(names)
        terms = [term(self._letter(name), value) for name in names for value in self._values_in_use(name)]
        if terms:
            parts.append(f"SELECT term, {column} FROM {table} WHERE term IN ({', '.join(['%s'] * len(terms))})")  # nosec B608 # names of ours, values as parameters
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), [*params, *terms])
            return Counted(_by_letter(dict(cursor.fetchall())))

    def _values_in_use(self, name: str) -> list[str]:
        """What is ticked. What is refused stays refused, whatever is ticked besides: it is counted like any filter."""
        return [self._term_value(name, text) for text in as_texts(self.listing.values.get(name))]

    def _kept_of(self, name: str, values: Collection[str]) -> Counted:
        terms = [term(self._letter(name), value) for value in values]
        return Counted(_by_letter(dict(TermCount.objects.filter(term__in=terms).values_list("term", self._column()))))

    def _column(self) -> str:
        return "desk" if self.desk else "public"

    def _matched(self, walk: Walk) -> Counted:
        """The terms of what the list shows, counted in one pass."""
        found = walk.some(CAP + 1, column="terms")
        counts = Counter(" ".join(map(counted_in, found[:CAP])).split())
        return Counted(_by_letter(counts), Total(min(len(found), CAP), len(found) > CAP))

    def _told(self, name: str, walk: Walk) -> Counted:
        """Of a facet of statements beside other filters on statements: one and the same must meet all. Two
        queries for all such facets that are not in use, and two for each that is."""
        own = name if self._values_in_use(name) else ""
        if own not in self._claims_told:
            found = walk.some(CAP + 1)
            claims = [key % DAY for key in found[:CAP]]
            self._claims_told[own] = self._tell(claims, but=own), Total(len(claims), len(found) > CAP)
        told, counted = self._claims_told[own]
        letter = self._letter(name)
        counts = {str(value): len(having) for value, having in told[letter].items()}
        if KINDS[name].none:
            # Whoever asks for "none" asks it of the claim as a whole.
            whole = self._matched(walk) if own else self._of_unused(walk)
            counts[NO_VALUE] = whole.of(letter).get(NO_VALUE, 0)
        return Counted({letter: counts}, counted)

    def _tell(self, claims: Collection[int], *, but: str) -> dict[Facet, dict[Any, set[int]]]:
        """By facet and value, which of ``claims`` are made or answered by a statement that has it, of those that
        meet what is asked of statements."""
        told: dict[Facet, dict[Any, set[int]]] = defaultdict(lambda: defaultdict(set))
        makes: dict[int, set[int]] = defaultdict(set)
        made = self.listing.made(but=but).filter(Among("claim_id", claims)).order_by()
        for claim, statement, stance, *outlets in made.values_list("claim_id", "statement_id", "stance", *OUTLETS):
            makes[statement].add(claim)
            told[Facet.STANCE][stance].add(claim)
            for outlet in {*outlets} - {None}:
                told[Facet.PUBLISHER][outlet].add(claim)
        hops = Attribution.objects.filter(Among("statement_id", makes), withdrawn_at=None, source__isnull=False)
        for statement, position, source in hops.order_by().values_list("statement_id", "position", "source_id"):
            told[Facet.SOURCE][source] |= makes[statement]
            told[Facet.RELAY if position else Facet.ROOT][source] |= makes[statement]
        return told

    # Showing.

    def _commonest(self, name: str, counts: Mapping[str, int], limit: int) -> list[str]:
        """The values to look up the names of: the commonest, and those in use."""
        if KINDS[name].in_order:
            return [*counts]
        return sorted(counts, key=lambda value: (-counts[value], value))[:limit]

    def _labels(self, wanted: Mapping[str, Collection[str]]) -> dict[str, dict[str, Label]]:
        """By facet and value, how the wanted values read: one query for all that are names of rows."""
        ids: dict[str, set[int]] = {}
        for name, values in wanted.items():
            if KINDS[name].rows:
                ids.setdefault(KINDS[name].rows, set()).update(int(value) for value in values if value.isdigit())
        tables = [table for table, numbers in ids.items() if numbers]
        rows = _row_labels(tables, ids=ids) if tables else {}
        return {name: self._labels_of(name, values, rows) for name, values in wanted.items()}

    def _labels_of(self, name: str, values: Collection[str], rows: Mapping[str, dict[str, Label]]) -> dict[str, Label]:
        kind = KINDS[name]
        known: Mapping[str, Label] = kind.fixed or rows.get(kind.rows, {})
        found = {value: known[value] for value in values if value in known}
        if not kind.fixed and not kind.rows:
            found = {value: READ[name](value) for value in values if value != NO_VALUE}
        if kind.none and NO_VALUE in values:
            found[NO_VALUE] = Label(NO_VALUE, kind.none, NONE_LAST)
        return found

    def _shown(self, name: str, counted: Counted, labels: Mapping[str, Label], limit: int) -> FacetShown:
        kind, counts = KINDS[name], counted.of(self._letter(name))
        chosen, refused = as_texts(self.listing.values.get(name)), as_texts(self.listing.values.get(f"-{name}"))
        # What no claim on view has is nothing to offer, and may be nothing to tell of.
        by_value = {label.value: (label, counts[value]) for value, label in labels.items() if counts.get(value)}
        for value in (*chosen, *refused):
            # What is in use is shown, be it ever so rare.
            text = self.listing.label_of(name if value in chosen else f"-{name}", value)
            by_value.setdefault(value, (Label(value, text), counts.get(self._term_value(name, value), 0)))
        by_place = kind.in_order or kind.rows == "tag"
        return self._shelf.show(
            name, by_value, limit=None if kind.in_order else limit, by_place=by_place, capped=counted.capped
        )

    def _term_value(self, name: str, value: str) -> str:
        """What the term holds of a value that an address gives."""
        for row in (self.listing.values.get(name) or []) + (self.listing.values.get(f"-{name}") or []):
            if getattr(row, "slug", None) == value:
                return str(row.pk)
        if name == "language" and value != NO_VALUE:
            return value.encode().hex()
        return str(int(value)) if name == "year" and value.isdigit() else value.replace("_", "")


OUTLETS = [f"statement__version__article{'__republishes' * step}__publisher_id" for step in range(TRAIL_STEPS + 1)]
"""Who published the article of a statement, or what it carries."""

READ = {
    "language": lambda value: Label(language_of(value), language_of(value), language_of(value)),
    "year": lambda value: Label(value.zfill(4), value, 9999 - int(value)),
}
"""How a value reads that stands in the term itself."""


def _is_whole(walk: Walk) -> bool:
    return walk.wanted in (ALL, Token(PUBLIC)) and (walk.low, walk.high, walk.records) == (1, LAST_KEY, None)


def _by_letter(terms: Mapping[str, int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for token, number in terms.items():
        letter, value = split(token)
        found.setdefault(letter, {})[value] = number
    return found


def _row_labels(
    tables: Iterable[str], called: Q | None = None, *, ids: Mapping[str, Collection[int]] | None = None, limit: int = 0
) -> dict[str, dict[str, Label]]:
    """By table and id, how rows read that are used for facets: one query for all tables."""
    parts = []
    for table in tables:
        rows = ROWS[table].filter(called if called is not None else Among("pk", (ids or {})[table]))
        parts.append(rows.order_by("text", "pk")[:limit] if limit else rows)
    found: dict[str, dict[str, Label]] = {table: {} for table in tables}
    for table, pk, address, text, place in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]:
        level = place.count("/") - 1 if table == "tag" else 0
        found[table][str(pk)] = Label(address, text, place, level)
    return found


def _read_as(table: str, rows: QuerySet[Any], address: Any, text: Any, place: Any) -> QuerySet[Any]:
    columns = {"address": address, "text": text, "place": place}
    cast = {name: Cast(column, TextField()) for name, column in columns.items()}
    return rows.order_by().annotate(table=Value(table), **cast).values_list("table", "pk", *cast)


ROWS = {
    "source": _read_as("source", Source.objects.current(), F("slug"), F("name"), F("name")),
    "publisher": _read_as("publisher", Publisher.objects.filter(merged_into=None), F("slug"), F("name"), F("name")),
    "tag": _read_as("tag", Tag.objects.current(), F("slug"), F("name"), F("path")),
    "rating": _read_as(
        "rating",
        RatingLevel.objects.current(),
        Concat("scale__slug", Value(":"), "slug", output_field=TextField()),
        Concat("label", Value(" ("), "scale__name", Value(")"), output_field=TextField()),
        F("scale__name"),
    ),
}
"""The tables whose rows are values of facets: what of each stands in an address, what people read, and by what
it is ordered."""

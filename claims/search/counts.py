"""How many claims have each term, kept by differences.

A transaction that writes entries gathers its differences and writes them once, as the last thing that it does: rows
of counts are shared by all, so whoever holds some waits for nobody else's rows any more. They are written in the
order of their terms. So no two transactions wait for each other, and a load holds them no longer than its commit
takes. The differences are held in memory by whoever gathers them: do not roll back to a savepoint between.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from claims.models import ClaimEntry, TermCount
from claims.search.terms import PUBLIC, split

STEP = 2_000
"""How many terms one statement names."""


@dataclass(frozen=True)
class CountDrift:
    """One term whose stored counts are not those of the entries."""

    term: str
    stored: tuple[int, int]
    right: tuple[int, int]

    def __str__(self) -> str:
        return f"count of {self.term}: is {self.stored}, should be {self.right}"


class Counts:
    """By term, how many claims more (or fewer) have it: of all, and of those that the public sees."""

    def __init__(self) -> None:
        self.desk: Counter[str] = Counter()
        self.public: Counter[str] = Counter()

    def add(self, entries: Iterable[tuple[int, str]]) -> None:
        """The keys and the terms of entries that were written."""
        for key, terms in entries:
            if key > 0:
                self.add_terms(terms)

    def subtract(self, entries: Iterable[tuple[int, str]]) -> None:
        """The same of entries that stood before."""
        gone = Counts()
        gone.add(entries)
        self.desk.subtract(gone.desk)
        self.public.subtract(gone.public)

    def add_terms(self, terms: str) -> None:
        """One claim that lists show, with all its terms."""
        held = terms.split()
        self.desk.update(held)
        if PUBLIC in held:
            self.public.update(held)

    def of(self, token: str) -> tuple[int, int]:
        return self.desk[token], self.public[token]

    def write(self) -> None:
        """Add these differences to the stored counts, and have none any more. Nothing else may be written in the same
        transaction after."""
        tokens = sorted(token for token in self.desk if any(self.of(token)))
        for at in range(0, len(tokens), STEP):
            self._write([(token, split(token)[0], *self.of(token)) for token in tokens[at : at + STEP]])
        self.desk.clear()
        self.public.clear()

    def _write(self, rows: list[tuple[str, str, int, int]]) -> None:
        table = connection.ops.quote_name(TermCount._meta.db_table)
        added = (
            f" ON CONFLICT (term) DO UPDATE"  # nosec B608 # names of ours, values as parameters
            f" SET desk = {table}.desk + excluded.desk, public = {table}.public + excluded.public"
        )
        insert = f"INSERT INTO {table} (term, facet, desk, public)"
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                columns = [list(column) for column in zip(*rows, strict=True)]
                arrays = "unnest(%s::text[], %s::text[], %s::int[], %s::int[])"
                cursor.execute(f"{insert} SELECT * FROM {arrays}{added}", columns)  # nosec B608 # names of ours, values as parameters
            else:
                cursor.executemany(f"{insert} VALUES (%s, %s, %s, %s){added}", rows)
        falling = [term for term, _, desk, _ in rows if desk < 0]
        if falling:
            TermCount.objects.filter(term__in=falling, desk=0, public=0).delete()


def count_drift() -> Iterator[CountDrift]:
    """Which counts are not those of the stored entries. Reads all of them."""
    right = Counts()
    for terms in ClaimEntry.objects.listed().order_by().values_list("terms", flat=True).iterator(chunk_size=5000):
        right.add_terms(terms)
    stored = {row.term: (row.desk, row.public) for row in TermCount.objects.all()}
    for token in sorted(right.desk.keys() | stored.keys()):
        if stored.get(token, (0, 0)) != right.of(token):
            yield CountDrift(token, stored.get(token, (0, 0)), right.of(token))


def recount() -> int:
    """Count all terms anew. Returns how many counts were wrong."""
    with transaction.atomic():
        _keep_others_from_counting()
        wrong = list(count_drift())
        for at in range(0, len(wrong), STEP):
            TermCount.objects.filter(term__in=[row.term for row in wrong[at : at + STEP]]).delete()
        TermCount.objects.bulk_create(
            TermCount(term=row.term, facet=split(row.term)[0], desk=row.right[0], public=row.right[1])
            for row in wrong
            if any(row.right)
        )
        return len(wrong)


def _keep_others_from_counting() -> None:
    """Whoever has written counts has committed by then; whoever has not yet adds to what is counted here."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {TermCount._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")

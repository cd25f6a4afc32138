"""Puts what rows say into their tables, a chunk at a time: what they name becomes ids, new rows are added,
those that say something else than what is stored change it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

from articles import text as texts
from articles.models import Article, ArticleVersion, ImportRun, looping
from claims.importers.kinds import Child, Kind
from claims.importers.rows import Lists, Values
from claims.importers.staging import (
    Directory,
    Table,
    empty,
    found_by,
    next_ids,
    positions,
    put,
    returning,
    same,
    select,
    stored_now,
    uids,
)
from claims.models import Appearance, Claim, ClaimLink, Occasion, Source, Statement, Subject, Transition
from claims.models.link import overlap_in_time
from claims.models.statement import shorten

WITHDRAWN = "No longer in the file that was loaded."


@dataclass(slots=True)
class Entry:
    """One row of a file on its way: its line, what it says, and what becomes of it."""

    line: int
    raw: bytes
    values: Values
    lists: Lists
    id: int = 0
    is_new: bool = True
    fault: str = ""
    waits: bool = False
    """For a row of its own kind that has not been seen yet."""


@dataclass
class Taken:
    """What became of a chunk."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Entry] = field(default_factory=list)
    waiting: list[Entry] = field(default_factory=list)


class Touched:
    """Which rows were written. New rows bear the run's number; of changed ones there may be millions, so that they
    are kept in the database."""

    STEP = 2_000

    def __init__(self, run: ImportRun) -> None:
        self.run, self.new = run, 0
        select("CREATE TEMP TABLE IF NOT EXISTS load_touched (kind text, id bigint)")
        select("CREATE INDEX IF NOT EXISTS load_touched_order ON load_touched (kind, id)")
        empty("load_touched")

    def add(self, kind: str, ids: Collection[int]) -> None:
        put("load_touched", ("kind", "id"), ((kind, pk) for pk in sorted(ids)))

    def any(self, kind: str) -> bool:
        return bool(select("SELECT 1 FROM load_touched WHERE kind = %s LIMIT 1", [kind]))

    def ids(self, kind: Kind, *, also_new: bool) -> Iterator[list[int]]:
        """The rows of a kind that were noted, some thousands at a time; those that the run made only on demand."""
        sql, last = "SELECT t.id FROM load_touched t WHERE t.kind = %s AND t.id > %s", 0
        if not also_new:
            made = (
                f'SELECT 1 FROM "{kind.model._meta.db_table}" m WHERE m.id = t.id AND m.import_run_id = {self.run.pk}'
            )
            sql += f" AND NOT EXISTS ({made})"
        while rows := select(f"{sql} GROUP BY t.id ORDER BY t.id LIMIT {self.STEP}", [kind.name, last]):
            yield [pk for (pk,) in rows]
            last = rows[-1][0]

    def clear(self) -> None:
        self.new = 0
        empty("load_touched")


class Store:
    """Writes the rows of one import run."""

    def __init__(self, run: ImportRun, *, notes_new: bool) -> None:
        """``notes_new``: whether new rows are noted as touched; else whoever asks for them asks by the run."""
        self.run, self.now, self.notes_new = run, stored_now(), notes_new
        self.directory = Directory()
        self.uids = uids()
        self.touched = Touched(run)
        self.table = cache(self._table)
        self.tables: set[str] = set()

    def take(self, kind: Kind, entries: list[Entry], *, last: bool = False) -> Taken:
        """Store ``entries``. Those that name a row of their own kind which is not there yet wait, unless this is
        the ``last`` time that they are asked for."""
        self._refer(kind, entries)
        if not kind.key:
            _tell_links_apart(entries)
        self._recognise(kind, entries)
        for check in CHECKS.get(kind.name, ()):
            check(self, _standing(entries))
        self._resolve_own(kind, entries, last)
        standing = _standing(entries)
        changed = self._write(kind, standing)
        created = [entry.id for entry in standing if entry.is_new]
        self._note(kind, [entry for entry in standing if entry.is_new or entry.id in changed], changed)
        return Taken(
            len(created),
            len(changed),
            len(standing) - len(created) - len(changed),
            [entry for entry in entries if entry.fault],
            [entry for entry in entries if entry.waits],
        )

    def _note(self, kind: Kind, written: list[Entry], changed: set[int]) -> None:
        self.touched.new += len(written) - len(changed)
        self.touched.add(kind.name, [entry.id for entry in written] if self.notes_new else changed)
        for mended, key in BEARS_ON.get(kind.name, ()):
            self.touched.add(mended, {entry.values[key] for entry in written})
        if kind.model is Occasion and changed:
            told = Statement._base_manager.filter(occasion__in=changed).values_list("pk", flat=True)
            self.touched.add("statements", list(told))

    # What rows name

    def _refer(self, kind: Kind, entries: list[Entry]) -> None:
        """Put ids where rows name others, but those of their own kind."""
        for column in kind.form.fields:
            if column.names and column.names != kind.noun:
                self._refer_one(column.key, column.names, [(entry, entry.values) for entry in entries])
        for key, child in kind.children.items():
            nested = [(entry, row) for entry in entries for row in entry.lists.get(key, ())]
            for column in child.form.fields:
                if column.names:
                    self._refer_one(column.key, column.names, nested, key)

    def _refer_one(self, key: str, noun: str, rows: list[tuple[Entry, Values]], within: str = "") -> None:
        ids = self.directory.ids(noun, {row[key] for _, row in rows if row[key] is not None})
        for entry, row in rows:
            name = row[key]
            if name is None:
                continue
            row[key] = ids.get(name)
            if row[key] is None:
                entry.fault = entry.fault or f"{within or key}: there is no {noun} “{named(noun, name)}”"

    def _recognise(self, kind: Kind, entries: list[Entry]) -> None:
        """Find the rows that are stored already; the others get new ids. Refuse what stands twice."""
        fine = [entry for entry in entries if not entry.fault]
        known: dict[Any, int] = self._known_links(fine) if not kind.key else self._known(kind, fine)
        seen: dict[Any, int] = {}
        fresh = []
        for entry in fine:
            key = entry.values[kind.key] if kind.key else _ends(entry)
            if key in seen:
                entry.fault = f"the same {kind.noun} stands in line {seen[key]} already"
                continue
            seen[key] = entry.line
            if key in known:
                entry.id, entry.is_new = known[key], False
            else:
                fresh.append(entry)
        self._refuse_twins(kind, [entry for entry in fine if not entry.is_new and not entry.fault])
        for entry, pk in zip(fresh, next_ids(kind.model, len(fresh)) if fresh else (), strict=True):
            entry.id = pk

    def _known(self, kind: Kind, entries: list[Entry]) -> dict[str, int]:
        names = [entry.values[kind.key] for entry in entries]
        stored = "uuid" if kind.key == "uid" else "text"
        return found_by(f'"{kind.model._meta.db_table}" t', f't."{kind.key}"', stored, sorted({*names}))

    def _known_links(self, entries: list[Entry]) -> dict[Any, int]:
        given, param = positions(sorted({entry.values["from"] for entry in entries}), "bigint")
        rows = select(
            f"SELECT t.id, t.from_claim_id, t.kind, t.to_claim_id FROM {given}"
            f" CROSS JOIN {ClaimLink._meta.db_table} t WHERE t.from_claim_id = CAST(g.name AS bigint)",
            [param],
        )
        return {(start, label, end): pk for pk, start, label, end in rows}

    def _refuse_twins(self, kind: Kind, known: list[Entry]) -> None:
        """What this run has created stands twice in its files."""
        own = {pk for pk, run in self._stored(kind.model, known, "import_run_id") if run == self.run.pk}
        for entry in known:
            if entry.id in own:
                entry.fault = f"the same {kind.noun} stands in this load already"

    def _stored(self, model: Any, entries: Iterable[Entry], *columns: str) -> list[tuple[Any, ...]]:
        ids = [entry.id for entry in entries]
        return list(model._base_manager.filter(pk__in=ids).values_list("pk", *columns)) if ids else []

    def _resolve_own(self, kind: Kind, entries: list[Entry], last: bool) -> None:
        """Put ids where rows name others of their own kind, in this chunk or stored."""
        for key in kind.own:
            fine = _standing(entries)
            names = {entry.values[key] for entry in fine if entry.values[key] is not None}
            if not names:
                continue
            self._resolve_one(kind, key, fine, dict(self.directory.ids(kind.noun, names)), last)
        if kind.own:
            self._refuse_loops(kind, _standing(entries))

    def _resolve_one(self, kind: Kind, key: str, entries: list[Entry], stored: dict[str, int], last: bool) -> None:
        here = {entry.values[kind.key]: entry for entry in entries}
        missing = True
        while missing:
            missing = False
            for entry in _standing(entries):
                name = entry.values[key]
                if name is None or name in stored:
                    continue
                target = here.get(name)
                if target is None or target.fault or target.waits:
                    missing = True
                    entry.waits = not last
                    entry.fault = f"{key}: there is no {kind.noun} “{named(kind.noun, name)}”" if last else ""
        for entry in _standing(entries):
            name = entry.values[key]
            if name is not None:
                entry.values[key] = stored[name] if name in stored else here[name].id

    def _refuse_loops(self, kind: Kind, entries: list[Entry]) -> None:
        """Following the references of a row to its own kind must not lead back to it."""
        by_id = {entry.id: entry for entry in entries}
        steps = {pk: {entry.values[key] for key in kind.own} - {None} for pk, entry in by_id.items()}
        ahead = set().union(*steps.values()) - steps.keys() if steps else set()
        # Nothing that is stored can lead to a row that is new.
        while ahead and not all(entry.is_new for entry in entries):
            columns = [f"{key}_id" for key in kind.own]
            rows = kind.model._base_manager.filter(pk__in=ahead).values_list("pk", *columns)
            steps |= {pk: set(ids) - {None} for pk, *ids in rows}
            ahead = set().union(*steps.values()) - steps.keys()
        refused = circular(steps) & by_id.keys()
        for pk in refused:
            by_id[pk].fault = f"{' or '.join(kind.own)}: leads back to the {kind.noun} itself"
        while refused:
            refused = {pk for pk in by_id.keys() - refused if not by_id[pk].fault and steps[pk] & refused}
            for pk in refused:
                by_id[pk].fault = f"{' or '.join(kind.own)}: the {kind.noun} that it names leads back to itself"

    # Writing

    def _table(self, model: Any, columns: tuple[str, ...]) -> Table:
        table = Table(model, columns, self.run.pk, self.now)
        self.tables.add(table.name)
        return table

    def _write(self, kind: Kind, entries: list[Entry]) -> set[int]:
        """Store rows and their lists. Returns the ids of stored rows that changed."""
        columns = {column.key: column.column for column in kind.form.fields if column.column} | EXTRA.get(kind.name, {})
        table = self.table(kind.model, tuple(columns.values()))
        values_of = itemgetter(*columns)
        new = [entry for entry in entries if entry.is_new]
        known = [entry for entry in entries if not entry.is_new]
        for fill in FILLS.get(kind.name, ()):
            fill(self, entries)
        table.insert(((entry.id, *values_of(entry.values)) for entry in new), with_ids=True)
        changed: set[int] = set()
        if known:
            table.stage((entry.id, *values_of(entry.values)) for entry in known)
            kept = {kind.key, "uid", *FILLED_ONCE}
            changed = self._update(table, [name for name in table.columns if name not in kept])
        grown: set[int] = set()
        for key, child in kind.children.items():
            self._add(child, key, new)
            grown |= self._bring_into_line(child, key, [entry for entry in known if key in entry.lists])
        if kind.model is Article:
            grown |= self._write_texts(entries)
        if grown - changed:
            self._move(table, grown - changed)
        return changed | grown

    def _update(self, table: Table, columns: Iterable[str]) -> set[int]:
        assigned, differs = table.changes(columns)
        sql = (
            f'UPDATE "{table.name}" AS t SET {assigned} FROM "{table.staged}" s'
            f" WHERE t.id = s.id AND {differs} {returning('id')}"
        )
        return {pk for (pk,) in select(sql)}

    def _move(self, table: Table, ids: set[int]) -> None:
        lock = ", lock = lock + 1" if table.has_lock else ""
        given, param = positions(sorted(ids), "bigint")
        select(
            f"UPDATE \"{table.name}\" SET updated_at = '{self.now}'{lock}"
            f" WHERE id IN (SELECT CAST(g.name AS bigint) FROM {given})",
            [param],
        )

    def _child_rows(self, child: Child, key: str, entries: Iterable[Entry]) -> tuple[Table, Iterator[tuple[Any, ...]]]:
        columns = {column.key: column.column for column in child.form.fields}
        has_uid = any(column.name == "uid" for column in child.model._meta.concrete_fields)
        names = (child.parent, *columns.values(), *(["uid"] if has_uid else []))
        keys = list(columns)

        def rows() -> Iterator[tuple[Any, ...]]:
            for entry in entries:
                for row in entry.lists.get(key, ()):
                    own = [row[name] for name in keys]
                    yield (entry.id, *own, next(self.uids)) if has_uid else (entry.id, *own)

        return self.table(child.model, names), rows()

    def _add(self, child: Child, key: str, entries: list[Entry]) -> None:
        table, rows = self._child_rows(child, key, entries)
        table.insert(rows)

    def _bring_into_line(self, child: Child, key: str, entries: list[Entry]) -> set[int]:
        """Make the stored lists of rows the ones that are given. Returns the ids of the rows whose list changed."""
        if not entries:
            return set()
        table, rows = self._child_rows(child, key, entries)
        table.stage(((None, *row) for row in rows), by=child.parent)
        select("CREATE TEMP TABLE IF NOT EXISTS load_parents (id bigint PRIMARY KEY)")
        empty("load_parents")
        put("load_parents", ("id",), [(entry.id,) for entry in entries])
        place = f's."{child.parent}" = t."{child.parent}" AND ' + " AND ".join(
            same(f's."{name}"', f't."{name}"') for name in child.match
        )
        changed = self._change(child, table, place) if table.has_lock else set()
        columns = ", ".join(f'"{name}"' for name in (*table.columns, *table.fixed))
        says = ", ".join([*(f's."{name}"' for name in table.columns), *["%s"] * len(table.fixed)])
        changed |= {
            pk
            for (pk,) in select(
                f'INSERT INTO "{table.name}" ({columns}) SELECT {says} FROM "{table.staged}" s'
                f' WHERE NOT EXISTS (SELECT 1 FROM "{table.name}" t WHERE {place}) RETURNING "{child.parent}"',
                list(table.fixed.values()),
            )
        }
        gone = (
            f't."{child.parent}" IN (SELECT id FROM load_parents)'
            f' AND NOT EXISTS (SELECT 1 FROM "{table.staged}" s WHERE {place}) {returning(child.parent)}'
        )
        if table.has_lock:
            withdraw = (
                f"withdrawn_at = '{self.now}', withdrawn_reason = %s, updated_at = '{self.now}', lock = t.lock + 1"
            )
            sql = f'UPDATE "{table.name}" AS t SET {withdraw} WHERE t.withdrawn_at IS NULL AND {gone}'
            return changed | {pk for (pk,) in select(sql, [WITHDRAWN])}
        return changed | {pk for (pk,) in select(f'DELETE FROM "{table.name}" AS t WHERE {gone}')}

    def _change(self, child: Child, table: Table, place: str) -> set[int]:
        """Rows of a list that stand already. A chain is one thing: a hop that it names again stands again. A
        claim stands again where only a load had withdrawn it."""
        columns = [name for name in table.columns if name not in ("uid", child.parent, *child.match)]
        back = ("withdrawn_at = NULL", "withdrawn_by_id = NULL", "withdrawn_reason = ''")
        assigned, differs = table.changes(columns, *back)
        by_hand = "t.withdrawn_by_id IS NOT NULL" if "position" not in child.match else "1 = 0"
        sql = (
            f'UPDATE "{table.name}" AS t SET {assigned} FROM "{table.staged}" s WHERE {place}'
            f" AND ({differs} OR t.withdrawn_at IS NOT NULL) AND NOT ({by_hand}) {returning(child.parent)}"
        )
        return {pk for (pk,) in select(sql)}

    def _write_texts(self, entries: list[Entry]) -> set[int]:
        """Add the captured texts that are not stored yet. Returns the ids of stored articles that got one."""
        stored = self._texts(entries)
        rows, grown = [], set()
        for entry in entries:
            for text in _given_texts(entry):
                numbers = stored.get(entry.id, {})
                newest = max(numbers, default=0)
                if text["number"] in numbers or (text["number"] is None and numbers.get(newest) == text["sha256"]):
                    continue
                number = text["number"] or newest + 1
                captured_at = text["captured_at"] or self.now
                rows.append((entry.id, number, text["headline"], text["text"], text["sha256"], captured_at))
                if not entry.is_new:
                    grown.add(entry.id)
        self.table(ArticleVersion, ("article_id", "number", "headline", "text", "sha256", "captured_at")).insert(rows)
        return grown

    def _texts(self, entries: Iterable[Entry]) -> dict[int, dict[int, str]]:
        """By stored article its texts: number and fingerprint."""
        ids = [entry.id for entry in entries if not entry.is_new]
        found: dict[int, dict[int, str]] = defaultdict(dict)
        versions = ArticleVersion.objects.filter(article__in=ids).order_by()
        for article, number, sha256 in versions.values_list("article", "number", "sha256") if ids else ():
            found[article][number] = sha256
        return found


def named(noun: str, name: str) -> str:
    """The name as a person knows it."""
    if noun in ("role", "occasion", "claim", "statement"):
        return f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}"
    return shorten(name, 100)


def _standing(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if not entry.fault and not entry.waits]


def circular(steps: dict[int, set[int]]) -> set[int]:
    """The ids that following ``steps`` leads back to, or that stand between two such."""
    if not (ahead := looping(steps)):
        return set()
    back: dict[int, set[int]] = defaultdict(set)
    for pk, onward in steps.items():
        for step in onward:
            back[step].add(pk)
    return ahead & looping(back)


def _given_texts(entry: Entry) -> list[Values]:
    return entry.lists.get("text") or entry.lists["versions"]


def _ends(entry: Entry) -> tuple[int, str, int]:
    return entry.values["from"], entry.values["kind"], entry.values["to"]


# What each kind is held to beyond its form


def _check_texts(store: Store, entries: list[Entry]) -> None:
    """An article has a text, and a captured one is never edited."""
    stored = store._texts(entries)
    for entry in entries:
        if len(entry.lists.keys() & {"text", "versions"}) != 1:
            entry.fault = "give either text or versions"
            continue
        for text in _given_texts(entry):
            known = stored.get(entry.id, {}).get(text["number"])
            if known and known != text["sha256"]:
                entry.fault = (
                    f"versions: version {text['number']} is stored with another text, and texts are never edited"
                )


def _check_publishers(store: Store, entries: list[Entry]) -> None:
    """An outlet is one source."""
    outlets = {entry.values["publisher"] for entry in entries} - {None}
    stored = Source._base_manager.filter(publisher__in=outlets).values_list("publisher", "pk")
    taken = dict(stored) if outlets else {}
    moving = {entry.id: entry.values["publisher"] for entry in entries}
    for entry in entries:
        outlet = entry.values["publisher"]
        holder = taken.get(outlet, entry.id)
        if outlet is not None and holder != entry.id and moving.get(holder, outlet) == outlet:
            entry.fault = "publisher: another source is this publisher already"
        elif outlet is not None:
            taken[outlet] = entry.id


def _check_words(store: Store, entries: list[Entry]) -> None:
    """The words of each statement must be the text at its span; what stands around them is kept with them."""
    room = texts.CONTEXT_CHARS
    select(
        "CREATE TEMP TABLE IF NOT EXISTS load_words"
        " (n integer, article text, number integer, start integer, stop integer, exact text)"
    )
    empty("load_words")
    keys = itemgetter("article", "version", "start", "end", "exact")
    put(
        "load_words",
        ("n", "article", "number", "start", "stop", "exact"),
        ((n, *keys(entry.values)) for n, entry in enumerate(entries)),
    )
    before = f"CASE WHEN start < {room} THEN start ELSE {room} END"
    rows = select(
        "WITH placed AS MATERIALIZED (SELECT w.n, v.id, w.exact, w.stop - w.start AS length, {before} AS before,"
        " substr(v.text, w.start - {before} + 1, w.stop - w.start + {before} + {room}) AS around"
        " FROM load_words w CROSS JOIN articles_article a CROSS JOIN articles_articleversion v"
        " WHERE a.identifier = w.article AND v.article_id = a.id AND v.number = w.number)"
        " SELECT n, id, substr(around, 1, before), substr(around, before + length + 1),"
        " CASE WHEN substr(around, before + 1, length) <> exact THEN substr(around, before + 1, length) END"
        " FROM placed".format(before=before.replace("start", "w.start"), room=room)
    )
    found = {n: row for n, *row in rows}
    for n, entry in enumerate(entries):
        values = entry.values
        if n not in found:
            article = shorten(values["article"], 100)
            entry.fault = f"article: there is no version {values['version']} of an article “{article}”"
            continue
        values["version"], values["prefix"], values["suffix"], read = found[n]
        if read is not None:
            place = f"{values['start']}–{values['end']}"
            entry.fault = f"exact: the text at {place} reads “{shorten(read)}”, not these words"


def _check_decided(store: Store, entries: list[Entry]) -> None:
    """Where a statement stands never changes once it is decided on."""
    known = {entry.id: entry for entry in entries if not entry.is_new and not entry.fault}
    for pk, state, *place in store._stored(Statement, known.values(), "state", "version_id", "start", "end", "exact"):
        if state == Statement.State.SUGGESTED:
            continue
        entry = known[pk]
        if [entry.values[key] for key in ("version", "start", "end", "exact")] != place:
            entry.fault = "where a statement stands never changes once it is decided on"
        elif entry.values["state"] == Statement.State.SUGGESTED:
            entry.fault = "state: this was decided on already, and is no suggestion any more"


def _check_parts(store: Store, entries: list[Entry]) -> None:
    """A statement keeps the parts in which claims are made, unless its row names its claims anew."""
    known = {entry.id: entry for entry in entries if not entry.is_new and "claims" not in entry.lists}
    parts = Appearance.objects.current().filter(statement__in=known).exclude(start=None)
    for pk, start, end in parts.values_list("statement_id", "start", "end") if known else ():
        values = known[pk].values
        if not (start is None or end is None or values["start"] <= start < end <= values["end"]):
            known[pk].fault = "a claim is made in a part of the text that is not in this span"


def _check_subjects(store: Store, entries: list[Entry]) -> None:
    """Whether a statement was made is asked of a claim that it makes."""
    asked = [entry for entry in entries if entry.values["subject"] == Subject.ATTRIBUTION]
    made = Appearance.objects.current().filter(statement__in={entry.values["statement"] for entry in asked})
    pairs = set(made.values_list("statement_id", "claim_id")) if asked else set()
    for entry in asked:
        if (entry.values["statement"], entry.values["claim"]) not in pairs:
            entry.fault = "statement: is not linked to this claim"


def _check_roles(store: Store, entries: list[Entry]) -> None:
    """A role is one of the source that speaks."""
    hops = [(entry, hop) for entry in entries for hop in entry.lists.get("chain", ()) if hop["role"] is not None]
    if not hops:
        return
    given, param = positions(sorted({hop["role"] for _, hop in hops}), "bigint")
    rows = select(f"SELECT t.id, t.source_id FROM {given} CROSS JOIN claims_sourcerole t WHERE t.id = g.name", [param])
    holders = dict(rows)
    for entry, hop in hops:
        if holders.get(hop["role"]) != hop["source"]:
            entry.fault = "chain: a role belongs to another source"


def _note_moves(store: Store, entries: list[Entry]) -> None:
    """A change of status goes into the claim's history; what is published first is dated."""
    known = {entry.id: entry for entry in entries if not entry.is_new}
    moves = []
    for pk, status, published_at in store._stored(Claim, known.values(), "status", "published_at"):
        values = known[pk].values
        if published_at is None:
            _date(store, values)
        if values["status"] != status:
            moves.append(
                (next(store.uids), pk, status, values["status"], store.now, f"Loaded from {store.run.file_name}")
            )
    columns = ("uid", "claim_id", "old", "new", "at", "note")
    put(Transition._meta.db_table, columns, moves)


def _date(store: Store, values: Values) -> None:
    if values["status"] == Claim.Status.PUBLISHED and values["published_at"] is None:
        values["published_at"] = store.now


def _tell_links_apart(entries: list[Entry]) -> None:
    """A symmetric link is stored from the lower number to the higher."""
    for entry in entries:
        values = entry.values
        if not entry.fault and ClaimLink.WORDS[values["kind"]].symmetric and values["from"] > values["to"]:
            values["from"], values["to"] = values["to"], values["from"]


def _check_uids(store: Store, entries: list[Entry]) -> None:
    """Links are known by their ends; the uid that a new one brings must be free."""
    given = [entry.values["uid"] for entry in entries if entry.is_new and entry.values["uid"]]
    taken = found_by(f"{ClaimLink._meta.db_table} t", "t.uid", "uuid", sorted({*given})) if given else {}
    for entry in entries:
        if entry.is_new and (entry.values["uid"] in taken or given.count(entry.values["uid"]) > 1):
            entry.fault = "uid: another link has this uid"


def _check_times(store: Store, entries: list[Entry]) -> None:
    """Claims contradict each other only where what they are about overlaps in time."""
    opposed = [entry for entry in entries if entry.values["kind"] == ClaimLink.Kind.CONTRADICTS]
    ends = {entry.values[end] for entry in opposed for end in ("from", "to")}
    columns = ("about_from", "about_to", "about_precision")
    about: dict[int, Any] = {
        pk: SimpleNamespace(**dict(zip(columns, values, strict=True)))
        for pk, *values in Claim._base_manager.filter(pk__in=ends).values_list("pk", *columns)
    }
    for entry in opposed:
        if not overlap_in_time(about[entry.values["from"]], about[entry.values["to"]]):
            entry.fault = "kind: the two claims are about different times, so they do not contradict: use “updates”"


def _refuse_circles(store: Store, entries: list[Entry]) -> None:
    """Links of some kinds lead nowhere back. Walks on from the rows at hand: one query a step."""
    known = [entry for entry in entries if not entry.is_new]
    withdrawn = {pk for pk, at in store._stored(ClaimLink, known, "withdrawn_at") if at}
    counted = [
        entry
        for entry in entries
        if not entry.fault and entry.values["state"] != ClaimLink.State.REJECTED and entry.id not in withdrawn
    ]
    for kind in (kind for kind in ClaimLink.Kind if ClaimLink.WORDS[kind].acyclic):
        drawn = [entry for entry in counted if entry.values["kind"] == kind]
        inside = circular(_steps_from(kind, [(entry.values["from"], entry.values["to"]) for entry in drawn]))
        for entry in drawn:
            if {entry.values["from"], entry.values["to"]} <= inside:
                entry.fault = f"{kind}: leads back to the claim it starts from, directly or through others"


def _steps_from(kind: ClaimLink.Kind, ends: list[tuple[int, int]]) -> dict[int, set[int]]:
    """By claim those that links of a kind lead to: the given ones, and all stored ones that can be come by."""
    steps: dict[int, set[int]] = defaultdict(set)
    for start, end in ends:
        steps[start].add(end)
    links = ClaimLink.objects.current().filter(kind=kind).exclude(state=ClaimLink.State.REJECTED).order_by()
    asked: set[int] = set()
    while ahead := sorted((steps.keys() | set().union(*steps.values())) - asked):
        asked.update(ahead)
        for at in range(0, len(ahead), Touched.STEP):
            onward = links.filter(from_claim__in=ahead[at : at + Touched.STEP])
            for start, end in onward.values_list("from_claim_id", "to_claim_id"):
                steps[start].add(end)
    return steps


def _fill_uids(store: Store, entries: list[Entry]) -> None:
    for entry in entries:
        entry.values["uid"] = entry.values["uid"] or next(store.uids)


def _fill_paths(store: Store, entries: list[Entry]) -> None:
    """A tag must have a path; ``provenance.refresh`` puts it at its place in the tree."""
    for entry in entries:
        entry.values["path"] = f"{entry.values['slug']}/"


def _fill_dates(store: Store, entries: list[Entry]) -> None:
    for entry in entries:
        if entry.is_new:
            _date(store, entry.values)


Step = Callable[[Store, list[Entry]], None]

CHECKS: dict[str, tuple[Step, ...]] = {
    "articles": (_check_texts,),
    "sources": (_check_publishers,),
    "claims": (_note_moves,),
    "statements": (_check_words, _check_decided, _check_parts, _check_roles),
    "links": (_check_uids, _check_times, _refuse_circles),
    "reviews": (_check_subjects,),
    "evidence": (_check_subjects,),
}
FILLS: dict[str, tuple[Step, ...]] = {"links": (_fill_uids,), "tags": (_fill_paths,), "claims": (_fill_dates,)}
EXTRA = {"statements": {"prefix": "prefix", "suffix": "suffix"}, "tags": {"path": "path"}}
"""Columns that no row says itself."""
BEARS_ON = {
    "roles": (("sources", "source"),),
    "links": (("claims", "from"), ("claims", "to")),
    "reviews": (("claims", "claim"),),
    "evidence": (("claims", "claim"),),
}
"""Of what else something is derived from the rows of a kind, and under which key they name it."""
FILLED_ONCE = ("path",)
"""Those of them that a stored row keeps."""

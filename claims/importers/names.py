"""Puts ids where rows name others, and tells new rows from those that are stored."""

from collections import defaultdict
from typing import Any

from articles.models import looping
from claims.importers.kinds import Kind
from claims.importers.rows import Values
from claims.importers.staging import Directory, found_by, next_ids, positions, select
from claims.importers.taking import Entry, Loading, named, standing, stored_of
from claims.models import ClaimLink


class Names:
    """Knows the rows of one load, and those that they name."""

    def __init__(self, loading: Loading) -> None:
        self.loading, self.directory = loading, Directory()

    def refer(self, kind: Kind, entries: list[Entry]) -> None:
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

    def recognise(self, kind: Kind, entries: list[Entry]) -> None:
        """Find the rows that are stored already; the others get new ids. Refuse what stands twice."""
        fine = [entry for entry in entries if not entry.fault]
        known: dict[Any, int] = self._known_links(fine) if not kind.key else self._known(kind, fine)
        seen: dict[Any, int] = {}
        fresh = []
        for entry in fine:
            key = entry.values[kind.key] if kind.key else ends_of(entry)
            if key in seen:
                entry.fault = f"the same {kind.noun} stands in line {seen[key]} already"
                continue
            seen[key] = entry.line
            if key in known:
                entry.id, entry.is_new = known[key], False
            else:
                fresh.append(entry)
        self._refuse_merged(kind, [entry for entry in fine if not entry.is_new and not entry.fault])
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
            f"SELECT t.id, t.from_claim_id, t.kind, t.to_claim_id FROM {given}"  # nosec B608 # names of ours, values as parameters
            f" CROSS JOIN {ClaimLink._meta.db_table} t WHERE t.from_claim_id = CAST(g.name AS bigint)",
            [param],
        )
        return {(start, label, end): pk for pk, start, label, end in rows}

    def _refuse_merged(self, kind: Kind, known: list[Entry]) -> None:
        """What was merged into another is kept as it was: the file has to name the other one."""
        merged = self.directory.merged(kind.noun)
        for entry in known if merged else ():
            if entry.id in merged:
                into: Any = kind.model._base_manager.get(pk=merged[entry.id])
                entry.fault = f"this {kind.noun} was merged into “{into}” ({into.natural_key()[0]}): name that one"

    def _refuse_twins(self, kind: Kind, known: list[Entry]) -> None:
        """What this run has created stands twice in its files."""
        own = {pk for pk, run in stored_of(kind.model, known, "import_run_id") if run == self.loading.run.pk}
        for entry in known:
            if entry.id in own:
                entry.fault = f"the same {kind.noun} stands in this load already"

    def resolve_own(self, kind: Kind, entries: list[Entry], last: bool) -> None:
        """Put ids where rows name others of their own kind, in this chunk or stored."""
        for key in kind.own:
            fine = standing(entries)
            names = {entry.values[key] for entry in fine if entry.values[key] is not None}
            if not names:
                continue
            self._resolve_one(kind, key, fine, dict(self.directory.ids(kind.noun, names)), last)
        if kind.own:
            self._refuse_loops(kind, standing(entries))

    def _resolve_one(self, kind: Kind, key: str, entries: list[Entry], stored: dict[str, int], last: bool) -> None:
        here = {entry.values[kind.key]: entry for entry in entries}
        missing = True
        while missing:
            missing = False
            for entry in standing(entries):
                name = entry.values[key]
                if name is None or name in stored:
                    continue
                target = here.get(name)
                if target is None or target.fault or target.waits:
                    missing = True
                    entry.waits = not last
                    entry.fault = f"{key}: there is no {kind.noun} “{named(kind.noun, name)}”" if last else ""
        for entry in standing(entries):
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


def circular(steps: dict[int, set[int]]) -> set[int]:
    """The ids that following ``steps`` leads back to, or that stand between two such."""
    if not (ahead := looping(steps)):
        return set()
    back: dict[int, set[int]] = defaultdict(set)
    for pk, onward in steps.items():
        for step in onward:
            back[step].add(pk)
    return ahead & looping(back)


def ends_of(entry: Entry) -> tuple[int, str, int]:
    return entry.values["from"], entry.values["kind"], entry.values["to"]

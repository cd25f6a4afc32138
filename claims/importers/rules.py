"""What each kind of row is held to beyond its form, and what it brings that no row says."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

from articles import text as texts
from articles.rows import chunks
from claims.importers.names import circular
from claims.importers.rows import Values
from claims.importers.staging import empty, found_by, positions, put, select
from claims.importers.taking import Entry, Loading, given_texts, stored_of, stored_texts
from claims.models import Appearance, Claim, ClaimLink, Source, Statement, Subject, Transition
from claims.models.link import overlap_in_time
from claims.models.statement import shorten


def _check_texts(loading: Loading, entries: list[Entry]) -> None:
    """An article has a text, and a captured one is never edited."""
    stored = stored_texts(entries)
    for entry in entries:
        if len(entry.lists.keys() & {"text", "versions"}) != 1:
            entry.fault = "give either text or versions"
            continue
        for text in given_texts(entry):
            known = stored.get(entry.id, {}).get(text["number"])
            if known and known != text["sha256"]:
                entry.fault = (
                    f"versions: version {text['number']} is stored with another text, and texts are never edited"
                )


def _check_publishers(loading: Loading, entries: list[Entry]) -> None:
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


def _check_words(loading: Loading, entries: list[Entry]) -> None:
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
        "WITH placed AS MATERIALIZED (SELECT w.n, v.id, w.exact, w.stop - w.start AS length, {before} AS before,"  # nosec B608 # names of ours, values as parameters
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


def _check_decided(loading: Loading, entries: list[Entry]) -> None:
    """Where a statement stands never changes once it is decided on."""
    known = {entry.id: entry for entry in entries if not entry.is_new and not entry.fault}
    for pk, state, *place in stored_of(Statement, known.values(), "state", "version_id", "start", "end", "exact"):
        if state == Statement.State.SUGGESTED:
            continue
        entry = known[pk]
        if [entry.values[key] for key in ("version", "start", "end", "exact")] != place:
            entry.fault = "where a statement stands never changes once it is decided on"
        elif entry.values["state"] == Statement.State.SUGGESTED:
            entry.fault = "state: this was decided on already, and is no suggestion any more"


def _check_parts(loading: Loading, entries: list[Entry]) -> None:
    """A statement keeps the parts in which claims are made, unless its row names its claims anew."""
    known = {entry.id: entry for entry in entries if not entry.is_new and "claims" not in entry.lists}
    parts = Appearance.objects.current().filter(statement__in=known).exclude(start=None)
    for pk, start, end in parts.values_list("statement_id", "start", "end") if known else ():
        values = known[pk].values
        if not (start is None or end is None or values["start"] <= start < end <= values["end"]):
            known[pk].fault = "a claim is made in a part of the text that is not in this span"


def _check_subjects(loading: Loading, entries: list[Entry]) -> None:
    """Whether a statement was made is asked of a claim that it makes."""
    asked = [entry for entry in entries if entry.values["subject"] == Subject.ATTRIBUTION]
    made = Appearance.objects.current().filter(statement__in={entry.values["statement"] for entry in asked})
    pairs = set(made.values_list("statement_id", "claim_id")) if asked else set()
    for entry in asked:
        if (entry.values["statement"], entry.values["claim"]) not in pairs:
            entry.fault = "statement: is not linked to this claim"


def _check_roles(loading: Loading, entries: list[Entry]) -> None:
    """A role is one of the source that speaks."""
    hops = [(entry, hop) for entry in entries for hop in entry.lists.get("chain", ()) if hop["role"] is not None]
    if not hops:
        return
    given, param = positions(sorted({hop["role"] for _, hop in hops}), "bigint")
    rows = select(f"SELECT t.id, t.source_id FROM {given} CROSS JOIN claims_sourcerole t WHERE t.id = g.name", [param])  # nosec B608 # names of ours, values as parameters
    holders = dict(rows)
    for entry, hop in hops:
        if holders.get(hop["role"]) != hop["source"]:
            entry.fault = "chain: a role belongs to another source"


def _note_moves(loading: Loading, entries: list[Entry]) -> None:
    """A change of status goes into the claim's history; what is published first is dated."""
    known = {entry.id: entry for entry in entries if not entry.is_new}
    moves = []
    for pk, status, published_at in stored_of(Claim, known.values(), "status", "published_at"):
        values = known[pk].values
        if published_at is None:
            _date(loading, values)
        if values["status"] != status:
            moves.append((pk, status, values["status"]))
    _enter(loading, moves)


def _enter(loading: Loading, moves: Iterable[tuple[int, str, str]]) -> None:
    """Write the transitions of claims: id, old status, new status."""
    fixed: Values = {"at": loading.now, "note": f"Loaded from {loading.run.file_name}"}
    rows = ((next(loading.uids), *move) for move in moves)
    put(Transition._meta.db_table, ("uid", "claim_id", "old", "new"), rows, fixed)


def _date(loading: Loading, values: Values) -> None:
    if values["status"] == Claim.Status.PUBLISHED and values["published_at"] is None:
        values["published_at"] = loading.now


def tell_links_apart(entries: list[Entry]) -> None:
    """A symmetric link is stored from the lower number to the higher."""
    for entry in entries:
        values = entry.values
        if not entry.fault and ClaimLink.WORDS[values["kind"]].symmetric and values["from"] > values["to"]:
            values["from"], values["to"] = values["to"], values["from"]


def _check_uids(loading: Loading, entries: list[Entry]) -> None:
    """Links are known by their ends; the uid that a new one brings must be free."""
    given = [entry.values["uid"] for entry in entries if entry.is_new and entry.values["uid"]]
    taken = found_by(f"{ClaimLink._meta.db_table} t", "t.uid", "uuid", sorted({*given})) if given else {}
    for entry in entries:
        if entry.is_new and (entry.values["uid"] in taken or given.count(entry.values["uid"]) > 1):
            entry.fault = "uid: another link has this uid"


def _check_times(loading: Loading, entries: list[Entry]) -> None:
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


def _refuse_circles(loading: Loading, entries: list[Entry]) -> None:
    """Links of some kinds lead nowhere back. Walks on from the rows at hand: one query a step."""
    known = [entry for entry in entries if not entry.is_new]
    withdrawn = {pk for pk, at in stored_of(ClaimLink, known, "withdrawn_at") if at}
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
    while ahead := (steps.keys() | set().union(*steps.values())) - asked:
        asked.update(ahead)
        for chunk in chunks(ahead):
            onward = links.filter(from_claim__in=chunk)
            for start, end in onward.values_list("from_claim_id", "to_claim_id"):
                steps[start].add(end)
    return steps


def _fill_uids(loading: Loading, entries: list[Entry]) -> None:
    for entry in entries:
        entry.values["uid"] = entry.values["uid"] or next(loading.uids)


def _fill_paths(loading: Loading, entries: list[Entry]) -> None:
    """A tag must have a path; ``provenance.refresh`` puts it at its place in the tree."""
    for entry in entries:
        entry.values["path"] = f"{entry.values['slug']}/"


def _fill_dates(loading: Loading, entries: list[Entry]) -> None:
    for entry in entries:
        if entry.is_new:
            _date(loading, entry.values)


def _begin_history(loading: Loading, entries: list[Entry]) -> None:
    """A claim that comes in further than new has moved there with the load."""
    begun = Claim.Status.NEW.value
    moves = ((entry.id, begun, entry.values["status"]) for entry in entries if entry.values["status"] != begun)
    _enter(loading, moves)


Step = Callable[[Loading, list[Entry]], None]

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
FOLLOWS: dict[str, tuple[Step, ...]] = {"claims": (_begin_history,)}
"""What is written of new rows once they are there."""
EXTRA = {"statements": {"prefix": "prefix", "suffix": "suffix"}, "tags": {"path": "path"}}
"""Columns that no row says itself."""
FILLED_ONCE = ("path",)
"""Those of them that a stored row keeps."""

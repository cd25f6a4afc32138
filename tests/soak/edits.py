"""Harness: lost edits. Editors change few claims at the same time through every way of writing. An edit that was
acknowledged must stand in the row, or in its history, exactly where it was made: on top of what its editor saw."""

import io
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from articles.history import values_at
from articles.models import Change, Locked
from claims.models import Attribution, Claim, ClaimLink, Evidence, Statement, Tag
from tests import cast
from tests.soak.forms import Form, form_in, forms_in
from tests.soak.server import Answer, Visitor, visitor

Row = tuple[str, int]
"""The name of a model and an id."""

LOCK = "seen_lock"
SAVED = b'<li class="success">'
CHANGED = re.compile(rb"(\d+) of (\d+) changed")
CHANGED_BACK = re.compile(rb"(\d+) of (\d+) rows changed back")
UNDO = re.compile(rb'href="/admin/undo/(\d+)/"')

LIGHT = "/admin/claims/sourcerole/"
"""Whatever page of the desk comes next tells what became of a save: one that costs the server little."""

REST_SECONDS = 1
"""For so long a reader looks at a page."""

TOO_MANY = 20
"""After so many faults no more are looked for."""


@dataclass(frozen=True)
class Edit:
    """One acknowledged edit of one row. ``base`` is the lock that it was based on; None: an import, which sees what
    is stored. ``texts`` are what fields hold after it, ``tag`` is the id of a tag and whether it is there then."""

    row: Row
    base: int | None
    texts: dict[str, str] = field(default_factory=dict)
    tag: tuple[int, bool] | None = None

    def stands_in(self, values: dict[str, Any] | None) -> bool:
        """Whether a row that says ``values`` says what was typed."""
        if values is None or any(values[name] != text for name, text in self.texts.items()):
            return False
        return self.tag is None or (self.tag[0] in values["tags"]) is self.tag[1]


@dataclass
class Field:
    """What the editors work on, and what comes of it."""

    claims: list[Claim]
    statements: list[Statement]
    tags: list[Tag]
    folder: Path
    wanted: int
    edits: list[Edit] = field(default_factory=list)
    ways: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    failed: list[str] = field(default_factory=list)
    waits: dict[str, list[float]] = field(default_factory=lambda: {"read": [], "write": []})
    guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_over(self) -> bool:
        return len(self.edits) >= self.wanted or len(self.failed) >= TOO_MANY


def lay_out(folder: Path, *, claims: int, wanted: int) -> Field:
    """Claims, each with a statement of two hops, a document and a link to the next."""
    with cast.at_once():
        tags = [cast.tag(f"Tag {number}") for number in range(8)]
        made = [cast.claim(f"Claim {number}", short_text=f"Claim {number}") for number in range(claims)]
        statements = [cast.statement(claim=claim, chain=["Ministry", "Politico"]) for claim in made]
        for number, claim in enumerate(made):
            Evidence.objects.create(claim=claim, url="https://example.org/", note="none yet")
            if len(made) > 1:
                ends = sorted([claim, made[(number + 1) % len(made)]], key=lambda each: each.pk)
                ClaimLink.objects.get_or_create(from_claim=ends[0], to_claim=ends[1], kind="supports")
    return Field(made, statements, tags, folder, wanted)


class Unanswered(Exception):
    """The server answered with an error, which is noted: the editor begins anew."""


class Editor(threading.Thread):
    """One editor, who takes one way of writing after the other until enough edits are acknowledged."""

    def __init__(self, field: Field, visitor: Visitor, name: str, ways: "list[Way]") -> None:
        super().__init__(name=name, daemon=True)
        self.field, self.visitor, self.ways = field, visitor, ways
        self.rnd, self.marks = Random(name), 0

    def run(self) -> None:
        try:
            while not self.field.is_over:
                way = self.rnd.choice(self.ways)
                try:
                    done = way(self)
                except Unanswered:
                    continue
                with self.field.guard:
                    self.field.edits += done
                    self.field.ways[way.__name__] += len(done)
                    self.field.refused += not done
        except Exception as error:  # whatever it is, the run has failed with it
            self.field.failed.append(f"{self.name}: {error!r}")
        finally:
            connection.close()

    def mark(self) -> str:
        """A text that no other edit writes."""
        self.marks += 1
        return f"{self.name} {self.marks}"

    def token(self) -> str:
        """What the site wants to see in a form; the first page that is opened says it."""
        if "csrftoken" not in self.visitor.cookies:
            self.open(LIGHT)
        return self.visitor.cookies["csrftoken"]

    def open(self, path: str) -> Answer:
        return self._answered("read", self.visitor.get(path))

    def post(self, path: str, form: Any) -> Answer:
        return self._answered("write", self.visitor.post(path, form))

    def send(self, path: str, form: Any) -> Answer:
        """Send a form; after a redirect, the next page, which says whether it was saved."""
        answer = self.post(path, form)
        return self.open(LIGHT) if answer.status == 302 else answer

    def _answered(self, what: str, answer: Answer) -> Answer:
        with self.field.guard:
            self.field.waits[what].append(answer.seconds)
            if answer.status >= 500:
                self.field.failed.append(f"{self.name} was answered {answer.status} after {answer.seconds:.1f} s")
                raise Unanswered
        return answer


Way = Callable[[Editor], list[Edit]]
"""A way of writing: returns the edits that were acknowledged, none where the save was refused."""


def claim_form(editor: Editor) -> list[Edit]:
    """A field and the tags of a claim, on its page."""
    claim, tag = editor.rnd.choice(editor.field.claims), editor.rnd.choice(editor.field.tags)
    path = f"/admin/claims/claim/{claim.pk}/change/"
    form = form_in(editor.open(path).body, "claim_form")
    filed = [value for name, value in form.fields if name == "tags"]
    text, base = editor.mark(), _value(form, LOCK)
    is_there = str(tag.pk) not in filed
    tags = [*filed, str(tag.pk)] if is_there else [value for value in filed if value != str(tag.pk)]
    answer = editor.send(path, [*form.filled(text=text, tags=tags), ("_save", "1")])
    made = Edit(("claim", claim.pk), int(base), {"text": text}, (tag.pk, is_there))
    return [made] if SAVED in answer.body else []


def inline(model: str, page: str, typed: str) -> Way:
    """A row of ``model`` on the page of another: its field ``typed``."""

    def way(editor: Editor) -> list[Edit]:
        rows: Any = editor.field.claims if page == "claim" else editor.field.statements
        path = f"/admin/claims/{page}/{editor.rnd.choice(rows).pk}/change/"
        form = form_in(editor.open(path).body, f"{page}_form")
        ends = f"-{typed}"
        prefixes = [name.removesuffix(ends) for name, _ in form.fields if name.endswith(ends)]
        stored = [prefix for prefix in prefixes if prefix.startswith(PREFIXES[model]) and _value(form, f"{prefix}-id")]
        if not stored:
            return []
        prefix, text = editor.rnd.choice(stored), editor.mark()
        pk, base = _value(form, f"{prefix}-id"), _value(form, f"{prefix}-{LOCK}")
        answer = editor.send(path, [*form.filled(**{f"{prefix}-{typed}": text}), ("_save", "1")])
        return [Edit((model, int(pk)), int(base), {typed: text})] if SAVED in answer.body else []

    way.__name__ = f"inline {model}"
    return way


PREFIXES = {"evidence": "evidence", "claimlink": "links", "attribution": "attributions"}
"""How the names of the fields begin."""


def bulk(editor: Editor) -> list[Edit]:
    """A tag put on, or taken off, two claims of the list at once, after a preview."""
    action = editor.rnd.choice(["add_tags", "remove_tags"])
    tag = editor.rnd.choice(editor.field.tags)
    chosen = editor.rnd.sample(editor.field.claims, min(2, len(editor.field.claims)))
    asked = [("action", action), *(("_selected_action", str(claim.pk)) for claim in chosen), ("tags", str(tag.pk))]
    path = "/admin/claims/claim/"
    token = [("csrfmiddlewaretoken", editor.token())]
    preview = editor.send(path, [*token, *asked, ("preview", "1")])
    apply = [form for form in forms_in(preview.body) if any(name == "apply" for name, _ in form.buttons)]
    if not apply:
        return []
    seen = dict(pair.split(":") for pair in _value(apply[0], "seen").split(","))
    answer = editor.send(path, [*apply[0].fields, ("apply", "1")])
    said = CHANGED.search(answer.body)
    assert said, answer.body[:300]
    if int(said[1]) == 0:
        return []
    before = {claim.pk: int(seen[str(claim.pk)]) for claim in chosen}
    value = (tag.pk, action == "add_tags")
    # Where only some were changed, history tells which: the one whose lock moved from there with the tag.
    return [
        Edit(("claim", pk), base, tag=value)
        for pk, base in before.items()
        if int(said[1]) == len(chosen) or _was_made_by(pk, base, value, editor)
    ]


def _was_made_by(pk: int, base: int, value: tuple[int, bool], editor: Editor) -> bool:
    change = Change.objects.filter(kind="claim", row=pk, lock=base + 1, revision__by__username=editor.name).first()
    return bool(change and change.was and (value[0] in change.was["tags"]) is not value[1])


def load_jsonl(editor: Editor) -> list[Edit]:
    """A row over a stored claim, by the command."""
    claim, text = editor.rnd.choice(editor.field.claims), editor.mark()
    path = editor.field.folder / f"{text}.jsonl"
    row = {"type": "claim", "uid": str(claim.uid), "text": text, "short_text": claim.short_text}
    path.write_text(json.dumps(row))
    try:
        call_command("load_jsonl", str(path), verbosity=0, stdout=io.StringIO())
    except CommandError:
        return []
    return [Edit(("claim", claim.pk), None, {"text": text})]


def restore(editor: Editor) -> list[Edit]:
    """A field, or all, of what a row said after an earlier edit."""
    some = editor.rnd.choices(editor.field.edits, k=9) if editor.field.edits else []
    was = next((one for one in some if one.base), None)
    if was is None or was.base is None:
        return []
    (kind, pk), version = was.row, was.base + 1
    path = f"/admin/claims/{kind}/{pk}/restore/{version}/"
    found = [form for form in forms_in(editor.open(path).body) if _value(form, LOCK)]
    if not found:
        return []  # it stands as it was
    offered = [value for name, value in found[0].fields if name == BACK]
    chosen = editor.rnd.choice([offered, [editor.rnd.choice(offered)]])
    base = int(_value(found[0], LOCK))
    if SAVED not in editor.send(path, found[0].filled(**{BACK: chosen, "why": editor.mark()})).body:
        return []
    # What differed and was not chosen stands as it did before; what did not differ says the same in both.
    left = {*offered} - {*chosen}
    texts = {name: text for name, text in was.texts.items() if name not in left}
    return [Edit(was.row, base, texts, None if "tags" in left else was.tag)]


BACK = "fields_back"


def merge(editor: Editor) -> list[Edit]:
    """A claim that is made for it into one of the field, which takes its tag; every other merge is undone."""
    survivor, tag = editor.rnd.choice(editor.field.claims), editor.rnd.choice(editor.field.tags)
    with transaction.atomic():  # outside of one, SQLite lets whoever waits be overtaken
        merged = cast.claim(editor.mark(), tags=[tag])
    path = f"/admin/claims/claim/{merged.pk}/merge/"
    token = [("csrfmiddlewaretoken", editor.token())]
    preview = editor.send(path, [*token, ("survivor", str(survivor.pk)), ("reason", "one"), ("preview", "1")])
    apply = [form for form in forms_in(preview.body) if any(name == "apply" for name, _ in form.buttons)]
    if not apply:
        return []
    base = int(_value(apply[0], "seen").partition(":")[2])
    answer = editor.send(path, [*apply[0].fields, ("apply", "1")])
    if SAVED not in answer.body:
        return []
    made = Edit(("claim", survivor.pk), base, tag=(tag.pk, True))
    return [made, *_undo(editor, answer, made)] if editor.rnd.random() < 0.5 else [made]


def _undo(editor: Editor, answer: Answer, made: Edit) -> list[Edit]:
    """The merge that ``answer`` tells of, undone: the survivor says again what it said before, unless it said so all
    along, or says more by now. On top of which lock, only history tells."""
    found = UNDO.search(answer.body)
    assert found, answer.body[:300]
    token = [("csrfmiddlewaretoken", editor.token())]
    undone = editor.send(f"/admin/undo/{int(found[1])}/", [*token, ("reason", "two")])
    said = CHANGED_BACK.search(undone.body)
    if SAVED not in undone.body or not said:
        return []
    moved = dict(Change.objects.filter(kind="claim", revision__undoes=int(found[1])).values_list("row", "lock"))
    assert int(said[1]) == len(moved), f"{said[0]!r}, and history tells of {moved}"
    if made.row[1] not in moved:
        return []
    assert made.base
    assert made.tag
    before = values_at(Claim.objects.get(pk=made.row[1]), made.base)
    assert before, f"no history tells what {made.row} said at {made.base}"
    return [Edit(made.row, moved[made.row[1]] - 1, tag=(made.tag[0], made.tag[0] in before["tags"]))]


WAYS: list[Way] = [
    claim_form,
    inline("evidence", "claim", "note"),
    inline("claimlink", "claim", "note"),
    inline("attribution", "statement", "as_named"),
    bulk,
    load_jsonl,
    restore,
    merge,
]
"""Every way of writing over a row that is stored. One more is one more function here."""


class Interrupted(Editor):
    """An editor during whose first edit another edits the same."""

    def __init__(self, *arguments: Any, other: Editor) -> None:
        super().__init__(*arguments)
        self.other: Editor | None = other

    def open(self, path: str) -> Answer:
        answer = super().open(path)
        if self.other:
            other, self.other = self.other, None
            self.field.edits += claim_form(other)
        return answer


def edit(field: Field, port: int, users: list[User], ways: list[Way], *, readers: int = 0) -> None:
    """Let one editor for each of ``users`` write until enough edits are acknowledged, while others read."""
    editors = [Editor(field, visitor(port, user), user.username, ways) for user in users]
    crowd = [threading.Thread(target=_read, args=(field, Visitor(port)), daemon=True) for _ in range(readers)]
    for thread in [*editors, *crowd]:
        thread.start()
    for thread in editors:
        thread.join()
    field.wanted = 0  # the readers may go
    for thread in crowd:
        thread.join()


def _read(field: Field, visitor: Visitor) -> None:
    rnd = Random("reader")
    while not field.is_over:
        path = rnd.choice(["/claims/", "/", "/sources/", "/tags/", "/claims/?q=claim"])
        answer = visitor.get(path)
        with field.guard:
            field.waits["read"].append(answer.seconds)
            if answer.status != 200:
                field.failed.append(f"a reader of {path} was answered {answer.status}")
        time.sleep(REST_SECONDS)


MODELS: dict[str, type[Locked]] = {
    "claim": Claim,
    "evidence": Evidence,
    "claimlink": ClaimLink,
    "attribution": Attribution,
}


def lost(field: Field) -> Iterator[str]:
    """What of the acknowledged edits cannot be found where it was made, and what was written past that."""
    by_row: dict[Row, list[Edit]] = {}
    for one in field.edits:
        by_row.setdefault(one.row, []).append(one)
    for (kind, pk), edits in sorted(by_row.items()):
        row = MODELS[kind]._base_manager.get(pk=pk)
        said = {lock: values_at(row, lock) for lock in range(1, row.lock + 1)}
        untold = [lock for lock, values in said.items() if values is None]
        if untold:
            yield f"{kind} {pk}: no history tells what it said at {untold}"
        saves = len({one.base for one in edits if one.base}) + sum(one.base is None for one in edits)
        if saves != row.lock - 1:
            yield f"{kind} {pk}: {saves} bases were acknowledged, and its lock moved by {row.lock - 1}"
        yield from (f"lost: {one}" for one in edits if not _stands(one, said))


def _stands(one: Edit, said: dict[int, Any]) -> bool:
    """Whether the row says it from the next lock on; of an import, at any lock."""
    locks = said if one.base is None else [one.base + 1]
    return any(one.stands_in(said.get(lock)) for lock in locks)


def _value(form: Form, name: str) -> str:
    return next((value for given, value in form.fields if given == name), "")

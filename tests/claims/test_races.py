"""Two at once, each with a connection of its own: nothing is doubled, nothing is lost, and nobody gets an error."""

import contextlib
import io
import json
import threading
import uuid
from collections import Counter

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from articles.history import recorded, values_before
from articles.importers.store import _Writer
from articles.models import Article, Change, ImportRun, Revision
from claims import merging, provenance, restoring
from claims.importers.load import Options, _Load, load
from claims.importers.writer import Writer
from claims.merging import Work
from claims.models import Attribution, Claim, Source, Tag
from claims.provenance import drift
from claims.provenance.touched import Touched
from claims.search import entries
from claims.search.counts import Counts
from claims.undoing import writing
from tests import cast
from tests.desk import add_row, address, errors, fill, picks, shown
from tests.history import untold

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 2
"""Seconds that one waits for the other. On SQLite the other cannot come: it has one writer."""


def at_once(*doers):
    """Do all at the same time, each in a thread and connection of its own. Returns what they return."""
    answers = [None] * len(doers)
    failures = []

    def visit(at):
        try:
            answers[at] = doers[at]()
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=visit, args=[at]) for at in range(len(doers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    return answers


def meet(monkeypatch, model, method):
    """Let the first two that come to ``model.method`` wait for each other, if they can."""
    halfway, told = threading.Barrier(2), getattr(model, method)

    def together(*args, **kwargs):
        with contextlib.suppress(threading.BrokenBarrierError):
            halfway.wait(PATIENCE if connection.vendor == "postgresql" else 0.1)
        return told(*args, **kwargs)

    monkeypatch.setattr(model, method, together)


@pytest.fixture
def two():
    """Two windows of one lead."""
    lead = cast.person("lead")
    windows = [Client(), Client()]
    for window in windows:
        window.force_login(lead)
    return windows


def test_a_form_that_arrives_twice_at_once_makes_one_row(two, monkeypatch):
    url = address(Claim, "add")
    typed = fill(shown(two[0], url), {"text": "Once", "short_text": "Once"})
    meet(monkeypatch, Claim, "full_clean")
    answers = at_once(*(lambda window=window: window.post(url, typed) for window in two))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert {answer.url for answer in answers} == {address(Claim.objects.get())}
    assert untold() == []


@pytest.mark.parametrize(
    ("model", "typed", "field"),
    [
        (Source, {"name": "Anna", "slug": "anna"}, "slug"),
        (Tag, {"name": "Rain", "slug": "rain"}, "slug"),
        (Article, {"identifier": "https://news.example.org/x", "versions-2-0-text": "Rain\nIt rains."}, "identifier"),
    ],
)
def test_two_that_name_a_new_row_alike_get_one_row_and_one_complaint(two, monkeypatch, model, typed, field):
    url = address(model, "add")
    forms = [fill(shown(window, url), typed | {"form_key": str(uuid.uuid4())}) for window in two]
    meet(monkeypatch, model, "save")
    doers = [lambda at=at: two[at].post(url, forms[at]) for at in range(2)]
    answers = sorted(at_once(*doers), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [200, 302]
    assert list(errors(answers[0])) == [field]
    assert model.objects.count() == 1


def test_of_two_saves_of_one_row_the_second_is_asked(two, monkeypatch):
    claim = cast.claim()
    forms = [fill(shown(window, address(claim)), {"short_text": f"Text {at}"}) for at, window in enumerate(two)]
    meet(monkeypatch, Claim, "full_clean")
    doers = [lambda at=at: two[at].post(address(claim), forms[at]) for at in range(2)]
    answers = at_once(*doers)
    assert Counter(answer.status_code for answer in answers) == {302: 1, 409: 1}
    late = next(at for at in range(2) if answers[at].status_code == 409)
    assert two[late].post(address(claim), picks(answers[late])).status_code == 302
    claim.refresh_from_db()
    assert (claim.short_text, claim.lock) == (f"Text {late}", 3)
    assert untold() == []


def test_saves_that_wait_for_each_other_both_end_well(two, monkeypatch):
    """Each has written its claim and mends the other's: PostgreSQL calls one of them off, which tries again."""
    claims = [cast.claim("One"), cast.claim("Two")]
    statement = cast.statement()
    for claim in claims:
        statement.appearances.create(claim=claim)
    provenance.refresh(statements=[statement.pk])
    forms = [
        fill(shown(window, address(claim)), {"short_text": "Changed"})
        for window, claim in zip(two, claims, strict=True)
    ]
    refresh, tries = Touched.refresh, []

    def refresh_both(touched):
        tries.append(touched)
        touched.claims |= {claim.pk for claim in claims}
        return refresh(touched)

    monkeypatch.setattr(Touched, "refresh", refresh_both)
    meet(monkeypatch, Touched, "refresh")
    doers = [lambda at=at: two[at].post(address(claims[at]), forms[at]) for at in range(2)]
    assert [answer.status_code for answer in at_once(*doers)] == [302, 302]
    assert len(tries) == (3 if connection.vendor == "postgresql" else 2)
    assert set(Claim.objects.values_list("short_text", "lock")) == {("Changed", 2)}
    assert untold() == []
    assert list(drift()) == []


def meets_another(monkeypatch, module, name):
    """Let the first call of ``module.name`` meet somebody else's save."""
    told, calls = getattr(module, name), []

    def meet_first(*args, **kwargs):
        calls.append(name)
        if len(calls) == 1:
            raise IntegrityError("somebody wrote the same row meanwhile")
        return told(*args, **kwargs)

    monkeypatch.setattr(module, name, meet_first)


def test_a_merge_that_meets_another_save_is_tried_again(two, monkeypatch):
    claims = [cast.claim("One"), cast.claim("Two")]
    meets_another(monkeypatch, Work, "retire")
    typed = {"apply": "1", "survivor": claims[1].pk, "reason": "x", "seen": "1:1"}
    url = reverse("admin:claims_claim_merge", args=[claims[0].pk])
    assert two[0].post(url, typed).status_code == 302
    assert Claim.objects.get(text="One").merged_into == claims[1]


def test_an_undo_that_meets_another_save_is_tried_again(two, monkeypatch):
    with recorded():
        claim = cast.claim("One")
    meets_another(monkeypatch, writing, "_steps")
    assert two[0].post(reverse("undo", args=[Revision.objects.get().pk]), {"reason": "x"}).status_code == 302
    assert not Claim.objects.current().filter(pk=claim.pk).exists()


def test_a_restore_that_meets_another_save_is_tried_again(two, monkeypatch):
    claim = cast.claim("One")
    Claim.objects.change(text="Two")
    meets_another(monkeypatch, restoring, "put_back")
    typed = {"fields_back": "text", "why": "x", "seen_lock": "2"}
    url = reverse("admin:claims_claim_restore", args=[claim.pk, 1])
    assert two[0].post(url, typed).status_code == 302
    assert Claim.objects.get().text == "One"


def test_a_load_that_meets_another_save_is_tried_again(monkeypatch):
    meets_another(monkeypatch, _Load, "_bring_up_to_date")
    row = {"type": "claim", "uid": str(uuid.uuid4()), "kind": "fact", "text": "It rains.", "short_text": "It rains"}
    report = load(io.BytesIO(json.dumps(row).encode()), Options())
    assert report.run == ImportRun.objects.get()
    assert report.counts["claims"]["created"] == Claim.objects.count() == 1


def test_an_import_of_articles_that_meets_another_save_is_tried_again(monkeypatch, tmp_path):
    meets_another(monkeypatch, _Writer, "_changed")
    (tmp_path / "rain.txt").write_text("Rain\n\nIt rains.")
    call_command("import_articles", tmp_path / "rain.txt", format="text", publisher="The Paper", verbosity=0)
    assert Article.objects.count() == ImportRun.objects.count() == 1


def test_an_upload_that_meets_another_save_is_tried_again(two, monkeypatch):
    meets_another(monkeypatch, _Writer, "_changed")
    typed = {"format": "text", "publisher": "The Paper", "language": "en"}
    file = SimpleUploadedFile("rain.txt", b"Rain\n\nIt rains.")
    answer = two[0].post(reverse("admin:articles_importrun_upload"), {**typed, "file": file})
    assert answer.url == address(ImportRun.objects.get())


def test_three_that_tell_of_one_claim_in_turn_do_not_collide(monkeypatch):
    claim = cast.claim()
    tags = [cast.tag(name) for name in ("One", "Two", "Three")]
    second_reads, third_wrote = threading.Event(), threading.Event()
    stored = entries._stored

    def tell(tag):
        counts = Counts()
        claim.tags.add(tag)
        entries.refresh_entries([claim.pk], counts)
        return counts

    def read(claims):
        if threading.current_thread().name == "second":
            second_reads.set()
            third_wrote.wait(0.5)
        return stored(claims)

    def second():
        threading.current_thread().name = "second"
        with transaction.atomic():
            tell(tags[1]).write()

    def third():
        second_reads.wait(10)
        with transaction.atomic():
            counts = tell(tags[2])
            third_wrote.set()
            counts.write()

    monkeypatch.setattr(entries, "_stored", read)
    begun = threading.Event()

    def first():
        with transaction.atomic():
            counts = tell(tags[0])
            begun.set()
            second_reads.wait(0.3)
            counts.write()

    def after_first(doer):
        def wait():
            begun.wait(10)
            doer()

        return wait

    at_once(first, after_first(second), after_first(third))
    assert list(drift()) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
@pytest.mark.parametrize("kind", [Source, Tag])
def test_what_is_merged_just_before_a_save_ends_is_not_linked_to(two, monkeypatch, kind):
    """The form has checked its choices by then."""
    rows = [cast.source(name) if kind is Source else cast.tag(name) for name in ("Anna", "Ann")]
    statement, claim = cast.statement(), cast.claim()
    if kind is Source:
        url = address(statement)
        typed = fill(add_row(shown(two[0], url), "attributions", source=rows[0].pk, position=1), {})
    else:
        url = address(claim)
        typed = fill(shown(two[0], url), {"tags": [rows[0].pk]})
    lead, refresh, merged = User.objects.get(username="lead"), Touched.refresh, []

    def refresh_after_merge(touched):
        if not merged:
            merged.append(rows[0])
            at_once(lambda: merging.merge(*rows, by=lead, why="The same"))
        return refresh(touched)

    monkeypatch.setattr(Touched, "refresh", refresh_after_merge)
    answer = two[0].post(url, typed)
    assert answer.status_code == 200
    assert list(errors(answer)) == ["attributions-1-source" if kind is Source else "tags"]
    assert not Attribution.objects.filter(source=rows[0].pk).exists()
    assert not claim.tags.exists()


def test_a_load_writes_over_what_is_stored_and_not_over_what_it_read(two, monkeypatch):
    claim = cast.claim("As it was")
    update = Writer._update

    def edit():
        at_once(lambda: two[0].post(address(claim), form))

    def update_after_an_editor(writer, table, columns):
        edit()
        return update(writer, table, columns)

    form = fill(shown(two[0], address(claim)), {"text": "As the editor says"})
    if connection.vendor == "postgresql":
        monkeypatch.setattr(Writer, "_update", update_after_an_editor)
    else:  # nobody else writes while SQLite writes
        edit()
    row = {"type": "claim", "uid": str(claim.uid), "kind": "fact", "text": "As the file says", "short_text": "It says"}
    load(io.BytesIO(json.dumps(row).encode()), Options())
    claim.refresh_from_db()
    assert (claim.text, claim.lock) == ("As the file says", 3)
    changes = Change.objects.filter(kind="claim", row=claim.pk, lock__gt=1).order_by("lock")
    assert [values_before(change)["text"] for change in changes] == ["As it was", "As the editor says"]
    assert [change.revision.how for change in changes] == ["edit", "import"]

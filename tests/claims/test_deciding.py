"""Deciding on suggestions: one function for each decision, and sources that are made exactly once."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Revision, StaleSave
from claims.merging import merge
from claims.models import Attribution, Source, SourceRole, Statement
from claims.provenance import drift
from claims.suggesting import decisions
from claims.suggesting.decisions import AlreadyDecided, TooMany, accept, accept_above, reject
from claims.suggesting.making import ChoiceNeeded, Making
from claims.suggesting.suggest import suggest
from claims.undoing import undo
from tests import cast
from tests.claims.quotations import ORGANISATION, OUTLET, hop, quotation, suggested, text_of, unnamed, voice
from tests.claims.test_admin_bulk import post, steps
from tests.claims.test_races import at_once, meet
from tests.desk import address, messages, save
from tests.history import untold

pytestmark = pytest.mark.django_db

TEXT = (
    "Harbour to close\nThe harbour will close, Foreign Minister Ana Duarte said.\nIt is old, she said.\n"
    "One Baltic diplomat told Politico that the pier is unsafe."
)
DAY = dt.date(2025, 11, 22)
CLOSE, OLD, UNSAFE = "The harbour will close", "It is old", "the pier is unsafe"


@pytest.fixture
def writer():
    return cast.person("editor")


@pytest.fixture
def article():
    return cast.article(TEXT)


def roots(row):
    return [
        (hop.source.name if hop.source else None, hop.as_named) for hop in row.attributions.current().order_by("pk")
    ]


class TestAccept:
    def test_it_confirms_and_says_who_and_when(self, article, writer):
        cast.source("Ana Duarte", kind="person")
        waiting = suggested(article, CLOSE, "Ana Duarte")
        row = accept(waiting, writer, waiting.lock)
        assert (row.state, row.decided_by, row.corrected) == ("confirmed", writer, False)
        assert row.decided_at is not None
        row.refresh_from_db()
        assert (row.state, row.lock, row.broken) == ("confirmed", 2, False)
        assert list(drift()) == []

    def test_it_makes_the_source_that_was_proposed(self, article, writer):
        minister = voice("Ana Duarte", "Foreign Minister Ana Duarte", "Foreign Minister")
        row = accept(suggested(article, CLOSE, minister), writer)
        ana = Source.objects.get()
        assert (ana.name, ana.slug, ana.kind, ana.named, ana.created_by) == (
            *("Ana Duarte", "ana-duarte", "person", True),
            writer,
        )
        hop_row = row.attributions.get()
        assert (hop_row.source, hop_row.as_named, hop_row.role) == (
            *(ana, "Foreign Minister Ana Duarte"),
            SourceRole.objects.get(source=ana, title="Foreign Minister", held_from=DAY, held_to=DAY),
        )
        row.refresh_from_db()
        assert (row.broken, row.corrected) == (False, False)
        assert list(drift()) == []

    def test_two_suggestions_with_one_new_name_make_one_source(self, article, writer):
        first, second = suggested_both(article, voice("Ana Duarte"), voice("Ana Duarte", "she"))
        accept(first, writer), accept(second, writer)
        ana = Source.objects.get()
        assert set(Attribution.objects.values_list("source", flat=True)) == {ana.pk}

    def test_one_name_at_two_places_of_a_chain_makes_one_source(self, article, writer):
        accept(suggested(article, CLOSE, "Ana Duarte", hop("Rui Lund", "Ana Duarte")), writer)
        assert sorted(Source.objects.values_list("name", flat=True)) == ["Ana Duarte", "Rui Lund"]

    def test_joint_voices_get_a_row_each(self, article, writer):
        cast.source("Eva Holm", kind="person")
        row = accept(suggested(article, CLOSE, hop("Ana Duarte", "Eva Holm", "Rui Lund", cue="told us")), writer)
        assert roots(row) == [("Eva Holm", "Eva Holm"), ("Ana Duarte", "Ana Duarte"), ("Rui Lund", "Rui Lund")]
        assert set(row.attributions.values_list("position", "cue")) == {(0, "told us")}
        assert not row.corrected

    def test_a_source_that_came_since_is_taken(self, article, writer):
        waiting = suggested(article, CLOSE, "Ana Duarte")
        ana = cast.source("Anna Duarte", slug="anna", kind="person", aliases="Ana Duarte")
        assert accept(waiting, writer).attributions.get().source == ana

    def test_a_source_that_stands_beside_already_is_not_put_twice(self, article, writer):
        cast.source("Kremlin")
        named = {"kind": ORGANISATION}
        waiting = suggested(article, CLOSE, hop(voice("Kremlin", **named), voice("Moscow", **named)))
        Source.objects.update(aliases="Moscow")
        row = accept(waiting, writer)
        assert roots(row) == [("Kremlin", "Kremlin")]
        assert not row.attributions.filter(source=None, withdrawn_at=None).exists()
        assert list(drift()) == []

    def test_nobody_named_stays_nobody(self, article, writer):
        row = accept(suggested(article, CLOSE, hop(cue="it has been reported")), writer)
        assert roots(row) == [(None, "")]
        assert not Source.objects.exists()
        assert not row.corrected

    def test_a_new_outlet_is_the_publisher_of_that_name(self, article, writer):
        politico = cast.publisher("Politico")
        accept(suggested(article, CLOSE, "Ana Duarte", voice("Politico", kind=OUTLET)), writer)
        assert Source.objects.get(name="Politico").publisher == politico

    def test_a_slug_that_is_taken_by_somebody_else_gets_a_mark(self, article, writer):
        cast.source("Somebody else", slug="ana-duarte")
        accept(suggested(article, CLOSE, "Ana Duarte"), writer)
        assert Source.objects.get(name="Ana Duarte").slug.startswith("ana-duarte-")

    def test_a_name_beyond_the_column_is_cut(self, article, writer):
        accept(suggested(article, CLOSE, voice("Ministry of " + "x" * 400, kind=ORGANISATION)), writer)
        assert len(Source.objects.get().name) == 200

    def test_a_source_that_was_merged_since_is_still_the_one_that_was_proposed(self, article, writer):
        ana, stays = cast.source("Ana Duarte", kind="person"), cast.source("Ana Silva", kind="person")
        row = suggested(article, CLOSE, "Ana Duarte")
        merge(ana, stays, by=cast.person("lead"), why="one woman")
        row = accept(row, writer)
        assert (row.attributions.get().source, row.corrected) == (stays, False)

    def test_what_the_editor_filled_in_before_stays(self, client, article, editor):
        row = suggested(article, CLOSE, "Ana Duarte")
        eva = cast.source("Eva Holm", kind="person")
        save(client, address(row), **{"attributions-0-source": eva.pk})
        row = accept(row, editor)
        assert roots(row) == [("Eva Holm", "Ana Duarte")]
        assert row.corrected
        assert Source.objects.count() == 1

    def test_a_suggestion_of_another_program_is_confirmed_as_it_stands(self, article, writer):
        row = cast.statement(
            article, CLOSE, state="suggested", method="words 1", confidence=0.4, proposed={"root": "x"}
        )
        assert accept(row, writer).state == "confirmed"


class TestUnnamed:
    def test_it_becomes_an_unnamed_source_known_through_the_outlet_that_vouches(self, article, writer):
        diplomat = hop(unnamed("One Baltic diplomat"))
        row = accept(suggested(article, UNSAFE, diplomat, voice("Politico", kind=OUTLET)), writer)
        root = row.attributions.get(position=0).source
        assert (root.named, root.name, root.description) == (False, "One Baltic diplomat", "One Baltic diplomat")
        assert root.known_through == Source.objects.get(name="Politico")
        assert not row.corrected
        assert list(drift()) == []

    def test_without_one_it_is_known_through_the_publisher_of_record(self, writer):
        digest = cast.outlet("The Daily Digest")
        original = cast.article(TEXT)
        reprint = cast.article(TEXT, publisher="Reprints", republishes=original)
        cast.outlet("Reprints")
        row = accept(suggested(reprint, UNSAFE, unnamed("One Baltic diplomat")), writer)
        assert row.attributions.get().source.known_through == digest

    def test_of_an_excerpt_and_of_a_publisher_that_is_no_source_through_nobody(self, writer):
        cast.outlet("The Daily Digest")
        for article in (cast.article(TEXT, kind="excerpt"), cast.article(TEXT, publisher="No source")):
            row = accept(suggested(article, UNSAFE, unnamed("One Baltic diplomat")), writer)
            assert row.attributions.get().source.known_through is None

    def test_it_is_one_in_an_article_and_another_in_the_next(self, article, writer):
        first, second = suggested_both(article, unnamed("One Baltic diplomat"), unnamed("one Baltic diplomat"))
        accept(first, writer), accept(second, writer)
        assert Source.objects.count() == 1
        accept(suggested(cast.article(TEXT), UNSAFE, unnamed("One Baltic diplomat")), writer)
        assert Source.objects.count() == 2

    def test_it_is_one_at_two_places_of_a_chain(self, article, writer):
        accept(suggested(article, UNSAFE, unnamed("One diplomat"), unnamed("one diplomat")), writer)
        assert Source.objects.count() == 1

    def test_a_pronoun_is_no_source(self, article, writer):
        row = suggested(article, OLD, unnamed("she"))
        with pytest.raises(ChoiceNeeded, match="Who “she” is cannot be told"):
            accept(row, writer)
        assert not Source.objects.exists()


class TestRefused:
    def test_where_two_fit_the_editor_has_to_say(self, article, writer):
        cast.source("Ana Duarte", kind="person"), cast.source("Eva Duarte", kind="person")
        row = suggested(article, CLOSE, "Duarte", hop("Rui Lund"))
        with pytest.raises(ChoiceNeeded, match=r"“Duarte” may be Ana Duarte \(ana-duarte\) or Eva Duarte"):
            accept(row, writer)
        row.refresh_from_db()
        assert (row.state, row.lock, Source.objects.count()) == ("suggested", 1, 2)
        assert Revision.objects.filter(label__startswith="Accepted").count() == 0

    @pytest.mark.parametrize("state", ["confirmed", "rejected"])
    def test_what_was_decided_is_not_decided_again(self, article, writer, state):
        row = suggested(article, CLOSE, "Ana Duarte")
        accept(row, writer) if state == "confirmed" else reject(row, writer, "x")
        for again in (lambda: accept(row, writer), lambda: reject(row, writer, "y")):
            with pytest.raises(AlreadyDecided, match=f"It was {state} already by editor."):
                again()

    def test_nor_what_was_withdrawn(self, article, writer):
        row = suggested(article, CLOSE, "Ana Duarte")
        row.withdraw(by=writer, reason="x")
        with pytest.raises(AlreadyDecided, match="withdrawn"):
            accept(row, writer)

    def test_a_page_that_was_overtaken(self, article, writer):
        row = suggested(article, CLOSE, "Ana Duarte")
        row.save()
        for decide in (lambda: accept(row, writer, 1), lambda: reject(row, writer, "x", 1)):
            with pytest.raises(StaleSave):
                decide()
        assert accept(row, writer, 2).state == "confirmed"

    @pytest.mark.parametrize("name", ["reader", "outsider"])
    def test_who_may_not_change_statements(self, article, name):
        row, somebody = suggested(article, CLOSE, "Ana Duarte"), cast.person(name)
        rows = Statement.objects.all()
        for decide in (lambda: accept(row, somebody), lambda: reject(row, somebody, "x")):
            with pytest.raises(PermissionDenied):
                decide()
        with pytest.raises(PermissionDenied):
            accept_above(rows, 0, somebody)
        assert Statement.objects.get().state == "suggested"

    def test_who_may_change_statements_but_add_no_source(self, article):
        somebody = cast.person("clerk")
        somebody.user_permissions.add(Permission.objects.get(codename="change_statement"))
        cast.source("Rui Lund", kind="person")
        new, known = suggested_both(article, "Ana Duarte", "Rui Lund")
        with pytest.raises(PermissionDenied, match="“Ana Duarte” is a new source"):
            accept(new, somebody)
        assert accept(known, somebody).state == "confirmed"

    def test_a_rejection_without_a_reason(self, article, writer):
        with pytest.raises(ValidationError):
            reject(suggested(article, CLOSE, "Ana Duarte"), writer, " ")


class TestReject:
    def test_it_keeps_the_reason_and_makes_nothing(self, article, writer):
        row = reject(suggested(article, CLOSE, "Ana Duarte"), writer, " a title ")
        row.refresh_from_db()
        assert (row.state, row.reason, row.decided_by) == ("rejected", "a title", writer)
        assert row.decided_at is not None
        assert Revision.objects.latest("pk").why == "a title"
        assert not Source.objects.exists()


class TestAcceptAbove:
    def test_it_accepts_what_is_sure_enough_as_one_save(self, article, writer):
        first, second = suggested_both(article, "Ana Duarte", "Ana Duarte", sure=(0.8, 0.79))
        done = accept_above(Statement.objects.all(), 0.8, writer)
        assert (done.statements, done.sources, done.refused) == (1, 1, [])
        assert states(first, second) == ["confirmed", "suggested"]
        assert done.revision.label == "Accepted suggested statements from confidence 0.8"
        assert list(drift()) == []

    def test_what_cannot_be_accepted_is_told_and_the_others_are(self, article, writer):
        first, second = suggested_both(article, hop("Ana Duarte", unnamed("she")), "Ana Duarte")
        done = accept_above(Statement.objects.all(), 0, writer)
        assert [(row.pk, why) for row, why in done.refused] == [
            (first.pk, "Who “she” is cannot be told: say it on the statement’s page.")
        ]
        assert (done.statements, done.sources) == (1, 1)
        assert states(first, second) == ["suggested", "confirmed"]
        # Made for the first one, taken back with it, and made for the second.
        assert second.attributions.get().source == Source.objects.get()

    def test_only_of_the_rows_that_were_given_and_wait(self, article, writer):
        first, second = suggested_both(article, "Ana Duarte", "Ana Duarte")
        second.withdraw(by=writer, reason="x")
        other = suggested(cast.article(TEXT), CLOSE, "Ana Duarte")
        done = accept_above(Statement.objects.filter(version__article=article), 0, writer)
        assert (done.statements, states(first, second, other)) == (1, ["confirmed", "suggested", "suggested"])

    def test_nothing_to_accept_is_no_save(self, article, writer):
        done = accept_above(Statement.objects.all(), 0, writer)
        assert (done.statements, done.revision) == (0, None)
        assert not Revision.objects.exists()

    def test_too_many_are_refused(self, article, writer, monkeypatch):
        monkeypatch.setattr(decisions, "MOST", 1)
        suggested_both(article, "Ana Duarte", "Ana Duarte")
        with pytest.raises(TooMany, match="More than 1 statements"):
            accept_above(Statement.objects.all(), 0, writer)
        assert not Statement.objects.filter(state="confirmed").exists()


class TestRoles:
    def test_without_a_date_nobody_knows_when_it_was_held(self, writer):
        minister = voice("Ana Duarte", "Foreign Minister Ana Duarte", "Foreign Minister")
        accept(suggested(cast.article(TEXT, on=None), CLOSE, minister), writer)

        assert Source.objects.get().name == "Ana Duarte"
        assert not SourceRole.objects.exists()


class TestUndo:
    def test_joint_voices_are_accepted_again_after_it(self, article, writer):
        cast.source("Ana Duarte", kind="person")
        row = suggested(article, CLOSE, "Ana Duarte", "Rui Lund")
        for _ in range(3):
            accept(row, writer)
            assert sorted(name for name, _ in roots(row)) == ["Ana Duarte", "Rui Lund"]
            undo(Revision.objects.latest("pk"), by=writer, why="too fast")
            row.refresh_from_db()
            assert row.state == "suggested"

    def test_it_takes_back_the_decision_and_the_sources(self, article, writer):
        row = accept(suggested(article, CLOSE, "Ana Duarte"), writer)
        undo(Revision.objects.latest("pk"), by=writer, why="too fast")
        row.refresh_from_db()
        assert (row.state, row.decided_by, row.decided_at) == ("suggested", None, None)
        assert roots(row) == [(None, "Ana Duarte")]
        assert not Source.objects.current().exists()
        assert list(drift()) == []
        assert accept(row, writer).attributions.get().source.withdrawn_at is None

    def test_many_at_once_too(self, article, writer):
        suggested_both(article, "Ana Duarte", unnamed("One Baltic diplomat"))
        done = accept_above(Statement.objects.all(), 0, writer)
        undo(done.revision, by=writer, why="too fast")
        assert set(Statement.objects.values_list("state", flat=True)) == {"suggested"}
        assert accept_above(Statement.objects.all(), 0, writer).statements == 2


class TestDesk:
    def test_accepting_in_the_list_makes_the_sources_too(self, client, article, editor):
        first, second = suggested_both(article, "Ana Duarte", unnamed("she"))
        shown = steps(post(client, Statement, "accept", [first, second], "preview"))
        assert {after for _, _, after, _ in shown} == {
            "confirmed, and known from now on: Ana Duarte",
            "confirmed",
        }
        response = post(client, Statement, "accept", [first, second], "apply")
        assert messages(response) == [
            "Accept: 1 of 2 changed.",
            "Not changed: “It is old”. Who “she” is cannot be told: say it on the statement’s page.",
        ]
        assert first.attributions.get().source == Source.objects.get()
        assert states(first, second) == ["confirmed", "suggested"]
        first.refresh_from_db()
        assert (first.decided_by, first.corrected) == (editor, False)
        assert list(drift()) == []

    def test_what_was_decided_is_refused_there(self, client, article, editor):
        row = accept(suggested(article, CLOSE, "Ana Duarte"), editor)
        for action, values in (("accept", {}), ("reject", {"reason": "x"})):
            response = post(client, Statement, action, [row], "apply", **values)
            assert "It was confirmed already: change it on its own page." in messages(response)[1]
        row.refresh_from_db()
        assert (row.state, row.lock) == ("confirmed", 2)

    def test_saving_the_form_with_other_values_is_a_correction(self, client, article, editor):
        row = suggested(article, CLOSE, "Ana Duarte")
        save(client, address(row), state="confirmed", exact="harbour will close", start="", end="")
        row.refresh_from_db()
        assert (row.state, row.exact, row.corrected, row.decided_by) == (
            *("confirmed", "harbour will close", True),
            editor,
        )

    @pytest.mark.parametrize(
        ("typed", "corrected"),
        [
            ({}, False),
            ({"attributions-0-cue": "warned"}, True),
            ({"attributions-0-quotation_type": "direct"}, True),
            ({"attributions-0-source": "other"}, True),
            ({"words": "20–25"}, True),
            ({"commitment": "CT+"}, False),
        ],
        ids=str,
    )
    def test_what_the_program_proposed_can_be_corrected_in(self, client, article, editor, typed, corrected):
        cast.source("Ana Duarte", kind="person")
        row = suggested(article, CLOSE, "Ana Duarte")
        if typed.get("attributions-0-source"):
            typed = {"attributions-0-source": cast.source("Eva Holm", kind="person").pk}
        save(client, address(row), state="confirmed", **typed)
        row.refresh_from_db()
        assert (row.state, row.corrected) == ("confirmed", corrected)
        assert list(drift()) == []

    def test_choosing_the_source_that_was_proposed_by_name_is_no_correction(self, client, article, editor):
        row = suggested(article, CLOSE, "Ana Duarte")
        ana = cast.source("Ana Duarte", kind="person")
        save(client, address(row), state="confirmed", **{"attributions-0-source": ana.pk})
        row.refresh_from_db()
        assert not row.corrected


def test_accepting_reads_all_sources_once_for_many(article, writer):
    """However many new sources it makes: all sources and roles are read once, and again after one was refused."""
    suggested_both(article, "Ana Duarte", "Rui Lund")
    with CaptureQueriesContext(connection) as queries:
        accept_above(Statement.objects.all(), 0, writer)
    read = [query["sql"] for query in queries if 'LEFT OUTER JOIN "articles_publisher"' in query["sql"]]
    assert len([sql for sql in read if '"claims_source"."aliases" AS' in sql]) == 1


def suggested_both(article, one, other, sure=(0.9, 0.9)):
    """Two suggestions in one text: of ``CLOSE`` by one voice or hop, of ``OLD`` by another."""
    found = [
        quotation(TEXT, words, each, confidence=confidence)
        for words, each, confidence in zip((CLOSE, OLD), (one, other), sure, strict=True)
    ]
    suggest(text_of(article), found)
    return list(Statement.objects.filter(version__article=article).order_by("start"))


def states(*rows):
    return [Statement.objects.get(pk=row.pk).state for row in rows]


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    """Each in a thread and connection of their own."""

    @pytest.mark.parametrize("who", [voice("Ana Duarte"), unnamed("One Baltic diplomat")], ids=["named", "unnamed"])
    def test_one_new_name_in_two_suggestions_makes_one_source(self, monkeypatch, who):
        writer = cast.person("editor")
        first, second = suggested_both(cast.article(TEXT), who, who)
        meet(monkeypatch, Making, "fill")
        answers = at_once(lambda: accept(first, writer), lambda: accept(second, writer))
        assert [type(answer) for answer in answers] == [Statement, Statement]
        assert Source.objects.count() == 1
        assert set(Attribution.objects.values_list("source", flat=True)) == {Source.objects.get().pk}
        assert untold() == []
        assert list(drift()) == []

    def test_nor_do_two_spellings_make_two(self, monkeypatch):
        """Whose slugs the database would both take."""
        writer = cast.person("editor")
        first, second = suggested_both(cast.article(TEXT), "Ana Duarte", "President Ana Duarte")
        meet(monkeypatch, Making, "_store")
        answers = at_once(lambda: accept(first, writer), lambda: accept(second, writer))
        assert [type(answer) for answer in answers] == [Statement, Statement]
        assert Source.objects.count() == 1

    def test_of_two_who_accept_one_suggestion_one_is_told(self):
        writer = cast.person("editor")
        row = suggested(cast.article(TEXT), CLOSE, "Ana Duarte")

        def try_to_accept():
            try:
                return accept(row, writer, row.lock).state
            except AlreadyDecided as told:
                return str(told)

        assert sorted(at_once(try_to_accept, try_to_accept)) == ["It was confirmed already by editor.", "confirmed"]
        assert Source.objects.count() == 1
        assert Statement.objects.get().lock == 2

    def test_two_who_accept_all_at_once_end_well(self):
        writer = cast.person("editor")
        first, second = suggested_both(cast.article(TEXT), "Ana Duarte", "Ana Duarte")
        every = Statement.objects.all()
        done = at_once(lambda: accept_above(every, 0, writer), lambda: accept_above(every, 0, writer))
        assert sum(each.statements for each in done) == 2
        assert states(first, second) == ["confirmed", "confirmed"]
        assert Source.objects.count() == 1
        assert list(drift()) == []

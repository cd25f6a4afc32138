"""What is found in a text becomes suggested statements, and nothing is offered twice."""

import importlib

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import ArticleVersion, Change, Revision
from claims.extraction.quotation import Kind
from claims.models import Annotation, Attribution, Claim, Look, Source, SourceRole, Statement
from claims.provenance import drift
from claims.suggesting import METHOD
from claims.suggesting.names import names_nobody
from claims.suggesting.proposal import Proposal
from claims.suggesting.sources import Sources
from claims.suggesting.suggest import GONE, Outcome, TextChanged, suggest
from claims.undoing import undo
from tests import cast
from tests.claims.quotations import ORGANISATION, OUTLET, hop, quotation, suggested, text_of, unnamed, voice
from tests.claims.test_races import at_once, meet
from tests.desk import address, save

pytestmark = pytest.mark.django_db

TEXT = (
    "Harbour to close\n"
    "The harbour will close in May, Foreign Minister Ana Duarte said on Tuesday.\n"
    "“We have no choice,” she said, “but to repair it.”\n"
    "One Baltic diplomat told Politico that the pier is unsafe."
)
CLOSE, UNSAFE = "The harbour will close in May", "the pier is unsafe"


def offers(article, *quotations, **values) -> Outcome:
    return suggest(text_of(article), quotations, **values)


def close(*chain, text=TEXT, **values):
    return quotation(text, CLOSE, *(chain or ("Ana Duarte",)), **values)


def current():
    return Statement.objects.current().filter(state="suggested")


def next_text(article, text) -> ArticleVersion:
    version = ArticleVersion.next_for(article, headline=text.split("\n", 1)[0], text=text)
    version.save()
    return version


@pytest.fixture
def article():
    return cast.article(TEXT)


class TestWriting:
    def test_a_statement_stands_where_it_was_found(self, article, editor):
        assert offers(article, close(confidence=0.87654), by=editor) == Outcome(new=1)
        row = Statement.objects.get()
        assert (row.exact, row.state, row.method, row.confidence) == (CLOSE, "suggested", METHOD, 0.8765)
        assert (row.prefix, row.suffix[:5], row.created_by) == ("Harbour to close\n", ", For", editor)
        assert row.decided_by is row.decided_at is None
        assert not Statement.objects.misplaced().exists()
        assert list(drift()) == []

    def test_a_broken_quotation_is_one_with_a_gap_and_a_mixed_one_says_what_is_verbatim(self, article):
        start, middle, end = TEXT.index("“We"), TEXT.index(" she said,"), TEXT.index("\nOne")
        again = TEXT.index("“but")
        spans = ((start, middle), (again, end))
        found = quotation(TEXT, "“We", "Ana Duarte", spans=spans, kind=Kind.MIXED, verbatim=((start + 1, middle - 2),))
        offers(article, found)
        row = Statement.objects.get()
        assert (row.start, row.end, row.gaps) == (start, end, [[middle, again]])
        assert row.words == [[start + 1, middle - 2]]

    def test_each_hop_of_the_chain_is_a_row(self, article):
        politico = cast.outlet("Politico")
        root = hop(unnamed("One Baltic diplomat"), cue="told Politico that", addressee="Politico", when="on Tuesday")
        offers(article, quotation(TEXT, UNSAFE, root, hop(voice("Politico", kind=OUTLET), cue="", kind=Kind.DIRECT)))
        first, second = Attribution.objects.order_by("position")
        assert (first.source, first.as_named, first.addressee) == (None, "One Baltic diplomat", politico)
        assert (first.cue, first.quotation_type, first.said_on_as_given) == (
            "told Politico that",
            "indirect",
            "on Tuesday",
        )
        assert (second.position, second.source, second.quotation_type) == (1, politico, "direct")

    def test_matched_voices_have_a_row_each_and_the_others_share_one(self, article):
        ana = cast.source("Ana Duarte", kind="person")
        offers(article, close(hop("Rui Lund", "Ana Duarte", "Eva Holm")))
        rows = list(Attribution.objects.order_by("pk").values_list("position", "source", "as_named"))
        assert rows == [(0, ana.pk, "Ana Duarte"), (0, None, "Rui Lund and Eva Holm")]

    def test_two_names_of_one_source_at_one_place_are_one_row(self, article):
        cast.source("Kremlin", aliases="Moscow")
        kinds = {"kind": ORGANISATION}
        offers(article, close(hop(voice("Moscow", **kinds), voice("the Kremlin", **kinds))))
        assert Attribution.objects.get().as_named == "Moscow"

    def test_where_nobody_is_named_the_source_is_empty(self, article):
        offers(article, close(hop(cue="it has been reported")))
        row = Attribution.objects.get()
        assert (row.source, row.as_named, row.cue) == (None, "", "it has been reported")

    def test_the_role_held_then_is_noted(self, article):
        ana = cast.source("Ana Duarte", kind="person")
        SourceRole.objects.create(source=ana, title="Foreign Minister", held_to="2025-10-01")
        role = SourceRole.objects.create(source=ana, title="Foreign Minister", held_from="2025-10-02")
        offers(article, close(hop(voice("Ana Duarte", "Foreign Minister Ana Duarte", "Foreign Minister"))))
        assert Attribution.objects.get().role == role

    def test_no_source_is_made(self, article):
        offers(article, close(), quotation(TEXT, UNSAFE, unnamed("One Baltic diplomat")))
        assert not Source.objects.exists()

    def test_the_proposal_keeps_all_that_was_found(self, article):
        cast.source("Ana Duarte", kind="person"), cast.source("Eva Duarte", kind="person")
        cast.source("Rui Lund", kind="person")
        offers(article, close(hop(voice("Duarte", "Ms Duarte", "Minister"), "Rui Lund", addressee="reporters")))
        row = Statement.objects.get()
        assert row.proposed["chain"][0]["voices"] == [
            {
                "as_named": "Ms Duarte",
                "name": "Duarte",
                "role": "Minister",
                "kind": "person",
                "slug": "",
                "candidates": ["ana-duarte", "eva-duarte"],
            },
            {
                "as_named": "Rui Lund",
                "name": "Rui Lund",
                "role": "",
                "kind": "person",
                "slug": "rui-lund",
                "candidates": [],
            },
        ]
        assert row.proposed["chain"][0]["addressee"]["as_named"] == "reporters"
        assert (row.proposed["exact"], row.proposed["spans"]) == (CLOSE, [[row.start, row.end]])
        assert Proposal.read(row.proposed).stored() == Proposal.read(row.proposed).stored()

    def test_words_too_long_for_their_column_are_cut(self, article):
        offers(article, close(hop("x" * 400, cue="c" * 300, when="w" * 200)))
        hop_row = Attribution.objects.get()
        assert [len(words) for words in (hop_row.as_named, hop_row.cue, hop_row.said_on_as_given)] == [300, 200, 100]

    def test_it_is_one_save_which_can_be_undone_and_is_then_not_offered_again(self, article, editor):
        offers(article, close(), by=editor)
        revision = Revision.objects.get()
        assert (revision.by, revision.label) == (editor, f"Suggested statements in text 1 of article {article.pk}")
        assert set(Change.objects.values_list("kind", flat=True)) == {"statement", "attribution"}
        undo(revision, by=editor, why="wrong article")
        assert not current().exists()
        assert offers(article, close()) == Outcome(known=1)

    def test_a_text_in_which_nothing_was_found_was_looked_at(self, article):
        assert offers(article) == Outcome()
        look = Look.objects.get()
        assert (look.version, look.method) == (text_of(article), METHOD)
        assert not Revision.objects.exists()

    def test_a_text_takes_as_many_queries_however_much_is_found_in_it(self):
        """Sources and roles, read once for many texts: 2. The save, begun and ended: 6. That the text is still the one
        that was read: 1. Statements of the article,
        whom they name, and whether the sources that fit still stand: 3. The new statements and their hops: 2. The
        look, in savepoints of Django's: 6. What is derived from new statements, in its savepoint: 17. PostgreSQL
        holds the article (2), the statements and the entry of the article (3) besides."""
        counts = []
        for number in (3, 15):
            text = "Headline\n" + "\n".join(f"Ana{at} Duarte said that pier {at} is unsafe." for at in range(number))
            version = text_of(cast.article(text))
            found = [quotation(text, f"pier {at} is unsafe", f"Ana{at} Duarte") for at in range(number)]
            with CaptureQueriesContext(connection) as queries:
                suggest(version, found)
            counts.append(len(queries))
        assert counts == ([42, 42] if connection.vendor == "postgresql" else [37, 37])


class TestErased:
    def test_what_was_erased_while_it_was_read_is_not_written_back(self, article):
        version = text_of(article)
        found = [quotation(version.text, CLOSE, "Ana Duarte")]
        version.sha256 = "0" * 64  # what was read is not what is stored any more

        with pytest.raises(TextChanged):
            suggest(version, found)
        assert not Statement.objects.exists()


class TestAgain:
    def test_what_waits_is_not_doubled(self, article):
        offers(article, close())
        first = Statement.objects.get()
        assert offers(article, close()) == Outcome(waiting=1)
        assert Statement.objects.get().lock == first.lock == 1

    def test_the_same_found_twice_is_offered_once(self, article):
        assert offers(article, close(), close()) == Outcome(new=1)

    @pytest.mark.parametrize(
        ("words", "name", "confidence", "method"),
        [
            (CLOSE, "Ana Duarte", 0.9, "rules-2"),
            (CLOSE, "Ana Duarte", 0.5, METHOD),
            (CLOSE, "Rui Lund", 0.9, METHOD),
            ("harbour will close in May", "Ana Duarte", 0.9, METHOD),
        ],
        ids=["method", "confidence", "root", "words"],
    )
    def test_what_waits_is_replaced_where_it_is_found_in_another_way(self, article, words, name, confidence, method):
        offers(article, close())
        found = quotation(TEXT, words, name, confidence=confidence)
        assert offers(article, found, method=method) == Outcome(new=1, withdrawn=1)
        old = Statement.objects.get(withdrawn_at__isnull=False)
        assert (old.withdrawn_reason, old.withdrawn_by, old.lock) == (GONE, None, 2)
        assert offers(article, found, method=method) == Outcome(waiting=1)
        assert list(drift()) == []

    def test_what_is_not_found_any_more_is_withdrawn_and_may_come_again(self, article):
        offers(article, close())
        assert offers(article) == Outcome(withdrawn=1)
        assert not current().exists()
        assert offers(article, close()) == Outcome(new=1)

    @pytest.mark.parametrize("how", ["saved", "hop", "linked", "noted"])
    def test_what_somebody_worked_on_stays_and_is_not_doubled(self, client, article, editor, how):
        row = suggested(article, CLOSE, "Ana Duarte")
        if how == "saved":
            save(client, address(row), commitment="CT+")
        elif how == "hop":
            Attribution.objects.change(cue="told reporters")
        elif how == "linked":
            row.appearances.create(claim=cast.claim())
        else:
            Annotation.objects.create(statement=row, body="Is this so?", created_by=editor)
        assert offers(article, close()) == Outcome(known=1)
        assert offers(article) == Outcome()
        assert current().get() == row

    def test_other_programs_suggestions_stay_and_are_not_doubled(self, article):
        row = cast.statement(
            article, CLOSE, chain=[], state="suggested", method="x 1", confidence=0.3, proposed={"a": 1}
        )
        assert offers(article, close()) == Outcome(known=1)
        assert offers(article) == Outcome()
        assert current().get() == row


def decided(how, article, editor, client):
    """A suggestion that was decided on in one way or another."""
    row = suggested(article, CLOSE, "Ana Duarte")
    if how == "withdrawn":
        row.withdraw(by=editor, reason="x")
    elif how == "corrected":
        start = row.start + 4
        exact = TEXT[start : row.end]
        save(client, address(row), state="confirmed", start=start, exact=exact)
        row.refresh_from_db()
        assert (row.state, row.exact, row.corrected) == ("confirmed", exact, True)
    else:
        save(client, address(row), state=how, reason="because")
    return row


DECISIONS = ["confirmed", "rejected", "withdrawn", "corrected"]


class TestDecided:
    @pytest.mark.parametrize("how", DECISIONS)
    def test_it_is_not_offered_again(self, client, article, editor, how):
        decided(how, article, editor, client)
        assert offers(article, close(), method="rules-2") == Outcome(known=1)
        # Nor with a little more, or with nearly the same words.
        longer = quotation(TEXT, CLOSE + ", Foreign", "Ana Duarte")
        assert offers(article, longer) == Outcome(known=1)
        assert offers(article, close("Somebody else")) == Outcome(known=1)

    @pytest.mark.parametrize("how", DECISIONS)
    def test_nor_where_the_words_stand_in_a_later_text(self, client, article, editor, how):
        decided(how, article, editor, client)
        later = next_text(article, "A new headline that is longer\nA new paragraph.\n" + TEXT.split("\n", 1)[1])
        assert suggest(later, [quotation(later.text, CLOSE, "Ana Duarte")]) == Outcome(known=1)
        assert suggest(later, [quotation(later.text, "harbour will close in May", "Ana Duarte")]) == Outcome(known=1)
        assert suggest(later, [quotation(later.text, UNSAFE, "Ana Duarte")]) == Outcome(new=1)

    def test_nor_with_other_quotation_marks_in_a_later_text(self, client, article, editor):
        words = "“We have no choice,”"
        save(client, address(suggested(article, words, "Ana Duarte")), state="rejected", reason="x")
        later = next_text(article, TEXT.replace("“", '"').replace("”", '"'))
        assert suggest(later, [quotation(later.text, '"We have no choice,"', "Ana Duarte")]) == Outcome(known=1)

    def test_other_words_of_the_same_place_with_another_root_are_another_statement(self, article):
        cast.statement(article, CLOSE, chain=[cast.source("Ana Duarte", kind="person")])
        assert offers(article, quotation(TEXT, CLOSE + ", Foreign", "Rui Lund")) == Outcome(new=1)

    def test_a_small_overlap_with_the_same_root_is_another_statement(self, article):
        cast.statement(article, CLOSE, chain=[cast.source("Ana Duarte", kind="person")])
        words = "May, Foreign Minister Ana Duarte said on Tuesday"
        assert offers(article, quotation(TEXT, words, "Ana Duarte")) == Outcome(new=1)

    def test_the_same_words_at_another_place_are_another_statement(self):
        article = cast.article("Two answers\n“No,” said Ana Duarte.\n“No,” said Rui Lund.")
        text = text_of(article).text
        cast.statement(article, "“No,”", chain=["Ana Duarte"], state="rejected")
        at = text.rindex("“No,”")
        assert offers(article, quotation(text, "“No,”", "Rui Lund", spans=((at, at + 5),))) == Outcome(new=1)
        later = next_text(article, "New\n" + text.split("\n", 1)[1])
        at = later.text.rindex("“No,”")
        again = [
            quotation(later.text, "“No,”", "Ana Duarte"),
            quotation(later.text, "“No,”", "Rui Lund", spans=((at, at + 5),)),
        ]
        assert suggest(later, again) == Outcome(new=1, known=1, withdrawn=1)

    def test_what_was_typed_is_not_offered(self, article):
        cast.statement(article, CLOSE, chain=[cast.source("Ana Duarte", kind="person")])
        assert offers(article, close()) == Outcome(known=1)
        assert offers(article, quotation(TEXT, "harbour will close in May", "Duarte")) == Outcome(known=1)

    def test_what_waits_in_an_older_text_is_offered_in_the_newest_alone(self, article):
        old = suggested(article, CLOSE, "Ana Duarte")
        later = next_text(article, "New\n" + TEXT)
        assert suggest(later, [quotation(later.text, CLOSE, "Ana Duarte")]) == Outcome(new=1, withdrawn=1)
        assert current().get().version == later
        old.refresh_from_db()
        assert old.withdrawn_at is not None

    def test_what_was_corrected_to_another_place_is_not_offered_where_it_was(self, client, article, editor):
        row = suggested(article, CLOSE, "Ana Duarte")
        save(client, address(row), state="confirmed", exact=UNSAFE, start="", end="")
        assert Statement.objects.get().exact == UNSAFE
        assert offers(article, close()) == Outcome(known=1)

    def test_other_articles_do_not_count(self, article):
        cast.statement(cast.article(TEXT), CLOSE, chain=[cast.source("Ana Duarte", kind="person")])
        assert offers(article, close()) == Outcome(new=1)


def test_sources_are_read_once_for_many_articles():
    sources = Sources()
    cast.source("Ana Duarte", kind="person")  # came after they were read
    article = cast.article(TEXT)
    offers(article, close(), sources=sources)
    assert Attribution.objects.get().source is None


@pytest.mark.parametrize("how", ["merged", "withdrawn"])
def test_a_source_that_went_since_they_were_read_is_not_named(article, how):
    ana = cast.source("Ana Duarte", kind="person")
    sources = Sources()
    if how == "merged":
        ana.merged_into = cast.source("Ana Duarte Silva", kind="person")
    ana.withdraw(by=None, reason="x")
    ana.save()
    assert offers(article, close(), sources=sources) == Outcome(new=1)
    assert Attribution.objects.get().source == ana.merged_into


def test_the_public_sees_nothing_of_it(article):
    claim = cast.claim(published=True)
    row = suggested(article, CLOSE, "Ana Duarte")
    row.appearances.create(claim=claim)
    assert not Statement.objects.visible_to(AnonymousUser()).exists()
    assert Claim.objects.get().independent_sources == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_one_text_at_once_double_nothing(monkeypatch):
    article = cast.article(TEXT)
    meet(monkeypatch, importlib.import_module("claims.suggesting.suggest"), "_write")
    done = at_once(lambda: offers(article, close()), lambda: offers(article, close()))
    assert sorted(done, key=str) == [Outcome(waiting=1), Outcome(new=1)]
    assert Statement.objects.count() == Look.objects.count() == 1


@pytest.mark.parametrize("name", ["WHO", "The WHO", "US", "the U.S.", "US officials", "It Works Ltd"])
def test_initials_are_no_pronouns(name):
    assert not names_nobody(name)


@pytest.mark.parametrize("name", ["she", "Who", "It", ""])
def test_pronouns_name_nobody(name):
    assert names_nobody(name)

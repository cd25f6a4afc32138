"""The history that the database keeps: what a row said before, who changed it, and when."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from articles import history, triggers
from articles.models import Change, Publisher, Revision
from claims.models import Claim, Identity
from tests import cast
from tests.history import untold

pytestmark = pytest.mark.django_db


def changes(row):
    return list(Change.objects.filter(kind=row._meta.model_name, row=row.pk).order_by("lock"))


def test_it_notes_what_a_row_said_before():
    claim = cast.claim("One", priority=2)
    claim.text = "Two"
    claim.save()
    [change] = changes(claim)
    assert (change.lock, change.revision) == (2, None)
    assert history.values_before(change)["text"] == "One"
    assert history.values_before(change)["priority"] == 2


def test_it_tells_who_saved_and_why():
    claim, editor = cast.claim(), cast.person("editor")
    with history.recorded(by=editor, why="Two sources"):
        claim.save()
    [change] = changes(claim)
    assert (change.revision.by, change.revision.why) == (editor, "Two sources")


def test_it_tells_of_new_rows_and_leaves_out_those_of_an_import():
    with history.recorded():
        made = cast.claim()
    with history.recorded(creations=False):
        imported = cast.claim()
    assert [(change.lock, change.was) for change in changes(made)] == [(1, None)]
    assert history.values_before(changes(made)[0]) is None
    assert changes(imported) == []


def test_what_is_written_after_a_save_is_not_taken_for_part_of_it():
    claim = cast.claim()
    with transaction.atomic():
        with history.recorded():
            claim.save()
        claim.save()
    assert [change.revision is None for change in changes(claim)] == [False, True]


def test_a_save_within_a_save_is_part_of_it():
    claim = cast.claim()
    with history.recorded(why="outer") as outer:
        with history.recorded(why="inner") as inner:
            claim.save()
        claim.save()
    assert inner is outer
    assert {change.revision for change in changes(claim)} == {outer}
    assert Revision.objects.count() == 1


def test_a_save_that_fails_leaves_nothing_behind():
    claim = cast.claim()

    @history.recorded(why="broken")
    def broken():
        claim.save()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    with history.recorded(why="next"):
        cast.claim("Another")
    assert [revision.why for revision in Revision.objects.all()] == ["next"]
    assert changes(claim) == []


def test_a_form_that_comes_twice_is_saved_once():
    key = uuid.uuid4()
    with history.recorded(key=key) as first:
        cast.claim()
    with pytest.raises(history.AlreadySaved) as found, history.recorded(key=key):
        raise AssertionError
    assert found.value.revision == first


def test_it_notes_the_tags_as_they_were():
    claim, rain, snow = cast.claim(), cast.tag("Rain"), cast.tag("Snow")
    claim.tags.set([snow, rain])
    claim.save()
    claim.tags.clear()
    assert history.values_before(changes(claim)[0])["tags"] == sorted([rain.pk, snow.pk])
    assert history.values_of(claim)["tags"] == []


def test_every_kind_of_value_comes_back_as_it_was():
    moment = dt.datetime(2025, 11, 22, 8, 30, 0, 123456, tzinfo=dt.UTC)
    claim = cast.claim(
        "Ünï “quoted” 🙂", figure_low="2.5", about_from=dt.date(1998, 5, 1), published_at=moment, unit="%"
    )
    claim.refresh_from_db()
    said = history.values_of(claim)
    claim.save()
    assert history.values_before(changes(claim)[0]) == said
    statement = cast.statement()
    statement.gaps = [[statement.start + 2, statement.start + 4]]
    statement.save()
    statement.refresh_from_db()
    said = history.values_of(statement)
    statement.save()
    assert history.values_before(changes(statement)[-1]) == said


def test_it_says_what_a_row_said_at_a_lock():
    claim = cast.claim("One")
    for text in ("Two", "Three"):
        claim.text = text
        claim.save()
    assert [history.values_at(claim, lock)["text"] for lock in (1, 2, 3)] == ["One", "Two", "Three"]
    assert history.values_at(claim, 9) is None


def test_no_way_of_writing_escapes_it():
    claims = [cast.claim(f"Claim {n}") for n in range(3)]
    Claim.objects.filter(pk__in=[claim.pk for claim in claims]).change(priority=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_claim SET lock = lock + 1")
    assert untold() == []
    assert Change.objects.filter(kind="claim").count() == 6


def test_what_is_derived_is_no_history():
    claim = cast.claim()
    Claim.objects.filter(pk=claim.pk).update(independent_sources=7)
    assert changes(claim) == []
    assert not set(Claim.DERIVED) & set(history.values_of(claim))


def test_evidence_has_one_too():
    publisher = Publisher.objects.create(name="Old", slug="old")
    publisher.name = "New"
    publisher.save()
    assert history.values_before(changes(publisher)[0])["name"] == "Old"


def test_guesses_at_identities_have_none():
    guess = Identity.objects.create(source=cast.source("One"), guess=cast.source("Two"), note="secret")
    guess.save()
    assert not Change.objects.filter(kind="identity").exists()


def test_the_triggers_are_made_anew_where_a_table_lost_them():
    claim = cast.claim()
    name = "claims_claim_noted" if connection.vendor == "postgresql" else "claims_claim_changed"
    on = ' ON "claims_claim"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"{on}')
    claim.save()
    assert untold() == [f"claim {claim.pk} at lock 2"]
    triggers.install()
    claim.save()
    assert [change.lock for change in changes(claim)] == [3]


def test_numbers_are_noted_exactly():
    claim, other = cast.claim(figure_low="0.1", figure_high="123456789012.345678"), cast.claim()
    link = cast.link(claim, "supports", other, score=0.1 + 0.2)
    for row in (claim, link):
        row.refresh_from_db()
        row.save()
        [change] = changes(row)
        assert history.values_before(change) == history.values_of(row)


def test_no_triggers_are_made_before_there_is_a_table_for_what_they_note(monkeypatch):
    monkeypatch.setattr(type(connection.introspection), "table_names", lambda *_: ["claims_claim"])
    with CaptureQueriesContext(connection) as asked:
        triggers.install()
    assert list(asked) == []


def test_it_reads_as_what_was_done():
    with history.recorded(how=Revision.How.BULK) as plain:
        cast.publisher("Alpha")
    with history.recorded(label="Add tags: health") as named:
        cast.publisher("Beta")
    assert (str(plain), str(named)) == ("bulk change", "Add tags: health")
    change = Change.objects.get(revision=named)
    assert str(change) == f"publisher {change.row}, 1"
    assert change.model is Publisher


def test_a_save_that_the_database_refuses_leaves_the_lock_in_memory():
    cast.publisher("Alpha")
    other = cast.publisher("Beta")
    other.slug = "alpha"
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()
    assert other.lock == Publisher.objects.get(slug="beta").lock == 1
    other.slug = "gamma"
    other.save()
    assert other.lock == 2


def test_a_save_can_be_taken_up_again():
    first, second = cast.claim("One"), cast.claim("Two")
    with history.saving(why="in batches") as save:
        for claim in (first, second):
            with transaction.atomic():
                save.begin()
                save.begin()
                claim.save()
                save.end()
                save.end()
    assert [change.revision for change in (*changes(first), *changes(second))] == [save.revision] * 2
    assert Revision.objects.count() == 1


def test_a_save_without_a_row_is_forgotten():
    with history.recorded() as made:
        history.drop_if_empty(made)
    history.drop_if_empty(Revision())
    assert not Revision.objects.exists()


def test_what_many_rows_say_is_read_at_once(django_assert_num_queries):
    rain = cast.tag("Rain")
    claims = [cast.claim("One", tags=[rain]), cast.claim("Two")]
    said = {claim.pk: history.values_of(claim) for claim in claims}
    with django_assert_num_queries(2):
        assert history.values_now(Claim, [*said, 99_999]) == said


def test_a_change_of_which_nothing_is_left_can_be_read():
    claim = cast.claim()
    claim.save()
    [change] = changes(claim)
    change.was = {}
    assert history.values_before(change) == dict.fromkeys(history.values_of(claim)) | {"tags": []}

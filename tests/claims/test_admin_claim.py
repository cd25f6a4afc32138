"""The claim's page at the desk."""

from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.admin.claim import ClaimAdmin
from claims.models import (
    Annotation,
    Appearance,
    Claim,
    ClaimLink,
    Correction,
    CorrectionRequest,
    Evidence,
    Inquiry,
    Review,
    Transition,
)
from tests import cast
from tests.desk import add_row, address, errors, fill, messages, picks, save, shown

pytestmark = pytest.mark.django_db


def new_claim(client, **typed):
    words = {"text": "It will rain tomorrow", "short_text": "It will rain", "kind": "prediction"}
    return fill(shown(client, address(Claim, "add")), {**words, **typed})


def test_it_adds_a_claim_with_tags_and_says_who_made_it(client, editor):
    weather = cast.tag("Weather")
    response = client.post(address(Claim, "add"), new_claim(client, tags=[weather.pk]))
    assert response.status_code == 302
    claim = Claim.objects.get()
    assert (claim.created_by, claim.status, list(claim.tags.all())) == (editor, Claim.Status.NEW, [weather])


def test_it_links_a_statement_and_counts_its_source_at_once(client, editor):
    claim, statement = cast.claim(), cast.statement()
    fields = add_row(shown(client, address(claim)), "appearances", statement=statement.pk, stance="asserts")
    assert client.post(address(claim), fill(fields, {})).status_code == 302
    claim.refresh_from_db()
    assert (claim.independent_sources, claim.statement_count) == (1, 1)
    assert claim.appearances.get().created_by == editor


def test_withdrawing_a_link_keeps_the_row_and_counts_anew(client, editor):
    claim = cast.claim()
    cast.statement(claim=claim)
    save(client, address(claim), **{"appearances-0-DELETE": "on"})
    appearance = Appearance.objects.get()
    claim.refresh_from_db()
    assert appearance.withdrawn_by == editor
    assert appearance.withdrawn_reason.startswith("withdrawn on the page of")
    assert claim.independent_sources == 0


def test_linking_again_brings_the_withdrawn_row_back(client, editor):
    claim, statement = cast.claim(), cast.statement()
    old = Appearance.objects.create(claim=claim, statement=statement)
    old.withdraw(by=editor, reason="by mistake")
    fields = add_row(shown(client, address(claim)), "appearances", statement=statement.pk, stance="denies")
    client.post(address(claim), fill(fields, {}))
    back = Appearance.objects.get()
    assert (back.pk, back.withdrawn_at, back.withdrawn_reason, back.stance) == (old.pk, None, "", "denies")


@pytest.mark.parametrize("rows", [1, 2])
def test_a_statement_is_linked_once(client, editor, rows):
    claim, statement = cast.claim(), cast.statement()
    if rows == 1:
        Appearance.objects.create(claim=claim, statement=statement)
    fields = shown(client, address(claim))
    for _ in range(rows):
        fields = add_row(fields, "appearances", statement=statement.pk, stance="denies")
    assert client.post(address(claim), fill(fields, {})).status_code == 200
    assert Appearance.objects.count() == 2 - rows


def test_moving_a_link_to_another_statement_counts_anew(client, editor):
    claim = cast.claim()
    cast.statement(claim=claim)
    joint = cast.statement(chain=[["Britain", "France"], "Reuters"])
    save(client, address(claim), **{"appearances-0-statement": joint.pk})
    claim.refresh_from_db()
    assert claim.appearances.get().statement == joint
    assert claim.first_statement == joint


def test_it_shows_each_chain_with_the_way_to_its_statement(client, editor):
    claim = cast.claim()
    made = cast.statement(claim=claim, chain=["The ministry", "Deutsche Welle", "Politico"])
    page = client.get(address(claim)).content.decode()
    names = [page.index(name) for name in ("The ministry", "Deutsche Welle", "Politico", "The Daily Digest")]
    assert names == sorted(names)
    assert address(made) in page


def test_it_costs_21_queries_whatever_it_holds(client, editor, django_assert_num_queries):
    def more(number: int) -> None:
        with cast.at_once():
            for at in range(number):
                statement = cast.statement(claim=claim, chain=[f"Minister {at}", f"Paper {at}"])
                cast.link(claim, ClaimLink.Kind.SUPPORTS, cast.claim(f"out {at}"), drawn_by=statement)
                cast.link(cast.claim(f"in {at}"), ClaimLink.Kind.DISPUTES, claim)
                Evidence.objects.create(claim=claim, article=cast.article(), statement=statement)
                Review.objects.create(claim=claim, reviewer=cast.publisher(f"Checkers {at}"), statement=statement)
                Inquiry.objects.create(claim=claim, source=cast.source(f"Asked {at}"), question="Is it so?")
                Inquiry.objects.create(claim=claim, publisher=cast.publisher(f"Paper {at}"), question="Is it so?")
                paper = cast.publisher(f"Paper {at}")
                CorrectionRequest.objects.create(claim=claim, publisher=paper, article=cast.article(), wrong="x")
                Correction.objects.create(claim=claim, text="It was another day.")
                Annotation.objects.create(claim=claim, body="mine", created_by=editor)
                Annotation.objects.create(claim=claim, body="theirs", created_by=colleague)

    colleague, claim = cast.person("reviewer"), cast.claim(published=True)
    claim.tags.add(cast.tag("Weather"))
    client.force_login(colleague)
    more(1)
    # session, user, powers · claim, its tags, how the chosen tags read ·
    # statements, links, evidence with articles, their headlines, reviews,
    # questions, requests with articles, their headlines, corrections, own notes · colleagues' notes ·
    # the panel: appearances, statements with articles, hops with sources · who else is there
    client.get(address(claim))
    with django_assert_num_queries(21):
        client.get(address(claim))
    more(10)
    with django_assert_num_queries(21):
        client.get(address(claim))


def test_saving_costs_a_query_for_each_row_that_nobody_changed(client, editor):
    """Which is Django's own, for the number of the row."""

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.post(address(claim), fields).status_code == 302
        return len(asked)

    claim = cast.claim()
    spent = []
    for words in ("It rains.", "It snows.", "It hails."):
        cast.statement(cast.article(f"Weather\n{words}", publisher="Gazette"), words, claim=claim, chain=["Ministry"])
        fields = fill(shown(client, address(claim)), {"short_text": f"{words} now"})
        spent.append(queries())
    assert spent == [spent[0], spent[0] + 1, spent[0] + 2]


# Status


def test_it_moves_the_status_with_a_note(client, editor):
    claim = cast.claim()
    response = save(client, address(claim), move_to="in_review", move_note="two sources")
    claim.refresh_from_db()
    moved = Transition.objects.get()
    assert claim.status == "in_review"
    assert (moved.old, moved.new, moved.by, moved.note) == ("new", "in_review", editor, "two sources")
    assert "Status: new → in review." in messages(client.get(response.url))


def test_it_offers_only_the_moves_that_are_open(client, editor):
    form = client.get(address(cast.claim())).context["adminform"].form
    assert dict(form.fields["move_to"].choices) == {
        "": "stay new",
        "in_progress": "in progress",
        "in_review": "in review",
    }


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("published", "A claim that is new can become in progress or in review."),
        ("closed", "Your role cannot make a claim closed from here."),
        ("new", "The claim is new already."),
    ],
)
def test_it_refuses_a_move_and_says_why(client, editor, to, reason):
    claim = cast.claim()
    response = save(client, address(claim), move_to=to, short_text="Typed meanwhile")
    assert errors(response) == {"move_to": [reason]}
    assert "Typed meanwhile" in response.content.decode()
    claim.refresh_from_db()
    assert claim.status == "new"


def test_no_field_of_the_form_sets_the_status_itself(client, editor):
    claim = cast.claim()
    save(client, address(claim), status="published", published_at="2025-01-01", independent_sources="99")
    claim.refresh_from_db()
    assert (claim.status, claim.published_at, claim.independent_sources) == ("new", None, 0)


def test_work_is_given_to_colleagues_alone(client, editor):
    claim, outsider = cast.claim(), cast.person("outsider")
    assert errors(save(client, address(claim), assignee=outsider.pk)) == {
        "assignee": ["Choose somebody who works at the desk."]
    }


# Two at once


def test_a_save_of_rows_below_leaves_tags_that_are_put_on_meanwhile(client, editor):
    claim, weather = cast.claim(), cast.tag("Weather")
    evidence = Evidence.objects.create(claim=claim, url="https://example.org/")
    save_model = ClaimAdmin.save_model

    def overtaken(*arguments):
        claim.tags.add(weather)
        save_model(*arguments)

    with mock.patch.object(ClaimAdmin, "save_model", overtaken):
        save(client, address(claim), **{"evidences-0-note": "p. 3"})
    evidence.refresh_from_db()
    assert evidence.note == "p. 3"
    assert list(claim.tags.all()) == [weather]


def test_a_save_that_changes_nothing_hinders_nobody(client, editor):
    claim = cast.claim()
    save(client, address(claim))
    assert Claim.objects.get().lock == claim.lock


def test_a_save_overtaken_between_reading_and_writing_is_answered_too(client, editor, monkeypatch):
    """The first try is rolled back, and with it, on the one connection of a test, what the other one wrote:
    so the second try finds the row as it was and goes through."""
    claim = cast.claim()
    fields = shown(client, address(claim))
    write, overtaken = Claim.save, []

    def save_after_somebody_else(row, *args, **kwargs):
        if not overtaken:
            overtaken.append(Claim.objects.filter(pk=row.pk).change(short_text="Theirs"))
        write(row, *args, **kwargs)

    monkeypatch.setattr(Claim, "save", save_after_somebody_else)
    assert client.post(address(claim), fill(fields, {"short_text": "Mine"})).status_code == 302
    assert overtaken == [1]
    claim.refresh_from_db()
    assert claim.short_text == "Mine"


def test_a_save_overtaken_again_and_again_keeps_what_was_typed(client, editor, monkeypatch):
    claim = cast.claim()
    fields = shown(client, address(claim))
    write = Claim.save

    def save_after_somebody_else(row, *args, **kwargs):
        Claim.objects.filter(pk=row.pk).change(short_text="Theirs")
        write(row, *args, **kwargs)

    monkeypatch.setattr(Claim, "save", save_after_somebody_else)
    response = client.post(address(claim), fill(fields, {"short_text": "Mine"}))
    assert response.status_code == 409
    monkeypatch.undo()
    assert client.post(address(claim), picks(response)).status_code == 302
    claim.refresh_from_db()
    assert claim.short_text == "Mine"


# Notes


def test_colleagues_notes_are_shown_but_not_their_private_ones(client, editor):
    claim, colleague = cast.claim(), cast.person("lead")
    for body, visibility in (("Seen by all", "desk"), ("For nobody else", "private")):
        Annotation.objects.create(claim=claim, body=body, visibility=visibility, created_by=colleague)
    page = client.get(address(claim)).content.decode()
    assert "Seen by all" in page
    assert "For nobody else" not in page


def test_own_notes_are_edited_in_place_and_leave_no_trace_in_the_log(client, editor):
    claim = cast.claim()
    fields = add_row(
        shown(client, address(claim)), "annotations", body="My secret", motivation="commenting", visibility="private"
    )
    client.post(address(claim), fill(fields, {}))
    assert claim.annotations.get().created_by == editor
    client.force_login(cast.person("lead"))
    assert "secret" not in client.get(address(claim, "history")).content.decode()


def test_a_colleagues_note_cannot_be_changed_through_a_forged_row(client, editor):
    claim = cast.claim()
    theirs = Annotation.objects.create(claim=claim, body="Theirs", created_by=cast.person("lead"))
    fields = shown(client, address(claim)) | {
        "annotations-TOTAL_FORMS": 1,
        "annotations-INITIAL_FORMS": 1,
        "annotations-0-id": theirs.pk,
        "annotations-0-claim": claim.pk,
        "annotations-0-body": "Forged",
        "annotations-0-motivation": "commenting",
        "annotations-0-visibility": "desk",
    }
    assert client.post(address(claim), fill(fields, {})).status_code in (200, 302)
    theirs.refresh_from_db()
    assert theirs.body == "Theirs"


def test_who_may_only_look_gets_no_field(client):
    client.force_login(cast.person("editor"))
    claim = cast.claim()
    Review.objects.create(claim=claim, reviewer=cast.publisher("Checkers"), headline="Checked")
    page = client.get(address(claim)).content.decode()
    assert "Checked" in page
    assert 'name="reviews-0-headline"' not in page


def test_a_tag_that_was_typed_and_not_chosen_is_refused(client, editor):
    """An editor makes no tags, so nothing is said of the way to make one."""
    claim = cast.claim()
    assert errors(save(client, address(claim), tags__typed="Hail")) == {
        "tags": ["“Hail” is no tag: choose from the list."]
    }


def test_a_number_that_no_tag_can_have_is_refused(client, editor):
    claim = cast.claim()
    found = errors(save(client, address(claim), tags=["9" * 23]))
    assert found == {"tags": [f"Select a valid choice. {'9' * 23} is not one of the available choices."]}


def test_an_error_opens_its_group_and_stands_at_the_top(client, editor):
    claim = cast.claim()
    cast.statement(claim=claim)
    assert "<details open>" not in client.get(address(claim)).content.decode()
    response = save(client, address(claim), **{"appearances-0-start": "-1", "figure_low": "many"})
    page = response.content.decode()
    assert page.count("<details open>") == 2
    assert '<a href="#id_figure_low">Figure low</a>: Enter a number.' in page
    assert '<a href="#id_appearances-0-start">Start</a>' in page


def test_a_cross_reference_is_headed_as_it_reads_from_here_and_says_what_waits(client, editor):
    claim = cast.claim("Germany sends soldiers")
    cast.link(cast.claim("Germany sends engineers"), ClaimLink.Kind.NARROWER, claim)
    cast.link(claim, ClaimLink.Kind.DISPUTES, cast.claim("Nobody moves"), state=ClaimLink.State.SUGGESTED)
    page = client.get(address(claim)).content.decode()
    assert "Broader than “Germany sends engineers”" in page
    assert "Suggested: disputes “Nobody moves”" in page


def test_what_is_empty_and_cannot_be_added_is_not_headed(client, editor):
    claim = cast.claim()
    url = address(claim)
    assert 'id="reviews-heading"' not in client.get(url).content.decode()
    assert save(client, url, short_text="Rain").status_code == 302
    client.force_login(cast.person("reviewer"))
    page = client.get(url).content.decode()
    assert 'id="reviews-heading"' in page
    assert "Add a review" in page

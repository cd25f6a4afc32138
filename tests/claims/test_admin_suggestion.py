"""A suggestion corrected on its statement's page, and accepted with the same save."""

import pytest

from claims.models import Attribution, Source, Statement
from claims.suggesting.proposal import Proposal
from tests import cast, desk
from tests.claims.offers import CLOSE, harbour
from tests.claims.pages import words

pytestmark = pytest.mark.django_db

ACCEPT = {"_accept": "1", "_continue": None}


@pytest.fixture
def waiting():
    return harbour()


def accept(client, statement, back="", **typed):
    url = desk.address(statement) + (f"?back={back}" if back else "")
    return desk.save(client, url, **{**ACCEPT, **typed})


def stored(statement):
    return Statement.objects.get(pk=statement.pk)


def test_the_form_says_which_source_is_made(client, editor, waiting):
    first, *_, merz = waiting
    said = words(client.get(desk.address(first)).content.decode())
    assert "New source “Ana Duarte” (person, Foreign Minister): it is made when you accept" in said
    assert "Hop 0: Foreign Minister Ana Duarte" in said
    assert "nobody is named:" not in said
    said = words(client.get(desk.address(merz)).content.decode())
    assert "“Merz” may be Friedrich Merz (friedrich-merz) or Joachim Merz (joachim-merz): choose." in said


def test_as_it_stands_it_is_accepted_and_not_corrected(client, editor, waiting):
    first, *_ = waiting
    assert accept(client, first).status_code == 302
    row = stored(first)
    assert (row.state, row.corrected, row.decided_by) == ("confirmed", False, editor)
    assert row.attributions.get().source.name == "Ana Duarte"


def test_a_place_that_shrinks_is_a_correction_and_the_proposal_is_kept(client, editor, waiting):
    first, *_ = waiting
    accept(client, first, exact="harbour will close")
    row = stored(first)
    assert (row.exact, row.end - row.start) == ("harbour will close", len("harbour will close"))
    assert (row.state, row.corrected) == ("confirmed", True)
    assert row.attributions.get().source.name == "Ana Duarte"
    proposal = Proposal.read(row.proposed)
    assert proposal is not None
    assert proposal.exact == CLOSE


def test_numbers_alone_move_it_too(client, editor, waiting):
    first, *_ = waiting
    accept(client, first, start=first.start + 4)
    assert (stored(first).exact, stored(first).corrected) == (CLOSE[4:], True)


def test_the_source_that_is_chosen_goes_before_the_one_that_was_proposed(client, editor, waiting):
    first, *_ = waiting
    accept(client, first, **{"attributions-0-source": cast.source("Peter Holm").pk})
    row = stored(first)
    assert row.attributions.get().source.name == "Peter Holm"
    assert (row.state, row.corrected) == ("confirmed", True)
    assert not Source.objects.filter(name="Ana Duarte").exists()


def test_who_is_meant_has_to_be_chosen(client, editor, waiting):
    *_, merz = waiting
    response = accept(client, merz)
    assert desk.errors(response) == {
        "attributions-0-source": ["Choose who “Merz” is. If nobody is named, empty “as named”."]
    }
    assert stored(merz).state == "suggested"
    friedrich = Source.objects.get(name="Friedrich Merz")
    accept(client, merz, **{"attributions-0-source": friedrich.pk})
    assert (stored(merz).state, stored(merz).attributions.get().source) == ("confirmed", friedrich)


def test_nobody_is_named_where_its_editor_says_so(client, editor, waiting):
    *_, merz = waiting
    accept(client, merz, **{"attributions-0-as_named": ""})
    assert (stored(merz).state, stored(merz).corrected) == ("confirmed", True)
    assert Attribution.objects.get(statement=merz).source is None


def test_what_is_saved_and_not_accepted_waits_on(client, editor, waiting):
    *_, merz = waiting
    desk.save(client, desk.address(merz), **{"attributions-0-cue": "described it as"})
    assert (stored(merz).state, stored(merz).attributions.get().cue) == ("suggested", "described it as")
    assert not Source.objects.filter(name="Merz").exists()


def test_it_leads_back_to_the_queue_at_the_next(client, editor, waiting):
    first, second, *_ = waiting
    back = f"/queue/suggestions/?confidence=20%23s{second.pk}"
    response = accept(client, first, back=back)
    assert response.headers["Location"] == f"/queue/suggestions/?confidence=20#s{second.pk}"
    response = accept(client, second, back="https://evil.example.org/")
    assert response.headers["Location"].startswith("/admin/claims/statement/")


def test_what_is_decided_has_no_such_button(client, editor, waiting):
    assert 'name="_accept"' in client.get(desk.address(waiting[0])).content.decode()
    assert 'name="_accept"' not in client.get(desk.address(cast.statement())).content.decode()


def test_a_stale_form_asks_and_keeps_what_was_typed(client, editor, waiting):
    first, *_ = waiting
    url = desk.address(first)
    fields = desk.shown(client, url)
    Statement.objects.filter(pk=first.pk).change(commitment="CT+")
    response = client.post(url, desk.fill(fields, {**ACCEPT, "commitment": "PR+"}))
    assert response.status_code == 409
    assert client.post(url, {**desk.picks(response, commitment="theirs"), "_save": "1"}).status_code == 302
    assert (stored(first).state, stored(first).commitment) == ("confirmed", "CT+")


def test_what_is_changed_after_accepting_counts_as_corrected(client, editor, waiting):
    first, *_ = waiting
    accept(client, first)
    other = cast.source("Rui Lund", kind="person")
    row = stored(first)
    desk.save(client, desk.address(row), **{"attributions-0-source": other.pk, "attributions-0-role": ""})
    row = stored(first)
    assert (row.attributions.current().get().source, row.corrected) == (other, True)

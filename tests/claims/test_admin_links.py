"""Cross-references on a claim's page: both directions in one list, each in its own words."""

import datetime as dt

import pytest

from claims.models import Claim, ClaimLink
from tests import cast
from tests.desk import add_row, address, errors, fill, save, shown

pytestmark = pytest.mark.django_db


def link(client, claim, *rows):
    """Add cross-references, each a relation and the other claim, and save."""
    fields = shown(client, address(claim))
    for relation, other in rows:
        fields = add_row(fields, "links_out", relation=relation, other=other.pk, note="because", state="confirmed")
    return client.post(address(claim), fill(fields, {}))


def stored() -> list[tuple[int, str, int]]:
    links = ClaimLink.objects.current().order_by("id")
    return list(links.values_list("from_claim_id", "kind", "to_claim_id"))


def test_it_offers_every_kind_in_both_directions(client, editor):
    page = client.get(address(cast.claim())).content.decode()
    for words in ClaimLink.WORDS.values():
        assert f">{words.forward}</option>" in page
        assert f">{words.inverse}</option>" in page


@pytest.mark.parametrize("kind", [kind for kind, words in ClaimLink.WORDS.items() if not words.symmetric])
def test_an_inverse_is_stored_the_other_way_round(client, editor, kind):
    claim, other = cast.claim("One"), cast.claim("Other")
    assert link(client, claim, (f"{kind}:inverse", other)).status_code == 302
    assert stored() == [(other.pk, kind, claim.pk)]
    assert ClaimLink.objects.get().created_by == editor


@pytest.mark.parametrize("kind", ["same_as", "contradicts"])
def test_a_symmetric_link_is_stored_from_the_lower_number(client, editor, kind):
    lower, higher = cast.claim("Lower"), cast.claim("Higher")
    assert link(client, higher, (kind, lower)).status_code == 302
    assert stored() == [(lower.pk, kind, higher.pk)]


def test_each_end_shows_the_link_in_its_own_words(client, editor):
    one, other = cast.claim("One"), cast.claim("Other")
    cast.link(one, ClaimLink.Kind.DISPUTES, other)
    assert shown(client, address(one))["links_out-0-relation"] == "disputes"
    assert shown(client, address(other))["links_out-0-relation"] == "disputes:inverse"
    assert shown(client, address(other))["links_out-0-other"] == one.pk


def test_saving_without_a_change_changes_no_link(client, editor):
    one, other = cast.claim("One"), cast.claim("Other")
    made = cast.link(other, ClaimLink.Kind.DISPUTES, one)
    assert save(client, address(one), text="Reworded").status_code == 302
    made.refresh_from_db()
    assert (stored(), made.lock) == ([(other.pk, "disputes", one.pk)], 1)


def test_a_link_can_be_turned_round(client, editor):
    one, other = cast.claim("One"), cast.claim("Other")
    cast.link(other, ClaimLink.Kind.DISPUTES, one)
    save(client, address(one), **{"links_out-0-relation": "supports"})
    assert stored() == [(one.pk, "supports", other.pk)]


def test_links_are_drawn_with_a_new_claim(client, editor):
    other = cast.claim("Other")
    fields = shown(client, address(Claim, "add")) | {"text": "New", "short_text": "New"}
    for relation in ("disputes:inverse", "supports", "same_as"):
        fields = add_row(fields, "links_out", relation=relation, other=other.pk, state="confirmed")
    client.post(address(Claim, "add"), fill(fields, {}))
    new = Claim.objects.get(short_text="New")
    assert stored() == [
        (other.pk, "disputes", new.pk),
        (new.pk, "supports", other.pk),
        (other.pk, "same_as", new.pk),
    ]


def test_withdrawing_and_drawing_again_brings_the_row_back(client, editor):
    one, other = cast.claim("One"), cast.claim("Other")
    made = cast.link(one, ClaimLink.Kind.SAME_AS, other)
    save(client, address(other), **{"links_out-0-DELETE": "on"})
    assert stored() == []
    assert link(client, other, ("same_as", one)).status_code == 302
    assert stored() == [(one.pk, "same_as", other.pk)]
    assert ClaimLink.objects.get().pk == made.pk


def test_it_refuses_a_link_to_itself(client, editor):
    claim = cast.claim()
    assert errors(link(client, claim, ("disputes", claim))) == {
        "links_out-0-other": ["A claim cannot be linked to itself."]
    }


def test_it_refuses_a_link_that_stands_already(client, editor):
    one, other = cast.claim("One"), cast.claim("Other")
    cast.link(one, ClaimLink.Kind.SAME_AS, other)
    assert errors(link(client, other, ("same_as", one))) == {
        "links_out-1-other": ["These two claims are already linked in this way."]
    }


def test_it_refuses_the_same_link_twice_in_one_form(client, editor):
    one, other = cast.claim("One"), cast.claim("Other")
    assert errors(link(client, one, ("disputes", other), ("disputes", other))) == {
        "links_out-1-other": ["These two claims are already linked in this way."]
    }
    assert stored() == []


def test_two_claims_may_dispute_the_same_one(client, editor):
    one, second, third = cast.claim("One"), cast.claim("Second"), cast.claim("Third")
    link(client, one, ("disputes:inverse", second), ("disputes:inverse", third))
    assert stored() == [(second.pk, "disputes", one.pk), (third.pk, "disputes", one.pk)]


def test_it_refuses_a_circle_through_others(client, editor):
    one, two, three = cast.claim("One"), cast.claim("Two"), cast.claim("Three")
    cast.link(one, ClaimLink.Kind.NARROWER, two)
    cast.link(two, ClaimLink.Kind.NARROWER, three)
    response = link(client, three, ("narrower", one))
    assert list(errors(response)) == ["links_out-1-other"]
    assert len(stored()) == 2


def test_it_refuses_a_circle_that_two_new_links_close_together(client, editor):
    one, two, three = cast.claim("One"), cast.claim("Two"), cast.claim("Three")
    cast.link(two, ClaimLink.Kind.UPDATES, three)
    response = link(client, one, ("updates", two), ("updates:inverse", three))
    assert errors(response) == {"links_out-1-other": ["Together with the other cross-references this closes a circle."]}
    assert len(stored()) == 1


def test_it_refuses_a_contradiction_between_different_times(client, editor):
    one = cast.claim("One", about_from=dt.date(2024, 1, 1), about_to=dt.date(2024, 12, 31))
    other = cast.claim("Other", about_from=dt.date(2025, 1, 1))
    assert errors(link(client, one, ("contradicts", other))) == {
        "links_out-0-relation": ["The two claims are about different times, so they do not contradict: use “updates”."]
    }


def test_it_judges_the_times_that_are_typed_in_the_same_form(client, editor):
    one, other = cast.claim("One"), cast.claim("Other", about_from=dt.date(2025, 1, 1))
    fields = shown(client, address(one)) | {"about_from": "2024-01-01", "about_to": "2024-12-31"}
    fields = add_row(fields, "links_out", relation="contradicts", other=other.pk, state="confirmed")
    assert list(errors(client.post(address(one), fill(fields, {})))) == ["links_out-0-relation"]


def test_it_says_what_is_missing(client, editor):
    claim = cast.claim()
    fields = add_row(shown(client, address(claim)), "links_out", note="no claim, no kind", state="confirmed")
    assert sorted(errors(client.post(address(claim), fill(fields, {})))) == [
        "links_out-0-other",
        "links_out-0-relation",
    ]


def test_it_notes_who_decided_on_a_suggestion(client, editor):
    one, other = cast.claim("One"), cast.claim("Other")
    cast.link(other, ClaimLink.Kind.SUPPORTS, one, state=ClaimLink.State.SUGGESTED)
    save(client, address(one), **{"links_out-0-state": "confirmed"})
    decided = ClaimLink.objects.get()
    assert (decided.state, decided.decided_by) == ("confirmed", editor)
    assert decided.decided_at is not None


def test_the_page_of_one_link_refuses_the_same(client, editor):
    one, other = cast.claim("One"), cast.claim("Other")
    cast.link(one, ClaimLink.Kind.SAME_AS, other).withdraw(by=editor, reason="x")
    values = {"from_claim": other.pk, "kind": "same_as", "to_claim": one.pk, "state": "confirmed"}
    assert client.post(address(ClaimLink, "add"), values).status_code == 302
    assert stored() == [(one.pk, "same_as", other.pk)]
    values |= {"kind": "disputes", "to_claim": other.pk}
    assert client.post(address(ClaimLink, "add"), values).status_code == 200


@pytest.mark.parametrize("forged", [{}, {"links_out-999999-note": "x"}])
def test_rows_that_are_only_claimed_are_not_made(client, editor, forged):
    fields = fill(shown(client, address(cast.claim())), {"text": "", "links_out-TOTAL_FORMS": "999999", **forged})
    response = client.post(address(Claim.objects.get()), fields)
    formset = next(
        each.formset for each in response.context["inline_admin_formsets"] if each.formset.prefix == "links_out"
    )
    assert len(formset.forms) < 30

"""Merging two claims: all that hangs on one moves to the other, and can be undone."""

import pytest
from django.utils import timezone

from articles import history
from articles.models import Revision, StaleSave
from claims import undoing
from claims.merging import MergeRefused, merge, preview
from claims.models import Annotation, Appearance, Claim, ClaimLink, Evidence
from claims.provenance import drift
from claims.undoing.writing import CHANGED_SINCE
from tests import cast
from tests.desk import address, messages
from tests.history import untold

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return cast.person("lead")


def merged(one, other, lead, **values):
    return merge(one, other, by=lead, why="the same", **values)


def sound():
    return list(drift()) == [] and untold() == []


def everything():
    """What all rows of claims say, without their locks."""
    found = {}
    for model in (Claim, Appearance, ClaimLink, Evidence, Annotation):
        for row in model._base_manager.order_by("pk"):
            found[model.__name__, row.pk] = history.values_of(row)
    return found


def test_all_that_hangs_on_it_moves_and_comes_back(lead):
    topic, place = cast.tag("War"), cast.tag("Poland")
    one, other, third = cast.claim("One", tags=[topic]), cast.claim("Other", tags=[place]), cast.claim("Third")
    said = cast.statement(claim=one, chain=["Kremlin"])
    cast.statement(claim=other, chain=["Duma"])
    links = [cast.link(one, "supports", third), cast.link(third, "disputes", one), cast.link(third, "same_as", one)]
    review = cast.review(one)
    evidence = Evidence.objects.create(claim=one, url="https://example.org/", statement=said)
    note = Annotation.objects.create(claim=one, body="x", created_by=cast.person("editor"), visibility="private")
    before = everything()
    work, revision = merged(one, other, lead)
    assert dict(work.moved) == {
        "cross-references": 3,
        "evidence": 1,
        "reviews": 1,
        "statements that make or answer it": 1,
    }
    other.refresh_from_db()
    assert (other.independent_sources, other.verdict) == (2, "false")
    assert set(other.tags.all()) == {topic, place}
    for row in (review, evidence, note):
        row.refresh_from_db()
        assert (row.claim, row.lock) == (other, 2)
    ends = {(link.kind, link.from_claim_id, link.to_claim_id) for link in ClaimLink.objects.current()}
    assert ends == {
        ("supports", other.pk, third.pk),
        ("disputes", third.pk, other.pk),
        ("same_as", other.pk, third.pk),
    }
    assert len(links) == 3
    one.refresh_from_db()
    assert (one.merged_into, one.withdrawn_by, one.withdrawn_reason) == (other, lead, "Merged into “Other”: the same")
    assert (str(revision), revision.how, revision.why) == ("Merged “One” into “Other”", "merge", "the same")
    assert sound()
    done = undoing.undo(revision, by=lead, why="not the same")
    assert done.refused == 0
    assert everything() == before
    assert sound()
    again = undoing.undo(done.revision, by=lead, why="the same after all")
    assert again.refused == 0
    one.refresh_from_db()
    assert (one.merged_into, set(other.tags.all())) == (other, {topic, place})
    assert sound()


def test_the_preview_says_the_same_and_writes_nothing(lead):
    one, other = cast.claim("One"), cast.claim("Other")
    cast.statement(claim=one)
    cast.link(one, "supports", other)
    before = everything()
    work = preview(one, other, by=lead)
    assert dict(work.moved) == {"statements that make or answer it": 1}
    assert work.said == ["1 cross-reference between the two is withdrawn."]
    assert everything() == before
    assert not Revision.objects.exists()


def test_a_statement_of_both_stays_once(lead):
    one, other = cast.claim("One"), cast.claim("Other")
    statement = cast.statement(claim=one)
    Appearance.objects.create(statement=statement, claim=other)
    work, revision = merged(one, other, lead)
    assert work.said == ["1 of the statements that make or answer it is there already."]
    assert [made.claim for made in Appearance.objects.current()] == [other]
    other.refresh_from_db()
    assert other.statement_count == 1
    assert sound()
    undoing.undo(revision, by=lead, why="x")
    assert Appearance.objects.current().count() == 2
    assert sound()


def test_a_statement_that_denies_the_one_and_asserts_the_other_is_refused(lead):
    one, other = cast.claim("One"), cast.claim("Other")
    statement = cast.statement(claim=one)
    Appearance.objects.create(statement=statement, claim=other, stance="denies")
    with pytest.raises(MergeRefused, match="asserts the one and denies the other: decide which"):
        merged(one, other, lead)
    assert not Revision.objects.exists()


def test_where_the_survivors_row_is_withdrawn_it_comes_back_with_what_the_other_said(lead):
    one, other = cast.claim("One"), cast.claim("Other")
    statement = cast.statement(claim=one, stance="hedges")
    twin = Appearance.objects.create(statement=statement, claim=other, stance="denies")
    twin.withdraw(by=lead, reason="misread")
    _, revision = merged(one, other, lead)
    twin.refresh_from_db()
    assert (twin.withdrawn_at, twin.stance, twin.lock) == (None, "hedges", 3)
    assert sound()
    undoing.undo(revision, by=lead, why="x")
    twin.refresh_from_db()
    assert (twin.withdrawn_reason, twin.stance) == ("misread", "denies")
    assert sound()


def test_the_same_cross_reference_on_both_stays_once(lead):
    one, other, third = cast.claim("One"), cast.claim("Other"), cast.claim("Third")
    cast.link(one, "supports", third)
    twin = cast.link(other, "supports", third, state="suggested")
    work, _ = merged(one, other, lead)
    assert work.said == [f"1 cross-reference is there already: “{twin}”."]
    link = ClaimLink.objects.current().get()
    assert (link, link.state) == (twin, "confirmed")
    assert sound()


def test_a_cross_reference_that_would_close_a_circle_is_refused(lead):
    one, other, third = cast.claim("One"), cast.claim("Other"), cast.claim("Third")
    cast.link(one, "narrower", third)
    cast.link(third, "narrower", other)
    with pytest.raises(MergeRefused, match="directly or through others"):
        merged(one, other, lead)
    assert preview(one, other, by=lead).refusals
    assert sound()


def test_claims_about_different_times_do_not_come_to_contradict(lead):
    one, third = cast.claim("One"), cast.claim("Third", about_from="2020-01-01", about_to="2020-12-31")
    other = cast.claim("Other", about_from="2024-01-01", about_to="2024-12-31")
    cast.link(one, "contradicts", third)
    with pytest.raises(MergeRefused, match="would be about different times"):
        merged(one, other, lead)


def test_a_public_claim_is_not_merged_into_a_hidden_one(lead):
    one, other = cast.claim("One", published=True), cast.claim("Other")
    with pytest.raises(MergeRefused, match="The one is public and the other is not"):
        merged(one, other, lead)
    merged(other, one, lead)
    assert sound()


def test_what_was_withdrawn_moves_too_and_can_be_brought_back(lead):
    one, other = cast.claim("One"), cast.claim("Other")
    evidence = Evidence.objects.create(claim=one, url="https://example.org/")
    evidence.withdraw(by=lead, reason="x")
    merged(one, other, lead)
    evidence.refresh_from_db()
    assert (evidence.claim, bool(evidence.withdrawn_at)) == (other, True)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda one, other: other.withdraw(by=None, reason="x"), "is withdrawn: bring it back first"),
        (lambda one, other: Claim.objects.filter(pk=one.pk).update(merged_into=other), "was merged already"),
        (lambda one, other: setattr(other, "pk", one.pk), "is not merged into itself"),
    ],
)
def test_what_cannot_be_merged(lead, change, why):
    one, other = cast.claim("One"), cast.claim("Other")
    change(one, other)
    assert why in preview(one, other, by=lead).refusals[0]
    with pytest.raises(MergeRefused, match=why):
        merged(one, other, lead)


@pytest.mark.parametrize("role", ["reader", "editor", "reviewer"])
def test_leads_merge(role):
    with pytest.raises(MergeRefused, match="Your role does not merge"):
        merged(cast.claim("One"), cast.claim("Other"), cast.person(role))


def test_what_changed_since_it_was_looked_at_is_not_merged(lead):
    one, other = cast.claim("One"), cast.claim("Other")
    Claim.objects.filter(pk=other.pk).change(priority=4)
    with pytest.raises(StaleSave):
        merged(one, other, lead, locks=(1, 1))
    merged(one, other, lead, locks=(1, 2))


def test_chains_of_merges_are_undone_from_the_end(lead):
    one, two, three = cast.claim("One"), cast.claim("Two"), cast.claim("Three")
    statement = cast.statement(claim=one)
    _, first = merged(one, two, lead)
    two.refresh_from_db()
    _, second = merged(two, three, lead)
    one.refresh_from_db()
    assert one.survivor() == three
    done = undoing.undo(first, by=lead, why="x")
    assert done.revision is None
    assert {step.refusal for step in done.steps} >= {"“Two” was merged itself since: undo that first."}
    assert undoing.undo(second, by=lead, why="x").refused == 0
    assert statement.appearances.current().get().claim == two
    assert undoing.undo(first, by=lead, why="x").refused == 0
    assert statement.appearances.current().get().claim == one
    assert sound()


def test_what_came_since_stays_with_the_survivor(lead):
    one, other = cast.claim("One"), cast.claim("Other")
    moved, edited = cast.statement(claim=one), cast.statement(claim=one)
    _, revision = merged(one, other, lead)
    made = edited.appearances.get()
    made.stance = "hedges"
    made.save()
    new = cast.statement(claim=other)
    done = undoing.undo(revision, by=lead, why="x")
    assert [(str(step.row), step.refusal) for step in done.steps if step.refusal] == [(str(made), CHANGED_SINCE)]
    where = {each: each.appearances.get().claim for each in (moved, edited, new)}
    assert where == {moved: one, edited: other, new: other}
    assert sound()


def test_merging_again_wants_that_nothing_was_added_since(lead):
    one, other = cast.claim("One"), cast.claim("Other")
    cast.statement(claim=one)
    _, revision = merged(one, other, lead)
    undone = undoing.undo(revision, by=lead, why="x")
    Evidence.objects.create(claim=one, url="https://example.org/")
    again = undoing.undo(undone.revision, by=lead, why="x")
    assert again.revision is None
    assert "“One” has got other evidence since: merge it anew." in {step.refusal for step in again.steps}


def test_an_older_save_is_not_undone_into_what_was_merged_since(lead):
    one, other, third = cast.claim("One"), cast.claim("Other"), cast.claim("Third")
    evidence = Evidence.objects.create(claim=one, url="https://example.org/")
    with history.recorded(by=lead) as moved:
        evidence.claim = third
        evidence.save()
    merged(one, other, lead)
    [step] = undoing.undo(moved, by=lead, why="x").steps
    assert step.refusal == "It would point to “One”, which was merged into “Other” since."


def test_what_a_merge_left_behind_is_not_brought_back(client, lead):
    one, other = cast.claim("One"), cast.claim("Other")
    said = cast.statement(claim=one)
    Appearance.objects.create(claim=other, statement=said)
    [left] = one.appearances.all()
    with history.recorded(by=lead) as withdrawn:
        left.withdraw(by=lead, reason="x")
    merged(one, other, lead)
    refusal = "It would point to “One”, which was merged into “Other” since."
    assert [step.refusal for step in undoing.undo(withdrawn, by=lead, why="x").steps] == [refusal]
    client.force_login(lead)
    chosen = {"action": "bring_back", "_selected_action": [left.pk], "apply": "1", "seen": f"{left.pk}:{left.lock}"}
    answer = client.post(f"{address(Appearance, 'changelist')}?withdrawn=only", chosen, follow=True)
    assert refusal in messages(answer)[-1]
    left.refresh_from_db()
    assert left.withdrawn_at


def test_too_many_rows_are_refused(lead, monkeypatch):
    monkeypatch.setattr("claims.merging.work.MAX_MOVED", 1)
    one, other = cast.claim("One"), cast.claim("Other")
    for _ in range(2):
        Evidence.objects.create(claim=one, url="https://example.org/")
    assert "More than 1 evidence would move" in preview(one, other, by=lead).refusals[0]


def test_it_costs_the_same_for_many(lead, django_assert_max_num_queries):
    one, other, now = cast.claim("One"), cast.claim("Other"), timezone.now()
    Evidence.objects.bulk_create(Evidence(claim=one, url="https://example.org/", created_at=now) for _ in range(300))
    with django_assert_max_num_queries(80):
        merged(one, other, lead)
    assert other.evidences.count() == 300

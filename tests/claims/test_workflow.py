import ast
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from articles.models import StaleSave
from claims import workflow
from claims.models import Claim, Transition
from claims.provenance import drift
from claims.provenance.touched import Touched
from tests import cast

pytestmark = pytest.mark.django_db

Status = Claim.Status


def test_it_records_the_transition():
    claim, editor = cast.claim(), cast.person("editor")
    workflow.move(claim, to=Status.IN_REVIEW, by=editor, note="two sources")
    claim.refresh_from_db()
    transition = Transition.objects.get()
    assert (claim.status, claim.published_at) == (Status.IN_REVIEW, None)
    assert (transition.old, transition.new, transition.by, transition.note) == (
        "new",
        "in_review",
        editor,
        "two sources",
    )


def test_many_moves_are_noted_and_mended_together():
    claims, editor, touched = [cast.claim(), cast.claim()], cast.person("editor"), Touched()
    for claim in claims:
        workflow.move(claim, to=Status.IN_REVIEW, by=editor, touched=touched)
    assert touched.claims == {claim.pk for claim in claims}
    assert list(drift())
    touched.refresh()
    assert not list(drift())


def test_publishing_dates_the_claim_once():
    claim, reviewer = cast.claim(status=Status.IN_REVIEW), cast.person("reviewer")
    workflow.move(claim, to=Status.PUBLISHED, by=reviewer)
    first = claim.published_at
    assert first
    workflow.move(claim, to=Status.IN_REVIEW, by=reviewer)
    workflow.move(claim, to=Status.PUBLISHED, by=reviewer)
    claim.refresh_from_db()
    assert claim.published_at == first


@pytest.mark.parametrize(
    ("status", "to", "who", "why"),
    [
        (Status.NEW, Status.PUBLISHED, "reviewer", "can become in progress or in review or closed"),
        (Status.NEW, Status.NEW, "reviewer", "is new already"),
        (Status.IN_REVIEW, Status.PUBLISHED, "editor", "Your role cannot"),
        (Status.NEW, Status.CLOSED, "editor", "Your role cannot"),
        (Status.IN_REVIEW, Status.IN_PROGRESS, "editor", "Your role cannot"),
        (Status.NEW, Status.IN_PROGRESS, "reader", "Your role cannot"),
    ],
)
def test_it_refuses_what_the_table_does_not_allow(status, to, who, why):
    claim = cast.claim(status=status)
    with pytest.raises(workflow.MoveRefused, match=why):
        workflow.move(claim, to=to, by=cast.person(who))
    assert not Transition.objects.exists()
    assert Claim.objects.get().status == status


def test_a_reviewer_sends_a_claim_back():
    claim = cast.claim(status=Status.IN_REVIEW)
    workflow.move(claim, to=Status.IN_PROGRESS, by=cast.person("reviewer"))
    assert Claim.objects.get().status == Status.IN_PROGRESS


def test_it_refuses_a_withdrawn_claim():
    claim, editor = cast.claim(), cast.person("editor")
    claim.withdraw(by=editor, reason="A duplicate")
    with pytest.raises(workflow.MoveRefused, match="withdrawn"):
        workflow.move(claim, to=Status.IN_PROGRESS, by=editor)


def test_it_refuses_a_claim_that_changed_meanwhile():
    claim, editor = cast.claim(), cast.person("editor")
    Claim.objects.get(pk=claim.pk).save()
    with pytest.raises(StaleSave):
        workflow.move(claim, to=Status.IN_PROGRESS, by=editor)
    assert not Transition.objects.exists()


def test_every_status_can_be_left():
    assert set(workflow.MOVES) == set(Status)
    assert all(workflow.MOVES.values())


def test_a_refusal_names_only_the_moves_that_this_person_may_make():
    editor, reviewer = cast.person("editor"), cast.person("reviewer")
    new, published = cast.claim(), cast.claim(published=True)
    refused = workflow.refusal(new, to=Status.PUBLISHED, by=editor)
    assert refused == "A claim that is new can become in progress or in review."
    refused = workflow.refusal(published, to=Status.NEW, by=editor)
    assert refused == "Your role cannot change the status of a claim that is published."
    refused = workflow.refusal(published, to=Status.NEW, by=reviewer)
    assert refused == "A claim that is published can become in review or closed."


def test_a_claim_that_was_overtaken_is_as_it_was():
    claim, reviewer = cast.claim(status=Status.IN_REVIEW), cast.person("reviewer")
    Claim.objects.get().save()
    with pytest.raises(StaleSave):
        workflow.move(claim, to=Status.PUBLISHED, by=reviewer)
    assert (claim.status, claim.published_at, claim.lock) == (Status.IN_REVIEW, None, 1)


DAY = dt.timedelta(1)


def test_a_move_can_say_when_to_look_at_the_claim_again():
    claim, reviewer = cast.claim(status=Status.IN_REVIEW, kind="promise"), cast.person("reviewer")
    day = timezone.localdate() + DAY
    workflow.move(claim, to=Status.PUBLISHED, by=reviewer, look_again=day)
    workflow.move(claim, to=Status.CLOSED, by=reviewer)
    claim.refresh_from_db()
    assert claim.due_on == day


@pytest.mark.parametrize("kind", Claim.Kind)
def test_time_proves_promises_predictions_and_figures(kind):
    claim = cast.claim(kind=kind, published=True)
    assert workflow.wants_another_look(claim) is (kind in ("promise", "prediction", "figure"))


@pytest.mark.parametrize(
    ("status", "days", "wants"),
    [(Status.PUBLISHED, 1, False), (Status.CLOSED, 0, True), (Status.CLOSED, 1, False), (Status.IN_REVIEW, 0, False)],
)
def test_another_look_is_wanted_of_what_is_done_and_not_due_later(status, days, wants):
    due_on = timezone.localdate() + days * DAY
    claim = Claim(kind="promise", status=status, due_on=due_on)
    assert workflow.wants_another_look(claim) is wants


# Nothing else writes a status.

WRITERS = {"update", "change", "create", "get_or_create", "update_or_create", "Claim"}


def writes_status(tree: ast.AST) -> Iterator[int]:
    """The lines of code that give a row a status."""
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = [part for target in node.targets for part in ast.walk(target) if isinstance(part, ast.expr)]
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
            targets = [node.target]
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            named = any(keyword.arg == "status" for keyword in node.keywords)
            words = [getattr(argument, "value", None) for argument in node.args[1:2]]
            if (name in WRITERS and named) or (name == "setattr" and "status" in words):
                yield node.lineno
        if any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets):
            yield node.lineno


@pytest.mark.parametrize(
    "line",
    [
        "claim.status = 'published'",
        "claim.status, claim.text = before",
        "setattr(claim, 'status', 'new')",
        "Claim.objects.update(status='published')",
        "Claim.objects.filter(pk=1).change(status=new)",
        "Claim(text='x', status='closed')",
    ],
)
def test_the_search_finds_who_writes_a_status(line):
    assert list(writes_status(ast.parse(line))) == [1]


def test_nothing_but_move_writes_a_status():
    root = Path(settings.BASE_DIR)
    code = [path for folder in ("articles", "claims", "config") for path in (root / folder).rglob("*.py")]
    code = [path for path in code if "migrations" not in path.parts]
    found = {str(path.relative_to(root)) for path in code if list(writes_status(ast.parse(path.read_text())))}
    assert found == {"claims/workflow.py"}

"""Nothing is hard-deleted through the interface, by nobody."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.urls import NoReverseMatch, reverse

from articles.models import Article, ImportProblem, ImportRun, Publisher, Revision
from claims.models import (
    Annotation,
    Appearance,
    Claim,
    Correction,
    CorrectionRequest,
    Erasure,
    Evidence,
    Identity,
    Inquiry,
    Occasion,
    SavedList,
    Source,
    SourceRole,
    Transition,
)
from claims.permissions import ROLES, powers_of
from tests import cast
from tests.desk import address, save

pytestmark = pytest.mark.django_db


def world():
    """One row of every model that the desk shows."""
    lead, claim, source = cast.person("lead"), cast.claim(tags=[cast.tag()]), cast.source("Kremlin")
    cast.statement(claim=claim, chain=[source])
    cast.link(claim, "supports", cast.claim("Other"))
    cast.review(claim)
    Evidence.objects.create(claim=claim, url="https://example.org/")
    Inquiry.objects.create(claim=claim, source=source, question="x")
    CorrectionRequest.objects.create(claim=claim, publisher=cast.publisher(), wrong="x")
    Correction.objects.create(claim=claim, text="x")
    Annotation.objects.create(claim=claim, body="x", created_by=lead)
    Occasion.objects.create(title="Speech")
    SourceRole.objects.create(source=source, title="Head")
    unnamed = cast.source("An aide", named=False, description="an aide")
    Identity.objects.create(source=unnamed, guess=source)
    SavedList.objects.create(name="x", owner=lead)
    Transition.objects.create(claim=claim, old="new", new="closed")
    run = ImportRun.objects.create(format="text", file_name="a.txt")
    ImportProblem.objects.create(run=run, line=1, reason="x", raw="x")
    Revision.objects.create(by=lead, label="x")
    Erasure.objects.create(by=lead, why="x", kind="text", row=1)


def desks() -> dict[type[Model], int]:
    """The models of the desk with the id of a row each."""
    return {model: model._base_manager.values_list("pk", flat=True)[0] for model in admin.site._registry}


def counts():
    return {model: model._base_manager.count() for model in admin.site._registry}


@pytest.mark.parametrize("who", ["root", "admin", "editor"])
def test_no_page_deletes_a_row(client, who):
    world()
    user = User.objects.create_superuser("root") if who == "root" else cast.person(who)
    client.force_login(user)
    before = counts()
    for model, pk in desks().items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for method in (client.get, client.post, client.delete):
            answer = method(reverse(f"{name}_delete", args=[pk]), {"post": "yes"})
            assert answer.status_code in (403, 404, 405), (model, answer.status_code)
        client.post(
            reverse(f"{name}_changelist"), {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
        )
        client.delete(reverse(f"{name}_change", args=[pk]))
    assert counts() == before


def test_no_list_offers_it(client):
    world()
    client.force_login(User.objects.create_superuser("root"))
    for model in admin.site._registry:
        page = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        assert "delete_selected" not in page.content.decode(), model


def test_the_tick_at_a_row_withdraws_it(client):
    client.force_login(User.objects.create_superuser("root"))
    claim = cast.claim()
    cast.statement(claim=claim)
    save(client, address(claim), **{"appearances-0-DELETE": "on"})
    assert Appearance.objects.get().withdrawn_at


def test_a_tick_at_a_row_that_is_not_withdrawn_does_nothing(client):
    """Captured texts, and the problems of an import."""
    client.force_login(User.objects.create_superuser("root"))
    article = cast.article()
    save(client, address(article), **{"versions-0-DELETE": "on", "versions-2-0-DELETE": "on"})
    assert Article.objects.get().versions.count() == 1


def test_no_role_has_a_power_to_delete():
    assert not [power for role in ROLES for power in powers_of(role) if ".delete_" in power]


def test_sessions_content_types_and_history_have_no_page():
    for model in ("sessions_session", "contenttypes_contenttype", "admin_logentry", "auth_permission"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{model}_changelist")
    assert {User, Group, Claim, Source, Publisher} <= set(admin.site._registry)

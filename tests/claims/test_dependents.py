"""What depends on a row is listed before it is withdrawn, as far as the viewer may see it."""

import pytest

from claims.dependents import SHOWN, dependents, links_to
from claims.models import Annotation, Attribution, Claim, Evidence, Occasion, SavedList, Source, SourceRole, Statement
from tests import cast
from tests.desk import address

pytestmark = pytest.mark.django_db


def found(row, user):
    return {each.words: (each.count, [str(one) for one in each.first]) for each in dependents(type(row), [row], user)}


def test_what_hangs_on_a_source():
    editor, kremlin = cast.person("editor"), cast.source("Kremlin")
    said = cast.statement(chain=["Kremlin", "Tass"])
    told = cast.statement(chain=["Duma"])
    told.attributions.update(addressee=kremlin)
    cast.source("Peskov", speaks_for=kremlin)
    cast.source("An aide", named=False, description="an aide", known_through=kremlin)
    SourceRole.objects.create(source=cast.source("Duma"), title="Envoy", organisation=kremlin)
    SourceRole.objects.create(source=kremlin, title="House")
    Occasion.objects.create(title="Briefing", host=kremlin)
    Annotation.objects.create(source=kremlin, body="Who?", created_by=editor)
    for query in ("root=kremlin", "-source=kremlin&tag=war", "root=kremlin-2"):
        SavedList.objects.create(name=query, query=query, owner=editor)
    assert found(kremlin, editor) == {
        "annotations": (1, ["Who?"]),
        "occasions that it hosted": (1, ["Briefing"]),
        "roles within it": (1, ["Envoy, Kremlin"]),
        "saved lists that name it": (2, ["-source=kremlin&tag=war", "root=kremlin"]),
        "source roles": (1, ["House"]),
        "sources known through it": (1, ["An aide"]),
        "sources that speak for it": (1, ["Peskov"]),
        "statements in whose chain it stands": (1, [str(said)]),
        "statements that it was told": (1, [str(told)]),
    }


def test_what_hangs_on_a_claim_a_statement_and_a_tag():
    editor, topic = cast.person("editor"), cast.tag("War")
    claim, other = cast.claim("One", tags=[topic]), cast.claim("Other")
    statement = cast.statement(claim=claim)
    link = cast.link(other, "supports", claim, drawn_by=statement)
    review = cast.review(claim, statement=statement)
    evidence = Evidence.objects.create(claim=claim, url="https://example.org/")
    assert found(claim, editor) == {
        "statements that make or answer it": (1, [str(statement)]),
        "cross-references": (1, [str(link)]),
        "reviews": (1, [str(review)]),
        "evidence": (1, [str(evidence)]),
    }
    assert found(statement, editor) == {
        "claims that it makes or answers": (1, ["One"]),
        "cross-references that it draws": (1, [str(link)]),
        "hops": (1, [str(statement.attributions.get())]),
        "reviews": (1, [str(review)]),
    }
    assert found(topic, editor) == {"claims": (1, ["One"])}


def test_private_notes_and_lists_of_others_and_what_is_withdrawn_are_left_out():
    editor, colleague, claim, topic = cast.person("editor"), cast.person("lead"), cast.claim(), cast.tag("War")
    Annotation.objects.create(claim=claim, body="Mine", created_by=editor, visibility="private")
    Annotation.objects.create(claim=claim, body="Theirs", created_by=colleague, visibility="private")
    SavedList.objects.create(name="Theirs", query="tag=war", owner=colleague)
    Evidence.objects.create(claim=claim, url="https://example.org/").withdraw(by=editor, reason="x")
    assert found(claim, editor) == {"annotations": (1, ["Mine"])}
    assert found(topic, editor) == {}


def test_every_foreign_key_to_what_can_be_withdrawn_is_followed():
    named = {(link.model, link.field) for link in links_to(Source)}
    every = {(link.related_model, link.field.name) for link in Source._meta.related_objects}
    hidden = {("Identity", "source"), ("Identity", "guess"), ("Source", "merged_into")}
    assert {(model.__name__, name) for model, name in every - named} <= hidden
    assert (Attribution, "addressee") in named


def test_the_first_few_are_named_and_the_rest_counted(client):
    client.force_login(cast.person("editor"))
    claim = cast.claim()
    with cast.at_once():
        said = [cast.statement(claim=claim) for _ in range(SHOWN + 2)]
    page = client.get(address(claim, "withdraw")).content.decode()
    assert "What depends on it" in page
    assert "Statements that make or answer it: <b>7</b>" in page
    assert f'<a href="{address(said[0])}">' in page
    assert "… and 2 more" in page


def test_of_many_rows_what_depends_on_any(client, django_assert_max_num_queries):
    client.force_login(cast.person("lead"))
    claims = [cast.claim("One"), cast.claim("Two")]
    for claim in claims:
        cast.statement(claim=claim)
    data = {"action": "withdraw", "_selected_action": [claim.pk for claim in claims]}
    with django_assert_max_num_queries(20):
        page = client.post(address(Claim, "changelist"), data).content.decode()
    assert "What depends on them" in page
    assert "Statements that make or answer it: <b>2</b>" in page


def test_bringing_back_asks_for_nothing(client):
    client.force_login(cast.person("lead"))
    statement = cast.statement(claim=cast.claim())
    statement.withdraw(by=cast.person("editor"), reason="x")
    assert "What depends on it" not in client.get(address(statement, "bring_back")).content.decode()
    assert Statement.objects.get().withdrawn_at

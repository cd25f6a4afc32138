"""Who sees what: each kind of row says so itself, and what the public sees leads to nothing that is missing."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from articles.models import Article
from claims import visibility
from claims.models import (
    Annotation,
    Attribution,
    Claim,
    Evidence,
    Identity,
    Occasion,
    RatingLevel,
    RatingScale,
    Source,
    SourceRole,
    Statement,
    Tag,
    Transition,
)
from claims.provenance import refresh, refresh_all
from claims.represent import NOT_PUBLIC, chain_of
from claims.workflow import move
from tests import cast

pytestmark = pytest.mark.django_db

PUBLIC = AnonymousUser()


@pytest.fixture
def shown():
    """A claim before the public."""
    return cast.claim(published=True)


NOT_JUDGEMENT = {"ClaimEntry", "TermCount", "Erasure", "Look", "Presence"}
"""What lists find rows by, whose rows say who sees them; and what pages of their own, each with its power, show."""


@pytest.mark.parametrize(
    "model",
    [model for model in apps.get_app_config("claims").get_models() if model.__name__ not in NOT_JUDGEMENT],
    ids=lambda model: model.__name__,
)
def test_every_kind_of_judgement_says_who_sees_it(model):
    assert list(model.objects.visible_to(PUBLIC)) == []


def test_the_public_sees_what_visible_statements_name(shown):
    role, hidden_role = (
        SourceRole.objects.create(source=cast.source(name), title="Spokesperson") for name in ("Seen", "Hidden")
    )
    occasion, _ = (Occasion.objects.create(title=name) for name in ("Seen", "Hidden"))
    seen = cast.statement(chain=["Seen"], claim=shown, occasion=occasion)
    cast.statement(chain=["Hidden"], claim=cast.claim("Draft"))
    assert list(Attribution.objects.visible_to(PUBLIC)) == list(seen.attributions.all())
    assert list(Occasion.objects.visible_to(PUBLIC)) == [occasion]
    assert list(SourceRole.objects.visible_to(PUBLIC)) == [role]
    assert set(SourceRole.objects.visible_to(cast.person("reader"))) == {role, hidden_role}


def test_the_public_sees_the_scales_of_published_reviews(shown):
    cast.review(cast.claim("Draft"))
    assert not RatingLevel.objects.visible_to(PUBLIC).exists()
    cast.review(shown)
    assert (RatingLevel.objects.visible_to(PUBLIC).count(), RatingScale.objects.visible_to(PUBLIC).count()) == (1, 1)


def test_identities_are_for_their_permission_alone():
    voice = cast.source("Voice", named=False, description="a diplomat")
    Identity.objects.create(source=voice, guess=cast.source("Somebody"))
    assert not Identity.objects.visible_to(cast.person("lead")).exists()
    assert Identity.objects.visible_to(cast.person("admin")).exists()


def test_the_history_of_a_claim_is_the_desks(shown):
    move(shown, to="in_review", by=cast.person("reviewer"))
    assert not Transition.objects.visible_to(PUBLIC).exists()
    assert Transition.objects.visible_to(cast.person("reader")).exists()


def test_the_public_follows_reprints_to_the_original(shown):
    trail: list[Article] = []
    for name in ("A", "B", "C", "D", "E"):
        trail.append(cast.article(publisher=name, republishes=trail[-1] if trail else None))
    cast.statement(trail[-1], chain=["Minister"], claim=shown)
    cast.article(publisher="Noise")
    assert set(visibility.visible_articles(PUBLIC)) == set(trail)
    (statement,) = Statement.objects.with_chains()
    linked = {voice.url for voice in chain_of(statement).publishers if voice.url}
    assert linked == {"/publishers/a/", "/publishers/e/"}
    assert linked <= {outlet.get_absolute_url() for outlet in visibility.visible_publishers(PUBLIC)}


def test_the_public_follows_whom_a_voice_speaks_for(shown):
    union = cast.source("Union")
    government = cast.source("Government", speaks_for=union)
    ministry = cast.source("Ministry", speaks_for=government)
    owner = cast.source("Owner")
    gazette = cast.source("Gazette", speaks_for=owner)
    official = cast.source("Official", named=False, description="an official", known_through=gazette)
    spokesperson = cast.source("Spokesperson", speaks_for=ministry)
    cast.source("Noise", speaks_for=ministry)
    cast.statement(chain=[spokesperson], claim=shown)
    cast.statement(chain=[official], claim=shown)
    trail = {spokesperson, ministry, government, union, official, gazette, owner}
    assert set(Source.objects.visible_to(PUBLIC)) == trail
    government.withdraw(by=None, reason="x")
    assert government not in Source.objects.visible_to(PUBLIC)


def test_a_withdrawn_source_keeps_its_place_in_a_chain_without_its_name(client, shown):
    voice, told = cast.source("Secret Name"), cast.source("Secret Ear")
    statement = cast.statement(chain=[voice, "Gazette"], claim=shown)
    statement.attributions.filter(position=0).update(addressee=told)
    for source in (voice, told):
        source.withdraw(by=None, reason="privacy")
    refresh_all()
    pages = [shown.get_absolute_url(), "/claims/", statement.version.article.get_absolute_url()]
    for page in pages:
        html = client.get(page).content.decode()
        assert NOT_PUBLIC in html
        assert "Secret" not in html
        assert "secret-name" not in html
    client.force_login(cast.person("reader"))
    for page in pages:
        html = client.get(page).content.decode()
        # A row of a list shows the desk the same chain as everybody.
        assert ("Secret Name" in html, NOT_PUBLIC in html) == ((False, True) if page == "/claims/" else (True, False))


def test_a_withdrawn_source_is_not_named_on_the_page_of_another(client, shown):
    ministry = cast.source("Secret Ministry")
    voice = cast.source("Spokesperson", speaks_for=ministry)
    SourceRole.objects.create(source=voice, title="Head of press", organisation=ministry)
    cast.statement(chain=[voice], claim=shown)
    ministry.withdraw(by=None, reason="privacy")
    html = client.get(voice.get_absolute_url()).content.decode()
    assert "Head of press" in html
    assert "Secret Ministry" not in html
    client.force_login(cast.person("reader"))
    assert "Head of press, Secret Ministry" in client.get(voice.get_absolute_url()).content.decode()


def test_a_public_note_gives_no_hidden_passage_away(shown):
    article = cast.article("Head\nsecret paragraph here\nThe quote.")
    statement = cast.statement(article, "The quote.", claim=shown)
    hidden, seen = (
        Annotation.objects.create(version=statement.version, start=start, end=end, body="x", visibility="public")
        for start, end in [(5, 21), (statement.start + 4, statement.end)]
    )
    assert list(Annotation.objects.visible_to(PUBLIC)) == [seen]
    article.text_public = True
    article.save()
    assert set(Annotation.objects.visible_to(PUBLIC)) == {hidden, seen}


def test_evidence_does_not_name_an_article_that_is_not_public(client, shown):
    article = cast.article("Hidden headline\nx", publisher="Hidden Herald", identifier="urn:uuid:1")
    Evidence.objects.create(claim=shown, article=article)
    html = client.get(shown.get_absolute_url()).content.decode()
    assert "an article that is not public" in html
    assert "Hidden" not in html
    client.force_login(cast.person("reader"))
    assert "Hidden headline" in client.get(shown.get_absolute_url()).content.decode()


def test_a_withdrawn_tag_does_not_hold_its_parent_up(shown):
    parent = cast.tag("NATO")
    below = cast.tag("East", parent=parent)
    cast.tag("Unused")
    shown.tags.add(below)
    refresh(claims=[shown.pk])
    assert set(Tag.objects.visible_to(PUBLIC)) == {parent, below}
    below.withdraw(by=None, reason="x")
    refresh(tags=[below.pk])
    assert not Tag.objects.visible_to(PUBLIC).exists()
    assert Claim.objects.visible_to(PUBLIC).exists()

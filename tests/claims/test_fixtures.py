"""The fixtures load anywhere, twice, and hold what the README promises of the sample."""

import json
from collections import Counter
from io import StringIO
from itertools import pairwise

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group
from django.core.management import call_command
from django.test import TestCase

from articles.models import Article
from claims.models import (
    Annotation,
    Appearance,
    Attribution,
    Claim,
    ClaimLink,
    Evidence,
    RatingLevel,
    RatingScale,
    Review,
    Source,
    Statement,
    Tag,
)
from claims.permissions import ROLES, powers_of
from claims.represent import chain_of
from claims.visibility import visible_articles
from claims.workflow import MOVES

FIXTURES = ["roles", "rating_scales", "tags", "nato_digest"]
OURS = ["articles", "claims"]


def models():
    return [model for app in OURS for model in apps.get_app_config(app).get_models(include_auto_created=True)]


def counts():
    return {model._meta.label: model.objects.count() for model in [Group, *models()]}


def dump(*labels, natural=True):
    """What ``dumpdata`` writes, as rows; of everything, where no label is given."""
    out = StringIO()
    call_command("dumpdata", *labels, natural_primary=natural, natural_foreign=natural, stdout=out)
    return json.loads(out.getvalue())


def written(name):
    return json.loads((settings.BASE_DIR / "fixtures" / f"{name}.json").read_text(encoding="utf-8"))


def statement(beginning):
    return Statement.objects.with_chains().get(exact__startswith=beginning)


class TestSample(TestCase):
    """One load serves all tests that only read."""

    fixtures = FIXTURES

    def test_it_holds_ten_excerpts_of_one_aggregator(self):
        articles = Article.objects.all()
        assert {(article.kind, str(article.publisher)) for article in articles} == {("excerpt", "Digest")}
        assert len(articles) == 10
        assert all(article.identifier.startswith("urn:uuid:") for article in articles)

    def test_it_has_every_quotation_and_a_dozen_indirect_ones(self):
        types = Counter(Statement.objects.values_list("quotation_type", flat=True))
        assert types["direct"] + types["mixed"] + types["block"] == 34
        assert Attribution.objects.filter(position__gte=1, quotation_type="block").count() == 3
        assert types["indirect"] >= 12
        assert types["own"] >= 12

    def test_it_has_its_words_where_the_text_has_them(self):
        assert not Statement.objects.misplaced().exists()

    def test_it_leaves_three_statements_to_decide_on(self):
        suggested = Statement.objects.filter(state="suggested")
        assert suggested.count() == 3
        assert Statement.objects.filter(state="confirmed").count() == Statement.objects.count() - 3
        assert not Appearance.objects.filter(statement__in=suggested).exists()
        assert all(row.method and row.confidence and row.proposed for row in suggested)

    def test_it_has_twenty_published_claims(self):
        assert Claim.objects.count() >= 30
        assert Claim.objects.visible_to(AnonymousUser()).count() == 20
        assert Claim.objects.filter(status="published").count() == 20
        assert visible_articles(AnonymousUser()).count() == 10
        assert set(Claim.objects.values_list("status", flat=True)) == set(Claim.Status)

    def test_it_moved_each_claim_along_the_table(self):
        for claim in Claim.objects.prefetch_related("transitions"):
            moves = list(claim.transitions.all())
            trail = ["new", *(move.new for move in moves)]
            assert [move.old for move in moves] == trail[:-1], claim
            assert all(new in MOVES[old] for old, new in pairwise(trail)), claim
            assert trail[-1] == claim.status
            published = next((move.at for move in moves if move.new == "published"), None)
            assert claim.published_at == published

    def test_it_has_a_statement_and_a_tag_for_every_claim(self):
        assert not Claim.objects.filter(appearances=None).exists()
        assert not Claim.objects.filter(tags=None).exists()
        assert not Claim.objects.filter(kind="figure", figure_low=None).exists()

    def test_it_answers_a_claim_instead_of_making_a_claim_of_the_answer(self):
        denied = Claim.objects.get(short_text="Russia is behind the drone sightings in northern Europe")
        denials = denied.appearances.filter(stance="denies")
        named = {hop.as_named for row in denials for hop in row.statement.attributions.all()}
        assert named == {"Russia", "The Kremlin"}
        assert (denied.independent_sources, denied.denied_by) == (1, 1)

    def test_it_gives_a_reason_for_every_cross_reference(self):
        links = ClaimLink.objects.all()
        assert len(links) >= 24
        assert len({link.kind for link in links}) >= 6
        assert all(link.note for link in links)
        assert sum(link.drawn_by is not None for link in links) >= 10
        assert all(link.method and link.score for link in links if link.state == "suggested")
        assert sum(link.state == "suggested" for link in links) == 3

    def test_it_reads_no_verdict_out_of_the_digest(self):
        assert set(Review.objects.values_list("subject", "rating__slug")) == {("attribution", "unverified")}
        assert not Claim.objects.exclude(verdict="").exists()

    def test_it_has_notes_and_evidence(self):
        annotations = Annotation.objects.all()
        assert len(annotations) == 10
        assert {note.visibility for note in annotations} == {"desk", "public"}
        assert {type(note.target).__name__ for note in annotations} == {
            "Claim",
            "Statement",
            "Source",
            "ArticleVersion",
        }
        assert Evidence.objects.count() >= 12

    def test_it_breaks_a_chain_only_where_nobody_is_named(self):
        nameless = set(Attribution.objects.filter(source=None).values_list("statement", flat=True))
        assert set(Statement.objects.filter(broken=True).values_list("pk", flat=True)) == nameless
        assert len(nameless) == 3
        assert not Source.objects.filter(named=False, known_through=None).exists()

    def test_it_passes_every_rule_of_the_forms(self):
        for model in models():
            for row in model.objects.all():
                row.full_clean()

    def test_it_is_written_as_the_program_reads_it(self):
        for name in FIXTURES:
            rows = written(name)
            labels = dict.fromkeys(row["model"] for row in rows)
            by_model = [row for label in labels for row in dump(label)]
            assert by_model == rows, f"{name}: something derived is not what the chains say"

    def test_it_gives_each_role_the_powers_of_the_table(self):
        assert {group.name for group in Group.objects.all()} == set(ROLES)
        for group in Group.objects.prefetch_related("permissions__content_type"):
            has = [f"{power.content_type.app_label}.{power.codename}" for power in group.permissions.all()]
            assert sorted(has) == sorted(powers_of(group.name))

    def test_it_ships_the_five_scales(self):
        assert set(RatingScale.objects.values_list("slug", flat=True)) == {
            "attribution",
            "claimskg",
            "five-point",
            "promises",
            "truth-o-meter",
        }
        common = RatingLevel.objects.filter(scale__slug="claimskg").values_list("normalised", "value")
        assert dict(common) == {"true": 3, "mixture": 2, "false": 1, "other": -1}

    def test_it_has_a_tree_of_defined_tags(self):
        assert not Tag.objects.filter(definition="").exists()
        assert {tag.kind for tag in Tag.objects.all()} == set(Tag.Kind)
        for tag in Tag.objects.all():
            above = (tag.parent.path, tag.parent.kind) if tag.parent else ("", tag.kind)
            assert (tag.path, tag.kind) == (f"{above[0]}{tag.slug}/", above[1])
        assert Tag.objects.exclude(parent=None).exists()

    def test_it_reads_the_chains_that_are_hard_to_write_down(self):
        for beginning, chain in {
            "Several dozen German": "German defence ministry › Deutsche Welle › Politico › Digest",
            "German troops will": "Spokesperson of the German defence ministry › Deutsche Welle › Politico › Digest",
            "The East Shield is": "Polish government › Politico › Digest",
            "Berlin will post": "(nobody is named) › Digest",
            "We are studying": "Giuseppe Cavo Dragone › Financial Times › Digest",
            "If all we do": "One Baltic diplomat › Financial Times › Digest",
            "solemnly declares": "Declaration of State Sovereignty of Ukraine › Digest",
            "Ukraine would be a": "Declaration of State Sovereignty of Ukraine › Russia › Digest",
            "would also have": "Istanbul draft agreement › (nobody is named) › Digest",
            "permanent foreign": "Founding Fathers › Thomas Massie › Digest",
            "Early in the war": "Volodymyr Zelensky and Ukrainian officials › Digest",
            "that soldiers be": "Britain and France › Digest",
            "Polls of April": "Polls in Ukraine, April 2022 › Digest",
            "Neither a battle": "Author of the essay on Ukraine’s NATO hope › Digest",
        }.items():
            assert str(chain_of(statement(beginning))) == chain

    def test_it_tells_dragone_s_listener_from_his_relay(self):
        root, relay = statement("We are studying").attributions.all()
        assert root.addressee == relay.source == Source.objects.get(slug="financial-times")
        assert str(root.role) == "Chair of the Military Committee, NATO"

    def test_it_counts_one_source_behind_the_declaration_of_1990(self):
        claim = Claim.objects.get(short_text="Ukraine intends to be a permanently neutral state")
        assert (claim.statement_count, claim.independent_sources) == (3, 1)
        assert (str(claim.first_said), str(claim.first_published)) == ("1990", "by Dec 2025")

    def test_it_marks_what_is_not_the_voice_s_own(self):
        block = statement("Several dozen German").version.text
        spoken = statement("German troops will")
        assert [block[start:end] for start, end in spoken.gaps] == [
            "according to a ministry spokesperson quoted in the report. The spokesperson described this as",
        ]
        mixed = statement("The messages that once")
        assert [mixed.version.text[start:end] for start, end in mixed.words] == [
            "day and night",
            "broken off— completely",
        ]


@pytest.mark.django_db
def test_it_loads_twice():
    call_command("loaddata", *FIXTURES, verbosity=0)
    once = counts()
    call_command("loaddata", *FIXTURES, verbosity=0)
    assert counts() == once
    assert once["claims.Claim"] >= 30


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("labels", "natural"), [([], True), (OURS, False)])
def test_it_comes_back_equal_from_a_dump(labels, natural, tmp_path):
    call_command("loaddata", *FIXTURES, verbosity=0)
    path = tmp_path / "dump.json"
    before = dump(*labels, natural=natural)
    path.write_text(json.dumps(before), encoding="utf-8")
    call_command("flush", interactive=False, verbosity=0)
    assert not Claim.objects.exists()
    call_command("loaddata", str(path), verbosity=0)
    after = dump(*labels, natural=natural)
    # Sorted: ``flush`` makes the content types again in an order of its own.
    assert sorted(after, key=json.dumps) == sorted(before, key=json.dumps)

"""The rules that the models and the database hold."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.models import ArticleVersion, StaleSave
from claims.models import (
    Annotation,
    Appearance,
    Attribution,
    Claim,
    ClaimLink,
    Evidence,
    Occasion,
    Review,
    Source,
    SourceRole,
    Statement,
    Tag,
)
from claims.provenance import drift
from tests import cast

pytestmark = pytest.mark.django_db


def refused(row, constraint):
    """Assert that the database itself refuses to insert ``row``, by the name of the rule; of a unique one
    SQLite names the columns instead."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        type(row).objects.bulk_create([row])


class TestLock:
    def test_it_moves_with_every_save(self):
        claim = cast.claim()
        claim.save()
        claim.save(update_fields=["priority"])
        claim.refresh_from_db()
        assert claim.lock == 3

    def test_it_refuses_to_overwrite_a_newer_row(self):
        claim = cast.claim()
        mine, theirs = Claim.objects.get(pk=claim.pk), Claim.objects.get(pk=claim.pk)
        theirs.text = "Theirs"
        theirs.save()
        mine.text = "Mine"
        with pytest.raises(StaleSave):
            mine.save()
        claim.refresh_from_db()
        assert claim.text == "Theirs"
        assert mine.lock == 1

    def test_a_change_of_many_rows_moves_it_too(self):
        claim = cast.claim()
        assert Claim.objects.filter(pk=claim.pk).change(priority=4) == 1
        mine = claim
        with pytest.raises(StaleSave):
            mine.save()

    def test_a_new_row_never_overwrites_a_stored_one(self):
        claim = cast.claim("Stored")
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim(pk=claim.pk, uid=claim.uid, text="New", short_text="New").save()
        assert Claim.objects.get().text == "Stored"

    def test_a_row_read_long_ago_does_not_bring_old_derived_values_back(self):
        claim = cast.claim()
        mine = Claim.objects.get()
        statement = cast.statement(claim=claim)  # as it was before its chain was read
        for row in (mine, statement):
            row.save()
        assert Claim.objects.get().independent_sources == 1
        assert list(drift()) == []

    def test_a_save_writes_no_column_that_was_not_read(self):
        claim = cast.claim()
        Claim.objects.defer("text").get().save()
        claim.refresh_from_db()
        assert claim.text == "Germany sends soldiers to Poland"

    def test_a_withdrawn_row_can_come_back(self):
        claim, editor = cast.claim(), cast.person("editor")
        claim.withdraw(by=editor, reason="A duplicate")
        assert not Claim.objects.current().exists()
        assert Claim.objects.get().withdrawn_reason == "A duplicate"
        claim.bring_back()
        assert Claim.objects.current().get() == claim


class TestStatement:
    def place(self, **values):
        version = cast.article("Headline\nHe said “naïve 😀 plan”.").latest_version
        values = {"version": version, "start": 17, "end": 31, "exact": "“naïve 😀 plan”"} | values
        return Statement(**values)

    def test_it_counts_in_code_points_and_keeps_the_context(self):
        statement = self.place()
        statement.save()
        assert (statement.prefix, statement.suffix) == ("Headline\nHe said ", ".")
        assert not Statement.objects.misplaced().exists()

    @pytest.mark.parametrize(
        "wrong",
        [{"exact": "“naive 😀 plan”"}, {"start": 16}, {"end": 33}, {"end": 900}, {"start": 32}],
        ids=["other words", "start", "end", "beyond the text", "empty"],
    )
    def test_it_refuses_words_that_are_not_the_text(self, wrong):
        with pytest.raises(ValidationError):
            self.place(**wrong).save()
        assert not Statement.objects.exists()

    def test_words_written_behind_the_model_are_found(self):
        good, bad = self.place(), self.place()
        good.save()
        Statement.objects.bulk_create([bad])  # without its context
        assert list(Statement.objects.misplaced()) == [bad]

    def test_a_span_is_never_empty(self):
        refused(self.place(start=9, end=9), "claims_statement_span_not_empty")

    @pytest.mark.parametrize(
        "gaps", [[[1, 5]], [[20, 19]], [[20, 24], [22, 26]], [[20]], "x", [["a", "b"]], [[20, 99]]]
    )
    def test_gaps_lie_in_order_within_it(self, gaps):
        with pytest.raises(ValidationError) as error:
            self.place(gaps=gaps).full_clean()
        assert "gaps" in error.value.message_dict

    @pytest.mark.parametrize("stretches", ["garbage", "", {}, None])
    def test_it_is_not_stored_with_stretches_that_are_none(self, stretches):
        with pytest.raises(ValidationError):
            self.place(gaps=stretches).save()
        with pytest.raises(ValidationError):
            self.place(words=stretches).save()

    def test_its_context_moves_with_any_part_of_its_place(self):
        statement = cast.statement()
        statement.start, statement.exact = statement.start + 1, statement.exact[1:]
        statement.save(update_fields=["start", "exact"])
        assert not Statement.objects.misplaced().exists()
        statement.version = cast.article("Other\nNothing of that stands in here, not one word of it.").latest_version
        with pytest.raises(ValidationError):
            statement.save(update_fields=["version_id"])
        again = ArticleVersion.next_for(cast.article("Headline\nA"), headline="Headline", text="Headline\n" + "x" * 99)
        again.save()
        statement.version, statement.start, statement.end, statement.exact = again, 20, 22, "xx"
        statement.save(update_fields=["version_id"])
        assert not Statement.objects.misplaced().exists()

    @pytest.mark.parametrize("state", ["confirmed", "rejected"])
    def test_it_stays_where_it_was_recorded_once_decided_on(self, state):
        statement = cast.statement(state=state)
        statement.state = "confirmed"
        statement.start, statement.exact = statement.start + 1, statement.exact[1:]
        with pytest.raises(ValidationError, match="never changes once it is decided on"):
            statement.full_clean()

    def test_it_does_not_become_a_suggestion_again(self):
        statement = cast.statement()
        statement.state = "suggested"
        with pytest.raises(ValidationError, match="decided on already") as error:
            statement.full_clean()
        assert "state" in error.value.message_dict

    def test_it_does_not_move_away_from_where_it_makes_a_claim(self):
        statement = cast.statement(claim=cast.claim(), state="suggested")
        Appearance.objects.update(start=statement.start, end=statement.start + 3)
        statement.start, statement.exact = statement.start + 1, statement.exact[1:]
        with pytest.raises(ValidationError, match="not in this span"):
            statement.full_clean()
        Appearance.objects.update(start=statement.start)
        statement.full_clean()

    def test_it_is_not_taken_from_itself_through_others(self):
        first = cast.statement()
        second = cast.statement(derived_from=first)
        first.derived_from = second
        with pytest.raises(ValidationError, match="taken from itself"):
            first.full_clean()


class TestAttribution:
    def test_a_source_stands_once_at_a_place(self):
        statement = cast.statement(chain=["Ministry"])
        refused(
            Attribution(statement=statement, position=0, source=cast.source("Ministry")),
            r"voice_once|attribution\.statement_id, .*\.position, .*\.source_id",
        )

    def test_nobody_stands_once_at_a_place(self):
        statement = cast.statement(chain=[None])
        refused(Attribution(statement=statement, position=0), r"nobody_once|attribution\.statement_id, \w+\.position$")

    def test_own_words_are_the_root_without_a_cue(self):
        statement = cast.statement(chain=["Ministry"])
        refused(Attribution(statement=statement, position=1, quotation_type="own"), "own_words")

    def test_a_role_is_the_sources_own(self):
        minister, other = cast.source("Minister"), cast.source("Other")
        role = other.roles.create(title="Spokesperson")
        hop = Attribution(statement=cast.statement(), position=1, source=minister, role=role)
        with pytest.raises(ValidationError, match="another source"):
            hop.full_clean()


class TestSource:
    def test_an_unnamed_voice_says_how_it_was_described(self):
        refused(Source(name="x", slug="x", named=False), "unnamed_is_described")

    def test_only_an_unnamed_voice_is_known_through_an_outlet(self):
        refused(Source(name="x", slug="x", known_through=cast.outlet("Gazette")), "needs_no_voucher")

    def test_it_speaks_for_others_without_a_loop(self):
        first = cast.source("First")
        second = cast.source("Second", speaks_for=first)
        first.speaks_for = second
        with pytest.raises(ValidationError, match="speak for itself"):
            first.full_clean()

    def test_it_does_not_speak_for_those_who_vouch_for_it(self):
        voice = cast.source("Voice", named=False, description="a voice")
        outlet = cast.source("Outlet", speaks_for=voice)
        voice.known_through = outlet
        with pytest.raises(ValidationError, match="those who vouch for it"):
            voice.full_clean()


class TestClaimLink:
    def test_it_reads_rightly_from_both_ends(self):
        one, other = cast.claim("One"), cast.claim("Other")
        link = cast.link(one, "disputes", other)
        assert link.words_from(one.pk) == "disputes"
        assert link.words_from(other.pk) == "disputed by"
        assert link.other_end(one.pk) == other

    def test_every_kind_has_its_words(self):
        assert set(ClaimLink.WORDS) == set(ClaimLink.Kind)

    def test_a_symmetric_one_is_stored_once(self):
        low, high = cast.claim("Low"), cast.claim("High")
        assert cast.link(high, "same_as", low).from_claim == low
        with pytest.raises(ValidationError, match="already linked"):
            ClaimLink(from_claim=high, kind="same_as", to_claim=low).full_clean()
        refused(ClaimLink(from_claim=high, kind="contradicts", to_claim=low), "symmetric_lower_first")

    def test_it_does_not_link_a_claim_to_itself(self):
        claim = cast.claim()
        with pytest.raises(ValidationError, match="cannot be linked to itself"):
            ClaimLink(from_claim=claim, kind="supports", to_claim=claim).full_clean()
        refused(ClaimLink(from_claim=claim, kind="supports", to_claim=claim), "not_to_itself")

    @pytest.mark.parametrize("kind", ["narrower", "updates"])
    def test_it_closes_no_circle(self, kind):
        a, b, c = cast.claim("A"), cast.claim("B"), cast.claim("C")
        cast.link(a, kind, b)
        cast.link(b, kind, c)
        with pytest.raises(ValidationError, match="directly or through others"):
            ClaimLink(from_claim=c, kind=kind, to_claim=a).full_clean()
        ClaimLink(from_claim=a, kind=kind, to_claim=c).full_clean()

    def test_of_two_that_contradict_each_other_the_second_is_not_stored(self):
        a, b = cast.claim("A"), cast.claim("B")
        first, second = (ClaimLink(from_claim=x, kind="narrower", to_claim=y) for x, y in [(a, b), (b, a)])
        second.full_clean()
        first.save()
        with pytest.raises(ValidationError, match="directly or through others"):
            second.save()
        second.state = "rejected"
        second.save()

    def test_a_new_kind_turns_it_round_where_needed(self):
        low, high = cast.claim("Low"), cast.claim("High")
        link = cast.link(high, "supports", low)
        link.kind = "same_as"
        link.save(update_fields=["kind"])
        link.refresh_from_db()
        assert (link.from_claim, link.to_claim) == (low, high)

    def test_a_withdrawn_one_is_to_be_brought_back(self):
        low, high = cast.claim("Low"), cast.claim("High")
        cast.link(low, "same_as", high).withdraw(by=None, reason="x")
        with pytest.raises(ValidationError, match="withdrawn: bring it back"):
            ClaimLink(from_claim=high, kind="same_as", to_claim=low).full_clean()

    def test_claims_about_different_times_do_not_contradict(self):
        year = {"about_precision": "year"}
        old = cast.claim("Old", about_from=dt.date(2019, 1, 1), **year)
        new = cast.claim("New", about_from=dt.date(2022, 1, 1), **year)
        within = cast.claim("Within", about_from=dt.date(2019, 6, 1), about_to=dt.date(2019, 6, 30))
        timeless = cast.claim("Timeless")
        with pytest.raises(ValidationError, match="use “updates”"):
            ClaimLink(from_claim=old, kind="contradicts", to_claim=new).full_clean()
        ClaimLink(from_claim=old, kind="contradicts", to_claim=within).full_clean()
        ClaimLink(from_claim=old, kind="contradicts", to_claim=timeless).full_clean()


def test_a_tag_does_not_stand_below_itself():
    top = cast.tag("Top")
    below = cast.tag("Below", parent=top)
    top.parent = below
    with pytest.raises(ValidationError, match="below itself"):
        top.full_clean()


def test_a_new_tag_stands_below_its_parent_at_once():
    parent = Tag.objects.create(name="NATO", slug="nato")
    assert Tag.objects.create(name="East", slug="east", parent=parent).path == "nato/east/"
    refused(Tag(name="x", slug="x"), "claims_tag_has_a_path")


def test_a_tag_is_named_in_lower_case():
    with pytest.raises(ValidationError, match="lower-case"):
        Tag(name="NATO", slug="NATO", path="NATO/").full_clean()


def test_a_tag_comes_with_its_subtree_and_no_namesake():
    nato, native = cast.tag("NATO"), cast.tag("NATO Native")
    east = cast.tag("East Shield", parent=nato)
    assert set(Tag.objects.with_subtree(nato)) == {nato, east}
    claim, noise = cast.claim(), cast.claim("Noise")
    claim.tags.add(east)
    noise.tags.add(native)
    assert list(Claim.objects.about(nato)) == [claim]
    assert set(Claim.objects.about(nato, native)) == {claim, noise}


def test_a_statement_makes_a_claim_once():
    claim = cast.claim()
    statement = cast.statement(claim=claim)
    refused(Appearance(statement=statement, claim=claim), r"appearance_once|appearance\.statement_id, .*\.claim_id")


def test_a_withdrawn_appearance_is_to_be_brought_back():
    claim = cast.claim()
    statement = cast.statement(claim=claim)
    statement.appearances.get().withdraw(by=None, reason="x")
    with pytest.raises(ValidationError, match="withdrawn: bring it back"):
        Appearance(statement=statement, claim=claim).full_clean()


def test_an_appearance_lies_within_its_statement():
    statement = cast.statement()
    with pytest.raises(ValidationError, match="does not lie within"):
        Appearance(statement=statement, claim=cast.claim(), start=0, end=3).full_clean()


def test_an_annotation_is_on_exactly_one_thing():
    refused(Annotation(body="x"), "one_target")
    refused(Annotation(body="x", claim=cast.claim(), source=cast.source()), "one_target")


def test_an_annotation_copies_the_words_of_its_passage():
    note = Annotation(body="x", version=cast.article("Headline\nText").latest_version, start=9, end=13)
    note.save()
    assert note.exact == "Text"
    note.end = 99
    with pytest.raises(ValidationError, match="Not a place"):
        note.full_clean()


def test_evidence_stands_somewhere():
    refused(Evidence(claim=cast.claim()), "is_somewhere")


def test_a_review_of_attribution_names_the_statement():
    review = Review(claim=cast.claim(), reviewer=cast.publisher(), subject="attribution")
    with pytest.raises(ValidationError, match="Choose the statement"):
        review.full_clean()
    refused(review, "claims_review_on_attribution_has_statement")


def test_what_is_on_an_attribution_names_a_statement_of_that_claim():
    claim = cast.claim()
    elsewhere, here = cast.statement(claim=cast.claim("Other")), cast.statement(claim=claim)
    review = Review(claim=claim, reviewer=cast.publisher(), subject="attribution", statement=elsewhere)
    evidence = Evidence(claim=claim, url="https://a.example/", subject="attribution", statement=elsewhere)
    for row in (review, evidence):
        with pytest.raises(ValidationError, match="not linked to this claim"):
            row.full_clean()
        row.statement = here
        row.full_clean()
    refused(Evidence(claim=claim, url="https://a.example/", subject="attribution"), "claims_evidence_on_attribution")


@pytest.mark.parametrize("model", [Occasion, Review, SourceRole])
def test_unknown_dates_come_last(model):
    source, claim = cast.source(), cast.claim()
    field, values = {
        Occasion: ("starts_on", {"title": "x"}),
        Review: ("reviewed_on", {"claim": claim, "reviewer": cast.publisher()}),
        SourceRole: ("held_from", {"source": source, "title": "x"}),
    }[model]
    for date in (None, dt.date(2020, 1, 1), dt.date(2021, 1, 1)):
        model.objects.create(**values, **{field: date})
    dates = model.objects.values_list(field, flat=True)
    assert list(dates) == [dt.date(2021, 1, 1), dt.date(2020, 1, 1), None]


def test_no_address_runs_script():
    with pytest.raises(ValidationError, match="web address"):
        Evidence(claim=cast.claim(), url="javascript:alert(1)").full_clean()


def test_a_published_claim_has_a_date():
    refused(Claim(text="x", short_text="x", status="published"), "published_has_date")

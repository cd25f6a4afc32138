"""A published claim's verdict or text changes only with a reason, whichever door is used."""

import pytest

from articles.models import Revision
from claims import reasons
from claims.models import Claim, RatingLevel, Review
from tests import cast
from tests.desk import add_row, address, errors, fill, save, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(client):
    user = cast.person("lead")
    client.force_login(user)
    return user


@pytest.fixture
def claim():
    return cast.claim("It will rain", published=True)


@pytest.mark.parametrize("field", ["text", "short_text"])
def test_its_words_need_one(client, reviewer, claim, field):
    refused = save(client, address(claim), **{field: "It will snow"})
    assert errors(refused) == {"why": [reasons.TEXT]}
    assert 'id="id_why_error"' in refused.content.decode()
    claim.refresh_from_db()
    assert (getattr(claim, field), claim.lock) == ("It will rain", 1)
    assert save(client, address(claim), **{field: "It will snow"}, why="  ").status_code == 200
    assert save(client, address(claim), **{field: "It will snow"}, why="A slip").status_code == 302
    assert Revision.objects.get().why == "A slip"


def test_what_else_a_claim_says_needs_none(client, reviewer, claim):
    assert save(client, address(claim), priority="4", tags=[cast.tag().pk]).status_code == 302


@pytest.mark.parametrize("status", ["new", "in_review"])
def test_a_claim_that_was_never_published_needs_none(client, reviewer, status):
    claim = cast.claim(status=status)
    cast.review(claim)
    assert save(client, address(claim), text="It will snow", **{"reviews-0-DELETE": "on"}).status_code == 302


def test_a_claim_that_was_published_once_needs_one_still(client, reviewer, claim):
    Claim.objects.filter(pk=claim.pk).update(status="closed")
    assert errors(save(client, address(claim), text="It will snow")) == {"why": [reasons.TEXT]}


def test_a_claim_that_is_published_by_the_same_save_needs_none(client, reviewer):
    claim = cast.claim(status="in_review")
    assert save(client, address(claim), text="It will snow", move_to="published").status_code == 302


# Reviews on their own pages


def add_review(client, claim, **values):
    url = address(Review, "add")
    publisher, level = cast.publisher("Checkers"), cast.review(cast.claim("Other")).rating
    given = {"claim": claim.pk, "reviewer": publisher.pk, "rating": level.pk, "state": "published", **values}
    return client.post(url, fill(shown(client, url), given))


def test_a_new_verdict_needs_one(client, reviewer, claim):
    refused = add_review(client, claim)
    assert errors(refused) == {"why": [reasons.VERDICT]}
    assert 'name="why"' in refused.content.decode()
    assert not claim.reviews.exists()
    assert add_review(client, claim, why="Checked anew").status_code == 302
    claim.refresh_from_db()
    assert claim.verdict == "false"


@pytest.mark.parametrize("values", [{"state": "draft"}, {"rating": ""}])
def test_a_review_that_no_verdict_is_read_off_needs_none(client, reviewer, claim, values):
    assert add_review(client, claim, **values).status_code == 302


def test_whether_it_was_said_is_no_verdict(client, reviewer, claim):
    statement = cast.statement(claim=claim)
    assert add_review(client, claim, subject="attribution", statement=statement.pk).status_code == 302


CHANGES = [{"rating": ""}, {"state": "draft"}, {"reviewed_on": "2025-01-01"}, {"explanation": "Otherwise"}]


@pytest.mark.parametrize("values", CHANGES)
def test_changing_what_a_verdict_is_read_off_needs_one(client, reviewer, claim, values):
    review = cast.review(claim)
    assert errors(save(client, address(review), **values)) == {"why": [reasons.VERDICT]}
    assert save(client, address(review), **values, why="Checked anew").status_code == 302


def test_publishing_a_draft_needs_one(client, reviewer, claim):
    draft = cast.review(claim, state="draft")
    assert save(client, address(draft), explanation="Not yet").status_code == 302
    assert errors(save(client, address(draft), state="published")) == {"why": [reasons.VERDICT]}


def test_moving_a_review_to_or_from_a_published_claim_needs_one(client, reviewer, claim):
    review, hidden = cast.review(claim), cast.claim("Hidden")
    assert errors(save(client, address(review), claim=hidden.pk)) == {"why": [reasons.VERDICT]}
    other = cast.review(hidden)
    assert errors(save(client, address(other), claim=claim.pk)) == {"why": [reasons.VERDICT]}


def test_withdrawing_and_bringing_back_a_review_asks_for_one(client, reviewer, claim):
    review = cast.review(claim)
    for page in ("withdraw", "bring_back"):
        review.refresh_from_db()
        sent = {"apply": "1", "seen": f"{review.pk}:{review.lock}"}
        refused = client.post(address(review, page), sent)
        assert refused.context["form"].errors == {"reason": ["This field is required."]}
        client.post(address(review, page), {**sent, "reason": f"because of {page}"})
    assert [save.why for save in Revision.objects.order_by("id")] == ["because of withdraw", "because of bring_back"]


# Rows on other pages


def test_a_review_on_the_claims_page_says_why_in_the_pages_own_field(client, reviewer, claim):
    publisher, level = cast.publisher("Checkers"), cast.review(cast.claim("Other")).rating
    values = {"reviewer": publisher.pk, "rating": level.pk, "state": "published"}
    fields = add_row(shown(client, address(claim)), "reviews", **values)
    refused = client.post(address(claim), fill(fields, {}))
    assert errors(refused) == {"why": [reasons.VERDICT]}
    assert "say why under “This change”" in refused.content.decode()
    assert not claim.reviews.exists()
    assert client.post(address(claim), fill(fields, {"why": "Checked"})).status_code == 302
    review = claim.reviews.get()
    assert errors(save(client, address(claim), **{"reviews-0-state": "draft"})) == {"why": [reasons.VERDICT]}
    assert errors(save(client, address(claim), **{"reviews-0-DELETE": "on"})) == {"why": [reasons.VERDICT]}
    assert save(client, address(claim), **{"reviews-0-DELETE": "on"}, why="Out of date").status_code == 302
    review.refresh_from_db()
    assert review.withdrawn_at is not None


def test_a_draft_on_the_claims_page_needs_none(client, reviewer, claim):
    cast.review(claim, state="draft")
    assert save(client, address(claim), **{"reviews-0-headline": "Seen"}).status_code == 302


def test_what_a_level_amounts_to_needs_one_where_a_verdict_is_read_off_it(client, reviewer, claim):
    level = cast.review(cast.claim("Hidden")).rating
    assert save(client, address(level), normalised="mixture").status_code == 302
    cast.review(claim)
    assert errors(save(client, address(level), normalised="true")) == {"why": [reasons.VERDICT]}
    assert save(client, address(level), label="Wrong").status_code == 302
    scale = level.scale
    assert errors(save(client, address(scale), **{"levels-0-normalised": "true"})) == {"why": [reasons.VERDICT]}
    assert save(client, address(scale), **{"levels-0-normalised": "true"}, why="Its makers say so").status_code == 302
    assert RatingLevel.objects.get().normalised == "true"


def test_a_new_level_needs_none(client, reviewer):
    scale = cast.review(cast.claim("Other")).rating.scale
    fields = add_row(shown(client, address(scale)), "levels", label="True", slug="true", value=5, normalised="true")
    assert client.post(address(scale), fill(fields, {})).status_code == 302


def test_rows_that_no_verdict_is_read_off_need_none(claim):
    assert reasons.wanted(cast.statement(), None) == ""

"""How often suggestions were right, by confidence."""

import pytest

from claims.suggesting.precision import BOUNDS, Band, bands, wilson
from tests import cast

pytestmark = pytest.mark.django_db


def proposed(confidence, state="suggested", method="rules-1", **values):
    return cast.statement(chain=[], state=state, method=method, confidence=confidence, **values)


def test_without_suggestions_there_is_no_band():
    cast.statement()
    assert bands() == []
    assert bands("rules-1") == []


def test_each_band_counts_what_became_of_its_suggestions():
    with cast.at_once():
        for confidence, state, corrected in [
            (0.95, "confirmed", False),
            (0.95, "confirmed", False),
            (0.9, "confirmed", True),
            (0.99, "rejected", False),
            (1.0, "suggested", False),
            (0.3, "rejected", False),
            (0.55, "suggested", False),
        ]:
            proposed(confidence, state, corrected=corrected)
    found = {band.low: band for band in bands()}
    assert tuple(found) == BOUNDS
    assert found[0.9] == Band("rules-1", 0.9, 1.0, offered=5, accepted=2, corrected=1, rejected=1)
    assert (found[0.9].decided, found[0.9].precision) == (4, 0.5)
    assert found[0.0] == Band("rules-1", 0.0, 0.5, offered=1, rejected=1)
    assert (found[0.0].precision, found[0.5].precision, found[0.5].interval) == (0.0, None, None)
    assert found[0.7] == Band("rules-1", 0.7, 0.8)


@pytest.mark.parametrize(
    ("confidence", "low"),
    [(0.0, 0.0), (0.4999, 0.0), (0.5, 0.5), (0.6, 0.6), (0.7, 0.7), (0.8, 0.8), (0.8999, 0.8), (0.9, 0.9), (1.0, 0.9)],
)
def test_a_band_holds_its_beginning_and_the_last_one_its_end(confidence, low):
    proposed(confidence)
    assert [band.low for band in bands() if band.offered] == [low]


def test_each_method_has_bands_of_its_own():
    proposed(0.9), proposed(0.9, method="rules-2"), proposed(0.9, method="other 1")
    assert list(dict.fromkeys(band.method for band in bands())) == ["other 1", "rules-1", "rules-2"]
    assert {band.method for band in bands("rules-2")} == {"rules-2"}
    assert sum(band.offered for band in bands("rules-2")) == 1


def test_withdrawn_suggestions_and_typed_statements_do_not_count(editor):
    proposed(0.9).withdraw(by=editor, reason="x")
    cast.statement()
    assert bands() == []


def test_a_rejected_one_that_was_corrected_before_is_rejected():
    proposed(0.9, "rejected", corrected=True)
    assert (bands()[-1].corrected, bands()[-1].rejected) == (0, 1)


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(5, 10, 0.237, 0.763), (10, 10, 0.722, 1.0), (0, 10, 0.0, 0.278), (95, 100, 0.888, 0.978), (1, 1, 0.207, 1.0)],
)
def test_the_interval_is_wilsons(right, of, low, high):
    assert wilson(right, of) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


def test_however_many_it_is_one_query(django_assert_num_queries):
    with cast.at_once():
        for number in range(20):
            proposed(number / 20, "confirmed", method=f"rules-{number % 3}")
    with django_assert_num_queries(1):
        assert sum(band.offered for band in bands()) == 20

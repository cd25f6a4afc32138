"""The suite's own checks catch a planted fault."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from claims.models import Claim
from claims.provenance import drift
from tests import cast, covered
from tests.conftest import pytest_generate_tests


def generate(*marks: pytest.MarkDecorator) -> None:
    definition = SimpleNamespace(iter_markers=lambda name: [made.mark for made in marks if made.name == name])
    pytest_generate_tests(SimpleNamespace(definition=definition))  # type: ignore[arg-type]


@pytest.mark.parametrize("names", ["page", "number, page", ["number", "page"], ("context",)])
def test_no_argument_has_the_name_of_a_browsers_fixture(names: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="it is the browser's"):
        generate(pytest.mark.parametrize(names, []))


def test_other_names_are_fine() -> None:
    generate(pytest.mark.parametrize(("page_number", "pages"), []), pytest.mark.usefixtures("page"))


@pytest.fixture(scope="module")
def kept(module_db: None) -> Claim:
    return cast.claim("Kept for the module")


@pytest.mark.django_db
def test_what_fixtures_make_is_refreshed_before_the_test(kept: Claim, made: Claim) -> None:
    assert list(drift()) == []


@pytest.fixture
def made(db: None) -> Claim:
    return cast.statement(claim=cast.claim("Made for one test")).appearances.get().claim


def test_what_asks_no_database_is_the_same_on_every_engine(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("any_engine")


def test_what_asks_the_database_is_asked_of_each_engine(request: pytest.FixtureRequest, db: None) -> None:
    assert not request.node.get_closest_marker("any_engine")


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["first", "second"])
def test_what_a_module_shares_is_as_it_was_after_each_test(kept: Claim, way: str) -> None:
    assert [claim.text for claim in Claim.objects.all()] == ["Kept for the module"]
    Claim.objects.update(text=way)
    cast.claim("Another")


@pytest.mark.django_db
def test_rows_made_at_once_are_as_right_as_rows_made_one_by_one() -> None:
    with cast.at_once():
        claim = cast.claim(tags=[cast.tag("Ships", parent=cast.tag("Military"))])
        cast.statement(claim=claim, chain=["Ministry", "Politico"])
        cast.review(claim)
        assert list(drift())
    assert list(drift()) == []


@pytest.mark.parametrize(
    ("everything", "wholly", "missed"), [(95.0, 100.0, 0), (94.99, 100.0, 1), (99.0, 99.99, 1), (0.0, 0.0, 2)]
)
def test_too_little_coverage_is_told(everything: float, wholly: float, missed: int) -> None:
    both: Any = SimpleNamespace(report=lambda include=None: wholly if include else everything)
    assert len(covered.objections(both)) == missed


def test_every_file_that_is_to_be_wholly_covered_is_there() -> None:
    root = Path(covered.__file__).parent.parent
    assert [pattern for pattern in covered.WHOLLY if not list(root.glob(pattern))] == []

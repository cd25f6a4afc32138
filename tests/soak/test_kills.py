"""A killed import leaves all or nothing, and can be run again."""

from pathlib import Path

import pytest

from tests.soak.kills import DOORS, Door, Point, Trial
from tests.soak.size import measured, size

pytestmark = pytest.mark.django_db(transaction=True)

SEED = "soak"


@pytest.mark.parametrize("door", DOORS, ids=[door.name for door in DOORS])
def test_a_killed_import_leaves_all_or_nothing(door: Door, tmp_path: Path) -> None:
    with measured(f"Killed imports by {door.name}") as found:
        trial = Trial(door, tmp_path)
        points = list(trial.points(size(50), SEED))
        wrong = [each for point in points for each in trial.kill(point)]
        found.append(f"killed at {len(points)} points of {trial.statements} statements")
    assert wrong == []


def test_it_notices_an_import_that_commits_row_by_row(tmp_path: Path) -> None:
    """The planted fault."""
    trial = Trial(DOORS[0], tmp_path)
    points = [Point(trial.statements - before) for before in (4, 6, 8)]
    assert [each for point in points for each in trial.kill(point, planted=True)]

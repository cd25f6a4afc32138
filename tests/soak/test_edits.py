"""No acknowledged edit is lost, whatever way it was written."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from claims.provenance import drift
from claims.search.counts import count_drift
from tests import cast
from tests.soak.edits import WAYS, Editor, Field, Interrupted, claim_form, edit, lay_out, lost
from tests.soak.server import serve, visitor
from tests.soak.size import WHOLE, measured, size

pytestmark = pytest.mark.django_db(transaction=True)


def editors(number: int) -> list[User]:
    made = [User(username=f"editor-{at}", is_staff=True, password="!") for at in range(number)]
    for user in made:
        user.save()
        user.groups.add(cast.role("lead"))
    return made


def p99(seconds: list[float]) -> str:
    slow = sorted(seconds)[int(len(seconds) * 0.99)] if seconds else 0
    return f"{slow * 1000:.0f} ms"


def figures(field: Field) -> list[str]:
    ways = ", ".join(f"{name} {number:,}" for name, number in sorted(field.ways.items()))
    waits = f"reading p99 {p99(field.waits['read'])}, writing p99 {p99(field.waits['write'])}"
    told = f"{field.refused:,} saves refused, {len(field.failed)} faults"
    return [f"{len(field.edits):,} edits acknowledged ({ways})", told, waits]


def test_no_acknowledged_edit_is_lost(tmp_path: Path) -> None:
    field = lay_out(tmp_path, claims=50 if WHOLE else 10, wanted=size(10_000))
    with measured("Lost edits") as found, serve(tmp_path / "log") as port:
        edit(field, port, editors(16 if WHOLE else 4), WAYS, readers=4 if WHOLE else 1)
        found += figures(field)
    complaints = [line for line in (tmp_path / "log").read_text().splitlines() if " INFO " not in line]
    assert not field.failed, "\n".join([*field.failed[:5], *complaints[-60:]])
    assert list(lost(field)) == []
    assert len(+field.ways) == len(WAYS)
    assert list(drift()) == []
    assert list(count_drift()) == []


def test_it_notices_saves_that_nobody_checks(tmp_path: Path) -> None:
    """The planted fault: a server that takes every save of a claim for a fresh one."""
    field = lay_out(tmp_path, claims=1, wanted=2)
    one, two = editors(2)
    with serve(tmp_path / "log", module="tests.soak.planted_settings", processes=1) as port:
        other = Editor(field, visitor(port, two), "two", WAYS)
        field.edits += claim_form(Interrupted(field, visitor(port, one), "one", WAYS, other=other))
    assert len(field.edits) == 2, field.failed
    assert any(each.startswith("lost: ") for each in lost(field))

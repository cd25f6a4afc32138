"""Generated requests leave the site standing; `SOAK_SEED=x` makes other ones."""

import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from articles.models import Publisher
from tests.soak import world
from tests.soak.server import serve
from tests.soak.size import measured, size
from tests.soak.storm import OVER_HTTP, Storm
from tests.soak.wire import Wire
from tests.soak.wsgi import Site

SEED = os.environ.get("SOAK_SEED", "soak")


@pytest.fixture
def storm(transactional_db: None, tmp_path: Path) -> Iterator[Storm]:
    people, log = world.build(), tmp_path / "log"
    with Site().open() as site, serve(log) as port:
        yield Storm(site, Wire(site, port, log), people)


def test_generated_requests_are_answered_and_break_no_later_page(storm: Storm) -> None:
    with measured("Generated requests") as found:
        wrong = storm.blow(size(20_000), SEED)
        found.append(str(storm))
    assert not wrong, "\n\n".join(wrong[:5])
    _catches_bytes_that_raise(storm)
    _catches_a_row_that_breaks_a_page(storm)


def _catches_bytes_that_raise(storm: Storm) -> None:
    """The planted fault: bytes that are not text raise instead of being refused."""
    with mock.patch("config.middleware._is_text", new=lambda data: data.decode() is not None):
        assert any(each.startswith("request ") for each in storm.blow(100, "planted"))


def _catches_a_row_that_breaks_a_page(storm: Storm) -> None:
    """The planted fault: a row whose address cannot be written."""
    Publisher.objects.filter(slug="fact-desk").update(slug="fact desk")
    for storm.over_http in (OVER_HTTP, 1):
        assert any(each.startswith("a row that breaks a page") for each in storm.blow(1, "planted"))

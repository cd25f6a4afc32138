"""No script of anyone's runs, wherever a page shows what somebody wrote; every payload stands on one page at once."""

from typing import Any
from unittest import mock
from urllib.parse import quote

import pytest
from django.db.models import Model

from articles.importers.store import Delivery, import_file
from claims.models import Annotation, Evidence, Occasion, SavedList
from tests import cast
from tests.soak.addresses import pages_of
from tests.soak.hostile import SCRIPTS

pytestmark = pytest.mark.any_engine

ALL = "\n".join(SCRIPTS)
LISTS = [
    *("/", "/claims/", "/sources/", "/publishers/", "/articles/", "/tags/", "/lists/", "/claims/?q=window"),
    *("/admin/", "/admin/claims/claim/", "/admin/claims/source/", "/admin/claims/tag/", "/admin/claims/annotation/"),
    *("/admin/articles/article/", "/admin/articles/importproblem/", "/admin/auth/user/", "/admin/claims/savedlist/"),
]


@pytest.fixture
def stored(live_server: Any) -> list[Model]:
    """Rows that say every payload in every text they have."""
    admin = cast.person("admin")
    admin.first_name, admin.last_name = SCRIPTS[1], SCRIPTS[9]
    admin.save()
    with cast.at_once():
        tags = [cast.tag(f"{payload}"[:60], slug=f"tag-{at}") for at, payload in enumerate(SCRIPTS)]
        article = cast.article(
            f"{SCRIPTS[0]}\n{ALL}", publisher=cast.publisher(SCRIPTS[7], slug="paper"), byline=SCRIPTS[8]
        )
        source = cast.source(SCRIPTS[1], slug="source", description=ALL[:300])
        claims = [
            cast.claim(f"{payload} {ALL}"[:2000], short_text=payload[:75], published=True, tags=tags[at : at + 1])
            for at, payload in enumerate(SCRIPTS)
        ]
        statement = cast.statement(article, SCRIPTS[5], chain=[source], claim=claims[0])
        statement.attributions.update(as_named=SCRIPTS[2], cue=SCRIPTS[3][:60])
        review = cast.review(claims[0], headline=SCRIPTS[4], explanation=ALL, textual_rating=SCRIPTS[5])
    evidence = Evidence.objects.create(claim=claims[0], url="https://example.org/", excerpt=ALL, note=ALL)
    note = Annotation.objects.create(claim=claims[0], body=ALL, visibility="public", created_by=admin)
    occasion = Occasion.objects.create(title=SCRIPTS[6], place=SCRIPTS[8], as_given=SCRIPTS[10])
    SavedList.objects.create(name=SCRIPTS[0], query="q=window", owner=admin)
    import_file(
        f"{ALL}\nKeep reading\n{'x' * 301}".encode(), Delivery("digest", f"{SCRIPTS[1]}.txt", SCRIPTS[11]), by=admin
    )
    for row, text in ((claims[0], "text"), (source, "name"), (note, "body")):
        setattr(row, text, f"{getattr(row, text)} once more")
        row.save()
    return [claims[0], source, tags[0], article, statement, review, evidence, note, occasion, admin]


def ran(page: Any, path: str) -> list[str]:
    """The path, where a script of somebody's ran on its page."""
    page.goto(path)
    return [path] if page.evaluate("() => window.__xss !== undefined || window.parent.__xss !== undefined") else []


def test_nothing_that_is_stored_runs(page: Any, stored: list[Model], sign_in: Any) -> None:
    sign_in(page, stored[-1])
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    paths = dict.fromkeys([*LISTS, *(path for row in stored for path in pages_of(row))])
    assert [each for path in paths for each in ran(page, path)] == []
    assert dialogs == []


def test_nothing_that_is_asked_runs(page: Any, live_server: Any, page_faults: list[str]) -> None:
    asked = [quote(" ".join(SCRIPTS[at : at + 8])[:480]) for at in range(0, len(SCRIPTS), 8)]
    paths = [f"/claims/?q={value}" for value in asked] + [f"/sources/?q={value}&page={value[:60]}" for value in asked]
    assert [each for path in paths for each in ran(page, path)] == []
    page.wait_for_timeout(50)
    # A page that does not exist is refused: the browser tells of that as of a fault.
    page_faults[:] = [each for each in page_faults if "status of 400" not in each]


def test_it_notices_a_page_that_escapes_nothing(page: Any, live_server: Any, page_faults: list[str]) -> None:
    """The planted fault. What the policy then keeps from running, the browser complains of."""
    with mock.patch("django.template.base.render_value_in_context", lambda value, context: str(value)):
        page.goto(f"/claims/?q={quote(SCRIPTS[1])}")
        page.wait_for_timeout(200)
    assert any("Content Security Policy" in each for each in page_faults)
    page_faults.clear()

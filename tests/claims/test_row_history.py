"""The history of any row, and two versions of it side by side."""

import pytest

from articles.history import recorded
from articles.models import Change
from claims.history import versions
from claims.models import Annotation, Evidence, RatingLevel, SavedList, SourceRole
from tests import cast
from tests.claims.timelines import entries, history, plain, rows, told
from tests.desk import address, save

pytestmark = pytest.mark.django_db


def change(row, **values):
    row.refresh_from_db()
    for name, value in values.items():
        setattr(row, name, value)
    with recorded():
        row.save()


def compared(client, row, one, other):
    response = client.get(address(row, "history"), {"from": one, "to": other})
    assert response.status_code == 200
    return response.context["comparison"]


def content(comparison):
    return {
        change.kind: {each.field.label: told(each.parts) for each in change.differences}
        for change in comparison.content.rows
    }


def test_every_kind_of_row_has_one(client, editor):
    article = cast.article()
    for row, values in [(article, {"byline": "A. Nonymous"}), (article.publisher, {"name": "The Digest"})]:
        change(row, **values)
        assert len(entries(client, row)) == 2
    tag = cast.tag("Rain")
    change(tag, name="Snow")
    assert rows(entries(client, tag)[0]) == {"tag": {"name": "[-Rain-][+Snow+]"}}


def test_a_row_is_told_with_what_stands_on_its_page(client, editor):
    minister = cast.source("Minister")
    role = SourceRole.objects.create(source=minister, title="Minister")
    change(role, title="Chancellor")
    assert rows(entries(client, minister)[0]) == {"source role": {"title": "[-Minister-][+Chancellor+]"}}
    scale = cast.review(cast.claim()).rating.scale
    change(RatingLevel.objects.get(), label="Wrong")
    assert list(rows(entries(client, scale)[0])) == ["rating level"]
    statement = cast.statement()
    change(statement.attributions.get(), cue="told")
    assert rows(entries(client, statement)[0]) == {"hop": {"cue": "[-said-][+told+]"}}


def test_a_row_that_the_desk_makes_begins_with_its_making(client, editor):
    response = save(client, address(type(cast.claim()), "add"), text="It will rain", short_text="Rain")
    assert response.status_code == 302
    claim = type(cast.claim()).objects.get(text="It will rain")
    [entry] = entries(client, claim)
    assert (entry.by, entry.how, entry.content.rows[0].is_new) == ("editor", "edited", True)
    assert rows(entry) == {"claim": {"text": "[+It will rain+]", "short text": "[+Rain+]"}}


def test_a_private_note_has_a_history_for_its_author_alone(client, editor):
    note = Annotation.objects.create(claim=cast.claim(), body="Secret", visibility="private", created_by=editor)
    change(note, body="Secret still")
    assert rows(entries(client, note)[0]) == {"annotation": {"note": "Secret[+ still+]"}}
    client.force_login(cast.person("admin"))
    assert client.get(address(note, "history")).status_code == 302


def test_what_a_note_said_while_it_was_private_stays_with_its_author(client, editor):
    with recorded():
        note = Annotation.objects.create(claim=cast.claim(), body="Secret", visibility="private", created_by=editor)
    change(note, body="Secret still")
    change(note, visibility="desk", body="Seen by all")
    change(note, body="Seen by everybody")
    assert len(entries(client, note)) == 4
    points = [entry.point for entry in entries(client, note)]
    client.force_login(cast.person("lead"))
    assert "Secret" not in history(client, note).content.decode()
    assert [rows(entry)["annotation"] for entry in entries(client, note) if entry.content.rows] == [
        {"note": "Seen by[- all-][+ everybody+]"}
    ]
    for one in points[1:]:
        assert client.get(address(note, "history"), {"from": one, "to": points[0]}).status_code == 404
    assert "Secret" not in client.get(address(note, "history"), {"from": 0, "to": points[0]}).content.decode()


def test_so_has_a_list_of_ones_own(client, editor):
    lead = cast.person("lead")
    mine = SavedList.objects.create(name="Secret", owner=lead)
    change(mine, visibility="desk", name="Ours")
    assert "Secret" not in history(client, mine).content.decode()


def test_a_row_that_was_erased_leaves_who_when_and_why(client, editor):
    statement = cast.statement()
    hop = statement.attributions.get()
    change(hop, cue="told")
    entry = entries(client, statement)[0]
    Change.objects.filter(kind="attribution").update(was={})
    assert len(entries(client, statement)) == 2
    assert entry.content.rows[0].lock == 2


# Two versions


def test_two_versions_stand_side_by_side(client, editor):
    claim = cast.claim("One")
    for text in ("Two", "Three", "Four"):
        change(claim, text=text)
    change(claim, priority=4)
    points = [entry.point for entry in entries(client, claim)]
    assert content(compared(client, claim, points[2], points[1])) == {"claim": {"text": "[-Three-][+Four+]"}}
    assert content(compared(client, claim, points[3], points[0])) == {
        "claim": {"text": "[-Two-][+Four+]", "priority": "[-normal-][+urgent+]"}
    }
    assert content(compared(client, claim, points[0], points[3])) == content(
        compared(client, claim, points[3], points[0])
    ), "the older stands first, whichever is given first"
    assert points[4] == 0
    beginning = client.get(address(claim, "history"), {"from": 0, "to": points[2]})
    assert "the beginning" in plain(beginning)
    assert content(beginning.context["comparison"]) == {"claim": {"text": "[-One-][+Three+]"}}


def test_a_claim_is_compared_as_a_whole(client, editor):
    claim = cast.claim("One")
    statement = cast.statement(claim=claim, chain=["Ministry"])
    change(claim, text="Two")
    change(statement.attributions.get(), source=cast.source("Reuters"))
    with recorded():
        Evidence.objects.create(claim=claim, url="https://example.org/")
    change(claim, text="One")
    points = [entry.point for entry in entries(client, claim)]
    found = compared(client, claim, points[-1], points[0])
    assert content(found) == {
        "hop": {"source": "[-Ministry-][+Reuters+]"},
        "evidence": {"claim": f"[+{claim}+]", "address": "[+https://example.org/+]"},
    }
    assert [told(chain.parts) for chain in found.content.chains] == ["[-Ministry-][+Reuters+]"]


def test_versions_that_say_the_same_say_so(client, editor):
    claim = cast.claim("One")
    change(claim)
    point = entries(client, claim)[0].point
    for one in (0, point):
        page = client.get(address(claim, "history"), {"from": one, "to": point})
        assert "The two say the same" in plain(page)


def test_a_comparison_shows_so_many_rows(client, editor, monkeypatch):
    monkeypatch.setattr(versions, "ROWS", 1)
    claim = cast.claim("One")
    with recorded():
        Evidence.objects.create(claim=claim, url="https://example.org/1")
        Evidence.objects.create(claim=claim, url="https://example.org/2")
    page = client.get(address(claim, "history"), {"from": 0, "to": entries(client, claim)[0].point})
    assert len(page.context["comparison"].content.rows) == 1
    assert "More rows differ than a page shows" in plain(page)


@pytest.mark.parametrize(
    "asked", ["from=1", "to=1", "from=&to=", "from=x&to=1", "from=-1&to=1", f"from=1&to={'9' * 40}"]
)
def test_a_version_that_is_none_is_not_found(client, editor, asked):
    claim = cast.claim()
    change(claim)
    assert client.get(f"{address(claim, 'history')}?{asked}").status_code == 404


def test_a_version_of_another_row_is_not_found(client, editor):
    mine, other = cast.claim("One"), cast.claim("Two")
    change(mine)
    change(other, text="Secret")
    note = Annotation.objects.create(claim=mine, body="x", visibility="private", created_by=cast.person("lead"))
    change(note, body="y")
    own, foreign, private = (
        Change.objects.get(kind=row._meta.model_name, row=row.pk).pk for row in (mine, other, note)
    )
    for point in (foreign, private):
        assert client.get(address(mine, "history"), {"from": own, "to": point}).status_code == 404
        assert client.get(address(mine, "history"), {"from": point, "to": own}).status_code == 404

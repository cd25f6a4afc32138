"""The history of a claim: one entry a save, with who, when, why, and what became of each row."""

import datetime as dt
import html
import re
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.history import recorded
from articles.models import ImportRun, Revision
from claims import workflow
from claims.history import entries as reading
from claims.models import (
    Attribution,
    Claim,
    ClaimLink,
    Correction,
    CorrectionRequest,
    Evidence,
    Identity,
    Inquiry,
    Statement,
    Transition,
)
from tests import cast
from tests.claims.timelines import entries, history, plain, rows, told
from tests.desk import add_row, address, fill, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim():
    return cast.claim("It will rain", kind="prediction")


def save(row, *, by=None, why="", **values):
    """Write ``values`` as one save."""
    row.refresh_from_db()
    for name, value in values.items():
        setattr(row, name, value)
    with recorded(by=by, why=why) as made:
        row.save()
    return made


def test_a_save_is_one_entry_with_who_when_why_and_what(client, editor, claim):
    weather = cast.tag("Weather")
    statement = cast.statement()
    typed = {"text": "It will snow", "priority": 3, "tags": [weather.pk], "why": "Colder than thought"}
    fields = add_row(shown(client, address(claim)), "appearances", statement=statement.pk, stance="denies")
    client.post(address(claim), fill(fields, typed))
    entry = entries(client, claim)[0]
    assert (entry.by, entry.how, entry.revision.why) == ("editor", "edited", "Colder than thought")
    assert timezone.now() - entry.at < dt.timedelta(minutes=1)
    assert rows(entry) == {
        "claim": {"text": "It will[- rain-][+ snow+]", "priority": "[-normal-][+high+]", "tags": "[+Weather+]"},
        "appearance": {
            "statement": f"[+{statement}+]",
            "claim": "[+It will rain+]",
            "stance": "[+denies+]",
        },
    }
    shown_words = plain(history(client, claim))
    assert "Why: Colder than thought" in shown_words
    assert "It will removed: rain added: snow" in shown_words


def test_what_hangs_on_a_claim_is_in_its_history(client, editor, claim):
    statement = cast.statement(claim=claim, chain=["Ministry"])
    hop = statement.attributions.get()
    other = cast.claim("It will not")
    link = cast.link(claim, ClaimLink.Kind.DISPUTES, other)
    back = cast.link(other, ClaimLink.Kind.SUPPORTS, claim)
    evidence = Evidence.objects.create(claim=claim, url="https://example.org/")
    review = cast.review(claim)
    for row, values in [
        (statement, {"commitment": "CT+"}),
        (hop, {"cue": "told reporters"}),
        (link, {"note": "It says so"}),
        (back, {"note": "So it says"}),
        (evidence, {"excerpt": "Clouds."}),
        (review, {"headline": "Checked"}),
        (statement.appearances.get(), {"stance": "hedges"}),
    ]:
        save(row, **values)
    noise = cast.statement(claim=other)
    save(noise, commitment="CT+")
    save(cast.review(other), headline="Elsewhere")
    assert [rows(entry) for entry in entries(client, claim)][:-1] == [
        {"appearance": {"stance": "[-asserts-][+hedges+]"}},
        {"review": {"headline": "[+Checked+]"}},
        {"evidence": {"excerpt": "[+Clouds.+]"}},
        {"cross-reference": {"reason": "[+So it says+]"}},
        {"cross-reference": {"reason": "[+It says so+]"}},
        {"hop": {"cue": "[-said-][+told reporters+]"}},
        {"statement": {"the article's commitment": "[-not committed-][+certain+]"}},
    ]


def test_so_is_whom_the_desk_asked_and_what_it_corrected(client, editor, claim):
    with recorded(by=editor):
        Inquiry.objects.create(claim=claim, name="Mayor", question="Will it?")
    with recorded(by=editor):
        Correction.objects.create(claim=claim, text="It will not.")
    with recorded(by=editor):
        CorrectionRequest.objects.create(claim=claim, publisher=cast.publisher(), wrong="It will not")
    kinds = [list(rows(entry)) for entry in entries(client, claim)[:3]]
    assert kinds == [["correction request"], ["correction"], ["right of reply"]]


def test_what_was_withdrawn_stays_in_it(client, editor, claim):
    statement = cast.statement(claim=claim)
    hop = statement.attributions.get()
    with recorded(by=editor):
        statement.appearances.get().withdraw(by=editor, reason="Another claim")
    with recorded(by=editor):
        hop.withdraw(by=editor, reason="")
    hops, appearance = entries(client, claim)[:2]
    assert rows(appearance) == {"appearance": {"withdrawn": "[+Another claim+]"}}
    assert rows(hops) == {"hop": {"withdrawn": "[+yes+]"}}
    assert told(hops.content.chains[0].parts) == "[-Berlin’s defence ministry-]"


def test_what_moved_to_another_claim_is_in_both_until_it_left(client, editor, claim):
    other = cast.claim("It will snow")
    with recorded():
        review = cast.review(claim)
    save(review, headline="Here")
    save(review, claim=other)
    save(review, headline="There")
    ours = [rows(entry).get("review") for entry in entries(client, claim)]
    assert ours[:2] == [{"claim": "[-It will rain-][+It will snow+]"}, {"headline": "[+Here+]"}]
    assert "claim" in ours[2]
    assert ours[3] is None
    theirs = [rows(entry).get("review") for entry in entries(client, other)]
    assert theirs[:3] == [{"headline": "[-Here-][+There+]"}, *ours[:2]]


def test_links_and_statements_that_moved_are_in_it_too(client, editor, claim):
    other, third = cast.claim("It will snow"), cast.claim("It will hail")
    away, near = cast.link(claim, "supports", other), cast.link(other, "supports", claim)
    save(away, from_claim=third)
    save(near, to_claim=third)
    first, second = cast.statement(claim=claim), cast.statement()
    appearance = first.appearances.get()
    save(first, commitment="CT+")
    save(appearance, statement=second)
    found = [rows(entry) for entry in entries(client, claim)]
    assert found[0] == {"appearance": {"statement": f"[-{first}-][+{second}+]"}} or first.exact == second.exact
    assert found[1] == {"statement": {"the article's commitment": "[-not committed-][+certain+]"}}
    assert [list(each["cross-reference"]) for each in found[2:4]] == [["to claim"], ["from claim"]]


def test_chains_are_told_as_chains(client, editor, claim):
    statement = cast.statement(claim=claim, chain=["Ministry", ["Reuters", "Politico"], None])
    relay = statement.attributions.get(source__slug="reuters")
    with recorded(by=editor, why="Read again"):
        relay.withdraw(by=editor, reason="x")
        Attribution.objects.create(statement=statement, position=3, source=cast.source("Digest"))
        nobody = statement.attributions.get(source=None)
        nobody.source = cast.source("Agency")
        nobody.save()
    save(relay, cue="wrote")
    later, entry = entries(client, claim)[:2]
    [chain] = entry.content.chains
    assert chain.statement == statement
    gone, new = ("".join(part.text for part in chain.parts if part.kind != kind) for kind in ("new", "gone"))
    assert gone == "Ministry › Politico and Reuters › nobody named"
    assert new == "Ministry › Politico › Agency › Digest"
    assert later.content.chains == []
    assert "Chain of" in plain(history(client, claim))


def test_a_move_is_one_entry_with_its_note(client, claim):
    reviewer = cast.person("reviewer")
    client.force_login(reviewer)
    for to in ("in_review", "in_progress", "in_review"):
        claim.refresh_from_db()
        workflow.move(claim, to=to, by=reviewer, note=f"To {to}")
    found = entries(client, claim)
    assert [[move.note for move in entry.moves] for entry in found] == [
        ["To in_review"],
        ["To in_progress"],
        ["To in_review"],
        [],
    ]
    assert rows(found[0]) == {"claim": {"status": "[-in progress-][+in review+]"}}
    assert "Status: in progress → in review – To in_review" in plain(history(client, claim))


def test_a_move_that_came_with_a_fixture_is_an_entry_of_its_own(client, editor, claim):
    reviewer = cast.person("reviewer")
    Transition.objects.create(claim=claim, old="new", new="in_review", by=reviewer, note="Elsewhere")
    Transition.objects.create(claim=claim, old="in_review", new="new")
    workflow.move(claim, to="in_review", by=editor, note="Here")
    found = entries(client, claim)
    assert [(entry.by, entry.how, [move.note for move in entry.moves]) for entry in found] == [
        ("editor", "edited", ["Here"]),
        ("", "moved", [""]),
        ("reviewer", "moved", ["Elsewhere"]),
        ("", "made", []),
    ]


def test_a_claim_that_began_elsewhere_in_its_work_has_no_move(client, editor):
    with recorded(by=editor):
        claim = cast.claim(status="in_review")
    Transition.objects.create(claim=claim, old="new", new="in_review")
    assert [len(entry.moves) for entry in entries(client, claim)] == [1, 0]


def test_a_move_belongs_to_its_save_whoever_moved_it(client, editor, claim):
    lead = cast.person("lead")
    with recorded(by=editor):
        workflow.move(claim, to="in_review", by=lead)
    assert [len(entry.moves) for entry in entries(client, claim, by="editor")] == [0]
    assert client.get(address(claim, "history"), {"by": "lead"}).status_code == 302
    with recorded(by=lead):
        claim.save()
    assert [len(entry.moves) for entry in entries(client, claim, by="lead")] == [0]
    assert [len(entry.moves) for entry in entries(client, claim)] == [0, 1, 0]


def test_what_was_written_past_every_door_says_so(client, editor, claim):
    save(claim, text="It will snow")
    claim.text = "It will hail"
    claim.save()
    found = entries(client, claim)
    assert [(entry.how, entry.by) for entry in found] == [("past every door", ""), ("edited", ""), ("made", "")]
    assert "after" in plain(history(client, claim))


def test_imported_rows_have_a_beginning(client, editor, claim):
    lead = cast.person("lead")
    run = ImportRun.objects.create(format="jsonl", file_name="claims.jsonl", sha256="0" * 64, created_by=lead)
    for number in range(5):
        made = cast.statement(claim=claim, chain=[f"Voice {number}"])
        for row in (made, *made.attributions.all(), *made.appearances.all()):
            type(row).objects.filter(pk=row.pk).update(import_run=run, created_by=lead)
    found = entries(client, claim)
    assert [(entry.how, entry.by) for entry in found] == [("imported: claims.jsonl (jsonl)", "lead"), ("made", "")]
    kinds = [(began.kind, len(began.rows), began.more) for began in found[0].begun]
    assert kinds == [("5 appearances", 3, 2), ("5 statements", 3, 2), ("5 hops", 3, 2)]
    assert "and 2 more" in plain(history(client, claim))
    with recorded(by=lead, how=Revision.How.IMPORT, import_run=run, label="Loaded claims.jsonl", creations=False):
        claim.save()
    both = entries(client, claim)
    assert [(entry.how, len(entry.begun)) for entry in both] == [("imported", 3), ("made", 1)]


def test_the_order_is_that_of_writing_whatever_the_clock_said(client, editor, claim):
    with time_machine.travel("2030-01-01"):
        save(claim, text="Two")
    save(claim, text="Three")
    assert [rows(entry).get("claim") for entry in entries(client, claim)] == [
        {"text": "[-Two-][+Three+]"},
        {"text": "[-It will rain-][+Two+]"},
        None,
    ]


# Values in words


def test_values_are_told_in_words(client, editor, claim):
    save(claim, about_from=dt.date(2025, 12, 1), about_precision="month", due_on=dt.date(2026, 1, 2))
    save(claim, about_precision="year", figure_low="2.50", assignee=editor, published_at=timezone.now())
    statement = cast.statement(claim=claim)
    save(statement, gaps=[[statement.start + 1, statement.start + 3]], proposed={"a": "ü"})
    save(statement.attributions.get(), uncertain=True, source=None, said_on=dt.date(2025, 5, 4))
    hop, said, later, first = (rows(entry) for entry in entries(client, claim)[:4])
    assert first["claim"] == {"due on": "[+2 Jan 2026+]", "about from": "[+Dec 2025+]"}
    assert later["claim"].keys() == {"assignee", "about from", "figure low", "published at"}
    assert later["claim"]["about from"] == "[-Dec 2025-][+2025+]"
    assert (later["claim"]["figure low"], later["claim"]["assignee"]) == ("[+2.5+]", "[+editor+]")
    start = statement.start
    assert said["statement"] == {"gaps": f"[+{start + 1}–{start + 3}+]", "proposed": '[+{"a": "ü"}+]'}
    assert hop["hop"] == {
        "source": "[-Berlin’s defence ministry-]",
        "uncertain": "[-no-][+yes+]",
        "said on": "[+4 May 2025+]",
    }


def test_tags_are_told_by_name(client, editor, claim):
    rain, snow = cast.tag("Rain"), cast.tag("Snow")
    claim.tags.set([rain])
    with recorded():
        claim.save()
        claim.tags.set([snow])
    assert rows(entries(client, claim)[0]) == {"claim": {"tags": "[-Rain-][+Snow+]"}}


def test_what_is_gone_is_named_without_a_name(client, editor, claim):
    other = cast.claim("Gone")
    evidence = Evidence.objects.create(claim=claim, url="https://example.org/")
    save(claim, assignee=editor)
    save(evidence, excerpt="Two")
    save(evidence, claim=other)
    evidence.delete()
    entry = entries(client, claim)[0]
    assert [(change.name, change.row) for change in entry.content.rows] == [("not shown", None)]
    assert rows(entry) == {"evidence": {}} or "claim" in rows(entry)["evidence"]


def test_identities_are_no_part_of_it(client, claim):
    client.force_login(cast.person("admin"))
    unnamed = cast.source("A diplomat", named=False, description="Baltic")
    cast.statement(claim=claim, chain=[unnamed])
    with recorded():
        guess = Identity.objects.create(source=unnamed, guess=cast.source("Anna Secret"), note="her voice")
        guess.save()
    for row in (claim, unnamed):
        assert "Secret" not in history(client, row).content.decode()
    assert client.get(address(guess, "history")).status_code == 404


PAYLOADS = [
    "<script>window.__xss=1</script>",
    "<img src=x onerror=window.__xss=1>",
    "</title><script>window.__xss=1</script>",
    '"><img src=x onerror=window.__xss=1>',
    "' autofocus onfocus=window.__xss=1 x='",
    "{{7*7}}{% debug %}",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_texts_are_text(client, editor, claim, payload):
    save(claim, text=payload, short_text=payload, unit=payload[:50], why=payload)
    save(claim, text=f"{payload} and {PAYLOADS[0]}", why=payload)
    found = entries(client, claim)
    pages = [
        history(client, claim),
        client.get(address(claim, "history"), {"from": found[1].point, "to": found[0].point}),
        client.get(address(claim, "change").replace("change", "restore/1")),
        client.get(f"/admin/articles/revision/{found[0].revision.pk}/change/"),
        client.get("/admin/articles/revision/"),
        client.get("/admin/"),
    ]
    for page in pages:
        assert page.status_code == 200
        html = page.content.decode()
        assert payload not in html.replace(f'value="{payload}"', "") or ("<" not in payload and "'" not in payload)
        assert "<script>window" not in html
        assert "<img src=x" not in html
        assert "49" not in html or "{{7*7}}" in html or "{{7*7}}" not in payload


# Asking for less


def test_it_is_filtered_by_person_kind_and_field(client, editor, claim):
    reviewer = cast.person("reviewer")
    review = cast.review(claim)
    save(claim, by=reviewer, text="Two", priority=3)
    save(claim, by=editor, text="Three")
    save(review, by=reviewer, headline="Seen")
    save(claim, priority=4)

    def found(**asked):
        return [rows(entry) for entry in entries(client, claim, **asked)]

    assert len(found()) == 5
    assert found(by="reviewer") == [
        {"review": {"headline": "[+Seen+]"}},
        {"claim": {"text": "[-It will rain-][+Two+]", "priority": "[-normal-][+high+]"}},
    ]
    assert [each.get("claim") for each in found(by="-")] == [{"priority": "[-high-][+urgent+]"}, None]
    assert found(kind="review") == [{"review": {"headline": "[+Seen+]"}}, {}]
    assert found(field="claim.text") == [
        {"claim": {"text": "[-Two-][+Three+]"}},
        {"claim": {"text": "[-It will rain-][+Two+]"}},
    ]
    assert found(field="claim.text", by="editor") == [{"claim": {"text": "[-Two-][+Three+]"}}]
    assert found(field="review.headline", by="editor") == []
    assert "no save fits" in plain(history(client, claim, field="review.headline", by="editor"))


def test_moves_are_filtered_too(client, editor, claim):
    Transition.objects.create(claim=claim, old="new", new="in_review")
    workflow.move(claim, to="in_review", by=editor, note="Here")
    save(claim, text="Two", by=cast.person("lead"))

    def notes(**asked):
        return [move.note for entry in entries(client, claim, **asked) for move in entry.moves]

    assert notes() == ["Here", ""]
    assert notes(field="claim.status") == ["Here", ""]
    assert notes(by="editor") == ["Here"]
    assert notes(field="claim.text") == notes(kind="review") == notes(by="lead") == []


BAD = [
    "by=zzz",
    "kind=annotation",
    "field=claim.lock",
    "field=zzz",
    "page=0",
    "page=99",
    "page=x",
    "zzz=1",
    "page=1000000",
]


@pytest.mark.parametrize("query", BAD)
def test_what_it_does_not_know_it_refuses(client, editor, claim, query):
    response = client.get(f"{address(claim, 'history')}?{query}", follow=True)
    assert response.redirect_chain == [(f"{address(claim, 'history')}?e=1", 302)]
    assert "does not exist: this is the whole history" in plain(response)


def test_it_opens_from_a_filtered_list_and_leads_back_to_it(client, editor, claim):
    filters = "q=rain&status__exact=new"
    form = client.get(f"{address(claim)}?{urlencode({'_changelist_filters': filters})}").content.decode()
    link = html.unescape(re.search(r'href="([^"]+)" class="historylink"', form)[1])
    response = client.get(link, follow=True)
    assert not response.redirect_chain
    ways_back = {html.unescape(way) for way in re.findall(r'href="([^"]+)"', response.content.decode())}
    assert f"{reverse('admin:claims_claim_changelist')}?{filters}" in ways_back
    assert f"{address(claim)}?{urlencode({'_changelist_filters': filters})}" in ways_back


def test_two_versions_are_chosen_already(client, editor, claim):
    """Also where the newest entry, a move that was loaded, is no version."""
    save(claim, text="It will snow")
    Transition.objects.create(claim=claim, old="new", new="in_review", at=timezone.now())
    page = client.get(address(claim, "history")).content.decode()
    chosen = dict(re.findall(r'name="(from|to)"\s+value="(\d+)" checked', page))
    assert chosen.keys() == {"from", "to"}
    assert client.get(address(claim, "history"), chosen).status_code == 200


def test_one_version_alone_is_not_compared(client, editor, claim):
    page = client.get(address(claim, "history")).content.decode()
    assert 'type="radio"' not in page
    assert "Compare the two" not in page


def test_a_page_shows_so_many_saves(client, editor, claim):
    for number in range(reading.ENTRIES + 3):
        save(claim, text=f"Number {number}")
    first, second = entries(client, claim), entries(client, claim, page=2)
    assert (len(first), len(second)) == (reading.ENTRIES, 4)
    assert rows(second[0]) == {"claim": {"text": "Number[- 1-][+ 2+]"}}
    assert "Page 1 of 2" in plain(history(client, claim))
    assert 'href="?page=1"' in history(client, claim, page=2).content.decode()
    assert 'href="?field=claim.text&amp;page=2"' in history(client, claim, field="claim.text").content.decode()


def test_a_page_shows_so_many_rows(client, editor, claim, monkeypatch):
    monkeypatch.setattr(reading, "ROWS", 2)
    with recorded(by=editor) as made:
        for number in range(3):
            Evidence.objects.create(claim=claim, url=f"https://example.org/{number}")
    assert [entry.more for entry in entries(client, claim)] == [1, 0]
    page = history(client, claim).content.decode()
    assert f'<a href="/admin/articles/revision/{made.pk}/change/">1 more row of this save</a>' in page


def test_it_costs_the_same_however_long_it_is(client, editor, claim):
    def grow():
        statement = cast.statement(claim=claim, chain=["Ministry", "Reuters"])
        review = cast.review(claim)
        link = cast.link(claim, "supports", cast.claim("Other"))
        evidence = Evidence.objects.create(claim=claim, article=statement.version.article)
        with recorded(by=editor):
            claim.refresh_from_db()
            claim.save()
            claim.tags.add(cast.tag(f"Tag {Statement.objects.count()}"))
            for row in (statement, *statement.attributions.all(), review, link, evidence):
                row.save()
        workflow.move(claim, to=workflow.MOVES[claim.status][0], by=cast_admin)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as counted:
            history(client, claim)
        return len(counted)

    cast_admin = cast.person("admin")
    grow()
    history(client, claim)
    few = cost()
    for _ in range(3):
        grow()
    assert cost() == few
    # 1 session · 2 user · 3 powers · 4 claim · 5 tags · 6 to 11 what hangs on it: appearances, evidence, reviews,
    # links, statements, hops · 12 what left · 13 to 15 who saved · what began, two times seven kinds · saves ·
    # moves · moves' saves and what the claim says now, with tags · changes · what each of seven kinds says now, and
    # tags · chains: hops, what they say, their changes · names: nine kinds, and two of articles' texts
    assert few <= 68


# Who may


@pytest.mark.parametrize("name", [None, "outsider", "reader"])
def test_it_is_the_desks(client, claim, name):
    if name:
        client.force_login(cast.person(name))
    save(claim, text="A secret of the desk")
    for url in (
        address(claim, "history"),
        "/admin/articles/revision/",
        address(claim, "change").replace("change", "restore/1"),
    ):
        assert "secret" not in client.get(url, follow=True).content.decode()


def test_the_page_of_a_claim_leads_the_desk_there(client, claim):
    Claim.objects.filter(pk=claim.pk).update(status="published", published_at=timezone.now())
    link = f'href="{address(claim, "history")}"'
    assert link not in client.get(claim.get_absolute_url()).content.decode()
    for name, sees in [("outsider", False), ("reader", False), ("editor", True)]:
        client.force_login(cast.person(name))
        assert (link in client.get(claim.get_absolute_url()).content.decode()) == sees


def test_a_claim_that_is_not_there_has_none(client, editor):
    assert client.get("/admin/claims/claim/99999/history/").status_code == 302
    assert client.get("/admin/claims/claim/99999/restore/1/").status_code == 302

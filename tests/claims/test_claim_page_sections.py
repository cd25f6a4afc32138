"""What else the page of one claim shows: links, evidence, reviews, a timeline, notes and history."""

import datetime as dt
import re

import pytest

from claims import workflow
from claims.models import Annotation, Evidence
from tests import cast
from tests.claims.pages import read, section, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim():
    return cast.claim("Germany sends soldiers to Poland", published=True)


# Cross-references


@pytest.mark.parametrize(
    ("kind", "forward", "inverse"),
    [
        ("disputes", "Disputes", "Disputed by"),
        ("narrower", "Narrower than", "Broader than"),
        ("responds_to", "Responds to", "Has response"),
        ("contradicts", "Contradicts", "Contradicts"),
    ],
)
def test_links_read_right_from_either_end(client, claim, kind, forward, inverse):
    other = cast.claim("The other claim", published=True)
    cast.link(claim, kind, other, note="Because of this.")
    here, there = (section(read(client, each), "cross-references") for each in (claim, other))
    assert f'<h3 class="link-kind">{forward}</h3>' in here
    assert f'<h3 class="link-kind">{inverse}</h3>' in there
    assert f'href="{other.get_absolute_url()}"' in here
    assert f'href="{claim.get_absolute_url()}"' in there
    assert "Because of this." in here
    assert "drawn by the desk" in here


def test_it_names_the_statement_that_draws_a_link(client, claim):
    other = cast.claim("The other claim", published=True)
    drawing = cast.statement(chain=["Minister"], claim=claim)
    cast.link(claim, "disputes", other, drawn_by=drawing)
    shown = words(section(read(client, claim), "cross-references"))
    assert "drawn by Minister" in shown
    assert "drawn by the desk" not in shown


def test_a_statement_that_the_public_may_not_see_draws_in_silence(client, claim):
    drawing = cast.statement(chain=["Secret voice"], claim=cast.claim("Not out yet"))
    cast.link(claim, "disputes", cast.claim("The other claim", published=True), drawn_by=drawing)
    html = section(read(client, claim), "cross-references")
    assert "The other claim" in html
    assert "Secret voice" not in html
    assert "drawn by" not in html


def test_the_public_sees_no_unconfirmed_link_and_none_to_what_is_not_published(client, claim):
    cast.link(claim, "supports", cast.claim("Suggested end", published=True), state="suggested")
    cast.link(claim, "supports", cast.claim("Unpublished end"))
    html = read(client, claim)
    assert "Suggested end" not in html
    assert "Unpublished end" not in html
    client.force_login(cast.person("reader"))
    shown = words(section(read(client, claim), "cross-references"))
    assert "Suggested end" in shown
    assert "suggested" in shown
    assert "Unpublished end" in shown


def test_nobody_is_shown_rejected_or_withdrawn_links(client, claim, editor):
    cast.link(claim, "supports", cast.claim("Rejected end", published=True), state="rejected")
    cast.link(claim, "updates", cast.claim("Cut end", published=True)).withdraw(by=editor, reason="wrong")
    gone = cast.claim("Gone end", published=True)
    cast.link(claim, "qualifies", gone)
    gone.withdraw(by=editor, reason="hoax")
    html = read(client, claim)
    for end in ("Rejected end", "Cut end", "Gone end"):
        assert end not in html


# Evidence and reviews


def test_evidence_shows_its_stance_its_words_and_where_it_is(client, claim):
    Evidence.objects.create(
        claim=claim,
        stance="refutes",
        url="https://data.example.org/table",
        archive_url="https://archive.example.org/1",
        excerpt="not one soldier",
        note="The table of March.",
    )
    html = section(read(client, claim), "evidence")
    assert 'href="https://data.example.org/table"' in html
    assert 'href="https://archive.example.org/1"' in html
    for part in ("refutes", "not one soldier", "The table of March."):
        assert part in words(html)


def test_evidence_leads_to_an_article_only_where_the_viewer_may_open_it(client, claim):
    hidden = cast.article("Hidden report\nwords", identifier="https://news.example.org/hidden")
    quoted = cast.article("Quoted report\nwords")
    cast.statement(quoted, claim=claim)
    for article in (hidden, quoted):
        Evidence.objects.create(claim=claim, article=article)
    html = section(read(client, claim), "evidence")
    assert 'href="https://news.example.org/hidden"' in html
    assert f'href="/articles/{quoted.pk}/"' in html
    assert f'href="/articles/{hidden.pk}/"' not in html
    client.force_login(cast.person("reader"))
    assert f'href="/articles/{hidden.pk}/"' in read(client, claim)


def test_content_and_attribution_are_reviewed_apart(client, claim):
    told = cast.statement(chain=["Minister"], claim=claim)
    cast.review(claim, explanation="We counted.", reviewed_on=dt.date(2025, 12, 1))
    cast.review(claim, subject="attribution", statement=told, explanation="We have the tape.")
    content, attribution = section(read(client, claim), "reviews").split("Did they say it?")
    assert "We counted." in content
    assert "Mostly wrong" in content
    assert "1 Dec 2025" in content
    assert "We have the tape." not in content
    assert "We have the tape." in attribution
    assert "Minister" in attribution


def test_it_says_where_nobody_has_checked(client, claim):
    whether_true, whether_said = "Nobody has checked yet whether it is true.", "Nobody has checked yet whether they"
    before = section(read(client, claim), "reviews")
    assert whether_true in before
    assert whether_said in before
    cast.review(claim)
    after = section(read(client, claim), "reviews")
    assert whether_true not in after
    assert whether_said in after


def test_a_checked_attribution_stands_beside_a_verdict_that_is_still_open(client, claim):
    told = cast.statement(chain=["Minister"], claim=claim)
    assert "<dt>Did they say it?</dt>" not in read(client, claim)
    of_it = {"subject": "attribution", "statement": told}
    cast.review(claim, **of_it, rating=None, textual_rating="Genuine", reviewed_on=dt.date(2025, 12, 1))
    cast.review(claim, **of_it, rating=None, textual_rating="Doubtful", reviewed_on=dt.date(2025, 11, 1))
    cast.review(claim, **of_it, rating=None, textual_rating="Not sure", state="draft")
    html = read(client, claim)
    assert "No verdict yet" in html
    assert '<a href="#reviews">Genuine</a>' in html


def test_the_verdict_leads_to_the_reviews(client, claim):
    cast.review(claim)
    assert '<a class="state refuted" href="#reviews">False</a>' in read(client, claim)


def test_only_the_desk_sees_drafts(client, claim):
    cast.review(claim, state="draft", explanation="Not sure yet.")
    assert "Not sure yet." not in read(client, claim)
    client.force_login(cast.person("reader"))
    assert "Not sure yet." in read(client, claim)


# Timeline


def test_each_mark_leads_to_a_statement_on_the_page(client, claim):
    said = cast.statement(chain=["Minister"], claim=claim, said_on="2025-11-20")
    denied = cast.statement(chain=["Kremlin"], claim=claim, stance="denies", said_on="2025-11-21")
    html = section(read(client, claim), "timeline")
    marks = re.findall(r'<a class="point (\w+)" href="#s(\d+)" aria-label="([^"]+)">', html)
    assert marks == [
        ("asserts", str(said.pk), "20 Nov 2025: Minister asserts"),
        ("denies", str(denied.pk), "21 Nov 2025: Kremlin denies"),
    ]
    assert "<title" in html
    assert "<desc" in html
    assert "Kremlin" in html.split("<table")[1]
    assert "style=" not in html


def test_a_claim_without_statements_has_no_timeline(client, claim):
    html = section(read(client, claim), "timeline")
    assert "<svg" not in html
    assert "Nothing dated to draw yet." in html


# Notes and history


def test_the_public_sees_public_notes_as_safe_html(client, claim):
    Annotation.objects.create(claim=claim, body="**Ask** <script>x</script>", visibility="public")
    html = section(read(client, claim), "notes")
    assert "<strong>Ask</strong>" in html
    assert "<script>" not in html


def test_notes_are_shown_to_those_they_are_for(client, claim):
    writer, reader = cast.person("editor"), cast.person("reader")
    told = cast.statement(claim=claim)
    for visibility in ("private", "desk", "public"):
        for place in ({"claim": claim}, {"statement": told}):
            body = f"{visibility} note on {next(iter(place))}"
            Annotation.objects.create(body=body, visibility=visibility, created_by=writer, **place)

    def seen():
        return sorted(re.findall(r"(private|desk|public) note on (claim|statement)", read(client, claim)))

    assert seen() == [("public", "claim"), ("public", "statement")]
    client.force_login(reader)
    assert seen() == [("desk", "claim"), ("desk", "statement"), ("public", "claim"), ("public", "statement")]
    client.force_login(writer)
    assert len(seen()) == 6


def test_a_withdrawn_note_is_gone_and_a_reply_follows_what_it_answers(client, claim, editor):
    first = Annotation.objects.create(claim=claim, body="First")
    Annotation.objects.create(claim=claim, body="Second")
    Annotation.objects.create(claim=claim, body="Answer", reply_to=first)
    Annotation.objects.create(claim=claim, body="Gone").withdraw(by=editor, reason="spam")
    shown = words(section(read(client, claim), "notes"))
    assert shown.index("First") < shown.index("Answer") < shown.index("Second")
    assert "Gone" not in shown


def test_names_of_editors_are_for_the_desk(client, claim):
    Annotation.objects.create(claim=claim, body="Look", visibility="public", created_by=cast.person("lead"))
    assert "lead" not in words(section(read(client, claim), "notes"))
    client.force_login(cast.person("reader"))
    assert "lead" in words(section(read(client, claim), "notes"))


def test_a_note_without_an_author_names_none(client, claim):
    Annotation.objects.create(claim=claim, body="Look")
    client.force_login(cast.person("reader"))
    shown = section(read(client, claim), "notes")
    assert "<span>commenting</span> <span>for the desk</span>" in shown


def test_the_desk_sees_how_the_status_changed(client):
    moved = cast.claim()
    reviewer = cast.person("reviewer")
    workflow.move(moved, to="in_review", by=reviewer, note="second look")
    workflow.move(moved, to="published", by=reviewer)
    assert 'id="history"' not in read(client, moved)
    client.force_login(cast.person("reader"))
    shown = words(section(read(client, moved), "history"))
    assert "new → in review by reviewer second look" in shown
    assert "in review → published by reviewer" in shown

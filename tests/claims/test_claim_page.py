"""The page of one claim."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from claims.models import (
    Annotation,
    Attribution,
    Claim,
    Correction,
    CorrectionRequest,
    Evidence,
    Inquiry,
    Occasion,
)
from claims.provenance import refresh
from claims.records.claim import PAGE
from tests import cast
from tests.claims.pages import read, section, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim():
    return cast.claim("Germany sends soldiers to Poland", published=True)


# Its address


def test_it_answers_at_its_own_address(client, claim):
    assert "<h1" in read(client, claim)


@pytest.mark.parametrize("address", ["/claims/{}/", "/claims/{}-another-slug/"])
def test_any_other_slug_leads_to_the_right_address(client, claim, address):
    response = client.get(address.format(claim.pk))
    assert (response.status_code, response["Location"]) == (302, claim.get_absolute_url())


@pytest.mark.parametrize("number", ["0", "999", "99999999999999999999999"])
def test_a_number_that_no_claim_has_is_not_found(client, claim, number):
    assert client.get(f"/claims/{number}-x/").status_code == 404


@pytest.mark.parametrize("asked", ["0", "2", "-1", "x", "", "1.5", "²", "99999999999999999999"])
def test_a_page_of_statements_that_there_is_not_is_not_found(client, claim, asked):
    assert client.get(claim.get_absolute_url(), {"page": asked}).status_code == 404


# Who sees it


def test_an_unpublished_claim_is_not_found_by_the_public(client):
    hidden = cast.claim("Not out yet")
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(f"/claims/{hidden.pk}-wrong/").status_code == 404
    client.force_login(cast.person("outsider"))
    assert client.get(hidden.get_absolute_url()).status_code == 404
    client.force_login(cast.person("reader"))
    assert client.get(hidden.get_absolute_url()).status_code == 200


def test_a_withdrawn_claim_is_gone_for_the_public_and_says_why_to_the_desk(client, claim):
    claim.withdraw(by=cast.person("lead"), reason="It was a hoax.")
    assert client.get(claim.get_absolute_url()).status_code == 404
    client.force_login(cast.person("reader"))
    assert "It was a hoax." in read(client, claim)


def test_the_desk_is_offered_to_those_who_may_use_it(client, claim, editor):
    assert f'href="/admin/claims/claim/{claim.pk}/change/"' in read(client, claim)


def test_the_desk_is_not_offered_to_others(client, claim):
    assert "Edit in the desk" not in read(client, claim)
    client.force_login(cast.person("reader"))
    assert "Edit in the desk" not in read(client, claim)


# The strip


def test_it_says_what_the_claim_is(client, claim):
    claim.tags.add(cast.tag("NATO"))
    Claim.objects.filter(pk=claim.pk).update(
        kind="figure",
        figure_low=24,
        figure_high="39.50",
        unit="%",
        qualifier="about",
        about_from=dt.date(2026, 4, 1),
        about_precision="month",
    )
    shown = words(read(client, claim))
    for fact in ("Kind figure", "Figure about 24–39.5 %", "About from Apr 2026", "NATO"):
        assert fact in shown


@pytest.mark.parametrize(
    ("roots", "said"),
    [
        ([], "Unsourced"),
        (["Minister"], "Single source"),
        (["Minister", "Kremlin"], "2 independent sources"),
    ],
)
def test_it_counts_independent_sources(client, claim, roots, said):
    for root in roots:
        cast.statement(chain=[root], claim=claim)
    assert f"Independent sources {said} " in words(read(client, claim))


def test_unnamed_sources_are_told_apart(client, claim):
    cast.statement(chain=["Minister"], claim=claim)
    cast.statement(chain=[cast.source("a diplomat", named=False, description="a diplomat")], claim=claim)
    assert "2 independent sources, 1 unnamed" in words(read(client, claim))


def test_it_says_when_it_was_first_said_and_by_how_many_denied(client, claim):
    cast.statement(cast.article(on="2025-11-22"), claim=claim)
    cast.statement(chain=["Kremlin"], claim=claim, stance="denies", said_on="2025-11-20")
    shown = words(read(client, claim))
    assert "First said by 22 Nov 2025" in shown
    assert "First published 22 Nov 2025" in shown
    assert "Denied by 1 source" in shown


def test_a_circle_is_reported_and_leads_to_its_arcs(client, claim):
    alpha, beta = cast.outlet("Alpha"), cast.outlet("Beta")
    cast.statement(cast.article(publisher="Alpha"), chain=[beta], claim=claim)
    cast.statement(cast.article(publisher="Beta"), chain=[alpha], claim=claim)
    html = read(client, claim)
    assert "The reports cite each other in a circle" in html
    assert f'href="{claim.get_absolute_url()}sources/#circles"' in html


def test_without_a_circle_nothing_is_said_of_one(client, claim):
    cast.statement(claim=claim)
    assert "circle" not in words(read(client, claim))


# Who said it


def test_a_statement_shows_chain_stance_words_date_and_article(client, claim):
    told = cast.statement(chain=["Minister", "Reuters"], claim=claim, stance="hedges", said_on="2025-11-20")
    html = section(read(client, claim), "said")
    assert f'id="s{told.pk}"' in html
    shown = words(html)
    assert re.search(r"Minister .*Reuters .*The Daily Digest", shown)
    for part in ("hedges", "indirect", "20 Nov 2025", "The minister said “we will pay” on Tuesday."):
        assert part in shown
    assert f'href="/articles/{told.version.article_id}/?version=1#s{told.pk}"' in html


def test_statements_stand_in_order_of_time(client, claim):
    for day in ("2025-11-20", "2024-01-01", "2025-11-19"):
        cast.statement(claim=claim, said_on=day)
    html = section(read(client, claim), "said")
    dates = re.findall(r'<time datetime="([\d-]+)">', html)
    assert dates == ["2024-01-01", "2025-11-19", "2025-11-20"]


def test_of_one_date_what_answers_the_claim_stands_last(client, claim):
    for stance in ("denies", "questions", "asserts", "hedges"):
        cast.statement(claim=claim, stance=stance, said_on="2025-12-01")
    cast.statement(claim=claim, stance="denies", said_on="2025-11-30")
    html = section(read(client, claim), "said")
    assert re.findall(r'class="stance (\w+)"', html) == ["denies", "asserts", "hedges", "denies", "questions"]


def test_gaps_are_left_out_and_verbatim_words_set_apart(client, claim):
    text = "Headline\n“Yes,” she said, “at once.”"
    gap = text.index(" she said, ")
    cast.statement(cast.article(text), claim=claim, gaps=[[gap, gap + len(" she said, ")]])
    mixed = cast.statement(claim=claim)
    first = mixed.version.text.index("we will pay")
    type(mixed).objects.filter(pk=mixed.pk).update(words=[[first, first + len("we will pay")]])
    html = section(read(client, claim), "said")
    assert '“Yes,” <span class="elided">[…]</span> “at once.”' in html
    assert '<b class="verbatim">we will pay</b>' in html
    assert "she said" not in html


def test_direct_words_get_quotation_marks_and_reported_ones_do_not(client, claim):
    direct = cast.statement(cast.article("Headline\nwe will pay"), claim=claim)
    Attribution.objects.filter(statement=direct).update(quotation_type="direct")
    refresh(statements=[direct.pk])
    cast.statement(cast.article("Headline\nthey would pay"), claim=claim)
    cast.statement(cast.article("Headline\n“they would”"), claim=claim)
    html = section(read(client, claim), "said")
    looks = re.findall(r'<blockquote class="([^"]+)"[^>]*>([^<]+)</blockquote>', html)
    assert sorted(looks) == [
        ("quote", "we will pay"),
        ("quote text", "they would pay"),
        ("quote text hang", "“they would”"),
    ]


def test_it_shows_what_a_statement_was_taken_from(client, claim):
    origin = cast.statement(chain=["Spokesperson"], claim=claim)
    cast.statement(chain=["Ministry"], claim=claim, derived_from=origin)
    html = section(read(client, claim), "said")
    assert f'<a href="/articles/{origin.version.article_id}/?version=1#s{origin.pk}">taken from</a>' in html


def test_an_origin_that_the_public_may_not_see_stays_hidden(client, claim):
    origin = cast.statement(chain=["Secret spokesperson"], claim=cast.claim("Not out yet"))
    cast.statement(chain=["Ministry"], claim=claim, derived_from=origin)
    html = read(client, claim)
    assert "taken from" not in html
    assert "Secret spokesperson" not in html


def test_it_names_the_occasion(client, claim):
    occasion = Occasion.objects.create(title="Munich speech", place="Munich", starts_on=dt.date(2025, 2, 14))
    cast.statement(claim=claim, occasion=occasion)
    shown = words(section(read(client, claim), "said"))
    assert "Munich speech, Munich" in shown
    assert "14 Feb 2025" in shown


def test_only_the_desk_sees_suggested_statements(client, claim):
    cast.statement(chain=["Guessed voice"], claim=claim, state="suggested")
    assert "Guessed voice" not in read(client, claim)
    client.force_login(cast.person("reader"))
    assert "suggested, not confirmed" in words(section(read(client, claim), "said"))


def test_nobody_is_shown_rejected_or_withdrawn_statements(client, claim, editor):
    cast.statement(chain=["Rejected voice"], claim=claim, state="rejected")
    cast.statement(chain=["Withdrawn voice"], claim=claim).withdraw(by=editor, reason="twice")
    linked = cast.statement(chain=["Unlinked voice"], claim=claim)
    linked.appearances.get().withdraw(by=editor, reason="another claim")
    html = read(client, claim)
    for voice in ("Rejected voice", "Withdrawn voice", "Unlinked voice"):
        assert voice not in html
    assert "No statement makes this claim yet." in html


def test_other_claims_statements_stay_away(client, claim):
    cast.statement(chain=["Noise"], claim=cast.claim("Another", published=True))
    assert "Noise" not in read(client, claim)


def test_many_statements_come_in_pages(client, claim):
    article = cast.article("Headline\nAll of it.")
    with cast.at_once():
        for number in range(PAGE + 1):
            cast.statement(article, chain=[f"Voice {number}"], claim=claim)
    first, second = read(client, claim), read(client, claim, page=2)
    assert first.count('<li class="told"') == PAGE
    assert second.count('<li class="told"') == 1
    assert 'href="?page=2#said"' in first
    assert 'href="?page=1#said"' in second
    assert 'href="?page=3#said"' not in second


# What it costs


def fill(claim, times):
    """A claim with everything on it, ``times`` over."""
    writer = cast.person(f"writer-{times}")
    with cast.at_once():
        for number in range(times):
            claim.tags.add(cast.tag(f"Tag {times} {number}"))
            original = cast.article(publisher=f"Original {number}")
            origin = cast.statement(original, chain=[f"Spokesperson {number}"], claim=claim)
            carrying = cast.article(republishes=original)
            occasion = Occasion.objects.create(title="Speech", starts_on=timezone.now().date())
            told = cast.statement(
                carrying,
                chain=[[f"A{number}", f"B{number}"], "Reuters"],
                claim=claim,
                derived_from=origin,
                occasion=occasion,
            )
            drawing = cast.statement(claim=cast.claim("Elsewhere", published=True))
            cast.link(claim, "supports", cast.claim(f"Other {number}", published=True), drawn_by=drawing)
            cast.link(cast.claim(f"Another {number}", published=True), "disputes", claim)
            Evidence.objects.create(claim=claim, article=carrying)
            cast.review(claim)
            cast.review(claim, subject="attribution", statement=told)
            asked = {"question": "Is it so?", "answer_public": True, "outcome": "declined"}
            Inquiry.objects.create(claim=claim, source=cast.source("Reuters"), **asked)
            Inquiry.objects.create(claim=claim, publisher=carrying.publisher, **asked)
            CorrectionRequest.objects.create(claim=claim, publisher=carrying.publisher, article=carrying, wrong="x")
            Correction.objects.create(claim=claim, text="It was another day.")
            for place in ({"claim": claim}, {"statement": told}):
                Annotation.objects.create(body="Note", visibility="public", created_by=writer, **place)


@pytest.mark.parametrize("times", [1, 4])
def test_it_costs_the_public_eleven_queries(client, claim, django_assert_num_queries, times):
    fill(claim, times)
    # 1 claim · 2 tags · 3 appearances · 4 links · 5 reviews · 6 statements · 7 hops · 8 notes · 9 evidence
    # · 10 corrections · 11 replies
    with django_assert_num_queries(11):
        read(client, claim)


@pytest.mark.parametrize("times", [1, 4])
def test_it_costs_an_editor_sixteen_queries(client, claim, editor, django_assert_num_queries, times):
    fill(claim, times)
    # 1 session · 2 user · 3 powers · then as the public, 4 to 14 · 15 correction requests · 16 history
    with django_assert_num_queries(16):
        read(client, claim)


def test_the_desks_status_is_for_the_desk(client):
    claim = cast.claim(published=True)
    Claim.objects.filter(pk=claim.pk).update(status=Claim.Status.IN_REVIEW)
    assert "In review" not in client.get(claim.get_absolute_url()).content.decode()
    client.force_login(cast.person("reader"))
    assert "In review" in client.get(claim.get_absolute_url()).content.decode()


def test_it_is_only_read(client):
    claim = cast.claim(published=True)
    assert client.post(claim.get_absolute_url()).status_code == 405

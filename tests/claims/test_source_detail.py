"""A source's page."""

import pytest

from claims.models import Annotation, Identity, Source, SourceRole, Statement
from tests import cast
from tests.claims.worlds import EVERYBODY, shown_and_hidden, sign_in

pytestmark = pytest.mark.django_db


def page(client, slug):
    response = client.get(f"/sources/{slug}/")
    assert response.status_code == 200
    return response.content.decode()


def sections(client, slug):
    record = client.get(f"/sources/{slug}/").context["record"]
    return {section.title: [row.text for row in section.rows] for section in record.sections}


@pytest.mark.parametrize("who", EVERYBODY)
def test_it_is_not_there_for_the_public_unless_something_published_names_it(client, who):
    shown_and_hidden()
    cast.source("Never quoted")
    sign_in(client, who)
    codes = {slug: client.get(f"/sources/{slug}-source/").status_code for slug in ("shown", "draft", "withdrawn")}
    assert codes == {"shown": 200, "draft": 404, "withdrawn": 404}
    assert client.get("/sources/never-quoted/").status_code == 404
    assert client.get("/sources/nobody/").status_code == 404


def test_a_role_sees_every_source_and_that_one_is_withdrawn(client):
    shown_and_hidden()
    cast.source("Gone").withdraw(by=None, reason="entered twice")
    sign_in(client, "reader")
    for slug in ("shown-source", "draft-source", "withdrawn-source"):
        assert "Withdrawn on" not in page(client, slug)
    assert "Reason: entered twice" in page(client, "gone")


def test_it_says_who_this_is(client):
    ministry = cast.source("Ministry", aliases="BMVg\nBerlin", wikidata_id="Q1", description="A ministry in Berlin.")
    speaker = cast.source("Speaker", kind=Source.Kind.PERSON, speaks_for=ministry)
    SourceRole.objects.create(source=speaker, title="Spokesperson", organisation=ministry, held_from="2024-03-01")
    cast.statement(chain=[speaker], claim=cast.claim(published=True))
    about_speaker, about_ministry = page(client, "speaker"), page(client, "ministry")
    assert '<a href="/sources/ministry/">Ministry</a>' in about_speaker
    assert "Spokesperson, Ministry" in about_speaker
    assert '<time datetime="2024-03-01">1 Mar 2024</time>' in about_speaker
    assert "BMVg, Berlin" in about_ministry
    assert "A ministry in Berlin." in about_ministry
    assert "https://www.wikidata.org/wiki/Q1" in about_ministry
    assert '<a href="/sources/speaker/">Speaker</a>' in about_ministry


def test_an_unnamed_voice_is_described_and_never_guessed_at(client):
    times = cast.outlet("Financial Times")
    diplomat = cast.source("one diplomat", named=False, description="a Baltic diplomat", known_through=times)
    cast.statement(chain=[diplomat, times], claim=cast.claim(published=True))
    Identity.objects.create(source=diplomat, guess=cast.source("Jane Roe"))
    for who in ("anonymous", "editor", "admin"):
        sign_in(client, who)
        text = page(client, "one-diplomat")
        assert "its name was not published" in text
        assert "Described as: a Baltic diplomat" in text
        assert '<a href="/sources/financial-times/">Financial Times</a>' in text
        assert "Jane Roe" not in text


def test_it_links_only_what_the_viewer_may_open(client):
    voice = cast.source("Head office")
    for name in ("Union", "Government", "Ministry"):
        voice = cast.source(name, speaks_for=voice)
    speaker = cast.source("Speaker", speaks_for=voice, article=cast.article("Secret paper\nText."))
    cast.statement(chain=[speaker], claim=cast.claim(published=True))
    assert "/sources/government/" in page(client, "ministry")
    assert "/sources/head-office/" not in page(client, "union")
    assert ">Document<" not in page(client, "speaker")
    sign_in(client, "reader")
    assert "/sources/head-office/" in page(client, "union")
    assert ">Document<" in page(client, "speaker")


def test_it_sorts_claims_by_what_the_source_does_with_them(client):
    for name, stance in (("Said", "asserts"), ("Hedged", "hedges"), ("Denied", "denies"), ("Asked", "questions")):
        cast.statement(chain=["Kremlin"], claim=cast.claim(name, published=True), stance=stance)
    cast.statement(chain=["Other", "Kremlin"], claim=cast.claim("Relayed", published=True))
    cast.statement(chain=["Other"], claim=cast.claim("Noise", published=True))
    cast.statement(chain=["Kremlin"], claim=cast.claim("Draft"))
    assert sections(client, "kremlin") == {
        "Claims it makes": ["Hedged", "Said"],
        "Claims it denies": ["Denied"],
        "Claims it questions": ["Asked"],
        "Claims it passed on": ["Relayed"],
    }
    sign_in(client, "editor")
    assert sections(client, "kremlin")["Claims it makes"] == ["Draft", "Hedged", "Said"]


def test_its_counts_are_the_lengths_of_the_lists_they_lead_to(client):
    with cast.at_once():
        for number in range(12):
            claim = cast.claim(f"Claim {number}", published=True)
            cast.statement(chain=["Kremlin"], claim=claim, stance="denies" if number % 3 else "asserts")
            cast.statement(chain=["Other", "Kremlin"], claim=claim)
    record = client.get("/sources/kremlin/").context["record"]
    assert {section.title: section.count for section in record.sections} == {
        "Claims it makes": 4,
        "Claims it denies": 8,
        "Claims it passed on": 12,
    }
    for section in record.sections:
        assert client.get(section.url).context["total"].number == section.count
        assert len(section.rows) == min(section.count, 10)


def test_it_shows_confirmed_statements_with_their_chains(client):
    claim = cast.claim(published=True)
    item = cast.article("Talks\nThe Kremlin said “no”.\nThe Kremlin said “never”.", language="de")
    cast.statement(item, "The Kremlin said “no”.", chain=["Kremlin", "Wire"], claim=claim)
    cast.statement(item, "The Kremlin said “never”.", chain=["Kremlin"], claim=claim, state="suggested")
    record = client.get("/sources/kremlin/").context["record"]
    assert record.statement_count.number == 1
    assert [str(told.chain) for told in record.statements] == ["Kremlin › Wire › The Daily Digest"]
    text = page(client, "kremlin")
    assert 'lang="de"' in text
    assert "never" not in text


def test_it_shows_notes_to_those_they_are_for(client):
    source = cast.source("Kremlin")
    cast.statement(chain=[source], claim=cast.claim(published=True))
    for visibility in ("public", "desk", "private"):
        Annotation.objects.create(
            source=source,
            body=f"A {visibility} note",
            visibility=visibility,
            created_by=cast.person(f"{visibility}-writer"),
        )
    text = page(client, "kremlin")
    assert "A public note" in text
    assert "A desk note" not in text
    sign_in(client, "reader")
    text = page(client, "kremlin")
    assert "A desk note" in text
    assert "A private note" not in text


@pytest.mark.parametrize("rows", [3, 15])
def test_it_costs_23_queries_and_a_role_26(client, django_assert_num_queries, rows):
    times = cast.outlet("Financial Times")
    kremlin = cast.source("Kremlin", speaks_for=cast.source("Russia"), article=cast.article("Charter\nText."))
    SourceRole.objects.create(source=kremlin, title="Seat", organisation=times)
    Annotation.objects.create(source=kremlin, body="Note", visibility="public")
    with cast.at_once():
        for number in range(rows):
            claim = cast.claim(f"Claim {number}", published=True)
            for stance in ("asserts", "denies", "questions"):
                cast.statement(
                    chain=[kremlin, times], claim=cast.claim(f"{stance} {number}", published=True), stance=stance
                )
            cast.statement(chain=["Other", kremlin], claim=claim)
    with django_assert_num_queries(23):
        # the source; which other sources to link; its document; its roles; who speaks for it; four counts of
        # claims in one; the keys of four sections (4), their claims (4); of statements other than their first the
        # hops, sources, articles and publishers (4); the keys of the latest statements, these, their hops; how many
        # there are; notes
        client.get("/sources/kremlin/")
    sign_in(client, "editor")
    with django_assert_num_queries(26):
        # and session; user; what the user may do
        client.get("/sources/kremlin/")


def test_the_public_reads_no_words_of_a_gap(client):
    claim = cast.claim(published=True)
    article = cast.article("Headline\n“We agree,” the weary minister sighed, “and gladly.”")
    words = "“We agree,” the weary minister sighed, “and gladly.”"
    gap = len("Headline\n“We agree,” ")
    made = cast.statement(article, words, chain=["Minister"], claim=claim)
    made.gaps = [[gap, gap + len("the weary minister sighed,")]]
    Statement.objects.filter(pk=made.pk).update(gaps=made.gaps)
    html = client.get(cast.source("Minister").get_absolute_url()).content.decode()
    assert "We agree" in html
    assert "weary" not in html

"""The page of one article: its text with the statements in it."""

import re

import pytest

from articles.models import ArticleVersion
from claims.models import Annotation, Appearance
from tests import cast
from tests.claims.pages import read, words

pytestmark = pytest.mark.django_db

TEXT = """Soldiers to Poland
The ministry said dozens would go. Nobody asked Warsaw.
Own reporting stands here.
“We agree,” a spokesperson said, “and gladly.” The Kremlin denied it."""


def text_of(html):
    """The paragraphs as the page shows them, without the numbers of paragraphs and statements."""
    paragraphs = re.findall(r'<p class="paragraph[^>]*>(.*?)</p>', html)
    bare = (re.sub(r'<a class="(?:paragraph|mark)-number".*?</a>', "", each) for each in paragraphs)
    return [" ".join(re.sub(r"<[^>]+>", "", each).split()) for each in bare]


@pytest.fixture
def claim():
    return cast.claim("Germany sends soldiers to Poland", published=True)


@pytest.fixture
def article():
    return cast.article(TEXT, publisher="Politico", byline="Ann Author", archive_url="https://archive.example.org/1")


# Who sees it


def test_an_article_without_a_public_statement_is_not_found_by_the_public(client, article):
    cast.statement(article, claim=cast.claim("Not out yet"))
    assert client.get(article.get_absolute_url()).status_code == 404
    client.force_login(cast.person("outsider"))
    assert client.get(article.get_absolute_url()).status_code == 404
    client.force_login(cast.person("reader"))
    assert client.get(article.get_absolute_url()).status_code == 200


def test_an_article_that_is_not_there_is_not_found(client):
    assert client.get("/articles/999999999999999999999999/").status_code == 404


def test_the_public_reads_only_the_quoted_passages(client, article, claim):
    cast.statement(article, "dozens would go", claim=claim)
    cast.statement(article, "The Kremlin denied it", chain=["Kremlin"], claim=claim, stance="denies")
    html = read(client, article)
    assert text_of(html) == ["[…] dozens would go […]", "[…]", "[…] The Kremlin denied it."]
    for hidden in ("Nobody asked", "Own reporting", "We agree"):
        assert hidden not in html
    assert "Only the quoted passages are shown." in html


def test_the_public_does_not_read_the_gaps_of_a_statement(client, article, claim):
    words_said = "“We agree,” a spokesperson said, “and gladly.”"
    gap = TEXT.index(" a spokesperson said, ")
    cast.statement(article, words_said, claim=claim, gaps=[[gap, gap + len(" a spokesperson said, ")]])
    assert text_of(read(client, article))[-1] == "“We agree,” […] “and gladly.” […]"


def test_everybody_reads_all_where_the_text_is_public(client, claim):
    article = cast.article(TEXT, text_public=True)
    cast.statement(article, "dozens would go", claim=claim)
    assert text_of(read(client, article)) == TEXT.split("\n")[1:]


def test_a_role_reads_all(client, article):
    client.force_login(cast.person("reader"))
    html = read(client, article)
    assert text_of(html) == TEXT.split("\n")[1:]
    assert "No statement is recorded in this text yet." in html


def test_the_original_of_a_quoted_reprint_shows_its_headline_alone(client, article, claim):
    reprint = cast.article("Carried\nThe ministry said so.", publisher="Digest", republishes=article)
    cast.statement(reprint, claim=claim)
    html = read(client, article)
    assert "Soldiers to Poland" in html
    assert text_of(html) == []
    assert "No statement of this article is public" in html
    assert f'Carried by <a href="/articles/{reprint.pk}/">Digest</a>' in html


# Head


def test_it_says_what_the_article_is(client, article, claim):
    original = cast.article("The original\nwords", publisher="Reuters")
    type(article).objects.filter(pk=article.pk).update(republishes=original)
    cast.statement(article, "dozens would go", claim=claim)
    html = read(client, article)
    shown = words(html)
    for part in ("Politico", "Ann Author", "news", "22 Nov 2025", "Carries The original"):
        assert part in shown
    assert 'href="https://archive.example.org/1"' in html
    assert f'href="{article.identifier}"' in html
    assert f'href="/articles/{original.pk}/"' in html


def test_what_is_not_known_is_said_so(client, claim):
    article = cast.article(TEXT, publisher=None, on=None, identifier="urn:uuid:1")
    cast.statement(article, "dozens would go", claim=claim)
    html = read(client, article)
    assert "Publisher unknown" in html
    assert "date unknown" in html
    assert "Original page" not in html


# Versions


@pytest.fixture
def changed(article, claim):
    """The article with a statement in its first version, and a second version without any."""
    cast.statement(article, "dozens would go", claim=claim)
    ArticleVersion.objects.create(
        article=article, number=2, headline="Soldiers stay", text="Soldiers stay\nNobody goes."
    )
    return article


def test_the_public_gets_the_newest_version_that_it_may_read(client, changed):
    assert "dozens would go" in read(client, changed)
    assert client.get(changed.get_absolute_url(), {"version": "2"}).status_code == 404


def test_a_role_gets_the_newest_version_and_the_choice(client, changed):
    client.force_login(cast.person("reader"))
    html = read(client, changed)
    assert text_of(html) == ["Nobody goes."]
    assert "Version 1" in html
    assert "dozens would go" in read(client, changed, version="1")


@pytest.mark.parametrize("version", ["0", "3", "-1", "x", "", "1.5", "²", "99999999999999999999"])
def test_a_version_that_there_is_not_is_not_found(client, changed, version):
    client.force_login(cast.person("reader"))
    assert client.get(changed.get_absolute_url(), {"version": version}).status_code == 404


# Marks and cards


def test_a_mark_and_its_card_lead_to_each_other_and_to_the_claim(client, article, claim):
    told = cast.statement(article, "dozens would go", claim=claim, stance="hedges")
    html = read(client, article)
    assert f'<mark id="s{told.pk}" class="said linked">dozens would go</mark>' in html
    assert '<a class="mark-number" href="#card-1" aria-label="Statement 1">1</a>' in html
    assert 'id="card-1"' in html
    assert f'href="#s{told.pk}"' in html
    assert f'href="{claim.get_absolute_url()}#s{told.pk}"' in html
    assert "hedges" in words(html)
    assert f'id="s{told.pk}"' in client.get(claim.get_absolute_url()).content.decode()


def test_overlapping_statements_are_valid_html_with_one_anchor_each(client, article, claim):
    spans = ["dozens would go", "dozens would", "would go. Nobody asked", "dozens would go", "said dozens"]
    told = [cast.statement(article, span, chain=[f"Voice {number}"], claim=claim) for number, span in enumerate(spans)]
    html = read(client, article)
    for each in told:
        assert html.count(f'id="s{each.pk}"') == 1
        assert f'href="#s{each.pk}"' in html
    depth = 0
    for tag in re.findall(r"</?mark", html):
        depth += 1 if tag == "<mark" else -1
        assert depth in (0, 1)
    for number in range(1, 6):
        assert html.count(f'href="#card-{number}"') == 1
    assert "dozens would go. Nobody asked" in text_of(html)[0]


def test_a_statement_over_two_paragraphs_is_marked_in_both(client, article, claim):
    told = cast.statement(article, "Nobody asked Warsaw.\nOwn reporting", claim=claim)
    html = read(client, article)
    assert f'<mark id="s{told.pk}" class="said linked">Nobody asked Warsaw.</mark>' in html
    assert '<mark class="said linked">Own reporting</mark>' in html
    assert html.count('id="card-1"') == 1


def test_a_statement_in_the_headline_is_marked_there(client, article, claim):
    told = cast.statement(article, "Soldiers to Poland", claim=claim)
    headline = re.search(r"<h1[^>]*>(.*?)</h1>", read(client, article))
    assert f'<mark id="s{told.pk}" class="said linked">Soldiers to Poland</mark>' in headline[1]


def test_text_is_escaped(client, claim):
    article = cast.article("Headline <b>\nHe said <script>alert(1)</script> & left.")
    cast.statement(article, "<script>alert(1)</script>", claim=claim)
    html = read(client, article)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</mark>" in html
    assert "<script>alert" not in html


def test_paragraphs_can_be_linked_to(client, article):
    client.force_login(cast.person("reader"))
    html = read(client, article)
    for number in (1, 2, 3):
        assert re.search(rf'id="p{number}"', html)
        assert f'href="#p{number}"' in html


def test_only_the_desk_sees_suggested_statements(client, article, claim):
    cast.statement(article, "dozens would go", claim=claim)
    cast.statement(article, "The Kremlin denied it", chain=["Guessed voice"], claim=claim, state="suggested")
    html = read(client, article)
    assert "Guessed voice" not in html
    assert "The Kremlin denied it" not in html
    client.force_login(cast.person("reader"))
    html = read(client, article)
    assert 'class="said suggested"' in html
    assert "Guessed voice" in html


def test_only_the_desk_sees_what_makes_no_public_claim(client, article, claim):
    cast.statement(article, "dozens would go", claim=claim)
    cast.statement(article, "Nobody asked Warsaw", chain=["Loose voice"])
    two = cast.statement(article, "The Kremlin denied it", chain=["Kremlin"], claim=claim)
    Appearance.objects.create(statement=two, claim=cast.claim("Not out yet"))
    html = read(client, article)
    assert "Loose voice" not in html
    assert "Not out yet" not in html
    client.force_login(cast.person("reader"))
    html = read(client, article)
    assert 'class="said unlinked"' in html
    assert "No claim yet." in html
    assert "Not out yet" in html


def test_nobody_is_shown_rejected_or_withdrawn_statements(client, article, claim):
    editor = cast.person("editor")
    client.force_login(editor)
    cast.statement(article, "dozens would go", chain=["Rejected voice"], claim=claim, state="rejected")
    cast.statement(article, "Nobody asked", chain=["Withdrawn voice"], claim=claim).withdraw(by=editor, reason="twice")
    html = read(client, article)
    assert "Rejected voice" not in html
    assert "Withdrawn voice" not in html
    assert "<mark" not in html


def test_a_withdrawn_claim_is_not_linked(client, article, claim):
    editor = cast.person("editor")
    client.force_login(editor)
    cast.statement(article, "dozens would go", claim=claim)
    claim.withdraw(by=editor, reason="hoax")
    assert claim.short_text not in read(client, article)


def test_editors_are_led_to_the_desk(client, article, claim):
    told = cast.statement(article, "dozens would go", claim=claim)
    assert "/admin/" not in read(client, article)
    client.force_login(cast.person("editor"))
    html = read(client, article)
    assert f'href="/admin/articles/article/{article.pk}/change/"' in html
    assert f'href="/admin/claims/statement/{told.pk}/change/"' in html
    assert f'href="/admin/claims/statement/add/?version={told.version_id}">Add a statement</a>' in html


def test_the_spaces_around_a_gap_are_not_marked(client, article, claim):
    gap = TEXT.index("a spokesperson said,")
    words = "“We agree,” a spokesperson said, “and gladly.”"
    cast.statement(article, words, claim=claim, gaps=[[gap, gap + len("a spokesperson said,")]])
    client.force_login(cast.person("reader"))
    html = read(client, article)
    assert "“We agree,”</mark> a spokesperson said, <mark" in html
    assert ">“and gladly.”</mark>" in html


# Notes


def test_notes_are_shown_to_those_they_are_for(client, article, claim):
    writer, reader = cast.person("editor"), cast.person("reader")
    told = cast.statement(article, "dozens would go", claim=claim)
    for visibility in ("private", "desk", "public"):
        for place in ({"version": article.latest_version}, {"statement": told}):
            body = f"{visibility} note on {next(iter(place))}"
            Annotation.objects.create(body=body, visibility=visibility, created_by=writer, **place)

    def seen():
        return sorted(re.findall(r"(private|desk|public) note on (version|statement)", read(client, article)))

    assert seen() == [("public", "statement"), ("public", "version")]
    client.force_login(reader)
    assert seen() == [("desk", "statement"), ("desk", "version"), ("public", "statement"), ("public", "version")]
    client.force_login(writer)
    assert len(seen()) == 6


def test_a_public_note_on_a_passage_that_is_not_public_stays_at_the_desk(client, article, claim):
    cast.statement(article, "dozens would go", claim=claim)
    start = TEXT.index("Own reporting")
    Annotation.objects.create(
        version=article.latest_version, start=start, end=start + 13, body="Look here", visibility="public"
    )
    html = read(client, article)
    assert "Look here" not in html
    assert "Own reporting" not in html
    client.force_login(cast.person("reader"))
    assert "Look here" in read(client, article)
    assert read(client, article).count("Own reporting") == 2


# What it costs


def fill(article, claim, times):
    """An article with everything on it, ``times`` over."""
    writer = cast.person(f"writer-{times}")
    with cast.at_once():
        for number in range(times):
            origin = cast.statement(cast.article(), chain=["Spokesperson"], claim=claim)
            told = cast.statement(
                article,
                "dozens would go",
                chain=[[f"A{number}", f"B{number}"], "Reuters"],
                claim=claim,
                derived_from=origin,
            )
            Appearance.objects.create(statement=told, claim=cast.claim(f"Another {number}", published=True))
            cast.statement(cast.article(publisher=f"Digest {number}", republishes=article), claim=claim)
            for place in ({"version": article.latest_version}, {"statement": told}):
                Annotation.objects.create(body="Note", visibility="public", created_by=writer, **place)


@pytest.mark.parametrize("times", [1, 4])
def test_it_costs_the_public_eight_queries(client, article, claim, django_assert_num_queries, times):
    fill(article, claim, times)
    # 1 article · 2 versions · 3 text · 4 statements · 5 hops · 6 appearances · 7 notes · 8 original and reprints
    with django_assert_num_queries(8):
        read(client, article)


@pytest.mark.parametrize("times", [1, 4])
def test_it_costs_an_editor_twelve_queries(client, article, claim, django_assert_num_queries, times):
    fill(article, claim, times)
    client.force_login(cast.person("editor"))
    # 1 session · 2 user · 3 powers · then as the public · 12 whether the text was looked at for statements
    with django_assert_num_queries(12):
        read(client, article)

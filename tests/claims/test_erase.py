"""``manage.py erase``: what the law demands is gone from everything; who, when and why stays."""

import io
import json

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from articles.history import recorded
from articles.models import Article, ArticleVersion, Change, ImportProblem, ImportRun, Revision
from articles.text import fingerprint
from claims import erasing
from claims.erasing import Demand, erase
from claims.models import (
    Annotation,
    Attribution,
    Claim,
    ClaimEntry,
    ClaimLink,
    Erasure,
    Evidence,
    Identity,
    Occasion,
    SavedList,
    Source,
    SourceRole,
    Statement,
)
from claims.provenance import drift, refresh
from claims.scrubbing import ERASED, Words, filler
from claims.undoing import UndoRefused, undo
from claims.workflow import move
from tests import cast
from tests.desk import address
from tests.history import untold

WORD = "Zwiebelfisch"
NAME = f"Jane {WORD}"
SLUG = f"jane-{WORD.lower()}"


def told(*lines):
    """What the command prints."""
    out = io.StringIO()
    call_command("erase", *lines, stdout=out)
    return out.getvalue()


def asked(*lines):
    return told(*lines, "--reason", "Court order 7/2026", "--by", "chief", "--yes")


def every_table():
    """All rows of all tables as one text, and on SQLite what the inverted indexes know by word."""
    with connection.cursor() as cursor:
        tables = [table for table in connection.introspection.table_names(cursor) if not table.startswith("sqlite_")]
        said = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            said += [f"{table}: {row!r}" for row in cursor.fetchall()]
        if connection.vendor == "sqlite":
            for table in ("claims_claimentry", "articles_articleentry"):
                cursor.execute(f"CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', '{table}_fts', 'row')")
                cursor.execute("SELECT term, doc FROM temp.words")
                said += [f"{table} index: {term}" for term, _ in cursor.fetchall()]
                cursor.execute("DROP TABLE temp.words")
    return said


def holding(word):
    return [line for line in every_table() if word.lower() in line.lower()]


def pages(client, *rows):
    """What the pages, feeds and exports say, as the desk and as the public."""
    said = []
    for viewer in (client, Client()):
        urls = ["/", "/claims/", "/claims/feed/", "/claims/export/?format=csv", "/claims/export/?format=json"]
        urls += ["/articles/", "/sources/", "/claims/?q=said", "/articles/?q=said"]
        urls += [row.get_absolute_url() for row in rows]
        urls += [address(model, "changelist") for model in (Article, Claim, Statement, Source, Annotation, Evidence)]
        for url in urls:
            answer = viewer.get(url)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            said.append((url, body.decode()))
    return said


@pytest.fixture
def chief(db, monkeypatch):
    """Who erases. The file is not written anew within the transaction of a test."""
    monkeypatch.setattr("claims.management.commands.erase.write_file_anew", lambda: None)
    user = cast.person("admin")
    user.username = "chief"
    user.save()
    return user


@pytest.fixture
def text(chief):
    """A text that holds the word wherever a text is kept, with history behind it."""
    run = ImportRun.objects.create(format="digest", file_name="x.txt", sha256="0" * 64)
    body = f"{WORD} in the headline\nThe minister of {WORD} said “we will pay for {WORD}” on Tuesday.\n\nMore {WORD}."
    article = cast.article(body, identifier="https://news.example.org/x", import_run=run, text_public=True)
    version = article.latest_version
    claim = cast.claim("They will pay", published=True)
    statement = cast.statement(article, f"The minister of {WORD} said", claim=claim, proposed={"exact": f"of {WORD}"})
    inner = body.index("we will")
    with recorded(by=chief, how=Revision.How.EDIT):
        hop = statement.attributions.get()
        hop.as_named, hop.cue = f"minister of {WORD}", f"{WORD} said"
        hop.save()
        hop.save()
        statement.save()
        note = Annotation.objects.create(version=version, start=inner, end=inner + 25, body="Who?")
        note.body = "Who said so?"
        note.save()
        proof = Evidence.objects.create(claim=claim, article=article, excerpt=f"will pay for {WORD}”")
        proof.note = "Seen."
        proof.save()
    moved = Statement.objects.create(version=version, start=0, end=12, exact=WORD, state="suggested")
    with recorded(by=chief):
        elsewhere = cast.article("Another headline\nAnother text.").latest_version
        moved.version, moved.start, moved.end, moved.exact = elsewhere, 0, 7, "Another"
        moved.save()
    line = f"The minister of {WORD} said “we will pay for {WORD}” on Tuesday."
    ImportProblem.objects.create(run=run, line=3, reason="no headline", raw=line)
    ImportProblem.objects.create(run=run, line=9, reason="no headline", raw="Something else.")
    whole = Annotation.objects.create(version=version, body="On all of it")
    whole.body = "On all of the text"
    whole.save()
    refresh(statements=[statement.pk, moved.pk], claims=[claim.pk], articles=[article.pk])
    return version


def test_a_text_leaves_nothing_but_its_places(client, chief, text):
    assert len(holding(WORD)) > 10
    statement, note = text.statements.get(), text.annotations.exclude(start=None).get()
    places = (statement.start, statement.end, note.start, note.end, len(text.text))
    said = asked("article-version", f"{text.article.identifier}/1")
    assert holding(WORD) == []
    client.force_login(chief)
    assert [url for url, page in pages(client, text.article, Claim.objects.get()) if WORD in page] == []
    stored = ArticleVersion.objects.get(pk=text.pk)
    statement, note = stored.statements.get(), stored.annotations.exclude(start=None).get()
    assert set(ImportProblem.objects.values_list("raw", flat=True)) == {ERASED, "Something else."}
    assert places == (statement.start, statement.end, note.start, note.end, len(stored.text))
    assert (stored.headline, stored.sha256) == (stored.text.split("\n")[0], fingerprint(stored.text))
    assert stored.headline.startswith(ERASED)
    assert statement.exact.startswith(ERASED)
    stored.clean()
    statement.full_clean()
    assert list(Statement.objects.misplaced()) == []
    assert [str(wrong) for wrong in drift()] == []
    assert untold() == []
    assert "article version: 1 were written or deleted" in said
    assert "still" not in said.split("Backups")[0]


def test_an_erased_text_can_be_dumped_and_loaded(tmp_path, text):
    erase(text, Demand(User.objects.get(username="chief"), "Court order"))
    dump = str(tmp_path / "dump.json")
    call_command("dumpdata", "articles", "--natural-primary", "--natural-foreign", output=dump, verbosity=0)
    call_command("loaddata", dump, verbosity=0)
    assert "erasure" not in (tmp_path / "dump.json").read_text()


def test_another_text_of_the_article_and_its_excerpts_stay(chief, text):
    kept = ArticleVersion.next_for(text.article, headline="New words", text="New words\nWholly different.")
    kept.save()
    claim = Claim.objects.get()
    for excerpt in ("Wholly different.", "Of unknown origin."):
        proof = Evidence.objects.create(claim=claim, article=text.article, excerpt=excerpt)
        proof.note = "With a history."
        proof.save()
    asked("article-version", f"{text.article_id}/1")
    assert ArticleVersion.objects.get(pk=kept.pk).text == "New words\nWholly different."
    assert set(Evidence.objects.values_list("excerpt", flat=True)) == {"Wholly different.", ERASED}


def test_passages_elsewhere_are_listed_or_taken_too(chief, text):
    claim = Claim.objects.get()
    claim.text = f"It is true that the minister of {WORD} said it."
    claim.save()
    again = cast.article(f"Reprint\nThe minister of {WORD} said it again.").latest_version
    said = asked("article-version", f"{text.article_id}/1")
    assert f"claim {claim.pk}, text: {address(claim)}" in said
    assert f"article version {again.pk}, text" in said
    assert "or use --everywhere" in said
    claim.refresh_from_db()
    assert WORD in claim.text
    with pytest.raises(CommandError, match="may not name"):
        told("article-version", f"{again.article_id}/1", "--reason", f"the minister of {WORD} said it again.",
             "--by", "chief", "--yes", "--also", f"minister of {WORD}")  # fmt: skip
    asked("article-version", f"{text.article_id}/1", "--everywhere", "--also", f"of {WORD}")
    again.refresh_from_db()
    assert again.text == "Reprint\nThe minister [erased]······· said it again."
    assert len(again.text) == len(f"Reprint\nThe minister of {WORD} said it again.")
    assert holding(WORD) == []
    assert [str(wrong) for wrong in drift()] == []


@pytest.fixture
def woman(chief):
    """A source with all that the record can hold of one."""
    ministry = cast.source("The ministry")
    outlet = cast.outlet("The Blog")
    with recorded(by=chief):
        source = cast.source("Jane", kind="person", slug=SLUG)
        source.name, source.aliases = NAME, f"J. {WORD}\nThe {WORD}"
        source.description, source.wikidata_id, source.speaks_for = f"Known as {WORD}", "Q1234567", ministry
        source.save()
        source.publisher = cast.publisher("Her own blog")
        source.save()
        role = SourceRole.objects.create(source=source, title=f"Chief {WORD}", organisation=ministry)
        role.title = f"Chief {WORD} of all"
        role.save()
        voice = cast.source("somebody", named=False, description="a friend", known_through=outlet, slug="friend")
        Identity.objects.create(source=voice, guess=source, note=f"It is {WORD}")
        cast.source("Her speaker", speaks_for=source)
        note = Annotation.objects.create(source=source, body=f"Ask {NAME}")
        note.body = f"Ask {NAME} again"
        note.save()
        claim = cast.claim("They will pay", published=True)
        statement = cast.statement(claim=claim, chain=[source, outlet])
        hop = statement.attributions.get(position=0)
        hop.as_named, hop.role = f"Ms {WORD}", role
        hop.save()
        hop.save()
        listed = SavedList.objects.create(name="Hers", query=f"root={SLUG}&q=root%3A{SLUG}", owner=chief)
        listed.query += "&sort=newest"
        listed.save()
    move(claim, to=Claim.Status.CLOSED, by=chief, note=f"{NAME} asked for it")
    Revision.objects.create(by=chief, label=f"Merged {NAME} into somebody", why=f"as {NAME.upper()} said")
    kind = ContentType.objects.get_for_model(Source)
    LogEntry.objects.create(user=chief, content_type=kind, object_id="1", object_repr=NAME, action_flag=ADDITION)
    refresh(sources=[source.pk], statements=[statement.pk], claims=[claim.pk])
    return source


def test_a_source_leaves_nothing_of_who_it_was(client, chief, woman):
    assert len(holding(WORD)) > 10
    asked("source", SLUG)
    assert holding(WORD) == []
    client.force_login(chief)
    stored = Source.objects.get(pk=woman.pk)
    assert (stored.name, stored.slug, stored.aliases, stored.description) == (ERASED, f"erased-{woman.pk}", "", ERASED)
    assert (stored.speaks_for, stored.publisher, stored.wikidata_id) == (None, None, "")
    assert not Source.objects.filter(speaks_for=stored).exists()
    assert not Identity.objects.exists()
    assert SavedList.objects.get().query == f"root=erased-{woman.pk}&q=root%3Aerased-{woman.pk}&sort=newest"
    assert NAME not in str(pages(client, stored, Claim.objects.get()))
    assert [str(wrong) for wrong in drift()] == []
    assert untold() == []


def test_words_in_other_rows_are_the_editors_to_decide(chief, woman):
    with recorded(by=chief):
        other = cast.claim(f"{NAME} will resign", short_text=f"{NAME.upper()} will resign")
        other.text = f"Ms {NAME} will resign"
        other.save()
    said = asked("source", SLUG)
    assert f"claim {other.pk}, text: {address(other)}" in said
    assert f"claim {other.pk}, short_text" in said
    assert f"history of claim {other.pk}: {address(other)}" in said
    assert Claim.objects.get(pk=other.pk).text == f"Ms {NAME} will resign"


def test_what_a_program_proposed_goes_with_the_source(chief, woman):
    """Nobody can edit it, so there is nobody to decide on it."""
    proposed = {"chain": [{"voices": [{"name": woman.name, "slug": woman.slug}]}], "spans": [[0, 9]]}
    with recorded(by=chief):
        row = cast.statement(proposed=proposed, method="rules-1", confidence=0.5)
        row.save()
    said = asked("source", woman.slug)
    row.refresh_from_db()
    assert row.proposed == {"chain": [{"voices": [{"name": ERASED, "slug": ERASED}]}], "spans": [[0, 9]]}
    noted = Change.objects.filter(kind="statement", row=row.pk, was__isnull=False)
    assert {json.dumps(change.was["proposed"]) for change in noted} == {json.dumps(row.proposed)}
    assert f"statement {row.pk}" not in said
    assert holding(WORD) == []


def test_with_everywhere_a_mark_stands_in_the_place_of_the_name(chief, woman):
    tag = cast.tag(NAME, definition=f"On {NAME}")
    below = cast.tag("Below", parent=tag)
    with recorded(by=chief):
        claim = cast.claim(f"{NAME} will resign", tags=[below])
        claim.text = f"{NAME} will resign, says jane  {WORD}"
        claim.save()
        cast.link(claim, "disputes", cast.claim("Other"), note=f"By {NAME}")
        address_of = f"https://news.example.org/{SLUG}-resigns"
        article = cast.article(f"{NAME} resigns\nOn Monday {NAME} said: “I go.” {NAME}’s friends cheered.",
                               identifier=address_of)  # fmt: skip
        statement = cast.statement(article, "I go", claim=claim)
        proof = Evidence.objects.create(claim=claim, url=address_of, note=NAME)
        proof.excerpt = NAME
        proof.save()
        article.archive_url = address_of
        article.save()
        review = cast.review(claim, url=address_of, explanation=NAME, raw={"author": [{"name": NAME}]})
        SavedList.objects.create(name=f"About {NAME}", query=f"q=Jane+{WORD}", owner=chief)
        publisher = cast.publisher(f"{NAME} News", domain="jane-zwiebelfisch.example")
        Occasion.objects.create(title=f"Interview with {NAME}")
    was = len(article.latest_version.text)
    asked("source", SLUG, "--everywhere", "--also", WORD)
    assert holding(WORD) == []
    claim.refresh_from_db()
    assert claim.text == f"{ERASED} will resign, says {ERASED}"
    stored = ArticleVersion.objects.get(article=article)
    assert (len(stored.text), stored.headline) == (was, "[erased]········· resigns")
    assert Statement.objects.get(pk=statement.pk).exact == "I go"
    stored.clean()
    article.refresh_from_db()
    assert article.identifier.startswith("urn:uuid:")
    assert article.archive_url == "https://erased.invalid/"
    review.refresh_from_db()
    assert review.raw == {"author": [{"name": ERASED}]}
    publisher.refresh_from_db()
    assert (publisher.slug, publisher.domain) == (f"erased-{publisher.pk}", "")
    tag.refresh_from_db()
    below.refresh_from_db()
    assert (tag.slug, below.path) == (f"erased-{tag.pk}", f"erased-{tag.pk}/below/")
    assert set(SavedList.objects.values_list("name", flat=True)) == {
        "Hers",
        f"{ERASED} list {SavedList.objects.last().pk}",
    }
    assert (Occasion.objects.get().title, ClaimLink.objects.get().note) == (f"Interview with {ERASED}", f"By {ERASED}")
    assert list(Statement.objects.misplaced()) == []
    assert [str(wrong) for wrong in drift()] == []
    for row in (claim, article, publisher, tag, review, *Source.objects.all()):
        type(row).objects.get(pk=row.pk).full_clean()


def test_what_was_erased_is_no_more_when_history_is_put_back(chief, woman):
    asked("source", SLUG)
    assert Revision.objects.filter(how=Revision.How.ERASE, why="Court order 7/2026", by=chief).count() == 1
    said = json.dumps(list(Change.objects.filter(kind="source", row=woman.pk).values_list("was", flat=True)))
    assert WORD not in said
    assert ERASED in said


def test_no_undo_brings_it_back(chief, woman):
    before = Revision.objects.filter(changes__kind="source", changes__row=woman.pk).earliest("pk")
    asked("source", SLUG)
    with pytest.raises(UndoRefused, match="cannot be brought back"):
        undo(Revision.objects.get(how=Revision.How.ERASE), by=chief, why="Back")
    undo(before, by=chief, why="As it was")
    assert holding(WORD) == []


def test_an_identity_leaves_nothing_at_all(chief, woman):
    identity = Identity.objects.get()
    revisions = Revision.objects.count()
    asked("identity", str(identity.uid))
    assert not Identity.objects.exists()
    assert holding("It is Zwiebelfisch") == []
    assert Revision.objects.count() == revisions
    assert Erasure.objects.get().counts == {"identity": 1}


def test_an_account_leaves_a_number_behind_what_it_did(client, chief):
    user = cast.person("editor")
    User.objects.filter(pk=user.pk).update(
        username="zwiebel", first_name="Jane", last_name=WORD, email=f"jane@{WORD.lower()}.example"
    )
    user.refresh_from_db()
    cast.claim("Theirs", created_by=user)
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(user=chief, content_type=kind, object_id=str(user.pk), object_repr="zwiebel", action_flag=1)
    client.force_login(user)
    other = Client()
    other.force_login(chief)
    named = cast.claim(f"Jane {WORD} lies")
    said = asked("person", "zwiebel")
    assert f"claim {named.pk}, text" in said
    stored = User.objects.get(pk=user.pk)
    assert str(stored) == f"former user no. {user.pk}"
    assert (stored.get_full_name(), stored.email, stored.is_active, stored.is_staff) == ("", "", False, False)
    assert not stored.has_usable_password()
    assert not stored.groups.exists()
    assert Claim.objects.filter(created_by=stored).count() == 1
    assert client.get("/admin/").status_code == 302
    assert other.get("/admin/").status_code == 200
    Claim.objects.filter(pk=named.pk).update(text="x", short_text="x")
    refresh(claims=[named.pk])
    assert [line for line in holding("zwiebel") if "_fts" not in line and " index" not in line] == []


def test_a_dry_run_says_what_would_go_and_writes_nothing(chief, woman):
    before = every_table()
    said = told("source", SLUG, "--reason", "Court order", "--by", "chief", "--dry-run", "--everywhere")
    assert "source: 2 would be written or deleted" in said
    assert "identity: 1 would be written or deleted" in said
    assert "Nothing was written: this was a dry run." in said
    assert every_table() == before


@pytest.mark.parametrize(("answer", "goes"), [("erase", True), ("yes", False), ("", False)])
def test_it_asks_before_it_erases(monkeypatch, chief, woman, answer, goes):
    monkeypatch.setattr("builtins.input", lambda _question: answer)
    lines = ("source", SLUG, "--reason", "Court order", "--by", "chief")
    if goes:
        assert "source: 2 would be" in told(*lines)
    else:
        with pytest.raises(CommandError, match="Nothing was written"):
            told(*lines)
    assert Source.objects.filter(slug=SLUG).exists() != goes
    assert Erasure.objects.exists() == goes


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["source", "nobody"], "There is no source “nobody”"),
        (["person", "nobody"], "There is no person “nobody”"),
        (["identity", "nonsense"], "There is no identity “nonsense”"),
        (["identity", "6a1e0f3e-0000-4000-8000-000000000000"], "There is no identity"),
        (["article-version", "https://nowhere.example/1"], "There is no article-version"),
        (["article-version", "just-words"], "Give the article and the number"),
        (["person", "chief"], "Somebody else has to erase your account"),
        (["source", SLUG, "--by", "nobody"], "no active account"),
        (["source", SLUG, "--reason", "  "], "say why"),
        (["source", SLUG, "--reason", "x" * 501], "say why"),
        (["source", SLUG, "--reason", f"{NAME} asked"], "may not name"),
    ],
)
def test_it_refuses_with_the_reason(chief, woman, lines, complaint):
    given = [*lines, "--yes"]
    given += [] if "--by" in lines else ["--by", "chief"]
    given += [] if "--reason" in lines else ["--reason", "Court order"]
    with pytest.raises(CommandError, match=complaint):
        told(*given)
    assert not Erasure.objects.exists()


def test_a_long_list_of_places_is_cut(monkeypatch, chief, woman):
    monkeypatch.setattr("claims.management.commands.erase.SHOWN", 1)
    for number in range(2):
        cast.claim(f"{NAME} said {number}")
    assert "… and " in asked("source", SLUG)


def test_a_failure_on_the_way_leaves_all_as_it_was(monkeypatch, chief, woman):
    before = every_table()
    monkeypatch.setattr(erasing, "drop_if_empty", lambda _revision: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        erase(woman, Demand(chief, "Court order"))
    assert every_table() == before


def test_the_desk_lists_what_was_erased_to_admins_alone(client, chief, woman):
    asked("source", SLUG)
    erasure = Erasure.objects.get()
    assert (erasure.by, erasure.why, erasure.kind, erasure.row) == (chief, "Court order 7/2026", "source", woman.pk)
    client.force_login(chief)
    for url in (address(Erasure, "changelist"), address(erasure)):
        page = client.get(url).content.decode()
        assert "Court order 7/2026" in page
        assert WORD not in page
    assert client.post(address(erasure), {"why": "x"}).status_code == 403
    client.force_login(cast.person("lead"))
    assert client.get(address(Erasure, "changelist")).status_code == 403


@pytest.mark.parametrize(
    ("text", "marks", "filled"),
    [
        ("Headline of it\nand more", (0,), "[erased]······\n········"),
        ("short", (0,), "·····"),
        ("Two statements begin in here", (4, 6, 15), "····[erased]···[erased]·····"),
        ("Head\nTwo lines", (0, 2, 5), "····\n[erased]·"),
        ("", (0,), ""),
    ],
)
def test_a_filler_is_as_long_as_what_it_stands_for(text, marks, filled):
    assert filler(text, marks) == filled
    assert len(filled) == len(text)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Ms Jane Doe said", True),
        ("JANE\nDOE’s", True),
        ("/jane-doe-said?q=jane+doe", True),
        ("q=Jane%20Doe", True),
        ("Janet Doe", False),
        ("Jane Doering", False),
        ("Jane, Doe", False),
    ],
)
def test_a_name_is_found_however_it_is_joined(text, held):
    assert Words(["Jane Doe"]).stand_in(text) == held
    assert Words(["Jane Doe"]).stand_in({"a": [1, None, text]}) == held
    assert not Words([" "]).stand_in(text)


@pytest.mark.django_db
def test_a_name_beyond_ascii_is_found_on_both_engines():
    words = Words(["Łuć Żółć", "Æ"])
    claim = cast.claim("So sprach ŁUĆ ŻÓŁĆ gestern")
    review = cast.review(claim, raw={"name": "łuć żółć"}, explanation="æ")
    candidates = words.candidates(Claim.objects.all(), ["text"])
    assert [row for row in candidates if words.stand_in(row.text)] == [claim]
    assert words.stand_in(review.raw)
    assert words.stand_in(review.explanation)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="its file is written anew")
@pytest.mark.django_db
def test_postgresql_is_left_to_its_own_commands(django_assert_num_queries):
    with django_assert_num_queries(0):
        erasing.write_file_anew()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the file of SQLite")
def test_the_file_itself_holds_it_no_more():
    chief = User.objects.create_user("chief")
    for number in range(30):
        cast.claim(f"{WORD} number {number}")
    source = cast.source(NAME, slug=SLUG)
    cast.statement(cast.article(f"{WORD} speaks\nMs {NAME} said so."), chain=[source], claim=Claim.objects.first())
    file = connection.settings_dict["NAME"]

    def held():
        with open(file, "rb") as raw:
            return WORD.lower().encode() in raw.read().lower()

    with connection.cursor() as cursor:
        # Some builds of SQLite write over what they delete; not all do.
        cursor.execute("PRAGMA secure_delete = OFF")
    erase(source, Demand(chief, "Court order", everywhere=True, also=(WORD,)))
    assert held()
    erasing.write_file_anew()
    assert not held()
    assert ClaimEntry.objects.count() == 30
    assert Attribution.objects.count() == 1

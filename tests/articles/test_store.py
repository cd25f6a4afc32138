import datetime as dt
import hashlib
from collections.abc import Iterable
from threading import Barrier, Thread
from time import sleep
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Count

from articles import text as texts
from articles.dates import Precision, read_date
from articles.importers import FORMATS, store
from articles.importers.rows import Row, urn
from articles.importers.store import BATCH, Delivery, import_file, report
from articles.models import Article, ArticleVersion, ImportProblem, ImportRun, Publisher
from articles.search.expression import word
from articles.slugs import slugs
from tests import cast
from tests.articles.samples import TEN_ITEMS

TWO = b"Bridge opens\nIt is long.\nKeep reading\nBridge shuts\nIt was long.\n"
COUNTS = ("created", "updated", "unchanged", "rejected")


def run(data: bytes = TWO, *, by: Any = None, **values: Any) -> ImportRun:
    values = {"format": "digest", "file_name": "digest.txt", "publisher": "The Daily Digest", **values}
    return import_file(data, Delivery(**values), by=by)


def counts(run: ImportRun) -> tuple[int, ...]:
    """As stored."""
    run.refresh_from_db()
    return tuple(getattr(run, name) for name in COUNTS)


def nothing_is_stored() -> bool:
    return not any(model.objects.exists() for model in (ImportRun, ImportProblem, Article, ArticleVersion, Publisher))


@pytest.mark.django_db
def test_it_stores_ten_articles() -> None:
    done = run(TEN_ITEMS, published=read_date("2025-12"))
    assert counts(done) == (10, 0, 0, 0)
    assert done.total == 10
    assert done.sha256 == hashlib.sha256(TEN_ITEMS).hexdigest()
    assert ArticleVersion.objects.count() == 10
    article = Article.objects.get(versions__headline="Council votes on bus fares")
    assert article.identifier == urn("the-daily-digest", "2025-12", "Council votes on bus fares")
    assert article.publisher == Publisher.objects.get(name="The Daily Digest")
    assert article.kind == Article.Kind.EXCERPT
    assert article.published_at == dt.datetime(2025, 12, 1, tzinfo=dt.UTC)
    assert article.published_precision == Precision.MONTH
    assert not article.text_public
    version = article.versions.get()
    assert version.text == "Council votes on bus fares\nFares rise by 5 % in April."
    assert version.sha256 == texts.fingerprint(version.text)


@pytest.mark.django_db
def test_what_it_stores_is_valid() -> None:
    run(TEN_ITEMS)
    for row in (*Article.objects.all(), *ArticleVersion.objects.all(), *Publisher.objects.all()):
        before = dict(vars(row))
        row.full_clean()
        assert vars(row) | {"_state": None} == before | {"_state": None}


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing() -> None:
    run(TEN_ITEMS)
    assert counts(run(TEN_ITEMS)) == (0, 0, 10, 0)
    assert Article.objects.count() == ArticleVersion.objects.count() == 10


@pytest.mark.django_db
def test_a_repeated_headline_is_an_article_of_its_own() -> None:
    run(TEN_ITEMS)
    weather = ArticleVersion.objects.filter(headline="Weather").order_by("text")
    assert [version.text for version in weather] == ["Weather\nRain in the north.", "Weather\nSun in the south."]
    assert {version.article.identifier for version in weather} == {
        urn("the-daily-digest", "", "Weather"),
        urn("the-daily-digest", "", "Weather", 2),
    }


@pytest.mark.django_db
def test_a_headline_repeats_across_batches() -> None:
    data = b"Keep reading\n".join(b"Weather\nDay %d.\n" % day for day in range(BATCH + 2))
    assert counts(run(data)) == (BATCH + 2, 0, 0, 0)
    assert counts(run(data)) == (0, 0, BATCH + 2, 0)


@pytest.mark.django_db
def test_a_changed_text_becomes_a_new_version() -> None:
    run()
    changed = run(TWO.replace(b"It is long.", b"It is very long."))
    assert counts(changed) == (0, 1, 1, 0)
    versions = ArticleVersion.objects.filter(headline="Bridge opens").order_by("number")
    assert [(version.number, version.text) for version in versions] == [
        (1, "Bridge opens\nIt is long."),
        (2, "Bridge opens\nIt is very long."),
    ]
    assert versions[1].import_run == changed
    # Back to the first wording: the newest version counts, not any.
    assert counts(run()) == (0, 1, 1, 0)
    assert counts(run()) == (0, 0, 2, 0)


@pytest.mark.django_db
def test_another_date_is_another_article() -> None:
    run(published=read_date("2025-12-01"))
    assert counts(run(published=read_date("2025-12-02"))) == (2, 0, 0, 0)


@pytest.mark.django_db
def test_it_changes_nothing_of_an_article_that_stands() -> None:
    run()
    other = cast.article(publisher="Herald")
    Article.objects.filter(versions__headline="Bridge opens").update(
        publisher=cast.publisher("Herald"), republishes=other, published_at=None, kind="wire", language="fr"
    )
    before = Article.objects.order_by("pk").values()
    kept = list(before)
    assert counts(run(TWO.replace(b"is", b"was"), language="de", kind="news")) == (0, 1, 1, 0)
    assert list(before.all()) == kept


@pytest.mark.django_db
def test_it_keeps_what_it_cannot_take() -> None:
    data = b"Bridge opens\nIt is long.\nKeep reading\n\nNo body\nKeep reading\nBroken\nb\xff\nKeep reading\nLast\nbody"
    done = run(data)
    assert counts(done) == (2, 0, 0, 2)
    assert list(done.problems.values_list("line", "reason", "raw")) == [
        (5, "no body", "No body"),
        (7, "byte 0xFF in line 8 is not UTF-8", "Broken\nb\\xff"),
    ]
    assert report(done) == (
        "created 2 · updated 0 · unchanged 0 · rejected 2 (line 5: no body; line 7: byte 0xFF in line 8 is not UTF-8)"
    )
    assert counts(run(data)) == (0, 0, 2, 2)


@pytest.mark.django_db
def test_it_reports_on_one_line() -> None:
    assert report(run()) == "created 2 · updated 0 · unchanged 0 · rejected 0"
    assert report(run(b"No body\nKeep reading\n" * 8)).endswith("line 9: no body; and 3 more)")


@pytest.mark.django_db
def test_a_file_of_problems_makes_no_publisher() -> None:
    assert counts(run(b"No body")) == (0, 0, 0, 1)
    assert not Publisher.objects.exists()


@pytest.mark.django_db
def test_it_says_who_imported_what() -> None:
    lead = cast.person("lead")
    done = run(TWO + b"Keep reading\nNo body", by=lead)
    (publisher,) = Publisher.objects.all()
    for row in (publisher, *Article.objects.all(), *ArticleVersion.objects.all()):
        assert row.import_run == done
        assert row.created_by == lead
    assert done.created_by == done.problems.get().created_by == lead


@pytest.mark.django_db
def test_it_takes_the_kind_and_language_that_are_given() -> None:
    run(kind="wire", language="pt-BR")
    assert set(Article.objects.values_list("kind", "language")) == {("wire", "pt-BR")}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "slug", "given"),
    [
        ("The Daily Digest", "the-daily-digest", "the daily DIGEST"),
        ("The Daily Digest", "the-daily-digest", "the-daily-digest"),
        ("The Daily Digest", "digest", " The Daily\u00a0Digest "),
        ("Süddeutsche", "suddeutsche", "SÜDDEUTSCHE"),
        ("L’Écho", "lecho", "L'Echo"),
    ],
)
def test_it_finds_the_publisher(name: str, slug: str, given: str) -> None:
    cast.publisher("Herald")
    known = cast.publisher(name, slug=slug)
    run(publisher=given)
    assert set(Article.objects.values_list("publisher", flat=True)) == {known.pk}
    assert Publisher.objects.count() == 2


@pytest.mark.django_db
def test_a_name_goes_before_a_slug() -> None:
    cast.publisher("Digest Sport", slug="digest")
    named = cast.publisher("Digest", slug="digest-news")
    run(publisher="digest")
    assert set(Article.objects.values_list("publisher", flat=True)) == {named.pk}


@pytest.mark.django_db
def test_it_tells_publishers_apart_by_letters_that_no_slug_has() -> None:
    for name in ("Zeit", "Zeit 时代", "Известия", "Новости", "ИЗВЕСТИЯ"):
        run(publisher=name)
    assert set(Publisher.objects.values_list("name", flat=True)) == {"Zeit", "Zeit 时代", "Известия", "Новости"}
    assert set(Publisher.objects.values_list("kind", flat=True)) == {"other"}
    for publisher in Publisher.objects.all():
        publisher.full_clean()


@pytest.mark.django_db
def test_it_tells_publishers_apart_that_share_a_slug() -> None:
    cast.publisher("AB", slug="ab")
    for name in ("A&B", "a&b", "A.B"):
        run(publisher=name)
    assert set(Publisher.objects.values_list("name", flat=True)) == {"AB", "A&B", "A.B"}
    for publisher in Publisher.objects.all():
        assert publisher.slug.startswith("ab")
        publisher.full_clean()


@pytest.mark.django_db
def test_it_takes_another_slug_where_two_are_taken() -> None:
    first, second = slugs("A&B", "publisher")[:2]
    cast.publisher("AB", slug=first)
    cast.publisher("Alphabet", slug=second)
    run(publisher="A&B")
    assert Publisher.objects.get(name="A&B").slug == slugs("A&B", "publisher")[2]


@pytest.mark.django_db
@pytest.mark.parametrize("broken", [b"Weather\nbad \x00\n", b"Weather\nbad \xff\n", b"\xc2\xadWEATHER\n\n"])
def test_an_item_that_is_mended_is_not_taken_for_the_next_of_its_headline(broken: bytes) -> None:
    rest = b"Keep reading\nWeather\nSun in the south.\n"
    assert counts(run(broken + rest)) == (1, 0, 0, 1)
    assert counts(run(b"Weather\nRain in the north.\n" + rest)) == (1, 0, 1, 0)


@pytest.mark.django_db
def test_an_item_whose_headline_cannot_be_read_counts_for_none() -> None:
    rest = b"Keep reading\nWeather\nSun in the south.\n"
    run(b"Wea\xffther\nbad\n" + rest)
    assert Article.objects.get().identifier == urn("the-daily-digest", "", "Weather")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("option", "values", "message"),
    [
        ("file", {"data": b""}, "The file holds no article: it is blank."),
        ("file", {"data": b"\n Keep reading \n"}, "The file holds no article: it is blank."),
        ("format", {"format": "csv"}, "There is no format “csv”: use digest or text."),
        ("kind", {"kind": "rumour"}, "There is no kind of article “rumour”."),
        ("language", {"language": "english!"}, "Give a language tag such as “en” or “pt-BR”."),
        ("language", {"language": ""}, "This field cannot be blank."),
        ("publisher", {"publisher": "\u00a0"}, "This field cannot be blank."),
        ("publisher", {"publisher": "a\x00b"}, "This holds a NUL character."),
        ("publisher", {"publisher": "\udcff"}, "This holds half a character (U+DCFF)."),
        ("publisher", {"publisher": "a" * 201}, "Ensure this value has at most 200 characters (it has 201)."),
    ],
)
def test_it_refuses_with_the_option_at_fault(option: str, values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        run(**values)
    assert refused.value.message_dict == {option: [message]}
    assert nothing_is_stored()


@pytest.mark.django_db
def test_it_refuses_a_file_that_is_too_large() -> None:
    with pytest.raises(ValidationError, match="The file is larger than 20 MB"):
        run(b"A\n" + b"b" * settings.MAX_UPLOAD_BYTES)
    assert nothing_is_stored()


@pytest.mark.django_db
def test_it_refuses_a_file_of_too_many_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_ITEMS", 3)
    with pytest.raises(ValidationError, match="The file holds more than 3 items: divide it"):
        run(b"A\nb\nKeep reading\n" * 4)
    assert nothing_is_stored()
    assert counts(run(b"A\nb\nKeep reading\n" * 3)) == (3, 0, 0, 0)


class Interruption(BaseException):
    pass


@pytest.mark.django_db
def test_an_interrupted_import_leaves_nothing() -> None:
    def watch(rows: Iterable[Row]) -> Iterable[Row]:
        for number, row in enumerate(rows):
            if number == BATCH + 1:
                assert Article.objects.exists()
                raise Interruption
            yield row

    data = b"A\nb\nKeep reading\n" * (BATCH + 5)
    with pytest.raises(Interruption):
        import_file(data, Delivery("digest", "digest.txt", "The Daily Digest"), watch=watch)
    assert nothing_is_stored()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/home/desk/digest.txt", "digest.txt"),
        ("di\udcffgest\x1b\u202e.txt", "di�gest��.txt"),
        ("x" * 300, "x" * 255),
        ("Überblick 12.txt", "Überblick 12.txt"),
    ],
)
def test_it_keeps_a_file_name_that_can_be_shown(given: str, kept: str) -> None:
    assert run(file_name=given).file_name == kept


@pytest.mark.django_db
@pytest.mark.parametrize("items", [2, BATCH])
def test_it_asks_as_much_for_many_items_as_for_few(items: int, django_assert_max_num_queries: Any) -> None:
    data = b"".join(b"Item %d\nOld.\nKeep reading\n" % number for number in range(items))
    # PostgreSQL: its turn. SQLite: long inserts in several, as it bounds their values.
    more = 1 if connection.vendor == "postgresql" else 4 * (items > 2)
    # The savepoint and its release; the run, and its counts; the publisher, and a new one; the articles that
    # stand; new articles, new versions; their entries: a savepoint and its release, those that stand, the numbers of
    # the newest texts, these, the articles, and written anew.
    with django_assert_max_num_queries(17 + more):
        run(data)
    # The savepoint and its release; the run, and its counts; the publisher; the articles that stand, their
    # newest versions; new versions; their entries, as before.
    with django_assert_max_num_queries(16 + more):
        run(data.replace(b"Old", b"New"))


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.django_db
def test_every_format_can_be_stored(format_: str) -> None:
    assert counts(run(b"A\nb", format=format_)) == (1, 0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_imports_of_one_file_at_once_store_it_once() -> None:
    together, failures = Barrier(4), []

    def slowly(rows: Iterable[Row]) -> Iterable[Row]:
        sleep(0.1)  # so that the others certainly begin meanwhile
        return rows

    def visit() -> None:
        connection.ensure_connection()
        together.wait()
        try:
            import_file(TEN_ITEMS, Delivery("digest", "digest.txt", "The Daily Digest"), watch=slowly)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=visit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(counts(done) for done in ImportRun.objects.all()) == [(0, 0, 10, 0)] * 3 + [(10, 0, 0, 0)]
    articles = Article.objects.annotate(captured=Count("versions"))
    assert [article.captured for article in articles] == [1] * 10
    assert Publisher.objects.count() == 1


@pytest.mark.django_db
def test_what_it_stored_can_be_searched() -> None:
    run(b"Storm warning\nIt will rain.\n")
    run(b"Storm warning\nIt will snow.\n")
    assert [str(article) for article in Article.objects.search(word("storms"))] == ["Storm warning"]
    assert Article.objects.search(word("snow")).exists()
    assert not Article.objects.search(word("rain")).exists()

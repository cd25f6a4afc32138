import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from articles import text as texts
from articles.models import Article, ArticleVersion, ImportProblem, ImportRun, Publisher, WebURLField
from tests import cast

pytestmark = pytest.mark.django_db


def refused(row: models.Model, constraint: str) -> None:
    """Assert that the database itself refuses to insert ``row``, by the name of the rule."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        type(row)._base_manager.bulk_create([row])


def newest(article: Article) -> ArticleVersion:
    version = article.latest_version
    assert version is not None
    return version


class TestArticleVersion:
    def test_it_is_never_edited(self) -> None:
        version = newest(cast.article("A\nb"))
        version.text = "A\nc"
        with pytest.raises(ValidationError, match="A captured text is never edited: add a new version instead"):
            version.save()
        version.refresh_from_db()
        assert version.text == "A\nb"

    def test_it_is_not_overwritten_by_a_new_one(self) -> None:
        version = newest(cast.article("A\nb"))
        forged = ArticleVersion(pk=version.pk, article=version.article, number=1, headline="F", text="F\nf")
        with pytest.raises(IntegrityError), transaction.atomic():
            forged.save()
        assert ArticleVersion.objects.get().text == "A\nb"

    @pytest.mark.parametrize("values", [{"text": "x"}, {"headline": "x"}, {"number": 7}, {"article": 1}])
    def test_many_are_not_edited_either(self, values: dict[str, Any]) -> None:
        version = newest(cast.article("A\nb"))
        for field, value in values.items():
            setattr(version, f"{field}_id" if field == "article" else field, value)
        for edit in (
            lambda: ArticleVersion.objects.update(**values),
            lambda: ArticleVersion.objects.bulk_update([version], list(values)),
            lambda: ArticleVersion.objects.all().delete(),
        ):
            with pytest.raises(ValidationError, match="A captured text is never"), transaction.atomic():
                edit()
        assert ArticleVersion.objects.update(captured_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC)) == 1

    def test_it_is_not_deleted_with_its_article(self) -> None:
        article = cast.article()
        with pytest.raises(ProtectedError):
            article.delete()
        assert article.versions.count() == 1

    def test_it_knows_its_text_by_a_fingerprint(self) -> None:
        version = newest(cast.article("A\nb"))
        assert version.sha256 == texts.fingerprint("A\nb")

    def test_it_takes_the_next_number(self) -> None:
        article = cast.article("A\nb")
        cast.article("Another\narticle")
        second = ArticleVersion.next_for(article, headline="A", text="A\nc")
        second.save()
        assert (second.number, newest(article)) == (2, second)
        empty = Article.objects.create(identifier="urn:uuid:1")
        assert ArticleVersion.next_for(empty).number == 1

    def test_it_has_a_number_of_its_own(self) -> None:
        # SQLite names the columns of a broken unique constraint, PostgreSQL the constraint.
        again = ArticleVersion(article=cast.article(), number=1, headline="A", text="A\nb", sha256="0" * 64)
        refused(again, r"articles_version_number_once|articles_articleversion\.article_id, .*\.number")

    def test_it_counts_from_one(self) -> None:
        refused(
            ArticleVersion(article=cast.article(), number=0, headline="A", text="A"), "articles_version_number_from_one"
        )

    def test_it_is_normalised(self) -> None:
        version = ArticleVersion(article=cast.article(), number=2, headline="A b", text="\ufeffA\u00a0b\r\n\r\nc ")
        version.full_clean()
        assert version.text == "A b\n\nc"

    @pytest.mark.parametrize(
        ("headline", "text", "message"),
        [
            ("B", "A\nb", "The first line of the text must be the headline."),
            ("A", "A\n" + "b" * texts.MAX_TEXT_CHARS, "The text is longer than 1,000,000 characters."),
            ("A", "A\nb\x1b", "The text holds a control character (U+001B)."),
            (
                "A",
                "A\ne" + "\u0301" * 500_000 + "\u0327" * 400_000,
                "The text holds more than 60 accents on one letter.",
            ),
        ],
    )
    def test_it_refuses_what_is_no_captured_text(self, headline: str, text: str, message: str) -> None:
        version = ArticleVersion(article=cast.article(), number=2, headline=headline, text=text)
        with pytest.raises(ValidationError) as refusal:
            version.full_clean()
        assert refusal.value.message_dict["text"] == [message]


class TestArticle:
    def test_it_does_not_republish_itself(self) -> None:
        refused(Article(pk=7, republishes_id=7, identifier="urn:uuid:7"), "articles_article_not_its_own_original")

    @pytest.mark.parametrize("length", [1, 2, 5])
    def test_it_refuses_a_loop(self, length: int) -> None:
        trail = [cast.article(on=None)]
        for _ in range(length - 1):
            trail.append(cast.article(republishes=trail[-1]))
        trail[0].republishes = trail[-1]
        with pytest.raises(ValidationError) as refusal:
            trail[0].full_clean()
        assert (
            "An article cannot republish itself, not even through others." in refusal.value.message_dict["republishes"]
        )

    def test_it_follows_a_trail_that_ends(self) -> None:
        original = cast.article()
        for article in (cast.article(republishes=original), cast.article(republishes=original)):
            article.full_clean()

    def test_it_stops_where_others_already_stand_in_a_loop(self) -> None:
        one, other = cast.article(), cast.article()
        Article.objects.filter(pk=one.pk).update(republishes=other)
        Article.objects.filter(pk=other.pk).update(republishes=one)
        with pytest.raises(ValidationError, match="cannot republish itself"):
            cast.article(republishes=one).full_clean()

    def test_its_trail_ends_at_the_original_or_where_a_loop_closes(self) -> None:
        original = cast.article()
        excerpt = cast.article(republishes=original)
        reprint = cast.article(republishes=excerpt)
        assert reprint.trail() == [reprint, excerpt, original]
        Article.objects.filter(pk=original.pk).update(republishes=reprint)
        assert Article.objects.get(pk=original.pk).trail() == [original, reprint, excerpt]

    def test_its_identifier_can_be_indexed(self) -> None:
        Article(identifier="https://x.example/" + "a" * 1982).full_clean()
        with pytest.raises(ValidationError, match="takes 5,718 bytes; 2,000 at most"):
            Article(identifier="https://x.example/" + "文" * 1900).full_clean()

    def test_its_identifier_is_its_own(self) -> None:
        refused(Article(identifier=cast.article().identifier), r"identifier")

    def test_unknown_dates_come_last(self) -> None:
        unknown, old = cast.article(on=None), cast.article(on="1990-01-01")
        new, same_day = cast.article(on="2025-12-02"), cast.article(on="2025-12-02")
        assert list(Article.objects.newest_first()) == [same_day, new, old, unknown]
        assert list(Article.objects.all()) == [same_day, new, old, unknown]

    def test_it_reads_as_the_headline_of_its_newest_text(self) -> None:
        article = cast.article("Old\ntext")
        ArticleVersion.next_for(article, headline="New", text="New\ntext").save()
        assert str(Article.objects.prefetch_related("versions").get()) == "New"
        assert str(Article(identifier="urn:uuid:9", pk=9)) == "urn:uuid:9"

    def test_an_identifier_that_is_no_urn_is_an_address(self) -> None:
        addresses = ("https://a.example/", "http://a.example/", "urn:uuid:1")
        assert [Article(identifier=address).web_address for address in addresses] == [*addresses[:2], ""]

    def test_it_shows_its_date_as_exactly_as_that_is_known(self) -> None:
        at = dt.datetime(2025, 12, 1, tzinfo=dt.UTC)
        labels = [Article(published_at=at, published_precision=name).published_label for name in ("month", "year")]
        assert labels == ["Dec 2025", "2025"]
        assert Article().published_label == ""


ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript://example.com/%0aalert(1)",
    "data:text/html,<script>1</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "ftp://example.com/",
    "blob:https://x/1",
    "//evil.example",
    "https:evil.example",
]


class TestWebURLField:
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_it_refuses_what_could_run_script(self, address: str) -> None:
        with pytest.raises(ValidationError):
            WebURLField().clean(address, None)

    @pytest.mark.parametrize(
        "address", ["https://example.com/", "http://example.com/a?b=c#d", "https://bücher.example/ß"]
    )
    def test_it_takes_a_web_address(self, address: str) -> None:
        assert WebURLField().clean(address, None) == address

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_a_form_completes_nothing(self, address: str) -> None:
        field: Any = WebURLField().formfield()
        with pytest.raises(ValidationError):
            WebURLField().clean(field.clean(address), None)

    def test_every_address_of_the_models_is_one(self) -> None:
        plain = [
            field
            for model in (Publisher, Article, ArticleVersion, ImportRun, ImportProblem)
            for field in model._meta.get_fields()
            if isinstance(field, models.URLField)
        ]
        assert plain == []


class TestLanguageField:
    @pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hant-TW", "ast"])
    def test_it_takes_a_tag(self, tag: str) -> None:
        assert Article.language.field.clean(tag, None) == tag

    @pytest.mark.parametrize("tag", ["", "e", "english", "en_GB", "en-", "en\n", "en-<b>"])
    def test_it_refuses_what_is_none(self, tag: str) -> None:
        with pytest.raises(ValidationError):
            Article.language.field.clean(tag, None)


class TestPublisher:
    def test_its_names_elsewhere_are_checked(self) -> None:
        Publisher(name="x", slug="x", country="DE", domain="example.org", wikidata_id="Q153770").full_clean()
        with pytest.raises(ValidationError) as refusal:
            Publisher(name="x", slug="x", country="1!", domain="not a domain !!", wikidata_id="zzz").full_clean()
        assert set(refusal.value.message_dict) == {"country", "domain", "wikidata_id"}


class TestImportRun:
    def test_its_counts_add_up(self) -> None:
        run = ImportRun(created=8, updated=1, unchanged=2, rejected=3, file_name="digest.txt", format="digest")
        assert run.total == 14
        assert str(run) == "digest.txt (digest)"

    def test_its_articles_outlive_it(self) -> None:
        run = ImportRun.objects.create(file_name="digest.txt", format="digest")
        ImportProblem.objects.create(run=run, line=1, reason="no body", raw="A")
        article = cast.article(import_run=run)
        run.delete()
        article.refresh_from_db()
        assert article.import_run is None
        assert not ImportProblem.objects.exists()


def test_every_row_is_found_by_its_natural_key() -> None:
    article = cast.article()
    run = ImportRun.objects.create(file_name="digest.txt", format="digest")
    problem = ImportProblem.objects.create(run=run, line=1, reason="no body", raw="A")
    cast.article("Noise\nnoise", publisher="Herald")
    rows: list[Any] = [article.publisher, article, newest(article), run, problem]
    for row in rows:
        assert type(row).objects.get_by_natural_key(*row.natural_key()) == row


def test_natural_keys_do_not_name_numbers_of_rows() -> None:
    article = cast.article(identifier="https://a.example/1")
    assert newest(article).natural_key() == ("https://a.example/1", 1)
    assert article.natural_key() == ("https://a.example/1",)
    assert Publisher.objects.get().natural_key() == ("the-daily-digest",)
    (uid,) = ImportRun.objects.create(file_name="a", format="text").natural_key()
    assert uuid.UUID(uid)


def test_every_save_moves_the_time_of_change() -> None:
    publisher = cast.publisher()
    before = publisher.updated_at
    publisher.save(update_fields=["name"])
    publisher.refresh_from_db()
    assert publisher.updated_at > before
    assert publisher.created_at < publisher.updated_at


@pytest.mark.parametrize("model", [Publisher, Article, ArticleVersion, ImportRun, ImportProblem])
def test_every_model_says_what_one_row_is(model: type[models.Model]) -> None:
    assert (model.__doc__ or "").startswith("One ")

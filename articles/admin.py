"""The evidence at the editors' desk. ``claims.admin.evidence`` registers articles and publishers: what they
say bears on claims, and only that side knows how."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles import text as texts
from articles.admin_base import DeskAdmin, DeskForm, DeskInline
from articles.admin_filters import ChoiceFilter, Work, WorkFilter
from articles.admin_search import articles_found, found_in, words_in
from articles.admin_upload import UploadMixin
from articles.models import (
    PUBLISHED_RANK,
    Article,
    ArticleEntry,
    ArticleVersion,
    ImportProblem,
    ImportRun,
    Publisher,
)
from articles.rows import Among


class MergedFilter(ChoiceFilter):
    """Merged rows stay out of the way until somebody asks for them."""

    title = parameter_name = "merged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("only", "Merged into another"), ("all", "Both")]

    def choices(self, changelist: Any) -> Any:
        in_use, *others = super().choices(changelist)
        yield {**in_use, "display": "In use"}
        yield from others

    def unfiltered(self, queryset: Any) -> Any:
        return queryset.filter(merged_into=None)

    def chosen(self, queryset: Any, value: str) -> Any:
        return queryset.filter(merged_into__isnull=False) if value == "only" else queryset


class PublisherAdmin(DeskAdmin):
    list_display = ["name", "kind", "country", "language", "domain"]
    list_filter = ["kind", MergedFilter]
    search_fields = ["name", "domain", "slug"]
    search_help_text = "Name or domain"
    ordering = ["name", "id"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": [("name", "slug"), "kind", ("homepage", "domain"), ("country", "language")]}),
        ("Elsewhere", {"fields": ["wikidata_id"]}),
    ]

    @classmethod
    def choice_note(cls, row: Publisher) -> str:
        return row.get_kind_display()


def is_address(words: str) -> bool:
    return words.strip().startswith(("http://", "https://", "urn:"))


class ReadOnly:
    """For admin classes of rows that nobody edits."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class CapturedVersions(ReadOnly, DeskInline):
    """The texts that were captured, without the texts: those have a page each."""

    model = ArticleVersion
    verbose_name = "captured text"
    verbose_name_plural = "captured texts"
    fields = ["number", "headline", "captured_at", "characters"]
    readonly_fields = ["number", "headline", "captured_at", "characters"]
    ordering = ["number"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ArticleVersion]:
        return super().get_queryset(request).defer("text").annotate(characters=Length("text"))

    @admin.display(description="characters")
    def characters(self, version: Any) -> str:
        return f"{version.characters:,}"


class NewVersionForm(DeskForm):
    """A text as it was captured. Number and headline are read off."""

    class Meta:
        model = ArticleVersion
        fields = ["text", "captured_at"]

    def clean_text(self) -> str:
        if objection := texts.objection(self.cleaned_data["text"]):
            raise ValidationError(f"The text holds {objection.reason}.")
        text = texts.normalise(self.cleaned_data["text"])
        headline = text.partition("\n")[0]
        if len(headline) > texts.MAX_HEADLINE_CHARS:
            raise ValidationError(
                f"The first line is the headline: give at most {texts.MAX_HEADLINE_CHARS} characters, then a new line."
            )
        return text

    def _post_clean(self) -> None:
        self.instance.headline = self.cleaned_data.get("text", "").partition("\n")[0]
        super()._post_clean()  # type: ignore[misc]


class NewVersion(DeskInline):
    """Room for one newly captured text; those that stand are never shown here, so never edited."""

    model = ArticleVersion
    form = NewVersionForm
    verbose_name = "newly captured text"
    verbose_name_plural = "newly captured text"
    fields = ["text", "captured_at"]
    max_num = 1

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        return 0 if obj else 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[ArticleVersion]:
        return super().get_queryset(request).none()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ArticleAdmin(DeskAdmin):
    list_display = ["headline", "publisher", "kind", "published", "language", "text_public"]
    list_filter = ["kind", "text_public", "published_precision"]
    list_select_related = ["publisher"]
    search_fields = ["identifier"]
    search_help_text = "Words of headline, text and publisher, or the whole address"
    ordering = [PUBLISHED_RANK.desc(), "-id"]
    inlines = [CapturedVersions, NewVersion]
    fieldsets = [
        (None, {"fields": ["identifier", ("publisher", "kind"), "byline", ("published_at", "published_precision")]}),
        ("Text", {"fields": [("language", "text_public"), "archive_url"]}),
        ("Carried from elsewhere", {"fields": ["republishes"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        versions = ArticleVersion.objects.defer("text")
        return super().get_queryset(request).prefetch_related(Prefetch("versions", versions))

    def found(
        self, request: HttpRequest, queryset: QuerySet[Any], words: str, *, typing: bool = False
    ) -> QuerySet[Any]:
        if not words.strip():
            return queryset
        if is_address(words):
            return queryset.filter(identifier=words.strip())
        return found_in(queryset, ArticleEntry, words_in(words, typing=typing))

    @admin.display(description="headline")
    def headline(self, article: Article) -> str:
        return str(article)

    @admin.display(description="published", ordering="published_at")
    def published(self, article: Article) -> str:
        return article.published_label or "unknown"

    @classmethod
    def choice_note(cls, row: Article) -> str:
        return ", ".join(filter(None, [str(row.publisher or ""), row.published_label]))

    def save_formset(self, request: Any, form: forms.ModelForm, formset: Any, change: bool) -> None:
        """A new text gets the next number. Existing ones are not in the form."""
        if formset.model is not ArticleVersion:
            super().save_formset(request, form, formset, change)
            return
        for version in formset.save(commit=False):
            numbered = ArticleVersion.next_for(
                form.instance, headline=version.headline, text=version.text, captured_at=version.captured_at
            )
            numbered.created_by = request.user
            numbered.save()


@admin.register(ArticleVersion)
class ArticleVersionAdmin(ReadOnly, DeskAdmin):
    """Captured texts to look at and to choose; a new one is added on its article's page."""

    list_display = ["headline", "number", "publisher", "captured_at"]
    list_select_related = ["article__publisher"]
    search_fields = ["article"]
    search_help_text = "Words of headline, text and publisher, or the article's whole address"
    ordering = ["-id"]
    fields = ["article", "number", "headline", "text", "sha256", "captured_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ArticleVersion]:
        return super().get_queryset(request).defer("text")

    def found(
        self, request: HttpRequest, queryset: QuerySet[Any], words: str, *, typing: bool = False
    ) -> QuerySet[Any]:
        if not words.strip():
            return queryset
        if is_address(words):
            return queryset.filter(article__identifier=words.strip())
        return queryset.filter(Among("article_id", articles_found(words, typing=typing)))

    @admin.display(description="publisher", ordering="article__publisher__name")
    def publisher(self, version: ArticleVersion) -> str:
        return str(version.article.publisher or "unknown")

    @classmethod
    def choice_note(cls, row: ArticleVersion) -> str:
        return ", ".join(filter(None, [str(row.article.publisher or ""), row.article.published_label]))


def of_newest_runs(problems: QuerySet[ImportProblem]) -> QuerySet[ImportProblem]:
    """Problems that still stand: those of a file which has not been imported again since."""
    newer = ImportRun.objects.filter(file_name=OuterRef("run__file_name"), id__gt=OuterRef("run_id"))
    return problems.filter(~Exists(newer))


OPEN_PROBLEMS = Work("open", "import problems", of_newest_runs)


PROBLEMS_SHOWN = 200
ARTICLES_SHOWN = 50
CHANGE_ARTICLE = "admin:articles_article_change"


class FirstProblems(forms.BaseInlineFormSet):
    """As many as a page holds; the list of problems has them all."""

    @cached_property
    def shown(self) -> QuerySet[ImportProblem]:
        return super().get_queryset()[:PROBLEMS_SHOWN]

    def get_queryset(self) -> QuerySet[ImportProblem]:
        """Asked for once a row, several times: one queryset, so that it is fetched once."""
        return self.shown


class Problems(ReadOnly, DeskInline):
    model = ImportProblem
    formset = FirstProblems
    verbose_name = "item not taken"
    verbose_name_plural = f"items not taken (the first {PROBLEMS_SHOWN})"
    fields = ["line", "reason"]
    readonly_fields = ["line", "reason"]
    ordering = ["line", "id"]


@admin.register(ImportRun)
class ImportRunAdmin(UploadMixin, ReadOnly, DeskAdmin):
    list_display = ["file_name", "format", "created", "updated", "unchanged", "rejected", "created_at", "created_by"]
    list_select_related = ["created_by"]
    search_fields = ["file_name"]
    search_help_text = "Name of the file"
    ordering = ["-created_at", "-id"]
    inlines = [Problems]
    readonly_fields = ["articles_shown"]
    fields = [
        "file_name",
        "format",
        "sha256",
        ("created", "updated", "unchanged", "rejected"),
        "articles_shown",
        "created_at",
        "created_by",
    ]

    @admin.display(description="articles made or updated")
    def articles_shown(self, run: ImportRun) -> SafeString:
        """The first of them as links, under their number. Two queries and a count."""
        made = Article.objects.filter(versions__import_run=run).distinct()
        versions = Prefetch("versions", ArticleVersion.objects.defer("text"))
        count, first = made.count(), made.order_by("id").prefetch_related(versions)[:ARTICLES_SHOWN]
        links = format_html_join(
            "", '<li><a href="{}">{}</a></li>', ((reverse(CHANGE_ARTICLE, args=[one.pk]), one) for one in first)
        )
        said = f"{count}, the first {ARTICLES_SHOWN} of them:" if count > ARTICLES_SHOWN else count
        return format_html('{}<ul class="articles-made">{}</ul>', said, links) if count else format_html("{}", "none")


@admin.register(ImportProblem)
class ImportProblemAdmin(ReadOnly, DeskAdmin):
    works = [OPEN_PROBLEMS]
    list_display = ["reason", "line", "run_link", "created_at"]
    list_filter = [WorkFilter]
    list_select_related = ["run"]
    search_fields = ["reason", "run__file_name"]
    search_help_text = "Reason or name of the file"
    ordering = ["-run_id", "line", "id"]
    fields = ["run", "line", "reason", "raw"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportProblem]:
        return super().get_queryset(request).defer("raw")

    @admin.display(description="run", ordering="run")
    def run_link(self, problem: ImportProblem) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:articles_importrun_change", args=[problem.run_id]), problem.run
        )

"""The upload page of the editors' desk: the same import as the command ``import_articles``."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from articles import history
from articles.dates import VagueDate, read_date
from articles.importers import FORMATS
from articles.importers.store import Delivery, import_file, report
from articles.models import Article, ImportRun, Publisher, Revision
from articles.retrying import tried_again
from config import audit

NAMES_OFFERED = 50
FORMAT_LABELS = {
    "digest": "digest – several items, “Keep reading” between them",
    "text": "text – one article",
}


class UploadForm(forms.Form):
    """What the command's options say. Lengths and languages are the model's to check."""

    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)
    file = forms.FileField(
        help_text=f"Plain text in UTF-8, at most {settings.MAX_UPLOAD_BYTES // 1024**2} MB.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
    )
    format = forms.ChoiceField(choices=[(name, FORMAT_LABELS.get(name, name)) for name in FORMATS])
    publisher = forms.CharField(
        max_length=200,
        help_text="Who published it. A name that is not there yet makes a new publisher.",
        widget=AdminTextInputWidget(attrs={"list": "publishers", "autocomplete": "off"}),
    )
    published = forms.CharField(
        required=False,
        max_length=20,
        help_text="2025-12-02, 2025-12 or 2025. Empty: unknown.",
        widget=forms.TextInput(attrs={"size": 12}),
    )
    language = forms.CharField(
        max_length=35,
        initial="en",
        help_text="A tag such as “en” or “pt-BR”.",
        widget=forms.TextInput(attrs={"size": 12}),
    )
    kind = forms.ChoiceField(
        required=False,
        choices=[("", "what the format is for"), *Article.Kind.choices],
        help_text="A digest holds excerpts, a text is news.",
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_UPLOAD_BYTES:
            raise ValidationError(f"The file is larger than {settings.MAX_UPLOAD_BYTES // 1024**2} MB.")
        return file

    def clean_published(self) -> VagueDate | None:
        given = self.cleaned_data["published"]
        try:
            return read_date(given) if given else None
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def run(self, by: Any) -> ImportRun | None:
        """Import what a valid form describes. None where that was refused; the form then says why.

        Raises ``AlreadySaved`` where the form came before.
        """
        values = dict(self.cleaned_data)
        file, key = values.pop("file"), values.pop("form_key")
        data, delivery = file.read(), Delivery(file_name=file.name, **values)
        try:
            return tried_again(lambda: self._import(data, delivery, by, key))
        except ValidationError as error:
            self.add_error(None, error)
            return None

    @staticmethod
    def _import(data: bytes, delivery: Delivery, by: Any, key: Any) -> ImportRun | None:
        with history.recorded(creations=False, by=by, how=Revision.How.IMPORT, key=key) as revision:
            revision.import_run = import_file(data, delivery, by=by)
            revision.save(update_fields=["import_run"])
            return revision.import_run


class UploadMixin:
    """For the admin class of ``ImportRun``: the page ``admin:articles_importrun_upload``."""

    admin_site: AdminSite

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.upload_view)
        return [path("upload/", view, name="articles_importrun_upload"), *super().get_urls()]  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"may_upload": may_upload(request)} | (extra_context or {})
        return super().changelist_view(request, context)  # type: ignore[misc]

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        if not may_upload(request):
            raise PermissionDenied
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = UploadForm(*sent)
        try:
            run = form.run(by=request.user) if form.is_bound and form.is_valid() else None
        except history.AlreadySaved as before:
            run = before.revision.import_run
        if run:
            audit.record("import", request, run=run.pk, file=run.file_name, result=report(run))
            tell(request, run)
            return redirect("admin:articles_importrun_change", run.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": "Import articles",
            "opts": ImportRun._meta,
            "form": form,
            "publishers": recent_publishers(),
        }
        return TemplateResponse(request, "admin/articles/importrun/upload.html", context)


def may_upload(request: HttpRequest) -> bool:
    return request.user.has_perm("articles.add_importrun")


def tell(request: HttpRequest, run: ImportRun) -> None:
    """Say what the import did, and how much it has left to do."""
    if not run.rejected:
        messages.success(request, f"Imported {run.file_name}: {report(run)}.")
    elif run.rejected < run.total:
        messages.warning(
            request, f"Imported {run.file_name}: {report(run)}. Mend those items and import the file again."
        )
    else:
        messages.error(request, f"Nothing could be taken from {run.file_name}: {report(run)}.")


def recent_publishers() -> list[str]:
    """The names offered while typing: those that articles came from last. Any other can be typed."""
    newest = Publisher.objects.filter(merged_into=None).annotate(newest=Max("articles__id")).order_by("-newest", "-id")
    return sorted(newest.filter(newest__gt=0).values_list("name", flat=True)[:NAMES_OFFERED])

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from articles.admin import PROBLEMS_SHOWN
from articles.admin_upload import FORMAT_LABELS
from articles.importers import FORMATS
from articles.models import Article, ImportRun, Publisher, Revision
from tests import cast
from tests.articles.samples import TEN_ITEMS

pytestmark = pytest.mark.django_db


def page() -> str:
    return reverse("admin:articles_importrun_upload")


def upload(client: Client, data: bytes = TEN_ITEMS, *, name: str = "digest.txt", **values: str) -> HttpResponse:
    """Send the form; the answer where it ends."""
    form: dict[str, Any] = {"format": "digest", "publisher": "The Daily Digest", "language": "en", **values}
    return client.post(page(), form | {"file": SimpleUploadedFile(name, data)}, follow=True)


def said(response: Any) -> list[tuple[str, str]]:
    return [(message.level_tag, str(message)) for message in response.context["messages"]]


@pytest.fixture
def desk_lead(client: Client) -> Client:
    client.force_login(cast.person("lead"))
    return client


def test_it_imports_and_leads_to_the_run(desk_lead: Client) -> None:
    response: Any = upload(desk_lead, published="2025-12", kind="news", language="en-GB")
    run = ImportRun.objects.get()
    assert response.redirect_chain == [(reverse("admin:articles_importrun_change", args=[run.pk]), 302)]
    assert response.status_code == 200
    assert said(response) == [("success", "Imported digest.txt: created 10 · updated 0 · unchanged 0 · rejected 0.")]
    assert run.created_by is not None
    assert run.created_by.username == "lead"
    assert {(article.published_label, article.kind, article.language) for article in Article.objects.all()} == {
        ("Dec 2025", "news", "en-GB")
    }


def test_sent_twice_it_changes_nothing(desk_lead: Client) -> None:
    upload(desk_lead)
    assert said(upload(desk_lead)) == [
        ("success", "Imported digest.txt: created 0 · updated 0 · unchanged 10 · rejected 0.")
    ]
    assert Article.objects.count() == 10


def test_a_form_that_arrives_twice_is_one_import(desk_lead: Client) -> None:
    key = desk_lead.get(page()).context["form"]["form_key"].value()
    first: Any = upload(desk_lead, form_key=str(key))
    second: Any = upload(desk_lead, form_key=str(key))
    assert ImportRun.objects.count() == 1
    assert second.redirect_chain == first.redirect_chain
    assert Revision.objects.get().import_run == ImportRun.objects.get()


def test_it_lists_what_could_not_be_taken(desk_lead: Client) -> None:
    response = upload(desk_lead, b"A\nb\nKeep reading\nNo <b>body</b>\n")
    assert said(response) == [
        (
            "warning",
            "Imported digest.txt: created 1 · updated 0 · unchanged 0 · rejected 1 (line 4: no body). "
            "Mend those items and import the file again.",
        )
    ]
    assert "no body" in response.content.decode()
    assert "<b>body</b>" not in response.content.decode()


def test_it_lists_as_many_as_a_page_holds(desk_lead: Client) -> None:
    response = upload(desk_lead, b"No body\nKeep reading\n" * (PROBLEMS_SHOWN + 50))
    assert ImportRun.objects.get().rejected == PROBLEMS_SHOWN + 50
    assert response.content.decode().count("Item not taken:") == PROBLEMS_SHOWN
    assert len(response.content) < 1_000_000


@pytest.mark.parametrize("problems", [1, 30])
def test_the_run_costs_eight_queries_whatever_was_not_taken(
    desk_lead: Client, problems: int, django_assert_num_queries: Any
) -> None:
    upload(desk_lead, b"A\nb\nKeep reading\n" + b"No body\nKeep reading\n" * problems)
    page = reverse("admin:articles_importrun_change", args=[ImportRun.objects.get().pk])
    # session, user, powers · the run, its problems · articles: how many, the first, their headlines
    with django_assert_num_queries(8):
        desk_lead.get(page)


def test_it_says_where_nothing_could_be_taken(desk_lead: Client) -> None:
    ((level, message),) = said(upload(desk_lead, b"\xff\xfeN\x00o\x00"))
    assert level == "error"
    assert message.startswith("Nothing could be taken from digest.txt: created 0")
    assert ImportRun.objects.get().problems.count() == 1


@pytest.mark.parametrize(
    ("field", "values", "message"),
    [
        ("published", {"published": "last week"}, "“last week” is no date: write 2025-12-02, 2025-12 or 2025."),
        ("language", {"language": "English!"}, "Give a language tag such as “en” or “pt-BR”."),
        ("publisher", {"publisher": " "}, "This field is required."),
        ("publisher", {"publisher": "a\x1bb"}, "This holds a control character (U+001B)."),
        ("format", {"format": "csv"}, "Select a valid choice. csv is not one of the available choices."),
        ("kind", {"kind": "rumour"}, "Select a valid choice. rumour is not one of the available choices."),
        ("file", {"data": b""}, "The file is empty."),
        ("file", {"data": b"\n\n"}, "The file holds no article: it is blank."),
    ],
)
def test_bad_input_is_answered_where_it_was_typed(
    desk_lead: Client, field: str, values: dict[str, Any], message: str
) -> None:
    response: Any = upload(desk_lead, **{"published": "2025-12", "publisher": "Gazette <&>", **values})
    assert response.status_code == 200
    assert response.context["form"].errors == {field: [message]}
    html = response.content.decode()
    for name in {"published", "publisher"} - {field}:
        assert {"published": 'value="2025-12"', "publisher": 'value="Gazette &lt;&amp;&gt;"'}[name] in html
    assert not ImportRun.objects.exists()


def test_it_refuses_a_file_that_is_too_large(desk_lead: Client, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1024**2
    response: Any = upload(desk_lead, b"A\n" + b"b" * 1024**2)
    assert response.context["form"].errors == {"file": ["The file is larger than 1 MB."]}
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\digest.txt", "<script>.txt", "a\u202eb.txt"])
def test_a_files_name_is_only_a_name(desk_lead: Client, name: str) -> None:
    response = upload(desk_lead, name=name)
    assert response.status_code == 200
    assert not {"/", "\\", "\u202e"} & set(ImportRun.objects.get().file_name)
    assert "<script>.txt" not in response.content.decode()


@pytest.mark.parametrize("name", ["lead", "admin"])
def test_leads_and_admins_get_the_page(client: Client, name: str) -> None:
    client.force_login(cast.person(name))
    assert client.get(page()).status_code == 200
    changelist = client.get(reverse("admin:articles_importrun_changelist"))
    assert f'href="{page()}"' in changelist.content.decode()


@pytest.mark.parametrize("name", ["editor", "reviewer"])
def test_others_at_the_desk_do_not(client: Client, name: str) -> None:
    client.force_login(cast.person(name))
    assert client.get(page()).status_code == 403
    assert upload(client).status_code == 403
    assert not ImportRun.objects.exists()
    changelist = client.get(reverse("admin:articles_importrun_changelist"))
    assert changelist.status_code == 200
    assert page() not in changelist.content.decode()


@pytest.mark.parametrize("name", ["reader", "outsider", None])
def test_who_is_not_at_the_desk_is_asked_to_sign_in(client: Client, name: str | None) -> None:
    if name:
        client.force_login(cast.person(name))
    response: Any = client.post(page(), {"format": "digest"})
    assert response.status_code == 302
    assert "login" in response.url
    assert not ImportRun.objects.exists()


def test_it_needs_a_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.person("lead"))
    assert upload(client).status_code == 403
    assert not ImportRun.objects.exists()


def test_it_offers_the_publishers_that_articles_came_from(desk_lead: Client) -> None:
    cast.publisher("Nobody’s Gazette")
    for name in ("Herald", "Almanac"):
        cast.article(publisher=name)
    response: Any = desk_lead.get(page())
    assert response.context["publishers"] == ["Almanac", "Herald"]
    assert Publisher.objects.count() == 3


def test_its_queries_do_not_grow(desk_lead: Client, django_assert_num_queries: Any) -> None:
    for number in range(60):
        cast.article(publisher=f"Gazette {number}")
    # The session, the user, one for what they may do, the publishers.
    with django_assert_num_queries(4):
        response: Any = desk_lead.get(page())
    assert len(response.context["publishers"]) == 50


def test_every_format_has_a_label() -> None:
    assert list(FORMAT_LABELS) == list(FORMATS)

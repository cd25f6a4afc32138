"""What the desk keeps from some of its own people."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType

from articles.models import ImportRun
from claims.models import Annotation, Claim, Identity, SavedList, Source
from tests import cast
from tests.desk import address, errors, fill, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def guess():
    unnamed = cast.source("A diplomat", named=False, description="Baltic")
    return Identity.objects.create(source=unnamed, guess=cast.source("Anna Secret"), note="her voice")


@pytest.mark.parametrize("name", ["editor", "reviewer", "lead"])
@pytest.mark.parametrize("view", ["change", "history", "withdraw"])
def test_identities_are_for_their_own_permission_alone(client, guess, name, view):
    client.force_login(cast.person(name))
    assert client.get(address(guess, view)).status_code == 403
    assert client.get(address(Identity, "changelist")).status_code == 403
    assert "Identit" not in client.get("/admin/").content.decode()


def test_the_page_of_the_source_says_nothing_of_them(client, guess):
    client.force_login(cast.person("lead"))
    assert "Anna Secret" not in client.get(address(guess.source)).content.decode()


def test_they_leave_no_trace_in_history(client, guess):
    root = User.objects.create_superuser("root")
    client.force_login(root)
    client.post(address(guess), fill(shown(client, address(guess)), {"note": "her voice, twice"}))
    other = cast.source("Another", named=False, description="y")
    anna = Source.objects.get(name="Anna Secret")
    client.post(address(Identity, "add"), {"source": other.pk, "guess": anna.pk, "note": "x"})
    assert Identity.objects.count() == 2
    client.post(address(guess, "withdraw"), {"apply": "1", "reason": "wrong", "seen": f"{guess.pk}:2"})
    guess.refresh_from_db()
    assert guess.withdrawn_reason == "wrong"
    assert not LogEntry.objects.exists()


def test_the_list_of_guesses_has_no_search(client, guess):
    client.force_login(User.objects.create_superuser("root"))
    assert 'id="searchbar"' not in client.get(address(Identity, "changelist")).content.decode()


@pytest.fixture
def note():
    return Annotation.objects.create(
        claim=cast.claim(), body="For me alone", visibility="private", created_by=cast.person("lead")
    )


@pytest.mark.parametrize("view", ["change", "history", "withdraw"])
def test_a_private_note_is_not_there_for_others(client, note, view):
    client.force_login(User.objects.create_superuser("root"))
    assert client.get(address(note, view)).status_code == 302
    assert "For me alone" not in client.get(address(Annotation, "changelist")).content.decode()


def test_a_private_note_cannot_be_replied_to_by_others(client, note):
    client.force_login(cast.person("editor"))
    values = {
        "body": "I see",
        "motivation": "replying",
        "visibility": "desk",
        "claim": note.claim_id,
        "reply_to": note.pk,
    }
    assert list(errors(client.post(address(Annotation, "add"), values))) == ["reply_to"]


def test_its_author_finds_it(client, note):
    client.force_login(note.created_by)
    assert "For me alone" in client.get(address(Annotation, "changelist")).content.decode()


def test_a_colleagues_note_can_be_read_and_not_changed(client):
    note = Annotation.objects.create(claim=cast.claim(), body="Seen by all", created_by=cast.person("lead"))
    client.force_login(cast.person("editor"))
    page = client.get(address(note)).content.decode()
    assert "Seen by all" in page
    assert 'name="body"' not in page
    assert client.post(address(note), {"body": "Forged"}).status_code == 403


def test_a_saved_list_belongs_to_who_saves_it(client):
    lead, editor = cast.person("lead"), cast.person("editor")
    SavedList.objects.create(name="Mine", owner=lead)
    shared = SavedList.objects.create(name="Ours", owner=lead, visibility="desk")
    client.force_login(editor)
    values = {"name": "Mine", "query": "https://desk.example.org/claims/?status=new", "visibility": "private"}
    assert client.post(address(SavedList, "add"), values).status_code == 302
    own = SavedList.objects.get(owner=editor)
    assert own.query == "status=new"
    assert client.post(address(SavedList, "add"), values).status_code == 200
    assert {row.name for row in client.get(address(SavedList, "changelist")).context["cl"].result_list} == {
        "Mine",
        "Ours",
    }
    assert client.post(address(shared), {"name": "Theirs"}).status_code == 403


def test_a_saved_list_is_shared_by_who_has_that_power(client):
    values = {"name": "Ours", "query": "status=new&sort=newest&page=1", "visibility": "desk"}
    for role, visibility in (("editor", "private"), ("lead", "desk")):
        user = cast.person(role)
        client.force_login(user)
        assert ("visibility" in shown(client, address(SavedList, "add"))) == (visibility == "desk")
        assert client.post(address(SavedList, "add"), values).status_code == 302
        saved = SavedList.objects.get(owner=user)
        assert (saved.visibility, saved.query) == (visibility, "status=new"), "as the list's own address gives it"
        assert client.get(address(saved)).status_code == 200


def test_who_has_no_role_sees_only_what_is_public_even_with_a_permission(client):
    cast.claim("Kept back"), cast.claim("Shown", published=True)
    outsider = cast.person("outsider")
    outsider.is_staff = True
    outsider.save()
    outsider.user_permissions.add(Permission.objects.get(codename="view_claim"))
    client.force_login(outsider)
    rows = client.get(address(Claim, "changelist")).context["cl"].result_list
    assert [row.short_text for row in rows] == ["Shown"]


def test_a_colleague_is_named_without_a_link_to_an_account_that_is_not_open(client):
    root = User.objects.create_superuser("root")
    run = ImportRun.objects.create(format="digest", file_name="a.txt", sha256="0" * 64, created_by=root)
    link = f'href="/admin/auth/user/{root.pk}/change/"'
    client.force_login(cast.person("lead"))
    page = client.get(address(run)).content.decode()
    assert '<div class="readonly">root</div>' in page
    assert link not in page
    client.force_login(root)
    assert link in client.get(address(run)).content.decode()


def test_a_saved_list_that_the_claim_list_would_refuse_is_refused(client):
    client.force_login(cast.person("editor"))
    values = {"name": "Mine", "query": "?status=nonsense", "visibility": "private"}
    assert list(errors(client.post(address(SavedList, "add"), values))) == ["query"]
    assert not SavedList.objects.exists()


def test_no_number_of_a_row_leads_to_what_it_is_about(client):
    unnamed = cast.source("an official", named=False, description="an official")
    guess = Identity.objects.create(source=unnamed, guess=cast.source("Somebody"))
    number = ContentType.objects.get_for_model(Identity).pk
    client.force_login(cast.person("editor"))
    assert client.get(f"/admin/r/{number}/{guess.pk}/").status_code == 404


def test_a_reply_does_not_tell_the_words_of_a_private_note(client):
    claim, lead = cast.claim(), cast.person("lead")
    private = Annotation.objects.create(claim=claim, body="SECRET", visibility="private", created_by=lead)
    reply = Annotation.objects.create(claim=claim, body="Agreed", reply_to=private, created_by=lead)
    form = f"/admin/claims/annotation/{reply.pk}/change/"
    client.force_login(cast.person("editor"))
    html = client.get(form).content.decode()
    assert "a private note" in html
    assert "SECRET" not in html
    client.force_login(lead)
    assert "SECRET" in client.get(form).content.decode()

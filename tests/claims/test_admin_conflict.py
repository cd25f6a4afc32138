"""Saves that come after somebody else's: one page asks, field by field, and nothing that was typed is lost."""

import pytest
from django.test import Client

from articles.models import Article, Publisher
from claims import merging
from claims.models import Appearance, Attribution, ClaimLink, Evidence, Source, Statement
from tests import cast
from tests.desk import add_row, address, asked, errors, fill, picks, save, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def other():
    """Somebody else at the desk: saves a page, whatever others do."""
    somebody = Client()
    somebody.force_login(cast.person("reviewer"))

    def saves(row, **typed):
        assert save(somebody, address(row), **typed).status_code == 302

    return saves


def page(response):
    return " ".join(response.content.decode().split())


# A row that was merged


def test_it_leads_to_what_the_row_was_merged_into_and_keeps_what_was_typed(client, editor):
    claims = [cast.claim(words) for words in ("It rains", "Rain falls")]
    tag = cast.tag("Weather")
    cast.statement(claim=claims[0])
    fields = add_row(shown(client, address(claims[0])), "evidences", url="https://example.org/rain", note="Wet")
    merging.merge(*claims, by=cast.person("lead"), why="The same")
    typed = fill(fields, {"text": "It rains a lot", "tags": [tag.pk], "appearances-0-stance": "denies"})
    response = client.post(address(claims[0]), typed)
    assert response.status_code == 409
    assert f'merged into <a href="{address(claims[1])}">Rain falls</a>' in page(response)
    [row] = response.context["asked"]
    copies = {text for _, text in row.copies}
    assert {"It rains a lot", "Weather", "Wet", "https://example.org/rain", "denies"} <= copies
    assert client.post(address(claims[0]), picks(response)).status_code == 409
    assert not Evidence.objects.exists()
    nonsense = {"seen_lock": "x", "tags": "x", "appearances-TOTAL_FORMS": "x"}
    assert client.post(address(claims[0]), nonsense).status_code == 409


def test_who_may_change_nothing_of_a_merged_row_is_refused_as_before(client):
    client.force_login(cast.person("editor"))
    tags = [cast.tag(name) for name in ("Rain", "Rains")]
    merging.merge(*tags, by=cast.person("lead"), why="The same")
    assert client.post(address(tags[0]), {}).status_code == 403


# A row's own fields


def test_it_shows_what_was_there_what_they_stored_and_what_was_typed(client, editor, other):
    claim = cast.claim("Germany sends soldiers", short_text="Germany sends soldiers")
    fields = shown(client, address(claim))
    other(claim, short_text="Germany sends few soldiers", why="as the ministry says")
    response = client.post(address(claim), fill(fields, {"short_text": "Germany sends many soldiers"}))
    assert response.status_code == 409
    [row] = response.context["asked"]
    [field] = row.fields
    assert (field.original, field.both, field.picked) == ("Germany sends soldiers", True, "yours")
    assert "reviewer</b>, “as the ministry says”" in page(response)
    assert "Germany sends</span><ins> few</ins>" in page(response)
    assert "Germany sends</span><ins> many</ins>" in page(response)
    claim.refresh_from_db()
    assert claim.short_text == "Germany sends few soldiers"


@pytest.mark.parametrize(("side", "stored"), [("yours", "Mine"), ("theirs", "Theirs")])
def test_what_is_picked_is_saved(client, editor, other, side, stored):
    claim = cast.claim()
    fields = shown(client, address(claim))
    other(claim, short_text="Theirs")
    response = client.post(address(claim), fill(fields, {"short_text": "Mine", "unit": "men", "why": "because"}))
    answer = client.post(address(claim), picks(response, short_text=side))
    assert answer.status_code == 302
    claim.refresh_from_db()
    assert (claim.short_text, claim.unit) == (stored, "men")


def test_what_only_one_side_changed_is_picked_already(client, editor, other):
    claim = cast.claim(unit="men")
    fields = shown(client, address(claim))
    other(claim, short_text="Theirs", unit="soldiers")
    response = client.post(address(claim), fill(fields, {"text": "Mine", "unit": "people"}))
    assert asked(response) == {"text": "you", "short_text": "they", "unit": "both"}
    assert client.post(address(claim), picks(response)).status_code == 302
    claim.refresh_from_db()
    assert (claim.text, claim.short_text, claim.unit) == ("Mine", "Theirs", "people")


def test_it_asks_again_where_others_are_faster_again(client, editor, other):
    claim = cast.claim()
    fields = shown(client, address(claim))
    other(claim, short_text="Theirs")
    first = client.post(address(claim), fill(fields, {"short_text": "Mine", "unit": "men"}))
    other(claim, short_text="Theirs again", language="de")
    second = client.post(address(claim), picks(first, short_text="theirs"))
    assert second.status_code == 409
    assert asked(second) == {"short_text": "they", "unit": "you", "language": "they"}
    assert client.post(address(claim), picks(second)).status_code == 302
    claim.refresh_from_db()
    assert (claim.short_text, claim.unit, claim.language) == ("Theirs again", "men", "de")


def test_the_tags_of_both_are_shown_as_added_and_removed(client, editor, other):
    rain, snow, hail = cast.tag("Rain"), cast.tag("Snow"), cast.tag("Hail")
    claim = cast.claim(tags=[rain])
    fields = shown(client, address(claim))
    other(claim, tags=[rain.pk, snow.pk])
    response = client.post(address(claim), fill(fields, {"tags": [hail.pk]}))
    assert asked(response) == {"tags": "both"}
    assert "<span>Rain</span> <ins>Snow</ins>" in page(response)
    assert "<del>Rain</del> <ins>Hail</ins>" in page(response)
    assert client.post(address(claim), picks(response, tags="theirs")).status_code == 302
    assert set(claim.tags.all()) == {rain, snow}


def test_changing_the_tags_alone_overtakes_too(client, editor, other):
    rain = cast.tag("Rain")
    claim = cast.claim()
    fields = shown(client, address(claim))
    other(claim, tags=[rain.pk])
    response = client.post(address(claim), fill(fields, {"short_text": "Mine"}))
    assert asked(response) == {"short_text": "you", "tags": "they"}
    client.post(address(claim), picks(response))
    claim.refresh_from_db()
    assert (claim.short_text, list(claim.tags.all())) == ("Mine", [rain])


def test_it_tells_what_others_did_that_has_no_field(client, editor, other):
    claim = cast.claim()
    fields = shown(client, address(claim))
    other(claim, move_to="in_progress")
    response = client.post(address(claim), fill(fields, {"short_text": "Mine"}))
    assert response.status_code == 409
    assert "Status: new → in progress" in page(response)


def test_what_both_typed_alike_is_no_conflict(client, editor, other):
    claim = cast.claim()
    fields = shown(client, address(claim))
    other(claim, short_text="The same")
    assert client.post(address(claim), fill(fields, {"short_text": "The same"})).status_code == 302


def test_lines_that_end_otherwise_are_no_change(client, editor, other):
    claim = cast.claim("One\nTwo")
    fields = shown(client, address(claim))
    other(claim, short_text="Theirs")
    sent = fill(fields, {"text": "One\r\nTwo", "short_text": fields["short_text"], "unit": "men"})
    assert asked(client.post(address(claim), sent)) == {"short_text": "they", "unit": "you"}


def test_a_save_without_the_lock_is_refused_and_kept(client, editor):
    claim = cast.claim()
    response = save(client, address(claim), short_text="Typed", seen_lock=None)
    assert response.status_code == 428
    assert "Typed" in page(response)
    claim.refresh_from_db()
    assert (claim.lock, claim.short_text) != (2, "Typed")
    assert client.post(address(claim), picks(response)).status_code == 302
    claim.refresh_from_db()
    assert claim.short_text == "Typed"


@pytest.mark.parametrize("lock", ["", "x", "-1", "99", "9" * 40])
def test_a_lock_that_never_was_saves_nothing(client, editor, lock):
    claim = cast.claim()
    response = save(client, address(claim), short_text="Typed", seen_lock=lock)
    assert response.status_code in (409, 428)
    claim.refresh_from_db()
    assert claim.lock == 1


def test_words_that_were_never_chosen_are_kept(client, editor, other):
    claim = cast.claim()
    fields = shown(client, address(claim))
    other(claim, short_text="Theirs")
    response = client.post(address(claim), fill(fields, {"assignee__typed": "Ida", "short_text": "Mine"}))
    assert "“Ida”" in page(response)
    again = client.post(address(claim), picks(response))
    assert again.status_code == 200
    assert 'data-typed="Ida"' in page(again)


def test_what_is_wrong_is_said_once_it_is_picked(client, editor, other):
    claim = cast.claim()
    fields = shown(client, address(claim))
    other(claim, short_text="Theirs")
    response = client.post(address(claim), fill(fields, {"short_text": "Mine", "about_from": "yesterday"}))
    assert response.status_code == 409
    again = client.post(address(claim), picks(response))
    assert again.status_code == 200
    assert 'value="yesterday"' in page(again)


def test_a_claim_that_was_withdrawn_meanwhile_stays_withdrawn(client, editor, other):
    claim = cast.claim()
    fields = shown(client, address(claim))
    claim.withdraw(by=cast.person("lead"), reason="twice the same")
    response = client.post(address(claim), fill(fields, {"short_text": "Mine"}))
    assert response.status_code == 409
    assert "It was withdrawn by lead: twice the same." in page(response)
    assert ">Mine</" in page(response)
    client.post(address(claim), picks(response))
    claim.refresh_from_db()
    assert (claim.short_text, claim.withdrawn_reason) == ("Mine", "twice the same")


def test_it_costs_some_queries_whatever_was_typed(client, editor, other, django_assert_max_num_queries):
    claim = cast.claim(tags=[cast.tag("Rain")])
    fields = shown(client, address(claim))
    other(claim, short_text="Theirs", unit="men", language="de")
    typed = {"short_text": "Mine", "unit": "x", "language": "fr", "text": "Other", "tags": []}
    with django_assert_max_num_queries(30):
        response = client.post(address(claim), fill(fields, typed))
    assert response.status_code == 409


@pytest.mark.parametrize("row", [cast.publisher, cast.article, cast.source], ids=["publisher", "article", "source"])
def test_every_page_has_it(client, editor, other, row):
    made = row()
    fields = shown(client, address(made))
    name = {Publisher: "domain", Article: "byline", Source: "description"}[type(made)]
    other(made, **{name: "theirs.example"})
    response = client.post(address(made), fill(fields, {name: "mine.example"}))
    assert asked(response) == {name: "both"}
    assert client.post(address(made), picks(response)).status_code == 302
    made.refresh_from_db()
    assert getattr(made, name) == "mine.example"


# Rows of an inline


@pytest.fixture
def linked():
    """A claim with two cross-references."""
    claim = cast.claim("One")
    made = [cast.link(claim, ClaimLink.Kind.SUPPORTS, cast.claim(f"Other {at}"), note="first") for at in range(2)]
    return claim, made


def test_different_rows_are_nobodys_conflict(client, editor, other, linked):
    claim, (one, two) = linked
    fields = shown(client, address(claim))
    other(claim, **{"links_out-1-note": "theirs"})
    assert client.post(address(claim), fill(fields, {"links_out-0-note": "mine"})).status_code == 302
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.note, two.note) == ("mine", "theirs")


def test_a_row_that_others_added_stays(client, editor, other, linked):
    claim, _ = linked
    fields = shown(client, address(claim))
    cast.link(claim, ClaimLink.Kind.SUPPORTS, cast.claim("Another"))
    assert client.post(address(claim), fill(fields, {"links_out-0-note": "mine"})).status_code == 302
    assert ClaimLink.objects.current().count() == 3


def test_the_same_row_is_asked_about_under_its_heading(client, editor, other, linked):
    claim, (one, _) = linked
    fields = shown(client, address(claim))
    other(claim, **{"links_out-0-note": "theirs"})
    response = client.post(address(claim), fill(fields, {"links_out-0-note": "mine", "unit": "men"}))
    assert asked(response) == {"links_out-0-note": "both"}
    assert "Supports “Other 0”" in page(response)
    client.post(address(claim), picks(response))
    one.refresh_from_db()
    claim.refresh_from_db()
    assert (one.note, claim.unit) == ("mine", "men")


def test_a_row_withdrawn_by_others_stays_withdrawn_and_what_was_typed_can_be_copied(client, editor, other, linked):
    claim, (one, _) = linked
    fields = shown(client, address(claim))
    other(claim, **{"links_out-0-DELETE": "on"})
    response = client.post(address(claim), fill(fields, {"links_out-0-note": "mine", "unit": "men"}))
    assert response.status_code == 409
    assert "It was withdrawn by reviewer" in page(response)
    assert "readonly>mine</textarea>" in page(response)
    assert client.post(address(claim), picks(response)).status_code == 302
    one.refresh_from_db()
    claim.refresh_from_db()
    assert (one.withdrawn_at is not None, one.note, claim.unit) == (True, "first", "men")


def test_a_row_withdrawn_by_others_and_left_alone_is_no_conflict(client, editor, other, linked):
    claim, (one, two) = linked
    fields = shown(client, address(claim))
    other(claim, **{"links_out-0-DELETE": "on"})
    assert client.post(address(claim), fill(fields, {"links_out-1-note": "mine"})).status_code == 302
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.withdrawn_at is not None, two.note) == (True, "mine")


def test_both_withdraw_it(client, editor, other, linked):
    claim, _ = linked
    fields = shown(client, address(claim))
    other(claim, **{"links_out-0-DELETE": "on"})
    assert client.post(address(claim), fill(fields, {"links_out-0-DELETE": "on"})).status_code == 302


@pytest.mark.parametrize(("side", "gone"), [("yours", True), ("theirs", False)])
def test_withdrawing_what_others_changed_is_asked(client, editor, other, linked, side, gone):
    claim, (one, _) = linked
    fields = shown(client, address(claim))
    other(claim, **{"links_out-0-note": "theirs"})
    response = client.post(address(claim), fill(fields, {"links_out-0-DELETE": "on"}))
    assert asked(response) == {"links_out-0-note": "they", "links_out-0-DELETE": "you"}
    assert client.post(address(claim), picks(response, **{"links_out-0-DELETE": side})).status_code == 302
    one.refresh_from_db()
    assert (one.withdrawn_at is not None, one.note) == (gone, "theirs")


def test_a_row_that_moved_to_another_page_is_not_written(client, editor, other):
    claim, elsewhere = cast.claim("One"), cast.claim("Elsewhere")
    statement = cast.statement(claim=claim)
    made = Appearance.objects.get()
    fields = shown(client, address(claim))
    other(statement, **{"appearances-0-claim": elsewhere.pk})
    response = client.post(address(claim), fill(fields, {"appearances-0-stance": "denies"}))
    assert response.status_code == 409
    assert "It stands elsewhere now." in page(response)
    assert client.post(address(claim), picks(response)).status_code == 302
    made.refresh_from_db()
    assert (made.claim, made.stance) == (elsewhere, "asserts")


def test_a_row_without_its_lock_is_refused(client, editor, linked):
    claim, (one, _) = linked
    typed = {"links_out-0-note": "mine", "links_out-0-seen_lock": None}
    response = save(client, address(claim), **typed)
    assert response.status_code == 428
    assert response.context["title"] == "Look at what is stored before you save"  # not that somebody else saved
    one.refresh_from_db()
    assert one.note == "first"


# Chains


def chain(statement):
    hops = statement.attributions.current().select_related("source").order_by("position", "id")
    return [f"{hop.position} {hop.source}" for hop in hops]


@pytest.fixture
def told():
    """A statement that passed through Reuters."""
    return cast.statement(chain=["The ministry", "Reuters"])


def with_hop(client, statement, name, at=2):
    fields = shown(client, address(statement))
    values = {"position": at, "source": cast.source(name).pk, "quotation_type": "indirect"}
    return add_row(fields, "attributions", **values)


def test_two_who_add_a_hop_are_asked_about_the_chain(client, editor, other, told):
    mine = fill(with_hop(client, told, "Politico"), {})
    other(told, **{"attributions-1-cue": "writes"})
    with_theirs = with_hop(client, told, "Le Monde")
    client.post(address(told), fill(with_theirs, {}))
    response = client.post(address(told), mine)
    assert asked(response) == {"attributions": "chain"}
    [row] = response.context["asked"]
    assert [(hop.voice, hop.change) for hop in row.original] == [("The ministry", ""), ("Reuters", "")]
    assert [(hop.voice, hop.change) for hop in row.theirs][2:] == [("Le Monde", "added")]
    assert [(hop.voice, hop.change) for hop in row.yours][2:] == [("Politico", "added")]
    assert chain(told) == ["0 The ministry", "1 Reuters", "2 Le Monde"]
    client.post(address(told), picks(response))
    assert chain(told) == ["0 The ministry", "1 Reuters", "2 Politico"]


def test_their_chain_can_be_picked(client, editor, other, told):
    mine = fill(with_hop(client, told, "Politico"), {"commitment": "PS+"})
    client.post(address(told), fill(with_hop(client, told, "Le Monde"), {}))
    response = client.post(address(told), mine)
    answer = client.post(address(told), picks(response, attributions="theirs"))
    assert answer.status_code == 302, errors(answer)
    assert chain(told) == ["0 The ministry", "1 Reuters", "2 Le Monde"]


def test_a_hop_that_others_withdrew_comes_back_only_knowingly(client, editor, other, told):
    fields = shown(client, address(told))
    other(told, **{"attributions-1-DELETE": "on"})
    response = client.post(address(told), fill(fields, {"attributions-1-cue": "reports"}))
    assert asked(response) == {"attributions": "chain"}
    [row] = response.context["asked"]
    assert [(hop.voice, hop.change) for hop in row.theirs] == [("The ministry", ""), ("Reuters", "withdrawn")]
    assert chain(told) == ["0 The ministry"]
    client.post(address(told), picks(response, attributions="theirs"))
    assert chain(told) == ["0 The ministry"]
    again = client.post(address(told), fill(fields, {"attributions-1-cue": "reports"}))
    client.post(address(told), picks(again))
    assert chain(told) == ["0 The ministry", "1 Reuters"]
    assert Attribution.objects.current().get(position=1).cue == "reports"


def test_hops_that_others_moved_are_said_to_have_moved(client, editor, other, told):
    fields = shown(client, address(told))
    other(told, **{"attributions-0-position": 1, "attributions-1-position": 0})
    response = client.post(address(told), fill(fields, {"attributions-0-cue": "warned"}))
    [row] = response.context["asked"]
    assert {hop.change for hop in row.theirs} != {""}
    assert [str(label) for label, _ in row.yours[0].details] == ["Cue"]
    client.post(address(told), picks(response, attributions="theirs"))
    assert chain(told) == ["0 Reuters", "1 The ministry"]


def test_a_chain_that_was_left_alone_is_left_to_others(client, editor, other, told):
    fields = shown(client, address(told))
    client.post(address(told), fill(with_hop(client, told, "Le Monde"), {"attributions-0-DELETE": None}))
    assert client.post(address(told), fill(fields, {"commitment": "PS+"})).status_code == 302
    assert chain(told) == ["0 The ministry", "1 Reuters", "2 Le Monde"]


def test_details_of_different_hops_are_nobodys_conflict(client, editor, other, told):
    fields = shown(client, address(told))
    other(told, **{"attributions-0-cue": "theirs"})
    assert client.post(address(told), fill(fields, {"attributions-1-cue": "mine"})).status_code == 302
    assert [hop.cue for hop in told.attributions.order_by("position")] == ["theirs", "mine"]


def test_the_same_detail_of_a_hop_is_asked_about(client, editor, other, told):
    fields = shown(client, address(told))
    other(told, **{"attributions-1-cue": "theirs"})
    response = client.post(address(told), fill(fields, {"attributions-1-cue": "mine"}))
    assert asked(response) == {"attributions-1-cue": "both"}
    assert "Hop 1: Reuters" in page(response)
    client.post(address(told), picks(response))
    assert told.attributions.get(position=1).cue == "mine"


def test_a_chain_without_its_locks_is_refused(client, editor, told):
    response = save(client, address(told), **{"attributions-1-cue": "mine", "attributions-1-seen_lock": None})
    assert response.status_code == 428
    assert told.attributions.get(position=1).cue == "said"


def test_a_place_that_was_settled_meanwhile_can_be_copied(client, editor, other):
    statement = cast.statement(state=Statement.State.SUGGESTED)
    fields = shown(client, address(statement))
    other(statement, state="confirmed")
    response = client.post(address(statement), fill(fields, {"exact": "we will pay", "start": "", "end": ""}))
    assert response.status_code == 409
    assert "readonly>we will pay</textarea>" in page(response)
    assert client.post(address(statement), picks(response)).status_code == 302


# Forms that arrive twice


def test_a_pop_up_that_is_sent_twice_makes_one_row_and_hands_it_over_twice(client, editor):
    url = f"{address(Source, 'add')}?_popup=1"
    typed = fill(shown(client, url), {"name": "Anna", "slug": "anna", "_popup": "1"})
    first, second = client.post(url, typed), client.post(url, typed)
    assert first.status_code == second.status_code == 200
    made = Source.objects.get()
    assert f"&quot;value&quot;: &quot;{made.pk}&quot;" in page(second)


def test_a_row_that_was_added_on_a_page_is_added_once(client, editor):
    claim, other = cast.claim("One"), cast.claim("Other")
    fields = add_row(shown(client, address(claim)), "links_out", relation="supports", other=other.pk)
    answers = [client.post(address(claim), fill(fields, {})) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert ClaimLink.objects.count() == 1

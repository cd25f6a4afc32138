"""Every list of the desk: what it costs, and that no address breaks it."""

import datetime as dt

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import admin_search
from articles.models import Article, ArticleVersion, Change, ImportProblem, ImportRun
from articles.search.entry import Entry
from claims.models import (
    Annotation,
    Appearance,
    Attribution,
    Claim,
    ClaimLink,
    Correction,
    CorrectionRequest,
    Evidence,
    Identity,
    Inquiry,
    Look,
    Occasion,
    Presence,
    RatingLevel,
    RatingScale,
    Review,
    SavedList,
    Source,
    SourceRole,
    Statement,
    TermCount,
    Transition,
    Visit,
)
from claims.provenance import refresh
from tests import cast
from tests.claims.worlds import filed
from tests.desk import address, messages

pytestmark = pytest.mark.django_db

MODELS = [
    model
    for app in ("articles", "claims")
    for model in apps.get_app_config(app).get_models()
    if not issubclass(model, (Entry, TermCount, Change, Look, Presence, Visit))
]
"""All that somebody writes: what is derived has no pages, and history those of the rows that it is of. What somebody
has seen is told by their queue."""


def noise(number: int) -> None:
    """Some of everything, with every relation that a list could follow."""
    user = User.objects.create_user(f"colleague{number}", is_staff=True)
    run = ImportRun.objects.create(format="digest", file_name=f"{number}.txt", sha256="0" * 64, created_by=user)
    ImportProblem.objects.create(run=run, line=1, reason="no body", raw="x")
    original = cast.article(publisher=f"Paper {number}")
    article = cast.article(publisher=f"Blog {number}", republishes=original)
    minister = cast.source(f"Minister {number}", speaks_for=cast.source(f"Ministry {number}"))
    unnamed = cast.source(
        f"a diplomat {number}", named=False, description="a diplomat", known_through=cast.outlet(f"Paper {number}")
    )
    role = SourceRole.objects.create(source=minister, title="minister", organisation=cast.source(f"Cabinet {number}"))
    Identity.objects.create(source=unnamed, guess=minister)
    claim, other = cast.claim(f"It will rain {number}", assignee=user), cast.claim(f"It may rain {number}")
    claim.tags.add(cast.tag(f"Weather {number}"), cast.tag(f"Rain {number}"))
    made = cast.statement(article, chain=[minister, unnamed], claim=claim, occasion=Occasion.objects.create(title="x"))
    made.attributions.update(role=role, addressee=unnamed)
    cast.link(claim, ClaimLink.Kind.DISPUTES, other, drawn_by=made, state=ClaimLink.State.SUGGESTED)
    scale = RatingScale.objects.create(name=f"Scale {number}", slug=f"scale-{number}")
    level = RatingLevel.objects.create(scale=scale, label="true", slug="true", value=1, normalised="true")
    Review.objects.create(claim=claim, reviewer=cast.publisher(f"Checkers {number}"), rating=level)
    Evidence.objects.create(claim=claim, article=article)
    asked = dt.date(2026, 1, 1)
    Inquiry.objects.create(claim=claim, source=minister, question="Is it so?", asked_on=asked)
    Inquiry.objects.create(claim=claim, publisher=article.publisher, question="Is it so?", asked_on=asked)
    CorrectionRequest.objects.create(claim=claim, publisher=article.publisher, article=article, wrong="x")
    Correction.objects.create(claim=claim, text="It was another day.")
    for target in ({"claim": claim}, {"statement": made}, {"source": minister}, {"version": made.version}):
        Annotation.objects.create(body="note", created_by=user, resolved_by=user, resolved_at=timezone.now(), **target)
    SavedList.objects.create(name="mine", owner=user, visibility=SavedList.Visibility.DESK)
    Transition.objects.create(claim=claim, old="new", new="in_review", by=user)


def cost_of(client, url: str, queries) -> int:
    with queries() as counted:
        assert client.get(url).status_code == 200
    return len(counted)


@pytest.fixture
def queries(db):
    return lambda: CaptureQueriesContext(connection)


def test_every_model_is_registered():
    assert [model for model in MODELS if not admin.site.is_registered(model)] == []


def test_a_list_costs_12_queries_at_most_whatever_it_holds(client, queries):
    client.force_login(cast.person("admin"))
    urls = [address(model, "changelist") for model in MODELS]

    def costs() -> dict[str, int]:
        return {url: cost_of(client, url, queries) for url in urls}

    noise(0)
    costs()  # fills the cache of content types
    few = costs()
    with cast.at_once():
        for number in range(1, 6):
            noise(number)
    assert costs() == few
    assert {url: cost for url, cost in few.items() if cost > 12} == {}


def test_the_claim_list_costs_6(client, django_assert_num_queries):
    with cast.at_once():
        for number in range(4):
            noise(number)
    client.force_login(cast.person("editor"))
    # session, user, powers, count, rows with assignee, tags
    with django_assert_num_queries(6):
        client.get(address(Claim, "changelist"))


def test_the_statement_list_costs_6(client, django_assert_num_queries):
    with cast.at_once():
        for number in range(4):
            noise(number)
    client.force_login(cast.person("editor"))
    # session, user, powers, count, rows with article and publisher, hops with sources
    with django_assert_num_queries(6):
        client.get(address(Statement, "changelist"))


BAD = [
    *("status=zzz", "status__exact=zzz", "id__exact=abc", "id__in=" + "9" * 40, "p=99999", "p=0", "p=-1", "p=x"),
    *("o=x", "o=99.-99", "o=" + "9" * 400, "withdrawn=zzz", "todo=zzz", "sources=9", "tag=" + "x" * 200, "e=1", "all="),
    *("circular=zzz", "due_on__gte=never", "due_on__gte=2025-99-99", "text__regex=(a%2B)%2B$", "zzz=1"),
    *(
        "assignee__password__startswith=a",
        "q=" + "x" * 500,
        "q=" + "+".join("abcdefghijklmnopqrstuvwxyz"),
        "_to_field=x",
    ),
    *("priority__exact=" + "9" * 30, "verdict=%E2%80%AE", "_facets=1", "_popup=1"),
]


@pytest.mark.parametrize("query", BAD)
def test_no_address_breaks_a_list(client, query):
    client.force_login(cast.person("editor"))
    cast.claim()
    response = client.get(f"{address(Claim, 'changelist')}?{query}", follow=True)
    assert response.status_code in (200, 400)


@pytest.mark.parametrize("query", ["p=99999", "withdrawn=zzz", "circular=zzz"])
def test_it_says_that_a_filter_or_page_does_not_exist(client, query):
    client.force_login(cast.person("editor"))
    Claim.objects.bulk_create(Claim(text="x", short_text="x") for _ in range(51))
    response = client.get(f"{address(Claim, 'changelist')}?{query}", follow=True)
    assert messages(response) == ["The address named a filter or a page that does not exist: this is the whole list."]


def test_a_filter_that_the_list_does_not_have_is_refused(client):
    client.force_login(cast.person("editor"))
    assert client.get(f"{address(Claim, 'changelist')}?text__regex=x").status_code == 400


@pytest.mark.parametrize("words", ["germany soldier", "german*", '"sends soldiers"', "sends -nobody", "tag:weather"])
def test_claims_are_searched_as_on_the_site(client, words):
    told = filed(cast.claim("Germany sends soldiers"), cast.tag("Weather"))
    cast.claim("France sends nobody")
    client.force_login(cast.person("editor"))
    assert listed(client, Claim, q=words) == [str(told)]


def test_it_says_what_of_a_search_it_did_not_understand(client):
    cast.claim("Rain falls")
    client.force_login(cast.person("editor"))
    response = client.get(address(Claim, "changelist"), {"q": "rain tag:weather"})
    assert messages(response) == ["Tag: There is no tag called “weather”. This part was left out."]


def test_withdrawn_claims_are_found_too(client):
    editor = cast.person("editor")
    gone = cast.claim("Rain falls")
    gone.withdraw(by=editor, reason="double")
    refresh(claims=[gone.pk])
    cast.claim("Rain rises")
    client.force_login(editor)
    assert listed(client, Claim, q="rain") == ["Rain rises"]
    assert listed(client, Claim, q="rain", withdrawn="only") == ["Rain falls"]


def test_statements_are_searched_by_their_own_words_and_their_headlines(client):
    cast.statement(cast.article("Storm warning\nIt will rain.\nNobody said so."), "It will rain.")
    cast.statement(cast.article("Quiet day\nNo rain is near.\nThe sun shines."), "The sun shines.")
    client.force_login(cast.person("editor"))
    assert listed(client, Statement, q="rain") == listed(client, Statement, q="storm warning") == ["It will rain."]


def test_articles_are_searched_by_all_their_words_or_their_address(client):
    found = cast.article(
        "Storm warning\nIt will rain.", publisher="Herald", identifier="https://news.example.org/storm"
    )
    cast.article("Quiet day\nThe sun shines.")
    client.force_login(cast.person("editor"))
    for words in ("warning", "rains", "herald", found.identifier):
        assert listed(client, Article, q=words) == ["Storm warning"]
        assert listed(client, ArticleVersion, q=words) == ["Storm warning (version 1)"]


@pytest.mark.parametrize("model", [Appearance, ClaimLink, Evidence, Review, Transition])
def test_what_hangs_on_claims_is_searched_by_their_words(client, model):
    noise(0)
    cast.statement(claim=cast.claim("The sun shines"))
    client.force_login(cast.person("admin"))
    assert len(listed(client, model, q="rain")) == 1
    assert listed(client, model, q="snow") == []


def test_hops_are_searched_by_their_sources(client):
    cast.statement(chain=["Kremlin spokesman", "Gazette"])
    client.force_login(cast.person("editor"))
    assert listed(client, Attribution, q="kremlin") == ["0: Kremlin spokesman"]


def test_it_counts_no_further_than_anybody_reads(client, monkeypatch):
    monkeypatch.setattr(admin_search, "COUNTED", 3)
    for number in range(5):
        cast.claim(f"Rain {number}")
    client.force_login(cast.person("editor"))
    for query in ({}, {"q": "rain"}, {"sources": "none"}):
        response = client.get(address(Claim, "changelist"), query)
        assert response.context["cl"].result_count == 3
        assert "more than 3" in " ".join(response.content.decode().split())


def test_a_long_list_is_sorted_by_what_an_index_serves(client, monkeypatch):
    def listed(query):
        response = client.get(f"{address(Claim, 'changelist')}?{query}")
        rows = [claim.short_text for claim in response.context["cl"].result_list]
        return rows, any("not sorted" in each for each in messages(response))

    client.force_login(cast.person("editor"))
    for name, priority in (("B", 2), ("A", 1), ("C", 4)):
        cast.claim(name, priority=priority)
    assert listed("o=1") == (["A", "B", "C"], False)
    monkeypatch.setattr(admin_search, "FEW", 1)
    monkeypatch.setattr(admin_search, "COUNTED", 2)
    assert listed("o=1") == (["C", "A", "B"], True), "the newest first"
    assert listed("o=4") == (["C", "B", "A"], False)
    assert listed("o=9") == (["B", "A", "C"], False), "the oldest first"


def test_claims_are_filtered_by_kind_verdict_and_circles(client):
    client.force_login(cast.person("editor"))
    figure, fact = cast.claim("Figure", kind="figure"), cast.claim("Fact")
    cast.review(figure)
    refresh(claims=[figure.pk, fact.pk])
    verdict = Claim.objects.get(pk=figure.pk).verdict
    for query, found in (
        ("kind=figure", {figure}),
        (f"verdict={verdict}", {figure}),
        ("verdict=none", {fact}),
        ("circular=no", {figure, fact}),
        ("circular=yes", set()),
    ):
        assert {*client.get(f"{address(Claim, 'changelist')}?{query}").context["cl"].result_list} == found, query


def test_it_refuses_too_long_a_search_and_says_so(client):
    cast.claim("x" * 60)
    client.force_login(cast.person("editor"))
    response = client.get(address(Claim, "changelist"), {"q": "x" * 201})
    assert messages(response) == ["Nothing was searched: give at most 200 characters."]
    assert list(response.context["cl"].result_list) == []


def listed(client, model, **query) -> list[str]:
    return [str(row) for row in client.get(address(model, "changelist"), query).context["cl"].result_list]


def test_withdrawn_rows_stay_out_of_the_way(client):
    editor = cast.person("editor")
    cast.claim("In use")
    cast.claim("Out of use").withdraw(by=editor, reason="double")
    client.force_login(editor)
    assert listed(client, Claim) == ["In use"]
    assert listed(client, Claim, withdrawn="only") == ["Out of use"]
    assert listed(client, Claim, withdrawn="all") == ["Out of use", "In use"]


def test_claims_are_filtered_by_tag_with_its_subtree(client):
    military = cast.tag("Military")
    ships = cast.tag("Ships", parent=military)
    filed(cast.claim("Tanks roll"), military)
    filed(cast.claim("Ships sail"), ships)
    cast.claim("Rain falls")
    client.force_login(cast.person("editor"))
    assert listed(client, Claim, tag="military") == ["Ships sail", "Tanks roll"]
    assert listed(client, Claim, tag="Ships") == ["Ships sail"]
    assert listed(client, Claim, tag="nothing of the kind") == []


def test_claims_are_filtered_by_source_and_assignee(client):
    editor = cast.person("editor")
    told = cast.claim("Told", assignee=editor)
    cast.statement(claim=told, chain=["Kremlin spokesman"])
    cast.statement(claim=cast.claim("Else"), chain=["Somebody else"])
    client.force_login(editor)
    assert listed(client, Claim, source="kremlin") == ["Told"]
    assert listed(client, Claim, assignee="me") == listed(client, Claim, assignee="editor") == ["Told"]
    assert listed(client, Claim, assignee="nobody") == ["Else"]


def test_claims_are_filtered_by_their_number_of_sources(client):
    one, two, none = cast.claim("One"), cast.claim("Two"), cast.claim("None")
    cast.statement(claim=one)
    cast.statement(claim=two)
    cast.statement(claim=two, chain=["Another ministry"])
    client.force_login(cast.person("editor"))
    assert [listed(client, Claim, sources=value) for value in ("none", "one", "more")] == [
        [none.short_text],
        [one.short_text],
        [two.short_text],
    ]


def test_unknown_dates_come_last_in_the_list_of_articles(client):
    for text, on in (("Undated\nx", None), ("Old\nx", "2001-01-01"), ("New\nx", "2025-01-01")):
        cast.article(text, on=on)
    client.force_login(cast.person("editor"))
    assert listed(client, Article) == ["New", "Old", "Undated"]


@pytest.mark.parametrize("name", ["reader", "outsider"])
def test_the_desk_tells_who_does_not_edit_so(client, name):
    client.force_login(cast.person(name))
    response = client.get(address(Claim, "changelist"), follow=True)
    assert response.status_code == 403
    page = response.content.decode()
    assert f"You are signed in as {name}, who may read but not edit." in page
    assert 'type="password"' not in page


def test_the_desk_asks_who_is_not_signed_in(client):
    response = client.get(address(Claim, "changelist"), follow=True)
    assert (response.status_code, 'type="password"' in response.content.decode()) == (200, True)


def test_a_list_is_headed_by_what_it_lists(client):
    client.force_login(cast.person("editor"))
    assert client.get(address(Claim, "changelist")).context["title"] == "Claims"


def test_nobody_deletes_anything(client):
    claim = cast.claim()
    client.force_login(User.objects.create_superuser("root"))
    assert client.post(address(claim, "delete"), {"post": "yes"}).status_code == 403
    response = client.get(address(Claim, "changelist"))
    assert "delete_selected" not in response.content.decode()
    assert all(not desk.has_delete_permission(response.wsgi_request) for desk in admin.site._registry.values())


def test_no_list_counts_every_choice_of_a_filter():
    assert {desk.show_facets for model, desk in admin.site._registry.items() if model in MODELS} == {
        admin.ShowFacets.NEVER
    }


def test_dates_of_roles_and_sources_are_listed(client):
    SourceRole.objects.create(source=cast.source("Anna"), title="minister", held_from=dt.date(2020, 1, 1))
    client.force_login(cast.person("editor"))
    assert listed(client, Source) == ["Anna"]
    assert "1 Jan 2020" in client.get(address(SourceRole, "changelist")).content.decode()

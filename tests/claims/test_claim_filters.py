"""The filters of the claim list: what each finds among noise, what it refuses, what it must not give away."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils.http import urlencode

from claims.filters import ClaimFilter
from claims.models import Appearance, Attribution, Claim, Evidence, RatingLevel, RatingScale, Review
from claims.provenance import refresh
from tests import cast

pytestmark = pytest.mark.django_db

NOBODY = AnonymousUser()


def listing(query, viewer=NOBODY):
    return ClaimFilter(QueryDict(query), viewer=viewer, path="/claims/")


def found(query, viewer=NOBODY):
    """The texts of the claims in the order of the list; the query must be one that the list takes."""
    asked = listing(query, viewer)
    assert asked.is_valid(), asked.errors
    return [claim.text for claim in asked.qs]


def problems(query, viewer=NOBODY):
    """What the list says to a query that it refuses; it then has no rows."""
    asked = listing(query, viewer)
    assert not asked.is_valid()
    assert not asked.qs.exists()
    return asked.problems()


def claim(text, **values):
    return cast.claim(text, published=True, **values)


def said(text, *chain, **values):
    """A published claim with one statement that has the given chain."""
    made = claim(text)
    cast.statement(chain=chain or ["Somebody"], claim=made, **values)
    return made


@pytest.fixture(autouse=True, scope="module")
def _noise(module_db):
    """A claim that no filter below is after."""
    noise = cast.claim("Noise", published=True, kind=Claim.Kind.OPINION, tags=[cast.tag("Weather")])
    cast.statement(
        cast.article(publisher="Gazette", on="2019-05-05"),
        chain=["Weather service", "Gazette desk"],
        claim=noise,
        stance="hedges",
        said_on="2019-05-04",
    )


# Words


GO = "“Soldiers go to Poland: 50% of its army”"


@pytest.mark.parametrize(
    "words",
    [
        *("soldiers", "SOLDIER", "poland soldiers", '"go to poland"', "“go to Poland”", "sold*", "go -sailors"),
        *("50%", "Pólánd", "dozen", "go OR army -sailors", "its' army"),
    ],
)
def test_q_finds_words_in_text_or_short_text(words):
    claim(GO, short_text="Dozens go")
    claim("Sailors go home: 45 of 60")
    assert found(urlencode({"q": words})) == [GO]


@pytest.mark.parametrize("words", ["oldiers", '"poland soldiers"', "sol", "soldiers -poland", '"army dozens"', "5"])
def test_q_finds_no_part_of_a_word_and_no_phrase_that_stands_nowhere(words):
    claim(GO, short_text="Dozens go")
    assert found(urlencode({"q": words})) == []


@pytest.mark.parametrize("stored", ["pt-BR", "PT-br"])
def test_languages_are_compared_in_whatever_case(stored):
    claim("Soldados", language=stored)
    claim("Tropas", language="pt")
    for asked in ("pt-BR", "PT-br", "pt-br&language=pt-BR"):
        assert found(f"language={asked}") == ["Soldados"]
        assert listing(f"language={asked}").url() == "/claims/?language=pt-BR"


def test_words_of_another_language_are_found_as_they_stand():
    claim("Soldaten gehen nach München", language="de")
    assert found("q=soldaten+munchen") == ["Soldaten gehen nach München"]
    assert found("q=soldat") == []


@pytest.mark.parametrize("words", ["barracks", "kremlin", "moscow", "hybrid", "nato", "digest", "politico", "wire"])
def test_q_finds_a_claim_by_its_statements_sources_tags_and_publishers(words):
    found_by = claim("A", tags=[cast.tag("Hybrid attack", parent=cast.tag("NATO"))])
    reprint = cast.article(
        "Headline\nThey leave the barracks.", publisher="Digest", republishes=cast.article(publisher="Politico")
    )
    cast.statement(reprint, chain=[cast.source("Kremlin", aliases="Moscow"), "The wire"], claim=found_by)
    assert found(f"q={words}") == ["A"]


@pytest.mark.parametrize("words", ["barracks", "kremlin", "hybrid"])
def test_q_finds_nothing_by_what_is_withdrawn(words):
    tag, source = cast.tag("Hybrid attack"), cast.source("Kremlin")
    by_statement = claim("A", tags=[tag])
    statement = cast.statement(cast.article("Headline\nThey leave the barracks."), claim=by_statement)
    cast.statement(cast.article("Headline\nOther words."), chain=[source], claim=by_statement)
    for row in (statement, tag, source):
        row.withdraw(by=None, reason="")
    refresh(statements=[statement.pk], tags=[tag.pk], sources=[source.pk])
    for viewer in (NOBODY, cast.person("admin")):
        assert found(f"q={words}", viewer) == []


def test_q_is_bounded():
    assert problems(f"q={'x' * 501}")[0].message == "Words: Search for 500 characters at most."
    assert found("q=" + "x+" * 249) == []


# Kind, status, verdict


def test_kind_takes_several():
    claim("A", kind="figure")
    claim("B", kind="promise")
    claim("C", kind="demand")
    assert set(found("kind=figure&kind=promise")) == {"A", "B"}


def test_status_is_for_the_desk():
    claim("A")
    cast.claim("B", status="in_review")
    assert found("status=in_review", cast.person("reader")) == ["B"]
    refused = problems("status=in_review")[0]
    assert refused.message == "Only the desk can filter by status. Sign in first."
    assert refused.ways == ()


def test_verdict_finds_what_nobody_has_checked_too():
    scale = RatingScale.objects.create(name="Scale", slug="scale")
    for text, normalised in (("True one", "true"), ("False one", "false")):
        level = RatingLevel.objects.create(scale=scale, label=text, slug=normalised, value=1, normalised=normalised)
        reviewed = claim(text)
        Review.objects.create(claim=reviewed, reviewer=cast.publisher(), rating=level, state="published")
        refresh(claims=[reviewed.pk])
    assert found("verdict=false") == ["False one"]
    assert set(found("verdict=none&verdict=true")) == {"True one", "Noise"}


# Tags


def test_tag_finds_its_subtree_and_no_tag_that_only_begins_alike():
    top = cast.tag("NATO")
    below = cast.tag("Hybrid", parent=top)
    other = cast.tag("NATO summit")
    for text, tag in (("Top", top), ("Below", below), ("Alike", other)):
        claim(text, tags=[tag])
    assert set(found("tag=nato")) == {"Top", "Below"}
    assert found("tag=hybrid") == ["Below"]
    assert set(found("tag=hybrid&tag=nato-summit")) == {"Below", "Alike"}


def test_tag_finds_a_claim_once_however_many_of_its_tags_fit():
    top = cast.tag("NATO")
    claim("Filed twice", tags=[top, cast.tag("Hybrid", parent=top)])
    assert found("tag=nato") == ["Filed twice"]


# Sources


@pytest.fixture
def _relayed():
    said("Via Politico", "Ministry", "Politico")
    said("By Politico", "Politico")
    said("Via two", "Somebody", "Wire", "Politico")
    said("Jointly", ["Ministry", "Chancellery"])


@pytest.mark.usefixtures("_relayed")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("root=ministry", {"Via Politico", "Jointly"}),
        ("root=politico", {"By Politico"}),
        ("relay=politico", {"Via Politico", "Via two"}),
        ("source=politico", {"Via Politico", "By Politico", "Via two"}),
        ("root=ministry&relay=politico", {"Via Politico"}),
        ("root=chancellery&root=politico", {"Jointly", "By Politico"}),
        ("relay=ministry", set()),
    ],
)
def test_it_finds_a_source_by_its_place_in_the_chain(query, expected):
    assert set(found(query)) == expected


def test_filters_on_statements_hold_of_one_statement():
    both = said("Said by one, denied by another", "Ministry")
    cast.statement(chain=["Kremlin"], claim=both, stance="denies")
    assert found("root=kremlin&stance=denies") == ["Said by one, denied by another"]
    assert found("root=kremlin&stance=asserts") == []
    assert found("root=ministry&stance=denies") == []


def test_a_source_is_found_by_slug_name_or_alias():
    said("A", cast.source("Russian presidency", slug="kremlin", aliases="The Kremlin\nMoscow"))
    for given in ("kremlin", "Russian presidency", "russian PRESIDENCY", "Moscow", "the kremlin"):
        assert found(f"root={given.replace(' ', '+')}") == ["A"]
    assert listing("root=Moscow").url() == "/claims/?root=kremlin"


def test_part_of_an_alias_is_not_a_name():
    said("A", cast.source("Russian presidency", aliases="The Kremlin"))
    refused = problems("root=kremli")[0]
    assert refused.message == "Said by: There is no source called “kremli”."
    assert refused.field == "id_root"


def test_a_name_that_several_bear_asks_which():
    said("A", cast.source("John Smith", slug="john-smith-1"))
    said("B", cast.source("John Smith", slug="john-smith-2"))
    refused = problems("root=John+Smith&kind=fact")[0]
    assert refused.message == "Said by: 2 sources are called “John Smith”. Which one?"
    assert refused.ways == (
        ("john-smith-1", "/claims/?root=john-smith-1&kind=fact"),
        ("john-smith-2", "/claims/?root=john-smith-2&kind=fact"),
    )


def test_withdrawn_statements_hops_and_appearances_count_for_nobody():
    by_statement = said("Statement withdrawn", "Ministry")
    by_hop = said("Hop withdrawn", "Ministry")
    by_link = said("Link withdrawn", "Ministry")
    by_statement.appearances.get().statement.withdraw(by=None, reason="")
    Attribution.objects.get(statement__appearances__claim=by_hop).withdraw(by=None, reason="")
    by_link.appearances.get().withdraw(by=None, reason="")
    refresh(claims=[by_statement.pk, by_hop.pk, by_link.pk])
    said("Stands", "Ministry")
    for viewer in (NOBODY, cast.person("admin")):
        assert found("root=ministry", viewer) == ["Stands"]


# Publishers and dates


def test_publisher_finds_the_carrier_and_the_publisher_of_record():
    record = cast.article(publisher="Politico")
    said("Carried", article=cast.article(publisher="Digest", republishes=record))
    said("Elsewhere", article=cast.article(publisher="Herald"))
    cast.statement(record, chain=["X"], claim=claim("In the original"))
    assert found("publisher=digest") == ["Carried"]
    assert set(found("publisher=politico")) == {"Carried", "In the original"}


def test_published_takes_both_ends_in():
    for day in (1, 2, 3):
        said(f"On {day}", article=cast.article(on=f"2025-12-0{day}"))
    said("Undated", article=cast.article(on=None))
    assert set(found("published_after=2025-12-02")) == {"On 2", "On 3"}
    assert set(found("published_before=2025-12-02")) == {"Noise", "On 1", "On 2"}
    assert found("published_after=2025-12-02&published_before=2025-12-02") == ["On 2"]


def test_said_takes_a_vague_date_in_where_any_day_of_it_fits():
    said("On a day", said_on="2025-12-02")
    in_the_year = said("In the year", said_on="2025-01-01")
    Attribution.objects.filter(statement__appearances__claim=in_the_year).update(said_on_precision="year")
    refresh(statements=in_the_year.appearances.values_list("statement", flat=True))
    claim("Never said")
    assert set(found("said_after=2025-12-02")) == {"On a day", "In the year"}
    assert found("said_after=2025-12-02&said_before=2025-12-02") == ["In the year", "On a day"]
    assert found("said_after=2026-01-01") == []
    assert set(found("said_before=2025-06-01")) == {"Noise", "In the year"}


@pytest.mark.parametrize("name", ["said_after", "said_before", "published_after", "published_before"])
def test_the_first_and_the_last_day_of_the_calendar_are_answered(name):
    assert len(found(f"{name}=0001-01-01")) + len(found(f"{name}=9999-12-31")) == 1


@pytest.mark.parametrize("day", ["yesterday", "2025-13-01", "2025-02-30", "1.2.2025", "10000-01-01", "0000-01-01"])
def test_a_day_that_is_none_is_refused(day):
    refused = problems(f"said_after={day}")[0]
    assert refused.message == "First said from: Give a day as year, month and day: 2025-11-22."


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "said_after=2026-01-01&said_before=2025-12-31",
            "First said up to: The range ends at 2025-12-31, before it begins at 2026-01-01.",
        ),
        (
            "published_after=2026-01-01&published_before=2025-12-31",
            "Published up to: The range ends at 2025-12-31, before it begins at 2026-01-01.",
        ),
        (
            "sources_min=10&sources_max=9",
            "Independent sources, at most: The range ends at 9, before it begins at 10.",
        ),
    ],
)
def test_a_range_that_ends_before_it_begins_is_refused(query, message):
    (refused,) = problems(query)
    assert refused.message == message
    assert refused.field == f"id_{query.split('&')[1].split('=')[0]}"


@pytest.mark.parametrize(
    ("query", "chip", "said"),
    [
        ("q=after:2026+before:2020", "2026-01-01", "First said up to"),
        ("q=before:2020&said_after=2026-01-01", "2026-01-01", "First said up to"),
        ("q=after:2026&said_before=2019-12-31", "2019-12-31", "First said from"),
    ],
)
def test_of_a_range_that_was_typed_the_end_that_leaves_nothing_is_left_out(query, chip, said):
    asked = listing(query)
    assert asked.is_valid()
    assert [each.value for each in asked.chips()] == [chip]
    (told,) = asked.snags()
    assert told.snag.told == (
        f"{said}: The range ends at 2019-12-31, before it begins at 2026-01-01. This part was left out."
    )


# How well sourced


@pytest.fixture
def _sourced():
    two = said("Two", "Britain")
    cast.statement(chain=["France"], claim=two)
    said("One", "Britain")
    said("None", None)
    alpha, beta = cast.outlet("Alpha"), cast.outlet("Beta")
    ring = claim("Ring")
    cast.statement(cast.article(publisher="Alpha"), chain=[beta], claim=ring)
    cast.statement(cast.article(publisher="Beta"), chain=[alpha], claim=ring)


@pytest.mark.usefixtures("_sourced")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sources_min=2", {"Two"}),
        ("sources_max=0", {"None", "Ring"}),
        ("sources_min=1&sources_max=1", {"One", "Noise"}),
        ("sources=1", {"One", "Noise"}),
        ("-sources=1", {"Two", "None", "Ring"}),
        ("sources=0", {"None", "Ring"}),
        ("-sources=0", {"Two", "One", "Noise"}),
        ("sources=0&sources=2", {"Two", "None", "Ring"}),
        ("needs=circle", {"Ring"}),
        ("-needs=circle", {"Two", "One", "None", "Noise"}),
        ("needs=second_source", {"One", "Noise"}),
        ("needs=source&needs=circle", {"None", "Ring"}),
    ],
)
def test_it_finds_claims_by_how_well_they_are_sourced(query, expected):
    assert set(found(query)) == expected


@pytest.mark.parametrize("number", ["-1", "x", "1000001", "1.5", "9" * 5000])
def test_a_number_out_of_bounds_is_refused(number):
    refused = problems(f"sources_min={number}")[0]
    assert refused.message == "Independent sources, at least: Give a whole number from 0 to 1000000."


# Has and lacks


def test_has_and_lacks_mean_all_of_what_they_name():
    full, bare = said("Full"), claim("Bare")
    Evidence.objects.create(claim=full, url="https://example.org/")
    Review.objects.create(claim=full, reviewer=cast.publisher(), state="published")
    cast.link(full, "supports", said("Other end"))
    assert found("has=review&has=evidence") == ["Full"]
    assert set(found("has=cross_reference")) == {"Full", "Other end"}
    assert set(found("lacks=cross_reference&has=statement")) == {"Noise"}
    assert found("lacks=statement") == [bare.text]
    assert found("has=review&lacks=review") == []


@pytest.mark.parametrize("part", ["statement", "cross_reference", "evidence", "review"])
def test_what_is_withdrawn_is_lacking(part):
    full, other = said("Full"), claim("Other")
    rows = {
        "statement": full.appearances.get(),
        "cross_reference": cast.link(full, "supports", other),
        "evidence": Evidence.objects.create(claim=full, url="https://example.org/"),
        "review": Review.objects.create(claim=full, reviewer=cast.publisher(), state="published"),
    }
    refresh(claims=[full.pk])
    editor = cast.person("editor")
    assert "Full" in found(f"has={part}")
    rows[part].withdraw(by=None, reason="")
    refresh(claims=[full.pk])
    for viewer in (NOBODY, editor):
        assert "Full" not in found(f"has={part}", viewer)
        assert "Full" in found(f"lacks={part}", viewer)


# What a filter must not give away


def hidden_from_the_public():
    """A published claim whose other parts are not: what could be asked about them, with what would be found."""
    shown = claim("Shown")
    suggested = cast.statement(
        cast.article(publisher="Secret paper", on="2001-01-01"), chain=["Secret source"], claim=shown, state="suggested"
    )
    draft = cast.claim("Draft", kind="demand", tags=[cast.tag("Secret tag")])
    cast.statement(cast.article(publisher="Draft paper"), chain=["Draft source"], claim=draft)
    cast.link(shown, "supports", draft)
    cast.link(shown, "qualifies", said("Shown too"), state="suggested")
    Review.objects.create(claim=shown, reviewer=cast.publisher("Checker"), state="draft")
    refresh(statements=[suggested.pk])


@pytest.mark.parametrize(
    "query",
    [
        "has=cross_reference",
        "has=review",
        "kind=demand",
        "q=Draft",
        "published_before=2001-12-31",
    ],
)
def test_it_finds_nothing_for_the_public_through_what_is_hidden(query):
    hidden_from_the_public()
    for viewer in (NOBODY, cast.person("outsider")):
        assert found(query, viewer) == []


@pytest.mark.parametrize(
    ("name", "value", "noun"),
    [
        ("root", "secret-source", "source"),
        ("source", "draft-source", "source"),
        ("tag", "secret-tag", "tag"),
        ("publisher", "secret-paper", "publisher"),
        ("publisher", "draft-paper", "publisher"),
    ],
)
def test_a_hidden_name_is_as_unknown_as_one_that_never_was(name, value, noun):
    hidden_from_the_public()
    refused = problems(f"{name}={value}x")[0]
    assert refused.message.endswith(f"There is no {noun} called “{value}x”.")
    assert refused.ways == ()
    assert problems(f"{name}={value}")[0].message.endswith(f"There is no {noun} called “{value}”.")
    assert listing(f"{name}={value}", cast.person("editor")).is_valid()


def test_an_editor_sees_drafts_but_suggestions_count_for_nobody():
    hidden_from_the_public()
    editor = cast.person("editor")
    assert found("has=review", editor) == ["Shown"]
    assert set(found("has=cross_reference", editor)) == {"Shown", "Draft"}
    assert found("source=secret-source", editor) == []
    assert found("tag=secret-tag", editor) == ["Draft"]


# What is refused


def test_an_unknown_parameter_is_named_with_what_may_be_meant():
    refused = problems("stanse=denies&kind=fact")[0]
    assert refused.message == "This list has no filter called “stanse”."
    assert refused.ways[0] == ("stance", "/claims/?stance=denies&kind=fact")
    assert problems("speaker=kremlin")[0].ways[0] == ("root", "/claims/?root=kremlin")
    assert problems("xyzzy=1")[0].ways == ()


@pytest.mark.parametrize("query", ["kind=fakt", "stance=denied", "verdict=falsch", "has=reviews", "sort=newst"])
def test_a_misspelt_choice_is_answered_with_the_nearest(query):
    refused = problems(query)[0]
    assert refused.message.endswith("is not one of the choices.")
    assert refused.ways
    for _, url in refused.ways:
        assert listing(url.partition("?")[2]).is_valid()


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("root=Minstry", "Ministry"),
        ("root=kremlin+palace", "Kremlin"),
        ("tag=Weathr", "Weather"),
        ("relay=gazette", "Gazette desk"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest(query, right):
    said("A", "Ministry")
    said("B", "Kremlin")
    assert right in [label for label, _ in problems(query)[0].ways]


def test_a_suggestion_keeps_the_rest_of_the_address():
    said("A", "Ministry")
    ways = dict(problems("q=a+b&root=Minstry&sort=oldest")[0].ways)
    assert ways["Ministry"] == "/claims/?q=a+b&root=ministry&sort=oldest"


def test_a_single_value_cannot_be_given_twice():
    assert problems("q=a&q=b")[0].message == "Words: Give this once."
    assert problems("said_after=2025-01-01&said_after=2025-01-01")[0].message == "First said from: Give this once."
    assert problems("sort=newest&sort=oldest")[0].message == "Sort by: Choose one."
    assert problems("page=1&page=2")[0].message == "Page: Give this once."


@pytest.mark.parametrize("name", ["tag", "root", "publisher", "kind"])
def test_values_are_bounded_in_number_and_length(name):
    many = "&".join(f"{name}=fact{number}" for number in range(21))
    assert problems(many)[0].message.endswith("Give 20 values at most.")
    assert problems(f"{name}={'x' * 201}")[0].message.endswith("A value has 200 characters at most.")


def test_all_that_is_wrong_is_said_at_once():
    fields = [problem.field for problem in problems("kind=x&root=nobody&said_after=y&z=1&page=0")]
    assert set(fields) == {"id_kind", "id_root", "id_said_after", ""}
    assert len(fields) == 5


@pytest.mark.parametrize("value", ["%00", "%ED%A0%80", "%FF", "'", '"', "%25", "_", "\\", "%F0%9F%8E%89", "--", "😀"])
@pytest.mark.parametrize(
    "name", ["q", "tag", "root", "kind", "said_after", "sources_min", "sort", "page", "has", "nope"]
)
def test_no_ordinary_hostile_value_breaks_the_page(client, name, value):
    assert client.get(f"/claims/?{name}={value}").status_code in (200, 302, 400)


# Sorting


def test_each_sort_ends_in_a_tie_break_and_puts_the_unknown_last():
    early, late = said("Early", said_on="2020-01-01"), said("Late", said_on="2025-01-01")
    cast.statement(chain=["Another"], claim=early)
    claim("Undated")
    Claim.objects.filter(pk=late.pk).update(updated_at="2030-01-01T00:00:00Z")
    assert found("") == ["Late", "Early", "Noise", "Undated"]
    assert found("sort=newest") == found("")
    assert found("sort=oldest") == ["Noise", "Early", "Late", "Undated"]
    assert found("sort=sources") == ["Early", "Late", "Noise", "Undated"]
    assert found("sort=statements") == ["Early", "Late", "Noise", "Undated"]
    assert found("sort=updated")[0] == "Late"
    for order in ClaimFilter.orders.values():
        assert order[-1].removeprefix("-") in ("id", "entry__key")


def test_no_filter_repeats_a_claim():
    often = claim("Often")
    for number in range(3):
        cast.statement(
            cast.article(publisher="Digest", on=f"2025-11-0{number + 1}"), chain=["Ministry", "Wire"], claim=often
        )
        Evidence.objects.create(claim=often, url="https://example.org/")
        Review.objects.create(claim=often, reviewer=cast.publisher(), state="published")
    assert Appearance.objects.filter(claim=often).count() == 3
    for query in (
        "root=ministry",
        "relay=wire",
        "publisher=digest",
        "stance=asserts",
        "published_after=2025-01-01",
        "has=evidence",
        "has=review",
    ):
        assert found(query) == ["Often"]

"""The statement's page at the desk: where it stands, its chain, its claims."""

import pytest

from articles.models import ArticleVersion
from claims.models import Appearance, Attribution, Source, Statement
from tests import cast
from tests.desk import add_row, address, errors, fill, save, shown

pytestmark = pytest.mark.django_db

TEXT = "Two ministers speak\nShe said “we pay”. Later she said “we pay” again.\nHe said “we wait”."


@pytest.fixture
def version() -> ArticleVersion:
    found = cast.article(TEXT).latest_version
    assert found
    return found


def add(client, version, **typed):
    """Add a statement with one hop."""
    hop = {"position": 0, "source": cast.source("The ministry").pk, "cue": "said", "quotation_type": "direct"}
    typed = {"version": version.pk, **typed, **{f"attributions-0-{name}": value for name, value in hop.items()}}
    url = address(Statement, "add")
    return client.post(url, fill(shown(client, url), typed))


# Where it stands


def test_words_that_stand_once_are_enough(client, editor, version):
    assert add(client, version, exact="  “we wait” ").status_code == 302
    statement = Statement.objects.get()
    assert TEXT[statement.start : statement.end] == statement.exact == "“we wait”"
    assert statement.prefix.endswith("He said ")
    assert (statement.created_by, statement.broken) == (editor, False)


def test_words_that_stand_twice_are_listed(client, editor, version):
    first, second = TEXT.index("we pay"), TEXT.rindex("we pay")
    assert errors(add(client, version, exact="we pay")) == {
        "start": [
            f"The words stand in 2 places: {first}–{first + 6}, {second}–{second + 6}. Give the start of the one meant."
        ]
    }
    assert add(client, version, exact="we pay", start=second).status_code == 302
    assert Statement.objects.get().end == second + 6


def test_a_place_is_enough(client, editor, version):
    start = TEXT.index("“we wait”")
    assert add(client, version, start=start, end=start + 9).status_code == 302
    assert Statement.objects.get().exact == "“we wait”"


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"exact": "we never said"}, "exact", "do not stand in the text"),
        ({"exact": "we wait", "start": 0, "end": 7}, "exact", "reads “Two min”, not these words"),
        ({"start": 5, "end": 5}, "end", "Not a place in this text"),
        ({"start": 5, "end": 5000}, "end", "Not a place in this text"),
        ({"start": 2147483647}, "end", "Not a place in this text"),
        ({"start": -1, "end": 3}, "start", "greater than or equal to 0"),
        ({}, "exact", "Give the words, or the start and end"),
        ({"exact": "“we wait”", "gaps": "nonsense"}, "gaps", "Give places as start–end"),
        ({"exact": "“we wait”", "gaps": "0–3"}, "gaps", "in order, within"),
        ({"exact": "“we wait”", "gaps": "[" * 1999}, "gaps", "Give places as start–end"),
    ],
)
def test_it_says_what_is_wrong_with_a_place(client, editor, version, typed, field, reason):
    found = errors(add(client, version, **typed))
    assert list(found) == [field]
    assert reason in found[field][0]
    assert not Statement.objects.exists()


def test_gaps_are_typed_as_people_write_them(client, editor, version):
    start = TEXT.index("She said")
    gap = TEXT.index(". Later she said ")
    add(client, version, start=start, end=start + 40, gaps=f"{gap}-{gap + 17}")
    statement = Statement.objects.get()
    assert statement.gaps == [[gap, gap + 17]]
    assert shown(client, address(statement))["gaps"] == f"{gap}–{gap + 17}"


def test_the_passage_is_shown_in_its_paragraph(client, editor, version):
    add(client, version, exact="“we wait”")
    page = client.get(address(Statement.objects.get())).content.decode()
    assert "He said <mark>“we wait”</mark>." in page


def test_where_it_was_first_recorded_never_changes_once_confirmed(client, editor, version):
    add(client, version, exact="“we wait”")
    statement = Statement.objects.get()
    save(client, address(statement), exact="He said", start="0", end="7", commitment="CT+")
    statement.refresh_from_db()
    assert (statement.exact, statement.commitment) == ("“we wait”", "CT+")


def test_a_suggested_one_can_be_placed_better_while_it_is_confirmed(client, editor, version):
    statement = cast.statement(version.article, "we wait", state=Statement.State.SUGGESTED)
    url = address(statement)
    assert errors(save(client, url, exact="no such words", start="", end="", state="confirmed"))
    save(client, url, exact="“we wait”", start="", end="", state="confirmed")
    statement.refresh_from_db()
    assert (statement.exact, statement.state, statement.decided_by) == ("“we wait”", "confirmed", editor)


def test_rejecting_needs_a_reason(client, editor):
    statement = cast.statement(state=Statement.State.SUGGESTED)
    assert errors(save(client, address(statement), state="rejected")) == {
        "reason": ["Say why the statement is rejected."]
    }
    save(client, address(statement), state="rejected", reason="a name, no statement")
    statement.refresh_from_db()
    assert (statement.state, statement.decided_by, statement.reason) == ("rejected", editor, "a name, no statement")
    assert statement.decided_at is not None


# The chain


def chain(statement: Statement) -> list[tuple[int, str]]:
    hops = statement.attributions.current().select_related("source").order_by("position", "id")
    return [(hop.position, str(hop.source)) for hop in hops]


def test_a_hop_is_added_and_the_claim_counts_anew(client, editor):
    claim = cast.claim()
    statement = cast.statement(claim=claim, chain=["The ministry"])
    fields = add_row(
        shown(client, address(statement)),
        "attributions",
        position=1,
        source=cast.source("Reuters").pk,
        quotation_type="indirect",
    )
    assert client.post(address(statement), fill(fields, {})).status_code == 302
    assert chain(statement) == [(0, "The ministry"), (1, "Reuters")]
    statement.refresh_from_db()
    assert statement.depth == 2


def test_added_hops_come_prefilled_in_sequence(client, editor):
    assert shown(client, address(Statement, "add"))["attributions-0-position"] == 0
    statement = cast.statement(chain=["The ministry", "Reuters"])
    assert shown(client, address(statement))["attributions-__prefix__-position"] == 2


def test_each_hop_is_headed_by_its_number_and_its_voice(client, editor):
    page = client.get(address(cast.statement(chain=["The ministry", None]))).content.decode()
    assert "Hop 0: The ministry" in page
    assert "Hop 1: nobody named" in page


def test_a_source_that_was_typed_and_not_chosen_is_refused(client, editor):
    statement = cast.statement(chain=["The ministry"])
    fields = add_row(shown(client, address(statement)), "attributions", source="", source__typed=" Ida Holm ")
    response = client.post(address(statement), fill(fields, {}))
    assert errors(response) == {
        "attributions-1-source": ["“Ida Holm” is no source yet: choose from the list, or make it with +."]
    }
    assert 'data-typed="Ida Holm"' in response.content.decode()
    assert chain(statement) == [(0, "The ministry")]


def test_typed_words_are_never_taken_for_the_number_of_a_row(client, editor):
    statement, other = cast.statement(chain=["The ministry"]), cast.source("Reuters")
    response = save(client, address(statement), **{"attributions-0-source__typed": str(other.pk)})
    assert list(errors(response)) == ["attributions-0-source"]


def test_two_hops_change_places(client, editor):
    statement = cast.statement(chain=["The ministry", "Reuters", "Politico"])
    response = save(client, address(statement), **{"attributions-0-position": 1, "attributions-1-position": 0})
    assert response.status_code == 302
    assert chain(statement) == [(0, "Reuters"), (1, "The ministry"), (2, "Politico")]
    assert Attribution.objects.count() == 3


def test_two_hops_without_a_name_change_places(client, editor):
    statement = cast.statement(chain=[None, None])
    first, second = statement.attributions.order_by("position")
    Attribution.objects.filter(pk=first.pk).update(as_named="officials")
    Attribution.objects.filter(pk=second.pk).update(as_named="media")
    save(client, address(statement), **{"attributions-0-position": 1, "attributions-1-position": 0})
    hops = statement.attributions.current().order_by("position")
    assert list(hops.values_list("position", "as_named")) == [(0, "media"), (1, "officials")]
    assert Attribution.objects.count() == 2


def test_two_hops_change_their_sources(client, editor):
    statement = cast.statement(chain=["The ministry", "Reuters"])
    ministry, reuters = Source.objects.get(name="The ministry"), Source.objects.get(name="Reuters")
    save(client, address(statement), **{"attributions-0-source": reuters.pk, "attributions-1-source": ministry.pk})
    assert chain(statement) == [(0, "Reuters"), (1, "The ministry")]


def test_a_hop_taken_out_and_put_in_again_at_once_stays(client, editor):
    statement = cast.statement(chain=["The ministry"])
    ministry = Source.objects.get(name="The ministry")
    fields = add_row(
        shown(client, address(statement)) | {"attributions-0-DELETE": "on"},
        "attributions",
        position=0,
        source=ministry.pk,
        quotation_type="block",
    )
    client.post(address(statement), fill(fields, {}))
    hop = Attribution.objects.get()
    assert (hop.withdrawn_at, hop.quotation_type) == (None, "block")


def test_a_withdrawn_hop_comes_back_into_its_place(client, editor):
    statement = cast.statement(chain=["The ministry", "Reuters"])
    save(client, address(statement), **{"attributions-1-DELETE": "on"})
    assert chain(statement) == [(0, "The ministry")]
    fields = add_row(
        shown(client, address(statement)),
        "attributions",
        position=1,
        source=Source.objects.get(name="Reuters").pk,
        quotation_type="direct",
    )
    client.post(address(statement), fill(fields, {}))
    assert chain(statement) == [(0, "The ministry"), (1, "Reuters")]
    assert Attribution.objects.count() == 2


def test_a_hop_moves_into_the_place_of_a_withdrawn_one(client, editor):
    statement = cast.statement(chain=["Reuters", "The ministry"])
    reuters = Source.objects.get(name="Reuters")
    save(client, address(statement), **{"attributions-0-DELETE": "on", "attributions-1-position": 0})
    assert chain(statement) == [(0, "The ministry")]
    save(client, address(statement), **{"attributions-0-source": reuters.pk})
    assert chain(statement) == [(0, "Reuters")]
    statement.refresh_from_db()
    assert statement.broken is False


def test_it_names_the_missing_hop_in_the_row_after_the_gap(client, editor):
    statement = cast.statement(chain=["The ministry", "Reuters"])
    response = save(client, address(statement), **{"attributions-1-position": 5})
    assert errors(response) == {
        "attributions-1-position": [
            "The chain has no hop 1: number the hops 0, 1, 2 … without gaps. Joint voices share a number."
        ]
    }


def test_joint_voices_are_distinct(client, editor):
    statement = cast.statement(chain=[["Britain", "France"]])
    britain = Source.objects.get(name="Britain")
    assert errors(save(client, address(statement), **{"attributions-1-source": britain.pk})) == {
        "attributions-1-source": ["This voice already stands at hop 0."]
    }


def test_nobody_is_named_once_a_hop(client, editor):
    statement = cast.statement(chain=[["Britain", "France"]])
    response = save(client, address(statement), **{"attributions-0-source": "", "attributions-1-source": ""})
    assert errors(response) == {"attributions-1-source": ["Hop 0 already has an empty source."]}


def test_own_words_are_one_hop_without_a_cue(client, editor):
    statement = cast.statement(chain=["The paper", "Reuters"])
    response = save(client, address(statement), **{"attributions-0-quotation_type": "own"})
    assert errors(response) == {
        "attributions-0-quotation_type": ["An article's own words are a chain of one hop, at position 0."],
        "attributions-0-cue": ["An article's own words have no cue."],
    }


def test_a_role_of_somebody_else_is_refused_in_its_row(client, editor):
    statement = cast.statement(chain=["The ministry"])
    role = cast.source("Anna").roles.create(title="minister")
    assert errors(save(client, address(statement), **{"attributions-0-role": role.pk})) == {
        "attributions-0-role": ["This role belongs to another source."]
    }


# Claims


def test_it_links_to_claims(client, editor):
    statement, claim = cast.statement(), cast.claim()
    fields = add_row(shown(client, address(statement)), "appearances", claim=claim.pk, stance="asserts")
    client.post(address(statement), fill(fields, {}))
    claim.refresh_from_db()
    assert (Appearance.objects.get().claim, claim.independent_sources) == (claim, 1)


def test_moving_it_to_another_claim_counts_both_anew(client, editor):
    old, new = cast.claim("Old"), cast.claim("New")
    statement = cast.statement(claim=old)
    save(client, address(statement), **{"appearances-0-claim": new.pk})
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.statement_count, new.statement_count) == (0, 1)


def test_it_costs_11_queries_whatever_it_holds(client, editor, django_assert_num_queries):
    long = cast.statement(chain=[f"Voice {at}" for at in range(8)])
    for at in range(8):
        Appearance.objects.create(statement=long, claim=cast.claim(f"Claim {at}"))
    short = cast.statement(claim=cast.claim())
    client.get(address(short))
    # session, user, powers · statement with its article, hops for the line of its chain ·
    # its version's text for the passage · hops, claims, own notes · colleagues' notes · who else is there
    for statement in (short, long):
        with django_assert_num_queries(11):
            client.get(address(statement))

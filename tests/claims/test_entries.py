"""What the claim list is found by: an entry for each claim, and the counts of their terms."""

import json
import uuid

import pytest
from django.core.management import call_command

from articles.search.entry import DAY
from claims.filters.facets import KINDS
from claims.models import Attribution, Claim, ClaimEntry, Evidence, Review, Source, SourceRole, Statement, TermCount
from claims.provenance import drift, refresh, refresh_all
from claims.represent import chain_of, unpack
from claims.search.counts import Counts
from claims.search.entries import refresh_entries
from claims.search.terms import PUBLIC, Facet, counted_in, joined, language_of, language_term, root_term, split, term
from claims.visibility import TRAIL_STEPS
from tests import cast
from tests.claims import random_world

pytestmark = pytest.mark.django_db


def entry(claim):
    return ClaimEntry.objects.get(claim=claim)


def terms(claim, *facets):
    """Those of a claim, or of some facets."""
    held = set(entry(claim).terms.split())
    return {token for token in held if split(token)[0] in facets} if facets else held


def counts():
    return {row.term: (row.desk, row.public) for row in TermCount.objects.all()}


def test_its_key_is_the_day_and_the_number_and_below_zero_where_lists_leave_it_out():
    claim = cast.claim()
    cast.statement(claim=claim, said_on="2025-12-02")
    claim.refresh_from_db()
    key = entry(claim).key
    assert divmod(key, DAY) == (claim.first_said_rank.toordinal(), claim.pk)
    claim.withdraw(by=None, reason="twice")
    refresh(claims=[claim.pk])
    assert entry(claim).key == -key
    assert not ClaimEntry.objects.listed().exists()
    claim.bring_back()
    refresh(claims=[claim.pk])
    assert entry(claim).key == key


def test_a_bare_claim_has_a_term_for_all_that_it_lacks():
    claim = cast.claim(language="pt-BR", kind="promise")
    none = {term(facet, "none") for facet in "tgryso"}
    needs = {"statement", "source", "review", "evidence", "date"}
    assert terms(claim) == {
        *("x0all", "x0kpromise", "x0unew", "x0vnone", "x0jnone", "x0i0", language_term("pt-BR")),
        *none,
        *(term(facet, need) for need in needs for facet in (Facet.NEEDS, Facet.PUBLIC_NEEDS)),
    }
    assert language_of(split(language_term("pt-BR"))[1]) == "pt-BR"


def test_a_full_claim_has_a_term_for_all_that_it_has():
    top = cast.tag("NATO")
    tags = [cast.tag("Hybrid", parent=top), cast.tag("Drones")]
    claim = cast.claim(published=True, tags=tags)
    ministry, boss, wire = cast.source("Ministry"), cast.source("Government"), cast.outlet("Wire")
    Source.objects.filter(pk=ministry.pk).update(speaks_for=boss)
    original = cast.article(publisher="Reuters")
    reprint = cast.article(publisher="Gazette", republishes=original)
    cast.statement(reprint, chain=[ministry, wire], claim=claim, stance="denies", said_on="2024-05-05")
    review = cast.review(claim)
    Evidence.objects.create(claim=claim, url="https://example.org/")
    refresh(claims=[claim.pk])

    def ids(facet, *rows):
        return {term(facet, row.pk) for row in rows}

    assert PUBLIC in terms(claim)
    assert terms(claim, Facet.TAG) == ids(Facet.TAG, top, *tags)
    assert terms(claim, Facet.ROOT, Facet.ROOT_STANCE) == ids(Facet.ROOT, ministry) | {root_term(ministry.pk, "denies")}
    assert terms(claim, Facet.SAYS) == set(), "it denies"
    assert terms(claim, Facet.RELAY) == ids(Facet.RELAY, wire)
    assert terms(claim, Facet.SOURCE) == ids(Facet.SOURCE, ministry, wire)
    assert terms(claim, Facet.NAMED) == ids(Facet.NAMED, ministry, wire, boss)
    assert terms(claim, Facet.PUBLISHER) == ids(Facet.PUBLISHER, original.publisher, reprint.publisher)
    assert terms(claim, Facet.STANCE) == {"x0mdenies"}
    assert terms(claim, Facet.VERDICT) == {"x0vfalse"}
    assert terms(claim, Facet.RATING) == ids(Facet.RATING, review.rating)
    assert terms(claim, Facet.HAS) == {"x0fstatement", "x0fevidence", "x0freview"}
    assert terms(claim, Facet.PUBLIC_HAS) == {"x0qstatement", "x0qevidence", "x0qreview"}


def test_what_only_the_desk_sees_is_no_term_of_the_public():
    shown, draft = cast.claim("Shown", published=True), cast.claim("Draft")
    cast.link(shown, "contradicts", draft)
    cast.review(shown, state=Review.State.DRAFT)
    hidden = cast.statement(claim=draft)
    Evidence.objects.create(claim=shown, url="https://example.org/", statement=hidden)
    refresh(claims=[shown.pk])
    assert terms(shown, Facet.HAS) == {"x0fcrossreference", "x0freview", "x0fevidence"}
    assert terms(shown, Facet.PUBLIC_HAS) == set()
    assert "x0wcontradiction" in terms(shown)
    assert "x0zcontradiction" not in terms(shown)
    draft.published_at = draft.created_at
    draft.save()
    refresh(claims=[draft.pk])
    assert terms(shown, Facet.PUBLIC_HAS) == {"x0qcrossreference", "x0qevidence"}, "told by the claim beside it"
    assert "x0zcontradiction" in terms(shown)


def test_a_name_that_is_withdrawn_is_found_by_no_word_and_keeps_its_place():
    claim, source = cast.claim(), cast.source("Kremlin", aliases="Moscow")
    cast.statement(chain=[source], claim=claim)
    assert {"kremlin", "moscow"} <= set(entry(claim).names.split())
    source.withdraw(by=None, reason="privacy")
    refresh(sources=[source.pk])
    assert {"kremlin", "moscow"}.isdisjoint(entry(claim).names.split())
    assert "Kremlin" not in entry(claim).line
    assert "a source that is not public" in entry(claim).line
    assert terms(claim, Facet.ROOT) == {term(Facet.ROOT, source.pk)}


def test_a_role_does_not_name_an_organisation_that_is_withdrawn():
    claim, minister, ministry = cast.claim(), cast.source("Minister"), cast.source("Ministry")
    role = SourceRole.objects.create(source=minister, title="Head", organisation=ministry)
    statement = cast.statement(chain=[minister], claim=claim)
    Attribution.objects.filter(statement=statement).update(role=role)
    refresh(statements=[statement.pk])
    assert unpack(entry(claim).chain).hops[0].voices[0].role == "Head, Ministry"
    ministry.withdraw(by=None, reason="privacy")
    refresh(sources=[ministry.pk])
    assert unpack(entry(claim).chain).hops[0].voices[0].role == "Head"


def test_counts_follow_each_change_and_end_with_the_last_claim():
    military, rain = cast.tag("Military"), cast.tag("Rain")
    public, draft = cast.claim("Public", published=True, tags=[military]), cast.claim("Draft", tags=[military])
    assert counts()[term(Facet.TAG, military.pk)] == (2, 1)
    assert counts()["x0all"] == (2, 1)
    public.tags.set([rain])
    refresh(claims=[public.pk])
    assert counts()[term(Facet.TAG, military.pk)] == (1, 0)
    assert counts()[term(Facet.TAG, rain.pk)] == (1, 1)
    for claim in (public, draft):
        claim.withdraw(by=None, reason="")
    refresh(claims=[public.pk, draft.pk])
    assert counts() == {}
    assert list(drift()) == []


def test_it_writes_what_differs_and_nothing_else():
    one, other = cast.claim("One"), cast.claim("Other")
    assert refresh_entries([one.pk, other.pk], Counts()) == 0
    Claim.objects.filter(pk=one.pk).update(text="Changed")
    assert refresh_entries([one.pk, other.pk], Counts()) == 1
    assert "changed" in entry(one).title.split()
    ClaimEntry.objects.update(terms="x0all")
    assert [str(each).split(":")[0] for each in drift()][:2] == [f"claim {one.pk}", f"claim {other.pk}"]
    assert refresh_all() > 0
    assert list(drift()) == []


def test_it_keeps_the_chain_of_each_first_statement_as_the_page_would_show_it():
    random_world.build(11, claims=100)
    claims = {claim.first_statement_id: claim for claim in Claim.objects.exclude(first_statement=None)}
    statements = Statement.objects.with_chains().in_bulk(claims)
    assert len(statements) > 30
    for pk, statement in statements.items():
        held = entry(claims[pk])
        assert unpack(held.chain) == chain_of(statement)
        assert held.line == str(chain_of(statement))
    for claim in Claim.objects.filter(first_statement=None):
        assert (entry(claim).chain, entry(claim).line) == (None, "")


@pytest.mark.parametrize(
    ("reprints", "line", "first"),
    [
        (1, "Minister › Outlet 0 › Outlet 1", "outlet-0"),
        (2, "Minister › Outlet 0 › 1 reprint between › Outlet 2", "outlet-0"),
        (TRAIL_STEPS, "Minister › Outlet 0 › 3 reprints between › Outlet 4", "outlet-0"),
        (7, "Minister › Outlet 0 › 6 reprints between › Outlet 7", ""),
    ],
)
def test_a_chain_names_the_first_of_many_reprints_and_the_last(reprints, line, first):
    article = None
    for number in range(reprints + 1):
        article = cast.article(publisher=f"Outlet {number}", republishes=article)
    claim = cast.claim(published=True)
    told = cast.statement(article, chain=["Minister"], claim=claim)
    held = entry(claim)
    assert held.line == line == str(chain_of(Statement.objects.with_chains().get(pk=told.pk)))
    outlets = unpack(held.chain).publishers
    assert (outlets[0].slug, outlets[-1].slug) == (first, f"outlet-{reprints}")
    assert [way for way, _ in unpack(held.chain).outlets][-1] == "carried by"


def test_entries_stay_out_of_dumps_and_are_written_where_one_is_loaded(tmp_path):
    cast.statement(claim=cast.claim(published=True, tags=[cast.tag()]))
    path = tmp_path / "dump.json"
    call_command("dumpdata", "articles", "claims", output=str(path), verbosity=0)
    rows = json.loads(path.read_text())
    models = {row["model"] for row in rows}
    assert {"claims.claim", "articles.article"} <= models
    assert models.isdisjoint({"claims.claimentry", "claims.termcount", "articles.articleentry"})
    # As in another database, where nothing of it is.
    for row in rows:
        row["pk"] += 1000
        fields = row["fields"]
        for name in ("uid", "slug", "identifier", "path"):
            if name in fields:
                fields[name] = "urn:" * (name == "identifier") + str(uuid.uuid4()) + "/" * (name == "path")
        for name in ("article", "publisher", "version", "statement", "claim", "source", "first_statement"):
            if fields.get(name):
                fields[name] += 1000
        fields["tags"] = [pk + 1000 for pk in fields.get("tags", ())]
        if row["model"] != "claims.claim":
            del fields["tags"]
    path.write_text(json.dumps(rows))
    call_command("loaddata", str(path), verbosity=0)
    assert ClaimEntry.objects.count() == 2
    assert counts()["x0all"] == (2, 2)
    assert list(drift()) == []


def test_facets_count_each_of_their_terms_and_no_other():
    shown = {letter for kind in KINDS.values() for letter in (kind.desk, kind.public) if letter}
    terms = [*(term(letter, 7) for letter in Facet), PUBLIC, "x0all"]
    kept = joined(terms)
    assert sorted(kept.split()) == sorted(terms)
    assert sorted(counted_in(kept).split()) == sorted(term(letter, 7) for letter in shown)

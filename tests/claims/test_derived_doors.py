"""Whatever is changed through whichever door, everything derived is right afterwards; what is changed behind them
is found and mended."""

import datetime as dt
import json
import uuid
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from articles.importers.store import Delivery, import_file
from articles.models import Article, ArticleEntry, ArticleVersion, Change, Publisher, Revision
from claims import workflow
from claims.models import (
    Appearance,
    Attribution,
    Claim,
    ClaimEntry,
    ClaimLink,
    Evidence,
    Occasion,
    RatingLevel,
    Review,
    Source,
    SourceRole,
    Statement,
    Tag,
    TermCount,
)
from claims.provenance import drift, refresh
from tests import cast
from tests.desk import add_row, address, errors, fill, save, shown
from tests.history import untold

pytestmark = pytest.mark.django_db


TRIES = 5


class Refused(Exception):
    """The door did not take it, which depends on the rows that were met."""


class Desk:
    """Somebody with all powers, who opens random rows and changes them in random ways."""

    def __init__(self, client, folder, seed):
        self.client, self.folder, self.rnd = client, folder, Random(seed)
        self.user = cast.person("admin")
        client.force_login(self.user)

    def one(self, model, **filters):
        rows = list(model._base_manager.filter(**filters).order_by("pk"))
        if not rows:
            raise Refused(f"there is no {model._meta.verbose_name}")
        return self.rnd.choice(rows)

    def save(self, row, **typed):
        """Save the row's page with ``typed`` over it."""
        self.took(save(self.client, address(row), why="as it should be", **typed))

    def add(self, model, **typed):
        url = address(model, "add")
        self.took(self.client.post(url, fill(shown(self.client, url), {"why": "as it should be", **typed})))

    def add_row(self, row, prefix, **values):
        fields = add_row(shown(self.client, address(row)), prefix, **values)
        self.took(self.client.post(address(row), fill(fields, {"why": "as it should be"})))

    def bulk(self, action, rows, **values):
        model = type(rows[0])
        seen = ",".join(f"{row.pk}:{row.lock}" for row in rows)
        data = {"action": action, "_selected_action": [row.pk for row in rows], "apply": "1", "seen": seen, **values}
        every = f"{address(model, 'changelist')}?withdrawn=all"
        self.took(self.client.post(every, data))

    def withdraw(self, row):
        self.bulk("withdraw", [row], reason="by mistake")

    @staticmethod
    def took(response):
        if response.status_code != 302:
            raise Refused(errors(response))


def world():
    """A few of everything, all of it linked."""
    topics = [cast.tag("Military")]
    topics += [cast.tag("Ships", parent=topics[0]), cast.tag("Rain")]
    ministry, paper = cast.source("Ministry", aliases="The house"), cast.outlet("Politico")
    spokesman = cast.source("Spokesman", kind="person", speaks_for=ministry)
    official = cast.source("An official", named=False, description="an official", known_through=paper)
    role = SourceRole.objects.create(source=spokesman, title="Speaker", organisation=cast.source("Government"))
    original = cast.article("Original\nSoldiers go.\nDrones come.", publisher="Reuters")
    reprint = cast.article("Reprint\nSoldiers go.\nDrones come.", publisher="Gazette", republishes=original)
    claims = [cast.claim(f"Claim {name}", published=at < 3) for at, name in enumerate("ABCD")]
    told = [
        cast.statement(original, "Soldiers go.", chain=[spokesman], claim=claims[0], said_on="2025-11-01"),
        cast.statement(reprint, "Soldiers go.", chain=[official, paper], claim=claims[0]),
        cast.statement(original, "Drones come.", chain=[["Russia", ministry]], claim=claims[1], stance="denies"),
        cast.statement(reprint, "Drones come.", chain=[None], claim=claims[2]),
        cast.statement(reprint, "Reprint", chain=[ministry], claim=claims[3], state="suggested"),
        cast.statement(original, "Original", chain=["Nobody else"]),
    ]
    occasion = Occasion.objects.create(title="Meeting", starts_on="2025-12-01")
    Statement.objects.filter(pk=told[1].pk).update(occasion=occasion)
    hop = told[0].attributions.get()
    hop.role, hop.addressee = role, cast.source("Parliament")
    hop.save()
    for claim, tag in zip(claims, [*topics, topics[0]], strict=True):
        claim.tags.add(tag)
    cast.link(claims[0], "contradicts", claims[1])
    cast.link(claims[1], "supports", claims[2])
    cast.review(claims[0])
    # Public only as long as somebody public says it.
    cast.review(claims[1], statement=told[0])
    Evidence.objects.create(claim=claims[2], url="https://example.org/", statement=told[0])
    refresh(claims=[claim.pk for claim in claims], statements=[each.pk for each in told])


# Doors: each changes something, wherever the world stands by then.


def edits_a_claim(desk):
    number = desk.rnd.randint(1, 99)
    language, kind = desk.rnd.choice(["en", "pt-BR"]), desk.rnd.choice(Claim.Kind.values)
    desk.save(desk.one(Claim), text=f"Other words {number}", short_text="Other", language=language, kind=kind)


def files_a_claim_elsewhere(desk):
    desk.save(desk.one(Claim), tags=[desk.one(Tag, withdrawn_at=None).pk])


def files_a_claim_nowhere(desk):
    desk.save(desk.one(Claim), tags=None)


def adds_a_claim(desk):
    desk.add(Claim, text="A new claim", short_text="A new claim", tags=[desk.one(Tag, withdrawn_at=None).pk])


def moves_a_claim_on_its_page(desk):
    claim = desk.one(Claim, withdrawn_at=None)
    desk.save(claim, move_to=desk.rnd.choice(workflow.MOVES[claim.status]))


def moves_a_claim_by_the_function(desk):
    claim = desk.one(Claim, withdrawn_at=None)
    workflow.move(claim, to=desk.rnd.choice(workflow.MOVES[claim.status]), by=desk.user)


def changes_the_status_of_several(desk):
    status = desk.rnd.choice(Claim.Status.values)
    rows = list(Claim.objects.filter(status=status)) or list(Claim.objects.all())
    desk.bulk("change_status", rows, to=desk.rnd.choice(workflow.MOVES[rows[0].status]))


def adds_tags_to_several(desk):
    desk.bulk("add_tags", list(Claim.objects.all()), tags=[desk.one(Tag, withdrawn_at=None).pk])


def removes_tags_from_several(desk):
    desk.bulk("remove_tags", list(Claim.objects.all()), tags=[desk.one(Tag, withdrawn_at=None).pk])


def links_a_statement_on_the_claims_page(desk):
    claim = desk.one(Claim)
    free = list(Statement.objects.exclude(appearances__claim=claim))
    if free:
        statement = desk.rnd.choice(free)
        desk.add_row(claim, "appearances", statement=statement.pk, stance=desk.rnd.choice(Appearance.Stance.values))


def changes_a_stance(desk):
    link = desk.one(Appearance)
    desk.save(link, stance=desk.rnd.choice(Appearance.Stance.values))


def moves_a_link_to_another_statement(desk):
    link = desk.one(Appearance, withdrawn_at=None)
    free = list(Statement.objects.exclude(appearances__claim=link.claim))
    if free:
        desk.save(link, statement=desk.rnd.choice(free).pk)


def moves_a_link_to_another_claim(desk):
    link = desk.one(Appearance, withdrawn_at=None)
    free = list(Claim.objects.exclude(appearances__statement=link.statement))
    if free:
        desk.save(link.statement, **{f"appearances-{_row_of(desk, link)}-claim": desk.rnd.choice(free).pk})


def _row_of(desk, link):
    """Which row of its statement's page shows ``link``."""
    fields = shown(desk.client, address(link.statement))
    rows = [name.split("-") for name, value in fields.items() if name.endswith("-id") and value == link.pk]
    return next(row for prefix, row, _ in rows if prefix == "appearances")


def withdraws_a_link_on_the_claims_page(desk):
    claim = desk.one(Appearance, withdrawn_at=None).claim
    desk.save(claim, **{"appearances-0-DELETE": "on"})


def adds_a_hop(desk):
    statement = desk.one(Statement)
    desk.add_row(statement, "attributions", source=desk.one(Source, withdrawn_at=None).pk)


def changes_a_hop(desk):
    statement = desk.one(Attribution, withdrawn_at=None).statement
    source = desk.one(Source, withdrawn_at=None)
    typed = {"attributions-0-source": source.pk, "attributions-0-said_on": f"2025-0{desk.rnd.randint(1, 9)}-01"}
    desk.save(statement, **typed, **{"attributions-0-role": "", "attributions-0-addressee": ""})


def withdraws_the_last_hop(desk):
    statement = desk.one(Attribution, withdrawn_at=None).statement
    last = int(shown(desk.client, address(statement))["attributions-INITIAL_FORMS"]) - 1
    desk.save(statement, **{f"attributions-{last}-DELETE": "on"})


def decides_on_a_statement(desk):
    desk.save(desk.one(Statement), state=desk.rnd.choice(["confirmed", "rejected"]), reason="because")


def accepts_all_statements(desk):
    desk.bulk("accept", list(Statement.objects.all()))


def rejects_a_statement(desk):
    desk.bulk("reject", [desk.one(Statement)], reason="misread")


def takes_a_statement_from_another(desk):
    statement = desk.one(Statement)
    desk.save(statement, derived_from="" if statement.derived_from else _origin(statement))


def _origin(statement):
    """A statement that comes from no other."""
    return (
        Statement.objects.filter(derived_from=None).exclude(pk=statement.pk).order_by("-pk")[0].pk
        if (not statement.derived.exists())
        else ""
    )


def adds_a_statement(desk):
    version = desk.one(ArticleVersion)
    hop = {"position": 0, "source": desk.one(Source, withdrawn_at=None).pk, "cue": "", "quotation_type": "direct"}
    link = {"appearances-0-claim": desk.one(Claim).pk, "appearances-0-stance": "asserts"}
    typed = {"version": version.pk, "start": 0, "end": 6, **link}
    desk.add(Statement, **typed, **{f"attributions-0-{name}": value for name, value in hop.items()})


def renames_a_source(desk):
    number = desk.rnd.randint(1, 999)
    desk.save(desk.one(Source), name=f"Voice {number}", slug=f"voice-{number}", aliases=f"Alias {number}")


def renames_who_was_told(desk):
    desk.save(desk.one(Source, addressed_in__isnull=False), name=f"Listener {desk.rnd.randint(1, 99)}")


def renames_whom_somebody_worked_for(desk):
    desk.save(desk.one(Source, roles_within__isnull=False), name=f"House {desk.rnd.randint(1, 99)}")


def renames_who_stands_behind(desk):
    desk.save(desk.one(Source, spoken_for_by__isnull=False), name=f"Boss {desk.rnd.randint(1, 99)}")


def changes_for_whom_a_source_speaks(desk):
    source = desk.one(Source, slug="spokesman") if Source.objects.filter(slug="spokesman") else desk.one(Source)
    behind = "" if source.speaks_for else cast.source("The last one behind").pk
    desk.save(source, speaks_for=behind)


def changes_a_role(desk):
    desk.save(desk.one(SourceRole), title=f"Title {desk.rnd.randint(1, 99)}")


def changes_an_occasion(desk):
    desk.save(desk.one(Occasion), starts_on=f"2025-0{desk.rnd.randint(1, 9)}-02")


def renames_a_tag(desk):
    number = desk.rnd.randint(1, 999)
    desk.save(desk.one(Tag), name=f"Topic {number}", slug=f"topic-{number}")


def moves_a_tag(desk):
    tag = desk.one(Tag)
    elsewhere = Tag.objects.exclude(path__startswith=tag.path).order_by("pk").first()
    desk.save(tag, parent=elsewhere.pk if elsewhere and tag.parent is None else "")


def renames_a_publisher(desk):
    number = desk.rnd.randint(1, 999)
    desk.save(desk.one(Publisher, articles__isnull=False), name=f"Paper {number}", slug=f"paper-{number}")


def gives_an_article_to_another_publisher(desk):
    desk.save(desk.one(Article), publisher=desk.one(Publisher).pk, language=desk.rnd.choice(["en", "de"]))


def dates_an_article(desk):
    day = f"2024-0{desk.rnd.randint(1, 9)}-01"
    desk.save(desk.one(Article), published_at_0=day, published_at_1="00:00:00")


def lets_an_article_carry_another(desk):
    item = desk.one(Article)
    others = Article.objects.exclude(pk=item.pk).filter(republishes=None).order_by("-pk")
    desk.save(item, republishes="" if item.republishes or item.republished_as.exists() else others[0].pk)


def opens_a_text(desk):
    item = desk.one(Article)
    desk.save(item, text_public=None if item.text_public else "on")


def adds_a_text(desk):
    desk.add_row(desk.one(Article), "versions-2", text=f"Headline {desk.rnd.randint(1, 99)}\nAnother text.")


def adds_an_article(desk):
    number = desk.rnd.randint(1, 10**9)
    desk.add(Article, identifier=f"urn:test:{number}", **{"versions-2-0-text": f"Headline {number}\nIts text."})


def imports_articles(desk):
    text = f"Imported {desk.rnd.randint(1, 99)}\nIts text."
    import_file(text.encode(), Delivery(format="text", file_name="a.txt", publisher="Gazette"), by=desk.user)


def reviews_a_claim(desk):
    review = {"reviewer": desk.one(Publisher).pk, "rating": desk.one(RatingLevel).pk, "state": "published"}
    desk.add(Review, claim=desk.one(Claim).pk, statement=desk.one(Statement).pk, **review)


def reviews_a_claim_on_its_page(desk):
    review = {"reviewer": desk.one(Publisher).pk, "rating": desk.one(RatingLevel).pk, "state": "draft"}
    desk.add_row(desk.one(Claim), "reviews", **review)


def changes_a_review(desk):
    desk.save(desk.one(Review), state=desk.rnd.choice(["draft", "published"]), claim=desk.one(Claim).pk)


def changes_what_a_level_amounts_to(desk):
    desk.save(desk.one(RatingLevel), normalised=desk.rnd.choice(["true", "mixture", "false"]))


def adds_evidence(desk):
    desk.add_row(desk.one(Claim), "evidences", url="https://example.org/", statement=desk.one(Statement).pk)


def moves_evidence(desk):
    desk.save(desk.one(Evidence), claim=desk.one(Claim).pk)


def links_two_claims(desk):
    one, other = desk.rnd.sample(list(Claim.objects.order_by("pk")), 2)
    if not ClaimLink.objects.filter(from_claim__in=[one, other], to_claim__in=[one, other]).exists():
        desk.add_row(one, "links_out", relation=desk.rnd.choice(["contradicts", "disputes"]), other=other.pk)


def decides_on_a_cross_reference(desk):
    desk.bulk(desk.rnd.choice(["accept", "reject"]), [desk.one(ClaimLink)])


def moves_a_cross_reference(desk):
    link = desk.one(ClaimLink, withdrawn_at=None)
    free = Claim.objects.exclude(pk=link.from_claim_id).exclude(links_in__from_claim=link.from_claim)
    free = free.exclude(links_out__to_claim=link.from_claim).order_by("pk")
    if free:
        desk.save(link, to_claim=desk.rnd.choice(list(free)).pk)


KEPT = (Claim, Statement, Appearance, Source, Tag, ClaimLink, Evidence, Review, RatingLevel, SourceRole, Occasion)


def withdraws_a_row(desk):
    model = desk.rnd.choice([model for model in KEPT if model.objects.current().exists()])
    desk.withdraw(desk.one(model, withdrawn_at=None))


def brings_rows_back(desk):
    for model in KEPT:
        rows = list(model.objects.exclude(withdrawn_at=None))
        if rows:
            desk.bulk("bring_back", rows, reason="by mistake")


def undoes_a_save(desk):
    revision = desk.rnd.choice(list(Revision.objects.filter(undone_by=None).order_by("-id")[:12]))
    desk.took(desk.client.post(reverse("undo", args=[revision.pk]), {"reason": "by mistake"}))


def merges_two(desk):
    model = desk.rnd.choice([Claim, Source, Tag, Publisher])
    rows = model.objects.filter(merged_into=None)
    rows = list((rows if model is Publisher else rows.filter(withdrawn_at=None)).order_by("pk"))
    if len(rows) < 2:
        raise Refused("there are no two")
    one, other = desk.rnd.sample(rows, 2)
    seen = {"seen": f"{one.lock}:{other.lock}"}
    desk.took(desk.client.post(address(one, "merge"), {"survivor": other.pk, "reason": "one", "apply": "1", **seen}))


def loads_a_fixture(desk):
    """A dump of the database with other words, tags and names than it has."""
    number = desk.rnd.randint(1, 999)
    tags = list(Tag.objects.order_by("pk"))

    def change(row):
        fields = row["fields"]
        if row["model"] == "claims.claim":
            fields |= {"text": f"Loaded {number}", "tags": [[desk.rnd.choice(tags).slug]], "withdrawn_at": None}
        elif row["model"] in ("claims.source", "claims.tag", "articles.publisher"):
            fields["name"] = f"{fields['name'][:50]} {number}"
        elif row["model"] == "claims.attribution":
            fields["said_on"] = "2025-01-01"
        elif row["model"] in ("claims.appearance", "claims.evidence", "claims.review"):
            fields["withdrawn_at"] = desk.rnd.choice([None, "2026-01-01T00:00:00Z"])

    path = desk.folder / "dump.json"
    natural = ["--natural-primary", "--natural-foreign"]
    call_command(
        "dumpdata", *natural, "articles", "claims", "--exclude=claims.transition", output=str(path), verbosity=0
    )
    rows = json.loads(path.read_text())
    for row in rows:
        change(row)
    path.write_text(json.dumps(rows))
    call_command("loaddata", str(path), verbosity=0)


def loads_a_collection(desk):
    """JSON Lines with a new claim, and another name for a source that is there."""
    slug = desk.one(Source).slug
    words = f"Collected {desk.rnd.randint(1, 10**6)}"
    rows = {
        "sources": [{"slug": slug, "name": words, "kind": "organisation"}],
        "articles": [{"identifier": f"urn:test:{words.replace(' ', ':')}", "text": f"{words}\nIts text."}],
        "claims": [
            {"uid": str(uuid.UUID(int=desk.rnd.getrandbits(128), version=4)), "text": words, "short_text": words}
        ],
    }
    for name, lines in rows.items():
        (desk.folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    call_command("load_jsonl", str(desk.folder), verbosity=0)


DOORS = [
    *(edits_a_claim, files_a_claim_elsewhere, files_a_claim_nowhere, adds_a_claim, moves_a_claim_on_its_page),
    *(moves_a_claim_by_the_function, changes_the_status_of_several, adds_tags_to_several, removes_tags_from_several),
    *(links_a_statement_on_the_claims_page, changes_a_stance, moves_a_link_to_another_statement),
    *(moves_a_link_to_another_claim, withdraws_a_link_on_the_claims_page, adds_a_hop, changes_a_hop),
    *(withdraws_the_last_hop, decides_on_a_statement, accepts_all_statements, rejects_a_statement),
    *(takes_a_statement_from_another, adds_a_statement, renames_a_source, renames_who_was_told),
    *(renames_whom_somebody_worked_for, renames_who_stands_behind, changes_for_whom_a_source_speaks),
    *(changes_a_role, changes_an_occasion, renames_a_tag, moves_a_tag, renames_a_publisher),
    *(gives_an_article_to_another_publisher, dates_an_article, lets_an_article_carry_another, opens_a_text),
    *(adds_a_text, adds_an_article, imports_articles, reviews_a_claim, reviews_a_claim_on_its_page, changes_a_review),
    *(changes_what_a_level_amounts_to, adds_evidence, moves_evidence, links_two_claims),
    *(decides_on_a_cross_reference, moves_a_cross_reference, loads_a_fixture, loads_a_collection),
]


def wrong():
    return [str(each) for each in drift()]


def test_each_door_leaves_all_that_is_derived_right_and_all_told(client, tmp_path):
    world()
    built = Change.objects.order_by("-id").values_list("id", flat=True).first() or 0
    desk = Desk(client, tmp_path, seed=1)
    assert wrong() == []
    doors = desk.rnd.sample(
        [*DOORS, *[withdraws_a_row] * 8, *[brings_rows_back] * 4, *[undoes_a_save] * 8, *[merges_two] * 6],
        k=len(DOORS) + 26,
    )
    refused = {}
    for at, door in enumerate(doors):
        for _ in range(TRIES):
            try:
                door(desk)
                break
            except Refused as refusal:
                refused[door.__name__] = str(refusal)
        else:
            continue
        refused.pop(door.__name__, None)
        assert wrong() == [], " → ".join(each.__name__ for each in doors[: at + 1][-3:])
    assert len(refused) <= 3, refused
    assert untold() == []
    past_the_doors = Change.objects.filter(id__gt=built, revision=None)
    assert not past_the_doors.exists(), list(past_the_doors)


BEHIND = {
    "a claim's words": lambda: Claim.objects.filter(text="Claim A").update(text="Other words"),
    "a claim's status": lambda: Claim.objects.filter(text="Claim A").update(status="closed"),
    "a claim's publication": lambda: Claim.objects.filter(text="Claim D").update(published_at=timezone.now()),
    "a claim's withdrawal": lambda: Claim.objects.filter(text="Claim B").update(withdrawn_at=timezone.now()),
    "a claim's tags": lambda: Claim.tags.through.objects.all().delete(),
    "a tag's name": lambda: Tag.objects.filter(slug="rain").update(name="Snow"),
    "a tag's place": lambda: Tag.objects.filter(slug="ships").update(parent=None),
    "a statement's state": lambda: Statement.objects.filter(exact="Soldiers go.").update(state="rejected"),
    "a hop": lambda: Attribution.objects.filter(source__slug="spokesman").update(source=None),
    "a statement's only link": lambda: Appearance.objects.filter(claim__text="Claim B").update(
        withdrawn_at=timezone.now()
    ),
    "that a statement has no link": lambda: Statement.objects.filter(exact="Original").update(unlinked=False),
    "a link": lambda: Appearance.objects.filter(stance="denies").update(stance="asserts"),
    "a source's name": lambda: Source.objects.filter(slug="ministry").update(name="House"),
    "a role": lambda: SourceRole.objects.update(title="Former speaker"),
    "a publisher's name": lambda: Publisher.objects.filter(slug="reuters").update(name="Agency"),
    "an article's date": lambda: Article.objects.update(published_at=dt.datetime(2001, 1, 1, tzinfo=dt.UTC)),
    "an article's text": lambda: ArticleVersion._base_manager.filter(number=1).update(headline="Another headline"),
    "a review": lambda: Review.objects.update(state="draft"),
    "a piece of evidence": lambda: Evidence.objects.all().delete(),
    "a cross-reference": lambda: ClaimLink.objects.filter(kind="contradicts").update(state="rejected"),
    "an entry's words": lambda: ClaimEntry.objects.update(title=""),
    "an entry's terms": lambda: ClaimEntry.objects.update(terms="x0all"),
    "an entry": lambda: ClaimEntry.objects.all()[0].delete(),
    "an article's entry": lambda: ArticleEntry.objects.all()[0].delete(),
    "an article's entry's words": lambda: ArticleEntry.objects.update(body=""),
    "a count": lambda: TermCount.objects.update(desk=99),
    "all counts": lambda: TermCount.objects.all().delete(),
}


def test_what_is_changed_behind_the_doors_is_reported_and_mended(capsys):
    world()
    for what, change in BEHIND.items():
        with transaction.atomic():
            change()
            found = wrong()
            assert found, what
            with pytest.raises(CommandError, match="wrong"):
                call_command("rebuild_derived", "--check")
            assert capsys.readouterr().out.splitlines() == found
            assert wrong() == found, "nothing is written by --check"
            call_command("rebuild_derived")
            assert wrong() == [], what
            capsys.readouterr()
            transaction.set_rollback(True)
    assert wrong() == []

"""A world in which each protected thing bears a word of its own, and one row of every kind stands at an address.

Each thing holds two words: "find<thing>", by which somebody could look for it, and "hide<thing>", which only its
audience may ever read.
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group, User
from django.db.models import Model

from articles.history import recorded
from articles.models import ImportProblem, ImportRun
from claims.models import (
    Annotation,
    Claim,
    Correction,
    CorrectionRequest,
    Erasure,
    Evidence,
    Identity,
    Inquiry,
    Occasion,
    RatingLevel,
    RatingScale,
    SavedList,
    SourceRole,
    Statement,
)
from claims.workflow import move
from tests import cast

ROLES = ("anonymous", "outsider", "reader", "editor", "reviewer", "lead", "admin", "superuser")
"""Who asks: nobody, somebody without a role, each role, and who may do all."""

DESK = ROLES[2:]
ACCOUNTS = ("admin", "superuser")

AUDIENCES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            *("draft", "withdrawn", "reason", "source", "publisher", "headline", "unquoted", "tag", "occasion"),
            *("title", "suggested", "evidence", "review", "link", "desknote", "desklist", "moved", "former"),
            *("problem", "why", "inquiry", "request", "correction"),
        ),
        DESK,
    ),
    "note": ("lead",),
    "formernote": ("lead",),
    "list": ("lead",),
    "guess": ACCOUNTS,
    "erased": ACCOUNTS,
    "email": ACCOUNTS,
}
"""Each protected thing, and who may read the word that it hides."""


def words(thing: str) -> str:
    """What is written into a protected thing."""
    assert thing in AUDIENCES
    return f"find{thing} hide{thing}"


@dataclass
class World:
    """The rows by the names that the table of permissions gives them, and the people by their roles."""

    people: dict[str, User]
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Of each model by its name: its rows, each by what is special about it, "" where nothing is."""

    def add(self, row: Model, case: str = "") -> Any:
        self.rows.setdefault(str(row._meta.model_name), {})[case] = row
        return row


def build() -> World:
    """The whole world. The database must be empty."""
    people = {role: cast.person(role) for role in ROLES[1:-1]}
    people["superuser"] = User.objects.create_superuser("superuser", email="findemail.hideemail@example.org")
    world = World(people)
    world.add(people["reader"], "reader")
    world.add(people["superuser"], "superuser")
    world.add(Group.objects.get(name="editor"))
    shown, draft = _claims(world)
    _said(world, shown, draft)
    _kept(world, shown, draft)
    _judged(world, shown, draft)
    _changed(world)
    return world


def _claims(world: World) -> tuple[Claim, Claim]:
    lead = world.people["lead"]
    tag = world.add(cast.tag("Shown tag"), "shown")
    shown = world.add(cast.claim("Shown claim", published=True, tags=[tag]), "published")
    draft = world.add(cast.claim(words("draft")), "draft")
    draft.tags.add(world.add(cast.tag(words("tag"), definition=words("tag")), "hidden"))
    cast.freshen(claims=[draft.pk])
    gone = cast.claim(words("withdrawn"), published=True)
    gone.withdraw(by=lead, reason=words("reason"))
    cast.freshen(claims=[gone.pk])
    return shown, draft


def _said(world: World, shown: Claim, draft: Claim) -> None:
    """Statements that are shown, not confirmed, and made of a draft alone, with whom and what they lead to."""
    paper = world.add(cast.publisher("Shown paper"), "shown")
    article = world.add(cast.article(f"Shown headline\n{words('unquoted')}.\nIt is.", publisher=paper), "shown")
    voice = world.add(cast.source("Shown voice"), "shown")
    statement = world.add(cast.statement(article, "It is", chain=[voice], claim=shown), "shown")
    world.add(statement.attributions.get())
    world.add(statement.appearances.get())
    version = world.add(article.latest_version)
    assert version is not None
    suggested = cast.article(f"Second headline\n{words('suggested')}\nIt was.", publisher=paper)
    state = Statement.State.SUGGESTED
    world.add(cast.statement(suggested, words("suggested"), chain=[voice], claim=shown, state=state), "suggested")
    hidden = world.add(cast.source(words("source"), description=words("source"), aliases=words("source")), "hidden")
    other = world.add(cast.publisher(words("publisher")), "hidden")
    kept = world.add(cast.article(f"{words('headline')}\nIt will.", publisher=other), "hidden")
    occasion = world.add(Occasion.objects.create(title=words("occasion"), place=words("occasion")))
    world.add(cast.statement(kept, "It will", chain=[hidden], claim=draft, occasion=occasion), "hidden")
    world.add(SourceRole.objects.create(source=hidden, title=words("title")))


def _kept(world: World, shown: Claim, draft: Claim) -> None:
    """What belongs to one person, or to few."""
    lead = world.people["lead"]
    note = world.add(Annotation(claim=shown, body=words("formernote"), created_by=lead), "lead's private")
    note.visibility = Annotation.Visibility.PRIVATE
    note.save()
    note.body = words("note")
    with recorded(by=lead, why=words("note")) as revision:
        note.save()
    world.add(revision, "lead's of a private note")
    world.add(Annotation.objects.create(claim=shown, body=words("desknote"), created_by=lead), "lead's")
    unnamed = cast.source("an official", named=False, description="an official")
    world.add(Identity.objects.create(source=unnamed, guess=cast.source("Guessed voice"), note=words("guess")))
    world.add(SavedList.objects.create(name=words("list"), query="q=findlist+hidelist", owner=lead), "lead's private")
    desk = SavedList.Visibility.DESK
    world.add(SavedList.objects.create(name=words("desklist"), owner=lead, visibility=desk), "lead's, for the desk")


def _judged(world: World, shown: Claim, draft: Claim) -> None:
    values = {"url": "https://example.org/findevidence", "excerpt": words("evidence"), "note": words("evidence")}
    world.add(Evidence.objects.create(claim=draft, **values))
    world.add(cast.review(shown, state="draft", headline=words("review"), explanation=words("review")))
    world.add(RatingScale.objects.get())
    world.add(RatingLevel.objects.get())
    world.add(cast.link(shown, "supports", draft, note=words("link")))
    world.add(Inquiry.objects.create(claim=shown, name=words("inquiry"), question=words("inquiry")))
    paper = world.rows["publisher"]["shown"]
    wrong = {"publisher": paper, "wrong": words("request"), "note": words("request")}
    world.add(CorrectionRequest.objects.create(claim=shown, **wrong))
    world.add(Correction.objects.create(claim=draft, text=words("correction")))
    by = world.people["admin"]
    world.add(Erasure.objects.create(by=by, why=words("erased"), kind=Erasure.Kind.SOURCE, row=987654))
    run = world.add(ImportRun.objects.create(format="digest", file_name="digest.txt", sha256="0" * 64))
    world.add(ImportProblem.objects.create(run=run, line=1, reason=words("problem"), raw=words("problem")))


def _changed(world: World) -> None:
    """A claim that said something else before it was published, and was sent back with a word to its author."""
    reviewer = world.people["reviewer"]
    claim = cast.claim(words("former"))
    claim.text = claim.short_text = "Mended claim"
    with recorded(by=reviewer, why=words("why")) as revision:
        claim.save()
    world.add(revision, "of a claim")
    world.add(move(claim, to=Claim.Status.IN_REVIEW, by=reviewer, note=words("moved")))
    move(claim, to=Claim.Status.PUBLISHED, by=reviewer, note=words("moved"))

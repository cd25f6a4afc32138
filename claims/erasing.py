"""Takes a text, a source, an identity or an account out of the record, because the law demands it.

Here, and nowhere else, rows are deleted, and through ``scrubbing`` history is written over. Each demand is one
transaction, after which everything derived is right; it leaves an ``Erasure``: who, when and why, and nothing of what
went.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Model, Q

from articles import text as texts
from articles.history import drop_if_empty, recorded
from articles.models import ArticleEntry, ArticleVersion, Change, ImportProblem, Revision
from articles.models.history import recorded_models
from claims.models import (
    Annotation,
    Attribution,
    ClaimEntry,
    Erasure,
    Evidence,
    Identity,
    SavedList,
    Source,
    SourceRole,
    Statement,
)
from claims.scrubbing import ERASED, Scrub, Words, filler, machinery, said_in

LEAST = 12
"""A passage of fewer characters is not looked for elsewhere: it stands in half of all texts."""


class Refused(Exception):
    """What was asked for cannot be done; nothing was written."""


@dataclass(frozen=True)
class Demand:
    """Who asks, and why. ``everywhere``: words are taken out of other rows too, instead of being listed; ``also`` are
    more words to look for."""

    by: User
    why: str
    everywhere: bool = False
    also: tuple[str, ...] = ()


def erase(row: Model, demand: Demand, *, dry_run: bool = False) -> Scrub:
    """Meet ``demand`` on ``row``: an article version, a source, an identity or a user. ``dry_run``: see what that
    does, and keep all as it is. Raises ``Refused``."""
    if row == demand.by:
        raise Refused("Somebody else has to erase your account.")
    kind, words_of, take = TAKE[type(row)]
    words, number, scrub = Words([*words_of(row), *demand.also]), row.pk, Scrub()
    if words.stand_in(demand.why):
        raise Refused("The reason stays, so it may not name what is erased.")
    with transaction.atomic():
        _keep_others_out()
        with recorded(
            by=demand.by, how=Revision.How.ERASE, why=demand.why, label=f"Erased: {kind.label}", creations=False
        ) as revision:
            take(scrub, row)
            scrub.look(words, everywhere=demand.everywhere)
            scrub.touched.refresh()
            drop_if_empty(revision)
        Erasure.objects.create(by=demand.by, why=demand.why, kind=kind, row=number, counts=scrub.counts)
        if not dry_run:
            _forget_words()
        transaction.set_rollback(dry_run)
    return scrub


def _keep_others_out() -> None:
    """Nobody else writes meanwhile: what they have read of a text would be written back. SQLite has one writer."""
    if connection.vendor == "postgresql":
        models: list[type[Model]] = [*recorded_models().values(), ArticleVersion, Identity, Change]
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")


def _forget_words() -> None:
    """The full-text tables of SQLite keep the words of deleted entries until they are put together anew."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for entry in (ClaimEntry, ArticleEntry):
                table = f"{entry._meta.db_table}_fts"
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # nosec B608 # a model's own name


def write_file_anew() -> None:
    """Make SQLite write its file without what was deleted and written over. Not within a transaction.
    PostgreSQL keeps old rows until it is told to by hand, as ``docs/operations.md`` says."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# Texts


def _passages(version: ArticleVersion) -> list[str]:
    """The headline, and what was quoted or annotated of the text."""
    found = [version.headline]
    for rows in (Statement._base_manager, Annotation._base_manager):
        found += rows.filter(version=version).values_list("exact", flat=True)
    return [passage for passage in found if len(passage) >= LEAST]


def _take_text(scrub: Scrub, version: ArticleVersion) -> None:
    """Spans stay valid, for what stands in its place is as long; a mark stands where a statement begins."""
    old = version.text
    statements = Statement._base_manager.filter(version=version)
    _take_problems(scrub, version)
    _take_excerpts(scrub, version)
    scrub.blank(statements, Q(was__version_id=version.pk), proposed=None)
    hops = Attribution._base_manager.filter(statement__in=statements)
    scrub.blank(hops, as_named=ERASED, cue=ERASED, said_on_as_given=ERASED)
    scrub.rewrite(version, filler(old, {0, *statements.values_list("start", flat=True)}))


def _take_problems(scrub: Scrub, version: ArticleVersion) -> None:
    """What the runs that brought the text could not take of it."""
    lines = {texts.fold(line) for line in version.text.split("\n") if len(line) >= LEAST}
    runs = {version.import_run_id, version.article.import_run_id} - {None}
    for problem in ImportProblem.objects.filter(run__in=runs):
        raw = texts.fold(problem.raw)
        if any(line in raw for line in lines):
            scrub.write(problem, {"raw": ERASED})


def _take_excerpts(scrub: Scrub, version: ArticleVersion) -> None:
    """Evidence from this article, unless another of its texts alone holds the words."""
    article = version.article
    gone = texts.fold(version.text)
    kept = [texts.fold(other.text) for other in article.versions.exclude(pk=version.pk)]

    def is_taken(excerpt: str) -> bool:
        words = texts.fold(excerpt)
        return bool(words) and (words in gone or not any(words in other for other in kept))

    of_article = Q(article=article) | Q(url=article.identifier)
    rows = Evidence._base_manager.filter(of_article)
    taken = [row.pk for row in rows if is_taken(row.excerpt)]
    scrub.blank(rows.filter(pk__in=taken), excerpt=ERASED)
    told = Change.objects.filter(kind="evidence").filter(Q(was__article_id=article.pk) | Q(was__url=article.identifier))
    for change in told:
        if is_taken(said_in(change)["excerpt"]):
            scrub.retell(change, {"excerpt": ERASED})


# Sources


def _names(source: Source) -> list[str]:
    return [source.name, *source.alias_list, source.slug]


def _take_source(scrub: Scrub, source: Source) -> None:
    """The row stays, for statements hang on it; nothing of who it was does."""
    slug, pk = source.slug, source.pk
    scrub.delete(Identity._base_manager.filter(Q(source=source) | Q(guess=source)))
    nothing: dict[str, Any] = dict.fromkeys(("publisher_id", "article_id", "speaks_for_id", "known_through_id"), None)
    scrub.blank(
        Source._base_manager.filter(pk=pk),
        **{"name": ERASED, "slug": f"erased-{pk}", "aliases": "", "description": ERASED, "wikidata_id": "", **nothing},
    )
    scrub.unlink(Source, "speaks_for_id", pk)
    scrub.unlink(Source, "known_through_id", pk)
    roles = SourceRole._base_manager.filter(source=source)
    scrub.blank(roles, title=ERASED, organisation_id=None, held_from=None, held_to=None)
    scrub.blank(Attribution._base_manager.filter(source=source), Q(was__source_id=pk), as_named=ERASED)
    scrub.blank(Annotation._base_manager.filter(source=source), Q(was__source_id=pk), body=ERASED)
    _take_out_of_lists(scrub, slug, f"erased-{pk}")


def _take_out_of_lists(scrub: Scrub, slug: str, instead: str) -> None:
    """Saved lists name sources by their slugs."""
    named = re.compile(rf"(?:(?<![\w-])|(?<=%3A)){re.escape(slug)}(?![\w-])", re.IGNORECASE)
    for row in SavedList._base_manager.filter(query__icontains=slug):
        scrub.write(row, {"query": named.sub(instead, row.query)})
    for change in Change.objects.filter(kind="savedlist", was__query__icontains=slug):
        scrub.retell(change, {"query": named.sub(instead, said_in(change)["query"])})


# Identities and accounts


def _nobody(_row: Model) -> list[str]:
    """No names: to look for one elsewhere would tell whose it is."""
    return []


def _take_identity(scrub: Scrub, identity: Identity) -> None:
    scrub.delete(Identity._base_manager.filter(pk=identity.pk))


def _account_names(user: User) -> list[str]:
    """Without the user name: that may be any word. It is looked for in the tables of the machinery alone."""
    return [name for name in (user.email, user.get_full_name()) if name]


def _take_account(scrub: Scrub, user: User) -> None:
    """What they did stays, and stands behind a number."""
    user.groups.clear()
    user.user_permissions.clear()
    user.set_unusable_password()
    scrub.look(Words([user.username]), everywhere=True, models=machinery())
    nothing = dict.fromkeys(("first_name", "last_name", "email"), "")
    off = dict.fromkeys(("is_active", "is_staff", "is_superuser"), False)
    scrub.write(
        user,
        {"username": f"former user no. {user.pk}", "password": user.password, "last_login": None, **nothing, **off},
    )
    for session in Session.objects.all():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


TAKE: dict[type[Model], tuple[Erasure.Kind, Callable[[Any], Iterable[str]], Callable[[Scrub, Any], None]]] = {
    ArticleVersion: (Erasure.Kind.TEXT, _passages, _take_text),
    Source: (Erasure.Kind.SOURCE, _names, _take_source),
    Identity: (Erasure.Kind.IDENTITY, _nobody, _take_identity),
    User: (Erasure.Kind.ACCOUNT, _account_names, _take_account),
}
"""By what is erased: what that is called, the words to look for elsewhere, and what is done to its own rows."""

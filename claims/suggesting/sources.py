"""Matches the voices of an article with the sources that are known."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet

from articles import text as texts
from articles.dates import VagueDate, vague_moment
from articles.models import Article, Publisher
from articles.rows import Among
from claims.models import Attribution, Source, SourceRole, Statement
from claims.suggesting.names import Index, Known, Role, Sought

MOST_TOLD = 10
"""How many sources that fit equally a proposal tells."""


class Sources:
    """All sources under their names, read once: two queries. Withdrawn and unnamed ones are left out; the names of
    merged ones lead to the one that stays."""

    def __init__(self) -> None:
        self.read_again()

    def read_again(self) -> None:
        """After somebody else's save."""
        self.index = Index(_known())

    def add(self, source: Source, roles: Iterable[Role] = ()) -> None:
        """``source`` was made."""
        self.index.add(Known(source.pk, source.slug, source.kind, (source.name,), tuple(roles)))

    def match(self, voices: Collection[Sought], article: Article) -> dict[Sought, list[Known]]:
        """By voice, the sources that fit it equally well. Two queries for any number of voices: somebody who speaks
        in this article's statements goes before a namesake, and so does somebody in its publisher's."""
        on = published(article)
        used = _used(article)
        here = frozenset(used)
        found = {voice: self.index.find(voice, on, [here]) for voice in voices}
        sure = frozenset(known[0].pk for known in found.values() if len(known) == 1)
        several = {voice: known for voice, known in found.items() if len(known) > 1}
        if several:
            near = [here | sure, _published_by(article, {one.pk for known in several.values() for one in known})]
            found |= {voice: self.index.find(voice, on, near) for voice in several}
        unnamed = {texts.fold(one.names[0]): one for one in used.values() if one is not None}
        for voice in voices:
            if not found[voice] and not voice.name and texts.fold(voice.as_named) in unnamed:
                found[voice] = [unnamed[texts.fold(voice.as_named)]]
        return found


def published(article: Article) -> VagueDate | None:
    """When ``article`` was published."""
    return vague_moment(article.published_at, article.published_precision)


def publisher_of_record(article: Article) -> Publisher | None:
    """Who published the original; of an excerpt whose original is unknown, nobody."""
    original = article.trail()[-1]
    return None if original.kind == Article.Kind.EXCERPT else original.publisher


def _known() -> list[Known]:
    columns = ("slug", "name", "aliases", "kind", "named", "withdrawn_at", "merged_into_id", "publisher__name")
    rows: dict[int, Any] = {row[0]: row for row in Source.objects.order_by("pk").values_list("pk", *columns)}
    names: dict[int, list[str]] = defaultdict(list)
    for pk, _, name, aliases, *_, publisher in rows.values():
        lines = [name, *aliases.splitlines(), publisher or ""]
        names[_survivor(pk, rows)] += [line.strip() for line in lines if line.strip()]
    roles = _roles(names)
    return [
        Known(pk, slug, kind, tuple(dict.fromkeys(names[pk])), tuple(roles[pk]))
        for pk, slug, _, _, kind, named, withdrawn_at, *_ in rows.values()
        if named and withdrawn_at is None
    ]


def _survivor(pk: int, rows: dict[int, Any]) -> int:
    """The source that the one of that id was merged into in the end."""
    seen = {pk}
    while (into := rows[pk][-2]) is not None and into not in seen:
        pk = into
        seen.add(pk)
    return pk


def _roles(names: dict[int, list[str]]) -> dict[int, list[Role]]:
    found: dict[int, list[Role]] = defaultdict(list)
    columns = ("pk", "source_id", "title", "organisation_id", "held_from", "held_to")
    for pk, source, title, organisation, since, until in SourceRole.objects.current().values_list(*columns):
        found[source].append(Role(pk, title, tuple(names.get(organisation, ())), since, until))
    return found


def _used(article: Article) -> dict[int, Known | None]:
    """The sources that statements of ``article`` name, those that were rejected left out; the unnamed ones under
    how they were described."""
    hops = _hops(article=article).filter(source__withdrawn_at=None).exclude(source=None).order_by("source")
    columns = ("source_id", "source__slug", "source__kind", "source__named", "source__description")
    return {
        pk: None if named else Known(pk, slug, kind, (description,))
        for pk, slug, kind, named, description in hops.values_list(*columns).distinct()
    }


def _published_by(article: Article, sources: Collection[int]) -> frozenset[int]:
    """Of ``sources``, by their ids, those that statements in articles of the same publisher name."""
    if article.publisher_id is None:
        return frozenset()
    hops = _hops(article__publisher=article.publisher_id).filter(Among("source_id", sources))
    return frozenset(hops.order_by().values_list("source_id", flat=True).distinct())


def _hops(**of: Any) -> QuerySet[Attribution]:
    """The hops of statements that were recorded or wait, of some articles."""
    texts_of = {f"statement__version__{name}": value for name, value in of.items()}
    hops = Attribution.objects.current().filter(statement__withdrawn_at=None, **texts_of)
    return hops.exclude(statement__state=Statement.State.REJECTED)

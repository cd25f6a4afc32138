"""The cast of the tests, and plain factory functions with full defaults.

People: a reader, an editor, a reviewer, a lead and an admin have the role of that name; an outsider has
an account but no role.
"""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone
from django.utils.text import slugify

from articles.models import Article, ArticleVersion, Publisher
from claims.models import (
    Appearance,
    Attribution,
    Claim,
    ClaimLink,
    RatingLevel,
    RatingScale,
    Review,
    Source,
    Statement,
    Tag,
)
from claims.permissions import ROLES, powers_of
from claims.provenance import refresh

_numbers = itertools.count(1)
_put_off: dict[str, set[int]] | None = None
"""What is still to be refreshed, within ``at_once``."""


@contextmanager
def at_once() -> Iterator[None]:
    """What is made within is refreshed together, at the end: many rows then take a third of the time. Until then
    nothing derived is right."""
    global _put_off
    before, _put_off = _put_off, defaultdict(set)
    try:
        yield
        made, _put_off = _put_off, before
        if made:
            refresh(**made)
    finally:
        _put_off = before


def freshen(**made: Sequence[int]) -> None:
    """Refresh what was made, as every door does that writes: now, or at the end of ``at_once``."""
    if _put_off is None:
        refresh(**made)
        return
    for name, ids in made.items():
        _put_off[name].update(ids)


def role(name: str) -> Group:
    """The group of one role, with the powers that the table gives it."""
    group, is_new = Group.objects.get_or_create(name=name)
    if is_new:
        powers = set(powers_of(name))
        everything = Permission.objects.select_related("content_type")
        group.permissions.set(
            permission
            for permission in everything
            if f"{permission.content_type.app_label}.{permission.codename}" in powers
        )
    return group


def person(name: str) -> User:
    """One of the cast: a role's name makes somebody with that role, any other name an outsider."""
    user = User.objects.create_user(name, password="correct horse battery", is_staff=name in ROLES[1:])
    if name in ROLES:
        user.groups.add(role(name))
    return user


def publisher(name: str = "The Daily Digest", **values: Any) -> Publisher:
    values.setdefault("slug", slugify(name))
    found = Publisher.objects.filter(slug=values["slug"]).first()
    return found or Publisher.objects.create(name=name, **values)


def article(
    text: str = "Minister speaks\nThe minister said “we will pay” on Tuesday.",
    *,
    publisher: Publisher | str | None = "The Daily Digest",
    on: str | None = "2025-11-22",
    **values: Any,
) -> Article:
    """An article with one captured text, whose first line is the headline. ``on`` is an ISO date or None."""
    if isinstance(publisher, str):
        publisher = globals()["publisher"](publisher)
    at = dt.datetime.fromisoformat(on).replace(tzinfo=dt.UTC) if on else None
    values.setdefault("identifier", f"https://news.example.org/{next(_numbers)}")
    made = Article.objects.create(publisher=publisher, published_at=at, **values)
    ArticleVersion.objects.create(article=made, headline=text.split("\n", 1)[0], text=text)
    freshen(articles=[made.pk])
    return made


def source(name: str = "Berlin’s defence ministry", **values: Any) -> Source:
    """The source of that name; made on first use, as a named organisation unless ``values`` say otherwise."""
    values.setdefault("slug", slugify(name))
    values.setdefault("kind", Source.Kind.ORGANISATION)
    found = Source.objects.filter(slug=values["slug"]).first()
    return found or Source.objects.create(name=name, **values)


def outlet(name: str) -> Source:
    """A source that is also a publisher."""
    return source(name, kind=Source.Kind.OUTLET, publisher=publisher(name))


Hop = Source | str | None | Sequence[Source | str]
"""One place of a chain: a source or the name of one, None for nobody named, several for a joint act."""


def statement(
    article: Article | None = None,
    words: str | None = None,
    *,
    chain: Sequence[Hop] = ("Berlin’s defence ministry",),
    claim: Claim | None = None,
    stance: str = Appearance.Stance.ASSERTS,
    said_on: str | None = None,
    own: bool = False,
    **values: Any,
) -> Statement:
    """A confirmed statement with its chain, root first; with ``claim`` also its appearance, and all derived
    values fresh. ``words`` must stand in the article's text; by default they are its last line.
    ``said_on`` dates the root. ``own`` makes the root the article's own voice."""
    article = article or globals()["article"]()
    version = article.latest_version
    assert version is not None
    words = words or version.text.rsplit("\n", 1)[-1]
    start = version.text.index(words)
    made = Statement.objects.create(version=version, start=start, end=start + len(words), exact=words, **values)
    for position, hop in enumerate(chain):
        voices = hop if isinstance(hop, (list, tuple)) else [hop]
        for voice in voices:
            Attribution.objects.create(
                statement=made,
                position=position,
                source=source(voice) if isinstance(voice, str) else voice,
                quotation_type="own" if own else "indirect",
                cue="" if own else "said",
                said_on=said_on if position == 0 else None,
            )
    if claim is not None:
        Appearance.objects.create(statement=made, claim=claim, stance=stance)
    freshen(statements=[made.pk])
    return made


def claim(
    text: str = "Germany sends soldiers to Poland", *, published: bool = False, tags: Sequence[Tag] = (), **values: Any
) -> Claim:
    """A claim, filed under ``tags``; ``published`` puts it before the public."""
    values.setdefault("short_text", text[:75])
    if published:
        values |= {"status": Claim.Status.PUBLISHED, "published_at": timezone.now()}
    made = Claim.objects.create(text=text, **values)
    made.tags.add(*tags)
    freshen(claims=[made.pk])
    return made


def tag(name: str = "NATO", **values: Any) -> Tag:
    values.setdefault("slug", slugify(name))
    made = Tag.objects.create(name=name, **values)
    refresh(tags=[made.pk])
    made.refresh_from_db()
    return made


def link(from_claim: Claim, kind: str, to_claim: Claim, **values: Any) -> ClaimLink:
    made = ClaimLink.objects.create(from_claim=from_claim, kind=kind, to_claim=to_claim, **values)
    freshen(claims=[from_claim.pk, to_claim.pk])
    return made


def review(claim: Claim, **values: Any) -> Review:
    """A published review of the claim's content by the Fact Desk, which finds it false."""
    scale, _ = RatingScale.objects.get_or_create(slug="scale", defaults={"name": "Truth scale"})
    level, _ = RatingLevel.objects.get_or_create(
        scale=scale, slug="false", defaults={"label": "Mostly wrong", "value": 1, "normalised": "false"}
    )
    values.setdefault("reviewer", publisher("Fact Desk"))
    values.setdefault("state", Review.State.PUBLISHED)
    made = Review.objects.create(claim=claim, **{"rating": level, **values})
    freshen(claims=[claim.pk])
    return made

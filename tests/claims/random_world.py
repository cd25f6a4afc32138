"""A random world for the tests that compare what the program says with a plain reckoning: claims, statements and
chains in every state that the tables can hold, few enough to be read one by one."""

import datetime as dt
from random import Random
from typing import Any

from django.db import connection

from articles.models import Article, ArticleVersion, Publisher
from articles.text import fingerprint
from claims.models import (
    Appearance,
    Attribution,
    Claim,
    ClaimLink,
    Evidence,
    RatingLevel,
    RatingScale,
    Review,
    Source,
    Statement,
    Tag,
    Verdict,
)
from claims.provenance import refresh_all

WORDS = [
    "soldiers",
    "soldier",
    "drones",
    "promise",
    "promised",
    "Poland",
    "Kraków",
    "Москва",
    "München",
    "e-mail",
    "budget",
    "NATO",
    "deploys",
    "of",
    "the",
    "2025",
    "50%",
]
LANGUAGES = ["en", "en", "en", "en-GB", "de", "pt-BR", "es-419"]
OUTLETS = ["Daily Digest", "Gazette", "Herald", "Politico", "Reuters", "Blog One"]
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
FAMILY = ("contradicts", "supports", "disputes")
"""Kinds of cross-references that may close circles."""


def build(seed: int, claims: int = 60) -> None:
    """Fill the empty database, the same for the same ``seed``, and write all that is derived."""
    rnd = Random(seed)
    tags, sources = _tags(rnd), _sources(rnd)
    statements = _statements(rnd, _versions(rnd), sources)
    made = _claims(rnd, claims)
    _file(rnd, made, tags)
    _tell(rnd, made, statements)
    _judge(rnd, made, statements)
    refresh_all()
    # After a thousand tests that were rolled back, PostgreSQL must be told that these tables are not empty: it would
    # read all that is left of those rows, for each claim.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _gone(rnd: Random, chance: float = 0.1) -> dict[str, Any]:
    return {"withdrawn_at": NOW} if rnd.random() < chance else {}


def _sentence(rnd: Random) -> str:
    return " ".join(rnd.choices(WORDS, k=rnd.randint(2, 6)))


def _tags(rnd: Random) -> list[Tag]:
    """A tree of three levels, of which some are withdrawn, at the top and below."""
    made: list[Tag] = []
    for number in range(9):
        above = rnd.choice([None, *(tag for tag in made if tag.level < 2)])
        tag = Tag(name=f"{rnd.choice(WORDS)} tag", slug=f"tag-{number}", parent=above, **_gone(rnd, 0.2))
        tag.save()
        made.append(tag)
    return made


def _sources(rnd: Random) -> list[Source]:
    outlets = [Publisher.objects.create(name=name, slug=f"paper-{at}") for at, name in enumerate(OUTLETS)]
    made = [
        Source.objects.create(name=outlet.name, slug=f"outlet-{outlet.pk}", kind="outlet", publisher=outlet)
        for outlet in outlets[:3]
    ]
    for number in range(16):
        name = f"{rnd.choice(WORDS)} ministry {number}"
        aliases = "\n".join(rnd.sample(["Moscow", "The Kremlin", "soldiers of Poland"], rnd.randint(0, 2)))
        behind = {"speaks_for": rnd.choice(made)} if rnd.random() < 0.3 else {}
        made.append(Source.objects.create(name=name, slug=f"source-{number}", aliases=aliases, **behind, **_gone(rnd)))
    for number in range(3):
        unnamed = {"named": False, "description": "an official", "known_through": rnd.choice([None, *made[:3]])}
        made.append(Source.objects.create(name=f"an official {number}", slug=f"official-{number}", **unnamed))
    return made


def _versions(rnd: Random) -> list[ArticleVersion]:
    """Texts of six lines each. Six articles stand in a row that each carries the next: one step too many for the
    public to follow."""
    outlets = [None, *Publisher.objects.order_by("pk")]
    made: list[Article] = []
    versions = []
    for number in range(20):
        day = rnd.choice([None, dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=rnd.randint(0, 8000))])
        carried = made[-1] if 0 < number < 6 else rnd.choice([None, None, *made])
        made.append(
            Article.objects.create(
                identifier=f"https://random.example.org/{number}",
                publisher=outlets[1 + number] if number < 6 else rnd.choice(outlets),
                published_at=day,
                language=rnd.choice(LANGUAGES),
                republishes=carried,
            )
        )
        text = "\n".join(f"{line} {_sentence(rnd)}" for line in range(6))
        headline, sha256 = text.partition("\n")[0], fingerprint(text)
        versions.append(ArticleVersion(article=made[-1], headline=headline, text=text, sha256=sha256))
    return ArticleVersion.objects.bulk_create(versions)


def _statements(rnd: Random, versions: list[ArticleVersion], sources: list[Source]) -> list[Statement]:
    states = ["confirmed"] * 7 + ["suggested", "rejected"]
    made = []
    for version in [*versions, *versions, *versions, *versions, *versions]:
        words = rnd.choice(version.text.split("\n"))
        start = version.text.index(words)
        place = {"start": start, "end": start + len(words), "exact": words}
        made.append(Statement(version=version, **place, state=rnd.choice(states), **_gone(rnd)))
    Statement.objects.bulk_create(made)
    Attribution.objects.bulk_create(hop for statement in made for hop in _chain(rnd, statement, sources))
    return made


def _chain(rnd: Random, statement: Statement, sources: list[Source]) -> list[Attribution]:
    """No hop to three: of one voice, of two, or of nobody; now and then one is missing."""
    hops = []
    for position in range(rnd.choice([0, 1, 1, 1, 2, 2, 3])):
        if rnd.random() < 0.05:
            continue
        voices = rnd.choice([rnd.sample(sources, 1)] * 5 + [rnd.sample(sources, 2), [None], [None, sources[0]]])
        day = dt.date(2025, rnd.randint(1, 12), rnd.randint(1, 28))
        dated = rnd.choice(
            [
                {},
                {"said_on": day},
                {"said_on": day.replace(day=1), "said_on_precision": "month"},
                {"said_on": dt.date(rnd.choice([1996, 2024, 2025]), 1, 1), "said_on_precision": "year"},
            ]
        )
        for voice in voices:
            hops.append(Attribution(statement=statement, position=position, source=voice, **dated, **_gone(rnd)))
    return hops


def _claims(rnd: Random, number: int) -> list[Claim]:
    made = []
    for _ in range(number):
        status = rnd.choice(Claim.Status.values)
        public = status == "published" or rnd.random() < 0.5
        made.append(
            Claim(
                text=_sentence(rnd),
                short_text=_sentence(rnd)[:75],
                kind=rnd.choice(Claim.Kind.values[:4]),
                status=status,
                language=rnd.choice(LANGUAGES),
                published_at=NOW if public else None,
                updated_at=NOW - dt.timedelta(days=rnd.randint(1, 9)),
                **_gone(rnd),
            )
        )
    return Claim.objects.bulk_create(made)


def _file(rnd: Random, claims: list[Claim], tags: list[Tag]) -> None:
    Filed = Claim.tags.through
    filed = [(claim, tag) for claim in claims for tag in rnd.sample(tags, rnd.choice([0, 1, 1, 2, 3]))]
    Filed.objects.bulk_create(Filed(claim=claim, tag=tag) for claim, tag in filed)


def _tell(rnd: Random, claims: list[Claim], statements: list[Statement]) -> None:
    """The first claim by a crowd, the others by no statement to four."""
    stances = [*Appearance.Stance.values, "asserts", "asserts"]
    Appearance.objects.bulk_create(
        Appearance(claim=claim, statement=statement, stance=rnd.choice(stances), **_gone(rnd))
        for at, claim in enumerate(claims)
        for statement in rnd.sample(statements, rnd.randint(0, 4) if at else 70)
    )


def _judge(rnd: Random, claims: list[Claim], statements: list[Statement]) -> None:
    """Reviews, evidence and cross-references of every state."""
    scale = RatingScale.objects.create(name="Scale", slug="scale")
    levels = [
        RatingLevel.objects.create(scale=scale, label=f"Level {at}", slug=f"level-{at}", value=at, normalised=verdict)
        for at, verdict in enumerate([*Verdict.values, "false"])
    ]
    desk = Publisher.objects.create(name="Fact Desk", slug="fact-desk")
    for claim in rnd.sample(claims, len(claims) * 2 // 3):
        statement = rnd.choice([None, rnd.choice(statements)])
        subject = rnd.choice(["content", "attribution"]) if statement else "content"
        about = {"claim": claim, "statement": statement, "subject": subject}
        if rnd.random() < 0.7:
            state, level = rnd.choice(["draft", "published", "published"]), rnd.choice([None, *levels])
            day = rnd.choice([None, dt.date(2025, 12, rnd.randint(1, 28))])
            Review.objects.create(**about, reviewer=desk, state=state, rating=level, reviewed_on=day, **_gone(rnd, 0.2))
        if rnd.random() < 0.5:
            Evidence.objects.create(**about, url="https://example.org/", **_gone(rnd, 0.2))
    ends = {tuple(sorted(rnd.sample(range(len(claims)), 2))) for _ in range(len(claims) // 2)}
    ClaimLink.objects.bulk_create(
        ClaimLink(
            from_claim=claims[one],
            to_claim=claims[other],
            kind=rnd.choice(FAMILY),
            state=rnd.choice(["confirmed", "confirmed", "suggested", "rejected"]),
            **_gone(rnd, 0.2),
        )
        for one, other in sorted(ends)
    )

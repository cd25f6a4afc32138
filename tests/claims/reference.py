"""What the claim list must answer, worked out claim by claim from the rows themselves, as docs/filters.md says it.

Slow, plain, and in nothing dependent on the index: the tests hold the list against it. What is read off the chains
(dates, numbers, circles, verdicts) is taken as stored; test_provenance holds that to account.
"""

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import snowballstemmer
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils.http import urlencode
from hypothesis import strategies as st

from articles.models import Article, Publisher
from claims.filters import ClaimFilter
from claims.models import Appearance, Attribution, Claim, ClaimLink, Evidence, RatingLevel, Review, Source, Tag, Verdict
from claims.visibility import visible_publishers
from tests import cast
from tests.claims import random_world

Asked = Mapping[str, Collection[str]]
"""The parameters of an address, each with its values. Names are slugs."""

OF_STATEMENTS = ("root", "relay", "source", "publisher", "stance", "published_after", "published_before")
UNKNOWN = dt.date(1, 1, 1)

TERMS = [
    *("soldiers", "soldier", "promise", "promised", "drone*", "pol*", "KRAKÓW", "krakow", "москва", "munch*"),
    *("e-mail", '"of the"', '"soldiers of"', "-soldiers", "-drones", '-"of the"', "2025", "kremlin", "gazette"),
    *("ministry", "tag", "zebra", "-gazette", '"soldiers of poland"', "deployed"),
]
"""What people type into the search box."""

SORTS = ["newest", "oldest", "sources", "statements", "updated"]

SINGLE = ("said_after", "said_before", "published_after", "published_before", "sources_min", "sources_max")
"""The filters that take one value."""

STEMMER = snowballstemmer.stemmer("english")


@dataclass(frozen=True)
class Text:
    """One text that words are looked for in."""

    words: tuple[str, ...]
    stems: frozenset[str]

    @classmethod
    def of(cls, text: str, language: str) -> "Text":
        words = tuple(read(text))
        english = language == "en" or language.startswith("en-")
        return cls(words, frozenset(map(STEMMER.stemWord, words)) if english else frozenset())


def read(text: str) -> list[str]:
    """The words of a text in small letters, without accents."""
    plain = "".join(char for char in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(char))
    return re.findall(r"\w+", plain)


@dataclass
class Told:
    """One statement that makes or answers a claim and counts: the link and the statement stand, and it is
    confirmed."""

    id: int
    stance: str
    broken: bool
    words: Text
    published: dt.date | None
    roots: set[str] = field(default_factory=set)
    relays: set[str] = field(default_factory=set)
    outlets: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


class Reference:
    """The whole database, read once."""

    def __init__(self) -> None:
        self.claims = {claim.pk: claim for claim in Claim.objects.order_by("pk")}
        self.told = _told()
        self.tags = _tags()
        self.texts = {pk: self._texts(claim) for pk, claim in self.claims.items()}
        self.reviews = _by_claim(Review.objects.filter(withdrawn_at=None).select_related("rating__scale"))
        self.evidence = _by_claim(Evidence.objects.filter(withdrawn_at=None))
        self.links = list(ClaimLink.objects.filter(withdrawn_at=None, state="confirmed"))
        self.shown_statements = {
            told.id for pk, all_told in self.told.items() if self.is_public(pk) for told in all_told
        }
        self._met: dict[tuple[str, str, bool], frozenset[int]] = {}

    def _texts(self, claim: Claim) -> list[Text]:
        """All that the search box looks in."""
        texts = [Text.of(claim.text, claim.language), Text.of(claim.short_text, claim.language)]
        names = {tag.name for tag in self.tags.get(claim.pk, {}).values()}
        for told in self.told.get(claim.pk, []):
            texts.append(told.words)
            names |= told.names
        return texts + [Text.of(name, "en") for name in names]

    def is_public(self, pk: int) -> bool:
        return self.claims[pk].published_at is not None and self.claims[pk].withdrawn_at is None

    def answer(self, asked: Asked, *, desk: bool) -> list[int]:
        """The ids of the claims that the list shows, in their order."""
        found = {pk for pk, claim in self.claims.items() if claim.withdrawn_at is None}
        if not desk:
            found = set(filter(self.is_public, found))
        together: dict[str, Collection[str]] = {}
        for name, values in asked.items():
            if name in ("sort", "cols") or not values:
                continue
            if name in OF_STATEMENTS and "none" not in values:
                together[name] = values
            elif name == "has":
                found = set.intersection(found, *(self.meeting(name, value, desk) for value in values))
            elif name == "lacks":
                found = found.difference(*(self.meeting("has", value, desk) for value in values))
            elif name.startswith("-"):
                found = found.difference(*(self.meeting(name[1:], value, desk) for value in values))
            else:
                found &= set().union(*(self.meeting(name, value, desk) for value in values))
        if together:
            found = {pk for pk in found if any(_meets(told, together) for told in self.told.get(pk, []))}
        return sorted(found, key=self._order(next(iter(asked.get("sort", [])), "newest")))

    def meeting(self, name: str, value: str, desk: bool) -> frozenset[int]:
        """The claims that have one value of one filter, be they shown or not."""
        key = (name, value, desk)
        if key not in self._met:
            self._met[key] = frozenset(pk for pk in self.claims if self.has(self.claims[pk], name, value, desk))
        return self._met[key]

    def has(self, claim: Claim, name: str, value: str, desk: bool) -> bool:
        """Whether the claim as a whole has one value of one filter."""
        if name in OF_STATEMENTS:
            told = self.told.get(claim.pk, [])
            if value == "none":
                return not any(_held(each, name) for each in told)
            return any(_meets(each, {name: [value]}) for each in told)
        rule: Callable[..., bool] = getattr(self, f"has_{name}")
        return rule(claim, value, desk) if name in ("has", "needs") else rule(claim, value)

    def has_q(self, claim: Claim, value: str) -> bool:
        """All terms: words in any of their forms, “phrases”, beginnings*, and -what must not stand there."""
        texts = self.texts[claim.pk]
        for sign, quoted, plain in re.findall(r'(-?)(?:"([^"]*)"|(\S+))', value):
            if _stands(texts, quoted or plain, exactly=bool(quoted)) == bool(sign):
                return False
        return True

    def has_tag(self, claim: Claim, value: str) -> bool:
        slugs = {tag.slug for tag in self.tags.get(claim.pk, {}).values()}
        return not slugs if value == "none" else value in slugs

    def has_kind(self, claim: Claim, value: str) -> bool:
        return claim.kind == value

    def has_status(self, claim: Claim, value: str) -> bool:
        return claim.status == value

    def has_language(self, claim: Claim, value: str) -> bool:
        return claim.language == value

    def has_verdict(self, claim: Claim, value: str) -> bool:
        return (claim.verdict or "none") == value

    def has_rating(self, claim: Claim, value: str) -> bool:
        """What a published review of its content says: of a public claim, one that is public itself."""
        rated = {
            f"{review.rating.scale.slug}:{review.rating.slug}"
            for review in self.reviews[claim.pk]
            if review.state == "published" and review.subject == "content" and review.rating
            if self._shows(review) or not self.is_public(claim.pk)
        }
        return not rated if value == "none" else value in rated

    def has_year(self, claim: Claim, value: str) -> bool:
        if value == "none":
            return claim.first_said_on is None
        return claim.first_said_on is not None and claim.first_said_rank.year == int(value)

    def has_sources(self, claim: Claim, value: str) -> bool:
        return min(claim.independent_sources, 10) == int(value)

    def has_sources_min(self, claim: Claim, value: str) -> bool:
        return claim.independent_sources >= int(value)

    def has_sources_max(self, claim: Claim, value: str) -> bool:
        return claim.independent_sources <= int(value)

    def has_said_after(self, claim: Claim, value: str) -> bool:
        return claim.first_said_on is not None and claim.first_said_rank >= dt.date.fromisoformat(value)

    def has_said_before(self, claim: Claim, value: str) -> bool:
        return claim.first_said_on is not None and claim.first_said_on <= dt.date.fromisoformat(value)

    def has_has(self, claim: Claim, value: str, desk: bool) -> bool:
        if value == "statement":
            return bool(self.told.get(claim.pk))
        if value == "evidence":
            return any(desk or self._shows(row) for row in self.evidence[claim.pk])
        if value == "review":
            return any(desk or (row.state == "published" and self._shows(row)) for row in self.reviews[claim.pk])
        return any(self._links(claim, desk))

    def _shows(self, row: Review | Evidence) -> bool:
        """Whether the public sees what hangs on a claim."""
        return self.is_public(row.claim_id) and (row.statement_id is None or row.statement_id in self.shown_statements)

    def _links(self, claim: Claim, desk: bool) -> list[ClaimLink]:
        links = [link for link in self.links if claim.pk in (link.from_claim_id, link.to_claim_id)]
        shown = (link for link in links if self.is_public(link.from_claim_id) and self.is_public(link.to_claim_id))
        return links if desk else list(shown)

    def has_needs(self, claim: Claim, value: str, desk: bool) -> bool:
        told = self.told.get(claim.pk, [])
        return {
            "statement": not told,
            "source": claim.independent_sources == 0,
            "second_source": claim.independent_sources == 1,
            "review": not self.has_has(claim, "review", desk),
            "evidence": not self.has_has(claim, "evidence", desk),
            "chain": any(each.broken for each in told),
            "date": claim.first_said_on is None,
            "circle": claim.circular,
            "contradiction": any(link.kind == "contradicts" for link in self._links(claim, desk)),
        }[value]

    def _order(self, sort: str) -> Callable[[int], Any]:
        """The key by which the list sorts; unknown dates come last, and of equals the newer first."""

        def newest(pk: int) -> tuple[int, int]:
            return -self.claims[pk].first_said_rank.toordinal(), -pk

        return {
            "newest": newest,
            "relevance": newest,
            "oldest": lambda pk: (
                self.claims[pk].first_said_rank == UNKNOWN,
                self.claims[pk].first_said_rank,
                pk,
            ),
            "sources": lambda pk: (-self.claims[pk].independent_sources, newest(pk)),
            "statements": lambda pk: (-self.claims[pk].statement_count, newest(pk)),
            "updated": lambda pk: (-self.claims[pk].updated_at.timestamp(), -pk),
        }[sort]


def _held(told: Told, name: str) -> set[str]:
    """What a statement has of one filter on statements."""
    return {
        "root": told.roots,
        "relay": told.relays,
        "source": told.roots | told.relays,
        "publisher": told.outlets,
        "stance": {told.stance},
    }[name]


def _meets(told: Told, asked: Asked) -> bool:
    """Whether one statement meets all filters on statements."""
    for name, values in asked.items():
        if name.startswith("published"):
            day = dt.date.fromisoformat(next(iter(values)))
            after = name == "published_after"
            if told.published is None or (told.published < day if after else told.published > day):
                return False
        elif _held(told, name).isdisjoint(values):
            return False
    return True


def _stands(texts: list[Text], given: str, *, exactly: bool) -> bool:
    """Whether a word, a beginning or a phrase stands in one of ``texts``."""
    wanted = read(given)
    if given.endswith("*"):
        return any(word.startswith(wanted[0]) for text in texts for word in text.words)
    if len(wanted) == 1 and not exactly:
        stem = STEMMER.stemWord(wanted[0])
        return any(wanted[0] in text.words or stem in text.stems for text in texts)
    spans = (text.words[at : at + len(wanted)] for text in texts for at in range(len(text.words)))
    return tuple(wanted) in spans


def _told() -> dict[int, list[Told]]:
    hops = defaultdict(list)
    for hop in Attribution.objects.filter(withdrawn_at=None).select_related("source"):
        hops[hop.statement_id].append(hop)
    found: dict[int, list[Told]] = defaultdict(list)
    links = Appearance.objects.filter(withdrawn_at=None, statement__withdrawn_at=None, statement__state="confirmed")
    for link in links.select_related("statement__version__article"):
        statement = link.statement
        item = statement.version.article
        told = Told(
            id=statement.pk,
            stance=link.stance,
            broken=statement.broken,
            words=Text.of(statement.exact, item.language),
            published=item.published_at.date() if item.published_at else None,
        )
        for hop in hops[statement.pk]:
            if hop.source is not None:
                (told.relays if hop.position else told.roots).add(hop.source.slug)
                if hop.source.withdrawn_at is None:
                    told.names |= {hop.source.name, *hop.source.aliases.splitlines()}
        for outlet in _trail(item):
            told.outlets.add(outlet.slug)
            told.names.add(outlet.name)
        found[link.claim_id].append(told)
    return found


def _trail(item: Article) -> list[Publisher]:
    """Who published the article, and what it carries, and so on for four steps."""
    outlets, step = [], item
    for _ in range(5):
        outlets.append(step.publisher)
        step = step.republishes
        if step is None:
            break
    return [outlet for outlet in outlets if outlet]


def _tags() -> dict[int, dict[int, Tag]]:
    """By claim the tags that it is filed under, with those above them. A withdrawn tag files nothing."""
    tags = {tag.pk: tag for tag in Tag.objects.all()}
    found: dict[int, dict[int, Tag]] = defaultdict(dict)
    for claim, pk in Claim.tags.through.objects.values_list("claim_id", "tag_id"):
        if tags[pk].withdrawn_at is not None:
            continue
        step: int | None = pk
        while step is not None:
            if tags[step].withdrawn_at is None:
                found[claim][step] = tags[step]
            step = tags[step].parent_id
    return found


def _by_claim(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.claim_id].append(row)
    return found


@dataclass
class World:
    """A random world, with what the list must answer in it and who asks: the desk (True) and the public."""

    reference: Reference
    viewers: dict[bool, Any]
    values: dict[bool, dict[str, list[str]]]
    """For each viewer, values to ask for, by filter."""


def look(seed: int) -> World:
    """Build the random world of that number, and read it."""
    random_world.build(seed)
    viewers = {False: AnonymousUser(), True: cast.person("reader")}
    values = {desk: _values(viewer, desk=desk) for desk, viewer in viewers.items()}
    return World(Reference(), viewers, values)


def _values(viewer: Any, *, desk: bool) -> dict[str, list[str]]:
    """All names that ``viewer`` may know of, all choices, and numbers and days that tell claims apart."""
    slugs = {
        "tag": Tag.objects.visible_to(viewer).filter(withdrawn_at=None),
        "source": Source.objects.visible_to(viewer).filter(withdrawn_at=None),
        "publisher": visible_publishers(viewer),
    }
    names = {name: sorted([*rows.values_list("slug", flat=True), "none"]) for name, rows in slugs.items()}
    levels = RatingLevel.objects.visible_to(viewer).values_list("scale__slug", "slug")
    days = ["2025-01-15", "2025-03-01", "2025-06-30", "2025-07-01", "2025-10-31", "2025-12-31", "1996-07-01"]
    years = sorted({str(day.year) for day in Claim.objects.values_list("first_said_rank", flat=True)} - {"1"})
    values = {
        "tag": names["tag"],
        **dict.fromkeys(("root", "relay", "source"), names["source"]),
        "publisher": names["publisher"],
        "stance": Appearance.Stance.values,
        "kind": Claim.Kind.values,
        "status": Claim.Status.values,
        "verdict": [*Verdict.values, "none"],
        "rating": [*sorted(f"{scale}:{slug}" for scale, slug in levels), "none"],
        "language": ["en", "en-GB", "de", "pt-BR", "pt", "es-419"],
        "year": [*years, "none"],
        "sources": [str(number) for number in range(11)],
        "needs": [
            *("statement", "source", "second_source", "review", "evidence"),
            *("chain", "date", "circle", "contradiction"),
        ],
    }
    if not desk:
        del values["status"]
    parts = ["statement", "cross_reference", "evidence", "review"]
    numbers = ["0", "1", "2", "9", "10", "11", "12", "1000"]
    return {
        **values,
        **{f"-{name}": given for name, given in values.items()},
        **dict.fromkeys(("has", "lacks"), parts),
        **dict.fromkeys(("said_after", "said_before", "published_after", "published_before"), days),
        **dict.fromkeys(("sources_min", "sources_max"), numbers),
    }


def _in_order(asked: dict[str, list[str]], least: str, most: str, *, key: Any) -> None:
    """A range that ends before it begins is refused, so it is turned round."""
    if least in asked and most in asked:
        asked[least], asked[most] = sorted((asked[least], asked[most]), key=lambda values: key(values[0]))


@st.composite
def questions(draw: Any, world: World, most: int = 4) -> tuple[bool, dict[str, list[str]]]:
    """Who asks, and the parameters of an address: up to ``most`` filters of one value or two, words, and a sort."""
    desk = draw(st.booleans())
    asked = {}
    for name in draw(st.lists(st.sampled_from(sorted(world.values[desk])), max_size=most, unique=True)):
        given = st.sampled_from(world.values[desk][name])
        asked[name] = draw(st.lists(given, min_size=1, max_size=1 if name in SINGLE else 2, unique=True))
    for least, most in (("said_after", "said_before"), ("published_after", "published_before")):
        _in_order(asked, least, most, key=str)
    _in_order(asked, "sources_min", "sources_max", key=int)
    words = draw(st.lists(st.sampled_from(TERMS), max_size=2, unique=True))
    if words:
        asked["q"] = [" ".join(words)]
    if draw(st.booleans()):
        asked["sort"] = [draw(st.sampled_from(SORTS))]
    return desk, asked


def listing(asked: Asked, viewer: Any) -> ClaimFilter:
    query = urlencode({name: [*values] for name, values in asked.items()}, doseq=True)
    return ClaimFilter(QueryDict(query), viewer=viewer, path="/claims/")

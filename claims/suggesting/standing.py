"""What was already recorded, offered or decided of an article, so that nothing is offered twice."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Prefetch
from django.utils.functional import cached_property

from articles import text as texts
from articles.models import ArticleVersion
from claims.extraction.quotation import Span
from claims.models import Annotation, Appearance, Attribution, Statement
from claims.suggesting.names import names_nobody, tokens
from claims.suggesting.proposal import Proposal, ProposedVoice

OVERLAP = 0.5
"""Two spans with the same root are the same statement where they share this much of what they cover together."""

MOST_PLACES = 20
"""How often words of another version are looked for in this one."""

Roots = frozenset[str]
"""Who said it first, under every name: numbers of sources, and names as they are compared."""


@dataclass
class Standing:
    """One statement of the article, in whichever version."""

    statement: Statement
    hops: list[Attribution] = field(default_factory=list)

    @cached_property
    def proposal(self) -> Proposal | None:
        return Proposal.read(self.statement.proposed)

    @property
    def is_open(self) -> bool:
        """Whether it waits as ``suggest`` wrote it: nobody decided on it, or worked on it."""
        row = self.statement
        untouched = row.lock == 1 and all(hop.lock == 1 for hop in self.hops)
        used = row.linked or row.noted  # type: ignore[attr-defined]
        return self._is_offered and row.withdrawn_at is None and untouched and not used

    @property
    def is_superseded(self) -> bool:
        """Whether ``suggest`` itself took it back, which is nobody's decision."""
        return self._is_offered and self.statement.withdrawn_at is not None and self.statement.withdrawn_by_id is None

    @property
    def _is_offered(self) -> bool:
        return self.statement.state == Statement.State.SUGGESTED and self.proposal is not None

    @cached_property
    def words(self) -> set[str]:
        """What it says, and what it was proposed to say."""
        said = [self.statement.exact, *([self.proposal.exact] if self.proposal else [])]
        return {folded(words) for words in said} - {""}

    @cached_property
    def roots(self) -> Roots:
        found = set(names_of(self.proposal.root)) if self.proposal else set()
        for hop in self.hops:
            if hop.position == 0:
                found |= key(hop.as_named)
                if hop.source is not None:
                    found |= {f"#{hop.source_id}"} | key(hop.source.name)
        return frozenset(found)

    def places(self, version: ArticleVersion) -> list[Span]:
        """Where its words stand in ``version``; of another text's, where they stand again."""
        row = self.statement
        own = [(row.start, row.end, row.exact)]
        own += [(*self.proposal.span, self.proposal.exact)] if self.proposal else []
        if row.version_id == version.pk:
            return [(start, end) for start, end, _ in own]
        return [place for _, _, words in own for place in _again(version.text, words, row)]


def _again(text: str, words: str, row: Statement) -> list[Span]:
    """Where ``words`` stand in another text: next to the same words as before, where any stand so."""
    found: list[Span] = []
    at = text.find(words)
    while at >= 0 and len(found) < MOST_PLACES:
        found.append((at, at + len(words)))
        at = text.find(words, at + 1)
    before, after = row.prefix[-16:], row.suffix[:16]
    alike = [
        (start, end)
        for start, end in found
        if text[max(start - len(before), 0) : start] == before or text[end : end + len(after)] == after
    ]
    return alike or found


def standing(version: ArticleVersion) -> list[Standing]:
    """Every statement of the article, withdrawn ones too. Two queries."""
    hops = Attribution.objects.current().select_related("source")
    linked = Appearance.objects.current().filter(statement=OuterRef("pk"))
    noted = Annotation.objects.current().filter(statement=OuterRef("pk"))
    rows = (
        Statement.objects.filter(version__article=version.article_id)
        .annotate(linked=Exists(linked), noted=Exists(noted))
        .prefetch_related(Prefetch("attributions", hops))
        .order_by("pk")
    )
    return [Standing(row, list(row.attributions.all())) for row in rows]


class Taken:
    """What of an article is recorded or decided: none of it is offered again."""

    def __init__(self, version: ArticleVersion, rows: Iterable[Standing]) -> None:
        self.rows = [(row, row.places(version), row.statement.version_id == version.pk) for row in rows]

    def holds(self, proposal: Proposal, roots: Roots) -> bool:
        """Whether ``proposal`` is of what is taken: the same words at the same place, or most of the same place with
        the same root. Of another version also the same words with other quotation marks."""
        words, span = folded(proposal.exact), proposal.span
        for row, places, is_here in self.rows:
            shares = [share(span, place) for place in places]
            if any(shares) and words in row.words:
                return True
            if any(each >= OVERLAP for each in shares) and (roots & row.roots or not (roots or row.roots)):
                return True
            if not places and not is_here and words in row.words:
                return True
        return False


def share(one: Span, other: Span) -> float:
    """How much of what two spans cover together they share."""
    both = min(one[1], other[1]) - max(one[0], other[0])
    return max(both, 0) / (max(one[1], other[1]) - min(one[0], other[0]))


def folded(words: str) -> str:
    """``words`` for comparison, without the marks around them."""
    return texts.fold(words).strip("\"'.,;: ")


def names_of(voices: Iterable[ProposedVoice]) -> Roots:
    return frozenset().union(*(key(voice.name) | key(voice.as_named) for voice in voices))


def key(name: str) -> set[str]:
    """A name as it is compared. A pronoun names nobody."""
    return set() if names_nobody(name) else {" ".join(tokens(name))}

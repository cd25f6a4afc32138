"""How well statements are found: `python -m bench.quotations` reads the articles beside it, each with what it says.

An article's file has a head, a line of three dashes, and the text. In the head, ``@K: name; other name`` lists under
a letter how the article calls somebody. In the text, ``{{K|as named|cue::what is said}}`` marks a statement, and
``{{+::more}}`` goes on with the one marked last. A cue of ``-`` is a doubtful case: neither right nor wrong.
The articles are made up, in the manner of many publishers.
"""

import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from claims.extraction import Quotation, extract
from claims.extraction.quotation import Span

ARTICLES = Path(__file__).parent / "articles"
MARKUP = re.compile(r"\{\{(\+|[^{}|]+\|[^{}|]*\|[^{}|:]*)::|\}\}|$")
CONFIDENT = 0.8
SAME = 0.5
"""What two spans share at least of what both cover, to be the same statement."""
EDGES = "“”\"„«»‘’'` \n\t\xa0,.;:"
BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)

Extractor = Callable[[str], Sequence[Quotation]]


@dataclass
class Marked:
    """One statement that an article is marked with."""

    spans: list[Span]
    names: set[str]
    doubtful: bool


@dataclass
class Article:
    name: str
    text: str
    statements: list[Marked]


@dataclass
class Score:
    """Counts over articles: statements marked, found and proposed."""

    marked: int = 0
    found: int = 0
    exact: int = 0
    voiced: int = 0
    proposed: int = 0
    right: int = 0
    bands: dict[float, list[int]] = field(default_factory=lambda: {band: [0, 0] for band in BANDS})
    """Lowest confidence of a band → [proposed, right with the right voice]."""

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def voices(self) -> float:
        """Of what was found, the share with the right voice."""
        return self.voiced / self.found if self.found else 0.0

    def sure(self, least: float = CONFIDENT) -> tuple[float, float]:
        """Precision and recall, the voice included, of what is at least that sure."""
        proposed = sum(counts[0] for band, counts in self.bands.items() if band >= least)
        right = sum(counts[1] for band, counts in self.bands.items() if band >= least)
        return (right / proposed if proposed else 0.0), (right / self.marked if self.marked else 0.0)


def articles() -> list[Article]:
    return [read(path.stem, path.read_text("utf-8")) for path in sorted(ARTICLES.glob("*.txt"))]


def read(name: str, content: str) -> Article:
    """One article from its marked-up file."""
    head, text = content.split("\n---\n", 1)
    called = {
        match[1]: {words.strip() for words in match[2].split(";")} for match in re.finditer(r"@(\w+): (.*)", head)
    }
    plain: list[str] = []
    length = at = 0
    open_at: list[tuple[Marked, int]] = []
    statements: list[Marked] = []
    last: Marked | None = None
    for match in MARKUP.finditer(text):
        plain.append(text[at : match.start()])
        length += match.start() - at
        at = match.end()
        if match.group() == "}}":
            statement, start = open_at.pop()
            statement.spans.append((start, length))
            last = statement
        elif match.group() and match[1] == "+":
            if last is None:
                raise ValueError(f"{name}: a span goes on with no statement")
            open_at.append((last, length))
        elif match.group():
            key, as_named, cue = match[1].split("|")
            marked = Marked([], {as_named, *called.get(key, set())} - {""}, cue == "-")
            statements.append(marked)
            open_at.append((marked, length))
    return Article(name, "".join(plain), statements)


def measure(found: Sequence[Article], extractor: Extractor = extract) -> Score:
    """How what ``extractor`` finds compares with what the articles are marked with."""
    score = Score()
    for article in found:
        _compare(article, list(extractor(article.text)), score)
    return score


def _compare(article: Article, quotations: list[Quotation], score: Score) -> None:
    """Span by span, as a quotation that its attribution breaks has two."""
    marked = [(span, statement) for statement in article.statements for span in statement.spans]
    score.marked += sum(not statement.doubtful for _, statement in marked)
    taken: set[Span] = set()
    for span, quotation in spans_of(quotations):
        shares = [(_shared(article.text, other, span), other, statement) for other, statement in marked]
        share, other, best = max(shares, key=lambda match: match[0], default=(0.0, (0, 0), None))
        if best is not None and share >= SAME:
            if best.doubtful or other in taken:
                continue
            taken.add(other)
            right = _voice_fits(quotation, best)
            score.found += 1
            score.exact += share > 0.999
            score.voiced += right
            _count(score, quotation, found=True, right=right)
        elif not any(statement.doubtful and share > 0.2 for share, _, statement in shares):
            _count(score, quotation, found=False, right=False)


def spans_of(quotations: list[Quotation]) -> list[tuple[Span, Quotation]]:
    """Each span with its quotation; of one statement within another the outer comes first."""
    return [(span, quotation) for quotation in quotations for span in quotation.spans]


def _count(score: Score, quotation: Quotation, *, found: bool, right: bool) -> None:
    score.proposed += 1
    score.right += found
    counts = score.bands[max(band for band in BANDS if band <= quotation.confidence)]
    counts[0] += 1
    counts[1] += right


def _shared(text: str, one: Span, other: Span) -> float:
    """What two spans share of all that they cover."""
    left, right = _trimmed(text, *one), _trimmed(text, *other)
    both = min(left[1], right[1]) - max(left[0], right[0])
    return max(0, both) / (max(left[1], right[1]) - min(left[0], right[0]) or 1)


def _trimmed(text: str, start: int, end: int) -> Span:
    """Without marks and stops at its edges, and without “that”."""
    while start < end and (text[start] in EDGES or text[start:end].startswith("that ")):
        start += 1 if text[start] in EDGES else 5
    while start < end and text[end - 1] in EDGES:
        end -= 1
    return start, end


def _voice_fits(quotation: Quotation, statement: Marked) -> bool:
    said = {name for voice in quotation.chain[0].voices for name in (voice.as_named, voice.name) if name}
    heads = {_head(name) for name in statement.names}
    return any(_head(name) in heads for name in said)


def _head(name: str) -> str:
    """The surname, or the noun that a description is about."""
    first = re.split(r"[,;:(]| (?:of|for|from|in|at|on|with|by|who|which|that|to|and|as|seen|quoted)\b", name)[0]
    words = re.findall(r"[\w’'-]+", re.sub(r"[’']s\b", "", first))
    return words[-1].lower() if words else ""


def main() -> int:
    found = articles()
    started = time.perf_counter()
    score = measure(found)
    took = time.perf_counter() - started
    characters = sum(len(article.text) for article in found)
    precision, recall = score.sure()
    print(f"{len(found)} articles, {score.marked} statements, {score.proposed} proposed")
    print(f"precision {score.precision:.1%}, recall {score.recall:.1%}, F1 {score.f1:.1%}")
    print(f"right voice {score.voices:.1%}, exact span {score.exact / max(1, score.found):.1%}")
    print(f"at {CONFIDENT} and surer, voice included: precision {precision:.1%}, recall {recall:.1%}")
    print(f"{1000 * took / characters * 10_000:.0f} ms for 10,000 characters")
    return 0


if __name__ == "__main__":
    sys.exit(main())

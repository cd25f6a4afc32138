"""The rules by which sources are read off chains. Pure: values in, values out.

The six rules are those of the guide's page "How sources are counted".
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import NamedTuple

from articles.dates import VagueDate, earliest

VoiceKey = tuple[str, Hashable]
"""One voice: ("publisher", id), ("source", id), ("unnamed", outlet's key or None), ("nobody", statement id)."""

Arc = tuple[VoiceKey, VoiceKey]
"""Who has it from whom: the later voice, then the earlier one."""


class SourceFacts(NamedTuple):
    """What one source tells of its voice."""

    named: bool = True
    speaks_for: int | None = None
    known_through: int | None = None
    publisher: int | None = None


class Hop(NamedTuple):
    """One place of a chain: its voices (none where nobody is named), and when it was said."""

    position: int
    voices: tuple[VoiceKey, ...]
    nobody: bool = False
    said: VagueDate | None = None


class Said(NamedTuple):
    """One statement as the rules see it.

    ``articles`` are the ids from the statement's article to the end of what it republishes, ``publishers`` those
    of their publishers that are known: the carrier first, the publisher of record last.
    ``record_published`` is the date of the article of record (None: unknown, or only an excerpt is known),
    ``carried`` the earliest date among ``articles``.
    ``quotation_type`` is the root's: "own" where the article speaks for itself.
    ``origin`` is the statement that it was taken from.
    """

    id: int
    hops: tuple[Hop, ...]
    quotation_type: str = ""
    occasion: VagueDate | None = None
    articles: tuple[int, ...] = ()
    publishers: tuple[VoiceKey, ...] = ()
    record_published: VagueDate | None = None
    carried: VagueDate | None = None
    origin: "Said | None" = None

    @property
    def own(self) -> bool:
        """Whether the article speaks for itself."""
        return self.quotation_type == "own"

    @property
    def root_said(self) -> VagueDate | None:
        """When the root said it: its own date, else the occasion's."""
        return (self.hops[0].said if self.hops and self.hops[0].position == 0 else None) or self.occasion

    @property
    def first_date(self) -> VagueDate | None:
        if root := self.root_said:
            return root
        later = (*(hop.said for hop in self.hops), self.record_published, self.carried)
        return first_date(None, later)

    @property
    def brought_by(self) -> tuple[VoiceKey, ...]:
        """Who has the statement from its last hop: the publisher of record, else the last outlet known."""
        return self.publishers[-1:]

    @property
    def broken(self) -> bool:
        """An empty source, or a missing position."""
        return not self.hops or any(hop.nobody or hop.position != at for at, hop in enumerate(self.hops))


@dataclass(frozen=True)
class Circle:
    """Voices that have a claim from one another. Closed: none of them has it from anybody else."""

    voices: tuple[VoiceKey, ...]
    arcs: tuple[Arc, ...]
    closed: bool


@dataclass(frozen=True)
class Reading:
    """What the statements of one claim come to. A joint voice is known by its lowest member."""

    independent: tuple[VoiceKey, ...] = ()
    arcs: tuple[Arc, ...] = ()
    circles: tuple[Circle, ...] = ()
    members: Mapping[VoiceKey, tuple[VoiceKey, ...]] = field(default_factory=dict)
    first: Said | None = None
    first_said: VagueDate | None = None
    first_published: VagueDate | None = None

    @property
    def unnamed(self) -> int:
        """How many of the independent voices are unnamed."""
        return sum(kind == "unnamed" for kind, _ in self.independent)


class Tally(NamedTuple):
    """A claim's reading in numbers: what its columns hold."""

    independent: int
    unnamed: int
    circular: bool
    first: Said | None
    first_said: VagueDate | None
    first_published: VagueDate | None


NOTHING = Tally(0, 0, False, None, None, None)


def first_date(root: VagueDate | None, later: Iterable[VagueDate | None]) -> VagueDate | None:
    """The root's date; without one the first that is known of the later hops' and the article's, as "by …"."""
    return root or next((date.as_by() for date in later if date), None)


def voice_of(
    source: int,
    sources: Mapping[int, SourceFacts],
    outlet: VoiceKey | None = None,
    passed: frozenset[int] = frozenset(),
) -> VoiceKey:
    """The voice of a source: whom it speaks for in the end, and there the publisher that it is.

    Unnamed voices of one outlet are one; ``outlet`` stands in where nobody is known to vouch for them.
    ``passed`` are sources on the way here: a loop ends where it closes.
    """
    seen = {source, *passed}
    while (onward := sources[source].speaks_for) is not None and onward not in seen:
        source = onward
        seen.add(source)
    facts = sources[source]
    if facts.publisher is not None:
        return ("publisher", facts.publisher)
    if facts.named:
        return ("source", source)
    if facts.known_through is not None and facts.known_through not in seen:
        return ("unnamed", voice_of(facts.known_through, sources, passed=frozenset(seen)))
    return ("unnamed", outlet)


def read(statements: Iterable[Said]) -> Reading:
    """Read one claim's statements of like stance: its independent sources, circles and first dates."""
    chosen = _without_echoes(sorted(statements, key=lambda said: said.id))
    told = _with_origins(chosen)
    one = _joined(told)
    voices, arcs = _graph(told, one)
    leaving = {later for later, _ in arcs}
    independent = (voice for voice in voices if voice not in leaving and voice[0] != "nobody")
    first = min(chosen, key=_first_key, default=None)
    members: dict[VoiceKey, list[VoiceKey]] = defaultdict(list)
    for voice in _all_voices(told):
        members[one(voice)].append(voice)
    return Reading(
        independent=tuple(sorted(independent, key=repr)),
        arcs=arcs,
        circles=_circles(arcs),
        members={voice: tuple(sorted(group, key=repr)) for voice, group in members.items()},
        first=first,
        first_said=first.first_date if first else None,
        first_published=_first_published(chosen),
    )


def tally(statements: Collection[Said]) -> Tally:
    """The same in numbers as ``read`` comes to, without names and arcs for a page: many times faster."""
    if not statements:
        return NOTHING
    chosen = [*statements] if len(statements) == 1 else _without_echoes(sorted(statements, key=lambda said: said.id))
    told = _with_origins(chosen) if any(said.origin for said in chosen) else chosen
    voices, behind = _plain_graph(told) if all(map(_is_plain, told)) else _tangled_graph(told)
    independent = [voice[0] for voice in voices if voice not in behind and voice[0] != "nobody"]
    first = chosen[0] if len(chosen) == 1 else min(chosen, key=_first_key, default=None)
    return Tally(
        independent=len(independent),
        unnamed=independent.count("unnamed"),
        circular=_is_circular(behind),
        first=first,
        first_said=first.first_date if first else None,
        first_published=_first_published(chosen),
    )


Behind = Mapping[VoiceKey, Collection[VoiceKey]]
"""By each voice that has it from others, those others."""


def _is_plain(said: Said) -> bool:
    """Whether the statement is one line from voice to voice: nobody unknown, nobody joint, no second report."""
    hops = said.hops
    if not hops or hops[0].position or said.origin is not None or len(said.publishers) > 1:
        return False
    return all(len(hop.voices) == 1 and not hop.nobody for hop in hops)


def _plain_graph(statements: Iterable[Said]) -> tuple[Collection[VoiceKey], Behind]:
    """As ``_graph``, of plain statements."""
    voices: set[VoiceKey] = set()
    behind: dict[VoiceKey, set[VoiceKey]] = {}
    for said in statements:
        earlier = said.hops[0].voices[0]
        line = [hop.voices[0] for hop in said.hops]
        voices.update(line)
        for later in (*line[1:], *said.publishers):
            if later != earlier:
                behind.setdefault(later, set()).add(earlier)
            earlier = later
    return voices, behind


def _tangled_graph(statements: Sequence[Said]) -> tuple[Collection[VoiceKey], Behind]:
    """As ``_graph``, of any statements."""
    voices, arcs = _graph(statements, _joined(statements))
    behind: dict[VoiceKey, set[VoiceKey]] = {}
    for later, earlier in arcs:
        behind.setdefault(later, set()).add(earlier)
    return voices, behind


def _is_circular(behind: Behind) -> bool:
    """Whether any voices have it from one another: nobody in a circle has it only from those outside."""
    inner = set(behind)
    for _ in range(4):  # That settles nearly every claim; the sorter takes as long whatever the tangle.
        size = len(inner)
        inner = {voice for voice in inner if not inner.isdisjoint(behind[voice])}
        if len(inner) in (0, size):
            return bool(inner)
    try:
        TopologicalSorter(behind).prepare()
    except CycleError:
        return True
    return False


def _without_echoes(statements: Sequence[Said]) -> list[Said]:
    """Leave out an article's own words where it, or what it republishes, attributes the claim to someone."""
    attributing = _attributing(statements)
    return [said for said in statements if not _echoes(said, attributing)]


def _attributing(statements: Iterable[Said]) -> set[int]:
    """The articles that attribute the claim."""
    return {said.articles[0] for said in statements if not said.own and said.articles}


def _echoes(said: Said, attributing: set[int]) -> bool:
    return said.own and not attributing.isdisjoint(said.articles)


def _with_origins(statements: Sequence[Said]) -> list[Said]:
    """The statements, and all that they were taken from; an echo among those adds no voice."""
    attributing = _attributing(statements)
    told: dict[int, Said] = {}
    for said in statements:
        step: Said | None = said
        while step is not None and step.id not in told:
            told[step.id] = step._replace(hops=()) if _echoes(step, attributing) else step
            step = step.origin
    return list(told.values())


def _all_voices(statements: Iterable[Said]) -> list[VoiceKey]:
    """Every voice of the chains, once, in order of appearance."""
    return list(dict.fromkeys(voice for said in statements for hop in said.hops for voice in hop.voices))


def _joined(statements: Iterable[Said]) -> Callable[[VoiceKey], VoiceKey]:
    """A function from each voice to the one that stands for all that it speaks jointly with."""
    parent: dict[VoiceKey, VoiceKey] = {}

    def find(voice: VoiceKey) -> VoiceKey:
        while (above := parent.get(voice, voice)) != voice:
            voice = above
        return voice

    for said in statements:
        for hop in said.hops:
            for voice in hop.voices[1:]:
                low, high = sorted((find(hop.voices[0]), find(voice)), key=repr)
                if low != high:
                    parent[high] = low
    return find


def _graph(statements: Iterable[Said], one: Callable[[VoiceKey], VoiceKey]) -> tuple[list[VoiceKey], tuple[Arc, ...]]:
    """The voices of the chains, and who has it from whom."""
    voices: dict[VoiceKey, None] = {}
    arcs: dict[Arc, None] = {}

    def draw(later: Iterable[VoiceKey], earlier: Iterable[VoiceKey]) -> None:
        ends = [one(voice) for voice in earlier]
        for start in map(one, later):
            for end in ends:
                if start != end:
                    arcs[start, end] = None

    for said in statements:
        hops = _filled(said)
        for hop in hops:
            voices.update(dict.fromkeys(one(voice) for voice in hop))
        for earlier, later in pairwise(hops):
            draw(later, earlier)
        draw(said.brought_by, hops[-1])
        for carrier, original in pairwise(said.publishers):
            draw([carrier], [original])
        if said.origin:
            # The author of an article that was taken from another has it from there too.
            later = (*said.brought_by, *hops[0]) if said.own else said.brought_by
            draw(later, said.origin.brought_by or _filled(said.origin)[-1])
    return list(voices), tuple(arcs)


def _filled(said: Said) -> list[tuple[VoiceKey, ...]]:
    """The voices hop by hop. Where nobody is named, or the root is missing, nobody stands."""
    nobody: VoiceKey = ("nobody", said.id)
    hops = [(*hop.voices, nobody) if hop.nobody else hop.voices for hop in said.hops]
    return hops if said.hops and said.hops[0].position == 0 else [(nobody,), *hops]


def _circles(arcs: Sequence[Arc]) -> tuple[Circle, ...]:
    circles = []
    for group in _components(arcs):
        if len(group) < 2:
            continue
        within = tuple(arc for arc in arcs if arc[0] in group and arc[1] in group)
        closed = not any(later in group and earlier not in group for later, earlier in arcs)
        circles.append(Circle(tuple(sorted(group, key=repr)), within, closed))
    return tuple(sorted(circles, key=lambda circle: repr(circle.voices)))


def _components(arcs: Sequence[Arc]) -> list[set[VoiceKey]]:
    """The strongly connected components of the graph (Kosaraju's algorithm, without recursion)."""
    ahead: dict[VoiceKey, list[VoiceKey]] = defaultdict(list)
    back: dict[VoiceKey, list[VoiceKey]] = defaultdict(list)
    for later, earlier in arcs:
        ahead[later].append(earlier)
        back[earlier].append(later)
    finished: list[VoiceKey] = []
    seen: set[VoiceKey] = set()
    for start in dict.fromkeys(voice for arc in arcs for voice in arc):
        stack = [(start, iter(ahead[start]))] if start not in seen else []
        seen.add(start)
        while stack:
            voice, onward = stack[-1]
            step = next((other for other in onward if other not in seen), None)
            if step is None:
                finished.append(voice)
                stack.pop()
            else:
                seen.add(step)
                stack.append((step, iter(ahead[step])))
    components: list[set[VoiceKey]] = []
    taken: set[VoiceKey] = set()
    for start in reversed(finished):
        group, frontier = set(), [start] if start not in taken else []
        while frontier:
            voice = frontier.pop()
            if voice not in taken:
                taken.add(voice)
                group.add(voice)
                frontier.extend(back[voice])
        if group:
            components.append(group)
    return components


def _first_key(said: Said) -> tuple[bool, object, int]:
    date = said.first_date
    return (date is None, date.sort_key if date else (), said.id)


def _first_published(statements: Iterable[Said]) -> VagueDate | None:
    """The earliest date among publishers of record; else the earliest excerpt's, as "by …"."""
    told = list(statements)
    if len(told) == 1 and told[0].record_published:
        return told[0].record_published
    carried = earliest(said.carried for said in told)
    return earliest(said.record_published for said in told) or (carried.as_by() if carried else None)

"""Puts into a suggestion's chain the sources that it proposes: those that came since it was made, else new ones."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q

from articles import text as texts
from articles.dates import VagueDate
from articles.models import Publisher
from articles.slugs import slugs
from claims.models import Attribution, Source, SourceRole, Statement
from claims.provenance.touched import Touched
from claims.suggesting.comparing import named, sought
from claims.suggesting.names import Known, Role, names_nobody, tokens
from claims.suggesting.proposal import Proposal, ProposedVoice
from claims.suggesting.sources import Sources, published, publisher_of_record

_TURN = 0x50EA4E5
"""The key of the advisory lock by which those who make sources take turns. Any number that nothing else uses."""


class ChoiceNeeded(Exception):
    """Only an editor can say which source is meant."""


class Making:
    """The sources of one save. What is known is read once, after everybody else's turn."""

    def __init__(self, by: Any, touched: Touched) -> None:
        self.by, self.touched = by, touched
        self.made = 0
        self._sources: Sources | None = None

    def forget(self) -> None:
        """Something was taken back: what is known may be wrong."""
        self._sources = None

    @property
    def sources(self) -> Sources:
        if self._sources is None:
            _wait_for_turn()
            self._sources = Sources()
        return self._sources

    def fill(self, statement: Statement, proposal: Proposal) -> None:
        """Give each place of the chain that stands as it was proposed its sources.

        Raises ``ChoiceNeeded`` where several fit, and ``PermissionDenied`` where one would have to be made by
        somebody who may not.
        """
        rows = {(hop.position, hop.source_id): hop for hop in statement.attributions.current()}
        open_hops = [
            (position, hop, rows[position, None])
            for position, hop in enumerate(proposal.chain)
            if hop.unmatched and (position, None) in rows and rows[position, None].as_named == named(hop.unmatched)
        ]
        if not open_hops:
            return
        article = statement.version.article
        found = self.sources.match({sought(voice) for _, hop, _ in open_hops for voice in hop.unmatched}, article)
        # From the article's end: who vouches for an unnamed voice stands after it.
        for position, hop, row in reversed(open_hops):
            here = {source for at, source in rows if at == position}
            sources = [self._source(voice, found[sought(voice)], statement, position) for voice in hop.unmatched]
            self._put(row, [pair for pair in zip(hop.unmatched, sources, strict=True) if pair[1].pk not in here])

    def _source(self, voice: ProposedVoice, found: list[Known], statement: Statement, position: int) -> Source:
        article = statement.version.article
        # What another hop has just made is found here.
        found = found or self.sources.index.find(sought(voice), published(article))
        if len(found) > 1:
            raise ChoiceNeeded(f"“{voice.as_named}” may be {_either(found)}: say on the statement’s page who is meant.")
        if found:
            return Source.objects.get(pk=found[0].pk)
        if names_nobody(voice.name or voice.as_named):
            raise ChoiceNeeded(f"Who “{voice.as_named}” is cannot be told: say it on the statement’s page.")
        return self._named(voice, published(article)) if voice.name else self._unnamed(voice, statement, position)

    def _named(self, voice: ProposedVoice, on: VagueDate | None) -> Source:
        """A new source, with the role that the article gives: held on its day, as far as anybody knows."""
        name = voice.name[:200]
        wanted = slugs(name, "source")
        slug = _free(wanted, Source.objects.in_bulk(wanted, field_name="slug"))
        source = self._store(Source(name=name, slug=slug, kind=voice.kind, publisher=_outlet(voice)))
        roles = []
        person = source.kind == Source.Kind.PERSON and self.by.has_perm("claims.add_sourcerole")
        if voice.role and on and person:
            held = {"held_from": on.on, "held_to": on.end}
            role = SourceRole.objects.create(source=source, title=voice.role[:200], created_by=self.by, **held)
            roles = [Role(role.pk, role.title, (), role.held_from, role.held_to)]
        self.sources.add(source, roles)
        return source

    def _unnamed(self, voice: ProposedVoice, statement: Statement, position: int) -> Source:
        """One for each article and description: nobody knows whether two articles mean the same."""
        mark = texts.fingerprint(f"{statement.version.article.identifier}\n{texts.fold(voice.as_named)}")
        wanted = [f"{slugs(voice.as_named[:100], 'source')[0]}-{mark[:length]}" for length in (8, 16, 24)]
        stored = Source.objects.select_related("merged_into").in_bulk(wanted, field_name="slug")
        standing = [row.survivor() for row in stored.values() if row.survivor().withdrawn_at is None]
        if standing:
            return standing[0]
        slug = _free(wanted, stored)
        return self._store(
            Source(
                name=voice.as_named[:200],
                slug=slug,
                kind=voice.kind,
                named=False,
                description=voice.as_named[:300],
                known_through=_voucher(statement, position),
            )
        )

    def _store(self, source: Source) -> Source:
        if not self.by.has_perm("claims.add_source"):
            raise PermissionDenied(f"“{source}” is a new source, and your role adds none.")
        source.created_by = self.by
        # The database refuses what is doubled.
        source.clean_fields()
        source.clean()
        source.save()
        self.touched.add(source)
        self.made += 1
        return source

    def _put(self, row: Attribution, sources: list[tuple[ProposedVoice, Source]]) -> None:
        """The row that voices without a source shared becomes that of the first; the others get one each."""
        by_pk: dict[int, tuple[ProposedVoice, Source]] = {}
        for voice, source in sources:
            by_pk.setdefault(source.pk, (voice, source))
        here = row.statement.attributions.filter(position=row.position, source__in=by_pk)
        before = {hop.source_id: hop for hop in here}  # an acceptance that was undone left them withdrawn
        if not by_pk.keys() - before.keys():
            row.withdraw(by=self.by, reason="Its source stands at this place of the chain already.")
        spare = [row]
        on = published(row.statement.version.article)
        for voice, source in by_pk.values():
            row_of = before.get(source.pk) or (spare.pop() if spare else _beside(row))
            row_of.withdrawn_at, row_of.withdrawn_by, row_of.withdrawn_reason = None, None, ""
            row_of.source, row_of.as_named = source, voice.as_named[:300]
            known = self.sources.index.by_pk.get(source.pk)
            role = known.role(voice.role, on) if known and voice.role else None
            row_of.role_id = role.pk if role else None
            row_of.save()
        self.touched.add(row)


def _beside(row: Attribution) -> Attribution:
    """A row for another voice of the same hop."""
    same = {name: getattr(row, name) for name in ("statement", "position", "addressee", "cue", "quotation_type")}
    return Attribution(**same, said_on_as_given=row.said_on_as_given)


def _either(found: list[Known]) -> str:
    names = [f"{one.names[0]} ({one.slug})" for one in found[:5]]
    return " or ".join(names)


def _free(wanted: list[str], taken: Collection[str]) -> str:
    free = [slug for slug in wanted if slug not in taken]
    if not free:
        raise ChoiceNeeded(f"The source {wanted[0]} is in the way of a new one: choose on the statement’s page.")
    return free[0]


def _outlet(voice: ProposedVoice) -> Publisher | None:
    """The publisher that an outlet is, where it has no source yet."""
    if voice.kind != Source.Kind.OUTLET:
        return None
    near = Q(name__iexact=voice.name) | Q(slug__in=slugs(voice.name, "publisher"))
    free = Publisher.objects.filter(near, source=None, merged_into=None)
    fitting = [publisher for publisher in free if tokens(publisher.name) == tokens(voice.name)]
    return fitting[0] if len(fitting) == 1 else None


def _voucher(statement: Statement, position: int) -> Source | None:
    """The outlet through which an unnamed voice is known: the first after it in the chain, else the one that published
    the article."""
    hops = statement.attributions.current().filter(position__gt=position, source__kind=Source.Kind.OUTLET)
    hop = hops.select_related("source").order_by("position", "pk").first()
    if hop:
        return hop.source
    publisher = publisher_of_record(statement.version.article)
    return Source.objects.current().filter(publisher=publisher).first() if publisher else None


def _wait_for_turn() -> None:
    """Of two that make sources at once, the second sees what the first one made. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])

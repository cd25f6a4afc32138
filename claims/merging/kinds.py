"""What merging means for each kind: what moves, what collides and how that is settled, what is refused."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from articles.rows import Among, chunks
from claims.dependents import Link, links_to
from claims.merging.work import MAX_MOVED, MergeRefused, Work
from claims.models import Attribution, Claim, ClaimLink, Source, Tag
from claims.models.link import overlap_in_time

# Claims.


def merge_claims(work: Work) -> None:
    merged, survivor = work.merged, work.survivor
    if merged.published_at and not survivor.published_at and not merged.withdrawn_at:
        work.refuse("The one is public and the other is not: merge the other way round, or publish it first.")
    if (merged.published_at or survivor.published_at) and not work.by.has_perm("claims.publish_claim"):
        work.refuse("It was published: merging it is the reviewer's.")
    for link in links_to(Claim):
        if link.model is not ClaimLink:
            work.move_all(link)
    _move_links(work)
    tags = [*merged.tags.all()]
    work.save_survivor()
    # After the lock, so that history notes the tags as they were.
    survivor.tags.add(*tags)
    work.retire()


def _move_links(work: Work) -> None:
    """Cross-references: a symmetric one is stored in an order of its own, none leads from a claim to itself, and some
    may close no circle."""
    ends = (work.merged, work.survivor)
    rows = ClaimLink.objects.filter(Q(from_claim=work.merged) | Q(to_claim=work.merged)).order_by("pk")
    between = 0
    for row in rows.select_related("from_claim", "to_claim").select_for_update(no_key=True, of=("self",)):
        if {row.from_claim_id, row.to_claim_id} == {end.pk for end in ends}:
            if row.withdrawn_at is None:
                between += 1
                row.withdraw(by=work.by, reason=f"Merged: it stood between the two. {work.why}"[:500])
        else:
            _move_link(work, row)
        work.touched.add(row, {"from_claim": work.merged.pk, "to_claim": work.merged.pk})
    work.say(between, "cross-reference between the two is withdrawn", "cross-references between the two are withdrawn")


def _move_link(work: Work, row: ClaimLink) -> None:
    wanted = ClaimLink(kind=row.kind, from_claim=_moved(work, row.from_claim), to_claim=_moved(work, row.to_claim))
    wanted.put_in_order()
    other = wanted.other_end(work.survivor.pk)
    counts = row.withdrawn_at is None and row.state != ClaimLink.State.REJECTED
    if counts and row.kind == ClaimLink.Kind.CONTRADICTS and not overlap_in_time(work.survivor, other):
        work.refuse(f"“{row}” would be about different times: withdraw that cross-reference first.")
    twin = ClaimLink.objects.filter(kind=row.kind, from_claim=wanted.from_claim, to_claim=wanted.to_claim).first()
    try:
        if twin is None:
            row.from_claim, row.to_claim = wanted.from_claim, wanted.to_claim
            row.save()
            work.moved["cross-references"] += 1
        else:
            work.settle(row, twin, {"from_claim", "to_claim"})
            work.say(1, f"cross-reference is there already: “{twin}”", "")
    except ValidationError as error:
        work.refuse(f"“{row}” cannot move. {' '.join(error.messages)}")


def _moved(work: Work, claim: Claim) -> Any:
    return work.survivor if claim.pk == work.merged.pk else claim


# Sources.


def merge_sources(work: Work) -> None:
    merged, survivor = work.merged, work.survivor
    if merged.named != survivor.named:
        work.refuse("One of the two is named and the other is not: merging them would say who it is.")
    if not merged.named and merged.known_through_id != survivor.known_through_id:
        work.refuse("The two are known through different outlets, and count as two voices.")
    work.refuse_two("wikidata_id", "Wikidata")
    _note_shared_chains(work)
    _part(work)
    for link in links_to(Source):
        work.move_all(link)
    _take_publisher(work)
    work.fill("description", "speaks_for", "article", "wikidata_id")
    if survivor.speaks_for_id == survivor.pk:
        survivor.speaks_for = None
    names = [merged.name, *merged.alias_list]
    survivor.aliases = "\n".join(
        dict.fromkeys(name for name in [*survivor.alias_list, *names] if name != survivor.name)
    )
    if len(survivor.aliases) > (limit := Source.aliases.field.max_length or 0):
        work.refuse(f"Its other names would be longer than {limit:,} characters: take some away first.")
    work.save_survivor()
    work.retire()


def _note_shared_chains(work: Work) -> None:
    hops = Attribution.objects.current()
    also = hops.filter(source=work.survivor, statement=OuterRef("statement")).exclude(position=OuterRef("position"))
    both = hops.filter(Exists(also), source=work.merged, statement__withdrawn_at=None)
    work.say(
        both.values("statement").distinct().count(),
        "chain names both: the survivor will stand in it twice, and has it from nobody but itself",
        "chains name both: the survivor will stand in them twice, and has it from nobody but itself",
    )


def _part(work: Work) -> None:
    """Neither speaks for the other, or is known through it, any more: they are one."""
    for name, words in (("speaks_for", "speaks for"), ("known_through", "is known through")):
        if getattr(work.survivor, f"{name}_id") == work.merged.pk:
            setattr(work.survivor, name, None)
            # Before what points to the merged one moves, of which it must be none.
            work.survivor.save()
            work.said.append(f"“{work.survivor}” {words} “{work.merged}” no more: they are one.")


def _take_publisher(work: Work) -> None:
    """A publisher is one source's at most: the merged one gives it up first."""
    merged, survivor, outlet = work.merged, work.survivor, work.merged.publisher
    if outlet is None:
        return
    merged.publisher = None
    merged.save()
    if survivor.publisher is None:
        survivor.publisher = outlet
    else:
        work.said.append(f"“{outlet}” is no source’s publisher any more: merge the publishers too if they are one.")
        work.touched.publishers.add(outlet.pk)


# Publishers.


def merge_publishers(work: Work) -> None:
    work.refuse_two("wikidata_id", "Wikidata")
    for link in links_to(type(work.merged)):
        if link.model is Source:
            _move_source(work, link)
        else:
            work.move_all(link)
    work.fill("homepage", "domain", "country", "language", "wikidata_id")
    work.save_survivor()
    work.retire()


def _move_source(work: Work, link: Link) -> None:
    """A publisher is one source's at most. A withdrawn source makes room."""
    moving = Source.objects.filter(publisher=work.merged).first()
    there = Source.objects.filter(publisher=work.survivor).first()
    if moving is None or (there is not None and moving.withdrawn_at is not None):
        return
    if there is not None and there.withdrawn_at is None:
        work.refuse(f"Both are sources too: merge the sources “{moving}” and “{there}” first.")
        return
    if there is not None:
        there.publisher = None
        there.save()
        work.touched.add(there, {"publisher": work.survivor.pk})
    work.move(link, [moving])


# Tags.


def merge_tags(work: Work) -> None:
    merged, survivor = work.merged, work.survivor
    if merged.kind != survivor.kind:
        work.refuse(f"The one is a {merged.get_kind_display()} and the other a {survivor.get_kind_display()}.")
    if survivor.path.startswith(merged.path):
        survivor.parent = merged.parent
        work.said.append(f"“{survivor}” stood below “{merged}”, and takes its place.")
        survivor.save()
        work.touched.add(survivor)
    for link in links_to(Tag):
        work.move_all(link)
    _refile(work)
    work.fill("definition")
    survivor.save()
    try:
        survivor.clean()
    except ValidationError as error:
        work.refuse(" ".join(error.messages))
    work.retire()


def _refile(work: Work) -> None:
    """File the claims under the survivor. Their locks move first, so that history notes the tags as they were."""
    Filed: Any = Claim.tags.through
    filed = Filed.objects.filter(tag=work.merged).values_list("claim_id", flat=True)
    claims = list(filed[: MAX_MOVED + 1])
    if len(claims) > MAX_MOVED:
        raise MergeRefused([f"More than {MAX_MOVED:,} claims would move: merge the other way round."])
    twice = Filed.objects.filter(tag=work.survivor, claim__in=Filed.objects.filter(tag=work.merged).values("claim"))
    work.say(twice.count(), "claim has both tags", "claims have both tags")
    for chunk in chunks(claims):
        Claim.objects.filter(Among("pk", chunk)).change()
        Filed.objects.bulk_create(
            [Filed(claim_id=pk, tag_id=work.survivor.pk) for pk in chunk], ignore_conflicts=True, batch_size=500
        )
        Filed.objects.filter(Among("claim_id", chunk), tag=work.merged).delete()
    work.touched.claims.update(claims)
    if claims:
        work.moved["claims"] += len(claims)

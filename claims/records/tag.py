"""All that one viewer may see of one tag."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from claims.filters.base import address
from claims.filters.claims import shown_tags
from claims.filters.tags import with_subtree_counts
from claims.models import Claim, Tag, sees_desk
from claims.records.source import ClaimSection
from claims.represent import TagNode, claim_row, fetch_chains, tag_tree

SHOWN = 20


@dataclass(frozen=True)
class TagRecord:
    """One tag's page: the tags above it from the top, those below it, and the claims under them all."""

    tag: Tag
    above: list[Tag]
    below: list[TagNode]
    claims: ClaimSection


def tag_record(tag: Tag, user: Any) -> TagRecord:
    """The page of ``tag``, in 6 queries."""
    slugs = tag.path.split("/")[:-2]
    below = shown_tags(user).with_subtree(tag).exclude(pk=tag.pk).order_by("path", "pk")
    claims = Claim.objects.visible_to(user).current().about(tag)
    rows = fetch_chains(claims.newest_first()[:SHOWN], user)
    desk = sees_desk(user)
    section = ClaimSection(
        "Claims under this tag",
        claims.count(),
        address(reverse("claim_list"), [("tag", tag.slug)]),
        [claim_row(row, desk=desk) for row in rows],
    )
    return TagRecord(
        tag=tag,
        above=list(shown_tags(user).filter(slug__in=slugs).order_by("path", "pk")),
        below=tag_tree(with_subtree_counts(below, user)),
        claims=section,
    )

"""All that one viewer may see of one tag."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from claims.filters.base import address
from claims.filters.claims import shown_tags
from claims.filters.tags import with_subtree_counts
from claims.models import Tag, sees_desk
from claims.records.sections import ClaimSection, Heading, claim_sections
from claims.represent import TagNode, tag_tree
from claims.search.terms import Facet, term

SHOWN = 20


@dataclass(frozen=True)
class TagRecord:
    """One tag's page: the tags above it from the top, those below it, and the claims under them all."""

    tag: Tag
    above: list[Tag]
    below: list[TagNode]
    claims: ClaimSection


def tag_record(tag: Tag, user: Any) -> TagRecord:
    """The page of ``tag``, in 5 queries."""
    slugs = tag.path.split("/")[:-2]
    below = shown_tags(user).with_subtree(tag).exclude(pk=tag.pk).order_by("path", "pk")
    url = address(reverse("claim_list"), [("tag", tag.slug)])
    heading = Heading("Claims under this tag", url, term(Facet.TAG, tag.pk))
    (section,) = claim_sections([heading], user, shown=SHOWN)
    return TagRecord(
        tag=tag,
        above=list(shown_tags(user).filter(slug__in=slugs).order_by("path", "pk")),
        below=tag_tree(with_subtree_counts(below, desk=sees_desk(user))),
        claims=section,
    )

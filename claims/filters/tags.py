"""The filters of the tag list."""

from typing import Any

from django.db.models import OuterRef, QuerySet

from claims.filters.base import ListFilter, field_filter, words_filter
from claims.filters.claims import shown_tags
from claims.filters.fields import ChoicesField
from claims.filters.sources import count_of
from claims.models import Claim, Tag


def with_subtree_counts(tags: QuerySet[Tag], viewer: Any) -> QuerySet[Tag]:
    """``tags`` with ``claim_count``: how many claims stand under each or a tag below it."""
    shown = Claim.objects.visible_to(viewer).current()
    filed = Claim.tags.through.objects.filter(tag__path__startswith=OuterRef("path"), claim__in=shown)
    return tags.annotate(claim_count=count_of(filed, "claim"))


class TagFilter(ListFilter):
    """The tags that a viewer may see, in the order of their tree."""

    q = words_filter("Name or definition")
    kind = field_filter(ChoicesField, "Kind", "by_kind", choices=Tag.Kind.choices)

    groups = (("", ("q", "kind")),)
    looked_in = ("name", "definition")
    orders = {"": ("path", "id")}

    def everything(self, viewer: Any) -> QuerySet[Tag]:
        return with_subtree_counts(shown_tags(viewer), viewer)

    def by_kind(self, tags: QuerySet[Tag], _name: str, kinds: list[str]) -> QuerySet[Tag]:
        return tags.filter(kind__in=kinds)

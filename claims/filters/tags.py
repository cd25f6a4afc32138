"""The filters of the tag list."""

from typing import Any

from django.db.models import Q, QuerySet

from claims.filters.base import field_filter, words_filter
from claims.filters.claims import shown_tags
from claims.filters.fields import ChoicesField
from claims.filters.traits import Trait, TraitFilter, choices
from claims.models import Tag
from claims.models.term import claims_with
from claims.search.terms import Facet


def with_subtree_counts(tags: QuerySet[Tag], *, desk: bool) -> QuerySet[Tag]:
    """``tags`` with ``claim_count``: how many claims stand under each or a tag below it."""
    return tags.annotate(claim_count=claims_with(Facet.TAG, desk=desk))


class TagFilter(TraitFilter):
    """The tags that a viewer may see, in the order of their tree."""

    q = words_filter("Name or definition")
    kind = field_filter(ChoicesField, "Kind", "keep", choices=Tag.Kind.choices)

    negatable = ("kind",)
    looked_in = ("name", "definition")
    orders = {"": ("path", "id")}
    conditions = {"kind": lambda kinds, _listing: Q(kind__in=kinds)}
    traits = {"kind": Trait(choices(Tag.Kind.choices), columns=("kind",))}

    def everything(self, viewer: Any) -> QuerySet[Tag]:
        return shown_tags(viewer)

    def counted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return with_subtree_counts(rows, desk=self.desk)

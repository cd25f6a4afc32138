"""One FilterSet a list, shared by its page and whatever else gives out the same rows."""

from claims.filters.articles import ArticleFilter, PublisherFilter
from claims.filters.claims import ClaimFilter
from claims.filters.sources import SourceFilter
from claims.filters.tags import TagFilter

__all__ = ["ArticleFilter", "ClaimFilter", "PublisherFilter", "SourceFilter", "TagFilter"]

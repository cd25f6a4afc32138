"""Merges two claims, sources, publishers or tags into one of them."""

from claims.merging.merge import merge, preview
from claims.merging.work import MergeRefused, Work

__all__ = ["MergeRefused", "Work", "merge", "preview"]

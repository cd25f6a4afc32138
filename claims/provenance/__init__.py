"""What is read off the chains of attribution: roots, independent sources, circles, first appearance."""

from claims.provenance.explain import Explanation, explain
from claims.provenance.refresh import Drift, drift, refresh, refresh_all, refresh_loaded, refresh_paths
from claims.search.counts import Counts

__all__ = [
    "Counts",
    "Drift",
    "Explanation",
    "drift",
    "explain",
    "refresh",
    "refresh_all",
    "refresh_loaded",
    "refresh_paths",
]

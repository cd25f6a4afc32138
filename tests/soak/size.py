"""How much the harnesses do: all of it with SOAK=whole (`make soak`), else a hundredth."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

WHOLE = os.environ.get("SOAK") == "whole"

FIGURES: list[str] = []
"""What the harnesses have found so far, a line each; shown when the run is over."""


def size(whole: int) -> int:
    """``whole``, or a hundredth of it, but one at least."""
    return whole if WHOLE else max(1, whole // 100)


@contextmanager
def measured(harness: str) -> Iterator[list[str]]:
    """Yields a list for what ``harness`` counts; with the time that it took, that becomes its line of figures."""
    found: list[str] = []
    begun = monotonic()
    yield found
    FIGURES.append(f"{harness}: {' · '.join(found)} · {monotonic() - begun:.0f} s")

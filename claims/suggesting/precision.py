"""How often suggestions were right, by the confidence that they were made with."""

import math
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, Value, When

from claims.models import Statement

BOUNDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Where each band begins; it ends before the next, the last with 1."""

_Z = 1.96
"""Of a normal distribution 95 % lie within so many standard deviations."""

State = Statement.State


@dataclass(frozen=True)
class Band:
    """What became of the suggestions of one method with a confidence from ``low`` up to ``high``."""

    method: str
    low: float
    high: float
    offered: int = 0
    accepted: int = 0
    """Confirmed as proposed."""
    corrected: int = 0
    """Confirmed with another place, other words or another chain."""
    rejected: int = 0

    @property
    def decided(self) -> int:
        return self.accepted + self.corrected + self.rejected

    @property
    def precision(self) -> float | None:
        """The share of those decided on that were right as proposed; ``None`` before the first decision."""
        return self.accepted / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the precision lies with a probability of 95 %: Wilson's interval."""
        return wilson(self.accepted, self.decided) if self.decided else None


def wilson(right: int, of: int) -> tuple[float, float]:
    """The interval for a share of ``right`` among ``of``, which are one or more."""
    share, square = right / of, _Z * _Z
    middle = share + square / (2 * of)
    spread = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    low, high = (middle - spread) / (1 + square / of), (middle + spread) / (1 + square / of)
    return max(low, 0.0), min(high, 1.0)


def bands(method: str | None = None) -> list[Band]:
    """All bands of ``method``, or of every method that proposed anything, the methods by name. One query."""
    rows = Statement.objects.proposed()
    if method is not None:
        rows = rows.filter(method=method)
    confirmed = Q(state=State.CONFIRMED)
    counted = (
        rows.order_by()
        .annotate(band=_BAND)
        .values("method", "band")
        .annotate(
            offered=Count("pk"),
            accepted=Count("pk", filter=confirmed & Q(corrected=False)),
            corrected_=Count("pk", filter=confirmed & Q(corrected=True)),
            rejected=Count("pk", filter=Q(state=State.REJECTED)),
        )
    )
    columns = ("method", "band", "offered", "accepted", "corrected_", "rejected")
    found = {(name, at): counts for name, at, *counts in counted.values_list(*columns)}
    methods = sorted({name for name, _ in found})
    ends = (*BOUNDS[1:], 1.0)
    return [
        Band(name, low, high, *found.get((name, at), []))
        for name in methods
        for at, (low, high) in enumerate(zip(BOUNDS, ends, strict=True))
    ]


_BAND = Case(
    *(When(confidence__gte=low, then=Value(at)) for at, low in reversed(list(enumerate(BOUNDS)))),
    output_field=IntegerField(),
)


TRUSTED_PRECISION, TRUSTED_DECISIONS = 0.95, 50


def trusted(found: list[Band]) -> float | None:
    """From which confidence the suggestions of one method can be accepted without looking at each: where the lowest of
    ``found``, its bands, begins that was right often enough, as was every one above it that was decided on often
    enough. ``None`` where there is no such band."""
    least = None
    for band in sorted(found, key=lambda band: -band.low):
        if band.decided >= TRUSTED_DECISIONS:
            if (band.precision or 0) < TRUSTED_PRECISION:
                break
            least = band.low
    return least

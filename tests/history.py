"""Whether the history tells of every save."""

from collections import defaultdict

from articles.models import Change
from articles.models.history import recorded_models


def untold() -> list[str]:
    """The rows whose saves the history does not tell of one by one, or tells of to excess."""
    told = defaultdict(list)
    for kind, row, lock in Change.objects.filter(lock__gt=1).values_list("kind", "row", "lock"):
        told[kind, row].append(lock)
    found = []
    for kind, model in recorded_models().items():
        for pk, lock in model._base_manager.values_list("pk", "lock"):
            if sorted(told.pop((kind, pk), [])) != list(range(2, lock + 1)):
                found.append(f"{kind} {pk} at lock {lock}")
    return found + [f"{kind} {pk}, which is not there" for kind, pk in told]

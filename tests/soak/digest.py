"""What a database holds, told without ids and moments of writing, so that two can be compared."""

import hashlib
from collections import Counter
from typing import Any

from django.apps import apps
from django.db.models import Model

WRITTEN = {"created_at", "updated_at", "captured_at", "published_rank", "import_run", "uid", "lock"}
"""When and by which run a row came to be, and keys that are made for it."""

UNTOLD = {"articleentry", "claimentry", "termcount", "change", "revision", "importrun"}
"""Tables full of ids: what is derived is compared with a new reckoning. History and runs tell how it all came about,
and an import that is run again is one more run."""

Digest = Counter[str]
"""How many rows say the same, by "table: hash"."""


def models() -> list[type[Model]]:
    ours = (model for label in ("articles", "claims") for model in apps.get_app_config(label).get_models(True))
    return [model for model in ours if model._meta.model_name not in UNTOLD]


def digest() -> Digest:
    """What all rows of both apps say. What a row names is told by what that says."""
    own = {model: _own(model) for model in models()}
    found: Digest = Counter()
    for model, rows in own.items():
        ends = [field for field in model._meta.concrete_fields if field.related_model in own and _counts(model, field)]
        for row in model._base_manager.values_list("pk", *(field.attname for field in ends)):
            named = [own[field.related_model].get(end) for field, end in zip(ends, row[1:], strict=True)]
            found[f"{model._meta.model_name}: {_hash([rows[row[0]], *named])}"] += 1
    return found


def _own(model: type[Model]) -> dict[Any, str]:
    """What each row says by itself, by its id."""
    fields = (field for field in model._meta.concrete_fields if _counts(model, field))
    names = [field.attname for field in fields if not field.is_relation and not field.primary_key]
    return {row[0]: _hash(list(row[1:])) for row in model._base_manager.values_list("pk", *names)}


def _counts(model: type[Model], field: Any) -> bool:
    return field.name not in WRITTEN and field.name not in getattr(model, "DERIVED", ())


def _hash(values: list[Any]) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()[:20]

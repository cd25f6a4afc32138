"""Rows that point to rows of their own kind must not lead back to themselves."""

from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.db import models

Steps = Mapping[int, Collection[int]]
"""By the id of a row the ids of those that it points to."""


def looping(steps: Steps) -> set[int]:
    """The ids from which following ``steps`` never ends: those in a loop, and those that lead into one."""
    left = {pk: set(ahead) for pk, ahead in steps.items()}
    while ended := {pk for pk, ahead in left.items() if not ahead & left.keys()}:
        left = {pk: ahead for pk, ahead in left.items() if pk not in ended}
    return set(left)


def refuse_loop(row: models.Model, message: str, *fields: str) -> None:
    """Raise ``ValidationError`` where following the foreign keys ``fields`` from ``row`` never ends: on the
    field, or where they are several on the whole row.

    One query a step; such trails are a few steps long.
    """
    columns = [f"{field}_id" for field in fields]
    steps = {row.pk: {getattr(row, column) for column in columns} - {None}}
    while ahead := set().union(*steps.values()) - steps.keys():
        found = type(row)._base_manager.filter(pk__in=ahead).values_list("pk", *columns)
        steps |= {pk: set() for pk in ahead} | {pk: set(ids) - {None} for pk, *ids in found}
    if looping(steps):
        raise ValidationError({fields[0]: message} if len(fields) == 1 else message)

"""Who is saving and why, for the history that the database keeps, and what a row said at a lock.

A door says it once a save:

    with saving(by=request.user, why=reason):     # around all of it
        ...
        begin()                                   # in the transaction, before the first row is written
        ...
        end()                                     # after the last one

or, where it opens the transaction itself, ``with recorded(by=…):`` in one. Inside another save both join it.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Field

from articles.models import Change, Locked, Revision
from articles.models.history import typed_fields
from articles.rows import Among
from articles.triggers import WRITING

Values = dict[str, Any]
"""The typed columns of a row by column name, and by their names the ids of what it is tagged with."""


class AlreadySaved(Exception):
    """The form came before and was saved then; nothing was written. ``revision`` is what it made."""

    def __init__(self, revision: Revision) -> None:
        super().__init__("already saved")
        self.revision = revision


class Repeated(Exception):
    """The key of the form was used; which revision has it can be asked once the transaction is over."""

    def __init__(self, key: uuid.UUID | None) -> None:
        super().__init__("the form came before")
        self.key = key


class Saving:
    """One save on its way. The revision is made when the first row is about to be written."""

    def __init__(self, revision: Revision, *, creations: bool) -> None:
        self.revision, self.creations = revision, creations
        self.begun = False

    def begin(self) -> None:
        """From here to ``end`` what the transaction writes is noted as of this save.

        Raises ``AlreadySaved`` where the form was saved before.
        """
        if self.begun:
            return
        if self.revision.pk is None:
            self._store()
        self.begun = True
        _attribute(self.revision.pk, creations=self.creations)

    def end(self) -> None:
        """Nothing more is noted as of this save."""
        if self.begun:
            _attribute(None)
            self.begun = False

    def _store(self) -> None:
        try:
            self.revision.save()
        except IntegrityError as error:
            raise Repeated(self.revision.key) from error


_saving: ContextVar[Saving | None] = ContextVar("saving", default=None)


@contextmanager
def saving(*, creations: bool = True, **revision: Any) -> Iterator[Saving]:
    """Around one save; ``revision`` are the values of ``Revision``. Within another save, that one."""
    outer = _saving.get()
    if outer is not None:
        yield outer
        return
    current = Saving(Revision(**revision), creations=creations)
    token = _saving.set(current)
    try:
        yield current
        assert not current.begun, "the save was not ended in its transaction"
    except Repeated as error:
        raise AlreadySaved(Revision.objects.get(key=error.key)) from error
    finally:
        _saving.reset(token)


@contextmanager
def recorded(*, creations: bool = True, **revision: Any) -> Iterator[Revision]:
    """A save in a transaction of its own, begun and ended. Within another save it is part of that one."""
    inside = _saving.get() is not None
    with saving(creations=creations, **revision) as current, transaction.atomic():
        current.begin()
        yield current.revision
        if not inside:
            current.end()


def key_of(came: str | None) -> uuid.UUID | None:
    """The key of a form, as it came; ``None`` where none did."""
    try:
        return uuid.UUID(came or "")
    except ValueError:
        return None


def refuse_repeated(came: str | None) -> None:
    """Raise ``AlreadySaved`` where a form with that key, as it came, was saved before. One query."""
    key = key_of(came)
    found = Revision.objects.filter(key=key).first() if key else None
    if found:
        raise AlreadySaved(found)


def current() -> Saving:
    """The save that the code runs in. There has to be one."""
    found = _saving.get()
    assert found is not None, "no save has been announced"
    return found


def drop_if_empty(revision: Revision) -> None:
    """Forget a save that wrote no row after all."""
    if revision.pk and not revision.changes.exists():
        revision.delete()


def _attribute(revision: int | None, *, creations: bool = False) -> None:
    """Say to the database which revision the transaction writes; ``None``: none any more."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT set_config('hearsay.revision', %s, true), set_config('hearsay.creations', %s, true)",
                [str(revision or ""), "on" if creations else ""],
            )
        elif revision is None:
            cursor.execute(f'DELETE FROM "{WRITING}"')  # nosec B608 # a name of ours
        else:
            cursor.execute(f'INSERT OR REPLACE INTO "{WRITING}" VALUES (1, %s, %s)', [revision, creations])


def values_of(row: Locked) -> Values:
    """What ``row`` says now. One query for each of its many-to-many fields."""
    values: Values = {field.attname: getattr(row, field.attname) for field in typed_fields(type(row))}
    for field in row._meta.many_to_many:
        values[field.name] = sorted(getattr(row, field.name).values_list("pk", flat=True))
    return values


def values_now(model: type[Locked], ids: Iterable[int]) -> dict[int, Values]:
    """What rows say now, by their ids; those that are there no more are left out."""
    names = [field.attname for field in typed_fields(model)]
    found: dict[int, Values] = {
        pk: dict(zip(names, values, strict=True))
        for pk, *values in model._base_manager.filter(Among("pk", ids)).order_by().values_list("pk", *names)
    }
    for link in model._meta.many_to_many:
        for values in found.values():
            values[link.name] = []
        near, far = link.m2m_column_name(), link.m2m_reverse_name()
        pairs = getattr(model, link.name).through._base_manager.filter(Among(near, found)).order_by(far)
        for pk, linked in pairs.values_list(near, far):
            found[pk][link.name].append(linked)
    return found


def values_before(change: Change) -> Values | None:
    """What the row said before ``change``; ``None``: it was not there. No query."""
    if change.was is None:
        return None
    model = change.model
    values: Values = {field.attname: _read(field, change.was.get(field.column or "")) for field in typed_fields(model)}
    return values | {field.name: change.was.get(field.name, []) for field in model._meta.many_to_many}


def _read(field: "Field[Any, Any]", noted: Any) -> Any:
    """The value of a column as the model has it. SQLite notes moments without their time zone, which is UTC."""
    value = field.to_python(noted) if noted is not None else None
    return value.replace(tzinfo=dt.UTC) if isinstance(value, dt.datetime) and value.tzinfo is None else value


def values_at(row: Locked, lock: int) -> Values | None:
    """What ``row`` said while its lock was ``lock``; ``None`` where no history tells. One query."""
    if lock == row.lock:
        return values_of(row)
    after = Change.objects.filter(kind=row._meta.model_name, row=row.pk, lock=lock + 1).first()
    return values_before(after) if after else None

"""Merging, and its preview: the same work, which the preview takes back."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction

from articles import history
from articles.history import values_of
from articles.models import Publisher, Revision, StaleSave
from claims.filters.saved import lists_naming
from claims.merging.kinds import merge_claims, merge_publishers, merge_sources, merge_tags
from claims.merging.work import MAX_MOVED, MergeRefused, Work
from claims.models import Claim, Source, Tag

KINDS: dict[Any, Callable[[Work], None]] = {
    Claim: merge_claims,
    Source: merge_sources,
    Publisher: merge_publishers,
    Tag: merge_tags,
}


def may_merge(user: Any, model: Any) -> bool:
    return bool(user.has_perm(f"{model._meta.app_label}.merge_{model._meta.model_name}"))


def preview(merged: Any, survivor: Any, *, by: Any) -> Work:
    """What merging would do, with all that is refused. Nothing is written."""
    with transaction.atomic():
        try:
            work = _work(merged, survivor, by, "")
        except MergeRefused as refused:
            work = Work(merged, survivor, by, "", refusals=refused.reasons)
        transaction.set_rollback(True)
    return work


def merge(
    merged: Any, survivor: Any, *, by: Any, why: str, locks: tuple[int, int] | None = None, key: uuid.UUID | None = None
) -> tuple[Work, Revision]:
    """Merge ``merged`` into ``survivor``, in one transaction and as one save. ``locks`` are those that the two had
    when they were looked at.

    Raises ``MergeRefused``, ``StaleSave`` where somebody has changed one of the two since, and ``AlreadySaved``.
    """
    label = f"Merged “{merged}” into “{survivor}”"[:300]
    with history.recorded(by=by, how=Revision.How.MERGE, label=label, why=why, key=key) as made:
        work = _work(merged, survivor, by, why, locks)
        if work.refusals:
            raise MergeRefused(work.refusals)
        work.touched.refresh()
    return work, made


def _work(merged: Any, survivor: Any, by: Any, why: str, locks: tuple[int, int] | None = None) -> Work:
    """All of it but mending what is derived."""
    model = type(merged)
    if merged.pk == survivor.pk:
        raise MergeRefused(["A row is not merged into itself: choose another."])
    rows = model._base_manager.select_for_update().order_by("pk").in_bulk([merged.pk, survivor.pk])
    merged, survivor = rows[merged.pk], rows[survivor.pk]
    if locks is not None and locks != (merged.lock, survivor.lock):
        raise StaleSave("one of the two has changed since")
    before = values_of(merged), values_of(survivor)
    work = Work(merged, survivor, by, why, locks=(merged.lock, survivor.lock), before=before)
    _refuse(work)
    named = lists_naming([merged], by)
    work.say(
        len(named),
        "saved list names it: it goes on finding the survivor",
        "saved lists name it: they go on finding the survivor",
    )
    if not work.refusals:
        KINDS[model](work)
        if work.moved.total() > MAX_MOVED:
            work.refuse(f"More than {MAX_MOVED:,} rows would move: merge the other way round.")
    return work


def _refuse(work: Work) -> None:
    """What holds for every kind."""
    if not may_merge(work.by, type(work.merged)):
        work.refuse("Your role does not merge.")
    for row in (work.merged, work.survivor):
        if row.merged_into_id is not None:
            work.refuse(f"“{row}” was merged already, into “{row.merged_into}”.")
    if getattr(work.survivor, "withdrawn_at", None) is not None and work.survivor.merged_into_id is None:
        work.refuse(f"“{work.survivor}” is withdrawn: bring it back first.")

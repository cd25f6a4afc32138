"""Editors' notes as a page shows them: each with its replies behind it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from claims.models import Annotation


@dataclass(frozen=True)
class Note:
    """One note; ``is_reply`` where it answers the one above it."""

    annotation: Annotation
    is_reply: bool


def notes_for(user: Any, wanted: Q) -> list[Annotation]:
    """The notes of ``wanted`` that ``user`` may see, oldest first. One query."""
    notes = Annotation.objects.visible_to(user).current().filter(wanted)
    return list(notes.select_related("created_by", "resolved_by").order_by("created_at", "pk"))


def threaded(annotations: Iterable[Annotation]) -> list[Note]:
    """Oldest first, each reply after what it answers; a reply to what is not shown stands alone."""
    notes = list(annotations)
    shown = {note.pk for note in notes}
    replies: dict[int | None, list[Annotation]] = defaultdict(list)
    for note in notes:
        replies[note.reply_to_id if note.reply_to_id in shown else None].append(note)
    ordered, stack = [], [(note, False) for note in reversed(replies[None])]
    while stack:
        note, is_reply = stack.pop()
        ordered.append(Note(note, is_reply))
        stack += [(reply, True) for reply in reversed(replies[note.pk])]
    return ordered

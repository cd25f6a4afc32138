"""The page that a save gets which came after somebody else's: what was there, what they saved, what was typed, field
by field. What is picked there goes through the same door again, with all that was typed."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse

from articles.admin_widgets import TYPED
from claims.admin.sides import PICK, THEIRS

CONFLICT, UNLOCKED = 409, 428
"""The row was saved by somebody else meanwhile; the form did not say which state of the row it was filled in for."""


def with_picks(sent: QueryDict) -> QueryDict:
    """What was sent, with what others stored in the place of what was typed where that was picked."""
    picks = {name.removeprefix(PICK): value for name, value in sent.items() if name.startswith(PICK)}
    if not picks:
        return sent
    taken = [name for name, value in picks.items() if value == "theirs"]
    merged = QueryDict(mutable=True, encoding=sent.encoding)
    for key, values in sent.lists():
        if not key.startswith((PICK, THEIRS)) and not any(_belongs(key, name) for name in taken):
            merged.setlist(key, values)
    for key, values in sent.lists():
        stored = key.removeprefix(THEIRS)
        if stored != key and any(_belongs(stored, name) for name in taken):
            merged.setlist(stored, values)
    return merged


def _belongs(key: str, name: str) -> bool:
    """Whether what was sent as ``key`` is the field ``name``, or in the form of that prefix."""
    return key in (name, name + TYPED) or key.startswith(f"{name}-")


def asked_of(form: Any, inlines: Iterable[Any] = ()) -> list[Any]:
    """All that there is to ask before a page may be saved, each with its heading. ``inlines`` are Django's."""
    found = [form.overtaken] if getattr(form, "overtaken", None) else []
    for each in found:
        name = str(each.row._meta.verbose_name)
        each.heading = f"{name[:1].upper()}{name[1:]}: {each.row}"
    for inline in inlines:
        found += _of_inline(inline)
    return found


def _of_inline(inline: Any) -> Iterator[Any]:
    asked: list[Any] = getattr(inline.formset, "overtaken", list)()
    headings = {id(form.overtaken): inline.opts.heading(form) for form in inline.formset.initial_forms} if asked else {}
    for each in asked:
        each.heading = headings.get(id(each), "The chain")
        yield each


def conflict_page(
    request: HttpRequest, template: str, asked: Sequence[Any], context: dict[str, Any], title: str
) -> HttpResponse:
    """The page; all that was typed is in it. Nothing was saved. ``title`` is for where somebody else saved."""
    unlocked = any(each.seen is None for each in asked)
    shown = {
        **context,
        "title": "Look at what is stored before you save" if unlocked else title,
        "asked": asked,
        "unlocked": unlocked,
        "kept": list(_kept(request.POST, asked)),
        "back": request.get_full_path(),
    }
    return TemplateResponse(request, template, shown, status=UNLOCKED if unlocked else CONFLICT)


def _kept(sent: QueryDict, asked: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """All that was sent, with the locks of what the page shows."""
    locks = dict(pair for each in asked for pair in each.locks)
    for key, values in sent.lists():
        if key != "csrfmiddlewaretoken" and key not in locks:
            yield from ((key, str(value)) for value in values)
    yield from locks.items()

"""What the desk's templates ask of the admin."""

import json
from typing import Any

from django import template
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse

from articles.models import Mergeable
from claims.admin import desk
from claims.history import saves
from claims.history.reading import RowChange
from claims.merging.merge import may_merge
from claims.models import Annotation

register = template.Library()


@register.simple_tag(takes_context=True)
def work_list(context: Any) -> list[desk.Waiting]:
    return list(desk.work_list(context["request"]))


@register.filter
def has_errors(fieldset: Any) -> bool:
    """Whether any field of it, alone or beside others on a line, was refused."""
    return any(field in fieldset.form.errors for line in fieldset for field in line.fields)


@register.simple_tag(takes_context=True)
def contents(context: Any, field: Any) -> Any:
    """A field to read, as the admin shows it; a row that the viewer may not open is named without a link."""
    name, row, request = field.field["field"], field.form.instance, context["request"]
    try:
        related = row._meta.get_field(name).related_model
    except FieldDoesNotExist:
        return field.contents()
    value = getattr(row, name) if related else None
    if isinstance(value, Annotation) and not Annotation.objects.visible_to(request.user).filter(pk=value.pk).exists():
        return "a private note"
    desk_of_it = admin.site._registry.get(related)
    if desk_of_it is None or desk_of_it.has_view_permission(request):
        return field.contents()
    return field.empty_value_display if value is None else str(value)


@register.simple_tag
def row_heading(row: Any) -> str:
    """What stands over a row of an inline."""
    return str(row.model_admin.heading(row.form))


@register.simple_tag
def inline_data(inline: Any) -> str:
    """What the admin's script wants to know of an inline, with a button that says “Add a claim” to the first."""
    data = json.loads(inline.inline_formset_data())
    name = str(inline.opts.verbose_name)
    first = "an" if name[0] in "aeiou" else "a"
    data["options"]["addText"] = f"Add {'another' if inline.formset.initial_form_count() else first} {name}"
    return json.dumps(data)


@register.simple_tag
def complaints(adminform: Any, inlines: Any) -> list[tuple[str, str, str]]:
    """Every refused field of a page: its id, its label, and what is wrong with it."""
    forms = [adminform.form, *(form for inline in inlines for form in inline.formset.forms)]
    return [
        (form[name].auto_id, form[name].label, " ".join(messages))
        for form in forms
        for name, messages in form.errors.items()
        if name in form.fields
    ]


@register.simple_tag(takes_context=True)
def merge_page(context: Any, row: Any) -> str:
    """Where the viewer merges ``row`` into another; empty where it is not theirs to merge."""
    if not isinstance(row, Mergeable) or row.merged_into or not may_merge(context["request"].user, type(row)):
        return ""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_merge", args=[row.pk])


@register.filter
def desk_page(row: Any) -> str:
    """Where the desk shows ``row``."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


@register.simple_tag(takes_context=True)
def latest_saves(context: Any) -> list[saves.Latest]:
    return saves.latest(context["request"].user)


@register.simple_tag(takes_context=True)
def row_links(context: Any, change: RowChange) -> dict[str, str]:
    """Where a row of the history can be opened, and where the version that the save made can be put back: that is
    for who may change the row, and for a version that is not the one that stands."""
    admin_of_it: Any = admin.site._registry.get(change.model)
    if change.row is None or not admin_of_it.has_view_permission(context["request"], change.row):
        return {}
    names = f"admin:{change.model._meta.app_label}_{change.model._meta.model_name}"
    links = {page: reverse(f"{names}_{page}", args=[change.pk]) for page in ("change", "history")}
    if change.lock < change.row.lock and admin_of_it.may_restore(context["request"], change.row):
        links["restore"] = reverse(f"{names}_restore", args=[change.pk, change.lock])
    return links


@register.simple_tag(takes_context=True)
def address_with(context: Any, **changes: Any) -> str:
    """This page's address, asking for something else too."""
    asked = context["request"].GET.copy()
    asked.pop("e", None)
    for name, value in changes.items():
        asked[name] = value
    return f"?{asked.urlencode()}"

"""Filling in the desk's forms as a browser would: what the page shows, with some of it typed over."""

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

PATTERN = "__prefix__"
"""What stands for the number of a row in the pattern for rows to come."""

UNDO = re.compile(' <a href="([^"]+)">Undo</a>')


def address(row: Any, page: str = "change") -> str:
    """An admin page of one row, or of a model: "changelist", "add", "choices"."""
    args = [] if isinstance(row, type) else [row.pk]
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=args)


def shown(client: Client, url: str) -> dict[str, Any]:
    """Every field of the form at ``url`` with the value that the page gives it."""
    context = client.get(url).context
    fields: dict[str, Any] = {}
    _collect(context["adminform"].form, fields)
    for inline in context["inline_admin_formsets"]:
        _collect(inline.formset.management_form, fields)
        for form in [*inline.formset.forms, inline.formset.empty_form]:
            _collect(form, fields)
    return fields


def _collect(form: Any, fields: dict[str, Any]) -> None:
    for bound in form:
        value = bound.value()
        if bound.name == "DELETE" or value is None or value is False or value == "":
            continue
        if isinstance(value, (list, tuple)) and not hasattr(bound.field, "choices"):
            value = bound.field.prepare_value(value)
        fields[bound.html_name] = bound.field.prepare_value(value) if not isinstance(value, list) else value


def save(client: Client, url: str, **typed: Any) -> Any:
    """Open the form at ``url``, type ``typed`` over what it shows, and press “Save and continue”.

    A value of None leaves the field out, as a browser does with an empty checkbox.
    """
    return client.post(url, fill(shown(client, url), typed))


def fill(fields: dict[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
    filled = {**fields, "_continue": "1", **typed}
    return {name: value for name, value in filled.items() if value is not None and PATTERN not in name}


def add_row(fields: dict[str, Any], prefix: str, **values: Any) -> dict[str, Any]:
    """``fields`` with one more row in the inline ``prefix``, as its “Add another” makes one, and typed into."""
    total = int(fields[f"{prefix}-TOTAL_FORMS"])
    pattern, row = f"{prefix}-{PATTERN}-", f"{prefix}-{total}-"
    made = {row + name.removeprefix(pattern): value for name, value in fields.items() if name.startswith(pattern)}
    made |= {row + name: value for name, value in values.items()}
    return {**fields, f"{prefix}-TOTAL_FORMS": total + 1, **made}


def errors(response: Any) -> dict[str, list[str]]:
    """What the answered form complains of, by the name of the field in the page."""
    context = response.context
    assert context is not None, f"{response.status_code}: no form was answered"
    found: dict[str, list[str]] = {}
    forms = [context["adminform"].form, *(f for i in context["inline_admin_formsets"] for f in i.formset.forms)]
    for form in forms:
        for name, messages in form.errors.items():
            found[form.add_prefix(name)] = list(messages)
    return found


def messages(response: Any) -> list[str]:
    """What the page tells the user, without the link that undoes it; follow redirects first."""
    return [UNDO.sub("", str(message)) for message in response.context["messages"]]


def undo_address(response: Any) -> str:
    """Where the link leads that undoes what the page tells of; follow redirects first."""
    [address] = {found[1] for message in response.context["messages"] for found in UNDO.finditer(str(message))}
    return address


class _Controls(HTMLParser):
    """The inputs of a page: what a browser would send of them."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kind, name = given.get("type"), given.get("name")
        if tag == "input" and name and (kind == "hidden" or (kind == "radio" and "checked" in given)):
            self.sent.setdefault(name, []).append(given.get("value") or "")


def picks(response: Any, **picked: str) -> dict[str, list[str]]:
    """What the page that a stale save gets would send: all that was typed, with what is picked on it. ``picked``
    says otherwise, by the name of the field: “theirs” or “yours”."""
    assert response.status_code in (409, 428), response.status_code
    page = _Controls()
    page.feed(response.content.decode().partition('<div class="conflict">')[2])
    page.sent.pop("csrfmiddlewaretoken", None)
    for name, side in picked.items():
        assert f"pick.{name}" in page.sent, f"{name} is not asked"
        page.sent[f"pick.{name}"] = [side]
    return page.sent


def asked(response: Any) -> dict[str, str]:
    """By the names of the fields that a stale save is asked about, who changed them."""
    found = {}
    for row in response.context["asked"]:
        if getattr(row, "is_chain", False):
            found[row.name] = "chain"
            continue
        for field in row.fields:
            found[field.name] = "both" if field.both else "you" if field.by_you else "they"
    return found

"""The forms of a page, as a browser would send them back."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

PATTERN = "__prefix__"
"""What stands for the number of a row in the pattern for rows to come, which is never sent."""

Fields = list[tuple[str, str]]


@dataclass
class Form:
    """One form: ``fields`` are what is sent unless somebody types, ``buttons`` and ``files`` the names of those."""

    name: str
    method: str
    fields: Fields = field(default_factory=list)
    buttons: Fields = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def filled(self, **typed: str | list[str] | None) -> Fields:
        """``fields`` with ``typed`` over them. A list is sent as several, None leaves the field out."""
        kept = [(name, value) for name, value in self.fields if name not in typed]
        for name, value in typed.items():
            given = [value] if isinstance(value, str) else value or []
            kept += [(name, one) for one in given]
        return kept


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select, self.area = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.form = Form(given.get("id", ""), given.get("method", "get").lower())
            self.forms.append(self.form)
        if self.form is None or "disabled" in given or PATTERN in name:
            return
        if tag == "option" and self.select:
            self._option(given)
        elif name and tag in ("input", "button"):
            self._input(tag, name, given)
        elif tag == "select":
            self.select = name
        elif name and tag == "textarea":
            self.area = True
            self.form.fields.append((name, ""))

    def _input(self, tag: str, name: str, given: dict[str, str]) -> None:
        assert self.form is not None
        kind = given.get("type", "submit" if tag == "button" else "text")
        if kind == "file":
            self.form.files.append(name)
        elif kind in ("submit", "image"):
            self.form.buttons.append((name, given.get("value", "")))
        elif kind not in ("checkbox", "radio") or "checked" in given:
            self.form.fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))

    def _option(self, given: dict[str, str]) -> None:
        assert self.form is not None
        if "selected" in given:
            self.form.fields.append((self.select, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.form is not None and self.area:
            name, value = self.form.fields[-1]
            self.form.fields[-1] = (name, value + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = False


def forms_in(page: bytes) -> list[Form]:
    """All forms of ``page``, in order. A browser drops the line end with which a text area begins."""
    reader = _Reader()
    reader.feed(page.decode())
    for form in reader.forms:
        form.fields = [(name, value.removeprefix("\r\n").removeprefix("\n")) for name, value in form.fields]
    return reader.forms


def form_in(page: bytes, name: str) -> Form:
    """The form with the id ``name``. Raises ``LookupError`` where the page has none."""
    for form in forms_in(page):
        if form.name == name:
            return form
    raise LookupError(f"The page has no form “{name}”: {page[:400]!r}")

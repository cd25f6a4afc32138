"""Reading the pages of history as people do."""

import re
from typing import Any

from django.test import Client

from tests.desk import address

MARKS = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}


def history(client: Client, row: Any, **asked: Any) -> Any:
    """The answer of the history page of ``row``, asked for by ``asked``."""
    response = client.get(address(row, "history"), asked)
    assert response.status_code == 200, (response.status_code, response.headers.get("Location"))
    return response


def entries(client: Client, row: Any, **asked: Any) -> list[Any]:
    return list(history(client, row, **asked).context["entries"])


def plain(response: Any) -> str:
    """The words of a page, as a screen reader has them."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def told(parts: Any) -> str:
    """“It [-rains-][+snows+]”."""
    return "".join(MARKS[part.kind].format(part.text) for part in parts)


def rows(entry: Any) -> dict[str, dict[str, str]]:
    """What an entry says of each kind of row: its fields, with what went and what came."""
    return {
        change.kind: {each.field.label: told(each.parts) for each in change.differences}
        for change in entry.content.rows
    }


def restored(client: Client, row: Any, lock: int, **typed: Any) -> Any:
    """Open the page that puts a version back, tick what ``typed`` says or all, and press the button."""
    url = f"{address(row, 'change').removesuffix('change/')}restore/{lock}/"
    form = client.get(url).context["form"]
    shown = {bound.name: bound.value() for bound in form}
    return client.post(url, {name: value for name, value in {**shown, **typed}.items() if value is not None})

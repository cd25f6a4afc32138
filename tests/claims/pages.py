"""How tests read a record's page."""

import re
from typing import Any


def read(client: Any, row: Any, **query: str | int) -> str:
    """The page of ``row`` as one line of HTML, runs of blanks made one."""
    response = client.get(row.get_absolute_url(), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def words(html: str) -> str:
    """What the page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def section(html: str, name: str) -> str:
    """The section of a claim's page with that id."""
    return html.split(f'<section class="section" id="{name}">')[1].split("<section")[0]

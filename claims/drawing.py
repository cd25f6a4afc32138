"""The HTML of what a list shows some hundred times a page. Made here, since templates take three times as long."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles.dates import VagueDate
from articles.links import may_be_link
from articles.search.snippets import Piece
from claims.columns import Look
from claims.filters.inputs import ColumnChoice
from claims.models import Tag
from claims.represent import Chain, ClaimRow, Hop, Mark, Voice


@lru_cache(maxsize=4096)
def date(given: VagueDate | None) -> SafeString:
    """A date for people and machines, exactly as exact as it is known."""
    if given is None:
        return mark_safe("")  # nosec B308 # holds no value
    return mark_safe(f'<time datetime="{escape(given.iso)}">{escape(str(given))}</time>')  # nosec B308 B703 # every value is escaped


def grouped(number: int) -> str:
    """A number as people read it: 12,345."""
    return f"{number:,}"


def highlighted(pieces: Iterable[Piece]) -> SafeString:
    """A text with the words marked that a list looks for."""
    return mark_safe("".join(f"<mark>{escape(text)}</mark>" if hit else escape(text) for text, hit in pieces))  # nosec B308 B703 # every value is escaped


def chain(given: Chain, full: object = "") -> SafeString:
    """A chain of attribution; ``full``: with the roles of its voices."""
    steps = [_step(way, hop, full) for way, hop in given.steps]
    outlets = [
        f'<li class="hop publisher"><span class="cue">{escape(way)}</span> {_voice(outlet, "")}</li>'
        for way, outlet in given.outlets
    ]
    return mark_safe(f'<ol class="chain">{"".join(steps + outlets)}</ol>')  # nosec B308 B703 # every value is escaped


def _step(way: str, hop: Hop, full: object) -> str:
    look = "hop" if hop.position else "hop root"
    voices = " and ".join(_voice(voice, full) for voice in hop.voices)
    missing = f'<span class="missing">{escape(hop.gap)}</span>' if hop.gap else ""
    cue = f'<span class="cue">{escape(way)}</span> ' if way else ""
    there = " and ".join(filter(None, (voices, missing)))
    return f'<li class="{look}{" gap" if hop.gap else ""}">{cue}{there}</li>'


def _voice(voice: Voice, full: object) -> str:
    url, label = voice.url, escape(voice.label)
    known = voice.named and (url or voice.outlet)
    look = f"voice{'' if known else ' unnamed'}{' uncertain' if voice.uncertain else ''}"
    name = f'<a class="{look}" href="{escape(url)}">{label}</a>' if url else f'<span class="{look}">{label}</span>'
    if not voice.named and voice.described and voice.described.lower() != voice.label.lower():
        return f'{name} <span class="described">({escape(voice.described)})</span>'
    if full and voice.role:
        return f'{name} <span class="described">({escape(voice.role)})</span>'
    return name


MAY_BE_CUT = 100
"""Characters: a longer text may not fit into the three lines of a row. It is whole in its title, and where the row
is open."""


def table_row(row: ClaimRow, with_chains: object = "") -> SafeString:
    """One row of the claims' table: the claim with its chain, what is remarkable of it and its statements, which
    open below it; and beside it its columns."""
    text = highlighted(row.marked) if row.marked else escape(row.text)
    language = escape(row.language)
    whole = f' title="{escape(row.text)}"' if len(row.text) > MAY_BE_CUT else ""
    quoted = f'<p class="found">{highlighted(row.quoted)}</p>' if row.quoted else ""
    drawn = chain(row.chain) if with_chains and row.chain else ""
    cells = "".join(_cell(value, column.look, column.label) for column, value in row.cells)
    return mark_safe(  # nosec B308 B703 # every value is escaped
        f'<tr class="claim-row"><td><p class="claim-text" lang="{language}" dir="auto">'
        f'<a href="{escape(row.url)}"{whole}>{text}</a></p>'
        f'{quoted}{drawn}<div class="row-foot">{_foot(row)}</div></td>{cells}</tr>\n'
    )


def _foot(row: ClaimRow) -> str:
    parts = []
    if row.stance:
        parts.append(f'<span class="stance {row.stance.look}">{row.stance.word}</span>')
    if row.denied_by:
        parts.append(f"<span>denied by {row.denied_by}</span>")
    if row.remark:
        parts.append(f'<span class="badge">{row.remark}</span>')
    if row.statements:
        url, noun = row.statements_url, "statement" if row.statements == 1 else "statements"
        parts.append(
            f'<details class="expand"><summary>{row.statements} {noun}</summary>'
            f'<div hx-get="{url}" hx-trigger="toggle from:closest details once"><a href="{url}">Show them</a></div>'
            "</details>"
        )
    return " ".join(parts)


def column_choice(choice: ColumnChoice) -> SafeString:
    """One line of the menu of columns: whether it is shown, and the ways to move it."""
    name, label = choice.column.name, choice.column.label
    ways = ((choice.up, "up", "↑"), (choice.down, "down", "↓"))
    moves = " ".join(
        f'<a class="move" href="{escape(url)}#column-{name}" aria-label="Move {label} {way}">{arrow}</a>'
        for url, way, arrow in ways
        if url
    )
    return mark_safe(  # nosec B308 B703 # every value is escaped
        f'<li id="column-{name}"><label class="check">'
        f'<input type="checkbox" name="cols" value="{name}"{" checked" if choice.chosen else ""}> {label}</label>'
        f" {moves}</li>"
    )


def _cell(value: Any, look: Look, label: str) -> str:
    shown = "" if value is None else LOOKS[look](value)
    return f'<td class="{look.value}" data-label="{label}">{shown}</td>'


def _mark(mark: Mark) -> str:
    return f'<span class="state {mark.look}">{mark.word}</span>'


def _links(tags: Iterable[Tag]) -> str:
    return ", ".join(f'<a href="{escape(tag.get_absolute_url())}">{escape(tag.name)}</a>' for tag in tags)


def _link(url: str) -> str:
    return f'<a href="{escape(url)}">{escape(url)}</a>' if may_be_link(url) else escape(url)


def web_link(address: str, label: str = "", look: str = "") -> SafeString:
    """A link that leads out of the site; as text where what is stored may not be one. ``label`` is what it reads,
    without one the address."""
    named = format_html(' class="{}"', look) if look else ""
    if not may_be_link(address):
        return format_html("<span{}>{}</span>", named, f"{label}: {address}" if label else address)
    return format_html('<a{} href="{}" rel="noopener noreferrer">{}</a>', named, address, label or address)


LOOKS: dict[Look, Callable[[Any], str]] = {
    Look.CLAIM: escape,
    Look.CHAIN: chain,
    Look.TEXT: escape,
    Look.NUMBER: grouped,
    Look.DATE: date,
    Look.MARK: _mark,
    Look.TAGS: _links,
    Look.LINK: _link,
}

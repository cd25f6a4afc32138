"""What the templates cannot say by themselves."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from claims import drawing, represent
from claims.filters.base import ListFilter
from claims.filters.inputs import Group, asked_in, form_of
from claims.filters.paging import PAGE_SIZE, Page
from claims.filters.shelf import Choice, FacetShown
from claims.markup import to_html
from claims.passages import Piece
from claims.records.article import Block, Card, Mark
from claims.records.suggestion import Suggestion

register = template.Library()
register.filter("when", drawing.date)
register.simple_tag(drawing.web_link)
register.filter("drawn", drawing.chain)
register.filter("table_row", drawing.table_row)
register.filter("column_choice", drawing.column_choice)
register.filter("highlighted", drawing.highlighted)
register.filter("grouped", drawing.grouped)


@register.filter
def markdown(source: str) -> SafeString:
    """A note as HTML; ``markup.to_html`` lets nothing dangerous through."""
    return mark_safe(to_html(source))  # nosec B308 B703 # nh3 has cleaned it


@register.filter
def mark_of(verdict: str) -> represent.Mark:
    """The word and look of a verdict, as all pages show it."""
    return represent.VERDICT_MARKS[verdict]


@register.filter
def quotation(pieces: tuple[Piece, ...]) -> SafeString:
    """The words of a statement; a gap shows as […], verbatim words in a mixed statement are set apart."""
    return mark_safe("".join(_piece(piece) for piece in pieces))  # nosec B308 B703 # every value is escaped


def _piece(piece: Piece) -> SafeString:
    if piece.kind == "gap":
        return mark_safe(' <span class="elided">[…]</span> ')  # nosec B308 # holds no value
    if piece.kind == "verbatim":
        return format_html('<b class="verbatim">{}</b>', piece.text)
    return format_html("{}", piece.text)


@register.filter
def marked_text(block: Block) -> SafeString:
    """A paragraph with its statements marked. Made here, not in a template, where a line break is a space."""
    return mark_safe("".join(_mark(mark) for mark in block.marks))  # nosec B308 B703 # every value is escaped


def _mark(mark: Mark) -> SafeString:
    anchors = format_html_join("", '<span id="{}"></span>', ((anchor,) for anchor in mark.anchors))
    link = '<a class="mark-number" href="#card-{}" aria-label="Statement {}">{}</a>'
    numbers = format_html_join("", link, ((card.number,) * 3 for card in mark.numbers))
    return format_html("{}{}{}", anchors, _words(mark), numbers)


def _words(mark: Mark) -> SafeString:
    if mark.hidden:
        return mark_safe(' <span class="elided">[…]</span> ')  # nosec B308 # holds no value
    if not mark.state:
        return format_html("{}", mark.text)
    name = format_html(' id="{}"', mark.anchor) if mark.anchor else ""
    shared = " shared" if mark.shared else ""
    of = format_html(' data-of="{}"', " ".join(map(str, mark.of))) if mark.of else ""
    return format_html('<mark{} class="said {}{}"{}>{}</mark>', name, mark.state, shared, of, mark.text)


@register.filter
def in_passage(pieces: tuple[Piece, ...]) -> SafeString:
    """A suggested statement in the text around it."""
    return mark_safe("".join(_in_passage(piece) for piece in pieces))  # nosec B308 B703 # every value is escaped


def _in_passage(piece: Piece) -> SafeString:
    if piece.kind == "around":
        return format_html("{}", piece.text)
    if piece.kind == "cut":
        return mark_safe(' <span class="elided">[…]</span> ')  # nosec B308 # holds no value
    if piece.kind == "by":
        return format_html('<span class="by">{}</span>', piece.text)
    verbatim = " verbatim" if piece.kind == "verbatim" else ""
    return format_html('<mark class="said suggested{}">{}</mark>', verbatim, piece.text)


@register.filter
def back_from(suggestion: Suggestion | Card, request: HttpRequest) -> str:
    """Where a decision leads to: this page, at the suggestion after it."""
    return f"{request.get_full_path()}#s{suggestion.next}" if suggestion.next else request.get_full_path()


# Lists


@register.filter
def in_place(snag: Any, query: str) -> SafeString:
    """A query with the piece marked that was not understood."""
    before, wrong, after = query[: snag.start], query[snag.start : snag.end], query[snag.end :]
    return drawing.highlighted([(before, False), (wrong, True), (after, False)])


@register.filter
def query(listing: ListFilter) -> str:
    """What stands behind a list's address, with the question mark; empty where nothing does."""
    return listing.url().removeprefix(listing.path)


@register.simple_tag
def kept(listing: ListFilter, *but: str) -> SafeString:
    """Hidden inputs for all parameters of a list, so that a form loses none, but for those that it asks for."""
    pairs = (pair for pair in listing.pairs() if pair[0] not in but)
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag
def kept_beside(listing: ListFilter, groups: list[Group]) -> SafeString:
    """The same beside a form that asks for what is in ``groups``."""
    return kept(listing, *asked_in(groups))


register.filter("form_of", form_of)


@register.simple_tag
def values(facet: FacetShown, listing: ListFilter) -> SafeString:
    """The values of a facet, each with the links that choose and refuse it. Made here, since a panel has some
    hundred."""
    meta = listing.queryset.model._meta
    nouns = (str(meta.verbose_name), str(meta.verbose_name_plural))
    return mark_safe("".join(_value(choice, facet, nouns) for choice in facet.choices))  # nosec B308 B703 # every value is escaped


def _value(choice: Choice, facet: FacetShown, nouns: tuple[str, str]) -> str:
    label, count = escape(choice.label), f"{'at least ' if facet.capped else ''}{choice.count:,}"
    state = "chosen" if choice.chosen else "refused" if choice.refused else ""
    counted = "" if choice.refused else f'<span class="count">{count}</span>'
    said = ", ".join(filter(None, [label, counted and f"{count} {nouns[choice.count != 1]}", state]))
    depth = f"level-{min(choice.level, 5)}" if choice.level else ""
    look = " ".join(filter(None, ["value", state, depth]))
    return (
        f'<li class="{look}">{_bar(choice, facet) if facet.name == "year" else ""}'
        f'<a class="tick" href="{escape(choice.tick)}"{_current(choice.chosen)} aria-label="{said}">'
        f'<span class="name">{label}</span> {counted}</a>'
        f'<a class="not" href="{escape(choice.refuse)}"{_current(choice.refused)} aria-label="not: {label}">not</a>'
        "</li>"
    )


def _current(chosen: bool) -> str:
    return ' aria-current="true"' if chosen else ""


def _bar(choice: Choice, facet: FacetShown) -> str:
    width = 100 * choice.count // max(facet.highest, 1)
    return f'<svg class="bar" aria-hidden="true"><rect width="{width}%" height="100%"/></svg>'


@register.filter
def rows_on(page: Page) -> str:
    """The numbers of the rows on a page: 101–150. Empty where its own number is not known."""
    first = (page.number - 1) * PAGE_SIZE + 1
    return f"{first:,}–{first + len(page.rows) - 1:,}" if page.number and page.rows else ""

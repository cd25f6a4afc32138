"""What the templates cannot say by themselves."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from articles.dates import VagueDate
from claims import represent
from claims.markup import to_html
from claims.passages import Piece
from claims.records.article import Block, Mark

register = template.Library()


@register.filter
def markdown(source: str) -> SafeString:
    """A note as HTML; ``markup.to_html`` lets nothing dangerous through."""
    return mark_safe(to_html(source))


@register.filter
def when(date: VagueDate | None) -> SafeString:
    """A date for people and machines, exactly as exact as it is known."""
    if date is None:
        return mark_safe("")
    return format_html('<time datetime="{}">{}</time>', date.iso, date)


@register.filter
def mark_of(verdict: str) -> represent.Mark:
    """The word and look of a verdict, as all pages show it."""
    return represent.VERDICT_MARKS[verdict]


@register.filter
def quotation(pieces: tuple[Piece, ...]) -> SafeString:
    """The words of a statement; a gap shows as […], verbatim words in a mixed statement are set apart."""
    return mark_safe("".join(_piece(piece) for piece in pieces))


def _piece(piece: Piece) -> SafeString:
    if piece.kind == "gap":
        return mark_safe(' <span class="elided">[…]</span> ')
    if piece.kind == "verbatim":
        return format_html('<b class="verbatim">{}</b>', piece.text)
    return format_html("{}", piece.text)


@register.filter
def marked_text(block: Block) -> SafeString:
    """A paragraph with its statements marked. Made here, not in a template, where a line break is a space."""
    return mark_safe("".join(_mark(mark) for mark in block.marks))


def _mark(mark: Mark) -> SafeString:
    anchors = format_html_join("", '<span id="{}"></span>', ((anchor,) for anchor in mark.anchors))
    link = '<a class="mark-number" href="#card-{}" aria-label="Statement {}">{}</a>'
    numbers = format_html_join("", link, ((card.number,) * 3 for card in mark.numbers))
    return format_html("{}{}{}", anchors, _words(mark), numbers)


def _words(mark: Mark) -> SafeString:
    if mark.hidden:
        return mark_safe(' <span class="elided">[…]</span> ')
    if not mark.state:
        return format_html("{}", mark.text)
    name = format_html(' id="{}"', mark.anchor) if mark.anchor else ""
    shared = " shared" if mark.shared else ""
    return format_html('<mark{} class="said {}{}">{}</mark>', name, mark.state, shared, mark.text)

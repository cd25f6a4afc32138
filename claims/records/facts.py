"""The facts on a claim's strip in plain words: its own columns in, no query, words out."""

from decimal import Decimal

from django.utils.formats import number_format

from articles.dates import vague
from claims.models import Claim


def sources_in_words(claim: Claim) -> str:
    """How well a claim is sourced: "2 independent sources, 1 unnamed", "Single source", "Unsourced"."""
    count, unnamed = claim.independent_sources, claim.unnamed_sources
    if not count:
        return "Unsourced"
    if count == 1:
        return "Single source, unnamed" if unnamed else "Single source"
    return f"{count} independent sources" + (f", {unnamed} unnamed" if unnamed else "")


def figure_in_words(claim: Claim) -> str:
    """The claim's figure: "about 40 %", "24–39 %"; empty where it gives none."""
    numbers = [_number(number) for number in (claim.figure_low, claim.figure_high) if number is not None]
    shown = "–".join(dict.fromkeys(numbers))
    return " ".join(filter(None, [claim.get_qualifier_display(), shown, claim.unit])) if shown else ""


def _number(number: Decimal) -> str:
    """Without the noughts that the column pads it with."""
    return number_format(f"{number.normalize():f}", force_grouping=True)


def about_in_words(claim: Claim) -> str:
    """The time that the claim is about: "2019", "Dec 2025 to Mar 2026", "from 2019", "until 2029"."""
    start = vague(claim.about_from, claim.about_precision)
    end = vague(claim.about_to, claim.about_precision)
    if start and end:
        return str(start) if str(start) == str(end) else f"{start} to {end}"
    return f"from {start}" if start else f"until {end}" if end else ""

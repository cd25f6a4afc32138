"""Slugs of rows that are made from a name."""

from django.utils.text import slugify

from articles import text as texts


def slugs(name: str, otherwise: str) -> list[str]:
    """The slugs that a row of that name may have, the best first; ``otherwise`` begins that of a name without letters.

    A slug drops what a name may be told by: "Zeit 时代" gets none of "Zeit", and "A&B" another than "AB".
    """
    folded = texts.fold(name)
    slug, mark = slugify(folded)[:150], texts.fingerprint(folded)
    apart = [f"{slug or otherwise}-{mark[:length]}" for length in (8, 16)]
    return [slug, *apart] if slug and folded.isascii() else apart

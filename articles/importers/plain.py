"""The format "text": a file holds one article, its first line the headline. Pure: bytes in, rows out."""

from collections.abc import Iterator

from articles.importers.rows import Row, take


def read(data: bytes) -> Iterator[Row]:
    """The article, or the problem with it; nothing where the file is blank."""
    found = take(data, 1, "news")
    if found:
        yield found

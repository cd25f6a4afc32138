"""From a file to articles. A format is one pure reader, named in ``FORMATS``; ``store`` writes what it reads."""

from articles.importers import digest, plain
from articles.importers.rows import Reader

FORMATS: dict[str, Reader] = {"digest": digest.read, "text": plain.read}
"""Each format with its reader: the bytes of a file in, its items and problems out, one at a time."""

"""JSON Lines: an object a line."""

import json
from collections.abc import Iterator

from claims.exporters.rows import Export, objects_of


def write(export: Export) -> Iterator[bytes]:
    for block in objects_of(export):
        yield b"\n".join([*block, b""])


def broken_off(message: str) -> bytes:
    return json.dumps({"error": message}).encode() + b"\n"

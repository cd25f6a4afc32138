"""One JSON object: the list's address, the time, and the claims, each on a line of its own."""

import json
from collections.abc import Iterator

from claims.exporters.rows import Export, objects_of


def write(export: Export) -> Iterator[bytes]:
    head = json.dumps({"url": export.url, "at": export.at.isoformat(timespec="seconds")}, ensure_ascii=False)
    yield f'{head[:-1]}, "claims": ['.encode()
    between = b"\n"
    for block in objects_of(export):
        yield between + b",\n".join(block)
        between = b",\n"
    yield b"\n]}\n"


def broken_off(message: str) -> bytes:
    """Behind no comma: what broke off is no JSON."""
    return b"\n" + json.dumps({"error": message}).encode() + b"\n"

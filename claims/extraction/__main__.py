"""``python -m claims.extraction < article.txt``: one JSON object a line for each statement."""

import argparse
import json
import os
import sys
from typing import Any

from claims.extraction import Hop, Quotation, extract


def as_row(quotation: Quotation, text: str) -> dict[str, Any]:
    """What one line says. Offsets are Unicode code points; ``text`` is ``article[start:end]``."""
    root = quotation.chain[0]
    return {
        "start": quotation.start,
        "end": quotation.end,
        "text": text[quotation.start : quotation.end],
        "kind": quotation.kind.value,
        "speaker": root.source,
        "speaker_name": _name(root),
        "cue": root.cue,
        "spans": [list(span) for span in quotation.spans],
        "chain": [
            {
                "source": hop.source,
                "name": _name(hop),
                "cue": hop.cue,
                "kind": hop.kind.value,
                "addressee": hop.addressee,
            }
            for hop in quotation.chain
        ],
        "confidence": round(quotation.confidence, 2),
    }


def _name(hop: Hop) -> str:
    """The names of its voices, of those whom the article names."""
    return " and ".join(voice.name for voice in hop.voices if voice.name)


def main() -> int:
    """Read an article, print its statements, and give the exit code: 2 for what is not UTF-8."""
    parser = argparse.ArgumentParser(
        prog="python -m claims.extraction",
        description="Read an article from standard input, in UTF-8, and print each statement that it quotes or reports "
        "as a line of JSON: its place in code points, who says it, and the chain of those who passed it on.",
    )
    parser.parse_args()
    try:
        text = sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        print(f"This is not UTF-8: byte {error.start} cannot be read. Convert the article first.", file=sys.stderr)
        return 2
    try:
        for quotation in extract(text):
            line = json.dumps(as_row(quotation, text), ensure_ascii=False)
            sys.stdout.buffer.write(line.encode() + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: no complaint at the end
    return 0


if __name__ == "__main__":
    sys.exit(main())

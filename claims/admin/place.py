"""Where a passage stands in a text: as people give it, by its words, by numbers, or by both."""

import re
from typing import Any

from articles import text as texts

PLACES_NAMED = 10
PASTE = "Paste the words; where they stand once in the text, start and end follow."


def find_place(form: Any, field: str) -> None:
    """Complete what was typed of start, end and the words in ``field``; say what is missing or stands in several
    places. Reads and writes the form's ``cleaned_data``, which must have a version."""
    typed, text = form.cleaned_data, form.cleaned_data["version"].text
    start, end = typed.get("start"), typed.get("end")
    words = (typed.get(field) or "").replace("\r\n", "\n")
    if words not in text:
        words = texts.normalise(words)
    if start is None and words:
        start = _only_place(form, field, text, words)
    if start is None:
        if not form.errors:
            form.add_error(field, "Give the words, or the start and end of the passage.")
        return
    end = start + len(words) if end is None else end
    typed.update({"start": start, "end": end, field: words or text[start:end]})


def _only_place(form: Any, field: str, text: str, words: str) -> int | None:
    places = [match.start() for match in re.finditer(re.escape(words), text)]
    if len(places) == 1:
        return places[0]
    if not places:
        form.add_error(field, "These words do not stand in the text, letter by letter: check quotes and dashes.")
        return None
    named = ", ".join(f"{at}–{at + len(words)}" for at in places[:PLACES_NAMED])
    more = " …" if len(places) > PLACES_NAMED else ""
    form.add_error("start", f"The words stand in {len(places)} places: {named}{more}. Give the start of the one meant.")
    return None

"""Whatever a text is made of, extraction ends, stays within it and keeps its order."""

import random

import pytest

from claims.extraction import extract

PIECES = (
    *("said", "says", "told", "reported", "according to", "citing", "was quoted as saying", "It has been reported"),
    *("that", "who", "and", "but", "as", "the", "he", "she", "they", "it's", "not", "would", "had been", "adding"),
    *(
        "Smith",
        "Ana Duarte",
        "the minister",
        "Reuters",
        "BBC News",
        "reporters",
        "the report",
        "officials",
        "12",
        "45%",
    ),
    *(
        "“",
        "”",
        '"',
        "‘",
        "’",
        "''",
        "(",
        ")",
        ",",
        ".",
        ":",
        ";",
        "–",
        "…",
        "[...]",
        "?",
        "\n",
        "\n\n",
        "\ufeff",
        "🌉",
    ),
    *("the bridge was safe", "on Monday", "in a statement", "with", "which", "calling it", "Mr.", "U.S."),
)


@pytest.mark.parametrize("seed", range(40))
def test_random_words_and_marks_break_nothing(seed):
    chance = random.Random(seed)
    for _ in range(25):
        text = " ".join(chance.choices(PIECES, k=chance.randint(3, 60)))

        found = extract(text)

        assert [(one.start, one.end) for one in found] == sorted((one.start, one.end) for one in found)
        for one in found:
            assert one.chain
            assert 0 < one.confidence < 1
            assert all(0 <= start < end <= len(text) for start, end in (*one.spans, *one.verbatim))
            assert all(left[1] <= right[0] for left, right in zip(one.spans, one.spans[1:], strict=False))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n ",
        "”",
        "Staff were told that the plant would close, and said it was late, citing Reuters.",
        "It has been reported that the dam broke on Monday, and added that it was late, citing Reuters.",
        "He said:",
        "said",
        "“”,” said .",
    ],
)
def test_corners_break_nothing(text):
    assert all(text[one.start : one.end] for one in extract(text))

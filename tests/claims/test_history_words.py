"""What changed between two texts, word by word."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.history.words import AROUND, GONE, LONGEST, NEW, SAME, Part, differences, listed


def told(before, after):
    marks = {SAME: "{}", GONE: "[-{}-]", NEW: "[+{}+]"}
    return "".join(marks[part.kind].format(part.text) for part in differences(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", ""),
        ("It rains", "It rains", "It rains"),
        ("", "It rains", "[+It rains+]"),
        ("It rains", "", "[-It rains-]"),
        ("It rains today.", "It snows today.", "It[- rains-][+ snows+] today."),
        ("It rains", "It rains a lot", "It rains[+ a lot+]"),
        ("It rains a lot", "It rains", "It rains[- a lot-]"),
        ("a b c d e", "a x c y e", "a[- b-][+ x+] c[- d-][+ y+] e"),
        ("rain", "train", "[-rain-][+train+]"),
        ("5 %", "7 %", "[-5-][+7+] %"),
        ("aa", "aa aa", "aa[+ aa+]"),
    ],
)
def test_it_tells_what_went_and_what_came(before, after, expected):
    assert told(before, after) == expected


@given(st.text("ab ,\n", max_size=40), st.text("ab ,\n", max_size=40))
def test_either_text_can_be_read_off_it(before, after):
    parts = differences(before, after)
    assert "".join(part.text for part in parts if part.kind != NEW) == before
    assert "".join(part.text for part in parts if part.kind != GONE) == after


def test_what_stayed_is_shown_around_a_change_alone():
    words = [f"w{n}" for n in range(400)]
    parts = differences(" ".join(words), " ".join([*words[:200], "new", *words[200:]]))
    assert [part.kind for part in parts] == [SAME, NEW, SAME]
    assert parts[0].text.startswith("… ")
    assert parts[2].text.endswith(" …")
    assert len(parts[0].text.split()) == AROUND + 1
    middle = differences(f"x {' '.join(words)} x", f"y {' '.join(words)} y")[2].text
    assert middle.split()[0] == "w0"
    assert middle.split()[-1] == "w399"
    assert " … " in middle


def test_what_nobody_changed_is_cut_where_it_is_long():
    assert differences("a " * 9_000, "a " * 9_000) == [
        Part(SAME, f"{'a ' * (LONGEST // 2)}… and 15,000 characters more")
    ]


def test_what_is_longer_than_anybody_reads_is_cut():
    [part] = differences("", "x" * (LONGEST + 1_234))
    assert part.text == f"{'x' * LONGEST}… and 1,234 characters more"


def test_texts_that_would_take_long_are_one_change():
    old, new = "a b " * 3_000, "b a c " * 3_000
    started = time.process_time()
    kinds = [part.kind for part in differences(f"Same {old} end", f"Same {new} end")]
    assert time.process_time() - started < 1
    assert kinds == [SAME, GONE, NEW, SAME]


def test_names_are_no_text():
    parts = listed(["Rain", "Snow"], ["Snow", "Hail"])
    assert parts == [Part(GONE, "Rain"), Part(SAME, "Snow"), Part(NEW, "Hail")]

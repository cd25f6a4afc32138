"""What people type into the search box, and that nothing they type is an error.

HEARSAY_QUERIES=50000 looks for many more generated queries than the suite has time for.
"""

import os
import random

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from articles.models import ArticleEntry
from articles.search import words
from articles.search.entry import DAY, Walk
from articles.search.expression import ALL, And, Or, Phrase, Token, all_of, any_of, phrase, word
from articles.search.words import document
from claims.filters.base import OTHER_WORDS
from claims.search.language import MAX_TERMS, Filter, names_of, parse, write
from claims.search.periods import readings
from tests.cast import article

NAMES = names_of(
    [
        *("q", "tag", "-tag", "root", "-root", "source", "-source", "relay", "publisher", "kind", "status", "verdict"),
        *("year", "has", "lacks", "said_after", "said_before", "published_after", "published_before", "sources_min"),
        "sort",
    ],
    OTHER_WORDS,
)


def read(text):
    return parse(text, NAMES)


def pairs(text):
    return read(text).pairs()


def problems(text):
    """What is wrong, as (the piece of the query, the message)."""
    return [(text[problem.start : problem.end], problem.message) for problem in read(text).problems]


def ways(text):
    return [way for problem in read(text).problems for way in problem.suggestions]


# Words


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("", ALL),
        ("drones tanks", all_of([word("drones"), word("tanks")])),
        ('"exact words"', Phrase(("exact", "words"))),
        ("„exact words“ «of» ”his”", And((phrase("exact words"), phrase("of"), phrase("his")))),
        ("drones -tanks", And((word("drones"),), (word("tanks"),))),
        ('-"by tanks"', And((), (phrase("by tanks"),))),
        ("govern*", Token("govern", prefix=True)),
        ("-govern*", And((), (Token("govern", prefix=True),))),
        ("a OR b c", And((Or((Token("a"), Token("b"))), Token("c")))),
        ('a OR "b c" OR d*e', any_of([word("a"), phrase("b c"), word("d")])),
        ("a or b", all_of([word("a"), word("or"), word("b")])),
        ("a AND b", all_of([word("a"), word("b")])),
        ('ab"c d"e', all_of([word("ab"), phrase("c d"), word("e")])),
        ("e-mail 12:30 https://x.org/a", And((phrase("e mail"), phrase("12 30"), phrase("https x org a")))),
        ("Putin: NATO", all_of([word("Putin"), word("NATO")])),
        ("--word", And((), (word("word"),))),
        ("R & D", all_of([word("R"), word("D")])),
    ],
)
def test_it_reads_words(text, expression):
    assert read(text).expression == expression


def test_words_in_order_are_no_trouble():
    for text in ("drones tanks", "Putin: “we will pay”", "R & D — 12:30", "govern* -word", "a AND b", "doi:10.1/x"):
        assert problems(text) == []


# Filters


def test_it_reads_filters_among_words():
    text = (
        'source:kallas root:"Financial Times" tag:nato status:published verdict:false has:review no:evidence'
        ' before:2026-01 -tag:x "exact words" govern* -word'
    )
    query = read(text)
    assert query.pairs() == [
        ("source", "kallas"),
        ("root", "Financial Times"),
        ("tag", "nato"),
        ("status", "published"),
        ("verdict", "false"),
        ("has", "review"),
        ("lacks", "evidence"),
        ("said_before", "2025-12-31"),
        ("-tag", "x"),
    ]
    assert query.words == '"exact words" govern* -word'
    assert query.expression == read(query.words).expression
    assert query.problems == ()


def test_it_says_where_each_filter_stands():
    text = 'drones -tag:"a b" OR'
    assert read(text).filters == (Filter("-tag", "a b", 7, 17),)


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("speaker:x", ("root", "x")),
        ("topic:x", ("tag", "x")),
        ("Outlet:x", ("publisher", "x")),
        ("sources-min:2", ("sources_min", "2")),
        ("lacks:review", ("lacks", "review")),
        ("-has:review", ("lacks", "review")),
        ("-no:review", ("has", "review")),
        ("tag:«a b»", ("tag", "a b")),
        ("tag:a:b", ("tag", "a:b")),
        ("year:2025", ("year", "2025")),
        ("before:2026-01", ("said_before", "2025-12-31")),
        ("before:2026", ("said_before", "2025-12-31")),
        ("before:2026-03-01", ("said_before", "2026-02-28")),
        ("after:2025", ("said_after", "2025-01-01")),
        ("since:2025-06", ("said_after", "2025-06-01")),
        ("after:2025-6-3", ("said_after", "2025-06-03")),
        ("published_before:2024-02", ("published_before", "2024-02-29")),
        ("said_before:2025", ("said_before", "2025-12-31")),
    ],
)
def test_it_reads_one_filter(text, pair):
    assert pairs(text) == [pair]
    assert problems(text) == []


def test_of_several_days_it_takes_the_narrowest():
    assert pairs("after:2024 since:2025 before:2026 before:2027") == [
        ("said_after", "2025-01-01"),
        ("said_before", "2025-12-31"),
    ]


def test_or_between_values_of_one_filter_is_what_they_mean_anyhow():
    query = read("tag:x OR tag:y drones")
    assert query.pairs() == [("tag", "x"), ("tag", "y")]
    assert (query.words, query.problems) == ("drones", ())
    text = "tag:x OR tag:y drones"
    assert [text[each.start : each.end] for each in query.filters] == ["tag:x", "OR tag:y"]


def test_a_list_takes_its_own_filters_only():
    fewer = names_of(["q", "publisher", "published_before"], OTHER_WORDS)
    assert parse("outlet:x before:2026 q:y tag:z", fewer).pairs() == [
        ("publisher", "x"),
        ("published_before", "2025-12-31"),
    ]


def test_it_sends_to_the_desk_who_cannot_use_a_filter():
    query = parse("status:new", {}, desk_only=["status"])
    assert query.expression == ALL
    assert "Sign in" in query.problems[0].message


# What is not understood


@pytest.mark.parametrize(
    ("text", "piece", "said", "suggested"),
    [
        ("rot:kremlin x", "rot:kremlin", "called “rot:”", "root:kremlin x"),
        ("x -sorce:y", "-sorce:y", "called “sorce:”", "x -source:y"),
        ("colour:red x", "colour:red", "No filter is called “colour:”", '"colour red" x'),
        ('"unclosed words', '"unclosed words', "never closed", '"unclosed words"'),
        ('tag:"a b', 'tag:"a b', "never closed", 'tag:"a b"'),
        ("a - b", "-", "minus", None),
        ("a * b", "*", "star", None),
        ('a "" b', '""', "no word between", None),
        ("tag: nato", "tag:", "needs a value", "tag:nato"),
        ('tag:"" nato', 'tag:""', "needs a value", "tag:nato"),
        ("x tag:", "tag:", "needs a value", None),
        ("after:2025-02-30", "after:2025-02-30", "a day", "after:2025-02"),
        ("after:03.06.2025", "after:03.06.2025", "a day", "after:2025-06-03"),
        ("before:soon", "before:soon", "a day", None),
        ("before:0001", "before:0001", "a day", None),
        ("-before:2025", "-before:2025", "minus", "before:2025"),
        ("-year:2025 x", "-year:2025", "minus", "year:2025 x"),
        ("OR a", "OR", "both sides", "or a"),
        ("a OR -b", "a OR -b", "only stand between", "a -b"),
        ("a OR tag:x b", "a OR tag:x", "only stand between", "a tag:x b"),
        ("tag:x OR root:y", "tag:x OR root:y", "only stand between", "tag:x root:y"),
        ("go*rn", "go*rn", "“go*”", "go*"),
        ("*vern", "*vern", "not for its beginning", "vern"),
        ("a* b", "a*", "two letters", "a b"),
        ("🔥", "🔥", "no word", None),
    ],
)
def test_it_tells_what_it_did_not_understand(text, piece, said, suggested):
    ((where, message),) = problems(text)
    assert where == piece
    assert said in message
    assert suggested is None or suggested in ways(text)


def test_what_it_leaves_out_is_no_word():
    for text, words_left in (
        ("rot:kremlin x", "x"),
        ("colour:red x", "x"),
        ("a - b", "a b"),
        ("x tag:", "x"),
        ("before:soon", ""),
        ("a OR tag:x b", "a b"),
        ("tag:x OR root:y", ""),
        ("🔥", ""),
    ):
        query = read(text)
        assert query.words == words_left
        assert query.expression == read(words_left).expression
    assert read("rot:kremlin x").problems[0].told == "No filter is called “rot:”. This part was left out."
    assert read("go*rn").problems[0].told == "A star stands for the end of a word: “go*” was looked for."


def test_it_looks_for_the_rest():
    query = read('rot:kremlin tag: drones - before:soon tag:nato colour:red Putin: "the end')
    assert query.pairs() == [("tag", "nato")]
    assert query.expression == all_of([word("drones"), word("Putin"), phrase("the end")])
    assert query.words == 'drones Putin: "the end'
    assert len(query.problems) == 6


def test_it_looks_for_thirty_two_words():
    text = " ".join(f"w{number}" for number in range(40))
    assert len(read(text).expression.parts) == MAX_TERMS
    ((piece, message),) = problems(text)
    assert piece.startswith("w32 ")
    assert "first 32" in message


def test_it_looks_at_five_hundred_characters():
    assert "500" in problems("x" * 501)[0][1]
    assert problems("x " * 15 + "y" * 470) == []


PIECES = [
    *(
        "drones",
        "a",
        "-tank",
        "go*",
        "*",
        "-",
        "OR",
        "AND",
        "NOT",
        '"',
        '"a b"',
        "“c”",
        "tag:",
        "tag:x",
        "-tag:y",
        "TAG:z",
    ),
    *('root:"F T"', "rot:k", "colour:red", "before:2026", "before:x", "-before:2025", "after:1.2.2025", "is:circular"),
    *(
        "is:",
        "no:review",
        "-has:x",
        "12:30",
        "https://x.org",
        "::",
        ":",
        "x:",
        ":x",
        "(",
        ")",
        "NEAR(a b)",
        "^a",
        "a:b*",
    ),
    *(
        "x0all",
        "x0t1",
        "1e5x",
        "'",
        "it's",
        "\\",
        "%s",
        "{0}",
        "&|!",
        "<->",
        ":*",
        "北京",
        "हि",
        "كِ",
        "👩\u200d👧",
        "\u200b",
    ),
    *("\x00", "\u2028", "\ufffd", "é", "e\u0301", "year:9999", "after:9999-12-31", "before:0001-01-01", "w" * 90),
]


def queries(number):
    """Queries as nobody should type them, the same in every run."""
    chance = random.Random(number)
    for _ in range(number):
        size = chance.choice([1, 2, 3, 5, 8, 60])
        glue = chance.choice([" ", " ", " ", "", "  "])
        yield glue.join(
            chance.choice(PIECES) if chance.random() < 0.9 else chr(chance.randrange(0x20, 0xD7FF)) for _ in range(size)
        )


@given(st.one_of(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join), st.text()))
def test_what_it_leaves_is_read_the_same_again(text):
    query = read(text)
    again = read(query.words)
    assert again.expression == query.expression
    assert again.words == query.words
    assert again.filters == ()
    length = len(text)
    assert all(0 <= problem.start <= problem.end <= length for problem in query.problems)


PAIRS = st.lists(
    st.tuples(
        st.sampled_from(["tag", "-tag", "root", "has", "lacks", "year"]),
        st.text(
            st.characters(exclude_categories=["Cs", "Z", "C"], exclude_characters='"“”„‟«»＂'), min_size=1, max_size=9
        ),
    ),
    unique=True,
    max_size=5,
)


@given(PAIRS, st.lists(st.sampled_from(["a", "-b", '"c d"', "ef*", "f OR g"]), max_size=4).map(" ".join))
def test_what_it_writes_it_reads(given_pairs, typed):
    query = read(write(typed, [*given_pairs, ("said_before", "2025-11-22"), ("tag", "two words")]))
    assert query.pairs() == [*given_pairs, ("said_before", "2025-11-22"), ("tag", "two words")]
    assert query.words == typed
    assert query.problems == ()


# Nothing that is typed breaks the index


def broken(given_queries):
    """The queries on which reading or looking up raises."""
    found = []
    for text in given_queries:
        try:
            query = parse(text, NAMES)
            with transaction.atomic():
                walk = Walk(ArticleEntry, query.expression)
                walk.newest(5)
                walk.best(5)
        except (DatabaseError, ValueError):
            found.append(text)
    return found


@pytest.fixture
def indexed(db):
    told = [("Drones of NATO over Łódź, 12:30, go a b c", True)]
    made = article()
    ArticleEntry.objects.all().delete()
    ArticleEntry.objects.create(key=DAY + 1, article=made, title=document(told), terms="x0all")


@pytest.mark.usefixtures("indexed")
def test_no_query_breaks_the_index():
    assert broken(queries(int(os.environ.get("HEARSAY_QUERIES", "500")))) == []


@pytest.mark.usefixtures("indexed")
def test_it_would_notice_a_query_that_does(monkeypatch):
    monkeypatch.setattr(words, "_token", lambda text: f"{text}'\"")
    assert broken(queries(500))


@pytest.mark.django_db
def test_no_query_breaks_the_list(client):
    for text in queries(int(os.environ.get("HEARSAY_QUERIES", "500")) // 25):
        response = client.get("/claims/", {"q": text}, follow=True)
        assert response.status_code in (200, 400), text


@pytest.mark.parametrize(
    ("typed", "ways"),
    [
        ("12.2025", ["12-2025", "2025-12", "12"]),
        ("3/4/2025", ["3-4-2025", "2025-04", "2025-04-03", "3-4", "3"]),
        ("2025-02-30", ["2025-02-30", "2025-02", "2025"]),
    ],
)
def test_a_day_may_be_written_in_other_ways(typed, ways):
    assert list(readings(typed)) == ways

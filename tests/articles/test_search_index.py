"""The inverted index finds on both engines what a plain reading of the expression over the rows finds."""

import itertools

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article, ArticleEntry
from articles.search import words
from articles.search.entry import DAY, LAST_KEY, Walk
from articles.search.expression import (
    ALL,
    EVERYTHING,
    NOTHING,
    And,
    Or,
    Phrase,
    Token,
    Within,
    all_of,
    any_of,
    phrase,
    word,
)
from articles.search.words import LONG, document
from tests.cast import article

pytestmark = pytest.mark.django_db

ROWS = 5
COLUMNS = ("title", "body", "names", "terms")


def write(*rows):
    """Entries of as many articles, each of (title, body, names, terms) as they are indexed; the ids."""
    articles = list(Article.objects.order_by("pk"))
    articles += [article() for _ in rows[len(articles) :]]
    keys = [700_000 * DAY + number for number in range(1, len(rows) + 1)]
    ArticleEntry.objects.all().delete()
    ArticleEntry.objects.bulk_create(
        ArticleEntry(key=key, article=made, **dict(zip(COLUMNS, row, strict=True)))
        for key, made, row in zip(keys, articles, rows, strict=False)
    )
    return keys


def texts(*bodies, english=False):
    """Rows that hold nothing but a body."""
    return [("", document([(body, english)], LONG), "", EVERYTHING) for body in bodies]


def found(expression):
    """The keys that every way to ask the index comes to."""
    walk = Walk(ArticleEntry, expression)
    newest = walk.newest(1000)
    assert newest == sorted(newest, reverse=True)
    assert newest == sorted(walk.some(1000), reverse=True) == sorted(walk.best(1000), reverse=True)
    assert newest == [entry.key for entry in ArticleEntry.objects.listed().matching(expression).order_by("-key")]
    return newest


def plainly(expression, row, within=COLUMNS):
    """Whether ``row``, of (title, body, names, terms), is what the expression says: one token after the other."""
    columns = [column.split() for name, column in zip(COLUMNS, row, strict=True) if name in within]
    if isinstance(expression, Within):
        return plainly(expression.part, row, expression.columns)
    if isinstance(expression, Token):
        held = itertools.chain(*columns)
        return any(one.startswith(expression.token) if expression.prefix else one == expression.token for one in held)
    if isinstance(expression, Phrase):
        size = len(expression.tokens)
        return any(
            tuple(column[at : at + size]) == expression.tokens for column in columns for at in range(len(column))
        )
    if isinstance(expression, Or):
        return any(plainly(part, row, within) for part in expression.parts)
    return all(plainly(part, row, within) for part in expression.parts) and not any(
        plainly(part, row, within) for part in expression.without
    )


# Rows of words that either engine could stumble over, and expressions over what they hold.

WORDS = st.one_of(
    st.sampled_from(
        [
            *("drone", "drones", "droning", "nato", "the", "AND", "OR", "NOT", "NEAR", "x0all", "x0", "x0edrone"),
            *("1e5", "1e5x", "3d", "0x1f", "12e", "0e0e0", "http", "www.example.org/a?b=1", "a@b.org", "-1.5e-3"),
            *(
                "Łódź",
                "naïve",
                "Kyiv’s",
                "Привет",
                "किताब",
                "كِتَاب",
                "北京",
                "한국어",
                "が",
                "👩\u200d👧",
                "e\u0301",
                "&amp;",
            ),
            *("a*", '"b"', "it's", "(c)", "^d", "e:f", "g-h", "!i", "j|k", "<->", "\\", "%s", "{l}", "$1", "9" * 90),
        ]
    ),
    st.text(alphabet="abe019x", min_size=1, max_size=4),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=6),
)
TEXTS = st.lists(WORDS, max_size=6).map(" ".join)
TOLD = st.lists(st.tuples(TEXTS, st.booleans()), max_size=2)
ROW = st.tuples(TOLD, TOLD, TOLD)


@st.composite
def expressions(draw, rows):
    """Expressions over what ``rows`` hold and over what they do not, nested."""
    held = [token for row in rows for column in row for token in column.split()] or ["nothing"]
    pairs = [pair for row in rows for column in row for pair in itertools.pairwise(column.split())] or [("a", "b")]
    leaves = st.one_of(
        WORDS.map(word),
        WORDS.map(lambda text: word(text[:3], prefix=True)),
        TEXTS.map(phrase),
        st.sampled_from(held).map(Token),
        st.sampled_from(held).map(lambda token: Token(token[: max(2, len(token) // 2)], prefix=True)),
        st.sampled_from(pairs).map(Phrase),
        st.sampled_from([ALL, NOTHING]),
    )
    return draw(
        st.recursive(
            leaves,
            lambda inner: st.one_of(
                st.lists(inner, max_size=3).map(any_of),
                st.tuples(st.sampled_from([("title",), ("title", "names"), ("body",)]), inner).map(
                    lambda both: Within(*both)
                ),
                st.tuples(st.lists(inner, max_size=3), st.lists(inner, max_size=2)).map(lambda both: all_of(*both)),
            ),
            max_leaves=8,
        )
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=st.lists(ROW, min_size=ROWS, max_size=ROWS), data=st.data())
def test_it_finds_what_a_plain_reading_finds(rows, data):
    indexed = [(*map(document, row), EVERYTHING) for row in rows]
    keys = write(*indexed)
    for _ in range(6):
        expression = data.draw(expressions(indexed))
        right = [key for key, row in zip(keys, indexed, strict=True) if plainly(expression, row)]
        assert found(expression) == right[::-1], expression
    for key, row in zip(keys, rows, strict=True):
        for text, _ in itertools.chain(*row):
            typed = all_of([*map(word, text.split()), phrase(text)])
            assert key in found(typed), text


def test_the_plain_reading_is_not_that_of_an_engine_which_forgets_what_to_leave_out():
    row = ("a b", "", "", EVERYTHING)
    assert plainly(And((Token("a"),), (Token("c"),)), row)
    assert not plainly(And((Token("a"),), (Token("b"),)), row)
    assert not plainly(Phrase(("b", "a")), row)


def test_it_finds_all_forms_of_an_english_word_and_others_as_they_stand():
    english, german = write(*texts("Drones are flying", english=True), *texts("Drohnen und drones"))
    assert found(word("drone")) == [english]
    assert found(word("droning")) == [english]
    assert found(word("DRONES")) == [german, english]
    assert found(phrase("drone")) == []


def test_it_finds_words_across_columns_and_phrases_within_one():
    (key,) = write(
        (document([("nato", False)]), document([("drones", False)]), document([("kremlin", False)]), EVERYTHING)
    )
    assert found(all_of([word("nato"), word("drones"), word("kremlin")])) == [key]
    assert found(phrase("nato drones")) == found(phrase("drones kremlin")) == []
    assert found(Within(("title", "names"), any_of([word("nato"), word("drones")]))) == [key]
    assert found(Within(("title", "names"), word("drones"))) == []
    assert found(Within(("title",), And((), (word("drones"),)))) == [key]


def test_no_word_finds_what_is_indexed_beside_words():
    write(*texts("drones", english=True))
    for typed in ("x0all", "x0edrone", "x0b", "x0e", "x0"):
        assert found(word(typed)) == found(word(typed, prefix=True)) == found(phrase(typed)) == []


@pytest.mark.parametrize(
    "odd", ["1e5", "1e5x", "3d", "0x1f", "0e0e0", "9" * 80, "ж" * 80, "00012", "x" * 80, "12e5abc"]
)
def test_it_keeps_a_token_as_it_is(odd):
    key, _ = write(*texts(f"before {odd} behind", "noise"))
    assert found(word(odd)) == found(phrase(f"before {odd} behind")) == [key]


def test_it_forgets_the_words_of_an_entry_that_is_changed_or_deleted():
    first, second = write(*texts("drones", "tanks"))
    ArticleEntry.objects.filter(key=first).update(body=document([("planes", False)]))
    assert found(word("drones")) == []
    assert found(word("planes")) == [first]
    ArticleEntry.objects.filter(key=second).update(key=-second)
    assert found(word("tanks")) == []
    assert Walk(ArticleEntry, word("tanks"), low=-LAST_KEY).newest(9) == [-second]
    ArticleEntry.objects.all().delete()
    assert found(ALL) == Walk(ArticleEntry, word("tanks"), low=-LAST_KEY).newest(9) == []


# Texts that are longer than what PostgreSQL keeps of one


def test_it_finds_phrases_as_far_as_they_are_placed_and_words_further_on():
    body = " ".join(f"w{number}" for number in range(20_000))
    key, _ = write(*texts(body, "w7 w9"))
    row = texts(body)[0]
    for expression in (
        phrase("w7 w8"),
        phrase("w7998 w7999"),
        phrase("w8002 w8003"),
        word("w9000"),
        word("w19999"),
        phrase("w7 w9000"),
    ):
        assert (key in found(expression)) is plainly(expression, row), expression
    assert found(phrase("w7998 w7999")) == found(word("w9000")) == [key]


def test_it_counts_repetitions_as_postgresql_does():
    told = [(" ".join(f"the w{number}" for number in range(300)), False)]
    row = (document(told), document(told, LONG), document(told), EVERYTHING)
    (key,) = write(row)
    for number in range(0, 300, 7):
        expression = phrase(f"the w{number}")
        assert (found(expression) == [key]) is plainly(expression, row), number
    assert found(phrase("the w147")) == [key]


@pytest.mark.parametrize("letter", ["a", "ж", "क", "𐐨"])
def test_no_text_is_too_long_to_be_indexed(letter):
    # Words of eighty letters, none twice: the most that a column can hold.
    lengthy = " ".join(f"{letter * 76}{number:04}" for number in range(9_000))
    told = [(lengthy, True)]
    first = lengthy.partition(" ")[0]
    (key,) = write((document(told), document(told, LONG), document(told), EVERYTHING))
    assert found(word(first)) == [key]


def test_a_query_of_many_words_is_not_too_deep_or_too_long():
    (key,) = write(*texts("a b c"))
    many = all_of([any_of([word(f"w{number}"), word("a")]) for number in range(32)], [word(f"x{n}") for n in range(32)])
    assert found(many) == [key]
    assert found(phrase(" ".join("a" for _ in range(250)))) == []


def test_every_row_and_no_row_can_be_asked_for():
    keys = write(*texts("a", "b"))
    assert found(ALL) == keys[::-1]
    assert found(And((), (Token("a"),))) == [keys[1]]
    assert found(NOTHING) == []
    assert words.BREAK in ArticleEntry.objects.earliest("key").body


def test_rows_are_counted_off_along_an_index_of_keys_alone():
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if not sqlite:
            # Of an empty table it would rather read all.
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}SELECT key FROM articles_articleentry"
            " WHERE key >= 1 ORDER BY key DESC LIMIT 51 OFFSET 50000"
        )
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert ("USING COVERING INDEX articles_articleentry_key" if sqlite else "Index Only Scan") in plan

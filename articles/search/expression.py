"""What is looked for: a boolean expression over tokens, and how each engine is asked for it. Pure.

Nothing that anybody typed reaches an engine but as a token of ``words``, which holds ASCII letters and digits
only; so no input can break a query.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from articles.search import words

EVERYTHING = f"{words.RESERVED}all"
"""The token that every row has: what is left where only something is taken away."""

WEIGHTS = {"title": "A", "body": "B", "names": "C", "terms": "D"}
"""The columns that are indexed, with the weight under which PostgreSQL keeps the tokens of each."""


@dataclass(frozen=True)
class Token:
    """The token itself, or with ``prefix`` all that begin with it."""

    token: str
    prefix: bool = False


@dataclass(frozen=True)
class Phrase:
    """Several tokens, one right behind the other."""

    tokens: tuple[str, ...]


@dataclass(frozen=True)
class And:
    """All of the parts, and none of ``without``. With neither, every row."""

    parts: tuple["Expression", ...] = ()
    without: tuple["Expression", ...] = ()


@dataclass(frozen=True)
class Or:
    """Any of the parts; with none, no row."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True)
class Within:
    """What ``part`` asks for, in some of the columns alone."""

    columns: tuple[str, ...]
    part: "Expression"


Expression = Token | Phrase | And | Or | Within

ALL = And()
NOTHING = Or(())


def all_of(parts: Iterable[Expression], without: Iterable[Expression] = ()) -> Expression:
    """``parts`` and not ``without``, with nested conjunctions made one."""
    flat: list[Expression] = []
    refused = [*without]
    for part in parts:
        if isinstance(part, And):
            flat += part.parts
            refused += part.without
        else:
            flat.append(part)
    if len(flat) == 1 and not refused:
        return flat[0]
    return And(tuple(dict.fromkeys(flat)), tuple(dict.fromkeys(refused)))


def any_of(parts: Iterable[Expression]) -> Expression:
    given = tuple(dict.fromkeys(parts))
    return given[0] if len(given) == 1 else Or(given)


def word(text: str, *, prefix: bool = False) -> Expression:
    """A word as somebody typed it: in all its forms where the row is English, else as it stands. A word that
    is several tokens ("e-mail", "北京") is a phrase. Nothing to look for (a lone "-") is ``ALL``."""
    found = words.tokens(text)
    if not found:
        return ALL
    if len(found) > 1:
        return Phrase(tuple(found))
    # One letter with a star would find the half of everything, and what stands under "x0".
    if prefix and len(found[0]) > 1:
        return Token(found[0], prefix=True)
    stem = words.stem(found[0])
    return any_of([Token(found[0]), *([Token(stem)] if stem else [])])


def phrase(text: str) -> Expression:
    """Words exactly in this order and form, but for case and accents."""
    found = tuple(words.tokens(text))
    if not found:
        return ALL
    return Token(found[0]) if len(found) == 1 else Phrase(found)


def for_fts5(expression: Expression, within: Sequence[str] = ()) -> str:
    """The expression in the query language of SQLite's FTS5; ``within`` names columns, none for all."""
    if isinstance(expression, Within):
        return for_fts5(expression.part, expression.columns)
    if isinstance(expression, Token):
        return f'{_in_columns(within)}"{expression.token}"{"*" if expression.prefix else ""}'
    if isinstance(expression, Phrase):
        return f'{_in_columns(within)}"{" ".join(expression.tokens)}"'
    if isinstance(expression, Or):
        return _joined(" OR ", [for_fts5(part, within) for part in expression.parts] or [for_fts5(_NEVER)])
    wanted = _joined(" AND ", [for_fts5(part, within) for part in expression.parts] or [for_fts5(Token(EVERYTHING))])
    if not expression.without:
        return wanted
    return f"({wanted} NOT {for_fts5(Or(expression.without), within)})"


def for_tsquery(expression: Expression, within: Sequence[str] = ()) -> str:
    """The expression in the text form of PostgreSQL's tsquery; ``within`` names columns, none for all."""
    if isinstance(expression, Within):
        return for_tsquery(expression.part, expression.columns)
    weights = "".join(WEIGHTS[column] for column in within)
    if isinstance(expression, Token):
        label = f"{'*' if expression.prefix else ''}{weights}"
        return f"'{expression.token}'{f':{label}' if label else ''}"
    if isinstance(expression, Phrase):
        return _joined(" <-> ", (f"'{token}'{f':{weights}' if weights else ''}" for token in expression.tokens))
    if isinstance(expression, Or):
        return _joined(" | ", [for_tsquery(part, within) for part in expression.parts] or [for_tsquery(_NEVER)])
    refused = [f"!{for_tsquery(part, within)}" for part in expression.without]
    wanted = [for_tsquery(part, within) for part in expression.parts] or [for_tsquery(Token(EVERYTHING))]
    return _joined(" & ", [*wanted, *refused])


def _in_columns(names: Sequence[str]) -> str:
    return f"{{{' '.join(names)}}} : " if names else ""


_NEVER = Token(f"{words.RESERVED}never")
"""A token that no row has."""


def _joined(operator: str, parts: Iterable[str]) -> str:
    given = [*parts]
    return given[0] if len(given) == 1 else f"({operator.join(given)})"

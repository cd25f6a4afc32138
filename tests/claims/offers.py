"""An article with suggestions of each sort, for tests of the pages on which they are decided on."""

from articles.models import Article
from claims.models import Statement
from claims.suggesting.suggest import suggest
from tests import cast
from tests.claims.quotations import hop, quotation, text_of, unnamed, voice

TEXT = (
    "Harbour to close\n"
    "The harbour will close, Foreign Minister Ana Duarte told reporters on Monday.\n"
    "“It is old,” she said.\n"
    "One Baltic diplomat told Politico that the pier is unsafe.\n"
    "Merz called it a mistake."
)
CLOSE, OLD, UNSAFE, MISTAKE = "The harbour will close", "“It is old,”", "the pier is unsafe", "a mistake"


def offer(article: Article, *quotations: tuple[str, object, float]) -> list[Statement]:
    """Suggest (words, hop or name, confidence); returns what waits, in the order of the text."""
    version = text_of(article)
    suggest(version, [quotation(version.text, words, root, confidence=sure) for words, root, sure in quotations])
    return list(Statement.objects.filter(version=version, state="suggested").order_by("start"))


def harbour(**values: object) -> list[Statement]:
    """A new source that a title goes with, a pronoun for the same, an unnamed voice, and a name that fits two."""
    cast.source("Friedrich Merz", kind="person")
    cast.source("Joachim Merz", kind="person")
    return offer(
        cast.article(TEXT, **{"publisher": "Politico", **values}),
        (CLOSE, hop(voice("Ana Duarte", "Foreign Minister Ana Duarte", "Foreign Minister"), cue="told"), 0.93),
        (OLD, hop(voice("Ana Duarte", "she")), 0.72),
        (UNSAFE, hop(unnamed("One Baltic diplomat"), cue="told", addressee="Politico"), 0.55),
        (MISTAKE, hop("Merz", cue="called"), 0.3),
    )

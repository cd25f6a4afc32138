"""Suggests the statements of articles: ``manage.py suggest_statements --article 7``."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.models import Article
from claims.suggesting.looking import look_at, newest, not_looked_at
from claims.suggesting.suggest import Outcome
from config import audit


class Command(BaseCommand):
    help = (
        "Suggest the statements that the newest texts of articles in English quote or report, with their chains, for"
        " editors to decide on. Without arguments it looks at what it has not looked at yet. Run again, it doubles"
        " nothing, and offers nothing that was decided."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--article", action="append", default=[], metavar="WHICH", help="its id or identifier; may be given again"
        )
        which.add_argument("--all", action="store_true", help="look at every article again")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["article"]:
            versions: Iterable[int] = [text_of(which) for which in options["article"]]
        else:
            versions = list((newest() if options["all"] else not_looked_at()).values_list("pk", flat=True))
        total, failed, articles = Outcome(), 0, 0
        for looked in look_at(versions):
            articles += 1
            name = f"{looked.version.article_id} “{looked.version.headline}”"
            if looked.outcome is None:
                failed += 1
                self.stderr.write(f"{name}: failed: {looked.failure}")
            else:
                total += looked.outcome
                self.stdout.write(f"{name}: {looked.outcome}")
        audit.record("suggest", by="command", articles=articles, suggested=total.new, failed=failed)
        self.stdout.write(f"articles: {articles} · {total}")
        if failed:
            raise CommandError(f"{failed} of {articles} article(s) failed; the log says why.", returncode=1)


def text_of(which: str) -> int:
    """The id of the newest text of the article that is meant."""
    found = Article.objects.filter(pk=int(which)) if which.isdecimal() else Article.objects.filter(identifier=which)
    article = found.first()
    if article is None:
        raise CommandError(f"There is no article “{which}”.")
    text = newest().filter(article=article).first()
    if text is None:
        reason = "has no text" if article.latest_version is None else f"is in “{article.language}”, not in English"
        raise CommandError(f"Article “{which}” {reason}.")
    return int(text.pk)

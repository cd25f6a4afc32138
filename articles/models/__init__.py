"""Evidence: what was published. Captured text is never edited, so that offsets into it never shift."""

from articles.models.article import PUBLISHED_RANK, Article, ArticleVersion
from articles.models.base import Imported, ImportProblem, ImportRun, SlugManager, Uid, UidManager, remembering_names
from articles.models.entry import ArticleEntry
from articles.models.fields import LanguageField, WebURLField, WikidataField, short_enough_to_index
from articles.models.loops import looping, refuse_loop
from articles.models.publisher import Publisher

__all__ = [
    "PUBLISHED_RANK",
    "Article",
    "ArticleEntry",
    "ArticleVersion",
    "ImportProblem",
    "ImportRun",
    "Imported",
    "LanguageField",
    "Publisher",
    "SlugManager",
    "Uid",
    "UidManager",
    "WebURLField",
    "WikidataField",
    "looping",
    "refuse_loop",
    "remembering_names",
    "short_enough_to_index",
]

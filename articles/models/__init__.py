"""Evidence: what was published. Captured text is never edited, so that offsets into it never shift."""

from articles.models.article import PUBLISHED_RANK, Article, ArticleVersion
from articles.models.base import Imported, ImportProblem, ImportRun, SlugManager, Uid, UidManager, remembering_names
from articles.models.entry import ArticleEntry
from articles.models.fields import LanguageField, WebURLField, WikidataField, short_enough_to_index
from articles.models.history import Change, Revision
from articles.models.locked import Locked, LockedQuerySet, StaleSave
from articles.models.loops import looping, refuse_loop
from articles.models.merged import Mergeable, survivor_named
from articles.models.publisher import Publisher

__all__ = [
    "PUBLISHED_RANK",
    "Article",
    "ArticleEntry",
    "ArticleVersion",
    "Change",
    "ImportProblem",
    "ImportRun",
    "Imported",
    "LanguageField",
    "Locked",
    "LockedQuerySet",
    "Mergeable",
    "Publisher",
    "Revision",
    "SlugManager",
    "StaleSave",
    "Uid",
    "UidManager",
    "WebURLField",
    "WikidataField",
    "looping",
    "refuse_loop",
    "remembering_names",
    "short_enough_to_index",
    "survivor_named",
]

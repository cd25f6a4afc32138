"""Judgement: who said what, what it amounts to, what we concluded."""

from claims.models.annotation import Annotation
from claims.models.base import sees_desk
from claims.models.claim import Claim, Tag, Verdict
from claims.models.entry import ClaimEntry
from claims.models.erasure import Erasure
from claims.models.history import SavedList, Transition
from claims.models.link import Appearance, ClaimLink
from claims.models.look import Look
from claims.models.occasion import Occasion
from claims.models.presence import Presence
from claims.models.reply import Correction, CorrectionRequest, Inquiry
from claims.models.review import Evidence, RatingLevel, RatingScale, Review, Subject
from claims.models.source import Identity, Source, SourceRole
from claims.models.statement import Attribution, Commitment, QuotationType, Statement
from claims.models.term import TermCount
from claims.models.visit import Visit

__all__ = [
    "Annotation",
    "Appearance",
    "Attribution",
    "Claim",
    "ClaimEntry",
    "ClaimLink",
    "Commitment",
    "Correction",
    "CorrectionRequest",
    "Erasure",
    "Evidence",
    "Identity",
    "Inquiry",
    "Look",
    "Occasion",
    "Presence",
    "QuotationType",
    "RatingLevel",
    "RatingScale",
    "Review",
    "SavedList",
    "Source",
    "SourceRole",
    "Statement",
    "Subject",
    "Tag",
    "TermCount",
    "Transition",
    "Verdict",
    "Visit",
    "sees_desk",
]

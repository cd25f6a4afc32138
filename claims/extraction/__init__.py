"""Find in an article every statement that it quotes or reports, with the chain of those who passed it on.

Pure: text in, ``Quotation`` out. ``claims/suggesting/`` writes them as suggestions.
"""

from claims.extraction.extracting import extract
from claims.extraction.quotation import Hop, Kind, Quotation, Voice, VoiceKind

__all__ = ["Hop", "Kind", "Quotation", "Voice", "VoiceKind", "extract"]

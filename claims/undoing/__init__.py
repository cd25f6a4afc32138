"""Undoes one save as a whole."""

from claims.undoing.step import Step
from claims.undoing.writing import Undoing, UndoRefused, may_undo, preview, refuse_twice, undo

__all__ = ["Step", "UndoRefused", "Undoing", "may_undo", "preview", "refuse_twice", "undo"]

"""Suggested statements: what extraction finds becomes rows for an editor to decide on.

``suggest`` alone writes suggestions; ``decisions`` alone decides on them.
"""

METHOD = "rules-1"
"""The name under which suggestions are kept, and by which their precision is told. It changes with the rules of
extraction: texts are then looked at anew."""

"""The editors' desk: Django's admin, one file a family of models."""

from django.contrib import admin

from claims.admin import annotation, claim, evidence, history, people, reply, review, saves, source, statement, tag

__all__ = [
    "annotation",
    "claim",
    "evidence",
    "history",
    "people",
    "reply",
    "review",
    "saves",
    "source",
    "statement",
    "tag",
]

admin.site.site_header = "Hearsay"
admin.site.site_title = "Hearsay desk"
admin.site.index_title = "The desk"

# The first page lists everything; a list of claims needs the room.
admin.site.enable_nav_sidebar = False

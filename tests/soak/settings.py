"""The real settings for the server that the harnesses start; it needs no collectstatic before."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES, STORAGES

# The data are thrown away, and a slow disk is no fault: the servers of PostgreSQL do not wait for it either.
if DATABASES["default"]["ENGINE"] == "config.sqlite":
    DATABASES["default"]["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

#!/usr/bin/env python
"""Django's command line: `python manage.py help` lists the commands."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 – whoever starts it with another Python is told
    sys.exit("Hearsay needs Python 3.11 or newer.")

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Hearsay cannot start. {error}")

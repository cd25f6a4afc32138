"""Compares the site with the table of permissions, or writes the table anew.

python -m tests.permissions            prints what differs
python -m tests.permissions --write    then read the difference, line by line
"""

import os
import sys

import django
from django.utils.module_loading import import_string

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    # Not before: it imports models.
    sys.exit(import_string("tests.permissions.walk.main")(sys.argv[1:]))
